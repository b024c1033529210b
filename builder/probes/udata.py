"""Reads a city's part of a national open data portal that runs udata, such as data.gouv.fr: one organisation's data.

## What it asks

`<portal>/api/1/datasets/?organization=<id>&page_size=100&page=...`, page after page; where the portal does not have
that call, `/api/2/datasets/search/` with the same parameters. The organisation is the source's `filter`, an id or the
short name of the organisation's page; else the address says it: that of an organisation's page
(`.../organizations/ville-de-x/`), or of a call with `organization=`. A short name is looked up first, because the
interface filters by id only (`/api/1/organizations/<name>/`). An address of `/api/2/datasets/search/` is asked by that
call, with the rest of its query as it stands. Without an organisation the whole portal is read. Where the
portal has neither call and the address is that of a file (`.../datasets.json`) or of one call, that one answer is read
alone: a page of datasets of either version, or one dataset (so never the whole). Then at most 30 of the
resources' addresses, drawn by lot, each for its first bytes only.

## What it measures

A distribution is a resource of a dataset.

- `dataset_count` (datasets): as listed; `announced_count`: `total` of the first page. The search call of version 2
  announces at most 10,000.
- `distribution_count`, `datasets_without_distribution`: resources in all, by `resources.total` where a page lists only
  their number; datasets without any.
- `license_ids`: how many datasets state each `license`, as stated, udata's own `notspecified` included;
  `datasets_without_license`: datasets that state none.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open.
- `machine_readable_share` (0 to 1): datasets with at least one resource in a format that programs read; absent where a
  page lists only the number of resources.
- `modified_latest` (ISO 8601, UTC): the newest `last_modified` of any resource, `modified_basis` then being `data`;
  where no resource is listed with one, the newest `last_modified` of a dataset, and `metadata`.
- `modified_within_year_share` (0 to 1): datasets changed in the 365 days before the portal was read, by the same dates.
- `publisher_count`: different organisations.
- `contact_share` (0 to 1): datasets that name a contact point. `described_share` (0 to 1): those that have a title, a
  description of 80 characters or more, a publisher and such a contact. Absent where none names a contact, the second
  also where none names a publisher.
- `cadence_sample_size` (datasets), `in_cadence_share` (0 to 1): those that say how often they change (`frequency`;
  once a day or rarer) and when they last did, and which share of them changed within twice that span before it was
  read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the links drawn that told something, and which share of them
  works. Absent where none told anything.
- `mqa_points` (of 405): data.europa.eu's Metadata Quality Assessment, as udata's own export maps its fields: a
  resource's `url` is the downloadURL, its `latest` the accessURL. Absent where the links told nothing, or the reading
  is not complete.

The reading is complete when as many different datasets were read as announced; if a later page fails, what came before
is kept and the scope says so.

## What each reason means here

`ok`: datasets were read. `empty`: the organisation, or the portal, lists none. `not-found`: no udata interface at this
address, or no such organisation. `api-error`: an error message instead of datasets. `not-the-declared-format`: a web
page, or JSON without a list of datasets. `malformed`: broken JSON, or datasets announced and none listed.

## A worked example

`{"data": [{"id": "5c34", "title": "Trees", "license": "lov2", "resources": [{"format": "csv", "last_modified":
"2026-11-01T08:00:00+00:00", "url": "https://a.example/trees.csv"}]}], "total": 1}` gives `dataset_count` 1,
`announced_count` 1, `license_ids` `{"lov2": 1}`, `open_license_share` 1.0 and `modified_latest` 2026-11-01T08:00:00Z.

## The standard

[The interface of udata](https://guides.data.gouv.fr/guide-data.gouv.fr/readme-1/reference/datasets), versions 1 and 2.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import api_base, split
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import Distribution, Entry, Places, as_of, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._given import how_much_given, read_given
from builder.probes._json import count, mapping, not_what_was_asked, phrase, read_object, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, Pages, how_much, read_pages
from builder.probes._text import on_one_line

VERSION = 1
DEADLINE_SECONDS = 900

_CALLS = ("/api/1", "/api/2")
_DATASETS, _SEARCH = "/api/1/datasets/", "/api/2/datasets/search/"
_PAGE = re.compile(r"(?:/[a-z]{2})?(?:/api/[12])?/organizations/([^/?#]+)")
_LANGUAGE = re.compile(r"/[a-z]{2}/?")
_ID = re.compile(r"[0-9a-f]{24}")
# More resources than this in one dataset are a mistake, or an attempt to fill a memory.
_MOST_COUNTED = 10_000
_NOT_HERE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.NOT_THE_DECLARED_FORMAT})


def _places(datasets: str) -> Places:
    return Places(
        datasets=datasets,
        distributions=f"{datasets}.resources",
        licence=f"{datasets}.license",
        publisher=f"{datasets}.organization.id",
        data_modified=f"{datasets}.resources[*].last_modified",
        metadata_modified=f"{datasets}.last_modified",
        announced="$.total",
    )


_PLACES = _places("$.data[*]")


async def read(target: Target, web: Web) -> Reading:
    """Read every dataset of one organisation, or of the portal where no organisation is named."""
    asking = Asking(web)
    base, stated, query = _asked_for(target.url)
    organisation = target.filter or stated
    params = dict(query)
    lookup: Unreadable | None = None
    if organisation:
        params["organization"], lookup = await _organisation_id(asking, base, organisation)
    calls = (_SEARCH,) if _SEARCH.rstrip("/") in target.url else (_DATASETS, _SEARCH)
    in_words: Callable[[Pages], str] = how_much
    places = _PLACES
    try:
        pages = await _read_first_of(asking, base, calls, params)
    except Unreadable as fault:

        def given(answer: Answer, capture: int) -> Page:
            nonlocal places
            page, places = _given_page(answer, capture, organisation)
            return page

        pages, in_words = await read_given(asking, target.url, _CALLS, lookup or fault, given), how_much_given
    whose = f" of the organisation {organisation!r}" if organisation else ""
    reading = await finished_reading(
        asking, "udata", target, pages.entries, places, pages.at,
        complete=pages.complete, scope=in_words(pages) + whose, announced=pages.announced,
    )  # fmt: skip
    if any(entry.distributions is None for entry in pages.entries):
        # Only their number is listed, so nobody can tell what they are.
        known = {name: fact for name, fact in reading.measurements.items() if name != "machine_readable_share"}
        reading = replace(reading, measurements=known)
    return reading


def _asked_for(url: str) -> tuple[str, str | None, dict[str, str]]:
    """The portal's base, the organisation that an address names, and the rest of a search call's query."""
    parts = split(url)
    query = dict(parse_qsl(parts.query))
    organisation = query.pop("organization", None)
    if page := _PAGE.search(parts.path):
        prefix = parts.path[: page.start()]
        return f"{parts.scheme}://{parts.netloc}{prefix}", unquote(page[1]), {}
    base = api_base(url, _CALLS)
    if "/api/" not in parts.path and _LANGUAGE.fullmatch(parts.path):
        base = f"{parts.scheme}://{parts.netloc}"
    kept = query if _SEARCH.rstrip("/") in parts.path else {}
    return base, organisation, {name: value for name, value in kept.items() if name not in ("page", "page_size")}


async def _organisation_id(asking: Asking, base: str, organisation: str) -> tuple[str, Unreadable | None]:
    """The organisation's id; where it could not be looked up the name itself, and why."""
    if _ID.fullmatch(organisation):
        return organisation, None
    try:
        answer, _ = await asking.get(
            Request(f"{base}/api/1/organizations/{quote(organisation, safe='')}/", accept="application/json")
        )
        id = text(read_object(answer).get("id"))
    except Unreadable as fault:
        return organisation, fault
    return (id, None) if id else (organisation, None)


