"""Comparing cities: within a peer group, over what both are known on, and as a range of places, never as a rank."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.judge.policy import BANDS
from builder.judge.scores import shared_score
from builder.model.city import City
from builder.model.scorecard import Scorecard, State


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Cities of one country and one band of population; ``low`` and ``high`` are people, None for no limit."""

    country: str
    low: int
    high: int | None
    cities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two cities over the questions on which both are known: each one's share of those, 0..1.

    ``shared`` are those questions; the values are None where there is none.
    """

    one: str
    other: str
    shared: tuple[str, ...]
    applicable: int
    value_one: float | None
    value_other: float | None


@dataclass(frozen=True, slots=True)
class Places:
    """The best and the worst place that a city could hold in its group, once everything unknown is known."""

    best: int
    worst: int
    of: int


def band(city: City) -> tuple[int, int | None] | None:
    """The band of population a city is in, from and below; None where no population is known."""
    if city.population is None:
        return None
    people = city.population.value
    for low, high in zip((0, *BANDS), (*BANDS, None), strict=True):
        if people >= low and (high is None or people < high):
            return low, high
    raise AssertionError("the bands cover every number")


def peer_groups(cities: Iterable[City]) -> tuple[PeerGroup, ...]:
    """Every group of two and more; a city whose population is not known is in none."""
    groups: dict[tuple[str, int, int | None], list[str]] = {}
    for city in cities:
        found = band(city)
        if found is not None:
            groups.setdefault((city.country, *found), []).append(city.id)
    return tuple(
        PeerGroup(country, low, high, tuple(sorted(members)))
        for (country, low, high), members in sorted(groups.items(), key=lambda pair: pair[0][:2])
        if len(members) > 1
    )


def compared(one: Scorecard, other: Scorecard) -> Compared:
    """Two scorecards over the questions known of both; each side's unknowns are left out of both sides."""
    here, there = _applicable(one), _applicable(other)
    shared = tuple(id for id, known in here.items() if known and there.get(id))
    return Compared(
        one.city.id,
        other.city.id,
        shared,
        len(here.keys() & there.keys()),
        _value(one, shared),
        _value(other, shared),
    )


def places(cards: Sequence[Scorecard]) -> Mapping[str, Places]:
    """For each city the range of places it could hold: better ones are those certain to be above it, at the worst all
    that could be. Equal scores share a place.
    """
    # Sorted once, so that a country of thousands of cities takes no longer than as many countries of a few.
    lows, highs = sorted(card.score.low for card in cards), sorted(card.score.high for card in cards)
    found = {}
    for card in cards:
        low, high = card.score.low, card.score.high
        above = len(cards) - bisect_right(lows, high)
        # Where its own range is open its own best is among those above its worst.
        perhaps = len(cards) - bisect_right(highs, low) - (high > low)
        found[card.city.id] = Places(1 + above, 1 + perhaps, len(cards))
    return found


def _applicable(card: Scorecard) -> dict[str, bool]:
    """Whether each question that applies is known, in the scorecard's order."""
    # "is" and not "known": every city page asks this of every answer of nine cities.
    return {
        answer.indicator.id: answer.state is not State.UNKNOWN
        for area in card.areas
        for answer in area.answers
        if answer.state is not State.NOT_APPLICABLE
    }


def _value(card: Scorecard, shared: Collection[str]) -> float | None:
    if not shared:
        return None
    return shared_score([area.answers for area in card.areas], frozenset(shared))
