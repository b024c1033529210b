"""Turns the dates and times of iCalendar into instants, in the time zone each one names."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import tz  # type: ignore[import-untyped]

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_LONGEST_ZONE = 20_000


@dataclass(frozen=True, slots=True)
class When:
    """A start as stated: a day, or a local time with its zone (UTC where none is known)."""

    local: datetime
    zone: tzinfo
    day_only: bool

    @property
    def instant(self) -> datetime | None:
        """The instant in UTC; a day's is its first in UTC, as everywhere here. None where no calendar reaches."""
        try:
            return self.local.replace(tzinfo=UTC if self.day_only else self.zone).astimezone(UTC)
        except (OverflowError, ValueError):
            return None

    def at(self, local: datetime) -> When:
        """The same kind of start at another local time."""
        return When(local, self.zone, self.day_only)


class Zones:
    """The time zones of one calendar, by the names that its dates use."""

    def __init__(self, definitions: Mapping[str, str], default: str | None) -> None:
        self._definitions = definitions
        self._known: dict[str, tzinfo | None] = {}
        self._default = (self.named(default) if default else None) or UTC

    def named(self, name: str) -> tzinfo | None:
        """The zone of this name: of the public list of zones where it is one, else as the calendar defines it."""
        if name not in self._known:
            self._known[name] = _listed(name) or _defined(name, self._definitions.get(name))
        return self._known[name]

    def read(self, value: str, zone: str | None) -> When | None:
        """Read ``20261125``, ``20261125T180000`` (in the zone named, else the calendar's) or ``...Z`` (UTC)."""
        found = _STAMP.fullmatch(value.strip())
        if not found:
            return None
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            if found[4] is None:
                return When(datetime.combine(day, time()), UTC, True)
            # A leap second is the second before, for a calendar's purposes.
            local = datetime.combine(day, time(int(found[4]), int(found[5]), min(int(found[6]), 59)))
        except ValueError:
            return None
        if found[7]:
            return When(local, UTC, False)
        return When(local, (self.named(zone) if zone else None) or self._default, False)


def _listed(name: str) -> tzinfo | None:
    """A zone of the public list. Some programs put a path of their own before the name (`/x.org/Europe/Berlin`)."""
    for candidate in (name, "/".join(name.split("/")[-2:])):
        if _ZONE_NAME.fullmatch(candidate):
            try:
                return ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return None


def _defined(name: str, definition: str | None) -> tzinfo | None:
    """A zone as a calendar defines it; None where its definition cannot be read."""
    if not definition or len(definition) > _LONGEST_ZONE:
        return None
    # A rule that repeats by the hour or minute is no zone's, and finding its last change would take for ever.
    if re.search(r"FREQ=(?!YEARLY)", definition, re.IGNORECASE):
        return None
    try:
        zone: Any = tz.tzical(io.StringIO(definition)).get(name)
        datetime(2026, 1, 1, tzinfo=zone).utcoffset()
    except Exception:  # the library raises nearly everything on nonsense, and an unknown zone is answer enough
        return None
    return zone if isinstance(zone, tzinfo) else None
