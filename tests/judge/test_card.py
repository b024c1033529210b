"""Whole scorecards: their order, their sources, and what holds for any facts whatever."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model.finding import CantTell, Failed, Passed, Untested
from builder.model.framework import Framework
from builder.model.observation import Observation, SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Answer, State
from builder.store.people import load_frameworks

from .facts import READABLE, World, ago, attestation, city, fault, good, indicator, pin, reject, source

ANSWERS = [{"rule": "answers"}]
QUESTION = indicator(
    kinds=("ckan", "gtfs"),
    published=ANSWERS,
    open_licence=[{"rule": "open_licence"}],
    working=[{"rule": "at_least", "measurement": "dataset_count", "value": 10}],
    fresh=[{"rule": "within", "measurement": "modified_latest", "days": 30}],
)
OTHER = indicator("air.stations", kinds=("gbfs",), weight=2)
OURS = [reason for reason in Reason if reason.outcome is Outcome.CANT_TELL]
THEIRS = [Reason.NOT_FOUND, Reason.GONE, Reason.EMPTY, Reason.MALFORMED]

days = st.integers(10, 120)
measured = st.fixed_dictionaries(
    {},
    optional={
        "dataset_count": st.integers(0, 20),
        "license_id": st.sampled_from(["CC0-1.0", "CC-BY-NC-4.0", "terms"]),
        "modified_latest": st.sampled_from(["2026-05-31", "2025-01-01", "1970-01-01", "2030-01-01"]),
        "stop_count_near": st.integers(0, 2),
    },
)
readings = st.builds(
    lambda when, complete, names: good(ago(when), complete=complete, **names), days, st.booleans(), measured
)
failures = st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*OURS[:3], *THEIRS])), max_size=2).map(
    lambda rows: tuple(fault(ago(when), reason) for when, reason in sorted(rows, key=lambda row: -row[0]))
)
facts = st.builds(lambda read, bad: SourceFacts(good=read, faults=bad), st.none() | readings, failures)
sources = st.lists(
    st.builds(
        source, st.sampled_from("abcdefgh"), st.sampled_from(["ckan", "gtfs", "gbfs"]),
        st.sampled_from(["city", "metropolitan", "regional", "national"])),
    max_size=4, unique_by=lambda one: one.id)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any city with a few sources, some read, some failing, some attested or rejected."""
    known = draw(sources)
    said = draw(
        st.lists(
            st.builds(
                attestation,
                st.just(QUESTION.id),
                st.sampled_from(["published", "fresh"]),
                st.sampled_from(["passed", "failed"]),
                st.sampled_from(["2026-05-01", "2025-05-01"]),
            ),
            max_size=2,
        )
    )
    rejects = [reject(QUESTION.id, one.id) for one in known[:1] if draw(st.booleans())]
    pins = [pin(OTHER.id, one.id) for one in known if draw(st.booleans())]
    read = {one.id: draw(facts) for one in known if draw(st.booleans())}
    return World(city(*known, attestations=said, rejects=rejects, pins=pins), read)


def told(answer: Answer) -> tuple[object, ...]:
    """Everything of an answer that a reader sees."""
    return (
        answer.state,
        answer.findings,
        answer.words,
        answer.thing,
        answer.others,
        answer.at,
        answer.until,
        answer.last_seen,
        answer.looked,
    )


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_sources_never_matters(world: World, random: object) -> None:
    """However a file lists its sources, pins, rejections and attestations, every answer is the same."""
    before = [told(answer) for answer in world.card(QUESTION, OTHER).answers]
    fields = ("sources", "pins", "rejects", "attestations")
    turned = {name: tuple(reversed(getattr(world.city, name))) for name in fields}
    after = World(world.city.model_copy(update=turned), world.facts)
    assert [told(answer) for answer in after.card(QUESTION, OTHER).answers] == before


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(OURS), st.data())
def test_no_fault_of_ours_lowers_anything(world: World, reason: Reason, data: st.DataObject) -> None:
    """One more reading that failed on our side or on the way changes no state, whatever was known before."""
    answering = [one.id for one in world.city.sources if one.id in world.facts and not world.facts[one.id].faults]
    if not answering:
        return
    id = data.draw(st.sampled_from(answering))
    before = world.card(QUESTION, OTHER)
    world.facts[id] = SourceFacts(good=world.facts[id].good, faults=(fault(ago(1), reason),))
    after = world.card(QUESTION, OTHER)
    assert [one.state for one in after.answers] == [one.state for one in before.answers]
    assert after.score == before.score


