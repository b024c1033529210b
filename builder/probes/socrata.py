"""Reads an open data portal that runs Socrata, by its Discovery API: every table, map, file and external link it lists.

## What it asks

`https://api.us.socrata.com/api/catalog/v1?domains=...&only=...&limit=1000&offset=...` with the portal's host, once
per kind of entry, page after page; where the North American directory lists nothing for that portal, the European one
(`api.eu.socrata.com`). An address that already contains `/api/catalog/v1` is asked at its own host and keeps its
`domains`; a bare network address, which no directory can know, is asked itself. Where that ends in nothing and the
address is that of a file (`.../catalogue.json`) or of one call, that one answer of the Discovery API is read alone, and
every entry in it counted, whatever its kind. A source's `filter` is an attribution
(the publishing office, `attribution=<filter>`): for a city that publishes on a shared portal.

## What it measures

Of Socrata's kinds of entry four are datasets in the sense of DCAT, those that stand for data of their own: `dataset`
(tables), `map`, `file` and `href` (data that lies elsewhere). Charts, filtered views, calendars, forms, measures,
stories and visualisations show one of these and are not asked for; nor are entries federated from other portals. The
interface does not list distributions. Counted are those in which Socrata serves such an entry: a table as CSV, JSON,
RDF and XML (as in the portal's own data.json), a map as GeoJSON, KML, KMZ and Shapefile, a file as itself, an
external link as one of unknown format.

- `dataset_count`: entries as listed; `announced_count`: `resultSetSize`, summed over the kinds read.
- `distribution_count`, `datasets_without_distribution`: distributions as above.
- `license_ids`: how many entries state each `metadata.license`, as stated; `datasets_without_license`: entries that
  state none.
- `open_license_share` (0 to 1): entries whose licence is recognised as open.
- `machine_readable_share` (0 to 1): entries with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `resource.data_updated_at`, `modified_basis` then being `data`;
  where no entry states one, the newest `resource.updatedAt`, and `metadata`.
- `modified_within_year_share` (0 to 1): entries changed in the 365 days before the catalogue was read, by the same
  dates.
- `publisher_count`: different values of `resource.attribution`; absent where nobody is named.
- `contact_share` (0 to 1): assets that name a contact e-mail. `described_share` (0 to 1): those that have a title, a
  description of 80 characters or more, a publisher and such a contact. Absent where none names a contact, the second
  also where none names a publisher.
- `cadence_sample_size` (assets), `in_cadence_share` (0 to 1): those that say how often they change (a field of the
  portal's own with "frequency" in its name; once a day or rarer) and when they last did, and which share of them
  changed within twice that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the tables drawn that told something, and which share of them
  can be had. Absent where none told anything.

Metadata Quality Assessment points need distributions as stated, which this interface does not list: there are none.

The reading is complete when every kind was read and as many different entries as announced; otherwise the scope
says which were. An entry that is listed twice is counted as listed, stands in the dataset list once, and the scope
says how many are. Who owns or made an entry is not kept.

## What each reason means here

- `empty`: Socrata's directory lists nothing for this portal; it may have moved to other software.
- `api-error`: the directory answered with an error message.
- `not-the-declared-format`: a web page, or JSON without `results`.
- `malformed`: broken JSON, or entries announced and none listed.
- `not-found`: no Discovery API at this address.

## A worked example

For a portal whose tables are answered with `{"resultSetSize": 1, "results": [{"resource": {"id": "abcd-1234", "type":
"dataset", "name": "Trees", "data_updated_at": "2026-11-01T08:00:00.000Z"}, "metadata": {"license": "Public
Domain"}}]}` and whose other three kinds with `{"resultSetSize": 0, "results": []}`, the reading is `announced_count`
1, `dataset_count` 1, `distribution_count` 4 (CSV, JSON, RDF, XML), `license_ids` `{"Public Domain": 1}`,
`modified_latest` 2026-11-01T08:00:00Z with `modified_basis` `data`. It is complete.

## The standard

Socrata Discovery API 1.0 (dev.socrata.com/docs/other/discovery); the measures follow DCAT 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import api_base, host, is_unnamed_host, split
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._dates import read_date
from builder.probes._dcat import Entry, Places, as_of, entry_id, quoted
from builder.probes._formats import format_name
from builder.probes._given import how_much_given, read_given
from builder.probes._json import count, mapping, not_what_was_asked, phrase, read_object, records, text, texts
from builder.probes._licences import licence_id, stated_licence
from builder.probes._paging import Page, Pages, how_much, read_pages, why
from builder.probes._text import on_one_line

VERSION = 1
DEADLINE_SECONDS = 900

_PATH = "/api/catalog/v1"
_HOSTS = ("https://api.us.socrata.com", "https://api.eu.socrata.com")
# The interface's name of each kind of entry, and ours in the scope.
_TYPES = {"dataset": "tabular datasets", "map": "maps", "file": "files", "href": "external links"}
_TABLE = ("CSV", "JSON", "RDF", "XML")
_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}")
_LIMIT = 1000
_CEILING = 10_000 - _LIMIT
# After these the other continent may still know the portal; after any other fault we know nothing.
_UNKNOWN_HERE = frozenset({Reason.NOT_FOUND, Reason.CLIENT_ERROR, Reason.API_ERROR})
_PLACES = Places(
    datasets="$.results[*]",
    distributions="$.results[*].resource['type','lens_view_type','blob_mime_type']",
    licence="$.results[*].metadata.license",
    publisher="$.results[*].resource.attribution",
    data_modified="$.results[*].resource.data_updated_at",
    metadata_modified="$.results[*].resource.updatedAt",
    announced="$.resultSetSize",
)


@dataclass(slots=True)
class _Found:
    """What one directory lists of a portal: pages by kind of entry, and the kinds that could not be read, with why."""

    pages: dict[str, Pages] = field(default_factory=dict)
    faults: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def entries(self) -> list[Entry]:
        return [entry for pages in self.pages.values() for entry in pages.entries]


async def read(target: Target, web: Web) -> Reading:
    """Read the portal's tables, maps, files and external links (of one attribution, when the target has a filter)."""
    asking = Asking(web)
    found = _Found()
    fault: Unreadable | None = None
    for base, domain in _directories(target.url):
        found = await _read_all(asking, base, domain, target.filter)
        if found.entries:
            break
        fault = fault or next(iter(found.faults.values()), None)
        if fault and fault.reason not in _UNKNOWN_HERE:
            break
    if fault and not found.entries:
        # Nothing listed and something unread is no proof that there is nothing.
        return await _read_given(asking, target, fault)
    read = list(found.pages.values())
    announced = [pages.announced for pages in read if pages.announced is not None]
    return await finished_reading(
        asking, "socrata", target, found.entries, _PLACES, read[0].at, announced=sum(announced) if announced else None,
        complete=not found.faults and all(pages.complete for pages in read), scope=_scope(found, target.filter),
    )  # fmt: skip


