"""The reference of reasons: the closed list, generated from the code that uses it."""

from __future__ import annotations

from collections.abc import Iterator

from builder.model.reasons import Reason
from builder.publish import words
from builder.publish.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """The reference alone."""
    yield Page(
        path="method/reasons/",
        frame="reasons",
        title="Reasons",
        description="Why a reading came out as it did: the closed list, in plain words, and whose fault each is.",
        template="reasons.html",
        context={
            "reasons": [
                (one.value, one.words, one.outcome.value, words.OUTCOME_WORDS[one.outcome], one.side.value, one.retried)
                for one in Reason
            ]
        },
    )
