"""Verdicts and measurement on disk: what is written comes back, and a damaged line is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import FilesRefused, ResultsError
from builder.model.measured import Measured, Row
from builder.store.measurement import load_measured, load_reviews, write_measured

ROW = Row(topic="nature.trees", language="en", predicted=3, right=2, positives=4, found=4, sample=9, on="2026-11-21")
MEASURED = Measured(topics_version="1.0", vocabulary="a" * 64, labelled="", rows=(ROW,))
GOOD = (
    '{"found":"list","on":"2026-11-21","title":"Trees","topic":"nature.trees","url":"https://a.example/1",'
    '"verdict":"right","why":"a list"}'
)


@pytest.fixture
def frameworks(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    return tmp_path


def test_a_measurement_comes_back(frameworks: Path) -> None:
    """One row a line, so that a change of one figure is a change of one line; writing it again changes nothing."""
    assert load_measured(frameworks) is None
    assert write_measured(frameworks, MEASURED) and load_measured(frameworks) == MEASURED
    assert not write_measured(frameworks, MEASURED)
    assert len((frameworks / "topics" / "measured.json").read_text().splitlines()) == 3


def test_a_damaged_measurement_is_no_measurement(frameworks: Path) -> None:
    """Half a file must not open the gate half."""
    (frameworks / "topics" / "measured.json").write_text('{"rows": [')
    with pytest.raises(ResultsError, match="run 'cityproof measure' again"):
        load_measured(frameworks)


def test_reviews_are_read_line_by_line(frameworks: Path) -> None:
    """Each line is one verdict; none at all is fine."""
    assert load_reviews(frameworks) == []
    (frameworks / "topics" / "reviews.jsonl").write_text(f"{GOOD}\n")
    assert [(one.topic, one.verdict, one.found) for one in load_reviews(frameworks)] == [
        ("nature.trees", "right", "list")
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (GOOD.replace('"right"', '"maybe"'), "reviews.jsonl:2:1: verdict"),
        (GOOD[:-1], "reviews.jsonl:2:1: line"),
        (GOOD.replace('"why"', '"reason"'), "reviews.jsonl:2:1: why"),
        (GOOD.replace("2026-11-21", "2026-02-30"), "reviews.jsonl:2:22: on: found '2026-02-30', which is not a day"),
        (GOOD, "reviews.jsonl:2:80: url: this dataset is judged on nature.trees in line 1 already"),
    ],
)
def test_a_bad_review_is_named_by_its_line(frameworks: Path, line: str, fault: str) -> None:
    """A verdict nobody knows, a cut line, a wrong field, and two verdicts on one thing."""
    (frameworks / "topics" / "reviews.jsonl").write_text(f"{GOOD}\n{line}\n")
    with pytest.raises(FilesRefused) as told:
        load_reviews(frameworks)
    assert any(fault in str(one) for one in told.value.faults), told.value.faults
