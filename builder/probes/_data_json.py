"""Reads one catalogue file in the form of DCAT-US (`data.json`), whichever software made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.observation import Measurement
from builder.model.reasons import Reason
from builder.probes._dates import read_date
from builder.probes._dcat import Distribution, Entry, Places, as_of, entry_id, quoted, unique
from builder.probes._formats import format_name
from builder.probes._json import listing, mapping, not_what_was_asked, phrase, read_json, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._text import clean, on_one_line

PLACES = Places(
    datasets="$.dataset[*]",
    distributions="$.dataset[*].distribution[*]",
    licence="$.dataset[*].license",
    publisher="$.dataset[*].publisher.name",
    data_modified="$.dataset[*].modified",
    metadata_modified="$.dataset[*].modified",
)
# What we keep of each takes two kilobytes or more, and no city's own catalogue has as many.
MOST_DATASETS = 40_000
_OF_A_DATASET = frozenset({"identifier", "accessLevel", "keyword", "distribution", "accessURL"})
_NEXT = ("next", "nextPage", "next_page", "hydra:next", "hydra:nextPage")


@dataclass(frozen=True, slots=True)
class DataJson:
    """The file's datasets, whether it names no next page, what it says it conforms to, and when to judge it."""

    entries: list[Entry]
    whole: bool
    conforms: dict[str, Measurement]
    at: datetime

    def scope(self, publisher: str | None = None) -> str:
        """What was read, in words."""
        words = f"{'all' if self.whole else 'the first'} {len(self.entries):,} datasets in the file"
        if publisher:
            words += f" of the publisher {publisher!r}"
        if repeats := len(self.entries) - len(unique(self.entries)):
            words += f"; {repeats:,} of them repeat{'s' if repeats == 1 else ''} the identifier of another"
        return words if self.whole else f"{words}; it names a next page, which was not read"


def read_data_json(answer: Answer, capture: int, publisher: str | None = None) -> DataJson:
    """Read the file that an answer holds; ``publisher`` leaves out the datasets of all others.

    Version 1.0 had no catalogue around its datasets: the file is their list. Raises ``Unreadable`` as ``read_json``
    does, ``too-large`` for more than 40,000 datasets, and for JSON without a list of them.
    """
    data = read_json(answer)
    for held in (data, mapping(data).get("dataset")):
        if isinstance(held, list) and len(held) > MOST_DATASETS:
            words = f"The file lists {len(held):,} datasets; we read {MOST_DATASETS:,} at once."
            raise Unreadable(Reason.TOO_LARGE, words, answer.capture)
    if isinstance(data, list):
        first_version = records(data)
        if not any(item.get("title") and _OF_A_DATASET & set(item) for item in first_version):
            raise not_what_was_asked(answer, data, "list of datasets")
        data = {"dataset": [_in_the_later_form(item) for item in first_version]}
        list_at = "$"
    else:
        list_at = "$.dataset"
    found = data.get("dataset")
    if not isinstance(found, list | dict) or (found and not records(found)):
        raise not_what_was_asked(answer, data, "list of datasets")
    entries = [_entry(dataset, capture, f"{list_at}[{at}]", list_at) for at, dataset in enumerate(records(found))]
    if publisher:
        entries = [entry for entry in entries if entry.publisher == publisher]
    whole = not any(data.get(key) for key in _NEXT) and not mapping(data.get("links")).get("next")
    return DataJson(entries, whole, _conforms(data, capture), as_of(answer.capture))


def _in_the_later_form(dataset: dict[str, Any]) -> dict[str, Any]:
    """A dataset of version 1.0, which stated its own address where there was one file only, with that as a list."""
    alone = "distribution" not in dataset and (dataset.get("accessURL") or dataset.get("webService"))
    return {**dataset, "distribution": [{**dataset, "mediaType": None}]} if alone else dataset


def _conforms(data: dict[str, Any], capture: int) -> dict[str, Measurement]:
    conforms = tuple(dict.fromkeys(clean(words) for words in texts(_plain(data.get("conformsTo")))))
    if not conforms:
        return {}
    value = conforms[0] if len(conforms) == 1 else list(conforms)
    return {"conforms_to": Measurement(value=value, pointer="$.conformsTo", capture=capture)}


def _plain(value: object) -> object:
    """The value or address that a typed object of JSON-LD holds (version 3.0); anything else as it is."""
    return value.get("@value", value.get("@id", value)) if isinstance(value, dict) else value


def _entry(dataset: dict[str, Any], capture: int, position: str, list_at: str) -> Entry:
    stated_id = text(dataset.get("identifier"))
    distributions = records(dataset.get("distribution"))
    licence = next((words for item in (dataset, *distributions) if (words := _licence(item))), None)
    publisher = dataset.get("publisher")
    pages = (text(dataset.get("landingPage")), stated_id)
    return Entry(
        id=entry_id(stated_id, dataset),
        title=phrase(dataset.get("title")) or "",
        pointer=f"{list_at}[?@.identifier=={quoted(stated_id)}]" if stated_id else position,
        capture=capture,
        formats=tuple(_format(item) for item in distributions),
        keywords=texts(dataset.get("keyword")),
        themes=texts(dataset.get("theme")),
        stated=stated_licence(licence),
        licence=licence_id(licence),
        metadata_modified=read_date(_plain(dataset.get("modified"))),
        frequency=text(dataset.get("accrualPeriodicity")),
        url=next((page for page in pages if page and page.startswith(("http://", "https://"))), None),
        publisher=phrase(publisher.get("name")) if isinstance(publisher, dict) else text(publisher),
        has_contact=any(
            text(point.get("fn")) or text(point.get("hasEmail")) for point in records(dataset.get("contactPoint"))
        ),
        description=on_one_line(phrase(dataset.get("description"))),
        distributions=tuple(_distribution(item, _licence(dataset)) for item in distributions),
        access_rights=text(dataset.get("accessLevel")),
        has_spatial=bool(dataset.get("spatial")),
        has_temporal=bool(dataset.get("temporal")),
        has_issued=read_date(dataset.get("issued")) is not None,
    )


def _licence(item: dict[str, Any]) -> str | None:
    """A licence as words, or the first of a list; blank markup (`<p></p>`) states nothing."""
    words = (text(_plain(value)) for value in listing(item.get("license")))
    return next((said for said in words if stated_licence(said)), None)


def _format(distribution: dict[str, Any]) -> str | None:
    url = text(distribution.get("downloadURL")) or text(distribution.get("accessURL"))
    return format_name(text(distribution.get("format")), text(distribution.get("mediaType")), url)


def _distribution(item: dict[str, Any], licence: str | None) -> Distribution:
    return Distribution(
        access=text(item.get("accessURL")),
        download=text(item.get("downloadURL")),
        format=text(item.get("format")),
        media_type=text(item.get("mediaType")),
        has_licence=bool(licence or _licence(item)),
        has_rights=bool(item.get("rights")),
        has_size=bool(item.get("byteSize")),
    )
