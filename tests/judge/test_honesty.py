"""Properties of the whole judge: what more evidence, another order, an unknown or a fault of ours may never do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.judge.matching import match
from builder.model.catalogue import Dataset
from builder.model.observation import SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Scorecard, State

from .facts import LICENCE, NOW, TREES, World, ago, city, fault, good, indicator, line, measured, source
from .words import nets

NETS = nets()
GATE = measured(("nature.trees", "en", 40, 40, 40, 40))
PARKS = Dataset(id="parks", title="Car park live", pointer="$[9]")
QUESTIONS = (
    indicator("a.portal", kinds=("ckan", "dcat_us"), weight=3),
    indicator("a.open", kinds=("ckan", "dcat_us"), published=[{"rule": "answers"}], open_licence=LICENCE),
    indicator("b.buses", kinds=("gtfs",), published=[{"rule": "answers"}], open_licence=LICENCE),
    TREES,
)
OURS = [one for one in Reason if one.outcome is Outcome.CANT_TELL]

licences = st.sampled_from([None, "CC-BY-4.0", "CC-BY-NC-4.0", "our own terms"])
titles = st.sampled_from(["Street trees", "Trees felled", "Budget", "Trees"])
datasets = st.lists(
    st.builds(
        lambda number, title, licence: Dataset(
            id=f"d{number}", title=title, licence=licence, formats=("CSV",), modified="2026-05-20", pointer="$"
        ),
        st.integers(0, 20),
        titles,
        licences,
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
readings = st.one_of(
    st.none(), st.fixed_dictionaries({"licence": licences, "days": st.sampled_from([1, 20, 400]), "lists": datasets})
)
towns = st.dictionaries(st.sampled_from(["one:ckan", "two:dcat_us", "three:gtfs", "four:gtfs"]), readings, min_size=1)


def world(plain: dict[str, Any]) -> World:
    """A city with these sources, each read or not."""
    town = World(city(*(source(*name.split(":")) for name in plain)), gate=GATE)
    for one in town.city.sources:
        read = plain[f"{one.id}:{one.kind}"]
        if read is None:
            continue
        listed = [*read["lists"], PARKS] if one.kind != "gtfs" else []
        facts: dict[str, Any] = {"dataset_count": len(listed), "announced_count": len(listed)} if listed else {}
        facts |= {"license_id": read["licence"]} if read["licence"] else {}
        town.facts[one.id] = SourceFacts(good=good(ago(read["days"]), of=one, **facts))
        if listed:
            town.datasets[one.key] = listed
            town.matches[one.key] = match(NETS, listed, ["en"])
    return town


def cells(card: Scorecard) -> dict[str, State]:
    return {answer.indicator.id: answer.state for answer in card.answers}


@settings(deadline=None)
@given(towns, st.randoms())
def test_the_order_of_sources_never_matters(plain: dict[str, Any], chance: Any) -> None:
    """A city file may be sorted in any way: the scorecard is the same in every answer and word."""
    names = list(plain)
    chance.shuffle(names)
    here, there = world(plain).card(*QUESTIONS), world({name: plain[name] for name in names}).card(*QUESTIONS)
    assert [(one.state, one.words, one.findings) for one in here.answers] == [
        (one.state, one.words, one.findings) for one in there.answers
    ]
    assert here.score == there.score


@settings(deadline=None)
@given(towns, st.sampled_from(OURS), st.data())
def test_no_fault_of_ours_lowers_anything(plain: dict[str, Any], reason: Reason, data: st.DataObject) -> None:
    """Whatever goes wrong on the way, on however many days: no answer that was known changes, and none becomes "no"."""
    before = world(plain)
    after = world(plain)
    hit = data.draw(st.sampled_from(sorted(one.id for one in before.city.sources)))
    known = after.facts.get(hit, SourceFacts())
    struck = next(one for one in after.city.sources if one.id == hit)
    faults = tuple(fault(ago(day), reason) for day in (0.9, 0.5))
    after.facts[hit] = known.model_copy(update={"faults": faults})
    after.ledger[struck.key] = [line(struck, ago(day), reason) for day in (0.9, 0.5)]
    old, new = cells(before.card(*QUESTIONS)), cells(after.card(*QUESTIONS))
    assert new == old


@settings(deadline=None, max_examples=300)
@given(towns, st.data())
def test_more_evidence_never_widens_the_range(plain: dict[str, Any], data: st.DataObject) -> None:
    """Reading a source that was never read can only make known what was unknown: low never sinks, high never rises."""
    unread = sorted(name for name, read in plain.items() if read is None)
    if not unread:
        return
    name = data.draw(st.sampled_from(unread))
    read = data.draw(readings.filter(lambda one: one is not None and one["days"] == 1))
    before, after = world(plain).card(*QUESTIONS), world({**plain, name: read}).card(*QUESTIONS)
    for id, state in cells(before).items():
        # One thing read more may be better than what was known; it never makes a known answer unknown or worse.
        if state in (State.PRESENT, State.PARTIAL):
            assert cells(after)[id].known and cells(after)[id].score >= state.score
    assert after.score.low >= before.score.low


@settings(deadline=None)
@given(towns)
def test_an_unknown_never_moves_a_known(plain: dict[str, Any]) -> None:
    """One more source that nobody has read leaves every answer and every figure of what is known as it was."""
    more = {**plain, "five:webpage": None}
    before, after = world(plain).card(*QUESTIONS), world(more).card(*QUESTIONS)
    assert cells(before) == cells(after) and before.score == after.score


@settings(deadline=None)
@given(towns)
def test_a_wiser_gate_only_adds(plain: dict[str, Any]) -> None:
    """Proving the words turns unknowns into answers and touches nothing else."""
    town = world(plain)
    known, bare = cells(town.card(*QUESTIONS)), cells(replace(town, gate=measured()).card(*QUESTIONS))
    assert all(state is known[id] for id, state in bare.items() if state.known)
    assert NOW.tzinfo is not None


def test_what_is_known_stands_before_what_may_be_better() -> None:
    """A feed that fails one test is the answer, although another passes more and leaves one untold."""
    question = indicator(
        "b.buses",
        kinds=("gtfs",),
        published=[{"rule": "answers"}],
        machine_readable=[{"rule": "machine_readable"}],
        open_licence=LICENCE,
        documented=[{"rule": "at_least", "measurement": "stop_count", "value": 5}],
    )
    known, gap = source("known", "gtfs"), source("gap", "gtfs")
    town = World(city(gap, known))
    town.facts = {
        "known": SourceFacts(good=good(ago(1), of=known, license_id="CC-BY-NC-4.0", stop_count=3)),
        "gap": SourceFacts(good=good(ago(1), of=gap, license_id="CC-BY-4.0")),
    }
    answer = town.ask(question)
    assert answer.state is State.PARTIAL and answer.thing is not None and answer.thing.source.id == "known"
    assert [one.source.id for one in answer.others] == ["gap"]
