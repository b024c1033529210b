"""The registries: read once a run, each row noted as standing, gone or not told, and no harm from a bad one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from builder.gather import registries
from builder.gather.exchange import Deadline, Exchange
from builder.gather.plan import in_shard
from builder.gather.registries import OFFICIAL_SITES, REGISTRIES, asked
from builder.gather.replay import Replay
from builder.gather.run import RunReport, gather
from builder.model.capture import Capture, RecordedCopy, Request
from builder.model.city import City
from builder.model.reasons import Reason
from builder.model.registry import Registries, RegistryFacts, Standing, registry_key
from builder.model.source import Found, Source
from builder.store.ledger import Ledger
from builder.store.people import load_cities
from builder.store.results import Results

pytestmark = pytest.mark.anyio

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEEDS, BIKES = REGISTRIES["Mobility Database"].url, REGISTRIES["GBFS systems"].url
ROOT = Path(__file__).parents[2]


class Lists:
    """A web that holds registries only: by address a body or a reason."""

    name = "made-up lists"
    live = True

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = answers
        self.asked: list[str] = []
        self.now = DAY
        self.copied = False

    def clock(self) -> datetime:
        return self.now

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        assert not crawl, "a registry is a documented file for programs, not a page we crawl"
        self.asked.append(request.url)
        answer = self.answers.get(request.url, Reason.NOT_CAPTURED)
        copy = RecordedCopy(link="https://copies.example/", fidelity="some rows") if self.copied else None
        capture = Capture(url=request.url, final_url=request.url, status=200, at=self.now, copy_of=copy)
        if isinstance(answer, Reason):
            return Exchange(capture, answer, answer.words)
        return Exchange(capture, Reason.OK, body=answer)

    async def offline(self) -> bool:
        return False


def city(id: str, *found: tuple[str, str | None], site: str | None = None) -> City:
    """A city whose sources were found in the given registries' rows."""
    sources = tuple(
        Source(
            id=f"s{number}", kind="gtfs", url=f"https://{id}.example/{number}", publisher="somebody", tier="city",
            found=Found(registry=registry, row=row, link="https://lists.example/", on="2025-12-01"),
        )
        for number, (registry, row) in enumerate(found)
    )  # fmt: skip
    return City(
        id=id, names={"en": id}, languages=("en",), country="DE", location=(50.0, 8.0), sources=sources, site=site
    )


Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the given cities without any probe, so that only registries are read."""

    async def go(lists: Lists, *cities: City, **more: Any) -> RunReport:
        return await gather(
            cities, {}, tmp_path / "results", lists, clock=lists.clock, cache=tmp_path / ".cache", **more
        )

    return go


def known(tmp_path: Path, name: str = "Mobility Database") -> RegistryFacts:
    return Results(tmp_path / "results").registries().registries[name]


def standing(tmp_path: Path) -> list[tuple[str, str | None, Standing, str | None, str]]:
    return [(one.city, one.row, one.standing, one.mark, one.on) for one in known(tmp_path).rows]


async def test_each_row_is_noted(run: Run, tmp_path: Path) -> None:
    """A row that is there stands (with the registry's own word), one that is not is gone, one nobody named untold."""
    lists = Lists(**{FEEDS: b"id,status\nmdb-7,active\nmdb-8,deprecated\ntld-9,\n"})
    name = "Mobility Database"
    place = city("de-a", (name, "7"), (name, "8"), (name, "12"), (name, None), (name, "tld-9"), ("A list of ours", "1"))
    report = await run(lists, place)
    assert lists.asked == [FEEDS] and [one.name for one in report.registries] == [name]
    assert standing(tmp_path) == [
        ("de-a", "7", Standing.STANDING, None, "2026-03-01"),
        ("de-a", "8", Standing.STANDING, "deprecated", "2026-03-01"),
        ("de-a", "12", Standing.GONE, None, "2026-03-01"),
        ("de-a", None, Standing.NOT_TOLD, None, "2026-03-01"),
        ("de-a", "tld-9", Standing.STANDING, None, "2026-03-01"),
    ]
    good = known(tmp_path).good
    assert good is not None and (good.rows_read, good.complete, good.at) == (3, True, DAY)


async def test_a_copy_proves_no_row_gone(run: Run, tmp_path: Path) -> None:
    """Somebody's copy may hold a choice of the rows, so what is not in it is not told."""
    lists = Lists(**{FEEDS: b"mdb_source_id\n7\n"})
    lists.copied = True
    await run(lists, city("de-a", ("Mobility Database", "7"), ("Mobility Database", "12")))
    assert [one[2] for one in standing(tmp_path)] == [Standing.STANDING, Standing.NOT_TOLD]


async def test_unchanged_facts_change_no_file(run: Run, tmp_path: Path) -> None:
    """A longer list a day later that says the same of our rows leaves the file; the ledger says when it was read."""
    lists, place = Lists(**{FEEDS: b"id\nmdb-7\n"}), city("de-a", ("Mobility Database", "7"))
    await run(lists, place)
    path = tmp_path / "results" / "registries.json"
    before = path.read_bytes()
    lists.now += timedelta(days=1)
    lists.answers[FEEDS] += b"mdb-8\n"
    await run(lists, place)
    lines = [line for line in Ledger(tmp_path / "results").lines() if line.source == registry_key(FEEDS)]
    assert path.read_bytes() == before and [line.at for line in lines] == [DAY, DAY + timedelta(days=1)]
    ledger = (tmp_path / "results" / "runs" / "2026-03.jsonl").read_bytes()
    await run(lists, place)
    assert (tmp_path / "results" / "runs" / "2026-03.jsonl").read_bytes() == ledger


@pytest.mark.parametrize(
    "answer", [Reason.SERVER_ERROR, b"\x28\xb5\x2f\xfd\x00", b"<html>", b"id\n", b"\x1f\x8bbroken"]
)
async def test_a_failing_registry_takes_nothing_away(run: Run, tmp_path: Path, answer: Any) -> None:
    """The rows stay as last told, the fault stands beside them with its first day, and the others are read."""
    lists = Lists(**{FEEDS: b"id\nmdb-7\n", BIKES: b"System ID\nlinden\n"})
    place = city("de-a", ("Mobility Database", "7"), ("GBFS systems", "linden"))
    await run(lists, place)
    before = known(tmp_path)
    for days in (1, 2):
        lists.now, lists.answers[FEEDS] = DAY + timedelta(days=days), answer
        report = await run(lists, place)
        assert [(one.name, one.reason is Reason.OK) for one in report.registries] == [
            ("GBFS systems", True), ("Mobility Database", False),
        ]  # fmt: skip
    after = known(tmp_path)
    assert (after.rows, after.good) == (before.rows, before.good)
    assert after.fault is not None and after.fault.at == DAY + timedelta(days=1) and after.fault.message
    lists.now, lists.answers[FEEDS] = DAY + timedelta(days=3), b"id\nmdb-7\n"
    await run(lists, place)
    assert known(tmp_path) == before


async def test_a_crash_of_ours_harms_no_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a fault that nobody foresaw becomes one line about that registry."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(registries, "rows", broken)
    report = await run(Lists(**{FEEDS: b"id\n"}), city("de-a", ("Mobility Database", "7")))
    assert [(one.reason, one.message) for one in report.registries] == [
        (Reason.OUR_ERROR, "our own program failed: ZeroDivisionError")
    ]


async def test_without_a_named_registry_nobody_is_asked(run: Run, tmp_path: Path) -> None:
    """Cities whose sources a person named, or which name lists we cannot read, cause no request and no file."""
    lists = Lists()
    report = await run(lists, city("de-a", ("A list of ours", "1")), city("de-b"))
    assert lists.asked == [] and report.registries == () and not (tmp_path / "results" / "registries.json").exists()


async def test_what_nobody_recorded_is_left_out(run: Run, tmp_path: Path) -> None:
    """A replay without the registry says nothing about it."""
    report = await run(Lists(), city("de-a", ("Mobility Database", "7")))
    assert report.registries == () and not (tmp_path / "results" / "registries.json").exists()


async def test_of_all_shards_one_reads_a_registry(run: Run, tmp_path: Path) -> None:
    """Three machines that share a run ask a registry once together."""
    lists, place = Lists(**{FEEDS: b"id\nmdb-7\n"}), city("de-a", ("Mobility Database", "7"))
    for part in (1, 2, 3):
        await run(lists, place, shard=(part, 3))
        assert (lists.asked == [FEEDS]) or not any(in_shard(registry_key(FEEDS), (i, 3)) for i in range(1, part + 1))
    assert lists.asked == [FEEDS] and len(standing(tmp_path)) == 1


async def test_a_run_over_one_city_keeps_the_others(run: Run, tmp_path: Path) -> None:
    """Rows of other cities are asked along, so one reading's day holds for all; a row no longer named is let go."""
    lists = Lists(**{FEEDS: b"id\nmdb-7\nmdb-8\n"})
    await run(lists, city("de-a", ("Mobility Database", "7")), city("de-b", ("Mobility Database", "8")))
    lists.now, lists.answers[FEEDS] = DAY + timedelta(days=1), b"id\nmdb-7\nmdb-9\n"
    await run(lists, city("de-a", ("Mobility Database", "9")))
    assert standing(tmp_path) == [
        ("de-a", "9", Standing.STANDING, None, "2026-03-02"),
        ("de-b", "8", Standing.GONE, None, "2026-03-02"),
    ]


async def test_an_older_copy_displaces_nothing(run: Run, tmp_path: Path) -> None:
    """A recording of last year says nothing about today that a newer reading did not."""
    lists, place = Lists(**{FEEDS: b"id\nmdb-8\n"}), city("de-a", ("Mobility Database", "7"))
    await run(lists, place)
    # A copy is replayed, so the ledger may well be newer than its day.
    lists.live, lists.now, lists.copied = False, DAY - timedelta(days=300), True
    lists.answers[FEEDS] = b"id\nmdb-7\n"
    await run(lists, place)
    assert [one[2] for one in standing(tmp_path)] == [Standing.GONE]


def test_official_sites_are_asked_of_their_own_registry() -> None:
    """A city whose site lies below .gov asks whether that domain is registered to a government."""
    told = asked([city("us-ma-boston", site="https://www.boston.gov/x"), city("de-a", site="https://gov.example/")])
    assert {name: [(one.city, one.source, one.row) for one in all] for name, all in told.items()} == {
        OFFICIAL_SITES: [("us-ma-boston", None, "boston.gov")]
    }


async def test_the_recorded_registries_hold_what_city_files_say(tmp_path: Path, shared: Path) -> None:
    """Read from the recordings, every row that our 70 city files name in those registries still stands."""
    people = list(load_cities(ROOT / "cities").values())
    replay = Replay(shared / "recordings", clock=lambda: DAY)
    for _ in range(2):
        await gather(people, {}, tmp_path / "r", replay, clock=lambda: DAY, cache=tmp_path / "c")
        content = (tmp_path / "r" / "registries.json").read_bytes()
        found = Registries.model_validate_json(content)
        assert set(found.registries) == {"Dateno", "GBFS systems", "Mobility Database", OFFICIAL_SITES}
        for name, facts in found.registries.items():
            expected = len(asked(people)[name])
            assert [one.standing for one in facts.rows] == [Standing.STANDING] * expected
            assert facts.good is not None and not facts.good.complete and facts.good.rows_read > 1000
    await gather(people, {}, tmp_path / "r", replay, clock=lambda: DAY, cache=tmp_path / "c")
    assert (tmp_path / "r" / "registries.json").read_bytes() == content and orjson.loads(content)["version"] == 1
