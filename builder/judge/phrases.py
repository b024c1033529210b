"""How findings and answers are said: names, figures and lists in plain British English."""

from __future__ import annotations

from collections.abc import Sequence

from builder.model.finding import Test
from builder.model.kinds import KINDS
from builder.model.scorecard import Thing

TEST_WORDS: dict[Test, str] = {
    Test.PUBLISHED: "published",
    Test.MACHINE_READABLE: "readable by programs",
    Test.OPEN_LICENCE: "openly licensed",
    Test.FRESH: "up to date",
    Test.DOCUMENTED: "documented",
    Test.WORKING: "working",
}


# The figures that most pages show, in words a citizen knows; the others' names speak for themselves.
LABELS = {
    "dataset_count": "number of datasets listed",
    "datasets_without_distribution": "number of datasets that name no download and no service",
    "open_license_share": "share of datasets with a licence that we know to be open",
    "modified_within_year_share": "share of datasets changed within a year",
    "link_sample_size": "number of links tried",
    "link_working_share": "share of links that work",
    "station_count": "number of stations",
    "vehicle_count": "number of vehicles",
    "entry_count": "number of entries",
    "contact_count": "number of ways to get in touch",
    "entity_count": "number of live messages",
    "journey_count": "number of journeys",
    "situation_count": "number of notices",
    "facility_count": "number of facilities",
    "datastream_count": "number of series of measurements",
    "thing_count": "number of things measured",
    "location_count": "number of places measured",
    "feature_count": "number of features",
    "process_count": "number of processes",
    "open_process_count": "number of processes open now",
    "standard": "standard",
    "contact": "contact",
    "header_timestamp": "time of the live data",
    "response_timestamp": "time of the answer",
    "publication_time": "time of publication",
    "last_updated": "time of the live data",
    "observation_latest": "day of the newest measurement",
    "modified_latest": "day of the newest change",
    "published_latest": "day of the newest item",
    "requested_latest": "day of the newest request",
    "updated_latest": "day of the newest answer to a request",
    "release_latest": "day of the newest release",
    "activity_latest": "day of the newest activity",
    "entry_latest": "day of the newest entry",
    "statement_date": "date of the statement",
    "service_start": "first day of the timetable",
    "service_end": "last day of the timetable",
    "expires": "last day on which it counts",
    "announced_count": "number of datasets announced",
    "machine_readable_share": "share of datasets in a form that programs read",
    "contact_share": "share of datasets that name a contact",
    "described_share": "share of datasets that say what they are and whom to ask",
    "cadence_sample_size": "number of datasets that say how often they change",
    "in_cadence_share": "share of these that changed as often as they say",
    "frame_valid_to": "last day of the timetable",
    "trip_update_count": "number of trips with live times",
    "alert_count": "number of notices",
    "wheelchair_stop_share": "share of stops that say whether a wheelchair can board",
    "wheelchair_trip_share": "share of trips that say whether they take wheelchairs",
    "has_fares": "fares in the data",
    "measurement_site_count": "number of counting stations",
    "vacant_space_count": "number of free parking spaces",
    "service_count": "number of things to report",
    "request_count": "number of reports listed",
    "meeting_count": "number of meetings",
    "meeting_latest": "last meeting",
    "next_meeting": "next meeting",
    "event_count": "number of events",
    "event_latest": "last event",
    "next_event": "next event",
    "item_count": "number of items",
    "marker_found": "words that we look for on the page",
    "documented_share": "share of entries that say what for, with which data and who answers for it",
    "repository_count": "number of pieces of software",
    "licensed_share": "share of software that states a licence",
    "pushed_latest": "day of the newest change",
}


def label(measurement: str) -> str:
    """A measurement's name in words.

    >>> label("open_license_share"), label("system_id")
    ('share of datasets with a licence that we know to be open', 'system id')
    """
    return LABELS.get(measurement) or measurement.replace("_", " ").replace("license", "licence")


def counted(measurement: str) -> str:
    """What a count counts.

    >>> counted("datasets_without_distribution")
    'datasets that name no download and no service'
    """
    return label(measurement).removeprefix("number of ")


def figure(value: float, share: bool = False, beside: float | None = None) -> str:
    """Write a number, a share as percent, with enough digits that it never looks equal to the one ``beside`` it.

    >>> figure(295.0), figure(0.9, share=True), figure(0.8999, share=True, beside=0.9)
    ('295', '90 %', '89.99 %')
    """
    scale, unit = (100, " %") if share else (1, "")
    for digits in range(7):
        text = _rounded(value * scale, digits)
        exact = abs(float(text.replace(",", "")) - value * scale) < 0.05 or digits >= 1
        if exact and (beside is None or value == beside or text != _rounded(beside * scale, digits)):
            return text + unit
    return f"{value * scale}{unit}"


def _rounded(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    >>> listed(["published", "up to date", "working"])
    'published, up to date and working'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def qualities(names: Sequence[Test], last: str = "and") -> str:
    """Several tests as qualities of a thing: "published and working"."""
    return listed([TEST_WORDS[name] for name in names], last)


def named(thing: Thing) -> str:
    """A thing as a sentence names it: a dataset by title and catalogue, a source by kind and publisher."""
    source = f"the {KINDS[thing.source.kind].words} of {thing.source.publisher}"
    return source if thing.dataset is None else f"“{thing.dataset.title}” in {source}"
