"""Reads an open data portal that runs Opendatasoft, by its Explore API 2.1: every dataset with its licence and dates.

## What it asks

`<portal>/api/explore/v2.1/catalog/datasets?limit=100&offset=...`, page after page. The address of one call is cut
back to the portal's base; any prefix before `/api/` is kept. A source's `filter` is the name of one publisher
(`refine=publisher:<filter>`). The interface answers at most 10,000 datasets this way; a larger catalogue is read that
far and the reading says that it is not complete.

## What it measures

A dataset is an entry of the catalogue. Opendatasoft serves every dataset that has records in the same set of formats
and lists none of them, so its distributions are counted as its own DCAT export counts them: CSV and JSON, for
datasets with a geographic feature also GeoJSON and Shapefile, then each attachment and each alternative export.

- `dataset_count`: datasets as listed; `announced_count`: `total_count` of the first page.
- `distribution_count`, `datasets_without_distribution`: distributions as above; datasets with neither visible
  records nor a file.
- `license_ids`: how many datasets state each `metas.default.license` (else `license_url`), as stated;
  `datasets_without_license`: datasets that state neither.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open.
- `machine_readable_share` (0 to 1): datasets with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `metas.default.modified`. `modified_basis` is `metadata`: the
  publisher may edit that date; the date of the last processing is not used, for a portal that processes the same
  data every night would look fresh.
- `modified_within_year_share` (0 to 1): datasets so modified in the 365 days before the portal was read.
- `publisher_count`: different values of `metas.default.publisher`.

## What each reason means here

- `not-found`: no Explore API 2.1 at this address.
- `api-error`: it answered with an error message.
- `not-the-declared-format`: a web page, or JSON of another interface, such as the records API 1.0 (`nhits`,
  `records`).
- `malformed`: broken JSON, or datasets announced and none listed.
- `empty`: a working portal without any dataset.

## A worked example

A portal that answers `{"total_count": 1, "results": [{"dataset_id": "trees", "has_records": true, "features":
["geo"], "metas": {"default": {"title": "Trees", "license": "CC BY", "modified": "2026-11-01T08:00:00+00:00",
"publisher": "Lindenford"}}}]}` gives `announced_count` 1, `dataset_count` 1, `distribution_count` 4 (CSV, JSON,
GeoJSON, Shapefile), `license_ids` `{"CC BY": 1}`, `machine_readable_share` 1.0, `modified_latest`
2026-11-01T08:00:00Z with `modified_basis` `metadata`, and `publisher_count` 1.

## The standard

Opendatasoft Explore API 2.1 (help.opendatasoft.com/apis/ods-explore-v2); the measures follow DCAT 3.
"""

from __future__ import annotations

from typing import Any

from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._address import api_base
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._dcat import Entry, Places, as_of, catalogue_reading, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._json import count, mapping, not_what_was_asked, phrase, read_object, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, how_much, read_pages
from builder.probes._text import length_without_markup

VERSION = 1
DEADLINE_SECONDS = 900

_CALLS = ("/api/explore", "/api/v2/", "/api/records/", "/api/datasets/")
_LIMIT = 100
_CEILING = 10_000 - _LIMIT
_PLACES = Places(
    datasets="$.results[*]",
    distributions="$.results[*]['has_records','features','attachments','alternative_exports']",
    licence="$.results[*].metas.default.license",
    publisher="$.results[*].metas.default.publisher",
    data_modified="$.results[*].metas.default.modified",
    metadata_modified="$.results[*].metas.default.modified",
    announced="$.total_count",
)


async def read(target: Target, web: Web) -> Reading:
    """Read every dataset the portal lists (of one publisher, when the target has a filter)."""
    base = api_base(target.url, _CALLS)
    asking = Asking(web)

    async def ask(offset: int) -> Page:
        return await _page(asking, base, target.filter, offset)

    pages = await read_pages(ask, ceiling=_CEILING)
    whose = f"of the publisher {target.filter!r}" if target.filter else ""
    return catalogue_reading(
        pages.entries, _PLACES, pages.at, complete=pages.complete, scope=f"{how_much(pages)} {whose}".rstrip(),
        announced=pages.announced,
    )  # fmt: skip


async def _page(asking: Asking, base: str, publisher: str | None, offset: int) -> Page:
    params = {"limit": str(_LIMIT), "offset": str(offset)}
    if publisher:
        params["refine"] = f'publisher:"{publisher}"'
    answer, capture = await asking.get(
        Request(f"{base}/api/explore/v2.1/catalog/datasets", params=params, accept="application/json")
    )
    data = read_object(answer)
    found = data.get("results")
    if not isinstance(found, list):
        raise not_what_was_asked(answer, data, "list of datasets of the Explore API 2.1")
    entries = [_entry(dataset, base, capture, position) for position, dataset in enumerate(records(found))]
    return Page(entries, len(found), count(data.get("total_count")), as_of(answer.capture))


def _entry(dataset: dict[str, Any], base: str, capture: int, position: int) -> Entry:
    stated_id = text(dataset.get("dataset_id"))
    metas = mapping(dataset.get("metas"))
    default, dcat = mapping(metas.get("default")), mapping(metas.get("dcat"))
    licence = (text(default.get("license")), text(default.get("license_url")))
    id = entry_id(stated_id, dataset)
    return Entry(
        id=id,
        title=phrase(default.get("title")) or id,
        pointer=f"$.results[?@.dataset_id=={quoted(stated_id)}]" if stated_id else f"$.results[{position}]",
        capture=capture,
        formats=_formats(dataset),
        keywords=texts(default.get("keyword")),
        themes=texts(default.get("theme")),
        stated=stated_licence(*licence),
        licence=licence_id(*licence),
        metadata_modified=read_date(default.get("modified")),
        frequency=text(dcat.get("accrualperiodicity")) or text(default.get("update_frequency")),
        url=f"{base}/explore/dataset/{id}/" if stated_id == id and " " not in id else None,
        publisher=text(default.get("publisher")),
        has_contact=any(text(dcat.get(key)) for key in ("contact_email", "contact_name")),
        description_length=length_without_markup(phrase(default.get("description"))),
    )


def _formats(dataset: dict[str, Any]) -> tuple[str | None, ...]:
    served: list[str | None] = []
    if dataset.get("has_records") and dataset.get("data_visible") is not False:
        served += ["CSV", "JSON"]
        if "geo" in texts(dataset.get("features")):
            served += ["GEOJSON", "SHP"]
    for file in records(dataset.get("attachments")) + records(dataset.get("alternative_exports")):
        name = text(file.get("title")) or text(file.get("url"))
        served.append(format_name(None, text(file.get("mimetype")), text(file.get("url")) or name))
    return tuple(served)
