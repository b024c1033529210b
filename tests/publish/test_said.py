"""What people said of a question, as its claim shows it: which thing is meant, which is not, who, when and why."""

from __future__ import annotations

from dataclasses import replace

from builder.model.city import Pin
from builder.publish.said import replies, sayings
from tests.publish import cards
from tests.publish.reading import Element, city_page


def said(id: str) -> list[str]:
    """The sayings of a question on Exampleton's page."""
    card = cards.full()
    answer = next(one for one in card.answers if one.indicator.id == id)
    return [f"{one.lead}{one.shown}{one.rest}" for one in sayings(answer, card.city)]


def item(id: str) -> Element:
    """The list item of the only saying in a claim of the page."""
    return next(one for one in city_page(cards.full()).id(id).all("ul", "cp-small")[0].all("li"))


def test_a_pin_says_what_is_meant_by_whom_when_and_why() -> None:
    """A dataset that the lists do not hold goes by its id; a source without a reason needs none."""
    assert said("open-data.fresh") == [
        "Meant is the dataset trees in portal.example.org, pinned by A neighbour on 4 October 2026: It has every tree."
    ]
    assert said("transit.live") == [
        "Meant is the timetable feed (GTFS) at buses.example.org, pinned by A neighbour on 3 October 2026."
    ]


def test_a_rejection_names_the_dataset_by_its_title_and_leads_to_it() -> None:
    """What is said not to be it can be looked at by anybody."""
    assert said("money.contracts") == [
        "Not meant is “Street trees”, says A neighbour on 5 October 2026: Trees are no contracts."
    ]
    (link,) = item("money.contracts").all("a")
    assert (link.text, link.attributes["href"]) == ("“Street trees”", "https://x.example.org/t")


def test_a_reading_by_a_person_is_told_once() -> None:
    """What a test shows as its proof is not said again; what counts nowhere is said, with its day and its link."""
    assert said("voice.meetings") == [
        "Another one read council.example.org/old on 1 September 2024: “No dates at all” "
        "(published: no; not counted here)."
    ]
    (link,) = item("voice.meetings").all("a")
    assert link.attributes["href"] == "https://council.example.org/old"


def test_a_question_of_which_somebody_spoke_is_no_bare_row() -> None:
    """An unknown answer with a saying is a card of its own, with the saying above the fold."""
    article = city_page(cards.full()).id("money.contracts")
    assert "cp-bare" not in article.attributes["class"].split()
    assert not any(one.text.startswith("Not meant") for part in article.all("details") for one in part.all("li"))


def test_sayings_come_in_the_order_of_their_days() -> None:
    """The file's order never matters."""
    card = cards.full()
    pins = [
        Pin(indicator="money.contracts", source="portal", dataset="x", by=by, on=on)
        for by, on in (("c", "2026-11-03"), ("b", "2026-11-01"), ("a", "2026-11-03"))
    ]
    city = card.city.model_copy(update={"pins": tuple(pins)})
    answer = replace(card.answers[6], named=())
    told = [one.rest for one in sayings(answer, city)[:3]]
    assert [rest.split(" by ")[1][0] for rest in told] == ["b", "a", "c"]
    assert replies(answer, city) == ()
