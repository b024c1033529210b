"""Reads a calendar feed (iCalendar): how many events it lists, and when the next of them begins.

## What it asks

The address as given, once; `webcal://` is read as `https://`.

## What it measures

- `event_count` (number): the `VEVENT`s in the calendar, past, changed and cancelled ones included; a repeating event
  is one.
- `next_event` (ISO 8601, UTC; a day where only the day is stated): the first start at or after now. Events that last
  the whole day count on the day itself. Repetitions count (`RRULE`, `RDATE`, without `EXDATE`), changed repetitions
  count as changed, cancelled ones do not; of several revisions of one event (`SEQUENCE`) the last counts. Absent where
  nothing lies ahead.
- `event_latest` (ISO 8601, UTC): the latest start that an event states, past or future, cancelled ones left out;
  repetitions are not followed.
- `title`: the calendar's name (`NAME`, else `X-WR-CALNAME`).

A local time is read in the zone it names, by the public list of zones or else as the calendar defines it; a time
without a zone in the calendar's own (`X-WR-TIMEZONE`), else as UTC.

The reading is complete when the calendar was read to its end and each event's start and rule could be understood. A
rule that repeats by the hour, or more than 20,000 times before now, is not followed; the scope then says so.

## What each reason means here

- `ok`: a calendar with at least one event. `empty`: a calendar without any.
- `not-the-declared-format`: a web page, or anything that does not begin with `BEGIN:VCALENDAR`.
- `malformed`: a calendar that breaks off. `too-large`: more than 50,000 events.
- All other reasons are those of the exchange.

## A worked example

`DTSTART;TZID=Europe/Berlin:20260107T180000` with `RRULE:FREQ=MONTHLY;BYDAY=1WE`, read on 21 November 2026:
`event_count` 1, `next_event` 2026-12-02T17:00:00Z, `event_latest` 2026-01-07T17:00:00Z.

## The standard

[iCalendar, RFC 5545](https://www.rfc-editor.org/rfc/rfc5545), with the calendar's name of RFC 7986.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._dates import Moment, iso_instant
from builder.probes._facts import Facts
from builder.probes._ical_repeats import Budget, starts
from builder.probes._ical_zones import When, Zones
from builder.probes._text import clean

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
MOST_EVENTS = 50_000
# Over all events of a calendar: some seconds of work, and more than a city's council meets in a thousand years.
MOST_STEPS = 1_000_000
# Of one event: a longer line is a picture inside it, and no date or rule.
_LONGEST_VALUE = 20_000
_DEEPEST = 50
_EVERY = 500
_LINE = re.compile(r"([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_KEPT = frozenset({"DTSTART", "RRULE", "RDATE", "EXDATE", "STATUS", "UID", "RECURRENCE-ID", "SEQUENCE"})
_MANY = frozenset({"RDATE", "EXDATE"})


@dataclass(slots=True)
class _Event:
    """One VEVENT: each property that matters here, as (value, zone); of the same property the first, dates all."""

    stated: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)

    def first(self, name: str) -> str | None:
        return self.stated[name][0][0] if name in self.stated else None

    def dates(self, name: str, zones: Zones) -> list[When]:
        found = ((part, zone) for value, zone in self.stated.get(name, []) for part in value.split(","))
        return [when for part, zone in found if (when := zones.read(part.partition("/")[0], zone))]

    @property
    def cancelled(self) -> bool:
        return (self.first("STATUS") or "").strip().upper() == "CANCELLED"

    @property
    def sequence(self) -> int:
        stated = (self.first("SEQUENCE") or "").strip()
        return int(stated) if stated.isdecimal() and len(stated) < 10 else 0


@dataclass(slots=True)
class _Calendar:
    """What one or more VCALENDARs in a row hold: events, zone definitions, name."""

    events: list[_Event] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    zone: str | None = None
    name: str | None = None
    name_at: str = ""


@dataclass(slots=True)
class _Starts:
    """The next start, the latest stated one, and how many events could not be read."""

    budget: Budget
    coming: Moment | None = None
    latest: Moment | None = None
    unread: int = 0


async def read(target: Target, web: Web) -> Reading:
    """Read the calendar at the target's address."""
    url = re.sub(r"(?i)^webcals?://", "https://", target.url.strip())
    answer, _ = await Asking(web).get(Request(url, accept="text/calendar, */*;q=0.5", limit_bytes=LIMIT_BYTES))
    calendar = await _calendar(answer)
    zones = Zones(calendar.zones, calendar.zone)
    facts = Facts()
    facts.say("event_count", len(calendar.events), "VEVENT")
    found = await _starts(calendar, zones, target.now)
    facts.say("next_event", found.coming.iso if found.coming else None, "VEVENT.DTSTART, RRULE, RDATE, EXDATE")
    facts.say("event_latest", found.latest.iso if found.latest else None, "VEVENT.DTSTART")
    facts.say("title", clean(calendar.name) if calendar.name else None, calendar.name_at)
    count = len(calendar.events)
    scope = f"all {count:,} events" if count != 1 else "the one event listed"
    unfollowed = found.budget.broken + found.budget.unfinished
    if found.unread:
        scope += f"; {found.unread:,} without a start that could be understood"
    if unfollowed:
        scope += f"; {unfollowed:,} whose repetitions could not be followed"
    return Reading(
        facts, complete=not found.unread and not unfollowed, scope=scope, empty=not calendar.events,
        message="" if calendar.events else "The calendar is in order, but lists no event.",
    )  # fmt: skip


