"""Reads a council information system of the Legistar kind: meetings ahead and past, and matters before the council.

## What it asks

Of the Web API's base for one council (`https://webapi.legistar.com/v1/<client>`; the address of one call is cut back to
it): `events`, newest first, and `matters`, last changed first, at most 1,000 of each, each once. Some councils give
their API only to those with a token, which a source's `key_env` names. A `token` in the address itself is left out:
what is asked is published, and a token is somebody's own.

The address of a file (`.../meetings.json`) is read as it is, as a list of events, of matters, or of meetings in the
newer form that some clerks' offices publish (`data` with `meetingId` and `date`).

## What it measures

- `next_meeting` (a day, or ISO 8601 in UTC): the first meeting today or later that is not called off. Legistar states
  the day and, in words, the local hour, so the day is told; the newer form states an instant.
- `meeting_count` (number): the meetings in the list that was read, and nothing else that stands in it.
  `meeting_latest`: the latest of them, past or future, those called off left out.
- `process_count` (number): the matters before the council, of all times; absent where they are more than one answer
  holds, for the API announces no total. `open_process_count` and `version` are not offered.
- `activity_latest` (ISO 8601, UTC): the newest change of an event or matter (`EventLastModifiedUtc`,
  `MatterLastModifiedUtc`); where none is stated, the newest meeting that has already begun.

The reading is complete when events and matters were both read and neither list was cut.

## What each reason means here

- `ok`: events or matters were read. `empty`: they hold nothing.
- `not-the-declared-format`: a web page (as of the council's public calendar), or JSON of another kind.
- `auth-required`, `forbidden`: this council asks for a token. `malformed`: broken JSON.
- `api-error`: an error message instead of a list. All other reasons are those of the exchange for `events`.

## A worked example

`[{"EventId": 7, "EventDate": "2026-12-02T00:00:00", "EventTime": "6:00 PM", "EventAgendaStatusName": "Draft",
"EventLastModifiedUtc": "2026-11-19T15:04:05.123"}]`, read on 21 November 2026: `meeting_count` 1, `next_meeting`
2026-12-02, `activity_latest` 2026-11-19T15:04:05.123Z.

## The standard

[Legistar Web API](https://webapi.legistar.com/Help), version 1; there is no public standard behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote, urlunsplit

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._address import api_base, split
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._facts import Facts, Newest
from builder.probes._json import count, mapping, not_what_was_asked, read_json, records, text

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 32 * 1024 * 1024
MOST = 1000
Part = Literal["events", "matters"]
_ORDER: dict[Part, str] = {"events": "EventDate desc", "matters": "MatterLastModifiedUtc desc"}
_CALLS = ("/events", "/matters", "/bodies", "/eventitems", "/persons", "/officerecords")
_CALLED_OFF = re.compile(r"\s*cancel", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00(\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _List:
    """One list as it was read: its items, where they stand, and whether there are more than these."""

    part: Part
    items: list[dict[str, Any]]
    at: str
    capture: int
    cut: bool


async def read(target: Target, web: Web) -> Reading:
    """Read events and matters, or the one list that the target's address holds."""
    asking = Asking(web)
    found: dict[Part, _List] = {}
    failed: dict[Part, Unreadable] = {}
    single = re.search(r"\.[a-z]{2,5}$", split(target.url).path, re.IGNORECASE) is not None
    if single:
        answer, capture = await asking.get(_request(_without_token(target.url), {}, target.key))
        only = _read(answer, capture)
        found[only.part] = only
    else:
        base = api_base(target.url, _CALLS)
        for part, order in _ORDER.items():
            try:
                params = {"$orderby": order, "$top": str(MOST)}
                answer, capture = await asking.get(_request(f"{base}/{part}", params, target.key))
                got = _read(answer, capture, part)
                found.setdefault(got.part, got)
            except Unreadable as error:
                if part == "events":
                    raise  # without its calendar a council information system tells nobody anything
                failed[part] = error
    empty = not any(part.items for part in found.values())
    return Reading(
        _facts(found, target.now, single=single), empty=empty, scope=_scope(found, failed),
        complete=len(found) == len(_ORDER) and not any(part.cut for part in found.values()),
        message="The council's interface answers, but lists nothing." if empty else "",
    )  # fmt: skip


