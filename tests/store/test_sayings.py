"""What people say in a city file: each saying names what is there, and no two of them contradict each other."""

from __future__ import annotations

from typing import Any

import pytest

from builder.errors import Fault
from builder.store.people import load_cities, load_frameworks, read_city
from builder.store.sayings import Asked, questions

TREES = "  - {indicator: nature.trees, source: portal, by: ana, on: 2026-11-01, dataset: trees}\n"
REJECT = "  - {indicator: transit.timetable, source: buses, by: bo, on: 2026-11-03, why: Old.}\n"
ATTESTED = """\
  - indicator: nature.trees
    test: published
    outcome: failed
    url: https://www.exampleton.example/trees
    by: ana
    on: 2026-11-01
    words: There is no list.
"""

# What is put after which line of a right city file, the field that is blamed, and words of the message.
ADDED: dict[str, tuple[str, str, str, str]] = {
    "a dataset of a timetable": (
        "pins:\n",
        "  - {indicator: transit.timetable, source: buses, dataset: x, by: bo, on: 2026-11-02}\n",
        "pins.0.dataset",
        "'buses' is a timetable feed (GTFS), which lists no datasets: take the line out",
    ),
    "a whole catalogue for a question about one dataset": (
        "pins:\n",
        TREES.replace(", dataset: trees", ""),
        "pins.0.source",
        "'portal' is a whole catalogue, and one of its datasets is asked for: add 'dataset' with its id",
    ),
    "a whole catalogue rejected for such a question": (
        "rejects:\n",
        TREES.replace("dataset: trees", "why: No."),
        "rejects.0.source",
        "add 'dataset' with its id",
    ),
    "the same thing pinned twice": ("pins:\n", TREES * 2, "pins.1.indicator", "stands in pins.0 already"),
    "the same thing pinned and rejected": (
        "rejects:\n",
        REJECT,
        "rejects.0.indicator",
        "pins.0 says that this very thing is meant: keep one of the two",
    ),
    "the same thing read twice on one day": (
        "attestations:\n",
        ATTESTED,
        "attestations.1.test",
        "the same person says it of the same test on the same day in attestations.0: keep one",
    ),
    "a test that another question has": (
        "attestations:\n",
        ATTESTED.replace("test: published", "test: working"),
        "attestations.0.test",
        "'nature.trees' has no test 'working'; its tests are published, fresh",
    ),
    "pinned, and said not to apply": (
        "pins:\n",
        "  - {indicator: water.bathing, source: buses, by: bo, on: 2026-11-02}\n",
        "pins.0.indicator",
        "'not_applicable' says that this question does not apply here: keep one of the two",
    ),
    "a reason that says nothing": ("not_applicable:\n", '  nature.trees: ""\n', "not_applicable.nature.trees", "empty"),
    "no reason at all": ("not_applicable:\n", "  nature.trees:\n", "not_applicable.nature.trees", "expected text"),
    "a day of no calendar": (
        "pins:\n",
        "  - {indicator: nature.trees, source: portal, dataset: x, by: bo, on: 2026-02-30}\n",
        "pins.0.on",
        "not a day of the calendar",
    ),
    "a reply linked to nowhere": (
        "replies:\n",
        "  - {indicator: nature.trees, by: bo, on: 2026-11-02, words: No., url: trees}\n",
        "replies.0.url",
        "expected a web address",
    ),
}


def faults(folders: Any) -> list[Fault]:
    """The faults of the city held against its framework."""
    asked = questions(load_frameworks(folders.frameworks).values())
    found = read_city(folders.city, questions=asked)
    return found if isinstance(found, list) else []


@pytest.mark.parametrize("name", ADDED)
def test_a_saying_that_cannot_be_meant_is_told_at_its_field(name: str, folders: Any) -> None:
    """One saying too many in a right file blames its field, and says what to do."""
    after, added, field, expected = ADDED[name]
    line = folders.spoil(f"\n{after}", f"\n{after}{added}")
    (found,) = [one for one in faults(folders) if one.field == field]
    assert expected in found.message and found.line > line, found


def test_what_can_be_meant_is_let_pass(folders: Any) -> None:
    """Two pins of one question, a pin beside a rejection of another dataset, and two people reading one page."""
    more = TREES + TREES.replace("dataset: trees", "dataset: parks")
    folders.spoil("pins:\n", f"pins:\n{more}")
    folders.spoil("attestations:\n", f"attestations:\n{ATTESTED.replace('by: ana', 'by: bo')}")
    assert faults(folders) == []
    city = load_cities(folders.cities, load_frameworks(folders.frameworks))["xk-exampleton"]
    assert len(city.pins) == 3 and len(city.attestations) == 2


def test_a_whole_catalogue_may_be_pinned_where_it_is_asked_for(folders: Any) -> None:
    """A question that a catalogue as such may answer takes a pin without a dataset."""
    folders.spoil("kinds: [sensorthings]", "kinds: [sensorthings, ckan]", folders.framework)
    folders.spoil("not_applicable:\n  water.bathing: There is no lake, river or sea.\n", "")
    folders.spoil("pins:\n", "pins:\n  - {indicator: water.bathing, source: portal, by: bo, on: 2026-11-02}\n")
    assert faults(folders) == []


def test_without_frameworks_only_the_file_itself_is_looked_at(folders: Any) -> None:
    """What a question asks cannot be held against a saying where no framework is known."""
    folders.spoil("\npins:\n", "\npins:\n" + TREES.replace(", dataset: trees", ""))
    assert not isinstance(read_city(folders.city), list)


def test_a_question_of_two_frameworks_has_the_tests_of_both(folders: Any) -> None:
    """A saying may answer what any framework asks under that id."""
    framework = load_frameworks(folders.frameworks)["small"]
    other = framework.model_copy(update={"indicators": framework.indicators[1:2]})
    asked = questions([framework, other])
    assert asked["nature.trees"] == Asked(frozenset(), frozenset({"published", "fresh"}))
    assert list(asked) == ["transit.timetable", "nature.trees", "water.bathing"]
