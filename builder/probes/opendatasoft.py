"""Reads an open data portal that runs Opendatasoft, by its Explore API: every dataset with its licence and dates.

## What it asks

`<portal>/api/explore/v2.1/catalog/datasets?limit=100&offset=...`, page after page. The address of one call is cut back
to the portal's base; any prefix before `/api/` is kept. A source's `filter` is the name of one publisher
(`refine=publisher:"<filter>"`). The interface answers at most 10,000 datasets this way: a larger catalogue is read in
the order of `modified` (`order_by=modified`), each further 10,000 from the last date on
(`where=modified >= date'...'`).

A portal without version 2.1 is asked by version 1, `<portal>/api/datasets/1.0/search/?rows=100&start=...`, up to the
10,000 that it gives.

Where neither is there and the address is that of a file (`.../catalogue.json`) or of one call, that one answer is read
alone: a catalogue of version 2.1, 2.0 or 1, or one dataset of it (so never the whole).

Then at most 30 datasets' exports as CSV (`.../catalog/datasets/<id>/exports/csv`), drawn by lot, each for its first
bytes only.

## What it measures

A dataset is an entry of the catalogue. Opendatasoft serves every dataset that has records in the same set of formats
and lists none of them, so its distributions are counted as its own DCAT export counts them: CSV and JSON, for datasets
with a geographic feature also GeoJSON and Shapefile, then each attachment and each alternative export.

- `dataset_count` (datasets): as listed; `announced_count`: `total_count` (version 1: `nhits`) of the first page.
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
- `contact_share` (0 to 1): datasets that name a contact (`metas.dcat`). `described_share` (0 to 1): those that have a
  title, a description of 80 characters or more, a publisher and such a contact. Absent where none names a contact,
  the second also where none names a publisher.
- `cadence_sample_size` (datasets), `in_cadence_share` (0 to 1): those that say how often they change
  (`accrualperiodicity` or `update_frequency`; once a day or rarer) and when they last did, and which share of them
  changed within twice that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the exports drawn that told something, and which share of them
  works. Absent where none told anything.

In version 1 the same fields stand directly in `metas`. Metadata Quality Assessment points need distributions as
stated, which this interface does not list, so there are none.

The reading is complete when as many different datasets were read as announced.

## What each reason means here

`ok`: datasets were read. `empty`: a working portal without any dataset. `not-found`: no Explore API at this address.
`api-error`: it answered with an error message. `not-the-declared-format`: a web page, or JSON of another interface,
such as the records of one table (`nhits`, `records`), which are no catalogue. `malformed`: broken JSON, or datasets
announced and none listed.

## A worked example

`{"total_count": 1, "results": [{"dataset_id": "trees", "has_records": true, "features": ["geo"], "metas": {"default":
{"title": "Trees", "license": "CC BY 4.0", "modified": "2026-11-01T09:00:00+00:00"}}}]}` gives `dataset_count` 1,
`distribution_count` 4, `open_license_share` 1.0 and `modified_latest` 2026-11-01T09:00:00Z, found under
`$.results[?@.dataset_id=='trees'].metas.default.modified`.

## The standard

[Opendatasoft Explore API](https://help.opendatasoft.com/apis/ods-explore-v2/) 2.1 and [Search API
1.0](https://help.opendatasoft.com/apis/ods-search-v1/); the measures follow DCAT 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import api_base
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._dates import read_date
from builder.probes._dcat import Entry, Places, as_of, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._given import how_much_given, names_call, read_given
from builder.probes._json import count, mapping, not_what_was_asked, phrase, read_object, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, Pages, how_much, read_pages
from builder.probes._text import on_one_line

VERSION = 1
DEADLINE_SECONDS = 900

_CALLS = ("/api/explore", "/api/v2/", "/api/records/", "/api/datasets/")
_CATALOGUE, _CATALOGUE_V1 = "/api/explore/v2.1/catalog/datasets", "/api/datasets/1.0/search/"
_LIMIT = 100
_MOST_AT_ONCE = 10_000
_NOT_HERE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR, Reason.NOT_THE_DECLARED_FORMAT})


def _places(datasets: str, metas: str, announced: str) -> Places:
    return Places(
        datasets=datasets,
        distributions=f"{datasets}['has_records','features','attachments','alternative_exports']",
        licence=f"{datasets}.{metas}.license",
        publisher=f"{datasets}.{metas}.publisher",
        data_modified=f"{datasets}.{metas}.modified",
        metadata_modified=f"{datasets}.{metas}.modified",
        announced=announced,
    )


_PLACES = _places("$.results[*]", "metas.default", "$.total_count")
_PLACES_V1 = _places("$.datasets[*]", "metas", "$.nhits")


async def read(target: Target, web: Web) -> Reading:
    """Read every dataset the portal lists (of one publisher, when the target has a filter)."""
    base = api_base(target.url, _CALLS)
    asking = Asking(web)
    places = _PLACES
    in_words: Callable[[Pages], str] = how_much
    try:
        pages = await _read_v2(asking, base, target.filter)
    except Unreadable as fault:
        if fault.reason not in _NOT_HERE | {Reason.NOT_CAPTURED}:
            raise
        try:
            pages, places = await _read_v1(asking, base, target.filter), _PLACES_V1
        except Unreadable:

            def given(answer: Answer, capture: int) -> Page:
                nonlocal places
                # Where a file lies says nothing of where its portal is.
                portal = base if names_call(target.url, _CALLS) else ""
                page, places = _given_page(answer, capture, portal, target.filter)
                return page

            pages, in_words = await read_given(asking, target.url, _CALLS, fault, given), how_much_given
    whose = f"of the publisher {target.filter!r}" if target.filter else ""
    return await finished_reading(
        asking, "opendatasoft", target, pages.entries, places, pages.at,
        complete=pages.complete, scope=f"{in_words(pages)} {whose}".rstrip(), announced=pages.announced,
    )  # fmt: skip


async def _read_v2(asking: Asking, base: str, publisher: str | None) -> Pages:
    """The whole catalogue; what lies beyond the interface's 10,000 is asked for from the last date on."""
    ordered: dict[str, str] = {}
    window, newest = 0, ""
    first = await _page(asking, base, publisher, ordered, 0)
    if (first.announced or 0) > _MOST_AT_ONCE:
        # Where it cannot be had in order, the first 10,000 are still worth having.
        with suppress(Unreadable):
            first = await _page(asking, base, publisher, {"order_by": "modified"}, 0)
            ordered = {"order_by": "modified"}

    async def ask(offset: int) -> Page:
        nonlocal window, newest
        page = first
        if offset:
            if offset - window + _LIMIT > _MOST_AT_ONCE:
                if not (ordered and newest):
                    return Page([], 0, None, first.at)
                window, ordered["where"] = offset, f"modified >= date'{newest}'"
            page = await _page(asking, base, publisher, ordered, offset - window)
        dates = [entry.metadata_modified.instant for entry in page.entries if entry.metadata_modified]
        newest = max(dates).isoformat() if dates else newest
        return page

    return await read_pages(ask)


