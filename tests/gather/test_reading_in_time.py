"""A source's time ends, whether its servers or our own work used it up, and the reason says which."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import anyio.lowlevel
import pytest

from builder.gather import reading as room
from builder.gather.exchange import Deadline, Exchange
from builder.gather.reading import Read, read_source
from builder.model.capture import Capture, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Outcome, Reason
from builder.model.web import Web

from .conftest import NOW

pytestmark = pytest.mark.anyio
URL = "https://lindenford.example/feed"


class _Answering:
    """A backend that answers everything after so many seconds, our own wait for a turn given back."""

    name, live = "a test", True

    def __init__(self, seconds: float = 0.0, queue: float = 0.0) -> None:
        self.seconds, self.queue = seconds, queue
        self.asked = 0

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        """Answer, or say that there was no time left to."""
        self.asked += 1
        await asyncio.sleep(self.queue)
        deadline.extend(self.queue)
        late = deadline.remaining < self.seconds
        await asyncio.sleep(max(0.0, min(self.seconds, deadline.remaining)))
        capture = Capture(url=request.url, final_url=request.url, status=None if late else 200, at=NOW)
        return Exchange(capture, Reason.TIMEOUT if late else Reason.OK, "late", b"", seconds=self.seconds)

    async def offline(self) -> bool:
        """Never."""
        return False


class _Probe:
    """A probe that asks once and then works as it is told to."""

    VERSION, DEADLINE_SECONDS = 1, 1

    def __init__(self, work: Callable[[Web], Awaitable[None]]) -> None:
        self._work = work

    async def read(self, target: Target, web: Web) -> Reading:
        """Read nothing."""
        await web.get(Request(target.url))
        await self._work(web)
        return Reading({}, complete=True, scope="all")


async def read(work: Callable[[Web], Awaitable[None]], backend: Any = None) -> Read:
    """Read a source whose probe works so."""

    def clock() -> datetime:
        return NOW

    return await read_source(_Probe(work), "feed", Target(URL, NOW), backend or _Answering(), clock=clock)


async def endless(web: Web) -> None:
    """Work without end that lets others work in between, as the readers of large tables do."""
    while True:
        await anyio.lowlevel.checkpoint()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(_Probe, "DEADLINE_SECONDS", 0.1)


async def test_our_own_work_ends_with_the_time_of_its_source() -> None:
    """A quick answer that keeps us busy without end is more than we read: our limit, and never the city's failing."""
    seen = (await read(endless)).observation
    assert seen.reason is Reason.TOO_LARGE and seen.outcome is Outcome.CANT_TELL
    assert "0.1 seconds" in seen.message and len(seen.captures) == 1 and not seen.measurements


async def test_a_slow_server_is_named_as_the_slow_side() -> None:
    """Where the answer took most of the time, what was left for reading it says nothing about how much there is."""
    seen = (await read(endless, _Answering(seconds=0.08))).observation
    assert seen.reason is Reason.TIMEOUT and "answers took" in seen.message


async def test_a_question_we_had_no_time_for_blames_nobody_else() -> None:
    """After our own work has used up the time no server is asked, and none is said to have been slow."""

    async def work(web: Web) -> None:
        deadline = asyncio.get_running_loop().time() + 0.11
        while asyncio.get_running_loop().time() < deadline:
            pass  # work that lets nobody else work
        await web.get(Request(URL))

    backend = _Answering()
    seen = (await read(work, backend)).observation
    assert seen.reason is Reason.TOO_LARGE and backend.asked == 1 and len(seen.captures) == 1


async def test_waiting_for_our_own_turn_is_not_the_sources_time() -> None:
    """An answer that came late because we spared its host is read as any other."""
    seen = (await read(lambda web: asyncio.sleep(0), _Answering(queue=0.3))).observation
    assert seen.reason is Reason.OK


async def test_what_works_beside_us_is_told_to_stop() -> None:
    """A parser in a thread of its own is let go of, and its probe may tell it so: nothing is left behind."""
    stop = threading.Event()

    async def work(web: Web) -> None:
        try:
            await asyncio.to_thread(stop.wait, 30)
        finally:
            stop.set()

    assert (await read(work)).observation.reason is Reason.TOO_LARGE and stop.is_set()


async def test_a_run_that_is_stopped_stops_the_reading() -> None:
    """Whoever ends a run waits for no parser."""
    stopped = asyncio.Event()

    async def work(web: Web) -> None:
        try:
            await endless(web)
        finally:
            stopped.set()

    task = asyncio.create_task(read(work))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stopped.is_set()
