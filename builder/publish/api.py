"""The JSON twins: the same facts as the pages, for programs, at ``/api/v1/<page>.json``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from builder.model.capture import Capture
from builder.model.city import Population
from builder.model.evidence import Evidence, ReadByPerson, Searched
from builder.model.finding import CantTell, Failed, Finding, Passed
from builder.model.framework import Indicator
from builder.model.measured import Row
from builder.model.observation import Observation
from builder.model.scorecard import Answer, Looked, Score, Scorecard, Search, Thing
from builder.publish import words
from builder.publish.clauses import Clauses
from builder.publish.measures import note
from builder.publish.page import Site
from builder.publish.peers import Peers
from builder.publish.text import clean, safe_url

VERSION = 1
SCHEMAS = Path(__file__).parent / "schemas"  # what a twin holds, for programs that check it
_OF_THE_CITY = ("id", "names", "languages", "country", "subdivision", "location", "population", "site")
_SAID = ("pins", "rejects", "attestations", "replies", "not_applicable")  # by people, as the city's file has it


def city_twins(site: Site) -> Iterator[tuple[str, bytes]]:
    """The twins that are made for one city each."""
    clauses = Clauses(site.standards)
    for card in site.cards.values():
        told = scorecard(card, clauses)
        if (peers := site.peers.get(card.city.id)) is not None:
            told["peers"] = _peers(peers)
        yield f"api/v1/cities/{card.city.id}.json", dump(told)


def shared_twins(site: Site) -> Iterator[tuple[str, bytes]]:
    """The twins in which every city has its say."""
    yield "api/v1/cities.json", dump({"cities": [_line(card) for card in site.cards.values()], **_frame(site)})
    for indicator in site.framework.indicators:
        told = {**_indicator(indicator), **_frame(site), "cities": _states(site, [indicator])}
        yield f"api/v1/indicators/{indicator.id}.json", dump(told)
    for area in site.framework.areas:
        chosen = list(site.framework.of_area(area.id))
        yield (
            f"api/v1/areas/{area.id}.json",
            dump(
                {
                    "id": area.id,
                    "name": area.name,
                    "summary": area.summary,
                    **_frame(site),
                    "indicators": [_indicator(one) for one in chosen],
                    "cities": _states(site, chosen),
                }
            ),
        )
    standards = [one.model_dump(mode="json", exclude_none=True) for one in site.standards]
    yield "api/v1/method/standards.json", dump({"version": VERSION, "licence": "CC-BY-4.0", "standards": standards})
    yield f"api/v1/frameworks/{site.framework.id}.json", dump(site.framework.model_dump(mode="json", exclude_none=True))


def dump(thing: dict[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, no spaces, a final newline, so equal facts are equal bytes."""
    # Without indents: with them a city is twice as large, and three thousand cities must fit a gigabyte.
    options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
    return orjson.dumps(thing, option=options)


def scorecard(card: Scorecard, clauses: Clauses | None = None) -> dict[str, Any]:
    """One city's scorecard: city, moment, figures, areas with their answers, every source.

    ``clauses`` are those of standards that the sources' figures speak to.
    """
    city = card.city
    return {
        "version": VERSION,
        "as_of": card.now,
        "framework": {"id": card.framework.id, "version": card.framework.version},
        "licence": "CC-BY-4.0",
        "sentence": words.sentence(card),
        "city": city.model_dump(
            mode="json",
            exclude_none=True,
            include={*_OF_THE_CITY, *_SAID},
        ),
        "score": _score(card.score),
        "areas": [
            {
                "id": area.area.id,
                "name": area.area.name,
                "score": _score(area.score),
                "answers": [_answer(one) for one in area.answers],
            }
            for area in card.areas
        ],
        "sources": [_source(one, card.city.population, clauses or Clauses()) for one in card.sources],
    }


def _peers(peers: Peers) -> dict[str, Any]:
    """As on the page: the whole group in numbers, by name only the nearest, or each of thousands named thousands."""
    group, places = peers.group, peers.places
    return {
        "country": group.country,
        "low": group.low,
        "high": group.high,
        "cities": [card.city.id for card in peers.nearest],
        "places": {"best": places.best, "worst": places.worst, "of": places.of},
    }


def _frame(site: Site) -> dict[str, Any]:
    return {
        "version": VERSION,
        "as_of": site.now,
        "licence": "CC-BY-4.0",
        "framework": {"id": site.framework.id, "version": site.framework.version},
    }


def _line(card: Scorecard) -> dict[str, Any]:
    city = card.city
    return {
        "id": city.id,
        "names": city.names,
        "country": city.country,
        "location": city.location,
        "sources": len(city.sources),
        "states": words.tally(card),
        "score": _score(card.score),
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.id,
        "question": one.question,
        "why": one.why,
        "good": one.good,
        "weight": one.weight,
        "tests": {test.value: rule.words for test, rule in one.tests.items()},
    }


