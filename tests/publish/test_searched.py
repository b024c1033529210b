"""What a search of the catalogues came to: told once a catalogue, asked about where something may be it, with its n."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from builder.model.measured import Row
from builder.model.scorecard import Answer, Scorecard, Thing
from builder.publish.searched import LEAST, MOST, asking, figures, proposals, searched
from tests.publish import cards
from tests.publish.reading import Element, city_page

CARD = cards.full()
(CONTRACTS,) = [one for one in CARD.answers if one.indicator.id == "money.contracts"]


@pytest.fixture
def article() -> Element:
    """The claim about contracts on Exampleton's page."""
    return city_page(CARD).id("money.contracts")


def test_what_may_be_it_can_be_confirmed_in_one_click(article: Element) -> None:
    """Each title leads to its dataset's page, and beside it a link fills the form with city, question and address."""
    first, second = article.all("ul", "cp-ask")[0].all("li")
    page, yes = first.all("a")
    assert (page.text, page.attributes["href"]) == ("Tenders & awards", "https://x.example.org/d?a=1&b=2")
    assert yes.text == "Yes, this is it"
    assert parse_qs(urlsplit(yes.attributes["href"]).query) == {
        "template": ["link.yml"],
        "city": ["xx-exampleton"],
        "indicator": ["money.contracts"],
        "url": ["https://x.example.org/d?a=1&b=2"],
    }
    assert second.all("a")[0].text == "Street trees"


def test_a_dataset_without_a_page_is_named_and_asks_nothing() -> None:
    """What has no address, or one that may not become a link, cannot be told to a form."""
    card = cards.full(link=cards.HOSTILE_LINK)
    items = city_page(card).id("money.contracts").all("ul", "cp-ask")[0].all("li")
    assert [one.text for one in items] == ["Tenders & awards", "Street trees"] and not items[0].all("a")


def test_the_claim_says_where_it_was_looked_for_and_what_came_of_it(article: Element) -> None:
    """Each catalogue with how many speak of it; where people checked the nets, how many of how many were right."""
    told = [one.text for one in article.all("li") if one.text.startswith("Searched")]
    assert told == [
        "Searched for datasets that speak of this: portal.example.org (3 of them), budget.example.org (none of them). "
        "When checked, 11 of 12 (English) such finds were right."
    ]


def test_what_all_searches_of_a_catalogue_share_is_told_at_the_catalogue() -> None:
    """How many datasets, of which day, in which languages, and whether that was all."""
    assert searched(CARD) == {
        "portal": "1,284 datasets searched as of 20 November 2026 for 1 topic, with words in German and English",
        "budget": "17 datasets (not all of them) searched as of 23 July 2022 for 1 topic, "
        "with words in German and English",
    }
    assert "1,284 datasets searched as of" in city_page(CARD).id("source-portal").text


@pytest.mark.parametrize(
    ("own", "caught", "said"),
    [
        ((12, 11, 9, 8), True, "When checked, 11 of 12 (English) such finds were right."),
        (
            (9, 9, 9, 8),
            True,
            "When checked, 9 of 9 (English) and 23 of 24 (all) such finds were right.",
        ),
        ((12, 11, 9, 8), False, "When checked, 8 of 9 (English) of what people knew to be there was found."),
        ((12, 11, 0, 0), False, ""),
        (None, True, "When checked, 23 of 24 (all) such finds were right."),
        (None, False, ""),
    ],
)
def test_figures_stand_with_their_n(own: tuple[int, int, int, int] | None, caught: bool, said: str) -> None:
    """Precision where something was caught, recall where nothing was; all languages only where one's own are few."""
    rows: tuple[Row, ...] = (cards.figures("*", 24, 23, 30, 29),)
    rows = (cards.figures("en", *own), *rows) if own else rows
    found = tuple(one if caught else replace(one, narrow=0, wide=0) for one in CONTRACTS.searches)
    assert figures(replace(CONTRACTS, measured=rows, searches=found)) == said


def of_many(questions: int, proposed: int) -> Scorecard:
    """A card on which so many questions have so many proposals."""
    answers: list[Answer] = [replace(CONTRACTS, proposals=CONTRACTS.proposals[:1] * proposed)] * questions
    area = replace(CARD.areas[0], answers=tuple(answers))
    return replace(CARD, areas=(area,))


@pytest.mark.parametrize(("questions", "shown"), [(0, MOST), (3, MOST), (15, 2), (40, LEAST)])
def test_a_page_full_of_questions_shows_fewer_of_each(questions: int, shown: int) -> None:
    """The more questions have something to confirm, the fewer of each stand on the page, and one always does."""
    assert asking(of_many(questions, 5)) == shown


def test_a_thing_that_is_no_dataset_is_no_proposal() -> None:
    """Only a dataset can be asked about."""
    assert proposals(replace(CONTRACTS, proposals=(Thing(cards.source()),))) == ()
