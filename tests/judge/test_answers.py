"""The answer to one question: candidates, the best of several, pins, people, and every rule of honesty that judges."""

from __future__ import annotations

import pytest

from builder.model.city import Reply
from builder.model.evidence import Seen
from builder.model.finding import CantTell, Failed, Inapplicable, Passed, Untested
from builder.model.observation import SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import State
from builder.model.source import Found

from .facts import (
    ALIVE,
    ANSWERS,
    DATASETS,
    LICENCE,
    PORTAL,
    TREES,
    World,
    ago,
    capture,
    city,
    fault,
    found,
    good,
    indicator,
    line,
    source,
    world,
)

FEED = indicator(kinds=("gtfs",), published=ANSWERS, open_licence=LICENCE)

OURS = [reason for reason in Reason if reason.outcome is Outcome.CANT_TELL]


def test_a_good_reading_answers() -> None:
    """All tests passed on one thing: present, with its proof, its date and the day until which it counts."""
    answer = world(good(ago(3), dataset_count=295)).ask(PORTAL)
    assert answer.state is State.PRESENT
    assert answer.words == (
        "Exampleton: on 29 May 2026 the open data portal (CKAN) of Exampleton was published and working, "
        "which is all we ask."
    )
    assert answer.at == ago(3) and answer.until == ago(-27)


def test_one_failed_test_makes_it_partial() -> None:
    """Something there and something wrong, both with proof, and both in the sentence."""
    answer = world(good(ago(3), dataset_count=9, modified_latest="2024-01-01")).ask(ALIVE)
    assert answer.state is State.PARTIAL
    assert answer.words == (
        "Exampleton: on 29 May 2026 the open data portal (CKAN) of Exampleton was published, but did not pass our test "
        "“up to date”: the day of the newest change was 1 January 2024; we read it on 29 May 2026 and allow 30 days "
        "between the two."
    )


def test_a_sentence_never_overclaims_a_failing() -> None:
    """Eight links in nine that work are not "not working": the quoted sentence holds the figure and the limit."""
    links = indicator(
        published=DATASETS, working=[{"rule": "at_least", "measurement": "link_working_share", "value": 0.9}]
    )
    answer = world(good(ago(3), dataset_count=9, link_working_share=0.8889)).ask(links)
    assert answer.words == (
        "Exampleton: on 29 May 2026 the open data portal (CKAN) of Exampleton was published, but did not pass our test "
        "“working”: the share of links that work was 88.9 %; we ask for at least 90 %."
    )


# Rule 1


@pytest.mark.parametrize("reason", OURS)
def test_a_fault_of_ours_never_becomes_failed(reason: Reason) -> None:
    """Last good facts still count, and the sentence says since when the source has not answered us."""
    read = good(ago(9), dataset_count=9)
    before, after = world(read).ask(PORTAL), world(read, fault(ago(2), reason)).ask(PORTAL)
    assert (after.state, after.findings) == (before.state, before.findings)
    assert "it has not answered us since 30 May 2026" in after.words
    never_read = world(None, fault(ago(2), reason)).ask(PORTAL)
    assert never_read.state is State.UNKNOWN
    assert all(isinstance(one, CantTell) and one.reason is reason for one in never_read.findings)


def test_outlived_facts_are_shown_as_of_their_own_date_and_never_count() -> None:
    """A reading of 2022 found fresh data; today the state is unknown, and what was seen then stands beside it."""
    answer = world(good(ago(1400), dataset_count=9, modified_latest=ago(1401).isoformat())).ask(ALIVE)
    assert answer.state is State.UNKNOWN
    assert not any(isinstance(one, Passed | Failed) for one in answer.findings)
    assert answer.words == (
        "Not known today: we last read the open data portal (CKAN) of Exampleton on 1 August 2022, "
        "and such a reading counts for 30 days."
    )
    assert answer.last_seen is not None
    assert (answer.last_seen.state, answer.last_seen.at) == (State.PRESENT, ago(1400))
    assert all(isinstance(one, Passed) for one in answer.last_seen.findings)


@pytest.mark.parametrize(("days", "own", "state"), [(30, None, "present"), (31, None, "unknown"), (8, 7, "unknown")])
def test_a_reading_counts_for_its_lifetime(days: int, own: int | None, state: str) -> None:
    """The kind says how long; a question that needs less says so itself."""
    question = PORTAL.model_copy(update={"lifetime_days": own})
    assert world(good(ago(days), dataset_count=1)).ask(question).state == state


