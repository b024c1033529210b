"""Dates, figures and lists as the sentences say them."""

from __future__ import annotations

import doctest
from datetime import date
from types import ModuleType

import pytest

from builder.judge import dates, licensing, phrases
from builder.judge.dates import months_later, span_in_words
from builder.judge.phrases import figure, listed


@pytest.mark.parametrize("module", [dates, licensing, phrases], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    """What a docstring shows is what the code does."""
    failed, tried = doctest.testmod(module)
    assert tried > 0 and failed == 0


@pytest.mark.parametrize(
    ("days", "words"),
    [(5 / 1440, "5 minutes"), (0.125, "3 hours"), (1, "24 hours"), (7, "7 days"), (1095, "1,095 days")],
)
def test_spans_are_said_as_people_say_them(days: float, words: str) -> None:
    """Minutes, hours or days, whichever is short."""
    assert span_in_words(days) == words


@pytest.mark.parametrize(
    ("day", "later"), [("2025-02-28", "2026-02-28"), ("2024-02-29", "2025-02-28"), ("2025-12-31", "2026-12-31")]
)
def test_a_year_later_is_the_same_day(day: str, later: str) -> None:
    """A leap day has its anniversary on the last of February."""
    assert months_later(date.fromisoformat(day), 12) == date.fromisoformat(later)


def test_a_figure_never_looks_like_the_limit_it_misses() -> None:
    """89.99 % is not shown as the 90 % that were asked for, and 90 % exactly is."""
    assert figure(0.89999, True, 0.9) == "89.999 %"
    assert figure(0.9, True, 0.9) == "90 %"
    assert figure(1234.0) == "1,234"


def test_lists_read_as_sentences_do() -> None:
    """One, two or three words, and none at all."""
    assert [listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"], [])] == ["a", "a and b", "a, b and c", ""]