async def _calendar(answer: Answer) -> _Calendar:
    """Read the lines; raises ``Unreadable`` where they are no calendar, or one that breaks off."""
    words = answer.body.decode("utf-8-sig", errors="replace").lstrip()
    if not words[:40].upper().replace(" ", "").startswith("BEGIN:VCALENDAR"):
        what = "empty" if not words else "a web page or XML" if words.startswith("<") else "something else"
        message = f"The answer is {what}; a calendar was expected."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, message, answer.capture)
    calendar = _Calendar()
    inside: list[str] = []
    definition: list[str] = []
    zone = ""
    for number, line in enumerate(_unfolded(words)):
        if number % (_EVERY * 20) == 0:
            await anyio.lowlevel.checkpoint()
        found = _LINE.match(line)
        if not found:
            continue
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if len(inside) > _DEEPEST:
                break  # into what is told below
            if inside[-1] == "VEVENT":
                calendar.events.append(_Event())
                if len(calendar.events) > MOST_EVENTS:
                    raise Unreadable(Reason.TOO_LARGE, f"It lists more than {MOST_EVENTS:,} events.", answer.capture)
            if inside[-1] == "VTIMEZONE":
                definition, zone = [], ""
        if "VTIMEZONE" in inside[-2:]:
            definition.append(line.strip())
            zone = value.strip() if name == "TZID" else zone
        if name == "END":
            ended = value.strip().upper()
            if ended in inside:
                del inside[len(inside) - 1 - inside[::-1].index(ended) :]
            if ended == "VTIMEZONE" and zone and len(calendar.zones) < 200:
                calendar.zones.setdefault(zone, "\r\n".join(definition))
        elif inside[-1:] == ["VEVENT"] and name in _KEPT:
            stated = calendar.events[-1].stated.setdefault(name, [])
            if not stated or name in _MANY:
                stated.append((value, _zone(parameters)))
        elif inside[-1:] == ["VCALENDAR"]:
            if name == "X-WR-TIMEZONE":
                calendar.zone = calendar.zone or value.strip()
            if name == "NAME" or (name == "X-WR-CALNAME" and not calendar.name):
                calendar.name, calendar.name_at = _unescaped(value), f"VCALENDAR.{name}"
    if inside:
        raise Unreadable(Reason.MALFORMED, f"The calendar breaks off: {inside[-1][:40]} has no end.", answer.capture)
    return calendar


def _unfolded(words: str) -> Iterator[str]:
    """The lines, those that go on after a break put together, each as far as we read."""
    parts: list[str] = []
    size = 0
    for line in re.split(r"\r\n|\n|\r", words):
        if line[:1] in (" ", "\t"):
            size += len(line)
            if size <= _LONGEST_VALUE:
                parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts, size = [line[:_LONGEST_VALUE]], len(line)
    yield "".join(parts)


def _zone(parameters: str) -> str | None:
    found = re.search(r';TZID="?([^";:]+)', parameters, re.IGNORECASE)
    return found[1].strip() if found else None


def _unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: " " if found[1] in "nN" else found[1], value)


async def _starts(calendar: _Calendar, zones: Zones, now: datetime) -> _Starts:
    """Look through all events for what comes next and what was stated last."""
    # A changed repetition stands as an event of its own and takes the place of the one it names.
    replaced: dict[str, list[When]] = {}
    for event in calendar.events:
        if "RECURRENCE-ID" in event.stated and (uid := event.first("UID")):
            replaced.setdefault(uid, []).extend(event.dates("RECURRENCE-ID", zones))
    newest: dict[str, int] = {}
    for event in calendar.events:
        if "RECURRENCE-ID" not in event.stated and (uid := event.first("UID")):
            newest[uid] = max(newest.get(uid, 0), event.sequence)
    found = _Starts(budget=Budget(MOST_STEPS))
    for number, event in enumerate(calendar.events):
        if number % _EVERY == 0 or "RRULE" in event.stated:
            await anyio.lowlevel.checkpoint()
        changed = "RECURRENCE-ID" in event.stated
        # Of one event listed in several revisions only the last one holds (RFC 5545, section 3.8.7.4).
        if event.cancelled or (not changed and event.sequence < newest.get(event.first("UID") or "", 0)):
            continue
        start = next(iter(event.dates("DTSTART", zones)), None)
        moment = _moment(start)
        if start is None or moment is None:
            found.unread += 1
            continue
        if found.latest is None or moment.instant > found.latest.instant:
            found.latest = moment
        gone = event.dates("EXDATE", zones)
        more, rule = event.dates("RDATE", zones), event.first("RRULE")
        if changed:
            rule = None  # some programs copy the whole event's rule into the one repetition that they change
        else:
            gone += replaced.get(event.first("UID") or "", [])
        following = (_moment(when) for when in starts(start, rule, more, gone, now, found.budget))
        ahead = next((when for when in following if when and _is_ahead(when, now)), None)
        if ahead and (found.coming is None or ahead.instant < found.coming.instant):
            found.coming = ahead
    return found


def _moment(when: When | None) -> Moment | None:
    instant = when.instant if when else None
    if when is None or instant is None:
        return None
    return Moment(when.local.date().isoformat() if when.day_only else iso_instant(instant), instant)


def _is_ahead(moment: Moment, now: datetime) -> bool:
    if moment.day_only:
        return moment.iso >= now.astimezone(UTC).date().isoformat()
    return moment.instant >= now
