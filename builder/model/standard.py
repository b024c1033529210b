"""A published standard, seen from our figures: its clauses, and which measurement speaks to which, and how."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# How a figure stands to a clause; without it a crosswalk says more than is known.
Relation = Literal["same_fact", "one_input", "same_subject", "asks_people", "asks_for", "made_of"]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Speaks(_Written):
    """One measurement that speaks to a clause, where a source of one of these kinds yields it."""

    measurement: str = Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")
    kinds: tuple[str, ...] = Field(min_length=1)
    relation: Relation = Field(
        description=(
            "`same_fact`: the clause asks what we measure; `one_input`: the figure goes into the clause's own; "
            "`same_subject`: no more than that; `asks_people`: it asks people how they find the thing; "
            "`asks_for`: the clause sets a `level`; `made_of`: the clause is the field that the figure is made of"
        )
    )


class Clause(_Written):
    """One clause, by the number or code that the standard gives it, and what it is about in our own short words."""

    code: str = Field(min_length=1, max_length=60)
    about: str = Field(min_length=1, max_length=80, description="our own words: a standard's wording is its owner's")
    level: str | None = Field(
        default=None, max_length=120, description="what the clause asks for, where it sets a level"
    )
    figures: tuple[Speaks, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _level_where_asked(self) -> Clause:
        if self.level is None and any(one.relation == "asks_for" for one in self.figures):
            raise ValueError("a figure with the relation 'asks_for' needs the clause's 'level': add it")
        return self


class Standard(_Written):
    """One ``frameworks/standards/<id>.yml``."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    short: str = Field(max_length=40, description="how it is called beside a figure")
    name: str
    edition: str = Field(description="the edition that the codes are of, in quotes")
    by: str = Field(description="who publishes it")
    link: str = Field(pattern=r"^https://\S+$", description="where the codes can be looked up")
    coded: bool = Field(default=True, description="false where the codes are ours, because it numbers nothing")
    note: str = Field(default="", description="where the codes come from and how sure they are, for the reader")
    clauses: tuple[Clause, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Standard:
        codes = [clause.code for clause in self.clauses]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"clause named twice: {', '.join(twice)}")
        return self
