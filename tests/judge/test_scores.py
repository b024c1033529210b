"""Scores, coverage and range, on answers whose states are simply given."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.judge.scores import area_score, city_score
from builder.model.scorecard import Answer, Score, State

from .facts import indicator

KNOWN = (State.PRESENT, State.PARTIAL, State.MISSING)


def answer(state: State, weight: int = 1) -> Answer:
    return Answer(indicator(weight=weight), state, (), "")


def answers(*states: str) -> list[Answer]:
    return [answer(State(state)) for state in states]


some = st.builds(answer, st.sampled_from(State), st.integers(1, 3))
area = st.lists(some, min_size=1, max_size=6)
town = st.lists(area, min_size=1, max_size=5)


def test_an_area_is_the_weighted_mean_of_what_is_known() -> None:
    """A present of weight 3 and a missing of weight 1 make three quarters; what does not apply is not there."""
    score = area_score([answer(State.PRESENT, 3), answer(State.MISSING, 1), answer(State.NOT_APPLICABLE, 3)])
    assert score == Score(known=2, applicable=2, value=0.75, low=0.75, high=0.75)


def test_the_range_takes_every_unknown_as_no_and_as_yes() -> None:
    """One present, one partial, one missing, one unknown: 1.5 of 4 at least, 2.5 of 4 at most."""
    score = area_score(answers("present", "partial", "missing", "unknown"))
    assert (score.value, score.low, score.high, score.coverage) == (0.5, 0.375, 0.625, 0.75)


def test_a_city_is_the_plain_mean_of_its_areas() -> None:
    """A big area weighs no more than a small one, and an area of which nothing is known is only in the range."""
    score = city_score([answers("present"), answers("missing", "missing", "missing"), answers("unknown")])
    assert (score.value, score.low, score.high) == (0.5, 1 / 3, 2 / 3)


def test_under_sixty_percent_there_is_no_score() -> None:
    """Three of five known is a score, four of seven is none; counts and range stand anyway."""
    assert area_score(answers("present", "present", "present", "unknown", "unknown")).value == 1
    few = area_score(answers("present", "present", "present", "present", "unknown", "unknown", "unknown"))
    assert (few.value, few.known, few.applicable) == (None, 4, 7)
    assert few.low == 4 / 7 and few.high == 1


def test_where_nothing_applies_there_is_no_score() -> None:
    """An area that does not fit a city has no figures, and does not touch the city's."""
    nothing = answers("not_applicable", "not_applicable")
    assert area_score(nothing) == Score(known=0, applicable=0, value=None, low=0, high=0)
    assert city_score([nothing, answers("present")]) == Score(known=1, applicable=1, value=1, low=1, high=1)


@settings(max_examples=60, deadline=None)
@given(town)
def test_a_score_lies_in_its_range(areas: list[list[Answer]]) -> None:
    """What we say of a city is never outside what could still be true of it."""
    for score in (city_score(areas), *(area_score(one) for one in areas)):
        assert 0 <= score.low <= score.high <= 1
        assert score.value is None or score.low <= score.value <= score.high


@settings(max_examples=60, deadline=None)
@given(town, st.data())
def test_more_evidence_never_widens_the_range(areas: list[list[Answer]], data: st.DataObject) -> None:
    """Whatever an unknown turns out to be, the new range lies within the old one."""
    places = [(a, i) for a, one in enumerate(areas) for i, ans in enumerate(one) if ans.state is State.UNKNOWN]
    if not places:
        return
    at, index = data.draw(st.sampled_from(places))
    learnt = answer(data.draw(st.sampled_from(KNOWN)), areas[at][index].indicator.weight)
    after = [[learnt if (a, i) == (at, index) else ans for i, ans in enumerate(one)] for a, one in enumerate(areas)]
    old, new = city_score(areas), city_score(after)
    assert old.low <= new.low <= new.high <= old.high


@settings(max_examples=60, deadline=None)
@given(area, st.integers(1, 3))
def test_an_unknown_never_moves_a_known(one: list[Answer], weight: int) -> None:
    """A question we have not read changes no score; at most it makes us say that we know too little for one."""
    before, after = area_score(one), area_score([*one, answer(State.UNKNOWN, weight)])
    assert after.value in (before.value, None)
    assert after.known == before.known


@settings(max_examples=60, deadline=None)
@given(town)
def test_the_order_of_areas_and_questions_never_matters(areas: list[list[Answer]]) -> None:
    """Sums are exact, so no figure depends on the order in which it was added up."""
    assert city_score(areas) == city_score([one[::-1] for one in areas[::-1]])
