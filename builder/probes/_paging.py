"""Reads a catalogue page by page by what really comes back, and knows afterwards whether that was all of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from builder.errors import Unreadable
from builder.probes._dcat import Entry
from builder.probes._text import counted

# More than any city lists: what never ends is not read for ever.
MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its entries, how many records it held, the total it announces (None: none), the time to judge it at."""

    entries: list[Entry]
    returned: int
    announced: int | None
    at: datetime


@dataclass(slots=True)
class Pages:
    """What was read of one list, as listed and in order.

    ``announced`` is the first page's total. ``repeated`` counts the entries whose id had been read before: a list that
    shifts between two pages repeats some and drops others. ``fault`` is what ended the reading early; the pages before
    it are still worth having.
    """

    at: datetime
    announced: int | None
    entries: list[Entry] = field(default_factory=list)
    returned: int = 0
    repeated: int = 0
    ended: bool = False
    fault: Unreadable | None = None

    @property
    def distinct(self) -> int:
        """How many different ids were read."""
        return len(self.entries) - self.repeated

    @property
    def complete(self) -> bool:
        """Whether as many different ids were read as announced; where nothing is, whether the end was reached."""
        if self.announced is None:
            return self.ended and self.fault is None
        return self.fault is None and self.distinct >= self.announced


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
        pages.ended = page.returned == 0
        before = len(seen)
        seen.update(entry.id for entry in page.entries)
        new = len(seen) - before
        if not new:
            return pages  # the end, or a server that ignores the offset and sends its first page for ever
        pages.entries += page.entries
        pages.repeated += len(page.entries) - new
        if _enough(pages) or (ceiling is not None and pages.returned > ceiling):
            return pages
        try:
            page = await ask(pages.returned)
        except Unreadable as fault:
            pages.fault = fault
            return pages


def how_much(pages: Pages, what: str = "datasets") -> str:
    """What was read, in words: ``all 42 datasets``, ``20 of the 42 datasets announced (it did not finish ...)``."""
    if pages.complete:
        words = f"all {pages.distinct:,} {what}" if pages.distinct != 1 else f"the one {what.removesuffix('s')} listed"
    elif pages.announced is None:
        words = counted(pages.distinct, what.removesuffix("s"), what)
    else:
        words = f"{pages.distinct:,} of the {pages.announced:,} {what} announced"
    if pages.repeated:
        words += f", {pages.repeated:,} of them listed again"
    return f"{words} ({why(pages.fault)})" if pages.fault else words


def why(fault: Unreadable) -> str:
    """A fault's plain words, as they stand inside a sentence."""
    words = fault.reason.words.rstrip(".")
    return words[:1].lower() + words[1:]


def _enough(pages: Pages) -> bool:
    if pages.announced is not None and pages.distinct >= pages.announced:
        return True
    return len(pages.entries) >= MOST_ENTRIES
