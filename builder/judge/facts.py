"""What one reading says about one thing, and the proof that can be shown for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from builder.model.capture import Capture
from builder.model.evidence import EXCERPT_LIMIT, Seen
from builder.model.observation import Measurement, Observation, Value
from builder.model.scorecard import Thing
from builder.model.source import Source


@dataclass(frozen=True, slots=True)
class Read:
    """A good reading of a source, and when it was last made: everything is judged as of that time."""

    source: Source
    observation: Observation
    at: datetime

    def value(self, name: str) -> Value | None:
        """The measured value, None where it was not offered."""
        measured = self.observation.measurements.get(name)
        return None if measured is None else measured.value

    def capture_of(self, measured: Measurement) -> Capture | None:
        """The exchange in which it was measured, None when the results do not hold it."""
        captures = self.observation.captures
        return captures[measured.capture] if measured.capture < len(captures) else None

    def seen(self, name: str) -> Seen | None:
        """Proof of a measurement: where it was read and what it says."""
        measured = self.observation.measurements.get(name)
        capture = None if measured is None else self.capture_of(measured)
        if measured is None or capture is None:
            return None
        return Seen(self.source.id, capture, measured.pointer, excerpt(f"{name}: {measured.value}"))

    def seen_answering(self) -> Seen | None:
        """Proof that it answered: the first exchange as a whole."""
        return None if not self.observation.captures else answered(self.source, self.observation.captures[0])

    def told_to_the_day(self, name: str | None) -> bool:
        """Whether only the day of this reading is known, because a recorded copy states no hour."""
        measured = self.observation.measurements.get(name or "")
        capture = self.capture_of(measured) if measured else next(iter(self.observation.captures), None)
        copy = capture.copy_of if capture else None
        return bool(copy and copy.day_only and self.at == self.observation.at)


@dataclass(frozen=True, slots=True)
class Facts:
    """A thing, the reading that shows it, and the reading that states its licence when that is another one."""

    thing: Thing
    read: Read
    licence: Read | None = None
    licence_gap: str = ""

    def seen_record(self, what: str) -> Seen | None:
        """Proof of what a dataset's record says (``what``)."""
        dataset, captures = self.thing.dataset, self.read.observation.captures
        if dataset is None or not captures:
            return None
        return Seen(self.thing.source.id, captures[0], dataset.pointer, excerpt(what))


def answered(source: Source, capture: Capture) -> Seen:
    """Proof of how an exchange went, whole: its status, form and size."""
    size = "" if capture.bytes is None else f", {capture.bytes:,} bytes"
    form = "" if capture.media_type is None else f", {capture.media_type}"
    kept = "" if capture.unchanged_since is None else f", not changed since {capture.unchanged_since:%Y-%m-%d}"
    words = f"HTTP status {capture.status}{kept}{form}{size}"
    return Seen(source.id, capture, "the answer as a whole", excerpt(words))


def excerpt(text: str) -> str:
    """Cut to what an excerpt may hold, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_LIMIT else line[: EXCERPT_LIMIT - 1] + "…"
