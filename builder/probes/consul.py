"""Reads a CONSUL Democracy platform by its GraphQL interface: budgets that residents decide, and what they last wrote.

**What it asks.** `<platform>/graphql`, twice, each a question posted in GraphQL: the last page of proposals and of
debates (the interface gives at most 25 of each, and two lists a question); then the participatory budgets. The address
of one of its pages (`/proposals/...`) or of the interface is cut back to the platform's base.

**What it measures.**

- `process_count`: the participatory budgets listed. `open_process_count`: those whose phase is none of `drafting`,
  `reviewing_ballots` and `finished`. Absent on older versions, whose interface does not offer budgets.
- `activity_latest` (instant, UTC): the newest of when those proposals and debates were written; CONSUL rounds it down
  to the hour. Nothing after the reading counts.

The interface offers no version, no totals and no meetings, so `version` and `next_meeting` are always absent. The
reading is complete when both questions were answered, or the second is one that this version does not know, and there
are fewer than 25 budgets, which is one page.

**What each reason means here.** `empty`: a platform in order without a proposal, a debate or a budget. `api-error`:
the interface complained; its words are in the message. `not-the-declared-format`: a web page, so no such interface.
`not-found`: the platform has switched its interface off, or is another software.

**A worked example.** A last proposal of 20 November 2026 at 09:00 UTC, and the budgets of 2025 (`finished`) and 2026
(`balloting`): `activity_latest` 2026-11-20T09:00:00Z, `process_count` 2, `open_process_count` 1.

**The standard.** [CONSUL Democracy's GraphQL interface](https://docs.consuldemocracy.org/tech_docs/features/graphql).
The samples in our tests are made from its documentation and its published types; no recorded answer of a real platform
was at hand.
"""

from __future__ import annotations

import re
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
from builder.probes._graphql import ask, ask_or_read_given, nodes, not_offered
from builder.probes._json import not_what_was_asked, text
from builder.probes._paging import why
from builder.probes._text import counted

VERSION = 1
DEADLINE_SECONDS = 60

_CALLS = ("/graphql", "/graphiql", "/proposals", "/debates", "/budgets")
_WRITTEN = (
    "{ proposals(last: 25) { edges { node { id public_created_at } } } "
    "debates(last: 25) { edges { node { id public_created_at } } } }"
)
_BUDGETS = "{ budgets { edges { node { id phase } } } }"
# Before residents can do anything, while their votes are counted, and after.
_CLOSED = frozenset({"drafting", "reviewing_ballots", "finished"})
_LISTS = ("proposals", "debates")
_PAGE = 25


async def read(target: Target, web: Web) -> Reading:
    """Read proposals and debates, which must be offered, and budgets, which may not be."""
    asking = Asking(web)
    url = f"{api_base(target.url, _CALLS)}/graphql"
    told = await ask_or_read_given(asking, url, _WRITTEN, target.url, "/graphql")
    wanted = (*_LISTS, "budgets") if told.alone else _LISTS
    if not any(isinstance(told.data.get(name), dict) for name in wanted):
        raise not_what_was_asked(told.answer, told.data, "list of proposals or debates")
    at = as_of(told.answer.capture)
    facts, newest = Facts(), Newest()
    seen = 0
    for name in _LISTS:
        found = nodes(told.data.get(name))
        seen += len(found)
        moments = (_written(one) for one in found)
        place = f"$.data.{name}.edges[*].node.public_created_at"
        newest.see((moment for moment in moments if moment and moment.instant <= at), place, told.capture)
    newest.tell(facts, "activity_latest")
    scope, complete = f"the last {seen} of the proposals and debates", True
    try:
        offered = told if told.alone else await ask(asking, url, _BUDGETS)
        if told.alone and "budgets" not in told.data:
            raise Unreadable(Reason.NOT_CAPTURED, "The one answer at this address holds no budgets.")
        budgets = nodes(offered.data.get("budgets"))
        phases = [text(one.get("phase")) for one in budgets]
        facts.say("process_count", len(budgets), "$.data.budgets.edges", offered.capture)
        running = sum(phase is not None and phase not in _CLOSED for phase in phases)
        facts.say("open_process_count", running, "$.data.budgets.edges[*].node.phase", offered.capture)
        seen += len(budgets)
        complete = len(budgets) < _PAGE and not told.alone
        scope += f", {counted(len(budgets), 'budget')}"
    except Unreadable as fault:
        complete = not_offered(fault)
        scope += "; budgets are not offered" if complete else f"; budgets not read: {why(fault)}"
    return Reading(
        facts, complete=complete, scope=scope, empty=complete and not seen,
        message="" if seen else "The platform is in order, but lists no proposal, debate or budget.",
    )  # fmt: skip


def _written(item: dict[str, Any]) -> Moment | None:
    """When an item was written: an instant with its zone set apart, as Ruby writes it, or in ISO 8601."""
    stated = text(item.get("public_created_at")) or ""
    return read_date(re.sub(r"\s+(?:UTC|([+-]\d{2}:?\d{2}))$", lambda zone: zone[1] or "Z", stated))
