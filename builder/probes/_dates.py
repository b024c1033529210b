"""Reads dates as publishers write them: ISO 8601, HTTP dates and epoch numbers in, plain ISO 8601 in UTC out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Before this there was no web to publish on: such a date is a default nobody filled in (1970, 1900, 0001).
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# XML Schema lets a day have a zone, which makes it no other day.
_DAY = re.compile(r"(\d{4})([-/]?)(\d{2})\2(\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
# Small letters are RFC 3339's, and its own examples of security.txt have them; a zone set apart is Ruby's.
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}[:\d.,]*)(?: ?(?:(Z|UTC|GMT)|([+-]\d{2}(?::?\d{2})?)))?", re.ASCII | re.IGNORECASE
)
_HTTP = re.compile(
    r"([A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}\s+\d{1,2}:\d{2}(:\d{2})?(\s+\S{1,6})?", re.ASCII
)
_EPOCH = re.compile(r"\d{9,13}(\.\d+)?", re.ASCII)
# Seconds stay below this until the year 5138, milliseconds have been above it since 1973.
_MILLISECONDS_FROM = 1e11


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or an instant: its ISO 8601 words, and the instant in UTC (a day's first) to compare by."""

    iso: str
    instant: datetime

    @property
    def day_only(self) -> bool:
        """Whether only the day was stated."""
        return len(self.iso) == 10

    def within(self, days: int, at: datetime) -> bool:
        """Whether this lies in the ``days`` days up to ``at``; the future lies in no such span.

        A day without an hour counts as past from its first minute on.
        """
        return at - timedelta(days=days) <= self.instant <= at


def read_date(value: object) -> Moment | None:
    """Read a date: ISO 8601 day or instant (no zone means UTC), HTTP date, epoch seconds or milliseconds.

    None for anything else: no words, an interval (``R/P1D``), a month without a day, an order of numbers that two
    countries read differently, and all dates before 1990. A date in the future is read as it stands; it never counts
    as fresh.

    >>> read_date("2022-07-23T05:06:26.500+02:00").iso
    '2022-07-23T03:06:26.5Z'
    >>> read_date("2020-07-22").iso
    '2020-07-22'
    >>> read_date("1970-01-01") is None
    True
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(float(value))
    if not isinstance(value, str) or len(value) > 60:
        return None
    words = value.strip()
    if _EPOCH.fullmatch(words):
        return _epoch(float(words))
    if day := _DAY.fullmatch(words):
        return _moment(_iso(f"{day[1]}-{day[3]}-{day[4]}"), day_only=True)
    if time := _TIME.fullmatch(words):
        return _moment(_iso(f"{time[1]}T{time[2]}{'Z' if time[3] else time[4] or ''}"), day_only=False)
    if _HTTP.fullmatch(words):
        try:
            return _moment(parsedate_to_datetime(words), day_only=False)
        except (ValueError, IndexError, TypeError):
            return None
    return None


def iso_instant(instant: datetime) -> str:
    """Write an instant as ISO 8601 in UTC, its fraction only as long as it needs to be."""
    words = instant.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (words.rstrip("0") if "." in words else words) + "Z"


def _iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None


def _epoch(number: float) -> Moment | None:
    try:
        seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
        return _moment(datetime.fromtimestamp(seconds, UTC), day_only=False)
    except (ValueError, OverflowError, OSError):
        return None


def _moment(instant: datetime | None, *, day_only: bool) -> Moment | None:
    if instant is None:
        return None
    try:
        aware = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    if aware < _EARLIEST:
        return None
    return Moment(aware.date().isoformat() if day_only else iso_instant(aware), aware)