def _without_token(url: str) -> str:
    parts = split(url)
    pairs = (pair for pair in parts.query.split("&") if unquote(pair.partition("=")[0]).lower() != "token")
    return urlunsplit(parts._replace(query="&".join(pairs)))


def _request(url: str, params: dict[str, str], token: str | None) -> Request:
    if token:
        params = {**params, "token": token}
    return Request(url, params=params, accept="application/json", limit_bytes=LIMIT_BYTES)


def _read(answer: Answer, capture: int, asked: Part | None = None) -> _List:
    """An answer as a list of events or of matters, by what its items are; ``asked`` only names an empty list."""
    data, at, announced = read_json(answer), "$[*]", None
    if isinstance(data, dict):
        held = next((key for key in ("data", "value") if isinstance(data.get(key), list)), None)
        if held is None:
            told = {"error": data.get("Message") or data.get("ExceptionMessage")}
            raise not_what_was_asked(answer, told if told["error"] else data, "list of events or matters")
        announced = count(mapping(data.get("meta")).get("count"))
        data, at = data[held], f"$.{held}[*]"
    items = records(data)
    part: Part | None = asked if not data else None
    if any(map(_is_meeting, items)):
        part = "events"
    elif any("MatterId" in item for item in items):
        part = "matters"
    if part is None:
        raise not_what_was_asked(answer, {}, "list of events or matters")
    cut = len(items) < announced if announced is not None else len(items) >= MOST
    return _List(part, items, at, capture, cut)


def _facts(found: dict[Part, _List], now: datetime, *, single: bool) -> Facts:
    facts = Facts()
    activity, begun = Newest(), Newest()
    today = now.astimezone(UTC).date().isoformat()
    if events := found.get("events"):
        latest = Newest()
        ahead: list[Moment] = []
        where = f"{events.at}.{'date' if any('meetingId' in item for item in events.items) else 'EventDate'}"
        meetings = [item for item in events.items if _is_meeting(item)]
        for item in meetings:
            activity.see([read_date(item.get("EventLastModifiedUtc"))], f"{events.at}.EventLastModifiedUtc",
                         events.capture)  # fmt: skip
            moment = _moment(item.get("EventDate") or item.get("date"))
            if moment is None or _called_off(item):
                continue
            latest.see([moment], where, events.capture)
            if moment.iso >= today if moment.day_only else moment.instant >= now:
                ahead.append(moment)
            else:
                begun.see([moment], where, events.capture)
        facts.say("meeting_count", len(meetings), events.at, events.capture)
        if ahead:
            following = min(ahead, key=lambda moment: moment.instant)
            facts.say("next_meeting", following.iso, where, events.capture)
        latest.tell(facts, "meeting_latest")
    if matters := found.get("matters"):
        if not matters.cut and not single:
            facts.say("process_count", len(matters.items), matters.at, matters.capture)
        changes = (read_date(item.get("MatterLastModifiedUtc")) for item in matters.items)
        activity.see(changes, f"{matters.at}.MatterLastModifiedUtc", matters.capture)
    (activity if activity.at else begun).tell(facts, "activity_latest")
    return facts


def _is_meeting(item: dict[str, Any]) -> bool:
    return "EventDate" in item or ("meetingId" in item and "date" in item)


def _moment(value: object) -> Moment | None:
    """A meeting's day or instant: the day alone where it stands at midnight without a zone, as Legistar writes days."""
    day = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    return read_date(day[1] if day else value)


def _called_off(item: dict[str, Any]) -> bool:
    stated = (text(item.get(key)) for key in ("EventAgendaStatusName", "EventComment", "status"))
    return any(words and _CALLED_OFF.match(words) for words in stated)


def _scope(found: dict[Part, _List], failed: dict[Part, Unreadable]) -> str:
    listed = (
        f"{'the newest' if part.cut else 'all'} {len(part.items):,} {name}" for name, part in found.items()
    )  # fmt: skip
    words = ", ".join(listed)
    return words + "".join(f"; not read: {part} ({error.reason})" for part, error in failed.items())
