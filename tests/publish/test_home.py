"""The home page and the list of cities: find your city by name and country, and never a rank."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.model.scorecard import Scorecard
from builder.publish import words
from builder.publish.pages.home import by_country, summary
from tests.publish import cards
from tests.publish.reading import Element, read, rendered


def city(id: str, country: str, **names: str) -> Scorecard:
    """Exampleton under other names."""
    card = cards.full()
    return replace(card, city=card.city.model_copy(update={"id": id, "country": country, "names": names}))


CITIES = (
    city("fr-paris", "FR", en="Paris"),
    city("de-zwickau", "DE", en="Zwickau"),
    city("de-aachen", "DE", en="Aachen", fr="Aix-la-Chapelle", de="Aachen"),
    city("at-linz", "AT", en="Linz"),
)


@pytest.fixture(scope="module")
def pages() -> dict[str, Element]:
    """Every page of a site of four cities, read."""
    return {path: read(html) for path, html in rendered(cards.site(*CITIES)).items()}


def test_cities_stand_by_country_both_a_to_z() -> None:
    """Countries by their English name, cities by theirs: the order says nothing about anybody."""
    assert [(group.name, [line.id for line in group.cities]) for group in by_country(CITIES)] == [
        ("Austria", ["at-linz"]),
        ("France", ["fr-paris"]),
        ("Germany", ["de-aachen", "de-zwickau"]),
    ]


def test_the_home_page_leads_to_every_city_and_area(pages: dict[str, Element]) -> None:
    """One click from home is every city and every area, without scripts."""
    targets = {link.attributes["href"] for link in pages[""].all("a")}
    assert {f"cities/{card.city.id}/" for card in CITIES} <= targets
    assert {f"areas/{area.id}/" for area in cards.framework().areas} <= targets
    (form,) = pages[""].all("form")
    assert form.attributes["action"] == "cities/", "without scripts the search leads to the list"


def test_the_home_page_counts_what_there_is(pages: dict[str, Element]) -> None:
    """Cities, questions, sources and readings are counted, and the day stands below."""
    figures = dict(
        zip(
            [one.text for one in pages[""].all("dl", "cp-figures")[0].all("dt")],
            [one.text for one in pages[""].all("dl", "cp-figures")[0].all("dd")],
            strict=True,
        )
    )
    assert figures == {
        "cities": "4", "questions to each": "9", "public sources known": "20", "of them read so far": "16",
    }  # fmt: skip
    assert "As of 21 November 2026." in pages[""].text


def test_every_mark_is_explained(pages: dict[str, Element]) -> None:
    """No page shows a mark that the home page does not explain; unknown is told as a gap of ours."""
    marks = [one.text for one in pages[""].all("span", "cp-state")]
    assert marks == list(words.STATE_WORDS.values())
    assert "a gap in our knowledge, not in the city" in pages[""].text.lower()


def test_the_list_finds_a_city_under_each_of_its_names(pages: dict[str, Element]) -> None:
    """The filter sees all names, small letters, each once; own names carry their language."""
    (aachen,) = [one for one in pages["cities/"].all("li", "cp-card") if "aachen" in one.attributes["data-cp-find"]]
    assert aachen.attributes["data-cp-find"] == "aachen aix-la-chapelle"
    assert [(one.attributes["lang"], one.text) for one in aachen.all("bdi")] == [("fr", "Aix-la-Chapelle")]
    assert aachen.all("a")[0].attributes["href"] == "de-aachen/"


def test_the_list_has_an_anchor_for_each_country(pages: dict[str, Element]) -> None:
    """A city page's trail leads to its country in the list."""
    trail = [link.attributes["href"] for link in pages["cities/de-aachen/"].all("nav")[0].all("a")]
    assert trail == ["../../cities/", "../../cities/#DE"]
    assert pages["cities/"].id("DE").text == "Germany"


def test_one_city_is_one_city() -> None:
    """A site of one city does not speak of cities it does not have."""
    pages = {path: read(html).text for path, html in rendered(cards.site(CITIES[0])).items()}
    for path, text in pages.items():
        assert "1 cities" not in text and "1 countries" not in text, path
    assert "1 city by country" in pages["cities/"]


def test_a_line_tells_the_marks_and_no_score() -> None:
    """A list of cities shows how many answers carry each mark; a number to rank by is not there."""
    assert summary(cards.full()) == (
        "2 has it, 1 partly, 2 missing, proved, 1 last seen, 2 not known yet, 1 does not apply"
    )


def test_bars_say_their_numbers(pages: dict[str, Element]) -> None:
    """A drawn bar tells a screen reader what it shows."""
    bars = [
        one
        for path in ("cities/", "areas/")
        for one in pages[path].inside
        if "cp-bar" in one.attributes.get("class", "").split()
    ]
    assert len(bars) == 8
    assert all(one.attributes["role"] == "img" for one in bars)
    assert bars[0].attributes["aria-label"].startswith("2 of 9: has it; 1 of 9: partly; 2 of 9: missing, proved;")
