"""django-ogc-sensorthings, a sensor service with UUIDs for ids, over SQLite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .conftest import Probed, Serving

SITE = Path(__file__).with_name("sensor_site.py")


def test_a_sensor_service_is_read(
    environment: Callable[[str], Path],
    serving: Serving,
    probe: Callable[[str, str], Probed],
    port: int,
    tmp_path: Path,
) -> None:
    """From the prefix, the base, one call and one entity's call: counts, the newest observation and its unit."""
    installed = environment("sensorthings")
    with serving([installed / "python", SITE, str(port), tmp_path], port):
        base = f"http://127.0.0.1:{port}/city"
        for path in ("/", "/v1.1", "/v1.1/", "/v1.1/Things?$top=1"):
            seen = probe("sensorthings", base + path)
            assert seen["reason"] == "ok" and seen["complete"], seen
            assert seen["values"] == {
                "version": "v1.1", "thing_count": 2, "datastream_count": 3, "observed_properties": ["PM2.5"],
                # It keeps the end of an interval to itself, and cannot sort by its beginning.
                "units": ["ug/m3"], "observation_latest": "2026-11-21T11:00:00Z",
            }  # fmt: skip
        assert probe("ogc_api", f"{base}/v1.1/")["reason"] == "not-the-declared-format"
