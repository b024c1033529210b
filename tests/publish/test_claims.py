"""One claim as a page shows it: proof, last sight, where we looked and whose fault it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from builder.model.capture import RecordedCopy
from builder.model.catalogue import Dataset
from builder.model.finding import CantTell, Failed, Passed, Test
from builder.model.reasons import Reason
from builder.model.scorecard import Looked, State, Thing
from builder.publish.pages.claims import Claim, claim, label, reading
from tests.publish import cards
from tests.publish.reading import Element, city_page


@pytest.fixture(scope="module")
def card_page() -> Element:
    """Exampleton's page."""
    return city_page(cards.full())


def of(id: str) -> Claim:
    """One claim of Exampleton."""
    card = cards.full()
    return claim(next(answer for answer in card.answers if answer.indicator.id == id), card)


def test_a_passed_test_shows_its_whole_proof(card_page: Element) -> None:
    """Link, place in the answer and what stood there; one step on, which probe read it when, and the fingerprint."""
    row = card_page.id("open-data.portal").all("li")[0]
    assert row.all(cls="cp-outcome")[0].text == "Published: yes"
    (proof,) = row.all("figure")
    link, reading_of = proof.all("a")
    assert link.attributes == {"href": "https://portal.example.org/data", "rel": "nofollow noreferrer"}
    assert proof.all("blockquote")[0].text == "128 datasets"
    assert proof.all("figcaption")[0].text == (
        "portal.example.org/data, at $.result.count, read on 20 November 2026, 06:05 UTC."
    )
    assert card_page.id(reading_of.attributes["href"].removeprefix("#")).text == (
        "portal.example.org/data, read by the probe ckan/1 on 20 November 2026, 06:05 UTC. Fingerprint 0123456789ab."
    )


def test_a_reading_is_told_once(card_page: Element) -> None:
    """However many proofs rest on it, a reading stands once among the readings, and every link to one leads there."""
    told = [one.text for one in card_page.id("readings-list").all("li")]
    assert len(told) == len(set(told)) > 1
    named = {one.attributes["href"] for one in card_page.all("a") if one.attributes["href"].startswith("#reading-")}
    assert named == {f"#reading-{number}" for number in range(1, len(told) + 1)}


def test_a_failed_test_shows_its_proof_too(card_page: Element) -> None:
    """A "no" is a claim like any other: its row carries the capture that shows it."""
    row = card_page.id("open-data.fresh").all("ul", "cp-tests")[0].all("li")[1]
    assert row.text.startswith("Up to date: no The newest change is of 3 May 2024.")
    assert row.all("figure")


def test_every_passed_or_failed_test_on_the_page_has_a_proof_and_no_other_has(card_page: Element) -> None:
    """No row says yes or no without evidence below it, and no gap pretends to have some."""
    rows = [row for part in card_page.all("ul", "cp-tests") for row in part.all("li")]
    outcomes = set()
    for row in rows:
        mark = row.all("span", "cp-outcome")[0]
        outcome = mark.attributes["class"].removeprefix("cp-outcome cp-")
        outcomes.add(outcome)
        assert bool(row.all("figure")) == (outcome in ("passed", "failed")), row.text
    assert outcomes == {"passed", "failed", "cantTell", "inapplicable", "untested"}


def test_an_absence_shows_how_it_was_searched() -> None:
    """How many were read of how many, which nets were tried and that the search was able to find something."""
    (proof,) = of("transit.timetable").tests[0].proofs
    assert proof.how == "read by the probe ckan/1 on 20 November 2026, 06:05 UTC"
    assert proof.searched == (
        "searched 1,284 of 1,284 datasets; topics 2, nets narrow, wide; control: “trees” found 12"
    )


def test_two_days_of_nothing_are_both_shown() -> None:
    """Where nothing was found twice, both days stand there, and the reader that found nothing is named by its kind."""
    proofs = of("transit.live").tests[0].proofs
    assert [proof.how for proof in proofs] == [
        "read by the probe gtfs on 19 November 2026, 06:05 UTC",
        "read by the probe gtfs on 20 November 2026, 06:05 UTC",
    ]


def test_a_person_is_named_as_the_reader() -> None:
    """What a person read says who, when and in which words, and claims no machine."""
    (proof,) = of("voice.meetings").tests[0].proofs
    assert (proof.how, proof.excerpt, proof.fingerprint) == (
        "read by A neighbour on 1 September 2026",
        "Next meeting: 9 September",
        "",
    )


