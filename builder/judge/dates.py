"""Dates as facts state them and as sentences say them; no clock in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from builder.judge.policy import FIRST_HONEST_YEAR

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(moment: date) -> str:
    """Write a day, or the UTC day of an instant, as people say it.

    >>> in_words(date(2022, 7, 23))
    '23 July 2022'
    """
    day = day_of(moment)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_of(moment: date) -> date:
    """The UTC day of a date or an instant."""
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as a source states it: an instant, or a day whose hour nobody told."""

    at: datetime
    day_only: bool

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def implausible(self) -> bool:
        """Before the first year in which such a date can be meant."""
        return self.at.year < FIRST_HONEST_YEAR


def stated(value: object) -> Stated | None:
    """Read an ISO 8601 date or date-time, taken as UTC where it names no zone; None for anything else.

    >>> stated("2022-07-23").day_only, stated("yesterday") is None
    (True, True)
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stated(moment, "T" not in text and " " not in text)


def span_in_words(days: float) -> str:
    """Write a span as people say it: minutes below an hour, hours below two days, else days.

    >>> span_in_words(30), span_in_words(10 / 1440)
    ('30 days', '10 minutes')
    """
    minutes = round(days * 1440)
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= (2 * size if unit == "day" else size) or unit == "minute":
            count = round(minutes / size)
            return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"
    raise AssertionError("the last unit always answers")


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def lives_until(at: datetime, days: int) -> datetime:
    """When a reading outlives its lifetime."""
    return at + timedelta(days=days)