async def _read_first_of(asking: Asking, base: str, calls: tuple[str, ...], params: dict[str, str]) -> Pages:
    """The datasets by the first of these calls that the portal has; else the first one's fault."""
    first: Unreadable | None = None
    for call in calls:
        numbers = itertools.count(1)  # the server may give less than a page was asked to hold, but counts its own

        async def ask(offset: int, call: str = call, numbers: Iterator[int] = numbers) -> Page:
            return await _page(asking, base + call, params, next(numbers))

        try:
            return await read_pages(ask)
        except Unreadable as fault:
            first = first or fault
            if fault.reason not in _NOT_HERE:
                break
    assert first is not None  # there is at least one call
    raise first


async def _page(asking: Asking, call: str, params: dict[str, str], number: int) -> Page:
    asked = {**params, "page_size": "100", "page": str(number)}
    answer, capture = await asking.get(Request(call, params=asked, accept="application/json"))
    data = read_object(answer)
    found = data.get("data")
    if not isinstance(found, list) or (found and not any("resources" in item for item in records(found))):
        raise not_what_was_asked(answer, data, "list of udata datasets")
    entries = [_entry(dataset, capture, position) for position, dataset in enumerate(records(found))]
    return Page(entries, len(found), count(data.get("total")), as_of(answer.capture))


