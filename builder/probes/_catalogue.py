"""The last step of every catalogue's reading: try some links, give the points, and put it all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from builder.model.observation import Measurement, Reading, Target
from builder.model.source import source_key
from builder.probes._asking import Asking
from builder.probes._dcat import Entry, Places, catalogue_reading
from builder.probes._links import link_measurements, sample_links
from builder.probes._mqa import mqa_points


async def finished_reading(
    asking: Asking,
    kind: str,
    target: Target,
    entries: Sequence[Entry],
    places: Places,
    at: datetime,
    *,
    complete: bool,
    scope: str,
    announced: int | None = None,
    more: Mapping[str, Measurement] | None = None,
) -> Reading:
    """The reading of ``_dcat.catalogue_reading``, with the measurements of ``_links`` and ``_mqa`` where there are any.

    The links are drawn by the source and the month in which it is read; no fault of theirs harms the reading.
    """
    found = dict(more or {})
    if entries:
        sample = await sample_links(asking, entries, source_key(kind, target.url, target.filter), target.now)
        found |= link_measurements(sample)
        points = mqa_points(entries, sample) if complete else None
        if points is not None:
            pointer = f"{places.datasets} and {places.distributions}, with the links drawn by lot"
            found["mqa_points"] = Measurement(value=points, pointer=pointer, capture=entries[0].capture)
    return catalogue_reading(entries, places, at, complete=complete, scope=scope, announced=announced, more=found)
