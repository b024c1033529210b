"""Evidence: the three ways a claim may be proved, and no fourth (PROV wasDerivedFrom)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from builder.model.capture import Capture

EXCERPT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A machine saw it: the capture, where in it (as in ``Measurement``) and an excerpt of at most 200 characters."""

    source: str
    capture: Capture
    pointer: str
    excerpt: str

    def __post_init__(self) -> None:
        if len(self.excerpt) > EXCERPT_LIMIT:
            raise ValueError(f"an excerpt has at most {EXCERPT_LIMIT} characters, this one {len(self.excerpt)}")


@dataclass(frozen=True, slots=True)
class Searched:
    """A machine searched everything and found nothing.

    Only a complete reading can be searched: as many datasets read as announced, and a control query that found one.
    """

    source: str
    capture: Capture
    topics_version: str
    nets: tuple[str, ...]
    read: int
    announced: int
    control: str

    def __post_init__(self) -> None:
        if self.read != self.announced or not self.nets or not self.control:
            raise ValueError(
                "absence needs a complete reading, the nets tried and a control query that found something"
            )


@dataclass(frozen=True, slots=True)
class ReadByPerson:
    """A person read it with their own eyes; it expires."""

    url: str
    by: str
    on: date
    words: str


Evidence = Seen | Searched | ReadByPerson
