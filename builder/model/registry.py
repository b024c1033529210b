"""A registry: a public list in which sources were found; each row that a city names is asked whether it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from builder.model.capture import Capture
from builder.model.city import Day
from builder.model.reasons import Reason
from builder.model.source import source_key


class Standing(StrEnum):
    """What a reading of a registry says about one row."""

    STANDING = "standing"
    GONE = "gone"
    NOT_TOLD = "not-told"


class RowNote(BaseModel):
    """One row that a city's file names, and whether the registry still holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    city: str
    source: str | None = Field(
        default=None, description="id of the city's source that was found there; null: the city's official site"
    )
    row: str | None = Field(default=None, description="the row as the city's file names it")
    standing: Standing = Field(
        description=(
            "`standing`: the registry holds the row; `gone`: all of it was read and the row is not there; `not-told`: "
            "the row was not met, but what was read may have been a part"
        )
    )
    mark: str | None = Field(
        default=None, description="the registry's own word where it sets the row apart, such as `deprecated`"
    )
    on: Day = Field(description="UTC day of the first reading that said so; the ledger says when it was last read")


class RegistryReading(BaseModel):
    """The last good reading of a registry whose facts differed from those before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime = Field(description="when these facts were first seen as they are, UTC")
    complete: bool = Field(description="whether every row of the registry was read; only then can a row be gone")
    rows_read: int = Field(ge=0, description="rows in what was read")
    capture: Capture


class RegistryFault(BaseModel):
    """Why the registry cannot be read now: the first reading of the streak of faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    reason: Reason
    message: str = ""


class RegistryFacts(BaseModel):
    """What is known of one registry. A fault takes nothing away from what the last good reading said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(description="the address where the registry is read")
    good: RegistryReading | None = None
    fault: RegistryFault | None = None
    rows: tuple[RowNote, ...] = Field(default=(), description="by city, source and row")


class Registries(BaseModel):
    """``results/registries.json``: every registry that was re-read, by the name that city files use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    registries: dict[str, RegistryFacts] = Field(default_factory=dict)


def registry_key(url: str) -> str:
    """Name a registry in the ledger; no kind of source is called so.

    >>> registry_key("https://lists.example.org/all.csv")
    'registry-lists-example-org-all-csv-ca4093e7'
    """
    return source_key("registry", url, None)