def test_reading_the_same_facts_again_renews_them() -> None:
    """Facts first seen long ago count while the ledger says that they were found again."""
    town = world(good(ago(200), dataset_count=1))
    town.ledger[source().key] = [line(source(), ago(200), digest="a"), line(source(), ago(2), digest="a")]
    assert town.ask(PORTAL).state is State.PRESENT
    assert town.ask(PORTAL).at == ago(2)


# Rule 2


def test_two_days_of_not_found_prove_absence() -> None:
    """The source named is gone: missing, with both readings as proof, and what was last seen beside it."""
    faults = (fault(ago(5), Reason.NOT_FOUND), fault(ago(3), Reason.GONE))
    answer = world(good(ago(9), dataset_count=9), *faults).ask(PORTAL)
    assert answer.state is State.MISSING
    published = found(answer, "published")
    assert isinstance(published, Failed)
    assert [one.capture.at for one in published.evidence if isinstance(one, Seen)] == [ago(5), ago(3)]
    assert answer.words == (
        "Exampleton, the open data portal (CKAN) of Exampleton: on 27 May 2026 and again on 29 May 2026 "
        "the server said that there is nothing at its address."
    )
    assert answer.last_seen is not None and answer.last_seen.state is State.PRESENT


def test_one_day_of_not_found_proves_nothing() -> None:
    """A server under repair: unknown, and the good facts from before step back to what was last seen."""
    answer = world(good(ago(9), dataset_count=9), fault(ago(5), Reason.NOT_FOUND)).ask(PORTAL)
    assert answer.state is State.UNKNOWN
    assert all(isinstance(one, CantTell) for one in answer.findings)
    assert answer.last_seen is not None and answer.last_seen.at == ago(9)


def test_absence_outlives_too() -> None:
    """Two readings of four years ago do not say what stands there today."""
    faults = (fault(ago(1400), Reason.NOT_FOUND), fault(ago(1399), Reason.NOT_FOUND))
    assert world(None, *faults).ask(PORTAL).state is State.UNKNOWN


@pytest.mark.parametrize("reason", [Reason.EMPTY, Reason.MALFORMED, Reason.NOT_THE_DECLARED_FORMAT, Reason.API_ERROR])
def test_a_broken_answer_is_seen_but_proves_no_absence(reason: Reason) -> None:
    """That it does not work was seen; whether anything is published nobody can tell from that."""
    answer = world(good(ago(9), dataset_count=9), fault(ago(2), reason)).ask(PORTAL)
    assert isinstance(found(answer, "published"), CantTell)
    working = found(answer, "working")
    assert isinstance(working, Failed) and all(isinstance(one, Seen) for one in working.evidence)
    assert answer.state is State.UNKNOWN and answer.last_seen is not None


def test_an_empty_catalogue_is_not_a_missing_one() -> None:
    """A count of zero was seen, once, in one place: that is not a search of everything."""
    answer = world(good(ago(1), dataset_count=0)).ask(PORTAL)
    assert isinstance(found(answer, "published"), CantTell)
    assert answer.state is State.UNKNOWN


def test_one_source_gone_is_not_missing_while_another_may_have_it() -> None:
    """Missing is said only when every source we know of is gone."""
    town = world(None, fault(ago(5), Reason.NOT_FOUND), fault(ago(3), Reason.NOT_FOUND), of=source("old"))
    assert town.ask(PORTAL).state is State.MISSING
    town.city = city(source("old"), source("new", tier="national"))
    assert town.ask(PORTAL).state is State.UNKNOWN


# Rule 3


def test_every_claim_carries_evidence_and_parts_prove_no_absence() -> None:
    """An incomplete reading leaves open what it did not show, and says what it read."""
    read = good(ago(1), complete=False, scope="the first 50 of 900", dataset_count=50, modified_latest="2020-01-01")
    answer = world(read).ask(ALIVE)
    assert answer.state is State.UNKNOWN
    fresh = found(answer, "fresh")
    assert isinstance(fresh, CantTell) and "the first 50 of 900" in fresh.words
    assert "only a part of it was read" in answer.words
    assert isinstance(found(answer, "published"), Passed)


# Rule 4


