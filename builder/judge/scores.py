"""Scores: what is known, as a figure, always with how much is known and the range that the unknown leaves open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import lcm

from builder.judge.policy import SCORED_FROM
from builder.model.scorecard import Answer, Score, State

# Exact fractions inside, floats only at the door: a range may not widen, nor a score move, by a rounding.
_Weighted = tuple[int, int]  # an answer's weight and its score in halves, which are whole: 0, 1 or 2
_HALVES = {state: int(2 * state.score) for state in State if state.known}


def area_score(answers: Sequence[Answer]) -> Score:
    """The weighted mean of an area's known answers; the range takes every unknown as 0, then as 1."""
    return _score(answers, _mean(_known(answers)), _mean(_open(answers, 0)), _mean(_open(answers, 1)))


def city_score(areas: Sequence[Sequence[Answer]]) -> Score:
    """The plain mean of the areas with a known answer; the range is over all areas where anything applies."""
    every = [answer for answers in areas for answer in answers]
    return _score(
        every,
        _plain([_mean(_known(answers)) for answers in areas]),
        _plain([_mean(_open(answers, 0)) for answers in areas]),
        _plain([_mean(_open(answers, 1)) for answers in areas]),
    )


def shared_score(areas: Sequence[Sequence[Answer]], shared: Collection[str]) -> float | None:
    """The city's score over some indicators alone, 0..1: both sides of a comparison over the same denominator."""
    value = _plain([_mean(_known([one for one in answers if one.indicator.id in shared])) for answers in areas])
    return None if value is None else float(value)


def _score(answers: Sequence[Answer], value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Score:
    applicable = sum(answer.state is not State.NOT_APPLICABLE for answer in answers)
    known = sum(answer.state.known for answer in answers)
    part, whole = SCORED_FROM
    enough = applicable > 0 and known * whole >= applicable * part
    return Score(
        known=known,
        applicable=applicable,
        value=float(value) if enough and value is not None else None,
        low=float(low or 0),
        high=float(high or 0),
    )


def _known(answers: Sequence[Answer]) -> list[_Weighted]:
    return [(one.indicator.weight, _HALVES[one.state]) for one in answers if one.state.known]


def _open(answers: Sequence[Answer], unknown: int) -> list[_Weighted]:
    return [
        (one.indicator.weight, _HALVES[one.state] if one.state.known else 2 * unknown)
        for one in answers
        if one.state is not State.NOT_APPLICABLE
    ]


def _mean(weighted: Sequence[_Weighted]) -> Fraction | None:
    total = sum(weight for weight, _ in weighted)
    return Fraction(sum(weight * halves for weight, halves in weighted), 2 * total) if total else None


def _plain(means: Sequence[Fraction | None]) -> Fraction | None:
    there = [mean for mean in means if mean is not None]
    if not there:
        return None
    # Over one common denominator: adding one fraction after the other would shorten each sum between.
    whole = lcm(*(mean.denominator for mean in there))
    return Fraction(sum(mean.numerator * (whole // mean.denominator) for mean in there), whole * len(there))
