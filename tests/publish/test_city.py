"""The city page: its lists, its figures, its sources, and addresses that never move."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from builder.model.city import Population
from builder.model.scorecard import Scorecard
from builder.publish import words
from builder.publish.pages.city import view
from builder.publish.render import pages
from tests.publish import cards
from tests.publish.reading import Element, city_page


@pytest.fixture(scope="module")
def page() -> Element:
    """Exampleton's page."""
    return city_page(cards.full())


def lists(page: Element) -> dict[str, list[str]]:
    """The lists of "at a glance": heading without its count, and the claims they link to."""
    return {
        one.all("h3")[0].text.rstrip(" 0123456789"): [link.attributes["href"] for link in one.all("a")]
        for one in page.all("div", "cp-glance__list")
    }


def changed(**fields: object) -> Scorecard:
    """Exampleton with other words in its city file."""
    card = cards.full()
    return replace(card, city=card.city.model_copy(update=fields))


def test_each_claim_has_its_address(page: Element) -> None:
    """A claim is `#<area>.<name>` for ever, there exactly once, and no id on the page is used twice."""
    assert [one.attributes["id"] for one in page.all("article")] == list(cards.QUESTIONS)
    ids = [one.attributes["id"] for one in page.inside if "id" in one.attributes]
    assert len(ids) == len(set(ids))


def test_every_fragment_of_the_page_is_on_it(page: Element) -> None:
    """No link within the page leads to nothing."""
    ids = {one.attributes.get("id") for one in page.inside}
    fragments = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    assert fragments and set(fragments) <= ids
    labels = [one.attributes["aria-labelledby"] for one in page.inside if "aria-labelledby" in one.attributes]
    assert labels and set(labels) <= ids


def test_the_page_opens_with_the_quotable_sentence(page: Element) -> None:
    """The sentence, the same in the description, and the score line stand before anything else."""
    said = (
        "As of 21 November 2026 we can prove 5 of 8 answers about Exampleton (2 there, 1 partly, 2 missing); "
        "1 more was last seen too long ago to count, and 2 are not known yet."
    )
    assert page.all("p", "cp-lede")[0].text == said
    assert page.all("meta")[0].attributes["content"] == said
    assert "Score 50 %, from 5 of 8 answers. It could lie between 31 % and 69 %" in page.all("section")[0].text


def test_each_claim_is_in_one_list_only(page: Element) -> None:
    """What it has, what is missing, what was last seen, what we do not know, what does not apply: each claim once."""
    found = lists(page)
    assert found["What it has"] == ["#open-data.portal", "#open-data.fresh", "#voice.meetings"]
    assert found["What is missing"] == ["#transit.timetable", "#transit.live"]
    assert found["Last seen, too old to count"] == ["#transit.bikes"]
    assert found["What we do not know yet"][:2] == ["#money.budget", "#money.contracts"]
    assert found["What does not apply"] == ["#money.harbour"]


def test_what_was_last_seen_is_never_among_what_it_has() -> None:
    """However good it once was, an old reading does not fill the first list."""
    found = lists(city_page(cards.tallied(seen=2)))
    assert found["What it has"] == []
    assert found["Last seen, too old to count"] == ["#open-data.seen-0", "#open-data.seen-1"]


def test_a_city_of_which_nothing_is_known_has_a_whole_page() -> None:
    """On day one every question is there, as a gap in our knowledge, and nothing is said against the city."""
    page = city_page(cards.tallied(unknown=4))
    assert len(page.all("article")) == 4
    text = page.text
    assert "Gaps in our knowledge, not in the city." in text
    assert text.count("Nothing that we can prove today.") == 2
    assert "None yet. That says nothing about the city: nobody has told us where to look." in text
    assert "Not known yet" in page.all("article")[0].text
    assert page.all("a")  # and the reader is asked for a link
    assert "Do you know a link?" in text


def test_a_gap_is_told_once() -> None:
    """Seventy gaps are seventy sentences with a way to help, and a list by area; nothing to open says them again."""
    page = city_page(cards.tallied(unknown=8))
    first = page.all("article")[0]
    question, link = first.all("a")
    assert not first.all("details") and link.text == "I know the link"
    assert question.attributes["href"] == "../../indicators/open-data.unknown-0/", "a row's question leads to its page"
    (unknown,) = page.all("div", "cp-glance__list--unknown")
    counts = {one.all("a")[0].attributes["href"]: one.all("small")[0].text for one in unknown.all("li")}
    assert counts and all(href.startswith("#area-") for href in counts)
    assert sum(int(told.split()[0]) for told in counts.values()) == 8


