"""Reads contract data in the Open Contracting Data Standard: releases, records, how many processes and how new.

## What it asks

The address as given. Where a package names a next page (`links.next`), that page, and so on, at most 20 pages.

The body decides how it is read: one package, a list of packages, a lone release or record, or JSON Lines (one of
these on each line), which may be compressed with gzip.

## What it measures

- `release_count` (number): the releases listed, those inside records included; a record's `compiledRelease` is made
  from them and is not one more. Absent where only records without a list of releases were offered.
- `record_count` (number): the records listed; absent where none are offered.
- `ocid_count` (number): different `ocid`s, that is, different contracting processes.
- `release_latest` (ISO 8601, UTC): the newest `date` of a release; where none states one, of a `compiledRelease`.
- `license`: as the first package that states one states it. `version`: of the standard, as stated.

The reading is complete when every page was read to its end.

## What each reason means here

- `ok`: at least one release or record was read.
- `empty`: a package in order, with an empty list.
- `not-the-declared-format`: a web page, or JSON that holds neither releases nor records.
- `malformed`: broken JSON, or a line of JSON Lines that is.
- `too-large`: more than we read. All other reasons are those of the exchange for the first page.

## A worked example

`{"version": "1.1", "license": "https://...", "releases": [{"ocid": "ocds-x-1", "date": "2026-11-02T00:00:00Z"},
{"ocid": "ocds-x-1", "date": "2026-11-20T09:00:00Z"}]}` is two releases of one process: `release_count` 2,
`ocid_count` 1, `release_latest` 2026-11-20T09:00:00Z; `record_count` is absent.

## The standard

[Open Contracting Data Standard](https://standard.open-contracting.org/latest/en/schema/) 1.0 and 1.1: release
packages, record packages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._facts import Facts, Newest, next_address
from builder.probes._json import mapping, not_what_was_asked, read_json, records, text
from builder.probes._paging import why
from builder.probes._xml_bounds import xml_pieces

VERSION = 1
DEADLINE_SECONDS = 60

MOST_PAGES = 20
# A packed file of 64 MB can hold a thousand times as much; a city's contracts of a decade fit into this.
MOST_UNPACKED = 256 * 1024 * 1024
MOST_LINES = 500_000
_OF_A_PACKAGE = frozenset({"uri", "publisher", "publishedDate", "publicationPolicy", "version", "extensions"})
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class _Tally:
    """What was counted so far, over all pages and lines."""

    releases: int | None = None
    records: int | None = None
    ocids: set[str] = field(default_factory=set)
    newest: Newest = field(default_factory=Newest)
    compiled: Newest = field(default_factory=Newest)
    facts: Facts = field(default_factory=Facts)

    def see(self, item: dict[str, Any], capture: int, at: str) -> bool:
        """Count a package, a release or a record; whether it was one of them."""
        if text(item.get("ocid")):
            (self._record if _is_record(item) else self._release)(item, capture, at)
            return True
        releases, listed = item.get("releases"), item.get("records")
        held = [one for some in (releases, listed) if isinstance(some, list) for one in records(some)]
        # Other interfaces list records too; what names no process and bears no mark of a package is one of theirs.
        if held and not (any(text(one.get("ocid")) for one in held) or _OF_A_PACKAGE & set(item)):
            return False
        if isinstance(releases, list):
            self.releases = self.releases or 0
            for release in records(releases):
                self._release(release, capture, f"{at}.releases[*]")
        if isinstance(listed, list):
            self.records = self.records or 0
            for record in records(listed):
                self._record(record, capture, f"{at}.records[*]")
        for name in ("license", "version"):
            if name not in self.facts:
                self.facts.say_words(name, item.get(name), f"{at}.{name}", capture)
        return isinstance(releases, list) or isinstance(listed, list)

    def _release(self, release: dict[str, Any], capture: int, at: str) -> None:
        self.releases = (self.releases or 0) + 1
        self._ocid(release)
        self.newest.see([read_date(release.get("date"))], f"{at}.date", capture)

    def _record(self, record: dict[str, Any], capture: int, at: str) -> None:
        self.records = (self.records or 0) + 1
        self._ocid(record)
        if isinstance(record.get("releases"), list):
            self.releases = self.releases or 0
            for release in records(record["releases"]):
                self._release(release, capture, f"{at}.releases[*]")
        compiled = mapping(record.get("compiledRelease"))
        self.compiled.see([read_date(compiled.get("date"))], f"{at}.compiledRelease.date", capture)

    def _ocid(self, item: dict[str, Any]) -> None:
        if ocid := text(item.get("ocid")):
            self.ocids.add(ocid)


async def read(target: Target, web: Web) -> Reading:
    """Read the packages at the target's address and the pages they name; raises ``Unreadable`` for the first only."""
    asking = Asking(web)
    tally = _Tally()
    answer, capture = await asking.get(_request(target.url))
    following = _read_page(answer, capture, tally)
    pages, seen, fault = 1, {target.url, answer.capture.final_url}, None
    while following and following not in seen and pages < MOST_PAGES:
        seen.add(following)
        try:
            answer, capture = await asking.get(_request(following))
            following = _read_page(answer, capture, tally)
        except Unreadable as error:
            fault = error
            break
        pages += 1
    return _reading(tally, pages, more=following is not None, fault=fault)


