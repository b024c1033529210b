"""What each net catches, title by title."""

from __future__ import annotations

import pytest

from builder.judge.nets import Nets, Record

from .words import nets

NETS = nets()


def caught(title: str, languages: list[str] | None = None, **more: object) -> tuple[list[str], list[str]]:
    """Topics of the narrow and of the wide net."""
    asked = ["en"] if languages is None else languages
    description = str(more.pop("description", ""))
    record = Record(title, described=NETS.describe(description, asked), **more)  # type: ignore[arg-type]
    catch = NETS.cast(record, asked)
    return sorted(catch.narrow), sorted(catch.wide)


BOTH, WIDE, NONE = (["nature.trees"], ["nature.trees"]), ([], ["nature.trees"]), ([], [])


@pytest.mark.parametrize(
    ("title", "more", "expected"),
    [
        ("Street Trees", {}, BOTH),
        ("Trees", {}, BOTH),
        ("City of Exampleton Open Data - Trees (2024)", {}, BOTH),
        ("Trees in Exampleton", {}, BOTH),
        ("Exampleton: trees", {}, BOTH),
        ("Trees: felling", {}, WIDE),
        ("City Trees Open Data (CTOD)", {}, BOTH),
        ("Trees Exampleton", {}, WIDE),
        ("Trees Exampleton", {"places": frozenset({"exampleton"})}, BOTH),
        ("Trees felled", {}, WIDE),
        ("Tree species", {}, BOTH),
        ("Trees felled", {"keywords": ("inventory",)}, BOTH),
        ("Trees felled", {"description": "An inventory."}, WIDE),
        ("Arboretum", {"keywords": ("street trees",)}, BOTH),
        ("Arboretum", {}, WIDE),
        ("Green things", {"keywords": ("street trees",)}, WIDE),
        ("Green things", {"description": "Where our street trees stand."}, WIDE),
        ("Street tree canopy", {}, WIDE),
        ("Green things", {"themes": ("Land trees",)}, WIDE),
        ("Budget", {}, NONE),
        ("", {}, NONE),
    ],
)
def test_a_title_says_it_and_the_rest_only_helps(title: str, more: dict[str, object], expected: object) -> None:
    """Presence needs words of the title; keywords, description and theme alone make a candidate, never more."""
    assert caught(title, **more) == expected


def test_a_thing_needs_a_sign() -> None:
    """Car parks are not live car parks."""
    assert caught("Car parks") == ([], ["streets.parking"])
    assert caught("Car parks, live") == (["streets.parking"], ["streets.parking"])


def test_a_format_may_say_it_by_itself() -> None:
    """Whatever the title, a file in a form made for one thing is that thing."""
    assert caught("Feed 7", formats=("datex", "ZIP"))[0] == ["streets.parking"]


def test_places_are_told_by_their_own_scripts_endings() -> None:
    """In Japanese no space tells where a place's name ends, but its last letter does."""
    assert caught("世田谷区樹木一覧", ["ja"])[0] == ["nature.trees"]
    assert caught("樹木医の名簿", ["ja"]) == WIDE


@pytest.mark.parametrize("title", ["Bäume", "Baeume", "Baume", "STRASSENBÄUME", "Strassenbaeume"])
def test_umlauts_are_found_however_they_are_typed(title: str) -> None:
    """With dots, without, or with an e."""
    assert caught(title, ["de"]) == BOTH


def test_a_place_in_german_follows_the_word_for_city() -> None:
    """ "Stadt Köln" says where, not what."""
    assert caught("Bäume Stadt Köln", ["de"]) == BOTH
    assert caught("Bäume fällen", ["de"]) == WIDE


def test_candidates_are_ordered_by_what_speaks_for_them() -> None:
    """A word in the title weighs more than one in the keywords, and that more than one in the description."""
    weights = [
        NETS.cast(record, ["en"]).wide["nature.trees"]
        for record in (
            Record("Street trees"),
            Record("Trees felled"),
            Record("Green", ("street trees",)),
            Record("Green", described=NETS.describe("street trees", ["en"])),
        )
    ]
    assert weights == sorted(weights, reverse=True) and len(set(weights)) == 4


def test_what_a_description_says_can_be_kept_without_it() -> None:
    """The roles that were stored catch the same as the description itself would."""
    kept = NETS.describe("An inventory of our street trees", ["en"])
    assert NETS.kept(kept) == {"nature.trees": "nas"} and NETS.remembered(NETS.kept(kept)) == kept
    assert NETS.kept(NETS.describe("canopy", ["en"])) == {}
    assert NETS.remembered({"old.topic": "n"}) == 0


def test_hostile_titles_take_no_longer() -> None:
    """A title of a hundred thousand brackets and stars is only a long title."""
    long = Nets.cast(NETS, Record("(*-: " * 20_000 + "trees"), ["en"])
    assert "nature.trees" in long.wide
