"""The pages of questions: an indicator and who has it, an area's table, the framework with its weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.model.scorecard import State
from builder.publish.page import Site
from builder.publish.pages.areas import rows
from builder.publish.pages.indicator import answerers, holders, lifetime, tell
from builder.publish.words import country
from tests.publish import cards
from tests.publish.reading import Element, read, rendered


def two() -> Site:
    """Exampleton and a namesake elsewhere whose portal nobody has checked."""
    card = cards.full()
    other = replace(card, city=card.city.model_copy(update={"id": "yy-exampleton", "country": "QX"}))
    first = other.areas[0]
    unknown = replace(first.answers[0], state=State.UNKNOWN, thing=None)
    changed = replace(first, answers=(unknown, *first.answers[1:]))
    return cards.site(card, replace(other, areas=(changed, *other.areas[1:])))


@pytest.fixture(scope="module")
def pages() -> dict[str, Element]:
    """Every page of two cities, read."""
    return {path: read(html) for path, html in rendered(two()).items()}


def test_every_city_stands_under_its_mark(pages: dict[str, Element]) -> None:
    """The page tells who has it, links each claim, and names the country of namesakes."""
    page = pages["indicators/open-data.portal/"]
    assert [one.attributes["id"] for one in page.all("h3")] == ["who-present", "who-unknown"]
    links = [one.attributes["href"] for one in page.all("ul", "cp-columns")[0].all("a")]
    assert links == ["../../cities/xx-exampleton/#open-data.portal"]
    assert page.all("ul", "cp-columns")[1].text == "Exampleton QX"
    assert "As of 21 November 2026, 1 city: has it; 1 city: not known yet." in page.text


def test_what_was_last_seen_is_dated_in_the_list(pages: dict[str, Element]) -> None:
    """Among the cities, an old sight stands under its own mark with its month, never under those that have it."""
    page = pages["indicators/transit.bikes/"]
    assert [one.attributes["id"] for one in page.all("h3")] == ["who-seen"]
    assert f"Exampleton {country('XX')}, July 2022" in page.text


def test_the_question_says_why_and_what_good_is(pages: dict[str, Element]) -> None:
    """Question, reason, tests, weight and lifetime are all on the page, so that nobody has to trust us."""
    page = pages["indicators/open-data.portal/"]
    for part in (
        "Is there one place with all open data?",
        "Why open-data.portal matters.",
        "What good open-data.portal looks like.",
        "open data portal (CKAN)",
        "Open licenceIt is open_licence.",
        "3 of 3. Everybody needs it.",
    ):
        assert part in page.text


def test_cities_with_a_mark_are_told_a_to_z() -> None:
    """Within a mark the order is the alphabet's."""
    groups = holders(two(), cards.QUESTIONS["money.budget"])
    assert [(group.mark, [one.id for one in group.holders]) for group in groups] == [
        ("unknown", ["xx-exampleton", "yy-exampleton"])
    ]
    assert tell(groups, "1 May 2026") == "As of 1 May 2026, 2 cities: not known yet."


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("transit.timetable", "30 days"),
        ("transit.bikes", "7 to 30 days, by the kind of source"),
        ("open-data.fresh", "30 days"),
    ],
)
def test_how_long_a_reading_counts_is_told(id: str, said: str) -> None:
    """An indicator's own lifetime comes first, else that of the kinds which answer it."""
    assert lifetime(cards.QUESTIONS[id]) == said


def test_who_can_answer_is_told() -> None:
    """Kinds of source, a dataset of the catalogue, or a person alone, whose word counts for a year."""
    portal = cards.QUESTIONS["open-data.portal"]
    assert answerers(portal) == ["open data portal (CKAN)"]
    listed = portal.model_copy(update={"kinds": ("gbfs",), "topic": portal.id})
    assert answerers(listed)[1:] == ["a dataset about it in the city's catalogue"]
    assert lifetime(listed) == "7 to 30 days, by the kind of source"
    alone = portal.model_copy(update={"kinds": ()})
    assert answerers(alone)[0].startswith("a person who reads the page") and lifetime(alone) == "12 months"


def test_an_area_ranks_nobody() -> None:
    """A city of which we know nothing stands before one that has everything where the alphabet says so."""
    full = cards.tallied(present=2)
    asked = full.areas[0]
    gaps = tuple(replace(one, state=State.UNKNOWN) for one in asked.answers)
    other = full.city.model_copy(update={"id": "xx-aville", "names": {"en": "Aville"}})
    bare = replace(full, city=other, areas=(replace(asked, answers=gaps),))
    assert [row[0] for row in rows(cards.site(full, bare), asked.area)] == ["xx-aville", "xx-smallton"]


def test_an_area_has_a_cell_for_each_city_and_question(pages: dict[str, Element]) -> None:
    """Every cell is a mark that leads to its claim; cities stand A to Z."""
    site = two()
    table = rows(site, site.framework.areas[1])
    assert [row[0] for row in table] == ["xx-exampleton", "yy-exampleton"]
    assert table[0][3] == [
        ("missing", "Missing, proved", "cities/xx-exampleton/#transit.timetable"),
        ("missing", "Missing, proved", "cities/xx-exampleton/#transit.live"),
        ("seen", "Last seen July 2022", "cities/xx-exampleton/#transit.bikes"),
    ]
    cells = pages["areas/transit/"].all("td")
    assert len(cells) == 6
    assert cells[0].all("a")[0].attributes["href"] == "../../cities/xx-exampleton/#transit.timetable"


def test_the_list_of_areas_names_every_question(pages: dict[str, Element]) -> None:
    """All questions are one page, each linked to its own."""
    links = [one.attributes["href"] for one in pages["areas/"].all("a")]
    assert {f"../indicators/{id}/" for id in cards.QUESTIONS} <= set(links)
    assert "9 plain questions in 4 areas of city life, asked of 2 cities." in pages["areas/"].text
    assert "../frameworks/trial/" in links


def test_the_framework_page_shows_all_it_judges_by(pages: dict[str, Element]) -> None:
    """Version, what changed and why, each question with tests and weight: the method is public."""
    page = pages["frameworks/trial/"]
    assert "Version 0.3. 9 indicators in 4 areas." in page.text
    assert "0.3, 1 November 2026: Nine questions. To begin." in page.text
    assert "0 questions can be answered by a dataset in the city's catalogue, 0 only by a person" in page.text
    assert [code.text for code in page.all("code")] == list(cards.QUESTIONS)
    assert page.text.count("Everybody needs it.") == 9


def test_every_link_of_the_site_leads_to_a_page_that_is_made(pages: dict[str, Element]) -> None:
    """Between generated pages no link is dead, whatever the depth; prose pages are written by hand elsewhere."""
    by_hand = {"method/", "data/", "contribute/", "contribute/kind/"}
    for path, page in pages.items():
        for link in page.all("a"):
            href = link.attributes["href"]
            if ":" in href:
                continue
            target, _, fragment = href.partition("#")
            parts = path.split("/")[:-1]
            for part in target.split("/")[:-1]:
                parts = parts[:-1] if part == ".." else [*parts, part]
            address = "".join(f"{part}/" for part in parts) if target else path
            if address in by_hand or address.startswith("api/"):
                continue
            assert address in pages, f"{path} links to {href}"
            if fragment:
                assert pages[address].id(fragment), f"{path} links to {href}"
