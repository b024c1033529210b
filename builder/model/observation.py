"""An observation: what a probe saw at one source, as facts and never as verdicts (SOSA Observation)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from builder.model.capture import Capture
from builder.model.catalogue import Dataset
from builder.model.reasons import Outcome, Reason
from builder.model.web import Web

Value = bool | int | float | str | list[str] | list[int] | dict[str, int]


class Measurement(BaseModel):
    """One measured fact with its unit and where in which capture it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Value = Field(
        description="the fact; dates and times in ISO 8601; a measurement that was not offered is absent, never null"
    )
    unit: str | None = Field(
        default=None, description="UCUM unit (`1` for a share, `s`, `km`, `ug/m3`), or null for counts, words and dates"
    )
    pointer: str = Field(
        description=(
            "where: a JSONPath (RFC 9535) such as `$.result.count`, a zip member and column such as "
            "`stops.txt#stop_id`, or words"
        )
    )
    capture: int = Field(default=0, ge=0, description="position of the capture in the observation's captures")


@dataclass(frozen=True, slots=True)
class Near:
    """A place that a feed should demonstrably serve: a name for it, WGS 84 degrees and a radius in kilometres."""

    key: str
    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Target:
    """What a probe is asked to read: the address as given, a filter for shared portals, places to measure near, now."""

    url: str
    now: datetime
    filter: str | None = None
    marker: str | None = None
    near: tuple[Near, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a probe returns when the source answered in its declared form.

    ``complete`` says whether everything the source announces was read; ``scope`` says in words what was.
    ``near`` holds, per ``Near.key``, the measurements that depend on the place.
    ``empty=True`` marks an answer in the right form that holds nothing. ``descriptions`` are the datasets' own prose by
    id: looked through while the reading lasts and never kept.
    """

    measurements: Mapping[str, Measurement]
    complete: bool
    scope: str
    datasets: tuple[Dataset, ...] | None = None
    near: Mapping[str, Mapping[str, Measurement]] = field(default_factory=dict)
    empty: bool = False
    message: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict)


class Probe(Protocol):
    """A module of ``builder/probes`` seen as a thing: ``builder/probes/gtfs.py`` reads the kind ``gtfs``.

    Its docstring is its reference page. ``read`` raises ``builder.errors.Unreadable`` for everything that
    keeps it from reading; any other exception becomes ``our-error``.
    """

    VERSION: int
    DEADLINE_SECONDS: int

    async def read(self, target: Target, web: Web) -> Reading: ...


class Observation(BaseModel):
    """What one probe saw at one source at one time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    url: str
    filter: str | None = None
    probe: str = Field(description="probe and version, such as `gtfs/1`")
    at: datetime = Field(
        description="when these facts were first seen as they are, UTC; the ledger says when they were last read"
    )
    outcome: Outcome
    reason: Reason
    message: str = Field(default="", description="one plain line")
    complete: bool = False
    scope: str = ""
    measurements: dict[str, Measurement] = Field(default_factory=dict)
    captures: tuple[Capture, ...] = ()
    dataset_list: str | None = Field(
        default=None, description="sha256 of the catalogue's dataset list, whose file bears the source's key"
    )


class SourceFacts(BaseModel):
    """Everything kept about one source: the last good reading, and, while it fails, its first and latest faults.

    ``faults`` is empty while the source answers. It holds the first failing reading of the streak and, when there is
    one, the first on a later day: two readings on different days are what a `published: failed` needs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    good: Observation | None = None
    faults: tuple[Observation, ...] = Field(default=(), max_length=2)


class CityFacts(BaseModel):
    """``results/<city>.json``: what is known of a city's sources, by source id. Facts, never verdicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    city: str
    sources: dict[str, SourceFacts] = Field(default_factory=dict)


class LedgerLine(BaseModel):
    """One line of ``results/runs/<yyyy-mm>.jsonl``: one source read in one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: datetime = Field(description="when the run began, UTC: its name")
    source: str = Field(description="the source's key (builder.model.source.source_key)")
    at: datetime = Field(description="when the source was read; for a recorded copy, when it was recorded")
    outcome: Outcome
    reason: Reason
    digest: str | None = Field(default=None, description="sha256 over the facts seen; null when there were none")

    @property
    def day(self) -> date:
        """The UTC day of the reading: `not-found` counts once a day."""
        return self.at.date()