def _directories(url: str) -> list[tuple[str, str | None]]:
    """Which directories to ask, in order, and for which portal (None: the directory's whole list)."""
    parts = split(url)
    base = api_base(url, (_PATH,))
    if _PATH in parts.path:
        domains = parse_qs(parts.query).get("domains", [""])[0]
        return [(base, domains or None)]
    if is_unnamed_host(url):
        return [(base, None)]
    return [(directory, host(url)) for directory in _HOSTS]


async def _read_all(asking: Asking, base: str, domain: str | None, attribution: str | None) -> _Found:
    found = _Found()
    seen: set[str] = set()
    for only in _TYPES:

        async def ask(offset: int, only: str = only) -> Page:
            return await _page(asking, base, domain, attribution, only, offset)

        try:
            pages = await read_pages(ask, ceiling=_CEILING)
        except Unreadable as fault:
            found.faults[only] = fault
            if not found.pages:
                break  # whoever cannot list the tables cannot list the rest
            continue
        if pages.entries and not any(entry.id not in seen for entry in pages.entries):
            # The server sends one list whatever kind is asked for: it has been read already.
            continue
        seen.update(entry.id for entry in pages.entries)
        found.pages[only] = pages
    return found


async def _page(asking: Asking, base: str, domain: str | None, attribution: str | None, only: str, offset: int) -> Page:
    params = {"only": only, "limit": str(_LIMIT), "offset": str(offset)}
    if domain:
        params["domains"] = domain
    if attribution:
        params["attribution"] = attribution
    answer, capture = await asking.get(Request(base + _PATH, params=params, accept="application/json"))
    return _results(answer, capture)


