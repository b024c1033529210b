"""A city beside its peers: the group, the range of places, what is known of both, and whose pages that changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from builder.judge.scores import area_score, city_score
from builder.model.city import Population
from builder.model.framework import Framework
from builder.model.scorecard import Answer, AreaCard, Scorecard, State
from builder.publish import peers
from builder.publish.page import Site
from builder.publish.pages import city
from builder.publish.render import render
from tests.publish import cards
from tests.publish.cards import HOSTILE
from tests.publish.questions import framework
from tests.publish.reading import Sheet, frames, read, templates, twins
from tests.publish.test_api import SCHEMA, faults

P, H, M, U = State.PRESENT, State.PARTIAL, State.MISSING, State.UNKNOWN
AREA = cards.full().areas[0]
FRAMEWORK: Framework = framework().model_copy(
    update={"areas": (AREA.area,), "indicators": tuple(one.indicator for one in AREA.answers)}
)
QUESTIONS = len(AREA.answers)


def town(name: str, people: int | None, *states: State, country: str = "FR") -> Scorecard:
    """A city with these states of the questions of one area; the others are unknown."""
    asked = zip(AREA.answers, (*states, *[U] * (QUESTIONS - len(states))), strict=True)
    answers = tuple(Answer(one.indicator, state, (), "Said.") for one, state in asked)
    population = Population(value=people, source="https://census.example.org/") if people else None
    named = {"id": f"fr-{name.lower()}", "names": {"en": name}, "country": country, "population": population}
    made = cards.tallied().city.model_copy(update=named)
    return Scorecard(
        made, FRAMEWORK, cards.NOW, (AreaCard(AREA.area, answers, area_score(answers)),), city_score([answers]), ()
    )


def site(*towns: Scorecard) -> Site:
    """A site on which the cities stand beside each other."""
    made = cards.site(*towns)
    return replace(made, peers=peers.peers(made.cards))


def section(of: Site, id: str) -> Sheet:
    """The section "Beside its peers" of a city's page, drawn as in a build: with the other cards left out."""
    (page,) = city.pages(replace(of, cards={id: of.cards[id]}))
    sheet = read(render(page, frames(), templates()))
    (found,) = [one for one in sheet.all("section") if one.attributes.get("aria-labelledby") == "peers"]
    return found


def lines(of: Site, id: str) -> list[str]:
    return [one.text for one in section(of, id).all("li")]


def twin(of: Site, id: str) -> Any:
    told = json.loads(twins(of)[f"api/v1/cities/{id}.json"])
    assert list(faults(told, SCHEMA)) == []
    return told.get("peers")


LILLE = town("Lille", 230_000, P, M)
SOME = site(
    LILLE,
    town("Rennes", 220_000, M, U),
    town("Reims", 180_000, U, U),
    town("Nice", 340_000, M, M),
    town("Paris", 2_100_000, P, P),
    town("Ghent", 230_000, P, P, country="BE"),
    town("Somewhere", None, P, P),
)


def test_there_are_two_questions() -> None:
    """What is said below counts on it."""
    assert QUESTIONS == 2


def test_the_group_is_said_in_words() -> None:
    """Country and band of population, how many, and that these are the cities of this site, not of the world."""
    said = section(SOME, "fr-lille").all("p")[0].text
    assert said.startswith("We look at 4 cities in France with 100,000 to 500,000 people, this one included.")


@pytest.mark.parametrize(
    ("people", "said"),
    [(5_000, "with fewer than 20,000 people"), (20_000, "with 20,000 to 100,000 people"),
     (1_000_000, "with 1,000,000 people or more")],
)  # fmt: skip
def test_each_band_has_its_words(people: int, said: str) -> None:
    """The lowest band has no lower end, the highest no upper one."""
    pair = site(town("One", people, country="US"), town("Two", people, country="US"))
    assert f"2 cities in the United States {said}, this" in section(pair, "fr-one").text


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("fr-lille", "Once everything is known it could hold any place from 1 to 2 of 4."),
        ("fr-reims", "Once everything is known it could hold any place from 1 to 3 of 4."),
        ("fr-nice", "Once everything is known it could hold any place from 2 to 4 of 4."),
    ],
)
def test_a_range_of_places_and_never_a_rank(id: str, said: str) -> None:
    """From the best to the worst that the unknown leaves open; the last place is shared with equals."""
    assert said in section(SOME, id).text


def test_a_range_of_everything_says_nothing() -> None:
    """Where nobody was read, no order is hinted at."""
    pair = section(site(town("One", 50_000), town("Two", 50_000)), "fr-one").text
    assert "Nothing can be said yet about its place: once everything is known it could be any from 1 to 2." in pair


def test_who_is_known_whole_has_one_place() -> None:
    """Where no unknown could change it, the range is one place."""
    pair = site(town("One", 50_000, P, P), town("Two", 50_000, M, M))
    assert "Whatever is still unknown, it can hold no other place than 2 of 2." in section(pair, "fr-two").text


