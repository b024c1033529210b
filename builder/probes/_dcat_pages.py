"""Reads a DCAT-AP catalogue page by page, by the next page that each names (Hydra)."""

from __future__ import annotations

import asyncio
from urllib.parse import urljoin, urlsplit, urlunsplit

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement
from builder.model.reasons import Reason
from builder.probes._asking import Asking
from builder.probes._dcat import as_of
from builder.probes._dcat_graph import Catalogue, read_catalogue
from builder.probes._paging import Page, Pages, read_pages
from builder.probes._rdf import ACCEPT, LIMIT_BYTES, read_graph

_LONGEST_ADDRESS = 2000


async def read_dcat_pages(
    asking: Asking, answer: Answer, capture: int, publisher: str | None = None
) -> tuple[Pages, dict[str, Measurement]]:
    """Read the catalogue that begins with ``answer``, and what it says it conforms to.

    ``publisher`` leaves out the datasets of all others; the announced total then says nothing and is dropped. Raises
    ``Unreadable`` as ``read_graph`` does for the first page, and for a graph without a catalogue or a dataset.
    """
    first = await _catalogue(answer, capture)
    visited = {answer.capture.url, answer.capture.final_url}
    following = _following(answer, first, visited)

    def page(of: Answer, found: Catalogue) -> Page:
        entries = [entry for entry in found.entries if publisher is None or entry.publisher == publisher]
        announced = first.announced if publisher is None else None
        return Page(entries, len(found.entries), announced, as_of(of.capture))

    async def ask(offset: int) -> Page:
        nonlocal following
        if offset == 0:
            return page(answer, first)
        if following is None:
            return Page([], 0, None, as_of(answer.capture))
        visited.add(following)
        got, position = await asking.get(Request(following, accept=ACCEPT, limit_bytes=LIMIT_BYTES))
        found = await _catalogue(got, position)
        following = _following(got, found, visited)
        return page(got, found)

    pages = await read_pages(ask)
    pages.ended = pages.ended and first.of_catalogue
    return pages, first.conforms


async def _catalogue(answer: Answer, capture: int) -> Catalogue:
    unwanted = False

    def work() -> Catalogue:
        return read_catalogue(read_graph(answer, lambda: unwanted), capture, answer.capture.final_url)

    try:
        # Seconds of parsing would make every other source's time run out.
        found = await asyncio.to_thread(work)
    finally:
        unwanted = True  # a thread goes on when nobody waits for it, unless it is told to stop
    if not found.is_catalogue:
        words = "The answer is RDF, but holds neither a catalogue nor a dataset of DCAT."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)
    return found


def _following(answer: Answer, found: Catalogue, visited: set[str]) -> str | None:
    """The next page's address, at the server that gave this one; None when there is none or it has been read.

    Portals behind other servers name themselves wrongly (`http:`, an inner host); and a page of theirs has no say in
    which other hosts we ask.
    """
    if not found.next_url or len(found.next_url) > _LONGEST_ADDRESS:
        return None
    here = answer.capture.final_url
    try:
        parts = urlsplit(urljoin(here, found.next_url.strip()))
        own = urlsplit(here)
    except ValueError:
        return None
    url = urlunsplit((own.scheme, own.netloc, parts.path, parts.query, ""))
    return None if url in visited else url
