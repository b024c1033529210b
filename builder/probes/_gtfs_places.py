"""Counts a GTFS feed's stops, what they say about wheelchairs, and which of them lie near given places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from builder.model.observation import Near
from builder.probes._gtfs_tables import open_table, short, too_large
from builder.probes._zip import Archive

EARTH_KM = 6371.0088  # mean radius, IUGG
MOST_NEAR_STOPS = 400_000
_KM_PER_DEGREE = 110.0  # a little less than any degree of latitude has, so the quick test never drops a near stop


@dataclass(slots=True)
class Stops:
    """What stops.txt holds: rows, boarding places and those that speak of wheelchairs, and the stops near places.

    ``near`` gives, for each stop near any place, a number whose bit ``i`` stands for the ``i``-th place.
    """

    count: int = 0
    boarding_places: int = 0
    with_wheelchair: int = 0
    near_counts: list[int] = field(default_factory=list)
    near: dict[str, int] = field(default_factory=dict)


async def read_stops(archive: Archive, places: Sequence[Near]) -> Stops:
    """Read stops.txt, which may be absent; raises ``Unreadable`` (``malformed``, ``too-large``)."""
    stops = Stops(near_counts=[0] * len(places))
    table = open_table(archive, "stops.txt")
    if "stops.txt" in archive:
        table.require("stop_id")
    async for stop, lat, lon, kind, wheelchair in table.records(
        "stop_id", "stop_lat", "stop_lon", "location_type", "wheelchair_boarding"
    ):
        stops.count += 1
        if kind in ("", "0"):
            stops.boarding_places += 1
            stops.with_wheelchair += wheelchair in ("1", "2")
        if places and (position := _position(lat, lon)):
            mask = 0
            for at, place in enumerate(places):
                if (
                    abs(place.lat - position[0]) * _KM_PER_DEGREE <= place.km
                    and distance_km(place.lat, place.lon, *position) <= place.km
                ):
                    mask |= 1 << at
                    stops.near_counts[at] += 1
            if mask:
                stops.near[short(stop)] = mask
                if len(stops.near) > MOST_NEAR_STOPS:
                    too_large(f"More than {MOST_NEAR_STOPS:,} stops lie near.")
    return stops


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in kilometres between two places in WGS 84 degrees (haversine, spherical Earth)."""
    half_lat, half_lon = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    part = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))


def _position(lat: str, lon: str) -> tuple[float, float] | None:
    """The coordinates, when they are ones; "not a number" fails the comparison like any place off the globe."""
    try:
        position = float(lat), float(lon)
    except ValueError:
        return None
    return position if -90 <= position[0] <= 90 and -180 <= position[1] <= 180 else None
