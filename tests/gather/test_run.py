"""The run: each source once, good facts kept, faults counted by days, nothing written when the fault is ours."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builder import probes
from builder.errors import Busy, Offline, RunRefused
from builder.gather.exchange import Deadline, Exchange
from builder.gather.plan import plan
from builder.gather.replay import Replay
from builder.gather.run import RunReport, Step, gather
from builder.model.capture import Capture, Request
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.observation import Measurement, Reading, Target
from builder.model.reasons import Outcome, Reason
from builder.model.source import Source
from builder.model.web import Web
from builder.store.ledger import Ledger
from builder.store.results import Results

pytestmark = pytest.mark.anyio

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


class World:
    """A web whose answers the test decides: by address a body or a reason; it remembers what was asked."""

    name = "a made-up web"

    def __init__(self, live: bool = True, **answers: Any) -> None:
        self.live = live
        self.answers: dict[str, Any] = answers
        self.asked: list[str] = []
        self.now, self.gone = DAY, False

    def clock(self) -> datetime:
        return self.now

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        self.asked.append(request.url)
        await asyncio.sleep(0.001)
        answer = self.answers.get(request.url, b"1")
        capture = Capture(url=request.url, final_url=request.url, status=200, at=self.now)
        if isinstance(answer, Reason):
            return Exchange(capture, answer, answer.words)
        return Exchange(capture, Reason.OK, body=answer)

    async def offline(self) -> bool:
        return self.gone


class Counting:
    """A probe that reads a number, its datasets and what lies near each place; `x` as a body makes it crash."""

    VERSION = 1
    DEADLINE_SECONDS = 5

    async def read(self, target: Target, web: Web) -> Reading:
        answer = await web.get(Request(target.url))
        count = int(answer.body)
        fact = Measurement(value=count, pointer="$")
        datasets = tuple(Dataset(id=f"d{i}", title=f"Dataset {i}", pointer=f"$[{i}]") for i in range(count))
        near = {place.key: {"count_near": Measurement(value=place.km, pointer="$")} for place in target.near}
        return Reading({"count": fact}, True, "all of it", datasets, near, empty=count == 0)


def city(id: str, *urls: str, **more: Any) -> City:
    """A city naming one catalogue after another, ids `s0`, `s1`, ..."""
    sources = tuple(
        Source(id=f"s{number}", kind=more.get("kind", "ckan"), url=url, publisher="somebody", tier="city",
               key_env=more.get("key_env"), near_km=more.get("near_km"))
        for number, url in enumerate(urls))  # fmt: skip
    return City(id=id, names={"en": id}, languages=("en",), country="DE", location=(50.0, 8.0), sources=sources)


Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the given cities against a world, into results/ of the test's own folder."""

    async def go(world: World, *cities: City, **more: Any) -> RunReport:
        return await gather(
            cities, more.pop("probes", {"ckan": Counting()}), tmp_path / "results", world,
            clock=world.clock, cache=tmp_path / ".cache", **more)  # fmt: skip

    return go


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def test_a_shared_source_is_read_once(run: Run, tmp_path: Path) -> None:
    """Two cities that name the same source get one reading, each with what lies near its own centre."""
    world = World()
    steps: list[Step] = []
    url = "https://transit.example/"
    report = await run(world, city("de-a", url), city("de-b", url, near_km=3), progress=steps.append)
    assert world.asked == [url]
    assert (report.sources, report.read, report.cities_changed, report.ledger_lines) == (1, 1, ("de-a", "de-b"), 1)
    assert [(step.done, step.total, step.reason) for step in steps] == [(1, 1, Reason.OK)]
    results = Results(tmp_path / "results")
    for id, km in (("de-a", 25.0), ("de-b", 3.0)):
        facts = results.city(id)
        assert facts is not None and facts.sources["s0"].good is not None
        good = facts.sources["s0"].good
        assert (good.measurements["count"].value, good.measurements["count_near"].value) == (1, km)
        assert good.at == DAY and good.dataset_list is not None and good.probe == "ckan/1"
    assert [dataset.id for dataset in results.datasets(city("de-a", url).sources[0].key)] == ["d0"]
    assert not list((tmp_path / ".cache" / "runs").iterdir())


