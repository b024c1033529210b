"""What the nets were measured to catch: per topic and language, with how many datasets that figure rests on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from builder.model.city import Day, IndicatorId

POOLED = "*"


class _Machine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Machine):
    """One topic in one language, or in all of them together (``*``)."""

    topic: IndicatorId
    language: str
    predicted: int = Field(ge=0, description="judged datasets that the narrow net caught")
    right: int = Field(ge=0, description="how many of those are right")
    positives: int = Field(ge=0, description="datasets known to answer it, found by reading and not by the nets")
    found: int = Field(ge=0, description="how many of those the wide net caught")
    caught: int = Field(default=0, ge=0, description="how many of those the narrow net caught")
    sample: int = Field(ge=0, description="datasets that were judged in this language")
    on: Day


class Measured(_Machine):
    """``frameworks/topics/measured.json``."""

    version: int = 1
    topics_version: str
    vocabulary: str = Field(description="sha256 of the vocabulary that was measured")
    labelled: str = Field(description="sha256 of the labelled records it was measured on, empty where there were none")
    rows: tuple[Row, ...] = ()


class Review(_Machine):
    """One line of ``frameworks/topics/reviews.jsonl``: a person's verdict whether a dataset answers a question."""

    url: str = Field(description="the page of the dataset that was judged")
    title: str
    topic: IndicatorId
    verdict: str = Field(pattern=r"^(right|wrong)$")
    why: str = Field(max_length=200)
    on: Day
    found: str = Field(
        pattern=r"^(list|net)$",
        description="`list`: found by reading a whole list, so it tells recall too; `net`: because a net caught it",
    )
