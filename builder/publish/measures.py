"""What a source says in figures: each measurement in plain words, with unit, date and proof; shown, never scored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from builder.judge.phrases import label
from builder.model.city import Population
from builder.model.observation import Observation, Value
from builder.model.scorecard import Looked
from builder.publish import words
from builder.publish.clauses import Clauses
from builder.publish.text import clean, safe_url, short_url

MOST = 30  # of one source on a page; the JSON twin holds all
MOST_OF_A_PAGE = 140  # of all sources together: a city with fifty feeds must load on a slow phone too
FEWEST = 3
_LISTED = 4  # of a list's items or a table's rows
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")

# In the order in which they are shown. Names that are not here follow, in the words of their names.
WORDS = {
    "title": "Called", "name": "Called", "agency_names": "Run by", "language": "Language",
    "dataset_count": "Datasets listed", "open_license_share": "With a licence that we know to be open",
    "modified_latest": "Newest change",
    "link_working_share": "Links that work", "modified_within_year_share": "Changed in the year before",
    "machine_readable_share": "Readable by programs", "publisher_count": "Offices that publish",
    "datasets_without_license": "Datasets without a stated licence", "announced_count": "Datasets announced",
    "distribution_count": "Files and services in them",
    "datasets_without_distribution": "Datasets that name no download and no service",
    "link_sample_size": "Links tried, drawn by lot",
    "in_cadence_share": "Changed as often as they say",
    "cadence_sample_size": "Datasets that say how often they change",
    "described_share": "Saying what they are and whom to ask", "contact_share": "Naming a contact",
    "mqa_points": "Points of 405 by the European metadata assessment", "license_ids": "Licences as stated",
    "weekday_departure_count_near": "Departures near the city, on a typical weekday",
    "stop_count_near": "Stops near the city", "vehicle_count_near": "Vehicles near the city",
    "weekday_departure_count": "Departures in the whole feed, on a typical weekday",
    "weekday_service_hours": "From first to last departure", "weekday_date": "The weekday that was counted",
    "service_start": "Timetable begins", "service_end": "Timetable ends", "route_count": "Lines",
    "stop_count": "Stops", "has_fares": "Says what a ride costs",
    "wheelchair_stop_share": "Stops that say whether a wheelchair can board",
    "wheelchair_trip_share": "Trips that say whether they take wheelchairs",
    "station_count": "Stations", "bikes_available": "Bikes to take at that moment", "vehicle_count": "Vehicles",
    "trip_update_count": "Trips with live times", "alert_count": "Notices of disruption",
    "header_timestamp": "Live data of", "header_age_seconds": "Age of the live data", "last_updated": "Live data of",
    "journey_count": "Journeys", "situation_count": "Notices", "situation_latest": "Newest notice",
    "facility_count": "Facilities", "parking_count": "Car parks",
    "vacant_space_count": "Free places in them", "measurement_site_count": "Places where traffic is counted",
    "line_count": "Lines", "valid_to": "Valid until",
    "service_count": "Things one can report", "request_count": "Requests read", "requested_latest": "Newest request",
    "updated_latest": "Newest answer", "median_days_to_close": "Days until half of the requests were closed",
    "pm25_mean": "Fine dust (PM2.5), mean",
    "no2_mean": "Nitrogen dioxide (NO2), mean",
    "location_count": "Places measured", "thing_count": "Things measured", "datastream_count": "Series of measurements",
    "observation_latest": "Newest measurement", "collection_count": "Collections", "feature_count": "Features",
    "feature_type_count": "Feature types", "layer_count": "Layers", "fees": "Fees", "access_constraints": "Conditions",
    "release_count": "Releases", "record_count": "Records", "ocid_count": "Contracting processes",
    "release_latest": "Newest release", "resource_count": "Files", "field_count": "Fields", "row_count": "Rows",
    "fiscal_years": "Budget years", "item_count": "Items", "published_latest": "Newest item", "event_count": "Events",
    "next_event": "Next event", "next_meeting": "Next meeting", "process_count": "Processes",
    "open_process_count": "Processes open now", "activity_latest": "Newest activity", "entry_count": "Entries",
    "entry_latest": "Newest entry", "contact_count": "Ways to get in touch", "expires": "Runs out",
    "redirects_to_https": "Leads to the safe address", "certificate_expires": "Certificate runs out",
    "hsts": "Tells browsers to use https only", "statement_date": "Statement of", "standard": "Standard named",
    "contact": "Names a contact", "repository_count": "Programs published", "licensed_share": "With a licence",
    "pushed_latest": "Newest change of a program", "license_id": "Licence as stated", "license": "Licence as stated",
}  # fmt: skip
# Said about how another one was read, or of use to programs only: on the page they would be noise.
_LEFT_OUT = frozenset({"modified_basis", "conforms_to", "system_id", "feed_version", "profile", "route_types"})
_UNITS = {"s": "seconds", "h": "hours", "d": "days", "min": "minutes", "km": "km", "ug/m3": "µg/m³", "Cel": "°C"}
# Figures of a time that the reading itself states.
_OF_REQUESTS = frozenset({"request_count", "closed_count", "median_days_to_close"})
_OF_AIR = frozenset({"pm25_mean", "no2_mean"})
# Figures that mean something per head, and whether they are of the place itself wherever the feed reaches.
_PER_HEAD = {"weekday_departure_count_near": True, "vehicle_count_near": True, "bikes_available": False,
             "vehicle_count": False}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement in words; ``answer`` is the position of its answer among those linked, from 1 on.

    ``note`` says its period, what it is per head and what it is not; ``beside`` which clauses it speaks to.
    """

    label: str
    value: str
    note: str
    beside: str
    pointer: str
    answer: int