async def test_unchanged_facts_change_no_file(run: Run, tmp_path: Path) -> None:
    """Reading the same facts a day later changes the ledger only; the file keeps the day they were first seen."""
    world, place = World(), city("de-a", "https://a.example/")
    await run(world, place)
    before = (tmp_path / "results" / "de-a.json").read_bytes()
    world.now += timedelta(days=1)
    report = await run(world, place)
    assert (tmp_path / "results" / "de-a.json").read_bytes() == before
    assert (report.cities_changed, report.ledger_lines) == ((), 1)
    assert [line.at for line in Ledger(tmp_path / "results").lines()] == [DAY, DAY + timedelta(days=1)]


async def test_faults_stand_beside_the_good(run: Run, tmp_path: Path) -> None:
    """A fault keeps the good facts, two on different days are kept, a third adds nothing, and a good one ends it."""
    url = "https://a.example/"
    world, place = World(), city("de-a", url)
    results = Results(tmp_path / "results")

    async def after(answer: Any, days: int) -> tuple[Any, list[tuple[str, int]]]:
        world.answers[url] = answer
        world.now = DAY + timedelta(days=days)
        await run(world, place)
        facts = results.city("de-a")
        assert facts is not None
        known = facts.sources["s0"]
        value = known.good.measurements["count"].value if known.good else None
        return value, [(fault.reason.value, fault.at.day) for fault in known.faults]

    assert await after(b"7", 0) == (7, [])
    assert await after(Reason.TIMEOUT, 1) == (7, [("timeout", 2)])
    assert await after(Reason.NOT_FOUND, 1) == (7, [("not-found", 2)])
    assert await after(Reason.NOT_FOUND, 1) == (7, [("not-found", 2)])
    assert await after(Reason.SERVER_ERROR, 2) == (7, [("not-found", 2)])
    assert await after(Reason.GONE, 3) == (7, [("not-found", 2), ("gone", 4)])
    assert await after(Reason.GONE, 4) == (7, [("not-found", 2), ("gone", 4)])
    assert await after(b"8", 5) == (8, [])
    assert await after(b"0", 6) == (8, [("empty", 7)])


async def test_a_crash_is_one_source_s_own(run: Run, tmp_path: Path) -> None:
    """A probe that crashes, points at nothing or counts to infinity becomes `our-error`; all others are read."""

    class Odd(Counting):
        async def read(self, target: Target, web: Web) -> Reading:
            reading = await super().read(target, web)
            if "infinite" in target.url:
                return Reading({"x": Measurement(value=float("inf"), pointer="$")}, True, "")
            if "nowhere" in target.url:
                return Reading({"x": Measurement(value=1, pointer="$", capture=3)}, True, "")
            return reading

    world = World(**{"https://crash.example/": b"not a number"})
    place = city("de-a", "https://crash.example/", "https://infinite.example/", "https://nowhere.example/",
                 "https://fine.example/")  # fmt: skip
    report = await run(world, place, probes={"ckan": Odd()})
    assert report.reasons == {Reason.OK: 1, Reason.OUR_ERROR: 3}
    facts = Results(tmp_path / "results").city("de-a")
    assert facts is not None and facts.sources["s0"].faults[0].message.startswith("our probe failed: ValueError at ")
    assert facts.sources["s0"].faults[0].outcome is Outcome.CANT_TELL


async def test_what_was_not_learned_leaves_no_trace(run: Run, tmp_path: Path) -> None:
    """An uncaptured source, a missing key and a kind nobody can read are counted, and written nowhere."""
    world = World(**{"https://a.example/": Reason.NOT_CAPTURED})
    report = await run(
        world, city("de-a", "https://a.example/"), city("de-b", "https://b.example/", key_env="SOME_API_KEY"),
        city("de-c", "https://c.example/", kind="wms"))  # fmt: skip
    assert (report.untested, report.read, dict(report.unreadable_kinds)) == (2, 0, {"wms": 1})
    assert report.reasons == {Reason.NOT_CAPTURED: 1, Reason.NEEDS_KEY: 1}
    assert world.asked == ["https://a.example/"]
    assert _files(tmp_path / "results") == {}


async def test_a_key_is_handed_over(run: Run) -> None:
    """A key from the environment reaches the probe; it is in no file (sessions mask it)."""

    class Keyed(Counting):
        async def read(self, target: Target, web: Web) -> Reading:
            assert target.key == "s3cret"
            return await super().read(target, web)

    place = city("de-b", "https://b.example/", key_env="SOME_API_KEY")
    report = await run(World(), place, probes={"ckan": Keyed()}, environment={"SOME_API_KEY": "s3cret"})
    assert report.reasons == {Reason.OK: 1}


