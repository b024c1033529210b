"""Rules of what a record describes, how a thing was reached and which of several is enough; rules for datasets."""

from __future__ import annotations

from typing import Any

import pytest

from builder.judge.facts import Facts, Read
from builder.judge.ruled import Ruled
from builder.judge.rules import evaluate
from builder.judge.testing import findings
from builder.model.catalogue import Dataset
from builder.model.evidence import Seen
from builder.model.finding import Test
from builder.model.framework import TestRule
from builder.model.observation import Observation
from builder.model.reasons import Outcome
from builder.model.scorecard import Thing

from .facts import ANSWERS, NOW, capture, good, indicator, rule, source

PASSED, FAILED, CANT_TELL, UNTESTED = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL, Outcome.UNTESTED


def rules(plain: dict[str, Any], observation: Observation, *, dataset: Dataset | None = None) -> Ruled:
    """What one rule says of one reading."""
    of = source()
    return evaluate(rule(plain), Facts(Thing(of, dataset), Read(of, observation, observation.at)))


def record(**more: Any) -> Dataset:
    return Dataset.model_validate({"id": "trees", "title": "Trees", "pointer": "$.result[3]", **more})


ACTIVE = {"rule": "within", "measurement": "activity_latest", "days": 180}
OPEN_NOW = {"rule": "at_least", "measurement": "open_process_count", "value": 1}
EITHER = {"rule": "any_of", "rules": [OPEN_NOW, ACTIVE]}


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        ({"open_process_count": 1, "activity_latest": "2020-01-01"}, PASSED),
        ({"open_process_count": 0, "activity_latest": "2026-05-01"}, PASSED),
        ({"open_process_count": 0, "activity_latest": "2020-01-01"}, FAILED),
        ({"activity_latest": "2026-05-01"}, PASSED),
        ({"activity_latest": "2020-01-01"}, FAILED),
        ({"open_process_count": 0, "activity_latest": "no date"}, CANT_TELL),
        ({}, UNTESTED),
    ],
)
def test_one_of_several_rules_is_enough(measured: dict[str, Any], outcome: Outcome) -> None:
    """One that holds decides; a "no" needs every alternative that was offered to fail, and shows the proof of each."""
    ruled = rules(EITHER, good(NOW, **measured))
    assert ruled.outcome is outcome
    assert not ruled.failed or len(ruled.evidence) == len(measured)


def test_a_gap_among_alternatives_is_no_failure() -> None:
    """A record that could state its date, but does not, leaves the question open though the other alternative fails."""
    either = {"rule": "any_of", "rules": [{"rule": "within", "days": 30}, {"rule": "described", "characters": 80}]}
    assert rules(either, good(NOW), dataset=record()).outcome is UNTESTED
    assert rules(either, good(NOW), dataset=record(description_length=80)).passed
    assert rules(either, good(NOW), dataset=record(modified="2020-01-01")).failed


@pytest.mark.parametrize(("length", "outcome"), [(80, PASSED), (79, FAILED), (0, FAILED)])
def test_a_dataset_is_described_by_its_record(length: int, outcome: Outcome) -> None:
    """How long its description is was kept; how long another source's is nobody measured."""
    asked = {"rule": "described", "characters": 80}
    ruled = rules(asked, good(NOW), dataset=record(description_length=length))
    assert ruled.outcome is outcome
    assert isinstance(proof := ruled.evidence[0], Seen) and proof.excerpt == f"description: {length} characters"
    assert rules(asked, good(NOW)).outcome is UNTESTED


@pytest.mark.parametrize(("url", "outcome"), [("https://a.example/", PASSED), ("http://a.example/", FAILED)])
def test_a_connection_is_safe_or_not(url: str, outcome: Outcome) -> None:
    """The exchange that the facts were read in decides, not one that came to nothing before it."""
    lost, read = capture(NOW, 404), capture(NOW).model_copy(update={"final_url": url})
    seen = good(NOW, captures=(lost, read), contact_count=1)
    seen.measurements["contact_count"] = seen.measurements["contact_count"].model_copy(update={"capture": 1})
    ruled = rules({"rule": "secure"}, seen)
    assert ruled.outcome is outcome
    assert isinstance(proof := ruled.evidence[0], Seen) and proof.capture.final_url == url


def test_a_share_by_dates_of_descriptions_is_a_floor() -> None:
    """Where a catalogue dates only its descriptions its data may be newer, so a small share is no failing."""
    asked = {"rule": "at_least", "measurement": "in_cadence_share", "value": 0.7}
    assert rules(asked, good(NOW, in_cadence_share=0.2, modified_basis="data")).failed
    assert rules(asked, good(NOW, in_cadence_share=0.2, modified_basis="metadata")).outcome is CANT_TELL
    assert rules(asked, good(NOW, in_cadence_share=0.8, modified_basis="metadata")).passed


def test_a_dataset_may_have_rules_of_its_own() -> None:
    """Of a source we ask for a list of requests; of a dataset, which is such a list, that the catalogue lists it."""
    requests = rule({"rule": "at_least", "measurement": "request_count", "value": 1})
    asked = TestRule(words="The list is there.", rules=(requests,), dataset_rules=tuple(map(rule, ANSWERS)))
    question = indicator("services.requests", kinds=("open311",)).model_copy(update={"tests": {Test.PUBLISHED: asked}})
    read = Read(source(), good(NOW), NOW)
    assert findings(question, Facts(Thing(source()), read), "Exampleton")[0].outcome is UNTESTED
    assert findings(question, Facts(Thing(source(), record()), read), "Exampleton")[0].outcome is PASSED
    assert (asked.asked(of_dataset=False), TestRule(words="x", rules=(requests,)).asked(of_dataset=True)) == (
        (requests,),
        (requests,),
    )


@pytest.mark.parametrize(
    ("form", "outcome"), [("application/json", PASSED), ("text/html; charset=utf-8", FAILED), (None, PASSED)]
)
def test_a_register_is_data_only_where_data_was_read(form: str | None, outcome: Outcome) -> None:
    """A register may be a page for people or a file: what its entries were read from decides."""
    of = source("register", "algorithm_register")
    read = good(NOW, of=of, captures=(capture(NOW).model_copy(update={"media_type": form}),), entry_count=3)
    assert evaluate(rule({"rule": "machine_readable"}), Facts(Thing(of), Read(of, read, NOW))).outcome is outcome


@pytest.mark.parametrize(
    ("near", "outcome"), [({"vehicle_count_near": 4}, PASSED), ({"vehicle_count_near": 0}, CANT_TELL), ({}, CANT_TELL)]
)
def test_a_live_feed_of_the_region_serves_by_its_vehicles(near: dict[str, int], outcome: Outcome) -> None:
    """Live feeds name vehicles, not stops: one near the city shows that the city is among those it serves."""
    of = source("live", "gtfs_rt", tier="regional")
    read = Read(of, good(NOW, of=of, vehicle_count=90, **near), NOW)
    question = indicator("transit.live", kinds=("gtfs_rt",))
    assert findings(question, Facts(Thing(of), read), "Exampleton")[0].outcome is outcome
