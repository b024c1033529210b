"""Findings and their evidence: a claim without its proof cannot be written down."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from builder.model.capture import Capture
from builder.model.evidence import EXCERPT_LIMIT, Evidence, ReadByPerson, Searched, Seen
from builder.model.finding import Failed, Passed, Test


def capture(day: int, hour: int = 9) -> Capture:
    address = "https://data.example.org/data.json"
    return Capture(url=address, final_url=address, status=404, at=datetime(2026, 11, day, hour, tzinfo=UTC))


def seen(day: int, hour: int = 9) -> Seen:
    return Seen("portal", capture(day, hour), "the answer as a whole", "HTTP status 404")


def searched(
    read: int = 8, announced: int = 8, nets: tuple[str, ...] = ("wide",), control: str = "8 others"
) -> Searched:
    return Searched("portal", capture(20), "1", nets, read, announced, control)


@pytest.mark.parametrize("claim", [Passed, Failed])
@pytest.mark.parametrize("test", list(Test))
def test_a_claim_without_evidence_cannot_be_made(claim: type[Passed] | type[Failed], test: Test) -> None:
    """Neither a yes nor a no exists without proof, whichever test it is."""
    with pytest.raises(ValueError, match="carries evidence"):
        claim(test, (), "So it is.")


@pytest.mark.parametrize("evidence", [(seen(20),), (seen(20), seen(20, 17)), (seen(20), seen(20))])
def test_one_day_never_proves_that_nothing_is_published(evidence: tuple[Evidence, ...]) -> None:
    """However often one looked on that day; every other test may fail on what was seen once."""
    with pytest.raises(ValueError, match="two readings on different days"):
        Failed(Test.PUBLISHED, evidence, "Nothing there.")
    assert Failed(Test.WORKING, evidence, "It broke.").evidence == evidence


@pytest.mark.parametrize(
    "evidence",
    [
        (seen(14), seen(20)),
        (searched(),),
        (ReadByPerson("https://example.org/", "a resident", date(2026, 11, 20), "There is none."),),
    ],
)
def test_what_proves_that_nothing_is_published(evidence: tuple[Evidence, ...]) -> None:
    """Two days, a search of everything, or a person who read it."""
    assert Failed(Test.PUBLISHED, evidence, "Nothing there.").evidence == evidence


@pytest.mark.parametrize("gap", [{"read": 7}, {"announced": 9}, {"nets": ()}, {"control": ""}])
def test_a_search_of_a_part_is_no_evidence(gap: dict[str, object]) -> None:
    """Fewer read than announced, no net, or no control that found something: that proves no absence."""
    assert searched().read == 8
    with pytest.raises(ValueError, match="absence needs a complete reading"):
        searched(**gap)  # type: ignore[arg-type]


def test_an_excerpt_is_short() -> None:
    """Evidence quotes at most so many characters: it points at its source and does not republish it."""
    with pytest.raises(ValueError, match="at most"):
        Seen("portal", capture(20), "$", "x" * (EXCERPT_LIMIT + 1))
