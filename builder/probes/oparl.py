"""Reads a council information system by OParl: its version, papers, meetings ahead and how lately anything moved.

## What it asks

The address as given, which is the system's, a body's or a list's. From a system it follows the list of bodies, from
each body (at most five; with a source's `filter` the one of that name, short name or id) the lists of meetings and of
papers. Of a list that has several pages it asks the first, and then only what was changed in the last 400 days
(`modified_since`), at most 10 pages; a server that refuses this is asked for the pages in order. At most 40 questions
in all.

## What it measures

- `version`: `oparlVersion` of the system, as stated. `license`: of the system, else of the first body, as stated.
- `body_count` (number): the bodies (councils) in the system.
- `process_count` (number): the papers before the council, of all times, as announced (`pagination.totalElements`), else
  as counted where the whole list was read. `meeting_count` (number): the meetings, likewise. OParl does not say which
  papers are still open, so `open_process_count` is not offered.
- `next_meeting` (ISO 8601, UTC): the first `start` at or after now of a meeting that is not `cancelled`; never of a
  paper. `meeting_latest`: the latest such `start`, past or future, where the meetings were read whole.
- `activity_latest` (ISO 8601, UTC): the newest `modified` of a paper or meeting read; where none states one, the newest
  `date` of a paper.

Objects marked `deleted`, and those of another type than their list's, are left out. The reading is complete when
meetings and papers of every body were read whole.

## What each reason means here

- `ok`: the address holds an object or list of OParl. `empty`: a system without a body, or empty lists.
- `not-the-declared-format`: a web page, or JSON of another kind. `malformed`: broken JSON.
- `api-error`: OParl's own error object. All other reasons are those of the exchange for the address given; whatever
  cannot be read after it is named in the scope.

## A worked example

A system with `"oparlVersion": "https://schema.oparl.org/1.1/"`, one body, `totalElements` 4,210 in its list of papers,
and a meeting with `"start": "2026-12-02T18:00:00+01:00"`: `version` https://schema.oparl.org/1.1/, `body_count` 1,
`process_count` 4210, `next_meeting` 2026-12-02T17:00:00Z.

## The standard

[OParl](https://oparl.org/spezifikation/) 1.0 and 1.1, an interface for council information systems in Germany.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._facts import Facts, Newest, next_address, some
from builder.probes._json import not_what_was_asked, records, text, texts
from builder.probes._oparl import Council, Listed, kind_of

VERSION = 1
DEADLINE_SECONDS = 60

MOST_BODIES = 5
# A body's attribute, and what its list holds.
_LISTS = {"meeting": "Meeting", "paper": "Paper"}


@dataclass(slots=True)
class _Found:
    """What was read so far, and which parts were not or not whole."""

    facts: Facts = field(default_factory=Facts)
    lists: dict[str, list[Listed]] = field(default_factory=lambda: {"meeting": [], "paper": []})
    bodies: int | None = None
    unread: list[str] = field(default_factory=list)


async def read(target: Target, web: Web) -> Reading:
    """Read the system, body or list at the target's address and what it leads to."""
    council = Council(Asking(web), target.now)
    page, answer, capture = await council.get(target.url)
    found = _Found()
    alone = False
    if isinstance(page.get("data"), list):
        listed = await council.following(target.url, page, answer, capture)
        kinds = {kind_of(item) for item, _ in listed.items}
        name = next((name for name, kind in _LISTS.items() if kind in kinds), None)
        if "Body" in kinds:
            await _bodies(council, listed.items, answer, target.filter, found)
        elif name:
            found.lists[name].append(_only(_LISTS[name], listed))
            alone = True
        elif page["data"]:
            raise not_what_was_asked(answer, {}, "system, body or list of OParl")
    elif kind_of(page) == "System" or "oparlVersion" in page:
        found.facts.say_words("version", page.get("oparlVersion"), "$.oparlVersion", capture)
        found.facts.say_words("license", page.get("license"), "$.license", capture)
        await _system(council, page, answer, capture, target.filter, found)
    elif kind_of(page) == "Body":
        await _body(council, page, answer, capture, found)
    else:
        raise not_what_was_asked(answer, page, "system, body or list of OParl")
    _measure(found, target.now)
    held = [listed for lists in found.lists.values() for listed in lists]
    empty = not found.bodies and not any(listed.items or listed.announced for listed in held)
    return Reading(
        found.facts, empty=empty and not found.unread, scope=_scope(found),
        complete=not alone and not found.unread and bool(held) and all(listed.whole for listed in held),
        message="The council's interface answers, but lists nothing." if empty and not found.unread else "",
    )  # fmt: skip


