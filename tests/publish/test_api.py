"""The JSON twins: stable bytes, dates in ISO 8601, and a schema that says what is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from builder.model.capture import RecordedCopy
from builder.model.finding import Failed, Passed
from builder.model.kinds import KINDS
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Scorecard, State
from builder.publish import api, words
from builder.publish.render import pages
from tests.publish import cards
from tests.publish.reading import twins

SCHEMA = json.loads((api.SCHEMAS / "scorecard.schema.json").read_text())
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),),
    "integer": (int,), "number": (int, float),
}  # fmt: skip
FORMATS = {"date-time": datetime.fromisoformat, "date": date.fromisoformat, "uri": lambda text: urlsplit(text).port}
KNOWN = {
    "$schema", "$id", "$defs", "title", "description", "$ref", "const", "enum", "type", "pattern", "maxLength",
    "format", "minimum", "maximum", "items", "minItems", "maxItems", "properties", "required", "additionalProperties",
    "oneOf", "not", "if", "then", "else",
}  # fmt: skip


def faults(value: Any, rule: Any, at: str = "$") -> Iterator[str]:
    """Where a value breaks its schema: the few words of JSON Schema that ours uses, and no others."""
    if rule is False:
        yield f"{at}: unexpected"
        return
    assert not set(rule) - KNOWN, f"the schema uses a word that this test cannot check: {set(rule) - KNOWN}"
    if "$ref" in rule:
        yield from faults(value, SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")], at)
    if "const" in rule and value != rule["const"]:
        yield f"{at}: {value!r} is not {rule['const']!r}"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{at}: {value!r} is none of {rule['enum']}"
    if "type" in rule:
        names = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        right = any(isinstance(value, TYPES[name]) for name in names)
        if not right or (isinstance(value, bool) and "boolean" not in names):
            yield f"{at}: {value!r} is no {names}"
            return
    if isinstance(value, str):
        if not re.search(rule.get("pattern", ""), value) or len(value) > rule.get("maxLength", len(value)):
            yield f"{at}: {value!r} has the wrong form"
        try:
            FORMATS.get(rule.get("format", ""), str)(value)
        except ValueError:
            yield f"{at}: {value!r} is no {rule['format']}"
    if isinstance(value, int | float) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        yield f"{at}: {value!r} is out of range"
    if isinstance(value, list):
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            yield f"{at}: {len(value)} items"
        for number, item in enumerate(value):
            yield from faults(item, rule.get("items", {}), f"{at}[{number}]")
    if isinstance(value, dict):
        for name in set(rule.get("required", ())) - set(value):
            yield f"{at}.{name}: missing"
        for name, inner in value.items():
            inside = rule.get("properties", {}).get(name, rule.get("additionalProperties", {}))
            yield from faults(inner, inside, f"{at}.{name}")
    if "oneOf" in rule and sum(not list(faults(value, one, at)) for one in rule["oneOf"]) != 1:
        yield f"{at}: {value!r} fits none or several of the forms"
    if "not" in rule and not list(faults(value, rule["not"], at)):
        yield f"{at}: {value!r} fits what it must not"
    if "if" in rule:
        yield from faults(value, rule["then" if not list(faults(value, rule["if"], at)) else "else"], at)


def twin(card: Scorecard) -> dict[str, Any]:
    """A scorecard's twin as a program reads it."""
    return json.loads(api.dump(api.scorecard(card)))  # type: ignore[no-any-return]


def keys_in_order(text: str) -> bool:
    """Whether every object's keys stand in order."""
    seen: list[list[str]] = []
    json.loads(text, object_pairs_hook=lambda pairs: seen.append([key for key, _ in pairs]))
    return all(keys == sorted(keys) for keys in seen)


@pytest.mark.parametrize(
    "card",
    [
        cards.full(),
        cards.full(cards.HOSTILE, cards.HOSTILE_LINK),
        cards.tallied(unknown=3),
        cards.tallied(present=2, seen=1, not_applicable=1),
    ],
    ids=["everything", "hostile", "nothing known", "some"],
)
def test_a_scorecard_fits_its_schema(card: Scorecard) -> None:
    """Programs can rely on the published schema for every state, outcome and kind of evidence."""
    assert list(faults(twin(card), SCHEMA)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda told: told.pop("sentence"), "$.sentence: missing"),
        (lambda told: told.update(rank=1), "$.rank: unexpected"),
        (lambda told: told.update(as_of="last week"), "$.as_of: 'last week' is no date-time"),
        (lambda told: told["areas"][0]["answers"][0].update(state="good"), "$.areas[0].answers[0].state: 'good'"),
        (
            lambda told: told["areas"][0]["answers"][0]["findings"][0].pop("evidence"),
            "$.areas[0].answers[0].findings[0].evidence: missing",
        ),
    ],
)
def test_the_schema_refuses_what_must_not_be(change: Any, fault: str) -> None:
    """A passed test without evidence, a sixth state, a rank or a vague date do not fit."""
    told = twin(cards.full())
    change(told)
    assert any(one.startswith(fault) for one in faults(told, SCHEMA)), list(faults(told, SCHEMA))


