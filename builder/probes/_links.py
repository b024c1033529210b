"""Tries a few of a catalogue's links, drawn by lot so that the same month always tries the same ones.

What a link's answer means: it works where the server began to send something (2xx, however large), it is broken where
the server says that nothing is there or refuses the request as a bad one. Whatever else happens (no answer in time, a
login, a gate against robots, robots.txt, a fault of the server's) tells nothing about the link, which then leaves the
count. Only the first bytes are read; robots.txt is asked first, because these are links of other people's pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from heapq import nsmallest

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Measurement
from builder.model.reasons import Outcome, Reason
from builder.probes._address import host
from builder.probes._asking import Asking
from builder.probes._dcat import Entry

LINKS = 30
FIRST_BYTES = 16 * 1024
_LONGEST_ADDRESS = 2000
# A host that twice gave no answer that tells anything is not bothered a third time.
_STRIKES = 2
# Where nothing at all can be told, it is more likely us than five publishers.
_ALL_SILENT = 5


@dataclass(slots=True)
class Sample:
    """What came of it: ``told`` says of each link whether it works; ``capture`` is the position of the first told."""

    told: dict[str, bool] = field(default_factory=dict)
    asked: int = 0
    capture: int = 0

    def working_share(self, urls: Collection[str]) -> float | None:
        """The share of those links that work, among the told ones of ``urls``; None when none of them was told."""
        answers = [works for url, works in self.told.items() if url in urls]
        return sum(answers) / len(answers) if answers else None


def addresses(stated: Iterable[str | None]) -> set[str]:
    """Those of the stated addresses that can be asked: of the web, on one line and not absurdly long."""
    found = (url.strip() for url in stated if url)
    return {
        url for url in found
        if url.lower().startswith(("http://", "https://")) and len(url) <= _LONGEST_ADDRESS and url.isprintable()
    }  # fmt: skip


async def sample_links(asking: Asking, entries: Iterable[Entry], key: str, at: datetime) -> Sample:
    """Try at most 30 of the datasets' addresses, drawn by the source's ``key`` and the month of ``at``.

    Never raises for what a link did.
    """
    urls: set[str] = set()
    for entry in entries:
        urls |= addresses(entry.served)
        urls |= addresses(url for file in entry.distributions or () for url in (file.access, file.download))
    seed = f"{key}\n{at.astimezone(UTC):%Y-%m}\n"
    drawn = nsmallest(LINKS, urls, key=lambda url: sha256((seed + url).encode("utf-8", "replace")).digest())
    sample = Sample()
    silent: dict[str, int] = {}
    for url in drawn:
        if not sample.told and sum(silent.values()) >= _ALL_SILENT:
            break
        try:
            name = host(url)
            if silent.get(name, 0) >= _STRIKES:
                continue
        except Unreadable:
            continue  # not an address at all
        sample.asked += 1
        position = asking.captures
        works = await _works(asking, url)
        if works is None:
            silent[name] = silent.get(name, 0) + 1
            continue
        if not sample.told:
            sample.capture = position
        sample.told[url] = works
    return sample


def link_measurements(sample: Sample) -> dict[str, Measurement]:
    """How many links told something, and which share of these works; nothing where none told anything."""
    if not sample.told:
        return {}
    told = len(sample.told)
    pointer = f"the status of {told} of {sample.asked} links drawn by lot"
    share = round(sum(sample.told.values()) / told, 4)
    return {
        "link_sample_size": Measurement(value=told, pointer=pointer, capture=sample.capture),
        "link_working_share": Measurement(value=share, unit="1", pointer=pointer, capture=sample.capture),
    }


async def _works(asking: Asking, url: str) -> bool | None:
    try:
        await asking.get(Request(url, limit_bytes=FIRST_BYTES, crawl=True))
    except Unreadable as fault:
        status = fault.capture.status if fault.capture else None
        if fault.reason is Reason.TOO_LARGE and status is not None and 200 <= status < 300:
            return True  # more came than the few bytes we wanted
        return False if fault.reason.outcome is Outcome.FAILED else None
    return True
