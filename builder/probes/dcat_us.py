"""Reads a catalogue file in the form of DCAT-US, known as `data.json`: every dataset with its files, licence and dates.

**What it asks.** One file: the address as given, or, when its path is empty or ends in `/`, with `data.json` added.
A source's `filter` is the name of one publisher; the others' datasets are then left out.

**What it measures.** A dataset is an item of `dataset`, a distribution an item of its `distribution`. All counts
are taken over the items as published. An identifier that occurs twice stands in the dataset list once, and the
scope says how many do.

- `dataset_count`: items of `dataset`. The file announces no total, so `announced_count` is absent.
- `distribution_count`, `datasets_without_distribution`: distributions in all; datasets without any.
- `license_ids`: how many datasets state each `license` (else that of their first distribution with one), as stated,
  markup taken out, at most 200 characters; `datasets_without_license`: datasets that state none.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open. A link to the dataset's own licence
  page, as ArcGIS Hub writes it, is a statement, but nobody can tell from it which licence that is.
- `machine_readable_share` (0 to 1): datasets with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601): the newest `modified`; a repeating interval (`R/P1D`) is no date. `modified_basis`
  is `metadata`: the file does not tell a change of data from one of its description.
- `modified_within_year_share` (0 to 1): datasets modified in the 365 days before the file was read.
- `publisher_count`: different values of `publisher.name`; `conforms_to`: `conformsTo` of the catalogue, as stated.

The reading is complete when the whole file was read and it names no next page.

**What a reason means here.** `not-found`: no file at this address. `api-error`: an error message instead of a
catalogue. `not-the-declared-format`: a web page, or JSON without a `dataset` list. `malformed`: JSON that was cut
or is broken. `empty`: a catalogue without any dataset.

**Standard.** DCAT-US Schema 1.1 (resources.data.gov/resources/dcat-us), the Project Open Data metadata schema.
"""

from __future__ import annotations

from typing import Any

from builder.model.capture import Request
from builder.model.observation import Measurement, Reading, Target
from builder.model.web import Web
from builder.probes._address import with_standard_path
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._dcat import Entry, Places, as_of, catalogue_reading, entry_id, quoted, unique
from builder.probes._formats import format_name
from builder.probes._json import listing, mapping, not_what_was_asked, phrase, read_object, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._text import clean, length_without_markup

VERSION = 1
DEADLINE_SECONDS = 900

_PLACES = Places(
    datasets="$.dataset[*]",
    distributions="$.dataset[*].distribution[*]",
    licence="$.dataset[*].license",
    publisher="$.dataset[*].publisher.name",
    data_modified="$.dataset[*].modified",
    metadata_modified="$.dataset[*].modified",
)
_NEXT = ("next", "nextPage", "next_page", "hydra:next", "hydra:nextPage")


async def read(target: Target, web: Web) -> Reading:
    """Read the file and every dataset in it (of one publisher, when the target has a filter)."""
    answer, capture = await Asking(web).get(
        Request(with_standard_path(target.url, "data.json"), accept="application/json")
    )
    data = read_object(answer)
    found = data.get("dataset")
    if not isinstance(found, list | dict) or (found and not records(found)):
        raise not_what_was_asked(answer, data, "list of datasets")
    entries = [_entry(dataset, capture, position) for position, dataset in enumerate(records(found))]
    if target.filter:
        entries = [entry for entry in entries if entry.publisher == target.filter]
    conforms = tuple(dict.fromkeys(clean(words) for words in texts(data.get("conformsTo"))))
    more: dict[str, Measurement] = {}
    if conforms:
        value = conforms[0] if len(conforms) == 1 else list(conforms)
        more["conforms_to"] = Measurement(value=value, pointer="$.conformsTo", capture=capture)
    whole = not any(data.get(key) for key in _NEXT) and not mapping(data.get("links")).get("next")
    return catalogue_reading(
        entries, _PLACES, as_of(answer.capture), complete=whole, scope=_scope(entries, whole, target.filter), more=more
    )


def _scope(entries: list[Entry], whole: bool, publisher: str | None) -> str:
    words = f"{'all' if whole else 'the first'} {len(entries):,} datasets in the file"
    if publisher:
        words += f" of the publisher {publisher!r}"
    if repeats := len(entries) - len(unique(entries)):
        words += f"; {repeats:,} of them repeat{'s' if repeats == 1 else ''} the identifier of another"
    return words if whole else f"{words}; it names a next page, which was not read"


def _entry(dataset: dict[str, Any], capture: int, position: int) -> Entry:
    stated_id = text(dataset.get("identifier"))
    distributions = records(dataset.get("distribution"))
    licence = next((words for item in (dataset, *distributions) if (words := _licence(item))), None)
    publisher = dataset.get("publisher")
    pages = (text(dataset.get("landingPage")), stated_id)
    return Entry(
        id=entry_id(stated_id, dataset),
        title=phrase(dataset.get("title")) or "",
        pointer=f"$.dataset[?@.identifier=={quoted(stated_id)}]" if stated_id else f"$.dataset[{position}]",
        capture=capture,
        formats=tuple(_format(item) for item in distributions),
        keywords=texts(dataset.get("keyword")),
        themes=texts(dataset.get("theme")),
        stated=stated_licence(licence),
        licence=licence_id(licence),
        metadata_modified=read_date(dataset.get("modified")),
        frequency=text(dataset.get("accrualPeriodicity")),
        url=next((page for page in pages if page and page.startswith(("http://", "https://"))), None),
        publisher=phrase(publisher.get("name")) if isinstance(publisher, dict) else text(publisher),
        has_contact=any(
            text(point.get("fn")) or text(point.get("hasEmail")) for point in records(dataset.get("contactPoint"))
        ),
        description_length=length_without_markup(phrase(dataset.get("description"))),
    )


def _licence(item: dict[str, Any]) -> str | None:
    """A licence as words, or the first of a list; blank markup (`<p></p>`) states nothing."""
    words = (text(value) for value in listing(item.get("license")))
    return next((said for said in words if stated_licence(said)), None)


def _format(distribution: dict[str, Any]) -> str | None:
    url = text(distribution.get("downloadURL")) or text(distribution.get("accessURL"))
    return format_name(text(distribution.get("format")), text(distribution.get("mediaType")), url)
