"""Reads a map data service by the OGC APIs: what it offers, what it conforms to, and how many features there are.

## What it asks
The landing page at the address given; the address of one call (`.../collections/trees/items?limit=10`,
`.../conformance`) is cut back to it. Then `/conformance` and `/collections` behind it, and for at most 25 collections
of features `/collections/<id>/items?limit=1`. JSON is asked for by the `Accept` header, and by `f=json` where a web
page comes back. Where only items, or the description of one collection, answer at the address given, they are read for
what they say.

## What it measures
- `title`: of the landing page, as stated.
- `collection_count`: the collections listed, or as announced (`numberMatched`) where there are more.
- `feature_count`: the sum of `numberMatched` over the collections of features; on items read alone theirs, else the
  features on the page.
- `conformance` (at most 100): the conformance classes that the service names, sorted.
- `response_timestamp` (instant, UTC): of items read alone, when the service made them.
- `license`: where the licence is, or its name: of the landing page, else the one that all collections share that state
  any.

The reading is complete when `/conformance` and `/collections` were read, and every collection of features said how many
it has.

## What each reason means here
`ok`: the landing page or items were read. `empty`: no collection is listed. `not-the-declared-format`: a web page, or
JSON without links, collections or features. `api-error`: a message of its own. `malformed`: broken JSON. Other reasons
are those of the exchange for the landing page; what fails after it only makes the reading incomplete.

## A worked example
A landing page titled "City maps", two collections, and `"numberMatched": 45` and `"numberMatched": 1200` in their
items, give `title` City maps, `collection_count` 2 and `feature_count` 1245.

## The standard
[OGC API - Features](https://ogcapi.ogc.org/features/) Part 1 and OGC API - Common, version 1.0.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Measurement, Reading, Target, Value
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._json import count, not_what_was_asked, phrase, read_object, records, text
from builder.probes._text import clean, cleaned

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
MOST_COLLECTIONS = 25
MOST_CLASSES = 100
_CALL = re.compile(r"/(collections|conformance)(?=/|$)")
# Nothing of this kind is served there, so what the address says literally may be all there is.
_ELSEWHERE = frozenset({Reason.NOT_FOUND, Reason.NOT_CAPTURED, Reason.CLIENT_ERROR, Reason.NOT_THE_DECLARED_FORMAT})
_AS_PAGE = frozenset({Reason.NOT_THE_DECLARED_FORMAT})
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
# A landing page names at least one of these; any other JSON with links belongs to another interface.
_LANDING = frozenset({"conformance", "data", "service-desc", "service-doc", f"{_REL}conformance", f"{_REL}data"})


@dataclass(frozen=True, slots=True)
class _Page:
    """One JSON object of the service and the position of its capture."""

    content: dict[str, Any]
    capture: int

    def fact(self, value: Value, pointer: str) -> Measurement:
        return Measurement(value=value, pointer=pointer, capture=self.capture)

    @property
    def links(self) -> list[dict[str, Any]]:
        return records(self.content.get("links"))

    @property
    def is_items(self) -> bool:
        return isinstance(self.content.get("features"), list)

    @property
    def is_landing(self) -> bool:
        # A catalogue's `conformsTo` is one address, and says nothing of an interface.
        named = any(isinstance(self.content.get(key), list) for key in ("conformsTo", "collections"))
        return named or bool(_LANDING & {text(link.get("rel")) for link in self.links})

    @property
    def matched(self) -> int | None:
        return count(self.content.get("numberMatched"))

    @property
    def last(self) -> bool:
        return not any(link.get("rel") == "next" for link in self.links)


@dataclass(slots=True)
class _Seen:
    """What was read of a service so far, and what was not, in words."""

    values: dict[str, Measurement] = field(default_factory=dict)
    parts: list[str] = field(default_factory=lambda: ["landing page"])
    lost: list[str] = field(default_factory=list)


async def read(target: Target, web: Web) -> Reading:
    """Read the service at the target's address, or the items there; raises ``Unreadable`` when neither answers."""
    asking = Asking(web)
    given = split(target.url)._replace(fragment="")
    call = _CALL.search(given.path)
    if call is None:
        page = await _ask(asking, given.geturl())
        return _items(page) if page.is_items else await _service(asking, _base(given.geturl()), page)
    base = given._replace(path=given.path[: call.start()] or "/", query="").geturl()
    try:
        page = await _ask(asking, base)
        if page.is_landing:
            return await _service(asking, _base(base), page)
    except Unreadable as error:
        if error.reason not in _ELSEWHERE:
            raise
    page = await _ask(asking, given.geturl())
    return _items(page) if page.is_items else await _service(asking, _base(base), page)


