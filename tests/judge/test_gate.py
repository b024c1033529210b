"""Rule 9 of honesty: a net claims only what its measured precision and recall, and the n behind them, carry."""

from __future__ import annotations

import pytest

from builder.judge.gate import Gate

from .facts import measured

TREES = "nature.trees"


@pytest.mark.parametrize(
    ("own", "pooled", "counts"),
    [
        ((10, 10), None, True),
        ((9, 9), None, False),
        ((20, 19), None, True),
        ((19, 18), None, False),
        ((100, 94), None, False),
        (None, (20, 19), True),
        (None, (19, 19), False),
        ((9, 0), (29, 28), True),
        ((10, 9), (1000, 1000), False),
        (None, None, False),
    ],
)
def test_presence_needs_precision_and_enough_judged(
    own: tuple[int, int] | None, pooled: tuple[int, int] | None, counts: bool
) -> None:
    """95 % of at least 10 in the language itself, or of at least 20 in all; a language's own figures come first."""
    rows = [(TREES, "fr", *own, 0, 0)] if own else []
    rows += [(TREES, "*", *pooled, 0, 0)] if pooled else []
    assert measured(*rows).presence(TREES, ["fr-BE"]) is counts


@pytest.mark.parametrize(
    ("positives", "found", "proves"), [(10, 10, True), (9, 9, False), (100, 97, True), (100, 96, False)]
)
def test_absence_needs_recall_in_that_language(positives: int, found: int, proves: bool) -> None:
    """97 % of at least 10 that are known to be there; other languages' words say nothing of this one's."""
    assert measured((TREES, "fr", 0, 0, positives, found)).absence(TREES, ["fr"]) is proves
    assert not measured((TREES, "*", 0, 0, 1000, 1000)).absence(TREES, ["fr"])


def test_a_city_of_two_languages_needs_both() -> None:
    """What is written in the language that nobody measured would be missed."""
    gate = measured((TREES, "fr", 30, 30, 30, 30), (TREES, "nl", 5, 5, 5, 5))
    assert gate.presence(TREES, ["fr"]) and gate.absence(TREES, ["fr"])
    assert not gate.presence(TREES, ["fr", "nl"]) and not gate.absence(TREES, ["fr", "nl"])


def test_without_a_measurement_nothing_passes() -> None:
    """Words that nobody measured prove nothing, and a city without a language has no words."""
    assert not Gate().presence(TREES, ["en"]) and not Gate().absence(TREES, ["en"])
    assert not measured((TREES, "en", 99, 99, 99, 99)).presence(TREES, [])


def test_the_figures_that_decided_can_be_shown() -> None:
    """The page prints the row of the language and that of all together."""
    rows = measured((TREES, "fr", 1, 1, 1, 1), (TREES, "*", 2, 2, 2, 2), (TREES, "de", 3, 3, 3, 3)).rows(TREES, ["fr"])
    assert [(row.language, row.predicted) for row in rows] == [("fr", 1), ("*", 2)]