def test_a_recorded_copy_says_so_with_its_day_alone(card_page: Element) -> None:
    """The copy is linked, its difference told, and an hour that nobody wrote down is not invented."""
    caption = card_page.id("transit.bikes").all("figcaption")[0]
    assert caption.text == "bikes.example.org/data, at $.result.count, read on 23 July 2022."
    told = card_page.id(caption.all("a")[1].attributes["href"].removeprefix("#"))
    assert told.text == (
        "bikes.example.org/data, read by the probe gbfs/1 on 23 July 2022, "
        "from a recorded copy (the list without its descriptions). Fingerprint 0123456789ab."
    )
    assert told.all("a")[1].attributes["href"] == "https://github.com/example/recorded/blob/0a1b2c/bikes.json"


def test_a_copy_that_knows_its_hour_tells_it() -> None:
    """A recorded copy with a full moment shows the minute like any reading."""
    copy = RecordedCopy(link="https://github.com/example/recorded/blob/0/a.json", fidelity="as sent")
    card = cards.full()
    answer = card.answers[0]
    read = cards.capture(at=datetime(2022, 7, 23, 3, 6, 26, tzinfo=UTC), copy=copy)
    changed = replace(answer, findings=(Passed(Test.PUBLISHED, (cards.seen(read),), "It answered."),))
    (proof,) = claim(changed, card).tests[0].proofs
    assert proof.how == "read by the probe ckan on 23 July 2022, 03:06 UTC"
    assert (proof.copy_url, proof.copy_words) == (copy.link, "as sent")


def test_what_was_last_seen_is_hatched_dated_and_not_counted(card_page: Element) -> None:
    """The old answer is told apart by ground, date and words; today's gap is the sentence above and not said again."""
    article = card_page.id("transit.bikes")
    (seen,) = article.all("p", "cp-hatch")
    assert seen.text == (
        "July 2022: published; did not pass: openly licensed (it would have been “partly”). Not counted."
    )
    assert article.all("span", "cp-state")[0].text == "Last seen July 2022"
    assert [heading.text for heading in article.all("h4")] == ["Where we looked"]
    (then,) = article.all("ul", "cp-tests")
    assert {mark.attributes["class"] for mark in then.all("span", "cp-outcome")} >= {
        "cp-outcome cp-passed", "cp-outcome cp-failed"
    }  # fmt: skip
    hatched = [one.attributes["id"] for one in card_page.all("article") if one.all(cls="cp-hatch")]
    assert hatched == ["transit.bikes"], "only what is not counted is hatched"


def test_a_last_sight_that_decided_nothing_says_so() -> None:
    """Where no test could be decided then, the line is a sentence and names no verdict."""
    card = cards.full()
    answer = next(one for one in card.answers if one.last_seen)
    assert answer.last_seen
    empty = replace(
        answer.last_seen, state=State.UNKNOWN, findings=(CantTell(Test.PUBLISHED, None, "It says nothing."),)
    )
    view = claim(replace(answer, last_seen=empty), card)
    assert view.seen and view.seen.summary == "something was read, but no test could be decided"


def test_a_known_answer_with_an_older_sight_keeps_its_own_mark() -> None:
    """Last sight is a mark of unknown answers alone; a known one keeps its state."""
    card = cards.full()
    last = next(one.last_seen for one in card.answers if one.last_seen)
    assert label(replace(card.answers[0], last_seen=last)) == "Has it"


def test_what_we_could_not_tell_names_the_side(card_page: Element) -> None:
    """A fault between us and the source says where we looked, and in its test's row, that it counts against nobody."""
    side = "(the fault lies between us and the source, so it counts against nobody)"
    (place,) = card_page.id("money.budget").all("li")
    assert place.text.startswith("budget.example.org: last tried on 20 November 2026") and place.text.endswith(side)
    assert of("money.budget").tests[0].words == f"No connection could be made {side}."


def test_a_gap_is_told_once() -> None:
    """Tests that say the same without any proof share a row; one that has proof keeps its own."""
    (row,) = of("transit.bikes").tests
    assert (row.name, row.outcome_word) == ("Published, open licence, up to date", "not checked")
    assert [row.name for row in of("open-data.portal").tests][:2] == ["Published", "Readable by programs"]


def test_the_reading_says_until_when_it_counts() -> None:
    """A known answer tells the day on which it expires; an unknown one has none to tell."""
    assert of("open-data.portal").until == "20 December 2026"
    assert of("transit.bikes").until == ""