async def _page(asking: Asking, base: str, publisher: str | None, ordered: dict[str, str], offset: int) -> Page:
    params = {"limit": str(_LIMIT), "offset": str(offset), **ordered}
    if publisher:
        params["refine"] = f'publisher:"{publisher}"'
    answer, capture = await asking.get(Request(base + _CATALOGUE, params=params, accept="application/json"))
    data = read_object(answer)
    found = data.get("results")
    # Other interfaces list results too.
    if not isinstance(found, list) or (found and not any(text(item.get("dataset_id")) for item in records(found))):
        raise not_what_was_asked(answer, data, "list of datasets of the Explore API 2.1")
    entries = [
        _entry(item, mapping(item.get("metas")), base, ("dataset_id", "$.results", capture, position))
        for position, item in enumerate(records(found))
    ]
    return Page(entries, len(found), count(data.get("total_count")), as_of(answer.capture))


async def _read_v1(asking: Asking, base: str, publisher: str | None) -> Pages:
    async def ask(start: int) -> Page:
        params = {"rows": str(_LIMIT), "start": str(start)}
        if publisher:
            params["refine.publisher"] = publisher
        answer, capture = await asking.get(Request(base + _CATALOGUE_V1, params=params, accept="application/json"))
        data = read_object(answer)
        found = data.get("datasets")
        if not isinstance(found, list) or (found and not any(text(item.get("datasetid")) for item in records(found))):
            raise not_what_was_asked(answer, data, "list of datasets of the Search API 1.0")
        entries = [
            _entry(item, _metas_v1(item), base, ("datasetid", "$.datasets", capture, position))
            for position, item in enumerate(records(found))
        ]
        return Page(entries, len(found), count(data.get("nhits")), as_of(answer.capture))

    return await read_pages(ask, ceiling=_MOST_AT_ONCE - _LIMIT)


