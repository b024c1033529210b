"""Labels a dataset record with the topics of both nets, ungated: what the words say before any proof is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.judge.nets import Catch, Nets, Record


def caught(nets: Nets, record: Mapping[str, Any]) -> Catch:
    """Cast both nets over one record with the fields of ``cityproof classify``; absent fields say nothing."""
    languages = [record["language"]] if isinstance(record.get("language"), str) else []
    description = record.get("description")
    described = nets.describe(description, languages) if isinstance(description, str) and description else 0
    return nets.cast(
        Record(
            title=str(record.get("title") or ""),
            keywords=_texts(record.get("keywords")),
            themes=_texts(record.get("themes")),
            formats=_texts(record.get("formats")),
            described=described,
        ),
        languages,
    )


def labelled(nets: Nets, record: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of ``cityproof classify`` for one record: ``{id, labels, candidates}``, both sorted."""
    catch = caught(nets, record)
    return {"id": record.get("id"), "labels": sorted(catch.narrow), "candidates": sorted(catch.wide)}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple([one for one in value if isinstance(one, str)]) if isinstance(value, list | tuple) else ()
