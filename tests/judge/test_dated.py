"""The rules of time: what is to come, and live data whose catalogue record stands still."""

from __future__ import annotations

from typing import Any

import pytest

from builder.judge.facts import Facts, Read
from builder.judge.rules import evaluate
from builder.model.catalogue import Dataset
from builder.model.evidence import Seen
from builder.model.reasons import Outcome
from builder.model.scorecard import Thing

from .facts import NOW, good, rule, source

PASSED, FAILED, CANT_TELL, UNTESTED = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL, Outcome.UNTESTED
AHEAD = {"rule": "ahead", "measurement": ["next_meeting", "next_event"], "latest": "event_latest", "days": 14}


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        ({"next_meeting": "2026-06-01"}, PASSED),
        ({"next_event": "2026-06-15T23:30:00Z"}, PASSED),
        ({"next_event": "2026-06-16"}, FAILED),
        ({"next_event": "2026-05-31"}, FAILED),
        ({"next_meeting": "2026-08-01", "next_event": "2026-06-03"}, PASSED),
        ({"event_latest": "2026-05-03"}, FAILED),
        ({"event_latest": "2026-06-03"}, CANT_TELL),
        ({"event_count": 3}, UNTESTED),
        ({"next_event": "soon"}, UNTESTED),
    ],
)
def test_what_is_to_come_is_near_or_proved_absent(measured: dict[str, Any], outcome: Outcome) -> None:
    """The nearest date counts; that nothing lies ahead is shown by the last date the list states, else by nothing."""
    read = Read(source(), good(NOW, **measured), NOW)
    ruled = evaluate(rule(AHEAD), Facts(Thing(source()), read))
    assert ruled.outcome is outcome
    assert not ruled.failed or isinstance(ruled.evidence[0], Seen)


@pytest.mark.parametrize("measured", [{"next_event": "2026-09-01"}, {"event_latest": "2026-05-03"}])
def test_half_a_list_proves_nothing_about_what_is_to_come(measured: dict[str, Any]) -> None:
    """A nearer date may stand in the part that was not read."""
    read = Read(source(), good(NOW, complete=False, scope="the first page", **measured), NOW)
    assert evaluate(rule(AHEAD), Facts(Thing(source()), read)).outcome is CANT_TELL


@pytest.mark.parametrize(
    ("days", "modified", "outcome"),
    [
        (1, "2026-06-01", PASSED),
        (1, "2024-06-01", CANT_TELL),
        (0.125, "2024-06-01T08:00:00Z", CANT_TELL),
        (30, "2024-06-01", FAILED),
    ],
)
def test_a_record_that_stands_still_says_nothing_of_live_data(days: float, modified: str, outcome: Outcome) -> None:
    """The record of a live stream is written once and the values flow: an old record is no proof of old values."""
    dataset = Dataset(id="loops", title="Traffic counters", pointer="$[0]", modified=modified)
    read = Read(source(), good(NOW, modified_basis="data"), NOW)
    assert evaluate(rule({"rule": "within", "days": days}), Facts(Thing(source(), dataset), read)).outcome is outcome


def test_a_rule_for_records_alone_leaves_a_source_untested() -> None:
    """A map service does not say when its data changed: that is a gap, not a failing."""
    read = Read(source(), good(NOW, layer_count=3), NOW)
    assert evaluate(rule({"rule": "within", "days": 30}), Facts(Thing(source()), read)).outcome is UNTESTED
