"""The search index holds every city under every name and spelling, and the same bytes for the same input."""

from __future__ import annotations

import orjson
import pytest

from builder.model.city import City
from builder.model.framework import Framework
from builder.publish.search import fold, names, spellings


def city(id: str, names: dict[str, str], population: int | None = None) -> City:
    """A small city of our own."""
    people = {"value": population, "year": 2020, "source": "https://example.org/"} if population else None
    return City.model_validate(
        {
            "id": id,
            "names": names,
            "languages": [language for language in names if language != "en"] or ["en"],
            "country": id[:2].upper(),
            "location": [47.0, 8.0],
            "site": "https://example.org/",
            "sources": [],
            "contributors": [],
        }
        | ({"population": people} if people else {})
    )


FRAMEWORK = Framework.model_validate(
    {
        "id": "small",
        "version": "0.1",
        "name": "Small",
        "summary": "One question",
        "areas": [{"id": "nature", "name": "Green space", "summary": "Trees"}],
        "indicators": [
            {
                "id": "nature.trees",
                "question": "Is there a list of trees?",
                "why": "shade",
                "good": "a list",
                "tests": {"published": {"words": "it is there"}},
                "weight": 1,
                "weight_why": "one of one",
            }
        ],
        "changes": [{"version": "0.1", "on": "2026-01-01", "what": "first", "why": "begin"}],
    }
)


def test_the_file_holds_everything_one_can_look_for() -> None:
    """Cities with country, people and all names; areas; questions; prose pages: sorted, whatever the order given."""
    zurich = city("ch-zurich", {"en": "Zurich", "de": "Zürich", "it": "Zurigo"}, 427721)
    lodz = city("pl-lodz", {"en": "Łódź"})
    pages = [("method/", "How we work"), ("data/", "Data")]
    made = names([lodz, zurich], FRAMEWORK, pages)
    assert made == names([zurich, lodz], FRAMEWORK, reversed(pages))
    assert orjson.loads(made) == {
        "cities": [
            ["ch-zurich", "CH", 427721, "Zurich", "Zurigo", "Zuerich"],
            ["pl-lodz", "PL", 0, "Łódź", "Lódź"],
        ],
        "areas": [["nature", "Green space"]],
        "questions": [["nature.trees", "Is there a list of trees?"]],
        "pages": [["data/", "Data"], ["method/", "How we work"]],
    }


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Gießen", "giessen"),
        ("Đà Nẵng", "da nang"),
        ("Hafnarfjörður", "hafnarfjordur"),
    ],
)
def test_letters_that_do_not_come_apart_have_a_plain_spelling(written: str, typed: str) -> None:
    """People who lack the key type the plain letter; one of the spellings folds to it."""
    assert typed in [fold(name) for name in spellings(city("xx-a", {"en": written}))]


def test_spellings_that_fold_alike_are_told_once() -> None:
    """Case, accents and hyphens make no other name."""
    one = city("fr-x", {"en": "Saint-Etienne", "fr": "Saint-Étienne", "oc": "Sant Estève"})
    assert spellings(one) == ("Saint-Etienne", "Sant Estève")


def test_names_in_other_scripts_stay() -> None:
    """A name in any script is kept as its people write it."""
    assert spellings(city("jp-tokyo", {"en": "Tokyo", "ja": "東京"})) == ("Tokyo", "東京")


def test_a_name_that_would_turn_the_page_around_is_cleaned() -> None:
    """Control and direction characters in a name never reach the list of results."""
    assert spellings(city("xx-a", {"en": "Par\u202eis"})) == ("Paris",)
