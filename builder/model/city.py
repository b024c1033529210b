"""A city: the place looked at, with its names, its sources and what people said about it (OKFN place)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from builder.model.source import Source

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
IndicatorId = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]

CITY_ID = r"^[a-z]{2}(-[a-z0-9]{1,3})?-[a-z0-9][a-z0-9-]{0,50}$"
# These countries have so many namesakes that the subdivision is always part of the id.
SUBDIVISION_IN_ID = frozenset({"US", "CA", "AU", "BR", "MX", "IN"})


class _Written(BaseModel):
    """Base of what people write: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Population(_Written):
    """How many people, of which year, and who says so; a year nobody stated is null."""

    value: int = Field(gt=0)
    year: int | None = Field(default=None, ge=1950, le=2100)
    source: str


class Pin(_Written):
    """A person's word for *which* thing an indicator means; it decides no test."""

    indicator: IndicatorId
    source: str = Field(description="id of a source of this city")
    dataset: str | None = None
    by: str
    on: Day
    why: str | None = None


class Reject(_Written):
    """A person's word for which thing an indicator does *not* mean."""

    indicator: IndicatorId
    source: str
    dataset: str | None = None
    by: str
    on: Day
    why: str


class Attestation(_Written):
    """What a person read with their own eyes: it expires after twelve months."""

    indicator: IndicatorId
    test: str
    outcome: str = Field(pattern=r"^(passed|failed)$")
    url: str
    by: str
    on: Day
    words: str = Field(max_length=200)


class Reply(_Written):
    """The city's own answer to a finding; it stands beside it and never changes it silently."""

    indicator: IndicatorId
    by: str
    on: Day
    words: str = Field(max_length=1000)
    url: str | None = None


class City(_Written):
    """One ``cities/<id>.yml``."""

    id: str = Field(pattern=CITY_ID)
    names: dict[Language, str] = Field(min_length=1, description="names by language, English first")
    languages: tuple[Language, ...] = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1")
    subdivision: str | None = Field(default=None, pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", description="ISO 3166-2")
    location: tuple[float, float] = Field(description="WGS 84: latitude, longitude")
    population: Population | None = None
    site: str | None = None
    sources: tuple[Source, ...] = ()
    pins: tuple[Pin, ...] = ()
    rejects: tuple[Reject, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    replies: tuple[Reply, ...] = ()
    not_applicable: dict[IndicatorId, str] = Field(default_factory=dict)
    contributors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The English name, shown first everywhere."""
        return self.names["en"]