async def _system(
    council: Council, page: dict[str, Any], answer: Answer, capture: int, wanted: str | None, found: _Found
) -> None:
    """From a system to its bodies: a list at an address, or, with some servers, in the system itself."""
    stated = page.get("body")
    bodies = [(body, capture) for body in records(stated)]
    for link in texts(stated)[:MOST_BODIES] if not bodies else ():
        try:
            address = next_address(link, answer)
            if address is None:
                continue
            got, answer_there, position = await council.get(address)
            if isinstance(got.get("data"), list):
                bodies += (await council.following(address, got, answer_there, position)).items
            else:
                bodies.append((got, position))
        except Unreadable as error:
            found.unread.append(f"bodies ({error.reason})")
    if bodies or not found.unread:
        await _bodies(council, bodies, answer, wanted, found)


async def _bodies(
    council: Council, bodies: list[tuple[dict[str, Any], int]], answer: Answer, wanted: str | None, found: _Found
) -> None:
    found.bodies = len(bodies)
    found.facts.say("body_count", len(bodies), "the bodies of the system", bodies[0][1] if bodies else 0)
    if wanted:
        bodies = [body for body in bodies if wanted in {text(body[0].get(key)) for key in ("name", "shortName", "id")}]
        if not bodies:
            found.unread.append("the body that is wanted (not listed)")
    for body, capture in bodies[:MOST_BODIES]:
        await _body(council, body, answer, capture, found)
    if len(bodies) > MOST_BODIES:
        found.unread.append(f"{len(bodies) - MOST_BODIES} more bodies")


async def _body(council: Council, body: dict[str, Any], answer: Answer, capture: int, found: _Found) -> None:
    """Read a body's meetings and papers."""
    if "license" not in found.facts:
        found.facts.say_words("license", body.get("license"), "$..license", capture)
    for name, lists in found.lists.items():
        stated = body.get(name)
        address = next_address(stated, answer) if isinstance(stated, str) else None
        if isinstance(stated, list):
            inside = [(item, capture) for item in records(stated)]
            lists.append(_only(_LISTS[name], Listed(inside, whole=len(inside) == len(stated), capture=capture)))
        elif address is None:
            found.unread.append(f"{name}s (no address stated)")
        else:
            try:
                lists.append(_only(_LISTS[name], await council.listed(address)))
            except Unreadable as error:
                found.unread.append(f"{name}s ({error.reason})")


def _only(kind: str, listed: Listed) -> Listed:
    """A list without what says it is something else: papers must not pass for meetings, nor be announced as such."""
    fitting = [entry for entry in listed.items if kind_of(entry[0]) in ("", kind)]
    if len(fitting) < len(listed.items):
        listed.items, listed.announced = fitting, None
    return listed


def _measure(found: _Found, now: datetime) -> None:
    facts, lists = found.facts, found.lists
    for measure, name in (("process_count", "paper"), ("meeting_count", "meeting")):
        totals = [listed.total for listed in lists[name]]
        if totals and None not in totals:
            facts.say(measure, sum(filter(None, totals)), "$.pagination.totalElements, $.data[*]",
                      lists[name][0].capture)  # fmt: skip
    coming: Moment | None = None
    where = 0
    latest = Newest()
    for item, capture in (entry for listed in lists["meeting"] for entry in listed.items):
        start = read_date(item.get("start"))
        off = item.get("cancelled") is True or item.get("deleted") is True
        latest.see([None if off else start], "$.data[*].start", capture)
        if start and not off and start.instant >= now and (coming is None or start.instant < coming.instant):
            coming, where = start, capture
    facts.say("next_meeting", coming.iso if coming else None, "$.data[*].start", where)
    if all(listed.whole for listed in lists["meeting"]):
        latest.tell(facts, "meeting_latest")
    changed, dated = Newest(), Newest()
    for item, capture in (entry for name in lists for listed in lists[name] for entry in listed.items):
        changed.see([read_date(item.get("modified"))], "$.data[*].modified", capture)
    for item, capture in (entry for listed in lists["paper"] for entry in listed.items):
        dated.see([read_date(item.get("date"))], "$.data[*].date", capture)
    (changed if changed.at else dated).tell(facts, "activity_latest")


def _scope(found: _Found) -> str:
    parts = []
    for name, lists in found.lists.items():
        if not lists:
            continue
        read_now = sum(len(listed.items) for listed in lists)
        how = "all" if all(listed.whole for listed in lists) else "some"
        recent = ", after the first page those changed lately" if any(listed.recent for listed in lists) else ""
        faults = "".join(f" ({listed.fault.reason})" for listed in lists if listed.fault)
        parts.append(f"{how} {name}s: {read_now:,}{recent}{faults}")
    words = "; ".join(parts) or "the system"
    return words + (f"; not read: {some(found.unread)}" if found.unread else "")
