"""The home page: what this is in three sentences, find your city, and how to read the marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from builder.model.scorecard import Scorecard
from builder.publish import words
from builder.publish.page import Page, Site
from builder.publish.text import clean


@dataclass(frozen=True, slots=True)
class CityLine:
    """One city in a list: its name, own-language names and how many of its answers carry each mark."""

    id: str
    name: str
    own_names: tuple[tuple[str, str], ...]
    population: str
    summary: str
    tally: tuple[tuple[str, str, int], ...]
    total: int
    find: str


@dataclass(frozen=True, slots=True)
class CountryList:
    """The cities of one country, A to Z."""

    code: str
    name: str
    cities: tuple[CityLine, ...]


def pages(site: Site) -> Iterator[Page]:
    """The home page alone."""
    sources = sum(len(card.city.sources) for card in site.cards.values())
    read = sum(looked.last_read is not None for card in site.cards.values() for looked in card.sources)
    yield Page(
        path="",
        frame="home",
        title="Public city scorecards that anyone can check",
        description="What your city publishes, what is missing, and the proof of each. Anyone can check it.",
        template="home.html",
        context={
            "countries": by_country(site.cards.values()),
            "cities": len(site.cards),
            "sources": words.number(sources),
            "read": words.number(read),
            "questions": len(site.framework.indicators),
            "areas": site.framework.areas,
            "as_of": words.day(site.now),
            "legend": [(key, word, words.STATE_MEANING[key]) for key, word in words.STATE_WORDS.items()],
            "add_url": f"{site.repository}/issues/new?template=city.yml",
            "know_url": f"{site.repository}/issues/new?template=link.yml",
        },
    )


def by_country(cards: Iterable[Scorecard]) -> tuple[CountryList, ...]:
    """Every city as a line, grouped by country, both A to Z by English name."""
    groups: dict[str, list[Scorecard]] = {}
    for card in cards:
        groups.setdefault(card.city.country, []).append(card)
    ordered = sorted(groups, key=words.country)
    return tuple(
        CountryList(code, words.country(code), tuple(line(card) for card in sorted(groups[code], key=_by_name)))
        for code in ordered
    )


def line(card: Scorecard) -> CityLine:
    """One city as a line of a list."""
    counts = words.tally(card)
    people = card.city.population
    return CityLine(
        id=card.city.id,
        name=clean(card.city.name),
        own_names=tuple((code, clean(name)) for code, name in card.city.names.items() if name != card.city.name),
        population=words.number(people.value) if people else "",
        summary=summary(card),
        tally=tuple((key, words.STATE_WORDS[key], n) for key, n in counts.items() if n),
        total=sum(counts.values()),
        find=" ".join(sorted({clean(name).casefold() for name in card.city.names.values()})),
    )


def summary(card: Scorecard) -> str:
    """A city's counts in a clause: ``4 last seen, 24 not known yet``."""
    counts = words.tally(card)
    parts = [f"{counts[key]} {words.STATE_WORDS[key].lower()}" for key in counts if counts[key]]
    return ", ".join(parts)


def _by_name(card: Scorecard) -> tuple[str, str]:
    return card.city.name.casefold(), card.city.id
