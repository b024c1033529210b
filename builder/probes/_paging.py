"""Reads a catalogue page by page by what really comes back, and knows afterwards whether that was all of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from builder.errors import Unreadable
from builder.probes._dcat import Entry

# More than any city lists: what never ends is not read for ever.
MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its entries, how many records it held, the total it announces (None: none), its capture's time."""

    entries: list[Entry]
    returned: int
    announced: int | None
    at: datetime


@dataclass(slots=True)
class Pages:
    """What was read of one list: each id once, in order.

    ``announced`` is the first page's total. ``repeated`` counts records whose id had been read before. ``fault`` is
    what ended the reading early; the pages before it are still worth having.
    """

    at: datetime
    announced: int | None
    entries: list[Entry] = field(default_factory=list)
    returned: int = 0
    repeated: int = 0
    ended: bool = False
    fault: Unreadable | None = None

    @property
    def complete(self) -> bool:
        """Whether everything announced was read; where nothing is announced, whether the end was reached."""
        if self.announced is None:
            return self.ended and self.fault is None
        return self.fault is None and len(self.entries) >= self.announced


async def read_pages(ask: Callable[[int], Awaitable[Page]], ceiling: int | None = None) -> Pages:
    """Ask for the page at each offset until everything announced, an empty page or nothing new came.

    The step is what came back, for servers give less than was asked. ``ceiling`` is the last offset the software
    answers. Raises ``Unreadable`` only when the first page could not be read.
    """
    first = await ask(0)
    pages = Pages(at=first.at, announced=first.announced)
    seen: set[str] = set()
    page = first
    while True:
        pages.returned += page.returned
        new = 0
        for entry in page.entries:
            if entry.id in seen:
                pages.repeated += 1
                continue
            seen.add(entry.id)
            pages.entries.append(entry)
            new += 1
        # Nothing new also means a server that ignores the offset and sends its first page for ever.
        pages.ended = page.returned == 0
        if not new or _enough(pages) or (ceiling is not None and pages.returned > ceiling):
            return pages
        try:
            page = await ask(pages.returned)
        except Unreadable as fault:
            pages.fault = fault
            return pages


def how_much(pages: Pages, what: str = "datasets") -> str:
    """What was read, in words a reader understands: ``all 42 datasets``, ``20 of the 42 datasets announced (...)``."""
    count = len(pages.entries)
    if pages.complete:
        return f"all {count:,} {what}"
    words = f"{count:,} {what}" if pages.announced is None else f"{count:,} of the {pages.announced:,} {what} announced"
    return f"{words} (then: {pages.fault.reason.words})" if pages.fault else words


def _enough(pages: Pages) -> bool:
    return len(pages.entries) >= (MOST_ENTRIES if pages.announced is None else min(MOST_ENTRIES, pages.announced))
