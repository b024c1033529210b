"""Reads a Decidim platform by its GraphQL interface: the processes residents can take part in, and the next meeting.

**What it asks.** `<platform>/api`, twice, each a question posted in GraphQL: the version and all published
participatory processes with their dates; then the meetings of those processes (the newest fifty of each meetings
component). The address of one of its pages (`/processes/...`) or of the interface is cut back to the platform's base.

**What it measures.**

- `version`: of the software, as stated; platforms may hide it.
- `process_count`: the participatory processes listed. `open_process_count`: those that had begun, and had not ended,
  on the day they were read; a process without a last day is open once it has begun, one without a first day is not
  counted as open.
- `activity_latest` (date or instant, UTC): the newest of what had happened when it was read: a process published or
  changed, a meeting held.
- `meeting_count`: the meetings read. `next_meeting` (instant, UTC): the first that had not begun; withdrawn ones are
  left out. Meetings of assemblies and conferences are not asked for.

The reading is complete when processes and meetings were read, and no meetings component has more than fifty.

**What each reason means here.** `empty`: a platform in order without any process. `api-error`: the interface
complained; its words are in the message. `not-the-declared-format`: a web page, so no such interface.
`not-found`: the platform has switched its interface off, or is another software.

**A worked example.** Two processes, one from 1 March to 30 June, one from 1 October without an end, read on
21 November: `process_count` 2, `open_process_count` 1. A meeting on 3 December at 17:00 UTC gives `next_meeting`.

**The standard.** Decidim's GraphQL interface, which every platform documents at `/api/docs`
([decidim.org](https://docs.decidim.org/)). The samples in our tests are made from that documentation and the
software's published types; no recorded answer of a real platform was at hand.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import api_base
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import as_of
from builder.probes._facts import Facts, Newest
from builder.probes._graphql import Told, ask, ask_or_read_given, nodes
from builder.probes._json import mapping, not_what_was_asked, records
from builder.probes._paging import why
from builder.probes._text import counted

VERSION = 1
DEADLINE_SECONDS = 60

_CALLS = ("/api", "/processes", "/assemblies")
_PROCESSES = "{ decidim { version } participatoryProcesses { id startDate endDate publishedAt updatedAt } }"
# Interfaces bound a question's depth and cost; with the fifty newest it stays well below the smallest bound known.
_MEETINGS = (
    '{ participatoryProcesses { components(filter: {type: "Meetings"}) { ... on Meetings { meetings(last: 50) '
    "{ pageInfo { hasPreviousPage } edges { node { startTime WITHDRAWN } } } } } } }"
)
# Older versions do not know whether a meeting was withdrawn: they are asked again without it.
_WITHDRAWN = ("isWithdrawn", "")


async def read(target: Target, web: Web) -> Reading:
    """Read the processes, which must be there, and their meetings, which may not."""
    asking = Asking(web)
    url = f"{api_base(target.url, _CALLS)}/api"
    told = await ask_or_read_given(asking, url, _PROCESSES, target.url, "/api")
    listed = told.data.get("participatoryProcesses")
    if not isinstance(listed, list):
        raise not_what_was_asked(told.answer, told.data, "list of participatory processes")
    at = as_of(told.answer.capture)
    facts, newest = Facts(), Newest()
    processes = records(listed)
    facts.say_words(
        "version", mapping(told.data.get("decidim")).get("version"), "$.data.decidim.version", told.capture, 40
    )
    place = "$.data.participatoryProcesses[*]"
    facts.say("process_count", len(processes), "$.data.participatoryProcesses", told.capture)
    facts.say("open_process_count", sum(_is_open(one, at) for one in processes), f"{place}.endDate", told.capture)
    for name in ("publishedAt", "updatedAt"):
        moments = (read_date(one.get(name)) for one in processes)
        newest.see((moment for moment in moments if _before(moment, at)), f"{place}.{name}", told.capture)
    scope = counted(len(processes), "participatory process", "participatory processes")
    complete, words = await _meetings(asking, url, told, at, facts, newest)
    newest.tell(facts, "activity_latest")
    return Reading(
        facts, complete=complete, scope=f"{scope}; {words}", empty=not processes,
        message="" if processes else "The platform is in order, but lists no participatory process.",
    )  # fmt: skip


async def _meetings(
    asking: Asking, url: str, first: Told, at: datetime, facts: Facts, newest: Newest
) -> tuple[bool, str]:
    """Add what the meetings say; whether they are all there, and what was read of them in words."""
    if first.alone and not any("components" in one for one in records(first.data.get("participatoryProcesses"))):
        return False, "meetings are not in the one answer at this address"
    told, fault = (first, None) if first.alone else await _ask_meetings(asking, url)
    if told is None:
        return False, f"meetings not read: {why(fault) if fault else 'nothing came'}"
    found: list[dict[str, Any]] = []
    cut = False
    for process in records(told.data.get("participatoryProcesses")):
        for component in records(process.get("components")):
            meetings = mapping(component.get("meetings"))
            cut = cut or mapping(meetings.get("pageInfo")).get("hasPreviousPage") is True
            found += nodes(meetings)
    place = "$.data.participatoryProcesses[*].components[*].meetings.edges[*].node.startTime"
    times = [
        moment for one in found if one.get("isWithdrawn") is not True and (moment := read_date(one.get("startTime")))
    ]
    facts.say("meeting_count", len(found), place, told.capture)
    ahead = min((moment for moment in times if not _before(moment, at)), key=lambda one: one.instant, default=None)
    facts.say("next_meeting", ahead.iso if ahead else None, place, told.capture)
    newest.see((moment for moment in times if _before(moment, at)), place, told.capture)
    return not cut and not first.alone, ("the newest " if cut else "") + counted(len(found), "meeting")


async def _ask_meetings(asking: Asking, url: str) -> tuple[Told | None, Unreadable | None]:
    fault: Unreadable | None = None
    for withdrawn in _WITHDRAWN:
        try:
            return await ask(asking, url, _MEETINGS.replace("WITHDRAWN", withdrawn)), None
        except Unreadable as error:
            fault = error
            if error.reason is not Reason.API_ERROR:
                break
    return None, fault


def _is_open(process: dict[str, Any], at: datetime) -> bool:
    begins, ends = read_date(process.get("startDate")), read_date(process.get("endDate"))
    if begins is None or begins.instant > at:
        return False
    # A process that ends today is open until midnight.
    return ends is None or (ends.instant.date() >= at.date() if ends.day_only else ends.instant >= at)


def _before(moment: Moment | None, at: datetime) -> bool:
    return moment is not None and moment.instant <= at
