"""What a rule says: an outcome with its words, and with its proof wherever it claims anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.judge.facts import Read
from builder.model.evidence import Evidence, Seen
from builder.model.reasons import Outcome, Reason

UNMEASURED = "Our reading does not show the {}."


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule's outcome: passed or failed with evidence, cantTell or untested without.

    ``absent`` marks an untested rule that asks for what such a thing does not offer at all.
    """

    outcome: Outcome
    words: str
    evidence: tuple[Evidence, ...] = ()
    reason: Reason | None = None
    absent: bool = False

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def failed(self) -> bool:
        return self.outcome is Outcome.FAILED


def proved(holds: bool, words: str, *proofs: Seen | None) -> Ruled:
    """Passed or failed as it ``holds``; where a proof was lost it is a fault of ours and claims nothing."""
    evidence = tuple(one for one in proofs if one is not None)
    if len(evidence) < len(proofs) or not evidence:
        return Ruled(Outcome.CANT_TELL, "The results keep no exchange that shows it.", reason=Reason.OUR_ERROR)
    return Ruled(Outcome.PASSED if holds else Outcome.FAILED, words, evidence)


def cannot_tell(words: str, reason: Reason | None = None) -> Ruled:
    """We looked and could not tell."""
    return Ruled(Outcome.CANT_TELL, words, reason=reason)


def untested(words: str) -> Ruled:
    """Nobody looked, or there is nothing to look at."""
    return Ruled(Outcome.UNTESTED, words)


def not_offered(words: str) -> Ruled:
    """Untested, because the thing does not offer what the rule asks for."""
    return Ruled(Outcome.UNTESTED, words, absent=True)


def together(ruled: Sequence[Ruled]) -> str:
    """What several rules say, one sentence after the other."""
    return " ".join(one.words for one in ruled)


def not_complete(read: Read) -> Ruled:
    """What an incomplete reading says of anything it did not show: nothing."""
    return cannot_tell(f"The reading was not complete: {read.observation.scope or 'only a part was read'}.")


def dates_only_records(read: Read) -> bool:
    """Whether a catalogue dates its descriptions alone: then its data may be newer than any date it states."""
    return read.value("modified_basis") == "metadata"
