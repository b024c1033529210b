"""What stands in the measurement is what the words of today measure: nobody edits it by hand, nobody forgets it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.store.measurement import load_measured
from builder.store.results import Results
from builder.store.vocabulary import load_vocabulary
from builder.wiring_topics import measurement

ROOT = Path(__file__).parents[2]
RENEW = "cityproof measure --labelled ../shared/topics/shared.jsonl"


def test_the_measurement_is_todays() -> None:
    """Measured again on the same verdicts and labels, every figure is the same."""
    labelled = ROOT.parent / "shared" / "topics" / "shared.jsonl"
    if not labelled.is_file():
        pytest.skip("the labelled records are kept elsewhere and are not here")
    records = [json.loads(line) for line in labelled.read_text("utf-8").splitlines()]
    known = load_measured(ROOT / "frameworks")
    assert known is not None and known.rows
    nets = Nets(Terms(load_vocabulary(ROOT / "frameworks")))
    made = measurement(
        nets,
        cities=ROOT / "cities",
        results=ROOT / "results",
        frameworks=ROOT / "frameworks",
        labelled=records,
        on=date.fromisoformat(known.rows[0].on),
    )
    assert made == known, f"the words or verdicts changed since they were measured: run '{RENEW}'"


def test_the_matches_are_of_todays_words() -> None:
    """The kept matches were made with the vocabulary that is measured, so no page has to match again."""
    vocabulary = load_vocabulary(ROOT / "frameworks")
    kept = sorted((ROOT / "results" / "matches").glob("*.json"))
    assert kept
    for path in kept:
        matches = Results(ROOT / "results").matches(path.stem)
        assert matches is not None and matches.topics_version == vocabulary.version, f"{path.name}: run '{RENEW}'"
