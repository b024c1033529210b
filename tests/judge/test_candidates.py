"""Pins and rejections: they say which thing is meant, and decide no test."""

from __future__ import annotations

import pytest

from builder.model.catalogue import Dataset
from builder.model.evidence import Searched
from builder.model.finding import CantTell, Failed, Untested
from builder.model.observation import Measurement, SourceFacts
from builder.model.reasons import Reason
from builder.model.scorecard import State

from .facts import (
    ANSWERS,
    PORTAL,
    TREES,
    World,
    ago,
    city,
    fault,
    found,
    good,
    indicator,
    pin,
    reject,
    source,
    world,
)


def trees(**more: object) -> Dataset:
    plain = {"id": "trees", "title": "Street trees", "formats": ("CSV",), "licence": "CC-BY-4.0"}
    return Dataset.model_validate({**plain, "modified": "2026-05-20", "pointer": "$.result.results[3]", **more})


def pinned(read_days_ago: float = 1, *, complete: bool = True, count: int = 3, **record: object) -> World:
    """A city whose tree list is pinned in its portal, read some days ago."""
    portal = source()
    read = good(ago(read_days_ago), complete=complete, scope="the tables", dataset_count=count, announced_count=count)
    town = city(portal, pins=(pin("nature.trees", "portal", "trees"),))
    return World(town, {"portal": SourceFacts(good=read)}, {portal.key: [trees(**record), trees(id="other")]})


def test_a_pin_waits_until_it_is_read() -> None:
    """Somebody said which dataset is meant: that decides no test."""
    town = World(city(source(), pins=(pin("nature.trees", "portal", "trees"),)))
    answer = town.ask(TREES)
    assert answer.words == "Pinned by a resident on 1 April 2026; not read yet."
    assert all(isinstance(one, Untested) for one in answer.findings)


def test_a_pinned_dataset_is_judged_by_its_record() -> None:
    """The catalogue lists it, in a form for programs, under an open licence, changed lately."""
    answer = pinned().ask(TREES)
    assert answer.state is State.PRESENT
    assert answer.thing is not None and answer.thing.dataset == trees()
    assert "“Street trees” in the open data portal (CKAN) of Exampleton" in answer.words
    assert pinned(licence=None).ask(TREES).state is State.PARTIAL
    assert pinned(formats=("PDF",)).ask(TREES).state is State.PARTIAL


def test_an_outlived_pin_shows_what_was_last_seen() -> None:
    """The record of long ago, judged as of its own date."""
    answer = pinned(read_days_ago=60, modified="2026-03-20").ask(TREES)
    assert answer.state is State.UNKNOWN
    assert answer.last_seen is not None and answer.last_seen.state is State.PRESENT


@pytest.mark.parametrize(
    ("since", "complete", "state"),
    [("2026-05-01", True, "missing"), ("2026-05-31", True, "unknown"), ("2026-05-01", False, "unknown")],
)
def test_a_pin_gone_in_two_complete_readings_fails(since: str, complete: bool, state: str) -> None:
    """First missed on one day and missed again on another, each time with everything read."""
    answer = pinned(complete=complete, gone_since=since).ask(TREES)
    assert answer.state == state
    if state == "missing":
        published = found(answer, "published")
        assert isinstance(published, Failed) and isinstance(published.evidence[0], Searched)


@pytest.mark.parametrize(("count", "announced"), [(9, 10), (0, 0)])
def test_a_search_that_read_less_than_announced_proves_nothing(count: int, announced: int) -> None:
    """One dataset of those announced was not read, or none was there at all: the pinned one may be the one we lack."""
    town = pinned(gone_since="2026-05-01")
    read = town.facts["portal"].good
    assert read is not None
    counts = {
        name: Measurement(value=value, pointer=f"$.{name}")
        for name, value in (("dataset_count", count), ("announced_count", announced))
    }
    town.facts["portal"] = SourceFacts(good=read.model_copy(update={"measurements": counts}))
    assert town.ask(TREES).state is State.UNKNOWN


def test_a_pin_that_was_never_listed_is_a_question() -> None:
    """Neither present nor absent: the pin may be wrong, or the reading too short."""
    town = pinned()
    town.datasets[source().key] = [trees(id="other")]
    answer = town.ask(TREES)
    assert answer.state is State.UNKNOWN and "is the pin right?" in answer.words


def test_a_catalogue_that_is_gone_takes_no_dataset_with_it() -> None:
    """The portal moved; whether the dataset moved along nobody can tell."""
    town = pinned(read_days_ago=9)
    faults = (fault(ago(2), Reason.NOT_FOUND), fault(ago(1), Reason.GONE))
    town.facts["portal"] = SourceFacts(good=town.facts["portal"].good, faults=faults)
    answer = town.ask(TREES)
    assert answer.state is State.UNKNOWN and answer.last_seen is not None
    assert town.ask(PORTAL).state is State.MISSING


def test_a_broken_catalogue_fails_no_dataset() -> None:
    """That its catalogue answers nonsense today was not seen at the dataset."""
    town = pinned(read_days_ago=9)
    town.facts["portal"] = SourceFacts(good=town.facts["portal"].good, faults=(fault(ago(2), Reason.MALFORMED),))
    answer = town.ask(TREES)
    assert all(isinstance(one, CantTell) for one in answer.findings)
    assert answer.last_seen is not None and answer.last_seen.thing.dataset == trees()


def test_a_pin_to_a_whole_catalogue_says_too_little() -> None:
    """That the portal answers does not show that it lists trees."""
    town = world(good(ago(1), dataset_count=9), pins=(pin("nature.trees", "portal"),))
    assert town.ask(TREES).state is State.UNKNOWN
    assert "names no dataset" in town.ask(TREES).words


def test_a_pin_may_name_a_source_of_any_other_kind() -> None:
    """A page pinned for a question is read as what it is: there, but not data."""
    page = source("page", "webpage")
    town = world(good(ago(1), of=page), of=page, pins=(pin("nature.trees", "page"),))
    answer = town.ask(
        indicator(
            "nature.trees", kinds=(), topic="t", published=ANSWERS, machine_readable=[{"rule": "machine_readable"}]
        )
    )
    assert answer.state is State.PARTIAL


def test_a_rejected_thing_is_no_candidate() -> None:
    """A person said that it is not meant: it neither answers nor is listed."""
    town = world(good(ago(1), dataset_count=9), rejects=(reject(PORTAL.id, "portal"),))
    answer = town.ask(PORTAL)
    assert (answer.state, answer.thing, answer.looked) == (State.UNKNOWN, None, ())
