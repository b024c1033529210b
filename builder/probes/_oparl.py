"""Asks for the lists of an OParl system, page by page, as far as is worth a city's while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.reasons import Reason
from builder.probes._asking import Asking
from builder.probes._dates import iso_instant
from builder.probes._facts import next_address
from builder.probes._json import count, mapping, not_what_was_asked, read_object, records, text

LIMIT_BYTES = 32 * 1024 * 1024
MOST_PAGES = 10
MOST_ASKED = 40
# A meeting ahead was entered or changed within a year; so was whatever moved lately.
RECENT_DAYS = 400


@dataclass(slots=True)
class Listed:
    """A list as far as it was read: objects with the position of their capture, the total announced, and whether all.

    ``recent`` says that after the first page only what changed lately was asked for. ``fault`` is what ended it early.
    """

    items: list[tuple[dict[str, Any], int]] = field(default_factory=list)
    announced: int | None = None
    whole: bool = False
    recent: bool = False
    fault: Unreadable | None = None
    capture: int = 0

    @property
    def total(self) -> int | None:
        """How many objects the list has: as announced, else as counted where all were read; else nobody knows."""
        return self.announced if self.announced is not None else len(self.items) if self.whole else None


class Council:
    """One OParl system as it is asked, each address once."""

    def __init__(self, asking: Asking, now: datetime) -> None:
        self._asking = asking
        self._since = iso_instant(now.replace(microsecond=0) - timedelta(days=RECENT_DAYS))
        self._asked = 0

    async def get(self, url: str, params: dict[str, str] | None = None) -> tuple[dict[str, Any], Answer, int]:
        """One object or one page of a list, with the answer it came in and the position of its capture."""
        if self._asked >= MOST_ASKED:
            raise Unreadable(Reason.TOO_LARGE, f"It would have to be asked more than {MOST_ASKED} times.")
        self._asked += 1
        request = Request(url, params=params or {}, accept="application/json", limit_bytes=LIMIT_BYTES)
        answer, capture = await self._asking.get(request)
        return read_object(answer), answer, capture

    async def listed(self, url: str) -> Listed:
        """The list at an address: whole where it has one page, else its first page and what changed lately.

        Raises ``Unreadable`` only where the first page cannot be read.
        """
        page, answer, capture = await self.get(url)
        return await self.following(url, page, answer, capture)

    async def following(self, url: str, page: dict[str, Any], answer: Answer, capture: int) -> Listed:
        """The list whose first page was already read."""
        found = Listed(announced=count(mapping(page.get("pagination")).get("totalElements")), capture=capture)
        following = _take(found, page, answer, capture)
        if following is None:
            found.whole = True
            return found
        try:
            page, answer, capture = await self.get(url, {"modified_since": self._since})
            found.recent = True
            following = _take(found, page, answer, capture)
        except Unreadable as error:
            if error.reason not in (Reason.CLIENT_ERROR, Reason.NOT_FOUND, Reason.NOT_CAPTURED, Reason.API_ERROR):
                found.fault = error
                return found
        seen = {url}
        while following and following not in seen and len(seen) < MOST_PAGES:
            seen.add(following)
            try:
                page, answer, capture = await self.get(following)
                following = _take(found, page, answer, capture)
            except Unreadable as error:
                found.fault = error
                return found
        found.whole = following is None and not found.recent
        return found


def kind_of(item: dict[str, Any]) -> str:
    """What an object says it is: the last word of its type, such as ``System``; blank where it states none."""
    return (text(item.get("type")) or "").rpartition("/")[2]


def _take(found: Listed, page: dict[str, Any], answer: Answer, capture: int) -> str | None:
    """Take in the objects of one page, each once, those deleted left out; the address of the next page."""
    data = page.get("data")
    if not isinstance(data, list):
        raise not_what_was_asked(answer, page, "list of OParl")
    known = {text(item.get("id")) for item, _ in found.items}
    for item in records(data):
        if item.get("deleted") is not True and (text(item.get("id")) not in known or item.get("id") is None):
            found.items.append((item, capture))
    return next_address(mapping(page.get("links")).get("next"), answer)
