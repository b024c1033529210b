"""The areas: all questions area by area, and for each area a table of every city's answers."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.framework import Area
from builder.model.scorecard import Answer, Scorecard
from builder.publish import words
from builder.publish.page import Page, Site
from builder.publish.pages.claims import label
from builder.publish.text import clean

Cell = tuple[str, str, str]  # mark, label, address of the claim from the site's root


def pages(site: Site) -> Iterator[Page]:
    """The list of areas, then one page for each."""
    framework, cities = site.framework, words.count(len(site.cards), "city", "cities")
    yield Page(
        path="areas/",
        frame="areas",
        title="Questions",
        description=f"{words.count(len(framework.indicators), 'plain question')} in "
        f"{words.count(len(framework.areas), 'area')} of city life.",
        template="areas.html",
        context={
            "areas": [(area, framework.of_area(area.id), _tally(site, area)) for area in framework.areas],
            "framework": framework,
            "cities": len(site.cards),
            "count": words.count,
        },
    )
    for area in framework.areas:
        yield Page(
            path=f"areas/{area.id}/",
            frame="area",
            slug=area.id,
            title=area.name,
            description=f"{area.summary.rstrip('.')}: {cities}, every answer proved or open, {words.day(site.now)}.",
            template="area.html",
            context={
                "area": area,
                "indicators": framework.of_area(area.id),
                "rows": rows(site, area),
                "as_of": words.day(site.now),
            },
        )


def rows(site: Site, area: Area) -> list[tuple[str, str, str, list[Cell]]]:
    """City id, name, country and a cell for each of the area's indicators; A to Z, never a rank."""
    found = []
    for card in site.cards.values():
        cells = [
            (words.state_key(answer), label(answer), f"cities/{card.city.id}/#{answer.indicator.id}")
            for answer in _answers(card, area)
        ]
        found.append((card.city.id, clean(card.city.name), words.country(card.city.country), cells))
    return sorted(found, key=lambda row: (row[1].casefold(), row[0]))


def _tally(site: Site, area: Area) -> list[tuple[str, str, int]]:
    counts = dict.fromkeys(words.STATE_WORDS, 0)
    for card in site.cards.values():
        for answer in _answers(card, area):
            counts[words.state_key(answer)] += 1
    return [(key, words.STATE_WORDS[key], n) for key, n in counts.items() if n]


def _answers(card: Scorecard, area: Area) -> tuple[Answer, ...]:
    return next(one for one in card.areas if one.area.id == area.id).answers