async def test_offline_records_nothing(run: Run, tmp_path: Path) -> None:
    """Without a network the run says so and changes nothing; nor does it when all of five hosts cannot be reached."""
    world = World()
    five = [f"https://{letter}.example/" for letter in "abcde"]
    await run(world, city("de-a", *five))
    before = _files(tmp_path / "results")
    world.now += timedelta(days=1)
    world.gone = True
    with pytest.raises(Offline, match="no network here"):
        await run(world, city("de-a", *five))
    world.gone = False
    world.answers = dict.fromkeys(five, Reason.CONNECTION_FAILED)
    with pytest.raises(Offline, match="none of 5 hosts"):
        await run(world, city("de-a", *five))
    assert _files(tmp_path / "results") == before
    four = await run(world, city("de-b", *five[:4]))
    assert (four.reasons, four.cities_changed) == ({Reason.CONNECTION_FAILED: 4}, ("de-b",))


@pytest.mark.parametrize(("failing", "refused"), [(3, False), (4, True)])
async def test_too_many_new_failures(run: Run, tmp_path: Path, failing: int, refused: bool) -> None:
    """When more than 30 % of the hosts that answered before fail, nothing is published and the next run asks anew."""
    world = World()
    ten = [f"https://{letter}.example/" for letter in "abcdefghij"]
    await run(world, city("de-a", *ten))
    before = _files(tmp_path / "results")
    world.now += timedelta(days=1)
    world.answers = dict.fromkeys(ten[:failing], Reason.TIMEOUT)
    if refused:
        with pytest.raises(RunRefused, match="4 of 10 hosts"):
            await run(world, city("de-a", *ten))
        assert _files(tmp_path / "results") == before
        world.answers = {}
        assert (await run(world, city("de-a", *ten))).resumed == 0
    else:
        assert (await run(world, city("de-a", *ten))).cities_changed == ("de-a",)


async def test_a_replay_is_never_offline(run: Run) -> None:
    """Recorded failures are facts of their day, however many: no network of ours can be at fault."""
    world = World(live=False, **{f"https://{one}.example/": Reason.CONNECTION_FAILED for one in "abcde"})
    world.gone = True
    assert (await run(world, city("de-a", *world.answers))).reasons == {Reason.CONNECTION_FAILED: 5}


async def test_a_second_replay_changes_nothing(run: Run, tmp_path: Path) -> None:
    """Facts from a recording bear its date, are measured as of that date, and replaying them again is silent."""
    seen: list[datetime] = []

    class Dated(Counting):
        async def read(self, target: Target, web: Web) -> Reading:
            reading = await super().read(target, web)
            seen.append(target.now)
            return reading

    world, place = World(live=False), city("de-a", "https://a.example/")

    async def replay(now: datetime) -> RunReport:
        return await gather(
            [place], {"ckan": Dated()}, tmp_path / "results", world, clock=lambda: now, cache=tmp_path / ".cache"
        )

    await replay(DAY + timedelta(days=1000))
    before = _files(tmp_path / "results")
    report = await replay(DAY + timedelta(days=1400))
    assert (report.cities_changed, report.ledger_lines) == ((), 0)
    assert _files(tmp_path / "results") == before
    assert seen[-1] == DAY


async def test_old_news_displaces_nothing(run: Run, tmp_path: Path) -> None:
    """A recording older than what was read since adds its line to the ledger and leaves the newer facts alone."""
    world, place = World(**{"https://a.example/": b"2"}), city("de-a", "https://a.example/")
    await run(world, place)
    before = (tmp_path / "results" / "de-a.json").read_bytes()
    old = World(live=False, **{"https://a.example/": b"5"})
    old.now = DAY - timedelta(days=900)
    report = await run(old, place)
    assert ((tmp_path / "results" / "de-a.json").read_bytes(), report.ledger_lines) == (before, 1)
    assert len(Results(tmp_path / "results").datasets(place.sources[0].key)) == 2