def _metas_v1(dataset: dict[str, Any]) -> dict[str, Any]:
    extra = mapping(dataset.get("extra_metas")) or mapping(dataset.get("interop_metas"))
    return {"default": mapping(dataset.get("metas")), "dcat": extra.get("dcat")}


def _given_page(answer: Answer, capture: int, base: str, publisher: str | None) -> tuple[Page, Places]:
    """The datasets of whichever call an answer is of, and where they stand in it."""
    data = read_object(answer)
    one = bool(text(data.get("dataset_id")) or text(data.get("datasetid")) or mapping(data.get("dataset")))
    where = "$" if one else "$.results" if isinstance(data.get("results"), list) else "$.datasets"
    found = [data] if one else data.get(where.removeprefix("$."))
    if not isinstance(found, list):
        raise not_what_was_asked(answer, data, "list of datasets")
    announced = None if one else count(data.get("total_count", data.get("nhits")))
    places, entries = _PLACES, []
    for position, item in enumerate(records(found)):
        wrapped = mapping(item.get("dataset"))  # version 2.0 puts each beside its links
        dataset = wrapped or item
        older = "datasetid" in dataset
        key = "datasetid" if older else "dataset_id"
        if not text(dataset.get(key)) or "metas" not in dataset:
            continue
        metas = _metas_v1(dataset) if older else mapping(dataset.get("metas"))
        entry = _entry(dataset, metas, base, (key, where, capture, position))
        here = f"{where}[{position}]" if not one else where
        entries.append(replace(entry, pointer=f"{here}.dataset" if wrapped else here))
        every = (where if one else f"{where}[*]") + (".dataset" if wrapped else "")
        places = _places(every, "metas" if older else "metas.default", "$.nhits" if older else "$.total_count")
    if found and not entries:
        raise not_what_was_asked(answer, data, "list of datasets")
    if publisher:
        entries, announced = [entry for entry in entries if entry.publisher == publisher], None
    return Page(entries, len(found), announced, as_of(answer.capture)), places


def _entry(dataset: dict[str, Any], metas: dict[str, Any], base: str, place: tuple[str, str, int, int]) -> Entry:
    key, where, capture, position = place
    stated_id = text(dataset.get(key))
    default, dcat = mapping(metas.get("default")), mapping(metas.get("dcat"))
    licence = (text(default.get("license")), text(default.get("license_url")))
    id = entry_id(stated_id, dataset)
    plain = stated_id == id and re.fullmatch(r"[\w@.-]+", id) is not None
    return Entry(
        id=id,
        title=phrase(default.get("title")) or id,
        pointer=f"{where}[?@.{key}=={quoted(stated_id)}]" if stated_id else f"{where}[{position}]",
        capture=capture,
        formats=_formats(dataset),
        keywords=texts(default.get("keyword")),
        themes=texts(default.get("theme")),
        stated=stated_licence(*licence),
        licence=licence_id(*licence),
        metadata_modified=read_date(default.get("modified")),
        frequency=text(dcat.get("accrualperiodicity")) or text(default.get("update_frequency")),
        url=f"{base}/explore/dataset/{id}/" if base and stated_id == id and " " not in id else None,
        publisher=text(default.get("publisher")),
        has_contact=any(text(dcat.get(key)) for key in ("contact_email", "contact_name")),
        description=on_one_line(phrase(default.get("description"))),
        served=(_export(base, id, where),) if base and plain and _has_records(dataset) else (),
    )


def _export(base: str, id: str, where: str) -> str:
    if where == "$.results":
        return f"{base}{_CATALOGUE}/{id}/exports/csv"
    return f"{base}/explore/dataset/{id}/download/?format=csv"


def _has_records(dataset: dict[str, Any]) -> bool:
    return bool(dataset.get("has_records")) and dataset.get("data_visible") is not False


def _formats(dataset: dict[str, Any]) -> tuple[str | None, ...]:
    served: list[str | None] = []
    if _has_records(dataset):
        served += ["CSV", "JSON"]
        if "geo" in texts(dataset.get("features")):
            served += ["GEOJSON", "SHP"]
    for file in records(dataset.get("attachments")) + records(dataset.get("alternative_exports")):
        name = text(file.get("title")) or text(file.get("url"))
        served.append(format_name(None, text(file.get("mimetype")), text(file.get("url")) or name))
    return tuple(served)