def test_other_candidates_are_named_beside_the_chosen_one() -> None:
    """What else could have been meant is listed: a source by kind and publisher, a dataset by its title."""
    view = of("open-data.portal")
    assert view.about == "open data portal (CKAN), Town of Exampleton: portal.example.org"
    assert view.others == (
        "sensor service (OGC SensorThings), Town of Exampleton: air.example.org",
        "“Street trees” in the open data portal (CKAN) of Town of Exampleton",
    )


def test_a_reply_stands_beside_its_finding_and_changes_nothing(card_page: Element) -> None:
    """The city's words are in the claim they answer, dated and linked; its mark is what it was."""
    (said,) = [one for one in card_page.id("open-data.fresh").inside if one.tag == "blockquote" and one.all("p")]
    assert said.text == (
        "We update it every spring.Town of Exampleton, 20 November 2026. The city's own words; they change no finding."
    )
    assert card_page.id("open-data.fresh").all("span", "cp-state")[0].text == "Partly"
    assert "every spring" not in card_page.id("open-data.portal").text


BUDGET = cards.source("budget", "dcat_us")
MAY, NOVEMBER = datetime(2026, 5, 3, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("looked", "said"),
    [
        (cards.looked(BUDGET), "not read yet"),
        (cards.looked(BUDGET, readable=False), "not read: we cannot read this kind of source yet"),
        (cards.looked(BUDGET, reason=Reason.NOT_CAPTURED), "not read yet"),
        (
            cards.looked(BUDGET, reason=Reason.NEEDS_KEY),
            "not read yet: it needs a key that we do not have yet (the fault is ours, so it counts against nobody)",
        ),
        (cards.looked(BUDGET, cards.observation("dcat_us", (cards.capture(),))), "last read on 20 November 2026"),
        (
            cards.looked(BUDGET, cards.observation("dcat_us", (cards.copied(),))),
            "last read on 23 July 2022, from a recorded copy",
        ),
        (
            cards.looked(BUDGET, last_read=NOVEMBER, reason=Reason.TIMEOUT, failing_since=MAY),
            "last tried on 20 November 2026: it did not finish answering in the time we give; "
            "failing since 3 May 2026 (the fault lies between us and the source, so it counts against nobody)",
        ),
        (
            cards.looked(BUDGET, last_read=NOVEMBER, reason=Reason.MALFORMED, failing_since=NOVEMBER),
            "last read on 20 November 2026: it answered in the right form, but broken; "
            "failing since 20 November 2026 (the fault is on the source's side)",
        ),
        (
            cards.looked(BUDGET, last_read=NOVEMBER, reason=Reason.OUR_ERROR, failing_since=NOVEMBER),
            "last tried on 20 November 2026: our own program failed while reading it; "
            "failing since 20 November 2026 (the fault is ours, so it counts against nobody)",
        ),
    ],
)
def test_what_came_of_a_source_is_one_clause(looked: Looked, said: str) -> None:
    """Unread, last read, last tried, failing since when, and whose fault it is: never a network fault as a failing."""
    assert reading(looked) == said


def test_no_failing_is_shown_without_its_side() -> None:
    """Every reason there is gives a clause that ends with the side, or with the good news."""
    for reason in Reason:
        said = reading(cards.looked(BUDGET, last_read=NOVEMBER, reason=reason, failing_since=MAY))
        assert said.endswith(")") != (reason is Reason.OK)


def test_evidence_of_a_source_we_do_not_list_names_no_probe() -> None:
    """Where the source is not on the card any more, the page says when it was read and no more."""
    card = cards.full()
    proof = cards.seen(cards.capture(), source="forgotten")
    view = claim(replace(card.answers[1], findings=(Failed(Test.FRESH, (proof,), "Old."),)), card)
    assert view.tests[0].proofs[0].how == "read on 20 November 2026, 06:05 UTC"


def test_a_source_under_where_we_looked_is_no_other_candidate_again() -> None:
    """Candidates that are sources stand in one list; a dataset is named in the other."""
    card = cards.full()
    answer = next(one for one in card.answers if one.looked)
    place = answer.looked[0].source
    dataset = Dataset(id="x", title="Trees", pointer="$[0]")
    told = claim(replace(answer, others=(Thing(place), Thing(place, dataset))), card)
    assert [one.id for one in told.looked] == [looked.source.id for looked in answer.looked]
    assert len(told.others) == 1 and told.others[0].startswith("“Trees” in the ")
