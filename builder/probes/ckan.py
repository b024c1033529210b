"""Reads an open data portal that runs CKAN or DKAN: every dataset with its resources, licence and dates.

## What it asks

`<portal>/api/3/action/package_search?q=*:*&rows=1000&start=...`, page after page: portals give fewer rows than asked
for, so the next page starts after what came back. The address of one call, such as
`.../api/3/action/package_show?id=...`, is cut back to the portal's base; any prefix before `/api/3` is kept. A source's
`filter` is the name of one organisation (`fq=organization:<filter>`): for a city that publishes on a shared portal.

Where none of this is there and the address is that of a file (`.../packages.json`) or of one call, that one answer is
read alone: the body of `package_search`, `current_package_list_with_resources` or `package_show` (one package, so never
the whole catalogue).

DKAN speaks a part of the same language. Where a portal has no `package_search`, the same is asked at `/api/action/`,
then `/api/3/action/current_package_list_with_resources?limit=...&offset=...` (DKAN 1), then the portal's `data.json`
(DKAN 2). Each is asked only where the one before it is not there.

Then at most 30 of the resources' addresses, drawn by lot, each for its first bytes only.

## What it measures

A dataset is a CKAN package, a distribution one of its resources. Where `data.json` was read, it is as on the page of
`dcat_us`.

- `dataset_count` (datasets): packages as listed; `announced_count`: `result.count` of the first page.
- `distribution_count`, `datasets_without_distribution`: resources in all; packages without any.
- `license_ids`: how many packages state each `license_id` (else `license_url`, else `license_title`), as stated,
  CKAN's own `notspecified` included; `datasets_without_license`: packages that state none of the three.
- `open_license_share` (0 to 1): packages whose licence is recognised as open, CKAN's `other-open` and `other-pd`
  included, which name no licence text but declare one.
- `machine_readable_share` (0 to 1): packages with at least one resource in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `last_modified` of any resource, `modified_basis` then being `data`;
  where no resource states one, the newest `metadata_modified`, and `metadata`. Days that DKAN 1 writes in a country's
  own order are not read.
- `modified_within_year_share` (0 to 1): packages changed in the 365 days before the portal was read, by the same
  dates.
- `publisher_count`: different organisations.
- `contact_share` (0 to 1): packages that name a maintainer, author or contact point. `described_share` (0 to 1):
  those that have a title, a description of 80 characters or more, a publisher and such a contact. Absent where none
  names a contact, the second also where none names a publisher.
- `cadence_sample_size` (packages), `in_cadence_share` (0 to 1): those that say how often they change (`frequency`,
  `accrual_periodicity` or the like; once a day or rarer) and when they last did, and which share of them changed
  within twice that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the links drawn that told something, and which share of them
  works. Absent where none told anything.
- `mqa_points` (of 405): data.europa.eu's Metadata Quality Assessment, CKAN's fields standing for DCAT-AP's as in its
  own export: a resource's `url` is the accessURL, its `download_url` the downloadURL, groups are themes. Absent where
  the links told nothing, or the reading is not complete.

The reading is complete when as many different packages were read as the portal announces; if a later page fails,
what came before is kept and the scope says so. DKAN announces none: there it is complete when the end was reached.

## What each reason means here

`ok`: packages were read. `empty`: a working portal without any package. `not-found`: no such interface at this address.
`api-error`: CKAN answered `"success": false`. `not-the-declared-format`: a web page, or JSON without a list of
packages, such as the rows of one table (`datastore_search`). `malformed`: broken JSON, or a portal that announces
packages and lists none. `too-large`: an answer whose values would fill our memory even object by object, or of more
than 40,000 packages, though a hundred were asked for.

## A worked example

`{"success": true, "result": {"count": 1, "results": [{"id": "1", "name": "trees", "title": "Trees", "license_id":
"cc-by", "resources": [{"format": "CSV", "last_modified": "2026-11-01T00:00:00"}]}]}}` gives `dataset_count` 1,
`license_ids` `{"cc-by": 1}`, `open_license_share` 1.0 and `modified_latest` 2026-11-01T00:00:00Z, found under
`$.result.results[?@.id=='1'].resources[*].last_modified`.

## The standard

[CKAN Action API](https://docs.ckan.org/en/latest/api/), version 3; [DKAN's part of
it](https://dkan.readthedocs.io/en/latest/apis/ckan-dataset.html); the measures follow DCAT 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes import _data_json
from builder.probes._address import api_base
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._data_json import read_data_json
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import Distribution, Entry, Places, as_of, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._given import how_much_given, names_call, read_given
from builder.probes._json import count, listing, mapping, not_what_was_asked, phrase, read_object, records, text
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, Pages, how_much, read_pages
from builder.probes._text import on_one_line

VERSION = 1
DEADLINE_SECONDS = 900

_CALLS = ("/api/3", "/api/action", "/api/2/", "/api/1/", "/data.json")
# What we keep of each takes two kilobytes or more, and no city's own portal has as many in all.
MOST_PACKAGES = 40_000
_ROWS, _FEWER_ROWS = 1000, 100
# What a thousand packages at once can be too much for; a hundred may still come.
_TOO_MUCH = frozenset({Reason.TOO_LARGE, Reason.TIMEOUT, Reason.SERVER_ERROR})
# After these the portal may still have another dialect; after all others it told us something about itself.
_NOT_HERE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR, Reason.NOT_THE_DECLARED_FORMAT})
_FREQUENCY_KEYS = ("accrual_periodicity", "accrualPeriodicity", "frequency", "update_frequency", "frequency-of-update")
_CONTACT_KEYS = ("maintainer_email", "author_email", "contact_email", "contact_uri", "contact_point", "contact_name")
_SPATIAL_KEYS = ("spatial", "spatial_uri", "spatial_text", "spatial_coverage")
_TEMPORAL_KEYS = ("temporal_start", "temporal_end", "temporal", "temporal_coverage")


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One way to ask for a page of packages: the call, its two parameters and where the packages stand."""

    call: str
    rows: str
    start: str
    datasets: str

    @property
    def places(self) -> Places:
        return _places(f"{self.datasets}[*]")


