"""Matches: what both nets caught in one dataset list, kept so that an unchanged list is not searched again."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Matches(BaseModel):
    """``results/matches/<source>.json``; recomputed when the list, the vocabulary or the languages differ.

    Only datasets that are still listed are searched. Ids stand in the order of how much speaks for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    digest: str = Field(description="sha256 over the dataset list, the vocabulary and the languages")
    topics_version: str
    languages: tuple[str, ...] = Field(description="languages whose words were looked for, English always among them")
    searched: int = Field(ge=0, description="datasets searched")
    unlooked: int = Field(
        default=0, ge=0, description="datasets whose description was not looked through with this vocabulary's version"
    )
    caught: int = Field(ge=0, description="datasets in which the narrow net caught any topic at all: the control")
    example: str | None = Field(default=None, description="id of one of those")
    narrow: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    wide: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="what the wide net caught and the narrow one did not"
    )
    near: dict[str, int] = Field(
        default_factory=dict, description="how many of `wide`, from its beginning, are worth asking a person about"
    )
