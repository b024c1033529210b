"""What a search of the catalogues came to: what was searched, what may be it, and how often such searches are right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from babel import Locale

from builder.judge.phrases import listed
from builder.judge.policy import ENOUGH
from builder.model.measured import POOLED, Row
from builder.model.scorecard import Answer, Scorecard, Search
from builder.publish import words
from builder.publish.text import clean, safe_url

_NAMES = Locale("en").languages


MOST, LEAST, IN_ALL = 3, 1, 30  # proposals of one question on a city page, and about how many of all its questions


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dataset that may be it: its title, and its page, which is also what our form is told."""

    title: str
    url: str | None


def searched(card: Scorecard) -> dict[str, str]:
    """What every search of a source says that is the same for all questions, by the source's id.

    ``295 datasets searched on 23 July 2022 for 50 topics, with words in English``
    """
    found: dict[str, Search] = {}
    count: Counter[str] = Counter()
    for answer in card.answers:
        for one in answer.searches:
            found[one.source.id] = one
            count[one.source.id] += 1
    return {id: _search(one, count[id]) for id, one in found.items()}


def asking(card: Scorecard) -> int:
    """How many proposals each question shows, so that a page full of them stays a page."""
    questions = sum(bool(answer.proposals) for answer in card.answers)
    return max(LEAST, min(MOST, IN_ALL // questions)) if questions else MOST


def proposals(answer: Answer) -> tuple[Proposal, ...]:
    """The datasets to ask about, in the order of how much speaks for them."""
    return tuple(
        Proposal(clean(one.dataset.title, 120), safe_url(one.dataset.url))
        for one in answer.proposals
        if one.dataset is not None
    )


def figures(answer: Answer) -> str:
    """How often the nets were right where it matters for this answer; empty where nothing was measured.

    Where they caught something that is how many catches were right; where not, how much of what is there they find.
    """
    caught = any(one.narrow or one.wide for one in answer.searches)
    rows = [row for row in answer.measured if row.language != POOLED]
    # All languages together decide only where one of its own has too few catches (rule 9 of honesty).
    if caught and (not rows or any(row.predicted < ENOUGH for row in rows)):
        rows = list(answer.measured)
    told = [text for row in rows if (text := figure(row, caught=caught))]
    what = "such finds were right" if caught else "of what people knew to be there was found"
    return f"When checked, {listed(told)} {what}." if told else ""


def figure(row: Row, *, caught: bool) -> str:
    """One language's share with its number of cases.

    >>> row = Row(topic="a.b", language="en", predicted=34, right=33, positives=42, found=41, sample=9, on="2026-11-21")
    >>> figure(row, caught=True), figure(row, caught=False)
    ('33 of 34 (English)', '41 of 42 (English)')
    """
    part, whole = (row.right, row.predicted) if caught else (row.found, row.positives)
    name = "all" if row.language == POOLED else language(row.language)
    return f"{part:,} of {whole:,} ({name})" if whole else ""


def language(code: str) -> str:
    """A language's English name, from the Unicode CLDR."""
    return str(_NAMES.get(code, code))


def _search(one: Search, topics: int) -> str:
    spoken = listed([language(code) for code in one.languages])
    whole = "" if one.complete else " (not all of them)"
    tongue = f", with words in {spoken}" if spoken else ""
    many = f"{words.count(one.searched, 'dataset')}{whole} searched as of {words.day(one.at)}"
    return f"{many} for {words.count(topics, 'topic')}{tongue}"