def _given_page(answer: Answer, capture: int, organisation: str | None) -> tuple[Page, Places]:
    """The datasets of a page, or the one dataset, that an answer is; those of other organisations left out."""
    data = read_object(answer)
    one = "data" not in data and text(data.get("id")) is not None
    found = [data] if one else data.get("data")
    if not isinstance(found, list):
        raise not_what_was_asked(answer, data, "list of udata datasets")
    datasets = [item for item in records(found) if "resources" in item]
    if found and not datasets:
        raise not_what_was_asked(answer, data, "list of udata datasets")
    entries = [_entry(dataset, capture, position) for position, dataset in enumerate(datasets)]
    if one:
        entries = [replace(entry, pointer="$") for entry in entries]
    if organisation:
        theirs = [mapping(dataset.get("organization")) for dataset in datasets]
        entries = [
            entry for entry, it in zip(entries, theirs, strict=True) if organisation in (it.get("id"), it.get("slug"))
        ]
    announced = None if organisation else count(data.get("total"))
    if data.get("next_page") and announced is not None and announced <= len(found):
        announced = None  # it contradicts itself: whoever names a next page has more than this
    return Page(entries, len(found), announced, as_of(answer.capture)), _places("$" if one else "$.data[*]")


def _entry(dataset: dict[str, Any], capture: int, position: int) -> Entry:
    stated_id = text(dataset.get("id"))
    listed = dataset.get("resources")
    resources = records(listed) if isinstance(listed, list) else None
    organisation = mapping(dataset.get("organization"))
    licence = text(dataset.get("license")) or text(mapping(dataset.get("license")).get("id"))
    coverage, spatial = mapping(dataset.get("temporal_coverage")), mapping(dataset.get("spatial"))
    number = min(count(mapping(listed).get("total")) or 0, _MOST_COUNTED)
    return Entry(
        id=entry_id(stated_id, dataset),
        title=phrase(dataset.get("title")) or text(dataset.get("slug")) or "",
        pointer=f"$.data[?@.id=={quoted(stated_id)}]" if stated_id else f"$.data[{position}]",
        capture=capture,
        formats=(None,) * number if resources is None else tuple(_format(item) for item in resources),
        keywords=texts(dataset.get("tags")),
        stated=stated_licence(licence),
        licence=licence_id(licence),
        data_modified=_newest(resources or []),
        metadata_modified=read_date(dataset.get("last_modified")) or read_date(dataset.get("last_update")),
        frequency=text(dataset.get("frequency")) or text(mapping(dataset.get("frequency")).get("id")),
        url=text(dataset.get("page")),
        publisher=text(organisation.get("id")) or text(organisation.get("name")),
        has_contact=bool(records(dataset.get("contact_points"))),
        description=on_one_line(phrase(dataset.get("description"))),
        distributions=None if resources is None else tuple(_distribution(item, licence) for item in resources),
        access_rights=text(dataset.get("access_type")),
        has_spatial=bool(spatial.get("zones") or spatial.get("geom")),
        has_temporal=bool(coverage.get("start") or coverage.get("end")),
        has_issued=read_date(dataset.get("created_at")) is not None,
    )


def _format(resource: dict[str, Any]) -> str | None:
    return format_name(text(resource.get("format")), text(resource.get("mime")), text(resource.get("url")))


def _newest(resources: list[dict[str, Any]]) -> Moment | None:
    moments = (moment for resource in resources if (moment := read_date(resource.get("last_modified"))))
    return max(moments, key=lambda moment: moment.instant, default=None)


def _distribution(resource: dict[str, Any], licence: str | None) -> Distribution:
    return Distribution(
        access=text(resource.get("latest")),
        download=text(resource.get("url")),
        format=text(resource.get("format")),
        media_type=text(resource.get("mime")),
        has_licence=licence is not None,
        has_size=count(resource.get("filesize")) is not None,
    )