def _request(url: str) -> Request:
    return Request(url, accept="application/json, application/x-ndjson;q=0.9, */*;q=0.5")


def _read_page(answer: Answer, capture: int, tally: _Tally) -> str | None:
    """Count what one answer holds; the address of the next page, if it names one."""
    if answer.body[:2] == _GZIP:
        answer = replace(answer, body=_unpacked(answer))
    if lines := _lines(answer):
        for number, line in enumerate(lines, 1):
            if not tally.see(_object(replace(answer, body=line)), capture, "$"):
                raise not_what_was_asked(answer, {}, f"release or record of OCDS in line {number:,}")
        return None
    data = read_json(answer)
    if isinstance(data, list):
        known = [tally.see(item, capture, "$[*]") for item in records(data)]
        if not known or not all(known):
            raise not_what_was_asked(answer, data, "releases or records of OCDS")
        return None
    if not tally.see(data, capture, "$"):
        raise not_what_was_asked(answer, data, "releases or records of OCDS")
    return next_address(mapping(data.get("links")).get("next"), answer)


def _lines(answer: Answer) -> Iterator[bytes] | None:
    """The lines of JSON Lines; None where the body is one JSON value, which may run over many lines."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    first, _, rest = body.partition(b"\n")
    if not rest.strip() or not first.startswith(b"{"):
        return None
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return None
    return _each_line(body, answer)


def _each_line(body: bytes, answer: Answer) -> Iterator[bytes]:
    start, number = 0, 0
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        line = body[start:end].strip()
        start = end + 1
        if line:
            number += 1
            if number > MOST_LINES:
                raise Unreadable(Reason.TOO_LARGE, f"It holds more than {MOST_LINES:,} lines.", answer.capture)
            yield line


def _object(answer: Answer) -> dict[str, Any]:
    value = read_json(answer)
    return value if isinstance(value, dict) else {}


def _unpacked(answer: Answer) -> bytes:
    """The content of a gzip body, which is bounded: a small body cannot fill the memory."""
    try:
        return b"".join(xml_pieces(answer, MOST_UNPACKED))
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise


def _is_record(item: dict[str, Any]) -> bool:
    """Whether a thing with an ocid gathers releases: then it is a record, else one release."""
    return "compiledRelease" in item or isinstance(item.get("releases"), list)


def _reading(tally: _Tally, pages: int, *, more: bool, fault: Unreadable | None) -> Reading:
    facts = tally.facts
    facts.say("release_count", tally.releases, "$.releases[*], $.records[*].releases[*]")
    facts.say("record_count", tally.records, "$.records[*]")
    facts.say("ocid_count", len(tally.ocids), "the different values of ocid")
    (tally.newest if tally.newest.at else tally.compiled).tell(facts, "release_latest")
    whole = not more and fault is None
    words = "the whole of it" if whole and pages == 1 else f"{'all' if whole else 'the first'} {pages} pages"
    if fault:
        words += f" (the next: {why(fault)})"
    elif more:
        words += " (it names more)"
    empty = not tally.ocids and not tally.releases and not tally.records
    return Reading(
        facts, complete=whole, scope=words.replace("first 1 pages", "first page"), empty=empty,
        message="The package is in order, but lists nothing." if empty else "",
    )  # fmt: skip