def test_a_new_city_shows_gaps_in_our_knowledge() -> None:
    """On day one every test is untested, and every sentence says what is missing on our side, none on the city's."""
    nothing = World(city())
    portal = World(city(source()))
    questions = [PORTAL, FEED, TREES]
    for town in (nothing, portal):
        for answer in town.card(*[one.model_copy(update={"id": f"a.q{i}"}) for i, one in enumerate(questions)]).answers:
            assert answer.state is State.UNKNOWN
            assert all(isinstance(one, Untested) for one in answer.findings)
    assert nothing.ask(PORTAL).words == "No source for this is known to us. Do you know one?"
    assert portal.ask(TREES).words == (
        "We have not searched the city's data catalogue for this yet. Do you know where it is?"
    )
    assert portal.ask(PORTAL).words == "Not known: we have not read the open data portal (CKAN) of Exampleton yet."


def test_an_unread_source_says_where_and_when_it_was_listed() -> None:
    """A registry named it on a day; that alone proves nothing (rule 6)."""
    listed = Found(registry="a public list", link="https://example.org/list", on="2026-03-02")
    answer = World(city(source(found=listed))).ask(PORTAL)
    assert answer.words == (
        "Not known: the open data portal (CKAN) of Exampleton was listed in a public list on 2 March 2026, "
        "but we have not read it yet."
    )
    assert {one.words for one in answer.findings} == {
        "Listed in a public list on 2 March 2026; we have not read it yet."
    }
    assert answer.state is State.UNKNOWN


def test_a_reply_of_the_city_changes_no_answer() -> None:
    """It stands beside the finding (rule 11): state, findings and sentence are those without it."""
    read = good(ago(3), dataset_count=9, modified_latest="2024-01-01")
    reply = Reply(indicator=ALIVE.id, by="the data desk", on="2026-05-30", words="It does not apply to us.")
    plain, replied = world(read).ask(ALIVE), world(read, replies=(reply,)).ask(ALIVE)
    assert replied == plain and plain.state is State.PARTIAL


def test_a_kind_without_a_reader_waits_for_it() -> None:
    """We know whom to ask, and cannot yet: the gap is ours."""
    town = World(city(source("a", "netex"), source("b", "siri"), source("c", "siri")))
    question = indicator(kinds=("netex", "siri"))
    assert town.ask(question).words == (
        "We know of 3 sources that could answer, but we cannot read them yet: live transit feed (SIRI) and timetable "
        "feed (NeTEx)."
    )
    assert [one.readable for one in town.ask(question).looked] == [False, False, False]


def test_what_we_could_read_comes_before_what_we_cannot() -> None:
    """Of two unread sources the sentence speaks of the one that the next run will read."""
    town = World(city(source("a", "netex"), source("b", "gtfs", "national")))
    assert town.ask(indicator(kinds=("netex", "gtfs"))).words == (
        "Not known: we have not read the timetable feed (GTFS) of Exampleton yet."
    )


def test_a_test_without_rules_stays_untested() -> None:
    """Asked, shown, and not guessed."""
    answer = world(good(ago(1))).ask(indicator(published=ANSWERS, documented=[]))
    assert answer.state is State.UNKNOWN and isinstance(found(answer, "documented"), Untested)
    assert "was published; we do not know yet whether it was documented" in answer.words


# Rule 5


def test_not_applicable_is_said_with_its_reason() -> None:
    """The city file says why; every test is inapplicable."""
    town = world(good(ago(1), dataset_count=1), not_applicable={PORTAL.id: "The county runs it."})
    answer = town.ask(PORTAL)
    assert (answer.state, answer.words) == (State.NOT_APPLICABLE, "The county runs it.")
    assert all(isinstance(one, Inapplicable) for one in answer.findings)


# Rule 8


@pytest.mark.parametrize(
    ("tier", "near", "state"),
    [
        ("national", {"stop_count_near": 12}, "present"),
        ("national", {"stop_count_near": 0}, "unknown"),
        ("regional", {}, "unknown"),
        ("metropolitan", {}, "present"),
        ("city", {"stop_count_near": 0}, "present"),
    ],
)
def test_a_feed_of_a_wider_area_must_be_seen_to_serve_the_city(tier: str, near: dict[str, int], state: str) -> None:
    """A stop near the city shows it; without one nothing the feed says is said of this city."""
    feed = source("feed", "gtfs", tier)
    answer = world(good(ago(1), license_id="CC0-1.0", **near), of=feed).ask(FEED)
    assert answer.state == state
    if state == "unknown":
        assert "we have not seen that" in answer.words
        assert not any(isinstance(one, Passed | Failed) for one in answer.findings)


