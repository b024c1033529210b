"""A catalogue's datasets: one common list, whatever software served it (DCAT Dataset)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Dataset(BaseModel):
    """One line of ``results/catalogues/<source>.jsonl``.

    The description itself is the publisher's prose and is not kept, nor are people's names or e-mails.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    formats: tuple[str, ...] = Field(
        default=(), description="short upper-case names (`CSV`, `GEOJSON`, `API`), sorted, without repeats"
    )
    licence: str | None = Field(
        default=None,
        description=(
            "the licence as stated: an SPDX or Open Definition id where it is known, else the publisher's words or link"
        ),
    )
    modified: str | None = Field(
        default=None, description="ISO date or UTC date-time of the newest change of data, else of metadata"
    )
    frequency: str | None = Field(
        default=None, description="the update period as stated: an ISO 8601 repeating interval or the publisher's word"
    )
    url: str | None = Field(default=None, description="the page a person opens")
    pointer: str = Field(description="JSONPath to the record in the capture")
    has_contact: bool = False
    description_length: int = Field(default=0, description="characters, markup taken out")
    description_topics: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "topic: what its words did in the description when it was read, as first letters of the roles "
            "names, alone, things, signs, unless and hints"
        ),
    )
    topics_version: str | None = Field(
        default=None, description="version of the vocabulary with which the description was looked through"
    )
    gone_since: str | None = Field(default=None, description="ISO date of the first complete reading without it")
