"""Reads the one answer that an address names, where the portal's own call is not to be had: a file, or one call."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.reasons import Reason
from builder.probes._asking import Asking
from builder.probes._paging import Page, Pages, how_much, read_pages

# After these nobody knows more than that the standard call is not there; every other fault tells of the portal itself.
_NOT_TO_BE_HAD = frozenset({
    Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR, Reason.NOT_CAPTURED, Reason.NOT_THE_DECLARED_FORMAT,
})  # fmt: skip
# A server of plain files refuses whoever posts a question to it.
_NO_SUCH_METHOD = frozenset({405, 501})
_FILE = re.compile(r"[^/]*\.[A-Za-z][A-Za-z0-9]{1,7}")


def names_one_answer(url: str, calls: Sequence[str]) -> bool:
    """Whether an address is that of a file (its last part ends like one) or of one call, not of a portal.

    >>> names_one_answer("https://city.example/export/packages.json", ["/api/3"])
    True
    >>> names_one_answer("https://city.example/data/api/3/action/package_show?id=trees", ["/api/3"])
    True
    >>> names_one_answer("https://city.example/data", ["/api/3"])
    False
    """
    return names_call(url, calls) or _FILE.fullmatch(urlsplit(url.strip()).path.rpartition("/")[2]) is not None


def names_call(url: str, calls: Sequence[str]) -> bool:
    """Whether an address is that of one call, so that the portal's own is known; a file's may lie anywhere."""
    return any(call in urlsplit(url.strip()).path for call in calls)


async def ask_given(asking: Asking, url: str, calls: Sequence[str], fault: Unreadable) -> tuple[Answer, int]:
    """The answer at the address as it was given, and its capture's position; raises as ``read_given`` does."""
    status = fault.capture.status if fault.capture else None
    missing = fault.reason in _NOT_TO_BE_HAD or status in _NO_SUCH_METHOD
    if not missing or not names_one_answer(url, calls):
        raise fault
    try:
        return await asking.get(Request(url.strip(), accept="application/json"))
    except Unreadable as worse:
        raise (fault if worse.reason is Reason.NOT_CAPTURED else worse) from None


async def read_given(
    asking: Asking, url: str, calls: Sequence[str], fault: Unreadable, page_of: Callable[[Answer, int], Page]
) -> Pages:
    """Read the address as it was given, alone, after the portal's call ended in ``fault``.

    ``page_of`` turns the answer and its capture's position into a page; one without a total is not known to be all.
    Raises ``fault`` where the address is a portal's or nothing came from it either, else what is wrong with its answer.
    """
    answer, capture = await ask_given(asking, url, calls, fault)
    page = page_of(answer, capture)

    async def ask(offset: int) -> Page:
        return Page([], 0, None, page.at) if offset else page

    pages = await read_pages(ask)
    # A file does not say that nothing follows it: only a total that it announces does.
    pages.ended = False
    return pages


def how_much_given(pages: Pages) -> str:
    """What was read, in words that say from where."""
    return f"{how_much(pages)}, in the one answer at this address"
