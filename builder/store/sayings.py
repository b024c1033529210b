"""The rules of what people say in a city file: pins, rejections, their own readings, replies, what does not apply.

A saying must name what is there: a source of this file, a question and a test that are asked, a dataset where there
can be one. Two sayings must not contradict each other, for nobody could tell which of them was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.model.finding import Test
from builder.model.framework import Framework
from builder.model.kinds import CATALOGUE_KINDS, KINDS
from builder.store import words
from builder.store.plain import Fields, Wrong, items, text
from builder.store.strict_yaml import Loc

_GROUPS = ("pins", "rejects", "attestations", "replies")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked under one indicator's id: the kinds of source that may answer, and the tests."""

    kinds: frozenset[str]
    tests: frozenset[str]


def questions(frameworks: Iterable[Framework]) -> dict[str, Asked]:
    """Return every question of the frameworks by its id; one that several ask has the kinds and tests of all."""
    found: dict[str, Asked] = {}
    for framework in frameworks:
        for one in framework.indicators:
            before = found.get(one.id, Asked(frozenset(), frozenset()))
            tests = before.tests | {test.value for test in one.tests}
            found[one.id] = Asked(before.kinds | set(one.kinds), tests)
    return found


def faults(city: Fields, asked: Mapping[str, Asked] | None) -> Iterator[Wrong]:
    """Find the sayings of a city that cannot be meant; ``asked`` are the questions by id (None: do not look)."""
    kinds = {id: text(source, "kind") or "" for _, source in items(city, "sources") if (id := text(source, "id"))}
    first: dict[Any, str] = {}
    for group in _GROUPS:
        for number, one in items(city, group):
            here = (group, number)
            indicator = text(one, "indicator")
            if indicator:
                yield from _indicator((*here, "indicator"), indicator, asked)
                if group in ("pins", "attestations") and _applies_not(city, indicator):
                    said = "'not_applicable' says that this question does not apply here: keep one of the two"
                    yield (*here, "indicator"), said
            if group == "attestations":
                yield from _attestation(here, one, asked, first)
            if group in ("pins", "rejects") and text(one, "source"):
                yield from _thing(here, one, kinds, asked, first)
    not_applicable = city.get("not_applicable")
    for name in not_applicable if isinstance(not_applicable, dict) else ():
        yield from _indicator(("not_applicable", name, "[key]"), name, asked)


def no_source(name: str, known: Iterable[str]) -> str:
    """Say that a file has no source of this id."""
    return f"there is no source '{name}' in this file{words.did_you_mean(name, known) or ': add it, or mend the name'}"


def _indicator(loc: Loc, name: str, asked: Mapping[str, Asked] | None) -> Iterator[Wrong]:
    if asked is not None and name not in asked:
        guess = words.did_you_mean(name, asked) or ": look it up in frameworks/"
        yield loc, f"there is no indicator '{name}'{guess}"


def _applies_not(city: Fields, indicator: str) -> bool:
    reasons = city.get("not_applicable")
    return isinstance(reasons, dict) and indicator in reasons


def _attestation(here: Loc, one: Fields, asked: Mapping[str, Asked] | None, first: dict[Any, str]) -> Iterator[Wrong]:
    """A person's reading answers a test that is asked, and says one thing on one day."""
    indicator, test = text(one, "indicator"), text(one, "test")
    question = (asked or {}).get(indicator or "")
    if test and test not in list(Test):
        guess = words.did_you_mean(test, list(Test)) or f"; the tests are {', '.join(Test)}"
        yield (*here, "test"), f"there is no test '{test}'{guess}"
    elif test and question is not None and test not in question.tests:
        tests = ", ".join(one.value for one in Test if one.value in question.tests)
        yield (*here, "test"), f"'{indicator}' has no test '{test}'; its tests are {tests}"
    said = tuple(text(one, name) for name in ("indicator", "test", "by", "on"))
    place = f"{here[0]}.{here[1]}"
    if all(said) and first.setdefault(said, place) != place:
        yield (*here, "test"), f"the same person says it of the same test on the same day in {first[said]}: keep one"


def _thing(
    here: Loc,
    one: Fields,
    kinds: Mapping[str, str],
    asked: Mapping[str, Asked] | None,
    first: dict[Any, str],
) -> Iterator[Wrong]:
    """A pin and a rejection name a source of this file, and a dataset where and only where one can be meant."""
    indicator, source, dataset = (text(one, name) for name in ("indicator", "source", "dataset"))
    assert source is not None  # the caller has looked
    if source not in kinds:
        yield (*here, "source"), no_source(source, kinds)
        return
    kind, question = kinds[source], (asked or {}).get(indicator or "")
    if kind in KINDS:
        if dataset and kind not in CATALOGUE_KINDS:
            text_ = f"'{source}' is a {KINDS[kind].words}, which lists no datasets: take the line out"
            yield (*here, "dataset"), text_
        elif dataset is None and kind in CATALOGUE_KINDS and question is not None and kind not in question.kinds:
            text_ = f"'{source}' is a whole catalogue, and one of its datasets is asked for: add 'dataset' with its id"
            yield (*here, "source"), text_
    thing = (indicator, source, dataset)
    place = f"{here[0]}.{here[1]}"
    if indicator and first.setdefault(thing, place) != place:
        if first[thing].startswith("pins") and here[0] == "rejects":
            yield (*here, "indicator"), f"{first[thing]} says that this very thing is meant: keep one of the two"
        else:
            yield (*here, "indicator"), f"the same thing stands in {first[thing]} already: keep one of them"