def test_the_schema_speaks_the_words_of_the_code() -> None:
    """States, outcomes, reasons and kinds in the published schema are those of the model, so neither drifts."""
    defs = SCHEMA["$defs"]
    assert defs["state"]["enum"] == [state.value for state in State]
    assert defs["finding"]["properties"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]
    assert defs["finding"]["properties"]["reason"]["enum"] == [reason.value for reason in Reason]
    assert defs["known_source"]["properties"]["kind"]["enum"] == sorted(KINDS)


def test_equal_facts_are_equal_bytes() -> None:
    """Keys are sorted, the file ends in a newline, and a second writing is the same to the byte."""
    for path, data in twins(cards.site()).items():
        assert keys_in_order(data.decode()), path
        assert data.endswith(b"}\n")
    assert twins(cards.site()) == twins(cards.site())


def test_every_page_with_facts_has_its_twin() -> None:
    """The twin of `/a/b/` is `/api/v1/a/b.json`, for cities, indicators, areas, standards and the framework."""
    site = cards.site()
    paths = set(twins(site))
    expected = {
        f"api/v1/{page.path.rstrip('/')}.json"
        for page in pages(site)
        if page.path.startswith(("cities/", "indicators/", "areas/", "frameworks/", "method/standards/"))
        and page.path != "areas/"
    }
    assert paths == expected


def test_times_are_utc_in_iso_form() -> None:
    """An instant reads 2026-11-21T09:30:00Z and a day 2026-11-20, wherever they stand."""
    told = twin(cards.full())
    assert told["as_of"] == "2026-11-21T09:30:00Z"
    answer = told["areas"][0]["answers"][0]
    assert answer["at"] == "2026-11-20T06:05:00Z"
    assert answer["findings"][0]["evidence"][0]["capture"]["at"] == "2026-11-20T06:05:00Z"
    assert told["city"]["replies"][0]["on"] == "2026-11-20"


def test_the_twin_says_what_the_page_says() -> None:
    """Sentence, states and proofs are those of the page; a last sight stands apart from the state."""
    card = cards.full()
    told = twin(card)
    assert told["sentence"] == words.sentence(card)
    answers = [one for area in told["areas"] for one in area["answers"]]
    assert [(one["indicator"], one["state"]) for one in answers] == [
        (one.indicator.id, one.state.value) for one in card.answers
    ]
    for answer, one in zip(answers, card.answers, strict=True):
        for row, finding in zip(answer["findings"], one.findings, strict=True):
            assert ("evidence" in row) == isinstance(finding, Passed | Failed)
    (bikes,) = [one for one in answers if one["indicator"] == "transit.bikes"]
    assert (bikes["state"], bikes["last_seen"]["state"]) == ("unknown", "partial")
    assert "at" not in bikes, "an old sight is not the date of the answer"


def test_a_recorded_copy_with_its_hour_fits_too() -> None:
    """What a capture has not is left out of the twin, and the schema asks for none of it."""
    copy = RecordedCopy(link="https://github.com/example/recorded/blob/0/a.json", fidelity="as sent")
    told = twin(cards.full())
    told["sources"][0]["captures"] = [json.loads(api.dump(api._capture(cards.capture(copy=copy))))]
    assert list(faults(told, SCHEMA)) == []


def test_a_score_that_there_is_none_of_is_null() -> None:
    """Below 60 % coverage a program gets null, never a figure, and the range and coverage all the same."""
    score = twin(cards.tallied(present=1, unknown=3))["score"]
    assert score == {"known": 1, "applicable": 4, "coverage": 0.25, "value": None, "low": 0.25, "high": 1.0}


def test_no_address_in_a_dataset_can_run_a_script() -> None:
    """What a catalogue calls the address of a dataset reaches programs only when it is one of the web."""
    told = twin(cards.full(link=cards.HOSTILE_LINK))
    (fresh,) = [one for one in told["areas"][0]["answers"] if one["indicator"] == "open-data.fresh"]
    assert fresh["thing"]["dataset"]["url"] is None


def test_every_city_is_a_line_in_the_list() -> None:
    """The list of cities tells id, names, place, marks and figures of each, and orders nobody."""
    card = cards.full()
    other = replace(card, city=card.city.model_copy(update={"id": "xx-another"}))
    told = json.loads(twins(cards.site(card, other))["api/v1/cities.json"])
    assert [one["id"] for one in told["cities"]] == ["xx-exampleton", "xx-another"]
    assert told["cities"][0]["states"] == words.tally(card)
    assert told["cities"][0]["names"]["ar"] == "مثال"


def test_the_twin_of_an_indicator_says_who_has_it() -> None:
    """An indicator's file holds its tests and each city's state."""
    told = json.loads(twins(cards.site())["api/v1/indicators/transit.bikes.json"])
    assert told["cities"] == {"xx-exampleton": {"transit.bikes": "unknown"}}
    assert told["tests"]["open_licence"] == "It is open_licence."