def _linked(landing: _Page, base: str) -> str | None:
    """The address that the landing page gives for its collections, where it is on the same server."""
    for link in landing.links:
        address = text(link.get("href")) if text(link.get("rel")) in ("data", f"{_REL}data") else None
        if not address or "html" in (text(link.get("type")) or ""):
            continue
        with suppress(ValueError):  # an address that is none
            parts, own = urlsplit(urljoin(f"{base}/", address)), split(base)
            if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
                return parts._replace(fragment="").geturl()
    return None


def _base(url: str) -> str:
    return split(url)._replace(query="", fragment="").geturl().rstrip("/")


async def _ask(asking: Asking, url: str, params: dict[str, str] | None = None) -> _Page:
    """Ask for JSON; a service that answers browsers by default is asked once more in the way it has for programs."""
    try:
        return await _once(asking, url, params or {})
    except Unreadable as error:
        if error.reason not in _AS_PAGE or re.search(r"[?&]f=", url):
            raise
        try:
            return await _once(asking, url, (params or {}) | {"f": "json"})
        except Unreadable as second:
            # That the first answer is no JSON is what the address's owner can see and mend.
            raise error if second.reason in _ELSEWHERE else second from None


async def _once(asking: Asking, url: str, params: dict[str, str]) -> _Page:
    accept = "application/geo+json, application/json;q=0.9, */*;q=0.1"
    answer, capture = await asking.get(Request(url, params=params, accept=accept, limit_bytes=LIMIT_BYTES))
    page = _Page(read_object(answer), capture)
    if not (page.is_items or page.is_landing or page.links):
        raise not_what_was_asked(answer, page.content, "landing page, collections or features of an OGC API")
    return page


async def _service(asking: Asking, base: str, landing: _Page) -> Reading:
    if not landing.is_landing and _has_features(landing.content) and text(landing.content.get("id")):
        return _collection(landing)
    if not landing.is_landing:
        words = "The answer is JSON with links, but none that a landing page of an OGC API has."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words)
    seen = _Seen()
    if title := clean(phrase(landing.content.get("title")) or ""):
        seen.values["title"] = landing.fact(title, "$.title")
    await _conformance(asking, base, landing, seen)
    collections = await _collections(asking, base, landing, seen)
    if collections is not None:
        _licence(landing, collections, seen)
        await _features(asking, base, records(collections.content["collections"]), seen)
    listed = seen.values.get("collection_count")
    empty = listed is not None and listed.value == 0
    return Reading(
        seen.values, complete=not seen.lost, empty=empty,
        scope=", ".join(seen.parts) + (f"; not read: {', '.join(seen.lost)}" if seen.lost else ""),
        message="The service is in order, but lists no collection." if empty else "",
    )  # fmt: skip


async def _conformance(asking: Asking, base: str, landing: _Page, seen: _Seen) -> None:
    page = landing
    if not isinstance(landing.content.get("conformsTo"), list):
        try:
            page = await _ask(asking, f"{base}/conformance")
        except Unreadable as error:
            seen.lost.append(f"conformance ({error.reason})")
            return
    classes = page.content.get("conformsTo")
    named = sorted(item for item in classes if isinstance(item, str)) if isinstance(classes, list) else []
    seen.parts.append("conformance")
    if found := cleaned(tuple(named), limit=200, most=MOST_CLASSES):
        seen.values["conformance"] = page.fact(list(found), "$.conformsTo")


