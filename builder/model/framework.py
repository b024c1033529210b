"""A framework: a published, versioned set of areas and plain questions, with the tests that answer them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from builder.model.city import Day
from builder.model.finding import Test


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answers(_Written):
    """The source answered in its declared form; or, for a dataset, the catalogue lists it."""

    rule: Literal["answers"]


class MachineReadable(_Written):
    """A program can read it: a source in its kind's own form, a dataset in a known format (a PDF never is)."""

    rule: Literal["machine_readable"]


class OpenLicence(_Written):
    """It states a licence that the Open Definition accepts, itself or through the source's `licence_from`."""

    rule: Literal["open_licence"]


class AtLeast(_Written):
    """A measurement, or its share `of` another, is at least `value`. Several measurements: the largest counts."""

    rule: Literal["at_least"]
    measurement: str | tuple[str, ...]
    of: str | None = None
    value: float


class AtMost(_Written):
    """A measurement, or its share `of` another, is at most `value`."""

    rule: Literal["at_most"]
    measurement: str
    of: str | None = None
    value: float


class Within(_Written):
    """A date or instant (for a dataset: its `modified`) lies at most so long before the reading, and not after it.

    Several measurements: the newest counts. None: only a dataset can show it.
    """

    rule: Literal["within"]
    measurement: str | tuple[str, ...] = ()
    days: float = Field(gt=0)


class Covers(_Written):
    """A span of days holds the day of the reading and the `days` after it; without a `start` it has always begun."""

    rule: Literal["covers"]
    start: str | None = None
    end: str
    days: int = Field(ge=0)


class Ahead(_Written):
    """A date lies at most `days` after the reading, and not before it. Several measurements: the nearest counts.

    `latest` is the last date that the same list states at all: where nothing lies ahead, it is the proof of that.
    """

    rule: Literal["ahead"]
    measurement: str | tuple[str, ...]
    latest: str | tuple[str, ...] = ()
    days: int = Field(ge=0)


class Described(_Written):
    """A dataset's record explains it in at least so many characters, markup left out."""

    rule: Literal["described"]
    characters: int = Field(gt=0)


class Secure(_Written):
    """It was read over an encrypted connection (https), whose certificate was checked as browsers check it."""

    rule: Literal["secure"]


Plain = Annotated[
    Answers | MachineReadable | OpenLicence | AtLeast | AtMost | Within | Covers | Ahead | Described | Secure,
    Field(discriminator="rule"),
]


class AnyOf(_Written):
    """At least one of these rules holds. One that asks for what the thing does not offer at all drops out."""

    rule: Literal["any_of"]
    rules: tuple[Plain, ...] = Field(min_length=2)


Rule = Annotated[Plain | AnyOf, Field(discriminator="rule")]


class TestRule(_Written):
    """One test of one indicator: in words for a reader, and as rules that must all hold.

    No rules: only a person can answer it. `dataset_rules` take the place of `rules` for a dataset in a catalogue,
    whose record tells other things than a source does.
    """

    __test__ = False

    words: str
    rules: tuple[Rule, ...] = ()
    dataset_rules: tuple[Rule, ...] | None = Field(
        default=None, description="rules for a dataset in a catalogue, where they differ"
    )

    def asked(self, of_dataset: bool) -> tuple[Rule, ...]:
        """The rules for a dataset in a catalogue, or for a source itself."""
        return self.dataset_rules if of_dataset and self.dataset_rules is not None else self.rules


class Area(_Written):
    """One of the areas of life that a framework looks at."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    summary: str


class Indicator(_Written):
    """One plain question about a city (DQV Metric)."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$")
    question: str
    why: str = Field(description="why it matters to a resident")
    good: str = Field(description="what good looks like")
    kinds: tuple[str, ...] = Field(default=(), description="kinds of source that answer it themselves")
    topic: str | None = Field(default=None, description="topic to look for among a catalogue's datasets")
    tests: dict[Test, TestRule] = Field(min_length=1)
    lifetime_days: int | None = Field(
        default=None, gt=0, description="how long a reading answers it; null: the kind's default"
    )
    weight: int = Field(ge=1, le=3)
    weight_why: str

    @property
    def area(self) -> str:
        """The id of its area: the part before the dot."""
        return self.id.partition(".")[0]

    @property
    def by_people(self) -> bool:
        """Whether only a person can answer it: no kind of source and no dataset does."""
        return not self.kinds and self.topic is None

    @property
    def slug(self) -> str:
        """The part after the dot."""
        return self.id.partition(".")[2]


class Change(_Written):
    """What changed in a version, and why."""

    version: str
    on: Day
    what: str
    why: str


class Framework(_Written):
    """One ``frameworks/<id>.yml``."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: str = Field(pattern=r"^\d+\.\d+(\.\d+)?$")
    name: str
    summary: str
    areas: tuple[Area, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    changes: tuple[Change, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Framework:
        areas = [area.id for area in self.areas]
        ids = [indicator.id for indicator in self.indicators]
        for name, values in (("area", areas), ("indicator", ids)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{name} named twice: {', '.join(twice)}")
        lost = sorted({indicator.area for indicator in self.indicators} - set(areas))
        if lost:
            raise ValueError(f"indicators of an area that is not listed: {', '.join(lost)}")
        if self.changes[0].version != self.version:
            raise ValueError(f"'changes' begins with the newest version, which is {self.version}")
        return self

    def of_area(self, area: str) -> tuple[Indicator, ...]:
        """The indicators of one area, in the order written."""
        return tuple(indicator for indicator in self.indicators if indicator.area == area)
