"""The list of cities: every city by country, A to Z, under every name it has."""

from __future__ import annotations

from collections.abc import Iterator

from builder.publish import words
from builder.publish.page import Page, Site
from builder.publish.pages.home import by_country


def pages(site: Site) -> Iterator[Page]:
    """The list alone."""
    countries = by_country(list(site.cards.values()))
    cities = words.count(len(site.cards), "city", "cities")
    yield Page(
        path="cities/",
        frame="cities",
        title="Cities",
        description=f"{cities} of {words.count(len(countries), 'country', 'countries')}, A to Z.",
        template="cities.html",
        context={
            "countries": countries,
            "cities": cities,
            "as_of": words.day(site.now),
            "add_url": f"{site.repository}/issues/new?template=city.yml",
        },
    )
