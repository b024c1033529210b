"""Lindenford, an invented town with a tram and a night bus: its timetable feed, counted by hand, and its readers."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture, Request
from builder.model.observation import Near, Reading, Target
from builder.probes import gtfs

URL = "https://trams.lindenford.example/gtfs.zip"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
MARKET = Near("market", 50.0, 8.0, 2.0)
WEEK = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"

# Lindenford: a tram line and a night bus. On a weekday two trams run, on a Saturday one.
# From the market the bridge is 1.1 km away and the lake 11 km.
TOWN = {
    "agency.txt": "agency_name,agency_url,agency_timezone\nLindenford Trams,https://trams.lindenford.example,Etc/UTC\n"
                  "Night Bus,https://trams.lindenford.example,Etc/UTC\n",
    "routes.txt": "route_id,route_type\nT,0\nN,3\nM,3\nX,\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,wheelchair_boarding\n"
                 "s1,Market,50.0,8.0,0,1\ns2,Bridge,50.01,8.0,,2\ns3,Lake,50.1,8.0,0,0\nhall,Hall,50.0,8.0,1,1\n",
    "calendar.txt": f"{WEEK}\nweek,1,1,1,1,1,0,0,20261102,20261218\nsat,0,0,0,0,0,1,0,20261102,20261218\n",
    "calendar_dates.txt": "service_id,date,exception_type\nweek,20261102,2\nsat,20261224,1\nweek,20261125,2\n",
    "trips.txt": "route_id,service_id,trip_id,wheelchair_accessible\nT,week,w1,1\nT,week,w2,0\nT,sat,a1,2\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                      "w1,8:00:00,8:00:00,s1,1\nw1,8:10:00,8:10:00,s2,2\nw1,8:20:00,8:20:00,s3,3\n"
                      "w2,23:50:00,23:50:00,s1,1\nw2,24:05:00,24:05:00,s2,2\nw2,25:10:00,25:10:00,s3,3\n"
                      "a1,5:00:00,5:00:00,s1,1\na1,5:30:00,5:30:00,s3,2\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nout,50,8,1\nout,50.1,8,2\nback,50.1,8,1\n",
    "feed_info.txt": "feed_publisher_name,feed_lang,feed_version\nLindenford Trams,en,winter 26\n",
}  # fmt: skip
BY_HAND = {
    "agency_count": 2, "agency_names": ["Lindenford Trams", "Night Bus"],
    "route_count": 4, "route_types": {"0": 1, "3": 2},
    "stop_count": 4, "trip_count": 3, "stop_time_count": 8, "shape_count": 2,
    "service_start": "2026-11-03", "service_end": "2026-12-24",
    "feed_version": "winter 26", "has_fares": False,
    "wheelchair_stop_share": 0.6667, "wheelchair_trip_share": 0.6667,
    "weekday_date": "2026-11-24", "weekday_departure_count": 6, "weekday_service_hours": 17.17,
}  # fmt: skip


def feed(changes: Mapping[str, str | bytes | None] | None = None, folder: str = "") -> bytes:
    """The town's zip, with some tables changed or (None) taken away."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in {**TOWN, **(changes or {})}.items():
            if table is not None:
                archive.writestr(folder + name, table)
    return file.getvalue()


class OneFile:
    """A web that holds one zip, given as an unnamed file."""

    def __init__(self, body: bytes) -> None:
        self.file = io.BytesIO(body)
        self.capture = Capture(url=URL, final_url=URL, status=200, at=NOW)

    async def get(self, request: Request) -> Answer:
        """Answer the one request a timetable takes."""
        assert request.spool and request.limit_bytes == 300 * 1024 * 1024
        return Answer(self.capture, b"", self.file)


def reading(body: bytes, now: datetime = NOW, near: tuple[Near, ...] = ()) -> Reading:
    """Read a zip."""
    return asyncio.run(gtfs.read(Target(URL, now, near=near), OneFile(body)))


def measured(changes: Mapping[str, str | bytes | None] | None = None, now: datetime = NOW) -> dict[str, Any]:
    """The plain values measured in the changed town."""
    return {name: measurement.value for name, measurement in reading(feed(changes), now).measurements.items()}


def refused(body: bytes) -> tuple[str, str]:
    """The reason and the message with which a zip is refused."""
    with pytest.raises(Unreadable) as caught:
        reading(body)
    assert caught.value.capture is not None
    return str(caught.value.reason), caught.value.message
