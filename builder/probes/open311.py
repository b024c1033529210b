"""Reads a service request interface (Open311): services on offer, recent requests, and how long closing them took.

## What it asks

`services`, `requests` and `discovery` beside each other, as `.json`, and where that is not answered as `.xml`. The
address is the interface's base (`https://.../open311/v2/`); the address of one call or file (`.../requests.xml`) is
asked as it is, and the other two beside it. A discovery file leads to the service it names (of GeoReport v2, production
before test), and where there is none beside the calls, one folder above is tried. A `jurisdiction_id` in the address is
sent with every call. `requests` is asked once, without dates: by the standard a service then lists the newest requests
of 90 days, at most 1,000.

## What it measures

- `service_count` (number): the services that can be asked for.
- `request_count` (number): the requests listed, those with an id or a moment of their own; offered only where a list of
  requests was answered, so that it tells requests that are public from services that take some. `closed_count`: those
  of them whose status is `closed`.
- `requested_latest`, `requested_earliest` (ISO 8601, UTC): the newest and oldest `requested_datetime` listed, the
  period that the figures speak of. `updated_latest`: the newest `updated_datetime`.
- `median_days_to_close` (days, unit `d`): the median, over the closed requests that state both, of the time from
  `requested_datetime` to `updated_datetime`, which is by the standard the moment a closed request was closed. A request
  closed before it was made is left out. It speaks of those already closed: where most are still open, the slow ones
  are missing from it.
- `endpoint_count` (number): the endpoints in the discovery file, test and older ones included.

A date without a zone is read as UTC. The reading is complete when services and requests were both read. Whatever of
the three could not be read is absent, and the scope names it with its reason.

## What each reason means here

- `ok`: at least one of the three was read. `empty`: all that was read holds nothing.
- `not-the-declared-format`: a web page, or JSON or XML of another kind. `malformed`: broken JSON or XML.
- `api-error`: the service's own error message, such as a missing `jurisdiction_id`.
- All other reasons are those of the exchange for the address given, or of `services`.

## A worked example

Two closed requests, made on 1 November at 8:00 and closed on 2 November at 20:00 and on 5 November at 8:00, and one
open: `request_count` 3, `closed_count` 2, `median_days_to_close` 2.75.

## The standard

[GeoReport v2](http://wiki.open311.org/GeoReport_v2/) and its
[service discovery](http://wiki.open311.org/Service_Discovery/).
"""

from __future__ import annotations

import re
from statistics import median
from urllib.parse import parse_qsl, urlencode, urlunsplit

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import iso_instant, read_date
from builder.probes._facts import Facts, Newest, next_address
from builder.probes._open311 import Found, Part, read_part

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 32 * 1024 * 1024
_PARTS: tuple[Part, ...] = ("services", "requests", "discovery")
_CALL = re.compile(r"/(services|requests|discovery)(/[^/]*)?(\.json|\.xml)?$", re.IGNORECASE)
_VERSION_FOLDER = re.compile(r"/(dev/)?v?\d[\d.]*$", re.IGNORECASE)
_DAY_SECONDS = 86_400
# What the other form may still answer: the service lives, but not in this one.
_OTHER_FORM = frozenset({
    Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR, Reason.NOT_THE_DECLARED_FORMAT, Reason.NOT_CAPTURED,
    Reason.SERVER_ERROR, Reason.API_ERROR, Reason.MALFORMED,
})  # fmt: skip