async def test_an_address_that_changed_starts_anew(run: Run, tmp_path: Path) -> None:
    """Facts stay with the address they were read at: a source that moved, or left the file, takes none along."""
    await run(World(), city("de-a", "https://a.example/", "https://b.example/"))
    await run(World(**{"https://new.example/": Reason.NOT_CAPTURED}), city("de-a", "https://new.example/"))
    facts = Results(tmp_path / "results").city("de-a")
    assert facts is not None and facts.sources == {}


@pytest.mark.parametrize(("hours", "asked_again"), [(1, 1), (30, 4)])
async def test_an_interrupted_run_goes_on(run: Run, tmp_path: Path, hours: int, asked_again: int) -> None:
    """A run that was stopped resumes within a day and asks no source twice; after a day it asks them all again."""
    urls = [f"https://{letter}.example/" for letter in "abcd"]
    place = city("de-a", *urls)
    world = World()

    def stop(step: Step) -> None:
        if step.done == 3:
            running.cancel()

    running = asyncio.create_task(run(world, place, at_once=1, progress=stop))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert _files(tmp_path / "results") == {}
    world.asked = []
    world.now += timedelta(hours=hours)
    report = await run(world, place)
    assert (len(world.asked), report.resumed) == (asked_again, 4 - asked_again)
    assert (report.read, report.ledger_lines, report.cities_changed) == (4, 4, ("de-a",))


async def test_one_writer(run: Run, tmp_path: Path) -> None:
    """A second run over the same results stops with one line."""
    with Results(tmp_path / "results").lock("somebody else"), pytest.raises(Busy):
        await run(World(), city("de-a", "https://a.example/"))


async def test_shards_share_the_work() -> None:
    """Every source belongs to exactly one of n shards."""
    place = city("de-a", *(f"https://h{number}.example/" for number in range(40)))
    parts = [{job.key for job in plan([place], {"ckan"}, (part, 3))} for part in (1, 2, 3)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40 and all(parts)


def _write_for_ever(folder: Path, ready: Any) -> None:
    """Run after run over four cities whose facts change every time."""

    async def main() -> None:
        for turn in range(100_000):
            world = World(live=False)
            world.now += timedelta(days=turn)
            places = [city(id, *urls) for id, urls in CITIES.items()]
            world.answers = {url: str(turn % 5 + 1).encode() for urls in CITIES.values() for url in urls}
            ready.set()
            await gather(
                places, {"ckan": Counting()}, folder / "results", world, clock=world.clock, cache=folder / ".cache"
            )

    asyncio.run(main())


CITIES = {f"de-c{n}": [f"https://h{n}-{m}.example/" for m in range(3)] for n in range(4)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
def test_killed_at_any_point_every_file_parses(tmp_path: Path) -> None:
    """A writer shot dead at random points leaves only whole files, and the next one is not barred."""
    chance = random.Random(7)
    forking = multiprocessing.get_context("fork")
    for _ in range(25):
        ready = forking.Event()
        writer = forking.Process(target=_write_for_ever, args=(tmp_path, ready))
        writer.start()
        assert ready.wait(20)
        time.sleep(chance.random() * 0.1)
        assert writer.is_alive()
        writer.kill()
        writer.join()
        results = Results(tmp_path / "results")
        Ledger(tmp_path / "results").lines()
        for id, urls in CITIES.items():
            facts = results.city(id)
            for source in city(id, *urls).sources if facts else ():
                assert facts and facts.sources[source.id].good and results.datasets(source.key)
    assert len(results.cities()) == len(CITIES)


async def test_the_real_recordings(shared: Path, tmp_path: Path) -> None:
    """From a recorded catalogue to facts: of their true date, from a copy that is named, and silent when repeated."""
    place = city("us-la-baton-rouge", "https://data.brla.gov/", kind="socrata")

    async def replay() -> RunReport:
        return await gather(
            [place], probes.discover(), tmp_path / "results", Replay(shared / "recordings", clock=lambda: DAY),
            clock=lambda: DAY, cache=tmp_path / ".cache")  # fmt: skip

    first = await replay()
    before = _files(tmp_path / "results")
    second = await replay()
    facts = Results(tmp_path / "results").city("us-la-baton-rouge")
    assert facts is not None and facts.sources["s0"].good is not None
    good = facts.sources["s0"].good
    assert good.at.year == 2022 and good.captures[0].copy_of is not None and not good.complete
    assert good.measurements["dataset_count"].value == 85
    assert (first.ledger_lines, second.ledger_lines) == (1, 0)
    assert _files(tmp_path / "results") == before
