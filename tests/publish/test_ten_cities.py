"""Ten hand-made cities, as files alone: each shows one thing that a scorecard must get exactly right."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builder.model.capture import Capture
from builder.model.catalogue import Dataset
from builder.model.evidence import Searched
from builder.model.finding import Failed, Untested
from builder.model.measured import Measured, Row
from builder.model.observation import CityFacts, LedgerLine, Measurement, Observation, SourceFacts
from builder.model.reasons import Reason
from builder.model.scorecard import Answer, State
from builder.publish.everything import Everything, framework_of, read
from builder.store.ledger import Ledger
from builder.store.measurement import write_measured
from builder.store.people import load_cities
from builder.store.results import Results

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TREES, TIMETABLE = "nature.trees", "transit.timetable"

HEAD = """\
id: {id}
names: {{en: {name}}}
languages: [en]
country: IE
location: [53.0, -8.0]
population: {{value: 50000, year: 2022, source: https://census.example.org/}}
sources:
"""
PORTAL = """\
  - {id: portal, kind: ckan, url: "https://data.example.org/", publisher: The council, tier: city}
"""
FEED = """\
  - {{id: {id}, kind: gtfs, url: "https://{id}.example.org/gtfs.zip", publisher: {id}, tier: {tier}{near}}}
"""
PINNED = """\
pins:
  - {indicator: nature.trees, source: portal, dataset: green-7, by: a resident, on: 2026-10-01}
"""


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def seen(kind: str, url: str, at: datetime, reason: Reason = Reason.OK, **measured: Any) -> Observation:
    """One reading with the measurements it made."""
    capture = Capture(url=url, final_url=url, status=200 if reason is Reason.OK else None, at=at)
    return Observation(
        kind=kind,
        url=url,
        probe=f"{kind}/1",
        at=at,
        outcome=reason.outcome,
        reason=reason,
        complete=True,
        captures=(capture,),
        measurements={name: Measurement(value=value, pointer=f"$.{name}") for name, value in measured.items()},
    )


def dataset(id: str = "trees", title: str = "Street trees", **more: Any) -> Dataset:
    plain = {
        "formats": ("CSV",),
        "licence": "CC-BY-4.0",
        "modified": "2026-10-01",
        "url": f"https://data.example.org/{id}",
    }
    return Dataset.model_validate({"id": id, "title": title, "pointer": "$", **plain, **more})


CONTROL = dataset("library", "Libraries", description_length=0)


class Town:
    """One city's files: what people wrote, what machines saw."""

    def __init__(self, folder: Path, id: str) -> None:
        self.id, self.folder = id, folder
        self.sources, self.words = "", ""
        self.facts: dict[str, SourceFacts] = {}
        self.lines: list[tuple[str, datetime, Reason]] = []
        self.datasets: list[Dataset] = []
        self.read_on: date | None = None

    def portal(self, *datasets: Dataset, days: float = 1, faults: tuple[Observation, ...] = ()) -> Town:
        """A portal read so many days ago with these datasets and one library, which is on another topic."""
        self.sources += PORTAL
        self.datasets = [*datasets, CONTROL]
        there = sum(one.gone_since is None for one in self.datasets)
        count = {"dataset_count": there, "announced_count": there}
        good = seen("ckan", "https://data.example.org/", ago(days), **count)
        self.facts["portal"] = SourceFacts(good=good, faults=faults)
        self.lines.append(("portal", ago(days), Reason.OK))
        return self

    def timetable(self, id: str = "buses", tier: str = "city", **measured: Any) -> Town:
        """A timetable read yesterday; by default it holds the coming month under an open licence."""
        self.sources += FEED.format(id=id, tier=tier, near="" if tier == "city" else ", near_km: 20")
        span = {"service_start": "2026-11-01", "service_end": "2026-12-31", "license_id": "CC-BY-4.0"}
        facts = seen("gtfs", f"https://{id}.example.org/gtfs.zip", ago(1), **{**span, **measured})
        self.facts[id] = SourceFacts(good=facts)
        self.lines.append((id, ago(1), Reason.OK))
        return self

    def save(self) -> None:
        """Write the files."""
        text = HEAD.format(id=self.id, name=self.id.title()) + self.sources + self.words
        (self.folder / "cities" / f"{self.id}.yml").write_text(text, encoding="utf-8")
        keys = {one.id: one.key for one in load_cities(self.folder / "cities")[self.id].sources}
        results = Results(self.folder / "results")
        results.write_city(CityFacts(city=self.id, sources=self.facts))
        if self.datasets:
            results.write_datasets(keys["portal"], self.datasets, False, NOW.date())
        Ledger(self.folder / "results").append(
            LedgerLine(run=at, source=keys[id], at=at, outcome=reason.outcome, reason=reason)
            for id, at, reason in self.lines
        )


@pytest.fixture
def town(tmp_path: Path) -> Iterable[Callable[[], Town]]:
    """A folder with our own framework and words, and a measurement in which the words for trees are proven."""
    (tmp_path / "cities").mkdir()
    shutil.copytree(ROOT / "frameworks", tmp_path / "frameworks")
    figures = {"predicted": 40, "right": 40, "positives": 40, "found": 40, "sample": 900, "on": "2026-11-01"}
    row = Row.model_validate({"topic": TREES, "language": "en", **figures})
    write_measured(tmp_path / "frameworks", Measured(topics_version="1.0", vocabulary="", labelled="", rows=(row,)))
    yield lambda: Town(tmp_path, "ie-exampleton")


def ask(town: Town, question: str = TREES) -> Answer:
    """Judge the town from its files alone."""
    town.save()
    everything: Everything = read(
        cities=town.folder / "cities", results=town.folder / "results", frameworks=town.folder / "frameworks", now=NOW
    )
    card = everything.card(everything.people[town.id], framework_of(town.folder / "frameworks"))
    return next(one for one in card.answers if one.indicator.id == question)


Make = Callable[[], Town]


def test_present(town: Make) -> None:
    """One: its portal lists street trees, as a table, openly licensed, changed this autumn."""
    answer = ask(town().portal(dataset()))
    assert answer.state is State.PRESENT
    assert answer.words == (
        "Ie-Exampleton: on 19 November 2026 “Street trees” in the open data portal (CKAN) of The council was "
        "published, readable by programs, openly licensed and up to date, "
        "which is all we ask (recognised by its words)."
    )


def test_partial(town: Make) -> None:
    """Two: the same without a licence; one failure caps, and says so."""
    answer = ask(town().portal(dataset(licence=None)))
    assert answer.state is State.PARTIAL and "did not pass our test “openly licensed”" in answer.words


def test_missing_with_proof(town: Make) -> None:
    """Three: everything was searched with words known to work, and nothing speaks of trees."""
    answer = ask(town().portal(dataset("bins", "Litter bins")))
    assert answer.state is State.MISSING
    failed = next(one for one in answer.findings if isinstance(one, Failed))
    (proof,) = failed.evidence
    assert isinstance(proof, Searched) and proof.read == proof.announced == 2


def test_candidate(town: Make) -> None:
    """Four: something touches the subject: not known, and the page asks whether this is it."""
    answer = ask(town().portal(dataset("cover", "Tree canopy cover")))
    assert answer.state is State.UNKNOWN and answer.words.endswith("and one may be it. Is it?")
    assert [thing.dataset.id for thing in answer.proposals if thing.dataset] == ["cover"]


def test_pinned(town: Make) -> None:
    """Five: a resident says which dataset is meant, whatever its title; the tests are still the machine's."""
    one = town().portal(dataset("green-7", "Layer 7"))
    one.words = PINNED
    answer = ask(one)
    assert answer.state is State.PRESENT and answer.thing is not None and answer.thing.dataset is not None
    assert answer.thing.dataset.id == "green-7" and "recognised" not in answer.words


def test_pinned_then_gone(town: Make) -> None:
    """Six: the pinned dataset is in no complete reading since 1 November: it is no longer published."""
    one = town().portal(dataset("green-7", "Layer 7", gone_since="2026-11-01"))
    one.words = PINNED
    answer = ask(one)
    assert answer.state is State.MISSING and "has not listed it since 1 November 2026" in answer.words


@pytest.mark.parametrize(("near", "state"), [(12, State.PRESENT), (0, State.UNKNOWN), (None, State.UNKNOWN)])
def test_regional_feed(town: Make, near: int | None, state: State) -> None:
    """Seven and eight: a region's timetable counts for this city only if a stop near it was seen."""
    measured = {} if near is None else {"stop_count_near": near}
    answer = ask(town().timetable("region", "regional", **measured), TIMETABLE)
    assert answer.state is state
    assert state is State.PRESENT or "not seen that" in answer.words


def test_stale(town: Make) -> None:
    """Nine: read two months ago: unknown today, and what was seen then stays, dated."""
    answer = ask(town().portal(dataset(modified="2026-09-01"), days=60))
    assert answer.state is State.UNKNOWN and "we last read" in answer.words
    assert answer.last_seen is not None
    assert (answer.last_seen.state, answer.last_seen.at) == (State.PRESENT, ago(60))


def test_three_weeks_of_time_outs(town: Make) -> None:
    """Ten: it has not answered us for three weeks: what was read before that still counts, and the sentence says so."""
    faults = tuple(seen("ckan", "https://data.example.org/", ago(day), Reason.TIMEOUT) for day in (21, 20))
    one = town().portal(dataset(), days=22, faults=faults)
    one.lines += [("portal", ago(day), Reason.TIMEOUT) for day in range(21, 0, -1)]
    answer = ask(one)
    assert answer.state is State.PRESENT and "it has not answered us since 30 October 2026" in answer.words
    assert not any(isinstance(finding, Failed) for finding in answer.findings)


def test_seven_timetables(town: Make) -> None:
    """Eleven: seven operators; the best feed is the answer, the nearest among equals, and the six others are listed."""
    one = town()
    for number in range(1, 6):
        one.timetable(f"line{number}", service_end="2026-11-10")
    one.timetable("region", "regional", stop_count_near=40)
    answer = ask(one.timetable("trams"), TIMETABLE)
    assert answer.state is State.PRESENT and answer.thing is not None and answer.thing.source.id == "trams"
    assert [thing.source.id for thing in answer.others] == ["region", *(f"line{number}" for number in range(1, 6))]


def test_a_new_city(town: Make) -> None:
    """And on day one: a portal that nobody has read. Every gap is ours."""
    one = town()
    one.sources = PORTAL
    one.lines = []
    answer = ask(one)
    assert answer.state is State.UNKNOWN and all(isinstance(finding, Untested) for finding in answer.findings)
