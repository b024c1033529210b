"""The words every page shares: the quotable sentence, the score line, days, counts and shares."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from builder.model.finding import Test
from builder.model.reasons import Outcome, Reason, Side
from builder.model.scorecard import Score, State
from builder.model.source import TIERS
from builder.publish import words
from tests.publish import cards


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (
            {"present": 2, "partial": 1, "missing": 2, "seen": 3, "unknown": 20, "not_applicable": 1},
            "As of 21 November 2026 we can prove 5 of 28 answers about Smallton (2 there, 1 partly, 2 missing); "
            "3 more were last seen too long ago to count, and 20 are not known yet.",
        ),
        (
            {"present": 1, "seen": 1},
            "As of 21 November 2026 we can prove 1 of 2 answers about Smallton (1 there, 0 partly, 0 missing); "
            "1 more was last seen too long ago to count.",
        ),
        (
            {"unknown": 28},
            "As of 21 November 2026 we can prove 0 of 28 answers about Smallton; 28 are not known yet.",
        ),
        (
            {"seen": 3, "unknown": 1},
            "As of 21 November 2026 we can prove 0 of 4 answers about Smallton; "
            "3 were last seen too long ago to count, and 1 is not known yet.",
        ),
        (
            {"missing": 1},
            "As of 21 November 2026 we can prove 1 of 1 answer about Smallton (0 there, 0 partly, 1 missing).",
        ),
        (
            {"present": 3, "not_applicable": 2},
            "As of 21 November 2026 we can prove 3 of 3 answers about Smallton (3 there, 0 partly, 0 missing).",
        ),
    ],
)
def test_the_sentence_can_be_quoted_alone(marks: dict[str, int], said: str) -> None:
    """Whoever quotes one sentence quotes its date, its count and what is not known along with it."""
    assert words.sentence(cards.tallied(**marks)) == said


def test_what_was_last_seen_counts_as_not_known() -> None:
    """A last-seen answer has a mark of its own and is never among the proved ones."""
    counts = words.tally(cards.tallied(present=1, seen=2, unknown=3))
    assert counts == {"present": 1, "partial": 0, "missing": 0, "seen": 2, "unknown": 3, "not_applicable": 0}


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (
            Score(known=6, applicable=8, value=0.75, low=0.5625, high=0.8125),
            "Score 75 %, from 6 of 8 answers. "
            "It could lie between 56 % and 81 %, depending on what we do not know yet.",
        ),
        (
            Score(known=5, applicable=28, value=None, low=0.107, high=0.929),
            "No score: we know 5 of 28 answers and need 17. "
            "It could lie between 11 % and 93 %, depending on what we do not know yet.",
        ),
        (
            Score(known=0, applicable=28, value=None, low=0.0, high=1.0),
            "No score: we know 0 of 28 answers and need 17. "
            "It could lie between 0 % and 100 %, depending on what we do not know yet.",
        ),
        (
            Score(known=4, applicable=4, value=0.5, low=0.5, high=0.5),
            "Score 50 %, from 4 of 4 answers: none is unknown, so it could lie nowhere else.",
        ),
        (Score(known=0, applicable=0, value=None, low=0.0, high=0.0), "No score: none of the questions applies."),
    ],
)
def test_a_score_never_stands_alone(score: Score, said: str) -> None:
    """Coverage and range stand beside every score; without one the line says how many answers are needed."""
    assert words.score_line(score) == said


def test_the_answers_needed_for_a_score_are_those_that_give_one() -> None:
    """The number that the line names is the smallest that reaches 60 % coverage."""
    for applicable in range(1, 100):
        line = words.score_line(Score(0, applicable, None, 0.0, 1.0))
        need = int(line.partition("need ")[2].partition(".")[0])
        assert need / applicable >= 0.6 > (need - 1) / applicable


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    """Only everything is 100 % and only nothing is 0 %."""
    assert [words.percent(share) for share in (0, 0.0001, 0.005, 0.5, 0.996, 0.9999, 1)] == [
        "0 %", "1 %", "1 %", "50 %", "99 %", "99 %", "100 %",
    ]  # fmt: skip
    shares = [words.percent(n / 1000) for n in range(1001)]
    figures = [int(share.removesuffix(" %")) for share in shares]
    assert all(one <= other for one, other in pairwise(figures))


def test_days_are_written_out() -> None:
    """A day is told the same whatever it comes as, and no reader has to guess which number is the month."""
    moment = datetime(2026, 5, 3, 23, 59, tzinfo=UTC)
    assert {words.day(one) for one in (moment, date(2026, 5, 3), "2026-05-03", "2026-05-03T23:59:00Z")} == {
        "3 May 2026"
    }
    assert words.month(moment) == "May 2026"


def test_one_is_one() -> None:
    """Counts agree with their noun, and large ones are grouped."""
    assert words.count(1, "city", "cities") == "1 city"
    assert words.count(0, "city", "cities") == "0 cities"
    assert words.count(1284, "dataset") == "1,284 datasets"


def test_every_word_of_the_model_has_its_words() -> None:
    """No state, test, outcome, tier or side can reach a page without words for it."""
    assert set(words.STATE_WORDS) == set(words.STATE_MEANING) == {state.value for state in State} | {"seen"}
    assert set(words.TEST_WORDS) == set(Test)
    assert set(words.OUTCOME_WORDS) == set(Outcome)
    assert set(words.TIER_WORDS) == set(TIERS)
    assert all(bool(words.side(reason)) == (reason.side is not Side.NONE) for reason in Reason)


def test_only_the_source_is_ever_blamed_for_a_failing() -> None:
    """Every fault that is the network's, the gate's or ours says that it counts against nobody."""
    for reason in Reason:
        if reason.outcome is Outcome.FAILED:
            assert words.side(reason) == "the fault is on the source's side"
        elif reason is not Reason.OK:
            assert words.side(reason).endswith("counts against nobody")


def test_a_country_we_cannot_name_keeps_its_code() -> None:
    """Countries have their usual English names, and an unknown code is not made into a name."""
    assert words.country("DE") == "Germany"
    assert words.country("QX") == "QX"
