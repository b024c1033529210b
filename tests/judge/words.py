"""A small vocabulary for tests: trees, and car parks with something live about them."""

from __future__ import annotations

from typing import Any

from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.model.topic import Shared, Topic, Vocabulary

TREES: dict[str, Any] = {
    "id": "nature.trees",
    "counts": "A list of trees.",
    "not_counts": "Tree cover.",
    "signs": ("$list",),
    "themes": {"inspire": ("Land trees",)},
    "words": {
        "en": {"names": ("street tree*",), "alone": ("tree", "trees"), "signs": ("species",),
               "unless": ("canopy",), "hints": ("arbor*",)},
        "de": {"names": ("*baumkataster*",), "alone": ("baum", "bäume", "*bäume")},
        "pl": {"names": ("miejsk* drzew*",)},
        "ja": {"names": ("街路樹",), "alone": ("樹木",)},
    },
}  # fmt: skip
PARKING: dict[str, Any] = {
    "id": "streets.parking",
    "counts": "Live free spaces.",
    "not_counts": "Places to park.",
    "formats": ("DATEX",),
    "words": {"en": {"things": ("car park*",), "signs": ("$live",)}},
}
SHARED: dict[str, Any] = {
    "version": "1.0",
    "changes": ({"version": "1.0", "on": "2026-11-21", "what": "All.", "why": "First."},),
    "general": {"en": ("data", "open", "city"), "de": ("stadt",), "ja": ("一覧",)},
    "places": {"en": ("in", "of"), "de": ("in", "stadt")},
    "groups": {"list": {"en": ("inventory",)}, "live": {"en": ("live", "real time")}},
}


def vocabulary(*topics: dict[str, Any], **shared: Any) -> Vocabulary:
    """A vocabulary of these topics, by default both."""
    written = topics or (TREES, PARKING)
    return Vocabulary(
        shared=Shared.model_validate({**SHARED, **shared}), topics=tuple(Topic.model_validate(one) for one in written)
    )


def nets(*topics: dict[str, Any], **shared: Any) -> Nets:
    """The two nets of such a vocabulary."""
    return Nets(Terms(vocabulary(*topics, **shared)))
