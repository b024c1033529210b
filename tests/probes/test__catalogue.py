"""How every catalogue's reading ends: with links tried, and points where they can be given."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from builder.model.observation import Reading, Target
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._dcat import Distribution, Entry, Places

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACES = Places("$.a[*]", "$.a[*].d[*]", "$.a[*].l", "$.a[*].p", "$.a[*].m", "$.a[*].m", announced="$.n")
TREES = Entry(
    "trees", "Trees", "$.a[0]", 0, formats=("CSV",), distributions=(Distribution(access="https://a.example/x"),)
)


def finished(web: Any, *entries: Entry, complete: bool = True) -> Reading:
    target = Target("https://a.example/", AT)
    read = finished_reading(
        Asking(web), "ckan", target, entries, PLACES, AT, complete=complete, scope="all", announced=len(entries)
    )
    return asyncio.run(read)


def test_links_and_points_join_the_other_measurements(fake_web: Any) -> None:
    """A link that answers gives the sample and, for a whole catalogue, the points."""
    found = finished(fake_web({"https://a.example/x": b"1"}), TREES).measurements
    assert {"dataset_count", "link_sample_size", "link_working_share", "mqa_points"} <= set(found)
    assert found["mqa_points"].value == 50.0 and "drawn by lot" in found["mqa_points"].pointer


def test_a_part_of_a_catalogue_has_no_points(fake_web: Any) -> None:
    """What was not read to its end is not graded; its links may still be tried."""
    found = finished(fake_web({"https://a.example/x": b"1"}), TREES, complete=False).measurements
    assert "link_sample_size" in found and "mqa_points" not in found


def test_links_that_nobody_recorded_leave_no_trace(fake_web: Any) -> None:
    """A replay without the links gives the very reading it gave before there were any."""
    reading = finished(fake_web({}), TREES)
    assert reading.complete and not {name for name in reading.measurements if name.startswith(("link_", "mqa_"))}


def test_nothing_is_asked_for_an_empty_catalogue(fake_web: Any) -> None:
    """Without a dataset there is no link."""
    web = fake_web({})
    assert finished(web).empty and web.asked == []