async def _collections(asking: Asking, base: str, landing: _Page, seen: _Seen) -> _Page | None:
    page = landing
    if not isinstance(landing.content.get("collections"), list):
        try:
            page = await _ask(asking, f"{base}/collections")
        except Unreadable as error:
            named = _linked(landing, base) if error.reason in _ELSEWHERE else None
            try:
                page = await _ask(asking, named) if named else page
            except Unreadable:
                named = None
            if named is None:
                seen.lost.append(f"collections ({error.reason})")
                return None
    if not isinstance(page.content.get("collections"), list):
        seen.lost.append("collections (not-the-declared-format)")
        return None
    listed = len(records(page.content["collections"]))
    seen.parts.append(f"{listed:,} collection{'s' if listed != 1 else ''}")
    if page.matched is not None and page.matched > listed:
        seen.values["collection_count"] = page.fact(page.matched, "$.numberMatched")
    else:
        seen.values["collection_count"] = page.fact(listed, "$.collections")
    if not page.last or (page.matched or 0) > listed:
        seen.lost.append("further pages of collections")
    return page


async def _features(asking: Asking, base: str, collections: list[dict[str, Any]], seen: _Seen) -> None:
    """Sum what the collections of features say they hold; one that says nothing leaves the sum incomplete."""
    wanted = [id for item in collections if (id := text(item.get("id"))) and _has_features(item)]
    stated: list[tuple[int, int]] = []
    for id in wanted[:MOST_COLLECTIONS]:
        try:
            page = await _ask(asking, f"{base}/collections/{quote(id, safe='')}/items", {"limit": "1"})
        except Unreadable:
            continue
        if page.matched is not None:
            stated.append((page.matched, page.capture))
    if wanted:
        seen.parts.append(f"the number of features of {len(stated):,} of {len(wanted):,} collections of features")
    if len(stated) < len(wanted):
        seen.lost.append(f"the number of features of {len(wanted) - len(stated):,}")
    if stated:
        where = f"$.numberMatched of the items of {len(stated):,} collections"
        total = sum(number for number, _ in stated)
        seen.values["feature_count"] = Measurement(value=total, pointer=where, capture=stated[0][1])


def _has_features(collection: dict[str, Any]) -> bool:
    """Whether a collection offers items that are features: not records, tiles or coverages only."""
    if (text(collection.get("itemType")) or "feature") != "feature":
        return False
    relations = {text(link.get("rel")) for link in records(collection.get("links"))}
    return not relations or bool(relations & {"items", f"{_REL}items"})


def _licence(landing: _Page, collections: _Page, seen: _Seen) -> None:
    if found := _licence_link(landing.content):
        seen.values["license"] = landing.fact(found, "$.links[?@.rel=='license']")
        return
    stated = {found for item in records(collections.content["collections"]) if (found := _licence_link(item))}
    if len(stated) == 1:
        seen.values["license"] = collections.fact(stated.pop(), "$.collections[*].links[?@.rel=='license']")


def _licence_link(item: dict[str, Any]) -> str | None:
    links = (link for link in records(item.get("links")) if link.get("rel") == "license")
    found = next((text(link.get("href")) or text(link.get("title")) for link in links), None)
    return clean(found, 200) or None if found else None


def _collection(page: _Page) -> Reading:
    """What the description of one collection says where nothing else of the service answers."""
    values = {"collection_count": page.fact(1, "$.id")}
    if title := clean(phrase(page.content.get("title")) or ""):
        values["title"] = page.fact(title, "$.title")
    if licence := _licence_link(page.content):
        values["license"] = page.fact(licence, "$.links[?@.rel=='license']")
    return Reading(values, complete=False, scope="the description of one collection only")


def _items(page: _Page) -> Reading:
    """What items read alone say: how many there are of which kind of answer, and whether these are all."""
    features = len(records(page.content["features"]))
    matched = page.matched
    number, where = (matched, "$.numberMatched") if matched is not None else (features, "$.features")
    complete = page.last if matched is None else features >= matched
    values = {"feature_count": page.fact(number, where)}
    if made := read_date(page.content.get("timeStamp")):
        values["response_timestamp"] = page.fact(made.iso, "$.timeStamp")
    total = "all" if complete else f"{features:,} of {matched:,}" if matched is not None else f"the first {features:,}"
    return Reading(
        values, complete=complete, empty=number == 0, scope=f"items only: {total} features",
        message="" if number else "The answer is in order, but holds no feature.",
    )  # fmt: skip
