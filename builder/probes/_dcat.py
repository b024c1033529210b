"""Turns what any catalogue software lists into one list of DCAT datasets and one set of measurements."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from builder.errors import Unreadable
from builder.model.capture import Capture
from builder.model.catalogue import Dataset
from builder.model.formats import machine_readable
from builder.model.observation import Measurement, Reading, Value
from builder.model.reasons import Reason
from builder.probes._dates import Moment
from builder.probes._frequency import period_days
from builder.probes._licences import STATED_LIMIT, is_open
from builder.probes._text import clean, cleaned

YEAR_DAYS = 365
LATE = 2  # twice the stated span: publishers take weekends and holidays too
ENOUGH = 80  # characters; a shorter description hardly says more than its title
_ID_LIMIT = 500
_FREQUENCY_LIMIT = 60
_URL_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file or service of a dataset, as stated; its addresses live as long as the reading and are never kept.

    ``access`` and ``download`` are DCAT's accessURL and downloadURL; ``format`` and ``media_type`` the words or links
    that name them. A licence that the dataset states is its distributions' too.
    """

    access: str | None = None
    download: str | None = None
    format: str | None = None
    media_type: str | None = None
    has_licence: bool = False
    has_rights: bool = False
    has_size: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset as a catalogue lists it, whatever the software; what is None was not stated.

    ``formats`` has one item per distribution (None: a format nobody named); ``distributions`` is None where the
    interface lists them without addresses of their own, and ``served`` then the addresses at which its software serves
    the dataset. ``stated`` is the licence as published, ``licence`` the id it was recognised as. ``publisher`` is only
    counted, never kept; of the ``description`` (on one line, markup taken out) only its length and what the word lists
    find in it are. ``pointer`` is the JSONPath to the record, ``capture`` the position of the capture that holds it.
    """

    id: str
    title: str
    pointer: str
    capture: int
    formats: tuple[str | None, ...] = ()
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    stated: str | None = None
    licence: str | None = None
    data_modified: Moment | None = None
    metadata_modified: Moment | None = None
    frequency: str | None = None
    url: str | None = None
    publisher: str | None = None
    has_contact: bool = False
    description: str = ""
    distributions: tuple[Distribution, ...] | None = None
    served: tuple[str, ...] = ()
    access_rights: str | None = None
    has_spatial: bool = False
    has_temporal: bool = False
    has_issued: bool = False

    @property
    def format_names(self) -> tuple[str, ...]:
        """The formats' short names, sorted, without repeats."""
        return tuple(sorted({name for name in self.formats if name}))

    @property
    def modified(self) -> Moment | None:
        """The newest change of data where the software states one, else of metadata."""
        return self.data_modified or self.metadata_modified


@dataclass(frozen=True, slots=True)
class Places:
    """Where a kind of catalogue keeps things: JSONPaths, each for every record of every page read.

    ``announced`` is None where the software announces no total.
    """

    datasets: str
    distributions: str
    licence: str
    publisher: str
    data_modified: str
    metadata_modified: str
    announced: str | None = None


def entry_id(stated: str | None, record: dict[str, Any]) -> str:
    """The id a record states; where there is none to keep, one that stays the same as long as the record does."""
    if stated and len(stated) <= _ID_LIMIT and (kept := clean(stated, _ID_LIMIT)):
        return kept
    return "unnamed-" + sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def as_of(capture: Capture) -> datetime:
    """When a catalogue is judged: when it was captured; the end of the day where only the day is known.

    Otherwise whatever changed on the day of a recorded copy would lie in its future.
    """
    day_only = capture.copy_of is not None and capture.copy_of.day_only
    return capture.at + timedelta(days=1, microseconds=-1) if day_only else capture.at


