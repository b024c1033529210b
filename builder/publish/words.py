"""The words that readers see for states, tests, outcomes, dates and places: one voice for every page."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from babel import Locale

from builder.model.finding import Test
from builder.model.reasons import Outcome, Reason, Side
from builder.model.scorecard import Answer, Score, Scorecard, State
from builder.publish.text import clean

STATE_WORDS = {
    "present": "Has it",
    "partial": "Partly",
    "missing": "Missing, proved",
    "seen": "Last seen",
    "unknown": "Not known yet",
    "not_applicable": "Does not apply",
}
STATE_MEANING = {
    "present": "every test passed, and each has its proof",
    "partial": "something passed and something failed, both with proof",
    "missing": "we searched everything, or found nothing twice on different days; the proof of the search is there",
    "seen": "somebody's recorded copy or an older reading showed it; too old to count, so it does not",
    "unknown": "a gap in our knowledge, not in the city: nobody has checked, or we could not",
    "not_applicable": "the question does not fit this city, and the page says why",
}
TEST_WORDS = {
    Test.PUBLISHED: "Published",
    Test.MACHINE_READABLE: "Readable by programs",
    Test.OPEN_LICENCE: "Open licence",
    Test.FRESH: "Up to date",
    Test.DOCUMENTED: "Documented",
    Test.WORKING: "Working",
}
OUTCOME_WORDS = {
    Outcome.PASSED: "yes",
    Outcome.FAILED: "no",
    Outcome.CANT_TELL: "cannot tell",
    Outcome.INAPPLICABLE: "does not apply",
    Outcome.UNTESTED: "not checked",
}
TIER_WORDS = {
    "city": "the city",
    "metropolitan": "the metropolitan area",
    "regional": "the region",
    "national": "the country",
}
_WITH_THE = frozenset(["AE", "BS", "CF", "DO", "GB", "GM", "KM", "MH", "MV", "NL", "PH", "SB", "US"])
_MONTHS = tuple(str(name) for name in Locale("en").months["format"]["wide"].values())


def day(moment: datetime | date | str) -> str:
    """Write a day as ``21 November 2026``; ISO text is understood.

    >>> day("2022-07-23T03:06:26Z")
    '23 July 2022'
    """
    if isinstance(moment, str):
        moment = date.fromisoformat(moment[:10])
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(moment: datetime | date) -> str:
    """Write a month as ``July 2022``."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def language(code: str) -> str:
    """The English name of a language.

    >>> language("fi"), language("")
    ('Finnish', 'not stated')
    """
    return str(Locale("en").languages.get(code, code)) or "not stated"


def number(value: int) -> str:
    """Write a whole number with thin groups a screen reader copes with: ``2,138,551``."""
    return f"{value:,}"


def percent(share: float) -> str:
    """Write a share as whole percent; never 100 or 0 by rounding alone.

    >>> percent(0.998), percent(1.0)
    ('99 %', '100 %')
    """
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole} %"


def count(n: int, one: str, many: str | None = None) -> str:
    """``1 source``, ``3 sources``."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


@cache
def country(code: str) -> str:
    """English name of an ISO 3166-1 country, from the Unicode CLDR; XX, which ISO leaves to its users, is nowhere."""
    if code == "XX":
        return "Nowhere"
    return str(Locale("en").territories.get(code, code))


def country_within(code: str) -> str:
    """The same after "in", where English gives some countries an article.

    >>> country_within("US"), country_within("FR")
    ('the United States', 'France')
    """
    return f"the {country(code)}" if code in _WITH_THE else country(code)


def state_key(answer: Answer) -> str:
    """The key of an answer's mark: its state, but ``seen`` for an unknown of which something was once seen."""
    if answer.state is State.UNKNOWN and answer.last_seen is not None:
        return "seen"
    return answer.state.value


def side(reason: Reason) -> str:
    """On which side a fault lies, in a clause."""
    return {
        Side.NONE: "",
        Side.THEM: "the fault is on the source's side",
        Side.BETWEEN: "the fault lies between us and the source, so it counts against nobody",
        Side.US: "the fault is ours, so it counts against nobody",
    }[reason.side]


def tally(card: Scorecard) -> dict[str, int]:
    """How many answers of a scorecard carry each mark, in the order of the legend; zeroes included."""
    counts = dict.fromkeys(STATE_WORDS, 0)
    for answer in card.answers:
        counts[state_key(answer)] += 1
    return counts


def sentence(card: Scorecard) -> str:
    """The one quotable sentence about a city, with its date and its caveat inside it."""
    counts, score = tally(card), card.score
    answers = count(score.applicable, "answer")
    text = f"As of {day(card.now)} we can prove {score.known} of {answers} about {clean(card.city.name)}"
    if score.known:
        text += f" ({counts['present']} there, {counts['partial']} partly, {counts['missing']} missing)"
    rest = []
    if counts["seen"]:
        seen = f"{counts['seen']} more" if score.known else str(counts["seen"])
        rest.append(f"{seen} {'was' if counts['seen'] == 1 else 'were'} last seen too long ago to count")
    if counts["unknown"]:
        rest.append(f"{counts['unknown']} {'is' if counts['unknown'] == 1 else 'are'} not known yet")
    return text + ("; " + ", and ".join(rest) if rest else "") + "."


def score_line(score: Score) -> str:
    """The score with its coverage and range, or why there is none."""
    if not score.applicable:
        return "No score: none of the questions applies."
    answers = f"{score.known} of {count(score.applicable, 'answer')}"
    if score.value is not None and score.known == score.applicable:
        return f"Score {percent(score.value)}, from {answers}: none is unknown, so it could lie nowhere else."
    reach = f"between {percent(score.low)} and {percent(score.high)}, depending on what we do not know yet"
    if score.value is None:
        need = -(-score.applicable * 60 // 100)
        return f"No score: we know {answers} and need {need}. It could lie {reach}."
    return f"Score {percent(score.value)}, from {answers}. It could lie {reach}."
