"""Finds days in prose as people write them, in the languages of our cities; what can be read in two ways is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

# Those of our cities and of the countries whose law asks for dated statements; babel knows how each spells its months.
_LANGUAGES = (
    "en", "bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "is", "it", "lt",
    "lv", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
)  # fmt: skip
_MONTH = r"([^\W\d_]{3,15})"
_PATTERNS = {
    "ymd": re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"),
    "kanji": re.compile(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"),
    "dots": re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"),
    "numbers": re.compile(r"(?<!\d)(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?!\d)"),
    "day first": re.compile(
        rf"(?<!\d)(\d{{1,2}})(?:\.|er|st|nd|rd|th|º|°)?\s+(?:de\s+|d['’]\s?|of\s+)?{_MONTH}\.?,?\s+(?:del?\s+)?(\d{{4}})(?!\d)"
    ),
    "month first": re.compile(rf"{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)"),
}
_MONTH_BEFORE_DAY = frozenset({"en-us"})
_DAY_BEFORE_MONTH = frozenset({"en-gb", "en-ie", "en-au", "en-nz"})


@dataclass(frozen=True, slots=True)
class Day:
    """One day found: where it begins and ends in the prose, and which it is."""

    start: int
    end: int
    date: date


def days_in(prose: str, language: str | None) -> list[Day]:
    """Every day named in full (day, month, four-digit year), in order; ``language`` is the page's tag, if it has one.

    Numbers alone (``03/04/2026``) count only where the language settles which is the day, or one cannot be a month.

    >>> [str(day.date) for day in days_in("am 3. März 2026, bis 04.05.2026", "de")]
    ['2026-03-03', '2026-05-04']
    >>> days_in("on 03/04/2026", "en")
    []
    """
    tag = (language or "").lower().replace("_", "-")
    found = sorted(_all(prose, tag), key=lambda day: (day.start, -day.end))
    kept: list[Day] = []
    for day in found:
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return kept


def _all(prose: str, tag: str) -> Iterator[Day]:
    months = _months(tag.partition("-")[0])
    for form, pattern in _PATTERNS.items():
        for match in pattern.finditer(prose):
            parts = [months.get(part.casefold(), 0) if part.isalpha() else int(part) for part in match.groups()]
            order = _order(form, parts[0], parts[1], tag)
            if order is None:
                continue
            year, month, day = (parts[order.index(part)] for part in "ymd")
            try:
                found = date(year, month, day)
            except ValueError:  # a day that never was, or a word that is no month
                continue
            if year >= 1990:
                yield Day(match.start(), match.end(), found)


def _order(form: str, first: int, second: int, tag: str) -> str | None:
    """Which part is which, as ``ymd``, ``dmy`` or ``mdy``; None where nobody knows."""
    if form in {"ymd", "kanji"}:
        return "ymd"
    if form != "numbers":
        return "mdy" if form == "month first" else "dmy"
    if first > 12 or first == second:
        return "dmy"
    if second > 12 or tag in _MONTH_BEFORE_DAY:
        return "mdy"
    # English is spoken where the month comes first and where the day does; all others of ours begin with the day.
    known = tag in _DAY_BEFORE_MONTH or (tag.partition("-")[0] in _LANGUAGES and not tag.startswith("en"))
    return "dmy" if known else None


@cache
def _months(language: str) -> dict[str, int]:
    """The names of months in a language and English; of an unknown language, those that mean the same month in all."""
    from babel import Locale  # only pages of people need it, and it takes a while to come

    names: dict[str, set[int]] = {}
    for code in (language, "en", "en_GB") if language in _LANGUAGES else (*_LANGUAGES, "en_GB"):
        months = Locale.parse(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    words = name.casefold().split()
                    names.setdefault(words[-1].strip(".’'") if words else "", set()).add(number)
    return {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1 and name.isalpha()}