@dataclass(frozen=True, slots=True)
class Says:
    """What one source said when it was last read well; ``answers`` are address, how it is shown, and its copy."""

    day: str
    scope: str
    figures: tuple[Figure, ...]
    left: int
    answers: tuple[tuple[str | None, str, str | None], ...]


def share(sources: int) -> int:
    """How many figures each of so many sources may show on one page."""
    return max(FEWEST, min(MOST, MOST_OF_A_PAGE // max(sources, 1)))


def says(
    looked: Looked, population: Population | None, most: int = MOST, clauses: Clauses | None = None
) -> Says | None:
    """The figures of a source's last good reading, at most so many; None where there is none, or nothing was told."""
    beside = clauses or Clauses()
    good = looked.good
    chosen = sorted(
        (name for name in good.measurements if name not in _LEFT_OUT), key=_order
    ) if good is not None else []  # fmt: skip
    if good is None or not chosen:
        return None
    shown = {name: good.measurements[name] for name in chosen[:most]}
    used = sorted({one.capture for one in shown.values() if one.capture < len(good.captures)})
    figures = tuple(
        Figure(
            WORDS.get(name) or _capital(label(name)),
            value(one.value, one.unit),
            note(name, looked, good, population),
            beside.beside(name, good.kind),
            clean(one.pointer, 120),
            used.index(one.capture) + 1 if one.capture in used else 0,
        )
        for name, one in shown.items()
    )
    return Says(words.day(good.at), _scope(good), figures, len(chosen) - len(shown), _answers(good, used))


def value(plain: Value, unit: str | None) -> str:
    """A value as a citizen reads it: shares in percent, dates in words, the first few of a list.

    >>> value(0.4567, "1"), value("2026-11-20T09:00:00Z", None), value(True, None), value(16.5, "h")
    ('46 %', '20 November 2026', 'yes', '16.5 hours')
    """
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, int | float):
        if unit == "1":
            return words.percent(plain) if 0 <= plain <= 1 else _number(plain)
        return f"{_number(plain)} {_UNITS.get(unit, clean(unit, 20))}" if unit else _number(plain)
    if isinstance(plain, str):
        return words.day(plain) if _INSTANT.fullmatch(plain) else clean(plain, 120)
    if not isinstance(plain, str) and not plain:
        return "none"
    if isinstance(plain, dict):
        most = sorted(plain.items(), key=lambda item: (-item[1], item[0]))
        if len(most) > _LISTED and most[0][1] == 1:  # each is its own: to list them tells nobody anything
            return f"{_number(len(most))} different ones"
        return _some([f"{clean(name, 60) or 'none'} ({_number(count)})" for name, count in most])
    return _some([_number(one) if isinstance(one, int) and one > 9999 else clean(str(one), 60) for one in plain])


def per_head(name: str, plain: Value, looked: Looked, population: Population | None) -> str:
    """A figure per 1,000 residents: only of what is near the city or the city's own, and of a dated population.

    Empty where that cannot be said honestly.
    """
    near = _PER_HEAD.get(name)
    if near is None or population is None or population.year is None or isinstance(plain, bool):
        return ""
    if not isinstance(plain, int | float) or not (near or looked.source.tier == "city"):
        return ""
    each = plain * 1000 / population.value
    of = f"{words.number(population.value)} in {population.year}"
    return f"{_number(round(each, 1 if each < 100 else 0))} per 1,000 residents ({of})"


def period(name: str, looked: Looked, good: Observation) -> str:
    """The time that a figure speaks of, where that is another than the moment of the reading; and how near is near.

    Only what the reading itself states; empty where it states nothing.
    """
    told = {key: one.value for key, one in good.measurements.items()}
    parts = []
    if name.startswith("weekday_departure_count") and isinstance(told.get("weekday_date"), str):
        parts.append(f"counted for {words.day(str(told['weekday_date']))}")
    if name.endswith("_near") and looked.source.near_km is not None:
        parts.append(f"within {_number(looked.source.near_km)} km of the centre")
    first, last = told.get("requested_earliest"), told.get("requested_latest")
    if name in _OF_REQUESTS and isinstance(first, str) and isinstance(last, str):
        parts.append(f"of requests made from {words.day(first)} to {words.day(last)}")
    latest = told.get("observation_latest")
    if name in _OF_AIR and isinstance(latest, str):
        # Around a place the probe takes each sensor's latest value within a day; of a page of values, all of them.
        span = "of each sensor's latest value in the 24 hours up to" if "location_count" in told else "of values up to"
        parts.append(f"{span} {words.day(latest)}")
    return ", ".join(parts)


def note(name: str, looked: Looked, good: Observation, population: Population | None) -> str:
    """What stands beside one of its figures: the time it speaks of, what it is per head, what it is not."""
    parts = [period(name, looked, good), per_head(name, good.measurements[name].value, looked, population)]
    of = good.measurements.get("modified_basis")
    if name == "modified_latest" and of is not None and of.value == "metadata":
        parts.append("of a description, not of the data")
    return "; ".join(part for part in parts if part)


def _scope(good: Observation) -> str:
    scope = clean(good.scope, 200)
    return f"{scope}, not everything" if scope and not good.complete else scope


def _answers(good: Observation, used: list[int]) -> tuple[tuple[str | None, str, str | None], ...]:
    found = [good.captures[number] for number in used]
    return tuple(
        (safe_url(one.final_url), short_url(one.final_url), safe_url(one.copy_of.link) if one.copy_of else None)
        for one in found
    )


_PLACES: Mapping[str, int] = {name: place for place, name in enumerate(WORDS)}


def _order(name: str) -> tuple[int, str]:
    return _PLACES.get(name, len(_PLACES)), name


def _number(plain: int | float) -> str:
    if isinstance(plain, float) and not plain.is_integer():
        return f"{plain:,.2f}".rstrip("0").rstrip(".") if abs(plain) >= 0.01 else f"{plain:.2g}"
    return words.number(int(plain))


def _some(parts: list[str]) -> str:
    more = f" and {words.number(len(parts) - _LISTED)} more" if len(parts) > _LISTED else ""
    return ", ".join(parts[:_LISTED]) + more


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