# Several candidates


def test_the_best_of_several_is_the_answer() -> None:
    """Most tests passed, then the nearer tier, then the name; the others are listed."""
    sources = [source("b", tier="national"), source("a", tier="regional"), source("c", tier="regional")]
    facts = {one.id: SourceFacts(good=good(ago(1), dataset_count=1)) for one in sources}
    answer = World(city(*sources), facts).ask(PORTAL)
    assert answer.thing is not None and answer.thing.source.id == "a"
    assert [one.source.id for one in answer.others] == ["c", "b"]
    facts["a"] = facts["c"] = SourceFacts(good=good(ago(1)))
    best = World(city(*sources), facts).ask(PORTAL).thing
    assert best is not None and best.source.id == "b"


def test_all_tests_are_judged_on_one_thing() -> None:
    """One source passes one test and another the other: that is not one thing that passes both."""
    one, two = source("one", "gtfs"), source("two", "gtfs")
    question = indicator(
        kinds=("gtfs",), open_licence=LICENCE, working=[{"rule": "at_least", "measurement": "stop_count", "value": 1}]
    )
    facts = {
        "one": SourceFacts(good=good(ago(1), license_id="CC0-1.0", stop_count=0)),
        "two": SourceFacts(good=good(ago(1), license_id="CC-BY-NC-4.0", stop_count=9)),
    }
    assert World(city(one, two), facts).ask(question).state is State.PARTIAL


def test_a_licence_may_be_evidenced_by_a_second_source() -> None:
    """`licence_from` names it; until that was read, or once it has outlived, the licence is a gap."""
    feed, terms = source("feed", "gtfs", licence_from="terms"), source("terms", "webpage")
    facts = {"feed": SourceFacts(good=good(ago(1)))}
    assert isinstance(found(World(city(feed, terms), facts).ask(FEED), "open_licence"), Untested)
    facts["terms"] = SourceFacts(good=good(ago(80), license_id="CC0-1.0"))
    assert World(city(feed, terms), facts).ask(FEED).state is State.PRESENT
    facts["terms"] = SourceFacts(good=good(ago(100), license_id="CC0-1.0"))
    assert isinstance(found(World(city(feed, terms), facts).ask(FEED), "open_licence"), Untested)


def test_what_was_last_seen_has_the_licence_of_its_time() -> None:
    """Feed and terms were read in the same week of 2022: then it was open, whatever we can say today."""
    feed, terms = source("feed", "gtfs", licence_from="terms"), source("terms", "webpage")
    facts = {"feed": SourceFacts(good=good(ago(1400)))}
    facts["terms"] = SourceFacts(good=good(ago(1398), license_id="CC0-1.0"))
    answer = World(city(feed, terms), facts).ask(FEED)
    assert answer.state is State.UNKNOWN
    assert answer.last_seen is not None and answer.last_seen.state is State.PRESENT


def test_what_was_last_seen_is_the_best_of_several() -> None:
    """Among outlived sources the one that passed most is shown."""
    facts = {"a": SourceFacts(good=good(ago(99))), "b": SourceFacts(good=good(ago(400), dataset_count=1))}
    last = World(city(source("a"), source("b")), facts).ask(PORTAL).last_seen
    assert last is not None and last.thing.source.id == "b"


# Sentences


def test_a_recorded_copy_is_named_in_the_sentence() -> None:
    """Whoever quotes the sentence quotes its caveat."""
    read = good(ago(1), captures=(capture(ago(1), copy="https://example.org/copy"),), dataset_count=1)
    assert "(read from a recorded copy)" in world(read).ask(PORTAL).words


def test_a_failing_source_is_told_with_its_day_and_side() -> None:
    """The sentence names the day and the reason in plain words."""
    assert world(None, fault(ago(2), Reason.BOT_CHALLENGE)).ask(PORTAL).words == (
        "Not known: on 30 May 2026 we tried the open data portal (CKAN) of Exampleton; "
        "a gate against robots stood in our way."
    )
