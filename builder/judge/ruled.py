"""What a rule says: an outcome with its words, and with its proof wherever it claims anything."""

from __future__ import annotations

from dataclasses import dataclass

from builder.model.evidence import Evidence, Seen
from builder.model.reasons import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule's outcome: passed or failed with evidence, cantTell or untested without."""

    outcome: Outcome
    words: str
    evidence: tuple[Evidence, ...] = ()
    reason: Reason | None = None

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
