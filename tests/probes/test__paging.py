"""How a list is read page by page, and when it ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from builder.errors import Unreadable
from builder.model.reasons import Reason
from builder.probes._dcat import Entry
from builder.probes._paging import Page, Pages, how_much, read_pages

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def page(ids: str, announced: int | None) -> Page:
    return Page([Entry(id=id, title=id, pointer="$", capture=0) for id in ids], len(ids), announced, AT)


def run(pages: dict[int, Page | Reason]) -> tuple[Pages, list[int]]:
    asked: list[int] = []

    async def ask(offset: int) -> Page:
        asked.append(offset)
        found = pages[offset]
        if isinstance(found, Reason):
            raise Unreadable(found, "no")
        return found

    return asyncio.run(read_pages(ask)), asked


def test_ends_when_everything_announced_came() -> None:
    """No page is asked for beyond the announced total."""
    pages, asked = run({0: page("ab", 3), 2: page("c", 3)})
    assert pages.complete and asked == [0, 2] and how_much(pages) == "all 3 datasets"


def test_without_a_total_the_end_is_an_empty_page() -> None:
    """Where nothing is announced, only an empty page proves the end."""
    pages, _ = run({0: page("ab", None), 2: page("", None)})
    assert pages.complete
    pages, _ = run({0: page("ab", None), 2: page("ab", None)})
    assert not pages.complete and how_much(pages) == "2 datasets"


def test_a_list_that_shifts_is_not_complete() -> None:
    """An entry that comes again on the next page has pushed another out."""
    pages, asked = run({0: page("ab", 4), 2: page("bc", 4), 4: page("", 4)})
    assert not pages.complete and (len(pages.entries), pages.distinct, asked) == (4, 3, [0, 2, 4])
    assert how_much(pages) == "3 of the 4 datasets announced, 1 of them listed again"


def test_only_the_first_page_may_fail_the_whole() -> None:
    """A fault on a later page keeps what came before; a fault on the first leaves nothing to keep."""
    pages, _ = run({0: page("a", 2), 1: Reason.TIMEOUT})
    assert not pages.complete and how_much(pages).startswith("1 of the 2 datasets announced (it did not finish")
    with pytest.raises(Unreadable):
        run({0: Reason.TIMEOUT})