async def _read_given(asking: Asking, target: Target, fault: Unreadable) -> Reading:
    """The reading of the very address given, which holds one answer; as ``_given.read_given`` otherwise."""

    def given(answer: Answer, capture: int) -> Page:
        page = _results(answer, capture)
        if target.filter:
            listed = [entry for entry in page.entries if entry.publisher == target.filter]
            return Page(listed, page.returned, None, page.at)
        return page

    pages = await read_given(asking, target.url, (_PATH,), fault, given)
    return await finished_reading(
        asking, "socrata", target, pages.entries, _PLACES, pages.at, announced=pages.announced,
        complete=pages.complete, scope=how_much_given(pages),
    )  # fmt: skip


def _results(answer: Answer, capture: int) -> Page:
    data = read_object(answer)
    results = data.get("results")
    if not isinstance(results, list) or (
        results and not any(mapping(item.get("resource")) for item in records(results))
    ):
        raise not_what_was_asked(answer, data, "list of results of the Discovery API")
    entries = [_entry(item, capture, position) for position, item in enumerate(results) if isinstance(item, dict)]
    return Page(entries, len(results), count(data.get("resultSetSize")), as_of(answer.capture))


def _scope(found: _Found, attribution: str | None) -> str:
    words = ", ".join(how_much(pages, _TYPES[only]) for only, pages in found.pages.items() if pages.returned)
    words = words or "no entry of any kind"
    if attribution:
        words += f" of {attribution!r}"
    if found.faults:
        kinds: dict[str, list[str]] = {}
        for only, fault in found.faults.items():
            kinds.setdefault(why(fault), []).append(_TYPES[only])
        words += "; not read: " + "; ".join(f"{', '.join(names)} ({reason})" for reason, names in kinds.items())
    return words


def _entry(item: dict[str, Any], capture: int, position: int) -> Entry:
    resource, metadata = mapping(item.get("resource")), mapping(item.get("metadata"))
    classification = mapping(item.get("classification"))
    stated_id = text(resource.get("id"))
    id = entry_id(stated_id, item)
    licence = (text(metadata.get("license")), text(metadata.get("license_link")))
    category = text(classification.get("domain_category"))
    return Entry(
        id=id,
        title=phrase(resource.get("name")) or id,
        pointer=f"$.results[?@.resource.id=={quoted(stated_id)}]" if stated_id else f"$.results[{position}]",
        capture=capture,
        formats=_formats(resource),
        keywords=texts(classification.get("domain_tags")) or texts(classification.get("tags")),
        themes=(category,) if category else texts(classification.get("categories")),
        stated=stated_licence(*licence),
        licence=licence_id(*licence),
        data_modified=read_date(resource.get("data_updated_at")),
        metadata_modified=read_date(resource.get("updatedAt")),
        frequency=_frequency(classification.get("domain_metadata")),
        url=text(item.get("permalink")) or text(item.get("link")),
        publisher=text(resource.get("attribution")),
        has_contact=text(resource.get("contact_email")) is not None,
        description=on_one_line(phrase(resource.get("description"))),
        served=_served(resource, metadata),
    )


def _served(resource: dict[str, Any], metadata: dict[str, Any]) -> tuple[str, ...]:
    """The address at which the portal serves a table, as in its own data.json; the rest has none that is certain."""
    domain, id = text(metadata.get("domain")) or "", text(resource.get("id")) or ""
    if _formats(resource) != _TABLE or not re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", domain) or not _ID.fullmatch(id):
        return ()
    return (f"https://{domain}/api/views/{id}/rows.csv?accessType=DOWNLOAD",)


def _formats(resource: dict[str, Any]) -> tuple[str | None, ...]:
    kind, view = text(resource.get("type")), text(resource.get("lens_view_type"))
    if kind in ("href", "federated_href", "link") or view == "href":
        return (None,)
    if kind == "file" or view == "blobby":
        return (format_name(None, text(resource.get("blob_mime_type")), text(resource.get("name"))),)
    if view == "geo" or (kind == "map" and view != "tabular"):
        return ("GEOJSON", "KML", "KMZ", "SHP")
    return _TABLE


def _frequency(fields: object) -> str | None:
    """The portal's own field for how often the data changes; portals name it as they like."""
    return next(
        (words for field in records(fields)
         if "frequency" in (text(field.get("key")) or "").casefold() and (words := text(field.get("value")))), None
    )  # fmt: skip
