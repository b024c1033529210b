"""Reads an open data portal that runs CKAN, by its Action API: every dataset with its resources, licence and dates.

## What it asks

`<portal>/api/3/action/package_search?q=*:*&rows=1000&start=...`, page after page: portals give fewer rows than asked
for, so the next page starts after what came back. The address of one call, such as
`.../api/3/action/package_show?id=...`, is cut back to the portal's base; any prefix before `/api/3` is kept. A
source's `filter` is the name of one organisation (`fq=organization:<filter>`): for a city that publishes on a shared
portal. DKAN is read where it answers in the same form.

## What it measures

A dataset is a CKAN package, a distribution one of its resources.

- `dataset_count`: packages as listed; `announced_count`: `result.count` of the first page.
- `distribution_count`, `datasets_without_distribution`: resources in all; packages without any.
- `license_ids`: how many packages state each `license_id` (else `license_url`, else `license_title`), as stated,
  CKAN's own `notspecified` included; `datasets_without_license`: packages that state none of the three.
- `open_license_share` (0 to 1): packages whose licence is recognised as open, CKAN's `other-open` and `other-pd`
  included, which name no licence text but declare one.
- `machine_readable_share` (0 to 1): packages with at least one resource in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `last_modified` of any resource, `modified_basis` then being `data`;
  where no resource states one, the newest `metadata_modified`, and `metadata`.
- `modified_within_year_share` (0 to 1): packages changed in the 365 days before the portal was read, by the same
  dates.
- `publisher_count`: different organisations.

The reading is complete when as many different packages were read as the portal announces; if a later page fails,
what came before is kept and the scope says so.

## What each reason means here

- `not-found`: no Action API at this address.
- `api-error`: CKAN answered `"success": false`.
- `not-the-declared-format`: a web page, or JSON without a list of packages.
- `malformed`: broken JSON, or a portal that announces packages and lists none.
- `empty`: a working portal without any package.

## A worked example

A portal that answers `{"success": true, "result": {"count": 2, "results": [{"name": "trees", "license_id": "cc-by",
"resources": [{"format": "CSV", "last_modified": "2026-11-01T08:00:00"}]}, {"name": "budget", "resources": []}]}}`
gives `announced_count` 2, `dataset_count` 2, `distribution_count` 1, `datasets_without_distribution` 1, `license_ids`
`{"cc-by": 1}`, `datasets_without_license` 1, `open_license_share` 0.5, `machine_readable_share` 0.5 and
`modified_latest` 2026-11-01T08:00:00Z with `modified_basis` `data`.

## The standard

CKAN Action API, version 3 (docs.ckan.org/en/latest/api); the measures follow DCAT 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import api_base
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import Entry, Places, as_of, catalogue_reading, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._json import count, listing, mapping, not_what_was_asked, phrase, read_object, records, text
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, how_much, read_pages
from builder.probes._text import length_without_markup

VERSION = 1
DEADLINE_SECONDS = 900

_CALLS = ("/api/3", "/api/action", "/api/2/", "/api/1/")
_ROWS, _FEWER_ROWS = 1000, 100
# What a thousand packages at once can be too much for; a hundred may still come.
_TOO_MUCH = frozenset({Reason.TOO_LARGE, Reason.TIMEOUT, Reason.SERVER_ERROR})
_FREQUENCY_KEYS = ("accrual_periodicity", "accrualPeriodicity", "frequency", "update_frequency", "frequency-of-update")
_CONTACT_KEYS = ("maintainer_email", "author_email", "contact_email", "contact_uri", "contact_point", "contact_name")
_PLACES = Places(
    datasets="$.result.results[*]",
    distributions="$.result.results[*].resources[*]",
    licence="$.result.results[*].license_id",
    publisher="$.result.results[*].organization.name",
    data_modified="$.result.results[*].resources[*].last_modified",
    metadata_modified="$.result.results[*].metadata_modified",
    announced="$.result.count",
)


async def read(target: Target, web: Web) -> Reading:
    """Read every package the portal lists (of one organisation, when the target has a filter)."""
    base = api_base(target.url, _CALLS)
    asking = Asking(web)
    rows = _ROWS

    async def ask(start: int) -> Page:
        return await _page(asking, base, target.filter, rows, start)

    try:
        pages = await read_pages(ask)
    except Unreadable as fault:
        if fault.reason not in _TOO_MUCH:
            raise
        rows = _FEWER_ROWS
        pages = await read_pages(ask)
    whose = f"of the organisation {target.filter!r}" if target.filter else ""
    return catalogue_reading(
        pages.entries, _PLACES, pages.at, complete=pages.complete, scope=f"{how_much(pages)} {whose}".rstrip(),
        announced=pages.announced,
    )  # fmt: skip


async def _page(asking: Asking, base: str, organisation: str | None, rows: int, start: int) -> Page:
    params = {"q": "*:*", "rows": str(rows), "start": str(start)}
    if organisation:
        plain = re.fullmatch(r"[\w-]+", organisation, re.ASCII)
        params["fq"] = f"organization:{organisation}" if plain else f"organization:{_solr_phrase(organisation)}"
    answer, capture = await asking.get(
        Request(f"{base}/api/3/action/package_search", params=params, accept="application/json")
    )
    data = read_object(answer)
    result = mapping(data.get("result"))
    found = result.get("results")
    if data.get("success") is False:
        raise not_what_was_asked(answer, {"error": data.get("error") or "success: false"}, "")
    if not isinstance(found, list):
        raise not_what_was_asked(answer, data, "list of CKAN packages")
    entries = [_entry(package, base, capture, position) for position, package in enumerate(records(found))]
    return Page(entries, len(found), count(result.get("count")), as_of(answer.capture))


def _entry(package: dict[str, Any], base: str, capture: int, position: int) -> Entry:
    stated_id = text(package.get("id")) or text(package.get("name"))
    key = "id" if text(package.get("id")) else "name"
    extras = _extras(package)
    resources = records(package.get("resources"))
    organisation = mapping(package.get("organization"))
    licence = (text(package.get("license_id")), text(package.get("license_url")), text(package.get("license_title")))
    name = text(package.get("name")) or stated_id
    return Entry(
        id=entry_id(stated_id, package),
        title=phrase(package.get("title")) or name or "",
        pointer=f"$.result.results[?@.{key}=={quoted(stated_id)}]" if stated_id else f"$.result.results[{position}]",
        capture=capture,
        formats=tuple(_format(resource) for resource in resources),
        keywords=_named(package.get("tags")),
        themes=_named(package.get("groups")),
        stated=stated_licence(*licence),
        licence=licence_id(*licence),
        data_modified=_newest(item.get("last_modified") for item in resources),
        metadata_modified=read_date(package.get("metadata_modified")),
        frequency=next((said for key in _FREQUENCY_KEYS if (said := text(package.get(key)) or extras.get(key))), None),
        url=f"{base}/dataset/{name}" if name and re.fullmatch(r"[\w-]+", name, re.ASCII) else None,
        publisher=text(organisation.get("name")) or text(organisation.get("id")) or text(organisation.get("title")),
        has_contact=any(package.get(key) or extras.get(key) for key in _CONTACT_KEYS),
        description_length=length_without_markup(phrase(package.get("notes"))),
    )


def _format(resource: dict[str, Any]) -> str | None:
    return format_name(text(resource.get("format")), text(resource.get("mimetype")), text(resource.get("url")))


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