def unique(entries: Iterable[Entry]) -> list[Entry]:
    """Each id once, in the order of appearance, the first standing for all."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.id, entry)
    return list(found.values())


def dataset_list(entries: Iterable[Entry]) -> tuple[Dataset, ...]:
    """The datasets in the common form, sorted by id, each id once."""
    return tuple(_dataset(entry) for entry in sorted(unique(entries), key=lambda entry: entry.id))


def measurements(
    entries: Sequence[Entry], places: Places, at: datetime, announced: int | None = None
) -> dict[str, Measurement]:
    """Measure a list of entries, which must not be empty; ``at`` is when the catalogue was captured.

    Shares have the unit ``1``, lie between 0 and 1, count all datasets in the denominator and have four digits. Ages
    are judged as of ``at``, so a recorded copy is judged as of its own date. A measurement with nothing to say is
    absent.
    """
    total, first = len(entries), entries[0].capture
    licences = Counter(entry.stated[:STATED_LIMIT] for entry in entries if entry.stated)
    found: dict[str, Measurement] = {}

    def say(name: str, value: Value, pointer: str, capture: int = first, unit: str | None = None) -> None:
        found[name] = Measurement(value=value, unit=unit, pointer=pointer, capture=capture)

    def share(name: str, count: int, pointer: str) -> None:
        say(name, round(count / total, 4), pointer, unit="1")

    say("dataset_count", total, places.datasets)
    if announced is not None and places.announced is not None:
        say("announced_count", announced, places.announced)
    say("distribution_count", sum(len(entry.formats) for entry in entries), places.distributions)
    say("datasets_without_distribution", sum(not entry.formats for entry in entries), places.distributions)
    say("license_ids", dict(sorted(licences.items())), places.licence)
    say("datasets_without_license", sum(not entry.stated for entry in entries), places.licence)
    share("open_license_share", sum(is_open(entry.licence) for entry in entries), places.licence)
    readable = sum(machine_readable(entry.format_names) for entry in entries)
    share("machine_readable_share", readable, places.distributions)
    publishers = {entry.publisher for entry in entries if entry.publisher}
    if publishers:
        say("publisher_count", len(publishers), places.publisher)
    if dated := [entry for entry in entries if entry.modified]:
        newest, moment, basis = _newest(dated)
        pointer = places.data_modified if basis == "data" else places.metadata_modified
        where = _within(newest.pointer, places.datasets, pointer)
        say("modified_latest", moment.iso, where, newest.capture)
        say("modified_basis", basis, where, newest.capture)
        fresh = sum(bool(entry.modified and entry.modified.within(YEAR_DAYS, at)) for entry in dated)
        share("modified_within_year_share", fresh, pointer)
        if promised := _promised(dated, at):
            kept = sum(moment.within(math.ceil(LATE * days), at) for moment, days in promised)
            say("cadence_sample_size", len(promised), f"{pointer}, of datasets that say how often they change")
            say("in_cadence_share", round(kept / len(promised), 4), pointer, unit="1")
    # Where no dataset at all names one, the interface may not offer it.
    if contacts := sum(entry.has_contact for entry in entries):
        share("contact_share", contacts, places.datasets)
        if publishers:
            share("described_share", sum(map(_described, entries)), places.datasets)
    return found


def catalogue_reading(
    entries: Sequence[Entry],
    places: Places,
    at: datetime,
    *,
    complete: bool,
    scope: str,
    announced: int | None = None,
    more: Mapping[str, Measurement] | None = None,
) -> Reading:
    """The reading of a catalogue: its measurements (and ``more``, the kind's own) and its dataset list.

    A catalogue without a dataset is ``empty``. Raises ``malformed`` when it announces datasets and lists none.
    """
    if entries:
        found = {**measurements(entries, places, at, announced), **(more or {})}
        told = {entry.id: entry.description for entry in reversed(entries) if entry.description}
        return Reading(found, complete=complete, scope=scope, datasets=dataset_list(entries), descriptions=told)
    if announced:
        raise Unreadable(Reason.MALFORMED, f"The catalogue announces {announced:,} datasets, but lists none.")
    none = {"dataset_count": Measurement(value=0, pointer=places.datasets)}
    message = "The catalogue answers, but lists no dataset."
    return Reading({**none, **(more or {})}, complete=complete, scope=scope, datasets=(), empty=True, message=message)


def quoted(words: str) -> str:
    """Words as a JSONPath string literal (RFC 9535): ``$.dataset[?@.identifier=='it\\'s']``."""
    escaped = words.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + "'"


def _newest(dated: Sequence[Entry]) -> tuple[Entry, Moment, str]:
    """The entry that changed last, when, and whether that is a change of data (where any is stated) or of metadata."""
    by_data = [(entry, entry.data_modified) for entry in dated if entry.data_modified]
    stated = by_data or [(entry, entry.metadata_modified) for entry in dated if entry.metadata_modified]
    entry, moment = max(stated, key=lambda pair: (pair[1].instant, pair[0].id))
    return entry, moment, "data" if by_data else "metadata"


def _promised(dated: Sequence[Entry], at: datetime) -> list[tuple[Moment, float]]:
    """When the datasets changed that say how often they do, and after how many days they should again.

    A change in the future is left out: it says nothing about the past.
    """
    found = []
    for entry in dated:
        days = period_days(entry.frequency) if entry.frequency else None
        if days is not None and entry.modified is not None and entry.modified.instant <= at:
            found.append((entry.modified, days))
    return found


def _described(entry: Entry) -> bool:
    return bool(entry.title and len(entry.description) >= ENOUGH and entry.publisher and entry.has_contact)


def _within(record: str, datasets: str, field: str) -> str:
    """The pointer to a field of one record: `$.a[*].b` seen from the record `$.a[?...]` is `$.a[?...].b`."""
    return record + field.removeprefix(datasets) if field.startswith(datasets) else record


def _dataset(entry: Entry) -> Dataset:
    modified = entry.modified
    frequency = clean(entry.frequency, _FREQUENCY_LIMIT) if entry.frequency else None
    web = entry.url is not None and entry.url.startswith(("http://", "https://")) and len(entry.url) <= _URL_LIMIT
    return Dataset(
        id=entry.id,
        title=clean(entry.title) or clean(entry.id),
        keywords=cleaned(entry.keywords),
        themes=cleaned(entry.themes),
        formats=entry.format_names,
        licence=entry.licence or entry.stated,
        modified=modified.iso if modified else None,
        frequency=frequency or None,
        url=entry.url if web else None,
        pointer=entry.pointer,
        has_contact=entry.has_contact,
        description_length=len(entry.description),
    )