@settings(max_examples=60, deadline=None)
@given(readings)
def test_reading_an_unread_source_never_widens_the_range(read: Observation) -> None:
    """Whatever a first reading shows, the range afterwards lies within the range before."""
    world = World(city(source("a")))
    before = world.card(QUESTION, OTHER).score
    world.facts["a"] = SourceFacts(good=read)
    after = world.card(QUESTION, OTHER).score
    assert before.low <= after.low <= after.high <= before.high


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_is_claimed_is_proved_and_what_is_not_known_is_never_counted(world: World) -> None:
    """Known states rest on evidence, unknown ones are not counted, and what was last seen stands beside no yes."""
    card = world.card(QUESTION, OTHER)
    for answer in card.answers:
        assert answer.words.endswith((".", "?", "”"))
        assert not answer.state.known or any(isinstance(one, Passed | Failed) for one in answer.findings)
        if answer.state is State.PRESENT:
            assert all(isinstance(one, Passed) for one in answer.findings)
        if answer.state is State.MISSING:
            assert any(isinstance(one, Failed) and one.test == "published" for one in answer.findings)
        if answer.last_seen is not None:
            assert answer.state not in (State.PRESENT, State.PARTIAL)
            assert answer.last_seen.at <= ago(0)
    assert card.score.known == sum(answer.state.known for answer in card.answers)


def test_a_card_keeps_the_orders_that_people_wrote() -> None:
    """Answers in the framework's order of areas, sources in the city file's."""
    card = World(city(source("z", "gbfs"), source("a"))).card(OTHER, QUESTION)
    assert [answer.indicator.id for answer in card.answers] == [OTHER.id, QUESTION.id]
    assert [looked.source.id for looked in card.sources] == ["z", "a"]
    assert [area.score.applicable for area in card.areas] == [1, 1]


def test_the_same_facts_give_the_same_card() -> None:
    """Nothing but the arguments goes in: no clock, no chance."""
    world = World(city(source("a")), {"a": SourceFacts(good=good(ago(1), dataset_count=12))})
    assert world.card(QUESTION) == world.card(QUESTION)


@pytest.fixture(scope="module")
def capability() -> Framework:
    return load_frameworks(Path(__file__).parents[2] / "frameworks")["capability"]


def test_a_city_without_sources_has_a_complete_page(capability: Framework) -> None:
    """On day one every question stands there, unknown and untested, and no score is shown."""
    card = World(city()).card(*capability.indicators)
    assert len(card.answers) == len(capability.indicators) == 78
    assert {answer.state for answer in card.answers} == {State.UNKNOWN}
    assert all(isinstance(one, Untested) for answer in card.answers for one in answer.findings)
    assert (card.score.value, card.score.low, card.score.high) == (None, 0, 1)


def test_a_well_read_portal_answers_the_questions_about_portals(capability: Framework) -> None:
    """One catalogue decides what can be read from it today, and leaves the rest to readers still to come."""
    read = good(
        ago(1),
        dataset_count=295,
        announced_count=295,
        modified_latest="2026-05-30",
        modified_within_year_share=0.4,
        open_license_share=0.2,
        license_ids={"CC-BY-4.0": 59},
    )
    answers = {
        one.indicator.id: one
        for one in World(city(source()), {"portal": SourceFacts(good=read)})
        .card(*capability.indicators, readable=READABLE)
        .answers
    }
    assert answers["open-data.portal"].state is State.PRESENT
    assert answers["open-data.alive"].state is State.PRESENT
    assert answers["data-reuse.licence"].state is State.PARTIAL
    assert answers["data-reuse.links"].state is State.UNKNOWN
    assert answers["nature.trees"].words == (
        "We have not searched the city's data catalogue for this yet. Do you know where it is?"
    )
    assert not any(isinstance(one, CantTell) for one in answers["nature.trees"].findings)