class _Service:
    """One service as it is asked: where it lives, what was read of it, and what could not be."""

    def __init__(self, web: Web, url: str) -> None:
        parts = split(url)
        self._asking = Asking(web)
        self._asked: set[str] = set()
        self._query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0].lower() == "jurisdiction_id"])
        self.found: dict[Part, Found] = {}
        self.failed: dict[Part, Unreadable] = {}
        call = _CALL.search(parts.path)
        path = _CALL.sub("", parts.path.rstrip("/"))
        self.forms = ["json", "xml"]
        # A path that still names a file names it as it is: something recorded, or one call by another name.
        one_request = call is not None and call[2] is not None
        self.single = not one_request and re.search(r"\.(json|xml|html?|txt)$", parts.path, re.IGNORECASE) is not None
        if self.single:
            path = parts.path.rpartition("/")[0]
            if parts.path.lower().endswith(".xml"):
                self.forms.reverse()
        self.base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))

    async def given(self, url: str) -> None:
        """Ask the address as it was given; raises ``Unreadable`` where it cannot be read."""
        self._asked.add(self._with_query(url))
        named = _CALL.search(split(url).path)
        asked = next((part for part in _PARTS if named and named[1].lower() == part), None)
        self._keep(*await self._ask(url, asked))

    async def calls(self) -> None:
        """Ask for services and requests; where nobody answers to the first, the second is not tried."""
        await self.part("services", [self.base])
        if self.unreachable and "requests" not in self.found:
            self.failed["requests"] = self.failed["services"]
        else:
            await self.part("requests", [self.base])

    @property
    def unreachable(self) -> bool:
        """Whether services could not be asked for reasons that lie between us and the source."""
        failed = self.failed.get("services")
        return failed is not None and failed.reason not in _OTHER_FORM

    async def part(self, part: Part, bases: list[str]) -> None:
        """Ask for one part in both forms, at each base in turn, until it is read; the first fault is kept."""
        for base in bases:
            for form in self.forms:
                url = self._with_query(f"{base}/{part}.{form}")
                if part in self.found or url in self._asked:
                    continue
                self._asked.add(url)
                try:
                    found, address = await self._ask(url, part)
                except Unreadable as error:
                    self.failed.setdefault(part, error)
                    if error.reason not in _OTHER_FORM:
                        return
                    continue
                self._keep(found, address)
                if found.part == part:
                    self.forms.sort(key=lambda other: other != form)

    def _keep(self, found: Found, address: str | None) -> None:
        if found.part not in self.found:
            self.found[found.part] = found
            self.failed.pop(found.part, None)
        if address and found.part == "discovery" and not {"services", "requests"} & set(self.found):
            self.base = address

    async def _ask(self, url: str, part: Part | None) -> tuple[Found, str | None]:
        """The answer, and, of a discovery file, the base of the service it leads to."""
        answer, capture = await self._asking.get(
            Request(url, accept="application/json, text/xml;q=0.9, */*;q=0.5", limit_bytes=LIMIT_BYTES)
        )
        found = read_part(answer, capture, part)
        if found.part != "discovery":
            return found, None
        fitting = [item for item in found.items if "url" in item and "v1" not in item.get("specification", "").lower()]
        fitting.sort(key=lambda item: item.get("type", "").lower() != "production")
        address = next_address(fitting[0]["url"], answer) if fitting else None
        if address and "json" not in (formats := fitting[0].get("formats", "").lower()) and "xml" in formats:
            self.forms = ["xml", "json"]
        return found, address.rstrip("/") if address else None

    def _with_query(self, url: str) -> str:
        return f"{url}?{self._query}" if self._query and "?" not in url else url


async def read(target: Target, web: Web) -> Reading:
    """Read what the service offers of services, requests and discovery; raises ``Unreadable`` where it is nothing."""
    service = _Service(web, target.url)
    if service.single:
        await service.given(target.url)
    beside = service.base
    await service.calls()
    if "discovery" not in service.found and (service.found or not service.unreachable):
        told = bool(service.found)
        await service.part("discovery", list(dict.fromkeys([beside, _VERSION_FOLDER.sub("", beside)])))
        if not told and "discovery" in service.found:
            await service.calls()
    if not service.found:
        raise service.failed["services"]
    facts = Facts()
    for part, found in service.found.items():
        _measure(facts, part, found)
    return Reading(
        facts, complete={"services", "requests"} <= set(service.found), scope=_scope(service),
        empty=not any(found.items for found in service.found.values()),
        message="" if any(found.items for found in service.found.values()) else "The interface answers with nothing.",
    )  # fmt: skip


def _scope(service: _Service) -> str:
    words = ", ".join(part for part in _PARTS if part in service.found)
    failed = [f"{part} ({service.failed[part].reason})" for part in _PARTS if part in service.failed]
    return words + (f"; not read: {', '.join(failed)}" if failed else "")


def _measure(facts: Facts, part: Part, found: Found) -> None:
    """Measure one part; dates and the median are of the requests."""
    name = {"services": "service_count", "requests": "request_count", "discovery": "endpoint_count"}[part]
    items = found.items
    if part == "requests":
        items = tuple(item for item in items if item.keys() & {"service_request_id", "requested_datetime"})
    facts.say(name, len(items), found.pointer, found.capture)
    if part != "requests":
        return
    requested, updated = Newest(), Newest()
    made, days, closed = [], [], 0
    where = found.pointer.removesuffix("[*]") + "[*]." if found.pointer.startswith("$") else f"{found.pointer}/"
    for item in items:
        began, changed = read_date(item.get("requested_datetime")), read_date(item.get("updated_datetime"))
        requested.see([began], f"{where}requested_datetime", found.capture)
        updated.see([changed], f"{where}updated_datetime", found.capture)
        if began:
            made.append(began)
        if item.get("status", "").lower() == "closed":
            closed += 1
            if began and changed and changed.instant >= began.instant:
                days.append((changed.instant - began.instant).total_seconds() / _DAY_SECONDS)
    facts.say("closed_count", closed, f"{where}status", found.capture)
    requested.tell(facts, "requested_latest")
    if made:
        earliest = min(made, key=lambda moment: moment.instant)
        words = earliest.iso if earliest.day_only else iso_instant(earliest.instant)
        facts.say("requested_earliest", words, f"{where}requested_datetime", found.capture)
    updated.tell(facts, "updated_latest")
    if days:
        pointer = f"{where}requested_datetime, updated_datetime of the closed ones"
        facts.say("median_days_to_close", round(median(days), 4), pointer, found.capture, "d")