def test_peers_are_compared_over_what_is_known_of_both() -> None:
    """A line for each, nearest in population first, weighed as in the score, always with the number of questions."""
    assert lines(SOME, "fr-lille") == [
        "Rennes: 0 %, here 100 %, over 1 question",
        "Reims: no question is known of both",
        "Nice: 0 %, here 75 %, over 2 questions",
    ]
    links = [one.attributes["href"] for one in section(SOME, "fr-lille").all("a")]
    assert links[1:] == ["../fr-rennes/", "../fr-reims/", "../fr-nice/"]


def test_only_the_nearest_are_named() -> None:
    """Of twelve cities eight peers are named, from both sides, and three counted."""
    many = site(*(town(f"T{number:02}", 100_000 + 1_000 * number) for number in range(12)))
    found = lines(many, "fr-t10")
    assert [one.split(":")[0] for one in found] == [
        "T09",
        "T11",
        "T08",
        "T07",
        "T06",
        "T05",
        "T04",
        "T03",
        "and 3 more",
    ]
    assert lines(many, "fr-t00")[-2].startswith("T08")


def test_the_nearest_are_those_that_asking_everybody_would_find() -> None:
    """Sizes far apart, close together and equal: looking to both sides misses nobody."""
    sizes = [100_000 + (number * 7919) % 397 * 1_000 // 3 for number in range(40)]
    many = site(*(town(f"T{number:02}", people) for number, people in enumerate(sizes)))
    for card in many.cards.values():
        gaps = sorted(abs(_people(one) - _people(card)) for one in many.cards.values() if one is not card)
        assert [abs(_people(one) - _people(card)) for one in many.peers[card.city.id].nearest] == gaps[: peers.SHOWN]


def _people(card: Scorecard) -> int:
    assert card.city.population is not None
    return card.city.population.value


@pytest.mark.parametrize(
    ("id", "said"),
    [("fr-paris", "It has none here yet: we look at no other city of its size in its country."),
     ("fr-ghent", "It has none here yet: we look at no other city of its size in its country."),
     ("fr-somewhere", "We do not know how many people live here, so nobody can say which cities are its peers.")],
)  # fmt: skip
def test_without_peers_one_sentence_says_why(id: str, said: str) -> None:
    """No other city, or no population: no list, no place, and nothing in the twin."""
    assert section(SOME, id).all("p")[0].text.startswith(said)
    assert lines(SOME, id) == []
    assert twin(SOME, id) is None


def test_the_twin_says_the_same() -> None:
    """Programs get the group in numbers, the nearest by id and the range of places."""
    assert twin(SOME, "fr-lille") == {
        "country": "FR",
        "low": 100_000,
        "high": 500_000,
        "cities": ["fr-rennes", "fr-reims", "fr-nice"],
        "places": {"best": 1, "worst": 2, "of": 4},
    }
    assert twin(site(town("One", 10**6), town("Two", 10**7)), "fr-one")["high"] is None


def test_a_hostile_peer_stays_text() -> None:
    """What another city is called cannot break this city's page."""
    other = town("Two", 240_000)
    other = replace(other, city=other.city.model_copy(update={"names": {"en": HOSTILE}}))
    found = section(site(LILLE, other), "fr-lille")
    assert found.all("script") == found.all("img") == []
    assert "<script>alert(1)</script>" in found.text


def changed(*towns: Scorecard) -> list[str]:
    """The cities of ``SOME`` whose digest another one's change would move; those given take the old ones' places."""
    before, others = peers.digests(SOME.peers), {card.city.id: card for card in towns}
    after = peers.digests(site(*(others.get(id, card) for id, card in SOME.cards.items())).peers)
    return sorted(id for id in {*before, *after} if before.get(id) != after.get(id))


def test_what_a_peer_shows_is_part_of_what_a_page_is_drawn_from() -> None:
    """A peer answered otherwise, renamed, grown or gone elsewhere redraws those beside it, and nobody else."""
    assert changed() == []
    assert changed(town("Reims", 180_000, P, P)) == ["fr-lille", "fr-nice", "fr-reims", "fr-rennes"]
    renamed = replace(LILLE, city=LILLE.city.model_copy(update={"names": {"en": "Lille on the Deûle"}}))
    assert changed(renamed) == ["fr-nice", "fr-reims", "fr-rennes"]
    assert changed(town("Lille", 230_000, P, M, country="BE")) == [
        "fr-ghent", "fr-lille", "fr-nice", "fr-reims", "fr-rennes"
    ]  # fmt: skip
    assert changed(town("Somewhere", 200_000, P, P)) == [
        "fr-lille", "fr-nice", "fr-reims", "fr-rennes", "fr-somewhere"
    ]  # fmt: skip


def test_what_a_peer_does_not_show_redraws_nobody() -> None:
    """Another reading with the same answers, or a few people more, leaves its peers' pages as they are."""
    assert changed(town("Paris", 2_200_000, M, M), town("Somewhere", None, M, M)) == []
    assert changed(replace(town("Reims", 180_500, U, U), now=cards.READ)) == []
