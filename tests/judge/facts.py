"""Small facts to judge: a source, what was read of it and when, and one question about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter

from builder.judge.card import judge
from builder.judge.gate import Gate
from builder.judge.known import Known
from builder.model.capture import Capture, RecordedCopy
from builder.model.catalogue import Dataset
from builder.model.city import Attestation, City, Pin, Reject
from builder.model.finding import Finding, Test
from builder.model.framework import Area, Change, Framework, Indicator, Rule, TestRule
from builder.model.matches import Matches
from builder.model.measured import Measured, Row
from builder.model.observation import CityFacts, LedgerLine, Measurement, Observation, SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Answer, Scorecard
from builder.model.source import Source

READABLE = frozenset({"ckan", "dcat_us", "gtfs", "gbfs", "webpage", "open311"})
_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def on(day: str, clock: str = "12:00") -> datetime:
    """An instant, noon where no time is told."""
    return datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(clock), UTC)


NOW = on("2026-06-01")


def ago(days: float) -> datetime:
    """So many days before the moment at which the tests judge."""
    return NOW - timedelta(days=days)


def source(id: str = "portal", kind: str = "ckan", tier: str = "city", **more: Any) -> Source:
    plain = {"url": f"https://{id}.example.org/", "publisher": "Exampleton", **more}
    return Source.model_validate({"id": id, "kind": kind, "tier": tier, **plain})


def city(*sources: Source, **more: Any) -> City:
    plain = {"id": "gb-exampleton", "names": {"en": "Exampleton"}, "languages": ("en",), "country": "GB"}
    return City.model_validate({**plain, "location": (51.0, -1.0), "sources": sources, **more})


def pin(indicator: str, source: str, dataset: str | None = None) -> Pin:
    return Pin(indicator=indicator, source=source, dataset=dataset, by="a resident", on="2026-04-01")


def reject(indicator: str, source: str, dataset: str | None = None) -> Reject:
    return Reject(indicator=indicator, source=source, dataset=dataset, by="a resident", on="2026-04-01", why="wrong")


def attestation(indicator: str, test: str, outcome: str, day: str) -> Attestation:
    return Attestation(
        indicator=indicator,
        test=test,
        outcome=outcome,
        url="https://example.org/page",
        by="a resident",
        on=day,
        words="It stands there.",
    )


def capture(at: datetime, status: int = 200, copy: str | None = None, day_only: bool = False) -> Capture:
    copy_of = RecordedCopy(link=copy, fidelity="headers lost", day_only=day_only) if copy else None
    return Capture(
        url="https://example.org/",
        final_url="https://example.org/",
        status=status,
        at=at,
        copy_of=copy_of,
        media_type="application/json",
        bytes=100,
        sha256="0" * 64,
    )


def good(
    at: datetime,
    *,
    of: Source | None = None,
    complete: bool = True,
    scope: str = "",
    captures: tuple[Capture, ...] | None = None,
    **measured: Any,
) -> Observation:
    """A good reading with these measurements; names that end in `_share` are shares."""
    of = of or source()
    units = {name: "1" for name in measured if name.endswith("_share")}
    return Observation(
        kind=of.kind,
        url=of.url,
        probe=f"{of.kind}/1",
        at=at,
        outcome=Outcome.PASSED,
        reason=Reason.OK,
        complete=complete,
        scope=scope,
        captures=(capture(at),) if captures is None else captures,
        measurements={
            name: Measurement(value=value, unit=units.get(name), pointer=f"$.{name}")
            for name, value in measured.items()
        },
    )


def fault(at: datetime, reason: Reason, *, captured: bool = True) -> Observation:
    """A reading that went wrong."""
    return Observation(
        kind="ckan",
        url="https://example.org/",
        probe="ckan/1",
        at=at,
        outcome=reason.outcome,
        reason=reason,
        captures=(capture(at, 404 if reason in (Reason.NOT_FOUND, Reason.GONE) else 200),) if captured else (),
    )


def line(of: Source, at: datetime, reason: Reason = Reason.OK, digest: str | None = None) -> LedgerLine:
    return LedgerLine(run=at, source=of.key, at=at, outcome=reason.outcome, reason=reason, digest=digest)


def indicator(
    id: str = "trains.map",
    *,
    kinds: Sequence[str] = ("ckan",),
    topic: str | None = None,
    lifetime_days: int | None = None,
    weight: int = 1,
    **tests: Sequence[Mapping[str, Any]],
) -> Indicator:
    """A question with these tests; without any it asks only whether something is published."""
    asked = tests or {"published": [{"rule": "answers"}]}
    return Indicator(
        id=id,
        question="Is it there?",
        why="Because.",
        good="It is.",
        kinds=tuple(kinds),
        topic=topic,
        lifetime_days=lifetime_days,
        weight=weight,
        weight_why="So.",
        tests={Test(name): TestRule(words="It holds.", rules=tuple(map(rule, rules))) for name, rules in asked.items()},
    )


def rule(plain: Mapping[str, Any]) -> Rule:
    return _RULE.validate_python(plain)


def framework(*indicators: Indicator) -> Framework:
    areas = dict.fromkeys(one.area for one in indicators)
    return Framework(
        id="capability",
        version="0.1",
        name="Tests",
        summary="For tests.",
        indicators=indicators,
        areas=tuple(Area(id=id, name=id, summary=id) for id in areas),
        changes=(Change(version="0.1", on="2026-01-01", what="All.", why="First."),),
    )


@dataclass
class World:
    """What is known: fill it, then ask."""

    city: City
    facts: dict[str, SourceFacts] = field(default_factory=dict)
    datasets: dict[str, list[Dataset]] = field(default_factory=dict)
    ledger: dict[str, list[LedgerLine]] = field(default_factory=dict)
    matches: dict[str, Matches] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)

    def card(self, *indicators: Indicator, now: datetime = NOW, readable: Iterable[str] = READABLE) -> Scorecard:
        facts = CityFacts(city=self.city.id, sources=self.facts)
        known = Known(facts, self.datasets, self.ledger, self.matches, self.gate)
        return judge(self.city, known, framework(*indicators), now, frozenset(readable))

    def ask(self, question: Indicator, now: datetime = NOW, readable: Iterable[str] = READABLE) -> Answer:
        return self.card(question, now=now, readable=readable).answers[0]


def world(read: Observation | None = None, *faults: Observation, of: Source | None = None, **more: Any) -> World:
    """One source of which this was read."""
    of = of or source()
    facts = {of.id: SourceFacts(good=read, faults=faults)} if read or faults else {}
    return World(city(of, **more), facts)


def measured(*rows: tuple[str, str, int, int, int, int]) -> Gate:
    """A gate of rows: topic, language, predicted, right, positives, found."""
    names = ("topic", "language", "predicted", "right", "positives", "found")
    made = (Row(**dict(zip(names, row, strict=True)), sample=500, on="2026-05-01") for row in rows)  # type: ignore[arg-type]
    return Gate(Measured(topics_version="1.0", vocabulary="0" * 64, labelled="", rows=tuple(made)))


def found(answer: Answer, test: str) -> Finding:
    """The finding of one test."""
    return next(one for one in answer.findings if one.test == test)


# Questions that many tests ask.
ANSWERS = [{"rule": "answers"}]
DATASETS = [{"rule": "at_least", "measurement": "dataset_count", "value": 1}]
MONTH = [{"rule": "within", "measurement": "modified_latest", "days": 30}]
LICENCE = [{"rule": "open_licence"}]
PORTAL = indicator(published=DATASETS, working=ANSWERS)
ALIVE = indicator(published=DATASETS, fresh=MONTH)
TREES = indicator(
    "nature.trees",
    kinds=(),
    topic="nature.trees",
    published=ANSWERS,
    machine_readable=[{"rule": "machine_readable"}],
    open_licence=LICENCE,
    fresh=MONTH,
)