def _states(site: Site, chosen: list[Indicator]) -> dict[str, dict[str, str]]:
    ids, areas = {one.id for one in chosen}, {one.area for one in chosen}
    return {
        card.city.id: {
            answer.indicator.id: answer.state.value
            for area in card.areas
            if area.area.id in areas
            for answer in area.answers
            if answer.indicator.id in ids
        }
        for card in site.cards.values()
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "known": score.known,
        "applicable": score.applicable,
        "coverage": round(score.coverage, 4),
        "value": None if score.value is None else round(score.value, 4),
        "low": round(score.low, 4),
        "high": round(score.high, 4),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {
        "indicator": answer.indicator.id,
        "question": answer.indicator.question,
        "state": answer.state.value,
        "words": clean(answer.words, 500),
        "findings": [_finding(one) for one in answer.findings],
        "looked": [_looked(one) for one in answer.looked],
    }
    if answer.thing:
        told["thing"] = _thing(answer.thing)
    if answer.others:
        told["others"] = [_thing(one) for one in answer.others]
    if answer.searches:
        told["searches"] = [_search(one) for one in answer.searches]
    if answer.proposals:
        told["proposals"] = [_thing(one) for one in answer.proposals]
    if answer.named:
        told["named"] = [_thing(one) for one in answer.named]
    if answer.measured:
        told["measured"] = [_figure(one) for one in answer.measured]
    if answer.at:
        told["at"] = answer.at
    if answer.until:
        told["until"] = answer.until
    if (last := answer.last_seen) is not None:
        told["last_seen"] = {
            "at": last.at,
            "state": last.state.value,
            "thing": _thing(last.thing),
            "findings": [_finding(one) for one in last.findings],
        }
    return told


def _search(search: Search) -> dict[str, Any]:
    return {
        "source": search.source.id,
        "at": search.at,
        "searched": search.searched,
        "complete": search.complete,
        "narrow": search.narrow,
        "wide": search.wide,
        "proves": search.proves,
        "languages": search.languages,
    }


def _figure(row: Row) -> dict[str, Any]:
    """What was measured of the nets, the topic aside, which is the indicator's."""
    return row.model_dump(mode="json", include={"language", "predicted", "right", "positives", "found", "on"})


def _thing(thing: Thing) -> dict[str, Any]:
    told: dict[str, Any] = {"source": thing.source.id}
    if thing.dataset is not None:
        told["dataset"] = {
            "id": thing.dataset.id,
            "title": clean(thing.dataset.title),
            "url": safe_url(thing.dataset.url),
        }
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {
        "test": finding.test.value,
        "outcome": finding.outcome.value,
        "words": clean(finding.words, 400),
    }
    if isinstance(finding, Passed | Failed):
        told["evidence"] = [_evidence(one) for one in finding.evidence]
    if isinstance(finding, CantTell) and finding.reason is not None:
        told["reason"] = finding.reason.value
    return told


def _evidence(evidence: Evidence) -> dict[str, Any]:
    if isinstance(evidence, ReadByPerson):
        return {
            "kind": "read_by_person",
            "url": evidence.url,
            "by": clean(evidence.by),
            "on": evidence.on,
            "words": clean(evidence.words, 200),
        }
    told: dict[str, Any] = {"source": evidence.source, "capture": _capture(evidence.capture)}
    if isinstance(evidence, Searched):
        return {
            **told,
            "kind": "searched",
            "topics_version": evidence.topics_version,
            "nets": evidence.nets,
            "read": evidence.read,
            "announced": evidence.announced,
            "control": evidence.control,
        }
    return {**told, "kind": "seen", "pointer": evidence.pointer, "excerpt": clean(evidence.excerpt, 200)}


def _capture(capture: Capture) -> dict[str, Any]:
    return capture.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _looked(looked: Looked) -> dict[str, Any]:
    return {
        "source": looked.source.id,
        "readable": looked.readable,
        "last_read": looked.last_read,
        "reason": looked.reason.value if looked.reason else None,
        "failing_since": looked.failing_since,
    }


def _source(looked: Looked, population: Population | None, clauses: Clauses) -> dict[str, Any]:
    """A source with all that it said when it was last read well."""
    told = _looked(looked) | looked.source.model_dump(mode="json", exclude_none=True)
    if (good := looked.good) is not None:
        told["measurements"] = {
            name: _measurement(name, looked, good, population, clauses) for name in good.measurements
        }
        told["scope"], told["complete"], told["probe"] = good.scope, good.complete, good.probe
        told["captures"] = [_capture(one) for one in good.captures]
    return told


def _measurement(
    name: str, looked: Looked, good: Observation, population: Population | None, clauses: Clauses
) -> dict[str, Any]:
    told = good.measurements[name].model_dump(mode="json", exclude_none=True)
    if beside := note(name, looked, good, population):
        told["note"] = beside
    if spoken := clauses.of(name, good.kind):
        told["speaks_to"] = [
            {"standard": one.standard.id, "clause": one.clause.code, "relation": one.relation} for one in spoken
        ]
    return told