def test_what_does_not_apply_says_why(page: Element) -> None:
    """The reason of the city file stands in the claim, and the count leaves it out."""
    article = page.id("money.harbour")
    assert article.all("span", "cp-state")[0].text == "Does not apply"
    assert article.all("p")[0].text.startswith("Exampleton lies on no water.")


def test_own_names_carry_their_language(page: Element) -> None:
    """A screen reader and a font know which language each name is in, and its direction cannot spill."""
    (names,) = page.all("p", "cp-own")
    assert [(one.tag, one.attributes["lang"], one.text) for one in names.inside] == [
        ("bdi", "de", "Beispielstadt"),
        ("bdi", "ar", "مثال"),
    ]


def test_a_name_that_is_the_english_one_is_not_repeated() -> None:
    """Berlin is not said twice."""
    page = city_page(changed(names={"en": "Exampleton", "de": "Exampleton"}))
    assert not page.all("p", "cp-own")


@pytest.mark.parametrize(
    ("population", "said"),
    [
        (Population(value=52100, year=None, source="town hall"), "52,100, year not stated, by town hall"),
        (Population(value=2102650, year=2023, source="census"), "2,102,650 in 2023, by census"),
        (None, ""),
    ],
)
def test_a_population_says_whose_and_of_when(population: Population | None, said: str) -> None:
    """A year that nobody stated is said to be missing, never guessed; without a figure there is no line."""
    card = changed(population=population)
    assert view(card, cards.REPOSITORY).population == said
    assert ("People" in [term.text for term in city_page(card).all("dt")]) == bool(said)


def test_every_source_is_told_with_where_it_was_found(page: Element) -> None:
    """Kind, address, publisher, tier, registry row and day, note, and what came of reading it."""
    row = page.id("source-buses")
    cells = [cell.text for cell in row.all("td")]
    assert cells == [
        "buses.example.orgtimetable feed (GTFS). moved in May",
        "Town of Exampletonfor the metropolitan area",
        "Portal list, row 172 October 2026",
        "last read on 20 November 2026: the server answers, but says there is nothing at this address; "
        "failing since 19 November 2026 (the fault is on the source's side)",
    ]
    assert (
        "5 public sources, each with the place where it was found. Being listed proves nothing by itself." in page.text
    )


def test_one_source_is_one_source() -> None:
    """The count of sources agrees with its noun."""
    card = cards.full()
    alone = replace(
        card, city=card.city.model_copy(update={"sources": card.city.sources[:1]}), sources=card.sources[:1]
    )
    assert "1 public source, each" in city_page(alone).text


def test_links_to_others_pass_nothing_on(page: Element) -> None:
    """Links that strangers wrote neither vouch for them nor tell them who comes; our own twin is marked as one."""
    outside = [one for one in page.all("a") if one.attributes["href"].startswith("http")]
    assert outside
    for link in outside:
        expected = {"nofollow"} if link.attributes["href"].startswith(cards.REPOSITORY) else {
            "nofollow", "noreferrer",
        }  # fmt: skip
        assert set(link.attributes["rel"].split()) == expected, link.attributes
    (twin,) = [one for one in page.all("a") if one.attributes.get("rel") == "alternate"]
    assert twin.attributes["href"] == "../../api/v1/cities/xx-exampleton.json"


def test_a_reader_can_answer_back() -> None:
    """The forms open filled in: which city, which claim; the city's own file is one click away."""
    shown = view(cards.full(), cards.REPOSITORY)
    wrong, know = (parse_qs(urlsplit(url).query) for url in (shown.wrong_url, shown.know_url))
    assert wrong == {"template": ["wrong.yml"], "title": ["Exampleton: "], "claim": ["cities/xx-exampleton/"]}
    assert know == {"template": ["link.yml"], "title": ["Exampleton: "], "city": ["xx-exampleton"]}
    assert shown.edit_url == f"{cards.REPOSITORY}/blob/main/cities/xx-exampleton.yml"


def test_there_is_a_page_for_each_city() -> None:
    """Every card has its page at its own address, titled by its name."""
    cities = [page for page in pages(cards.site()) if page.template == "city.html"]
    assert [(page.path, page.slug, page.title) for page in cities] == [
        ("cities/xx-exampleton/", "xx-exampleton", "Exampleton")
    ]
    assert cities[0].description == words.sentence(cards.full())
