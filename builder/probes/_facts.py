"""Collects the measurements of one reading; what was not offered is left out, so absent never looks like nought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from builder.model.capture import Answer
from builder.model.observation import Measurement, Value
from builder.probes._dates import Moment
from builder.probes._json import text
from builder.probes._text import clean

LONGEST_ADDRESS = 4000


class Facts(dict[str, Measurement]):
    """Measurements by name, in the order in which they were found."""

    def say(self, name: str, value: Value | None, pointer: str, capture: int = 0, unit: str | None = None) -> None:
        """Add a measurement, or nothing where the value is None or blank."""
        if value is not None and value != "":
            self[name] = Measurement(value=value, unit=unit, pointer=pointer, capture=capture)

    def say_words(self, name: str, value: object, pointer: str, capture: int = 0, limit: int = 300) -> None:
        """Add a stranger's words, made safe to keep; nothing where there are none."""
        words = text(value)
        self.say(name, clean(words, limit) if words else None, pointer, capture)


class Newest:
    """The newest of many moments, with where it was read; ``at`` is None as long as there was none."""

    def __init__(self) -> None:
        self.at: Moment | None = None
        self.pointer = ""
        self.capture = 0

    def see(self, moments: Iterable[Moment | None], pointer: str, capture: int = 0) -> None:
        """Take in moments read at one place; of two that are equal the first stays."""
        for moment in moments:
            if moment and (self.at is None or moment.instant > self.at.instant):
                self.at, self.pointer, self.capture = moment, pointer, capture

    def tell(self, facts: Facts, name: str) -> None:
        """Add the newest moment to the facts, if there was one."""
        if self.at:
            facts.say(name, self.at.iso, self.pointer, self.capture)


def next_address(link: object, answer: Answer) -> str | None:
    """The full address of a link inside an answer, as seen from where that answer came from; None if it is none."""
    words = text(link)
    if words is None or len(words) > LONGEST_ADDRESS:
        return None
    try:
        address = urljoin(answer.capture.final_url, words)
    except ValueError:
        return None
    return address if address.lower().startswith(("http://", "https://")) else None


def some(words: Iterable[str], most: int = 5) -> str:
    """A list in words, the first few by name: ``a, b and 3 more``."""
    items: Iterator[str] = iter(words)
    named = [item for _, item in zip(range(most), items, strict=False)]
    more = sum(1 for _ in items)
    return ", ".join(named) + (f" and {more} more" if more else "")
