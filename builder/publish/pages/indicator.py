"""An indicator's page: the question, why it matters, what good looks like, and who has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.judge.policy import PERSON_MONTHS
from builder.model.framework import Indicator
from builder.model.kinds import CATALOGUE_KINDS, KINDS
from builder.publish import words
from builder.publish.page import Page, Site
from builder.publish.pages.claims import label
from builder.publish.text import clean


@dataclass(frozen=True, slots=True)
class Holder:
    """One city under a mark; its country tells namesakes apart."""

    id: str
    name: str
    country: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """The cities that share a mark, A to Z: never a rank."""

    mark: str
    word: str
    meaning: str
    holders: tuple[Holder, ...]


def pages(site: Site) -> Iterator[Page]:
    """One page for each indicator."""
    areas = {area.id: area for area in site.framework.areas}
    for indicator in site.framework.indicators:
        groups = holders(site, indicator)
        yield Page(
            path=f"indicators/{indicator.id}/",
            frame="indicator",
            slug=indicator.id,
            title=indicator.question,
            description=f"{indicator.question} {tell(groups, words.day(site.now))}",
            template="indicator.html",
            context={
                "indicator": indicator,
                "area": areas[indicator.area],
                "groups": groups,
                "tell": tell(groups, words.day(site.now)),
                "tests": [(words.TEST_WORDS[test], rule.words) for test, rule in indicator.tests.items()],
                "who": answerers(indicator),
                "lifetime": lifetime(indicator),
                "framework": site.framework,
            },
        )


def holders(site: Site, indicator: Indicator) -> tuple[Group, ...]:
    """Every city under its mark, marks in the order of the legend, cities A to Z."""
    found: dict[str, list[Holder]] = {key: [] for key in words.STATE_WORDS}
    for card in site.cards.values():
        answers = next(area.answers for area in card.areas if area.area.id == indicator.area)
        answer = next(answer for answer in answers if answer.indicator.id == indicator.id)
        found[words.state_key(answer)].append(
            Holder(
                card.city.id,
                clean(card.city.name),
                words.country(card.city.country),
                label(answer),
            )
        )
    return tuple(
        Group(
            key,
            words.STATE_WORDS[key],
            words.STATE_MEANING[key],
            tuple(sorted(who, key=lambda one: (one.name.casefold(), one.id))),
        )
        for key, who in found.items()
        if who
    )


def tell(groups: tuple[Group, ...], as_of: str) -> str:
    """The counts in a sentence with its date: ``As of 21 November 2026, 1 city: has it; 3 cities: partly.``."""
    parts = [f"{words.count(len(group.holders), 'city', 'cities')}: {group.word.lower()}" for group in groups]
    return f"As of {as_of}, " + "; ".join(parts) + "."


def answerers(indicator: Indicator) -> list[str]:
    """Who can answer the question: kinds of source, a dataset, or a person alone."""
    found = [KINDS[kind].words for kind in indicator.kinds]
    found += ["a dataset about it in the city's catalogue"] if indicator.topic else []
    return found or ["a person who reads the page: their name and the day stand beside the answer"]


def lifetime(indicator: Indicator) -> str:
    """How long a reading answers the question, in words."""
    if indicator.lifetime_days:
        return words.count(indicator.lifetime_days, "day")
    catalogues = CATALOGUE_KINDS if indicator.topic else frozenset()
    days = sorted({KINDS[kind].lifetime_days for kind in {*indicator.kinds, *catalogues}})
    if not days:
        return f"{PERSON_MONTHS} months"
    return f"{days[0]} to {days[-1]} days, by the kind of source" if days[0] < days[-1] else f"{days[0]} days"
