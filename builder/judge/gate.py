"""What the nets may claim: only as much as their measured precision and recall, and the n behind those, carry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from builder.judge.policy import ABSENCE_FROM, COUNTS_FROM, ENOUGH, ENOUGH_POOLED
from builder.judge.terms import base
from builder.model.measured import POOLED, Measured, Row


class Gate:
    """The measurement as a judge asks it; without one nothing passes."""

    def __init__(self, measured: Measured | None = None) -> None:
        self._rows: dict[tuple[str, str], Row] = (
            {(row.topic, row.language): row for row in measured.rows} if measured else {}
        )

        self.digest = hashlib.sha256(measured.model_dump_json().encode()).hexdigest() if measured else ""

    def presence(self, topic: str, languages: Iterable[str]) -> bool:
        """Whether a catch of the narrow net counts by itself, in each of a city's languages."""
        return _all(languages, lambda language: self._precise(topic, language))

    def absence(self, topic: str, languages: Iterable[str]) -> bool:
        """Whether empty nets prove that nothing is there, in each of the languages."""
        return _all(languages, lambda language: self._complete(topic, language))

    def rows(self, topic: str, languages: Iterable[str]) -> Sequence[Row]:
        """The figures that decided, for the page: those of the languages, and of all together."""
        asked = [*dict.fromkeys(base(one) for one in languages), POOLED]
        return [row for one in asked if (row := self._rows.get((topic, one))) is not None]

    def _precise(self, topic: str, language: str) -> bool:
        row = self._rows.get((topic, language))
        # Where a language has judged catches enough of its own they decide, for better or worse.
        if row is None or row.predicted < ENOUGH:
            row = self._rows.get((topic, POOLED))
            if row is None or row.predicted < ENOUGH_POOLED:
                return False
        return _share(row.right, row.predicted, COUNTS_FROM)

    def _complete(self, topic: str, language: str) -> bool:
        # No pooling here: that the words are complete in English says nothing of Estonian.
        row = self._rows.get((topic, language))
        return row is not None and row.positives >= ENOUGH and _share(row.found, row.positives, ABSENCE_FROM)


def _all(languages: Iterable[str], holds: Callable[[str], bool]) -> bool:
    asked = {base(one) for one in languages}
    return bool(asked) and all(holds(one) for one in asked)


def _share(part: int, whole: int, asked: tuple[int, int]) -> bool:
    """Whether part of whole is at least a fraction, exactly: 19 of 20 is 95 %."""
    return part * asked[1] >= whole * asked[0]
