"""What people read with their own eyes: where it counts, where it does not, and for how long."""

from __future__ import annotations

from builder.model.evidence import ReadByPerson
from builder.model.finding import Passed
from builder.model.reasons import Reason
from builder.model.scorecard import State

from .facts import (
    World,
    ago,
    attestation,
    city,
    fault,
    found,
    good,
    indicator,
    source,
    world,
)

ANSWERS = [{"rule": "answers"}]
DATASETS = [{"rule": "at_least", "measurement": "dataset_count", "value": 1}]
LICENCE = [{"rule": "open_licence"}]
PORTAL = indicator(published=DATASETS, working=ANSWERS)
FEED = indicator(kinds=("gtfs",), published=ANSWERS, open_licence=LICENCE)


def test_a_persons_reading_counts_for_a_year() -> None:
    """Read with their own eyes: proof with a name and a date, and then it expires."""
    question = indicator(kinds=())
    assert (
        World(city(attestations=(attestation(question.id, "published", "passed", "2025-06-01"),))).ask(question).state
        is State.PRESENT
    )
    answer = World(city(attestations=(attestation(question.id, "published", "passed", "2025-05-31"),))).ask(question)
    assert answer.state is State.UNKNOWN
    assert "good for 12 months" in answer.words


def test_a_person_fills_what_no_machine_decided() -> None:
    """The portal refuses our program; a person saw it. Where the machine decided, its word stands."""
    said = (
        attestation(FEED.id, "open_licence", "passed", "2026-05-01"),
        attestation(FEED.id, "published", "failed", "2026-05-01"),
    )
    feed = source("feed", "gtfs")
    answer = world(good(ago(1)), of=feed, attestations=said).ask(FEED)
    assert answer.state is State.PRESENT
    licence = found(answer, "open_licence")
    assert isinstance(licence, Passed) and isinstance(licence.evidence[0], ReadByPerson)
    assert "read in part by a resident on 1 May 2026" in answer.words


def test_a_person_who_found_the_new_address_outdoes_a_gone_one() -> None:
    """The old address is gone, but someone saw the thing elsewhere: not missing."""
    said = (attestation(PORTAL.id, "published", "passed", "2026-05-30"),)
    faults = (fault(ago(5), Reason.NOT_FOUND), fault(ago(3), Reason.NOT_FOUND))
    answer = world(None, *faults, attestations=said).ask(PORTAL)
    assert answer.state is State.UNKNOWN and isinstance(found(answer, "published"), Passed)


def test_a_person_never_dates_back_to_an_outlived_reading() -> None:
    """Where the machine's reading no longer counts, the person's stands alone, under its own date."""
    said = (attestation(PORTAL.id, "published", "passed", "2026-05-30"),)
    answer = world(good(ago(1400), dataset_count=9), attestations=said).ask(PORTAL)
    assert answer.thing is None
    assert answer.words.startswith("Exampleton: on 30 May 2026 the page that a person read was published")
    assert answer.last_seen is not None and answer.last_seen.at == ago(1400)


def test_a_word_from_the_future_is_not_heard() -> None:
    """Nobody has read it yet on the day we judge."""
    question = indicator(kinds=())
    town = World(city(attestations=(attestation(question.id, "published", "passed", "2026-06-02"),)))
    assert town.ask(question).state is State.UNKNOWN