def _places(packages: str) -> Places:
    return Places(
        datasets=packages,
        distributions=f"{packages}.resources[*]",
        licence=f"{packages}.license_id",
        publisher=f"{packages}.organization.name",
        data_modified=f"{packages}.resources[*].last_modified",
        metadata_modified=f"{packages}.metadata_modified",
        announced="$.result.count",
    )


_DIALECTS = (
    _Dialect("/api/3/action/package_search", "rows", "start", "$.result.results"),
    _Dialect("/api/action/package_search", "rows", "start", "$.result.results"),
    _Dialect("/api/3/action/current_package_list_with_resources", "limit", "offset", "$.result"),
)


async def read(target: Target, web: Web) -> Reading:
    """Read every package the portal lists (of one organisation, when the target has a filter)."""
    base = api_base(target.url, _CALLS)
    asking = Asking(web)
    first: Unreadable | None = None
    for dialect in _DIALECTS:
        try:
            pages = await _pages(asking, base, dialect, target.filter)
        except Unreadable as fault:
            first = first or fault
            if fault.reason not in _NOT_HERE:
                break
            continue
        whose = f"of the organisation {target.filter!r}" if target.filter else ""
        return await finished_reading(
            asking, "ckan", target, pages.entries, dialect.places, pages.at,
            complete=pages.complete, scope=f"{how_much(pages)} {whose}".rstrip(), announced=pages.announced,
        )  # fmt: skip
    assert first is not None  # there is at least one dialect
    if first.reason in _NOT_HERE and (reading := await _from_data_json(asking, base, target)):
        return reading
    where = ""

    def given(answer: Answer, capture: int) -> Page:
        nonlocal where
        # Where a file lies says nothing of where its portal is.
        portal = base if names_call(target.url, _CALLS) else ""
        page, where = _given_page(answer, capture, portal, target.filter)
        return page

    pages = await read_given(asking, target.url, _CALLS, first, given)
    return await finished_reading(
        asking, "ckan", target, pages.entries, _places(where), pages.at,
        complete=pages.complete, scope=how_much_given(pages), announced=pages.announced,
    )  # fmt: skip


