"""A whole list searched: what is kept, and when it must be searched again."""

from __future__ import annotations

from typing import Any

from builder.judge.matching import digest, match
from builder.model.catalogue import Dataset

from .words import nets

NETS = nets()


def dataset(id: str, title: str, **more: Any) -> Dataset:
    return Dataset(id=id, title=title, pointer="$", **more)


LIST = [
    dataset("a", "Street trees"),
    dataset("b", "Trees felled"),
    dataset(
        "c", "Car park prices", description_topics={"nature.trees": "n"}, description_length=9, topics_version="1.0"
    ),
    dataset("d", "Trees", gone_since="2026-01-01"),
    dataset("e", "Budget", description_length=40, topics_version="0.9"),
]


def test_both_nets_are_kept_with_what_speaks_most_first() -> None:
    """What is gone is passed over; what the description said when it was read still counts for the wide net."""
    found = match(NETS, LIST, ["en"])
    assert (found.searched, found.caught, found.example, found.languages) == (4, 1, "a", ("en",))
    assert found.narrow == {"nature.trees": ("a",)}
    assert found.wide == {"nature.trees": ("b", "c"), "streets.parking": ("c",)}
    assert found.near == {"nature.trees": 1, "streets.parking": 1}, "a word in a description is not worth asking about"


def test_descriptions_not_looked_through_with_these_words_are_counted() -> None:
    """One description was read with an older vocabulary: that list cannot prove an absence."""
    assert match(NETS, LIST, ["en"]).unlooked == 1


def test_a_list_is_searched_again_only_when_something_differs() -> None:
    """The digest is of the list, the words and the languages; what is gone or merely dated otherwise is not in it."""
    before = digest(NETS, LIST, ["en"])
    assert match(NETS, LIST, ["en"]).digest == before == digest(NETS, LIST[:3] + LIST[4:], ["EN"])
    assert digest(NETS, [LIST[0].model_copy(update={"modified": "2026-01-01"}), *LIST[1:]], ["en"]) == before
    others = [
        digest(NETS, LIST[1:], ["en"]),
        digest(NETS, LIST, ["en", "fr"]),
        digest(nets(general={"en": ()}), LIST, ["en"]),
        digest(NETS, [LIST[0].model_copy(update={"keywords": ("x",)}), *LIST[1:]], ["en"]),
    ]
    assert before not in others and len(set(others)) == 4
