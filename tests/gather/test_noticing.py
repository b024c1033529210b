"""Topics at reading time: descriptions are looked through and let go; lists are matched when they change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from builder.gather.noticing import noticed, renew
from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.observation import Reading
from builder.model.source import Source
from builder.model.topic import Shared, Topic, Vocabulary
from builder.store.results import Results


def nets(version: str = "1.0") -> Nets:
    """Nets that know one topic in two languages."""
    change = {"version": version, "on": "2026-11-21", "what": "All.", "why": "First."}
    shared = Shared.model_validate(
        {"version": version, "changes": (change,), "general": {}, "places": {}, "groups": {}}
    )
    words = {"en": {"names": ("street tree*",)}, "fr": {"names": ("arbre*",)}}
    trees = Topic.model_validate({"id": "nature.trees", "counts": "x", "not_counts": "y", "words": words})
    return Nets(Terms(Vocabulary(shared=shared, topics=(trees,))))


def dataset(id: str, title: str = "Green") -> Dataset:
    return Dataset(id=id, title=title, pointer="$")


def reading(**descriptions: str) -> Reading:
    return Reading({}, True, "", (dataset("a"), dataset("b"), dataset("c")), descriptions=descriptions)


def test_what_a_description_says_is_kept_and_the_description_is_not() -> None:
    """Roles and the vocabulary's version stay; a dataset without a description has neither."""
    seen = noticed(reading(a="Our street trees. Signed, A. Person", b="Nothing of the kind"), nets(), ["en"])
    assert seen.descriptions == {} and seen.datasets is not None
    assert [(one.description_topics, one.topics_version) for one in seen.datasets] == [
        ({"nature.trees": "n"}, "1.0"), ({}, "1.0"), ({}, None)
    ]  # fmt: skip
    assert "Person" not in repr(seen)


def test_descriptions_are_read_in_the_languages_of_the_cities() -> None:
    """French words are looked for where a city that names the source speaks French."""
    assert noticed(reading(a="Les arbres"), nets(), ["en"]).datasets[0].description_topics == {}  # type: ignore[index]
    assert noticed(reading(a="Les arbres"), nets(), ["fr"]).datasets[0].description_topics  # type: ignore[index]


def test_a_reading_without_datasets_stays_as_it_is() -> None:
    """A timetable has no descriptions to look through."""
    plain = Reading({}, True, "")
    assert noticed(plain, nets(), ["en"]) == plain


def city(id: str, language: str) -> City:
    portal = Source(id="portal", kind="ckan", url="https://data.example.org/", publisher="X", tier="city")
    return City(
        id=id,
        names={"en": "Exampleton"},
        languages=(language,),
        country="FR",
        location=(0, 0),
        sources=(portal,),
    )


def test_lists_are_matched_again_only_when_they_must_be(tmp_path: Path) -> None:
    """A new list, new words, or a city of another language: each makes the matches old, nothing else does."""
    results, one = Results(tmp_path), city("fr-a", "fr")
    assert renew([one], results, nets()) == []
    key = one.sources[0].key
    results.write_datasets(key, [dataset("a", "Street trees")], True, date(2026, 11, 21))
    assert renew([one], results, nets()) == [key] and renew([one], results, nets()) == []
    found = results.matches(key)
    assert found is not None and found.narrow == {"nature.trees": ("a",)} and found.languages == ("en", "fr")
    results.write_datasets(key, [dataset("a", "Street trees"), dataset("b")], True, date(2026, 11, 21))
    assert renew([one], results, nets()) == [key]
    assert renew([one], results, nets("1.1")) == [key]
    assert renew([one, city("fr-b", "en")], results, nets("1.1")) == []
    assert renew([one, city("fr-b", "de")], results, nets("1.1")) == [key]