async def _from_data_json(asking: Asking, base: str, target: Target) -> Reading | None:
    """The reading of the portal's `data.json`, as DKAN 2 offers it; None where there is none."""
    try:
        answer, capture = await asking.get(Request(f"{base}/data.json", accept="application/json"))
        file = read_data_json(answer, capture, target.filter)
    except Unreadable:
        return None
    return await finished_reading(
        asking, "ckan", target, file.entries, _data_json.PLACES, file.at,
        complete=file.whole, scope=f"{file.scope(target.filter)} data.json", more=file.conforms,
    )  # fmt: skip


async def _pages(asking: Asking, base: str, dialect: _Dialect, organisation: str | None) -> Pages:
    rows = _ROWS

    async def ask(start: int) -> Page:
        return await _page(asking, base, dialect, organisation, rows, start)

    try:
        return await read_pages(ask)
    except Unreadable as fault:
        if fault.reason not in _TOO_MUCH:
            raise
        rows = _FEWER_ROWS
        return await read_pages(ask)


async def _page(asking: Asking, base: str, dialect: _Dialect, organisation: str | None, rows: int, start: int) -> Page:
    params = {dialect.rows: str(rows), dialect.start: str(start)}
    searches = dialect.call.endswith("package_search")
    if searches:
        params["q"] = "*:*"
        if organisation:
            plain = re.fullmatch(r"[\w-]+", organisation, re.ASCII)
            params["fq"] = f"organization:{organisation}" if plain else f"organization:{_solr_phrase(organisation)}"
    answer, capture = await asking.get(Request(base + dialect.call, params=params, accept="application/json"))
    data = _answered(answer)
    result = data.get("result")
    found = mapping(result).get("results") if searches else result
    where = dialect.datasets
    if not searches and isinstance(found, list) and len(found) == 1 and isinstance(found[0], list):
        found, where = found[0], f"{where}[0]"  # DKAN wraps the list in another
    if not isinstance(found, list):
        raise not_what_was_asked(answer, data, "list of CKAN packages")
    _refuse_too_many(found, answer)
    entries = [_entry(package, base, where, capture, position) for position, package in enumerate(records(found))]
    if organisation and not searches:
        entries = [entry for entry in entries if entry.publisher == organisation]
    announced = count(mapping(result).get("count")) if searches else None
    return Page(entries, len(found), announced, as_of(answer.capture))


def _refuse_too_many(found: list[Any], answer: Answer) -> None:
    if len(found) > MOST_PACKAGES:
        words = f"One answer holds {len(found):,} packages; we read {MOST_PACKAGES:,} at once."
        raise Unreadable(Reason.TOO_LARGE, words, answer.capture)


def _answered(answer: Answer) -> dict[str, Any]:
    data = read_object(answer)
    if data.get("success") is False:
        raise not_what_was_asked(answer, {"error": data.get("error") or "success: false"}, "")
    return data


def _given_page(answer: Answer, capture: int, base: str, organisation: str | None) -> tuple[Page, str]:
    """The packages of whichever call an answer is of, and the JSONPath to all of them."""
    data = _answered(answer)
    result = data.get("result")
    announced = None
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        found, where, announced = result["results"], "$.result.results", count(result.get("count"))
    elif isinstance(result, dict):
        found, where = [result], "$.result"
    elif isinstance(result, list) and len(result) == 1 and isinstance(result[0], list):
        found, where = result[0], "$.result[0]"
    else:
        found, where = listing(result), "$.result"
    _refuse_too_many(found, answer)
    # One at a time: of a large file not all of them could be held.
    packages = (item for item in records(found) if isinstance(item.get("resources"), list) or "license_id" in item)
    entries = [_entry(package, base, where, capture, position) for position, package in enumerate(packages)]
    if (found or announced is None) and not entries:
        raise not_what_was_asked(answer, data, "list of CKAN packages")
    if organisation:
        entries, announced = [entry for entry in entries if entry.publisher == organisation], None
    if isinstance(result, dict) and where == "$.result":
        entries = [replace(entry, pointer=where) for entry in entries]
    else:
        where += "[*]"
    return Page(entries, len(found), announced, as_of(answer.capture)), where


