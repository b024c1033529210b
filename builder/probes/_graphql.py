"""Asks a GraphQL interface one question and keeps apart its data, its complaints and answers that are neither."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.reasons import Reason
from builder.probes._asking import Asking
from builder.probes._given import ask_given
from builder.probes._json import mapping, not_what_was_asked, read_object, records

LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What an interface said: its data (never empty), the answer and the position of its capture."""

    data: dict[str, Any]
    answer: Answer
    capture: int
    alone: bool = False  # this is all there is: no question can be asked


async def ask(asking: Asking, url: str, query: str) -> Told:
    """Post one query; raises ``Unreadable``: ``api-error`` with the interface's own words where it gives no data,
    ``not-the-declared-format`` for JSON that is no answer to a query, else as ``Asking.get`` and ``read_object``.

    Where it gives data beside complaints, the data counts.
    """
    body = json.dumps({"query": query}).encode()
    answer, capture = await asking.get(Request(url, accept="application/json", limit_bytes=LIMIT_BYTES, json_body=body))
    return _told(answer, capture)


async def ask_or_read_given(asking: Asking, url: str, query: str, given: str, call: str) -> Told:
    """As ``ask``; where there is no interface and the address ``given`` is a file's or the call's, what it holds."""
    try:
        return await ask(asking, url, query)
    except Unreadable as fault:
        answer, capture = await ask_given(asking, given, (call,), fault)
        return _told(answer, capture, alone=True)


def _told(answer: Answer, capture: int, *, alone: bool = False) -> Told:
    told = read_object(answer)
    data = mapping(told.get("data"))
    if not any(value is not None for value in data.values()):
        raise not_what_was_asked(answer, told, "data, which every answer to a query has")
    return Told(data, answer, capture, alone)


def not_offered(fault: Unreadable) -> bool:
    """Whether an interface complained that it does not know a field: an older version, and no fault."""
    return fault.reason is Reason.API_ERROR and "doesn't exist on type" in fault.message


def nodes(connection: object) -> list[dict[str, Any]]:
    """The items of a connection, given as ``nodes`` or as ``edges`` with a ``node`` each."""
    found = mapping(connection)
    direct = records(found.get("nodes"))
    return direct or [mapping(edge.get("node")) for edge in records(found.get("edges")) if edge.get("node")]
