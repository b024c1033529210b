"""Comparison without a rank: peers, the shared denominator, and the places that the unknown leaves open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.judge.comparison import band, compared, peer_groups, places
from builder.judge.scores import area_score, city_score
from builder.model.city import City, Population
from builder.model.framework import Area, Framework
from builder.model.scorecard import Answer, AreaCard, Scorecard, State

from .facts import NOW, city, framework, indicator

P, H, M, U, N = State.PRESENT, State.PARTIAL, State.MISSING, State.UNKNOWN, State.NOT_APPLICABLE
QUESTIONS = [indicator(f"{area}.{name}", weight=weight) for area in ("a", "b") for name, weight in (("x", 1), ("y", 3))]
FRAMEWORK: Framework = framework(*QUESTIONS)


def card(id: str, *states: State) -> Scorecard:
    """A city with these states of a.x, a.y, b.x, b.y."""
    answers = [Answer(one, state, (), "") for one, state in zip(QUESTIONS, states, strict=True)]
    areas = tuple(
        AreaCard(Area(id=area, name=area, summary=area), found, area_score(found))
        for area in ("a", "b")
        if (found := tuple(one for one in answers if one.indicator.area == area))
    )
    named = city().model_copy(update={"id": id})
    return Scorecard(named, FRAMEWORK, NOW, areas, city_score([area.answers for area in areas]), ())


def town(id: str, country: str = "FR", people: int | None = None) -> City:
    population = Population(value=people, source="https://example.org/") if people else None
    return city().model_copy(update={"id": id, "country": country, "population": population})


@pytest.mark.parametrize(
    ("people", "found"),
    [
        (19_999, (0, 20_000)),
        (20_000, (20_000, 100_000)),
        (499_999, (100_000, 500_000)),
        (500_000, (500_000, 1_000_000)),
        (9_000_000, (1_000_000, None)),
    ],
)
def test_a_band_holds_its_lower_end(people: int, found: tuple[int, int | None]) -> None:
    """Exactly 20,000 people is the second band."""
    assert band(town("x", people=people)) == found


def test_peers_share_country_and_band() -> None:
    """Nobody is compared across borders or sizes, and whose population is not known has no peers."""
    groups = peer_groups([
        town("fr-b", people=200_000), town("fr-a", people=300_000), town("de-a", "DE", 300_000),
        town("fr-c", people=600_000), town("fr-d"), town("fr-e"),
    ])  # fmt: skip
    assert [(group.country, group.low, group.high, group.cities) for group in groups] == [
        ("FR", 100_000, 500_000, ("fr-a", "fr-b"))
    ]


def test_only_what_both_are_known_on_is_compared() -> None:
    """The one question on which both are known decides, whatever else either side has."""
    found = compared(card("a", P, M, P, U), card("b", H, U, N, P))
    assert (found.shared, found.applicable) == (("a.x",), 3)
    assert (found.value_one, found.value_other) == (1.0, 0.5)
    nothing = compared(card("a", P, U, U, U), card("b", U, P, U, U))
    assert (nothing.shared, nothing.value_one, nothing.value_other) == ((), None, None)


def test_weights_and_areas_count_as_in_the_score() -> None:
    """Over everything, a comparison shows the scores themselves."""
    one, other = card("a", P, M, P, P), card("b", M, P, H, M)
    found = compared(one, other)
    assert (found.value_one, found.value_other) == (one.score.value, other.score.value)


def test_places_are_a_range() -> None:
    """Known cities stand firm; what is unknown could be anywhere; equals share a place."""
    found = places(
        [card("top", P, P, P, P), card("open", U, U, U, U), card("low", M, M, M, M), card("twin", M, M, M, M)]
    )
    assert {id: (one.best, one.worst, one.of) for id, one in found.items()} == {
        "top": (1, 1, 4), "open": (1, 2, 4), "low": (2, 3, 4), "twin": (2, 3, 4)
    }  # fmt: skip


STATES = st.tuples(*[st.sampled_from(list(State))] * 4)


@given(st.lists(STATES, min_size=2, max_size=5), st.data())
def test_learning_more_never_widens_a_range_of_places(cities: list[tuple[State, ...]], data: st.DataObject) -> None:
    """Whatever an unknown turns out to be, no city's best gets better nor its worst worse."""
    cards = [card(f"c{number}", *states) for number, states in enumerate(cities)]
    before = places(cards)
    number = data.draw(st.integers(0, len(cities) - 1))
    learnt = tuple(
        data.draw(st.sampled_from([P, H, M])) if state is U and data.draw(st.booleans()) else state
        for state in cities[number]
    )
    after = places([card(f"c{number}", *learnt) if one.city.id == f"c{number}" else one for one in cards])
    for id, place in after.items():
        assert before[id].best <= place.best <= place.worst <= before[id].worst


@given(st.lists(STATES, min_size=1, max_size=6))
def test_places_count_who_must_and_who_could_be_above(cities: list[tuple[State, ...]]) -> None:
    """Counted by sorting, each place is what asking every other city one by one would give."""
    cards = [card(f"c{number}", *states) for number, states in enumerate(cities)]
    for id, place in places(cards).items():
        mine = next(one.score for one in cards if one.city.id == id)
        others = [one.score for one in cards if one.city.id != id]
        assert place.best == 1 + sum(other.low > mine.high for other in others)
        assert place.worst == 1 + sum(other.high > mine.low for other in others)


@given(STATES, STATES)
def test_a_comparison_is_the_same_from_both_sides(one: tuple[State, ...], other: tuple[State, ...]) -> None:
    """Who is named first makes no difference."""
    here, there = compared(card("a", *one), card("b", *other)), compared(card("b", *other), card("a", *one))
    assert (here.value_one, here.value_other, set(here.shared)) == (
        there.value_other,
        there.value_one,
        set(there.shared),
    )