def _entry(package: dict[str, Any], base: str, where: str, capture: int, position: int) -> Entry:
    stated_id = text(package.get("id")) or text(package.get("name"))
    key = "id" if text(package.get("id")) else "name"
    extras = _extras(package)
    resources = records(package.get("resources"))
    organisation = mapping(package.get("organization"))
    licence = (text(package.get("license_id")), text(package.get("license_url")), text(package.get("license_title")))
    name = text(package.get("name")) or stated_id

    def either(keys: Iterable[str]) -> str | None:
        return next((said for key in keys if (said := text(package.get(key)) or extras.get(key))), None)

    return Entry(
        id=entry_id(stated_id, package),
        title=phrase(package.get("title")) or name or "",
        pointer=f"{where}[?@.{key}=={quoted(stated_id)}]" if stated_id else f"{where}[{position}]",
        capture=capture,
        formats=tuple(_format(resource) for resource in resources),
        keywords=_named(package.get("tags")),
        themes=_named(package.get("groups")),
        stated=stated_licence(*licence),
        licence=licence_id(*licence),
        data_modified=_newest(item.get("last_modified") for item in resources),
        metadata_modified=read_date(package.get("metadata_modified")),
        frequency=either(_FREQUENCY_KEYS),
        url=f"{base}/dataset/{name}" if base and name and re.fullmatch(r"[\w-]+", name, re.ASCII) else None,
        publisher=text(organisation.get("name")) or text(organisation.get("id")) or text(organisation.get("title")),
        has_contact=any(package.get(key) or extras.get(key) for key in _CONTACT_KEYS),
        description=on_one_line(phrase(package.get("notes"))),
        distributions=tuple(_distribution(resource, any(licence)) for resource in resources),
        access_rights=either(("access_rights",)),
        has_spatial=any(package.get(key) or extras.get(key) for key in _SPATIAL_KEYS),
        has_temporal=any(package.get(key) or extras.get(key) for key in _TEMPORAL_KEYS),
        has_issued=any(read_date(said) for said in (either(("issued",)), package.get("metadata_created"))),
    )


def _format(resource: dict[str, Any]) -> str | None:
    return format_name(text(resource.get("format")), text(resource.get("mimetype")), text(resource.get("url")))


def _distribution(resource: dict[str, Any], licensed: bool) -> Distribution:
    """As CKAN's own export to DCAT maps it: an address that is only repeated as download is no access address."""
    url, download = text(resource.get("url")), text(resource.get("download_url"))
    return Distribution(
        access=None if url == download else url,
        download=download,
        format=text(resource.get("format")),
        media_type=text(resource.get("mimetype")),
        has_licence=licensed or any(text(resource.get(key)) for key in ("license", "license_id", "license_url")),
        has_rights=bool(resource.get("rights")),
        has_size=count(resource.get("size")) is not None,
    )


def _extras(package: dict[str, Any]) -> dict[str, str]:
    """CKAN's free fields: a list of key and value, or an object in some extensions."""
    extras = package.get("extras")
    pairs = extras.items() if isinstance(extras, dict) else ((x.get("key"), x.get("value")) for x in records(extras))
    return {key: words for key, value in pairs if isinstance(key, str) and (words := text(value))}


def _named(items: object) -> tuple[str, ...]:
    """Tags and groups: objects with a display name, or plain words."""
    names = (
        phrase(item.get("display_name")) or phrase(item.get("title")) or text(item.get("name"))
        if isinstance(item, dict) else text(item)
        for item in listing(items)
    )  # fmt: skip
    return tuple(name for name in names if name)


def _newest(values: Iterable[object]) -> Moment | None:
    moments = [moment for value in values if (moment := read_date(value))]
    return max(moments, key=lambda moment: moment.instant, default=None)


def _solr_phrase(words: str) -> str:
    """Words as one phrase of the search language, so that none of them can mean anything else in it."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
