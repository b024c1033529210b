"""Reads a GBFS feed of shared bikes or scooters: what it lists, how fresh its live part is, and what can be ridden now.

## What it asks

The discovery file at the address given (`gbfs.json` is added where the path is empty or ends in `/`), then of the
feeds it lists `system_information`, `station_information`, `station_status` and `vehicle_status` (before version 3
`free_bike_status`), each once, each at most 16 MB. Where a feed is listed in several languages, the English one is
asked for, else the first. A listed address that is not of the web (no http or https) cannot be asked, nor one to which
no connection can be made; if the discovery file is itself called `gbfs.json`, the file of the feed's name beside it is
then tried once, and the scope says so. (Copies kept by programs that record feeds, and mirrors, have such addresses.)

An address that is itself one feed of the standard is read as it is: what that feed holds, which is never complete.

## What it measures

- `version`: as the discovery file states it; absent where it states none (1.0 has no such field).
- `last_updated` (instant, UTC): the newest `last_updated` of the live feeds, `station_status` and `vehicle_status` or
  `free_bike_status`; where none of them was read, the discovery file's own. The pointer names the file. Seconds since
  1970 (versions 1 and 2), milliseconds, and date-times (version 3) are understood.
- `system_id`: of `system_information`. `license_id`: its `license_id`, else its `license_url`, as stated.
- `station_count`: the stations in `station_information`, or in `station_status` where only that was read.
- `bikes_available`: the sum over the stations in `station_status` of `num_vehicles_available` (version 3) or
  `num_bikes_available`; absent where no station states it.
- `vehicle_count`: the vehicles listed in `vehicle_status` or `free_bike_status`, also reserved and disabled ones.
- `feed_names`: the names of all feeds listed, sorted, each once, at most 100.

The reading is complete when each of the feeds above that is listed was read. One that could not be read does not spoil
the rest: the scope names it with its reason.

## What each reason means here

- `ok`: the discovery file was read.
- `empty`: it lists no feed.
- `not-the-declared-format`: it is no JSON object, but a web page for example; or JSON that has none of what every file
  has (`last_updated`, `ttl`, `version`, `data`); or `data` holds neither feeds nor one feed of the standard.
- `api-error`: an error in JSON in its place.
- `malformed`: broken JSON, a file without `data`, or feeds that are no list.

All other reasons are those of the exchange for the discovery file.

## A worked example

A `gbfs.json` of version 2.3 that lists `station_information` and `station_status`; the first holds two stations, the
second `{"last_updated": 1795000000, "ttl": 60, "data": {"stations": [{"station_id": "a", "num_bikes_available": 3},
{"station_id": "b", "num_bikes_available": 4}]}}`: `version` 2.3, `station_count` 2, `bikes_available` 7,
`last_updated` 2026-11-18T11:06:40Z, `feed_names` `["station_information", "station_status"]`. No `vehicle_count`: the
feed offers none.

## The standard

[GBFS](https://gbfs.org/documentation/reference/) 1.0 to 3.0.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement, Reading, Target, Value
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split, with_standard_path
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._json import count, listing, mapping, not_what_was_asked, read_object, records, text
from builder.probes._text import clean, cleaned

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
MOST_FEED_NAMES = 100
DISCOVERY = "gbfs.json"
# Each in the order in which it is asked for; of two names for one thing the newer counts when both are listed.
_WANTED = (
    ("system_information",), ("station_information",), ("station_status",), ("vehicle_status", "free_bike_status"),
)  # fmt: skip
# What only one kind of feed holds, for an address that is a feed's instead of the discovery file's.
_LONE = (
    ("vehicles", "vehicle_status"), ("bikes", "free_bike_status"), ("system_id", "system_information"),
    ("vehicle_types", "vehicle_types"), ("plans", "system_pricing_plans"), ("geofencing_zones", "geofencing_zones"),
    ("regions", "system_regions"), ("alerts", "system_alerts"), ("rental_hours", "system_hours"),
    ("calendars", "system_calendar"), ("versions", "gbfs_versions"), ("datasets", "manifest"),
)  # fmt: skip
_ENVELOPE = frozenset({"last_updated", "ttl", "version", "data"})
_STATUS_FIELDS = frozenset({"num_bikes_available", "num_vehicles_available", "num_docks_available", "is_renting"})
_LIVE = ("station_status", "vehicle_status", "free_bike_status")


@dataclass(frozen=True, slots=True)
class _Feed:
    """One JSON file of the system as it was read: its name, its whole content and the position of its capture."""

    name: str
    content: dict[str, Any]
    capture: int

    def fact(self, value: Value, path: str) -> Measurement:
        return Measurement(value=value, pointer=f"{self.name}#{path}", capture=self.capture)

    @property
    def data(self) -> dict[str, Any]:
        return mapping(self.content.get("data"))

    @property
    def updated(self) -> Moment | None:
        return read_date(self.content.get("last_updated"))


async def read(target: Target, web: Web) -> Reading:
    """Read the discovery file at the target's address and what it lists; raises ``Unreadable`` for the former only."""
    asking = Asking(web)
    answer, position = await asking.get(_request(with_standard_path(target.url, DISCOVERY)))
    discovery = _Feed(DISCOVERY, _content(answer), position)
    if name := _lone(discovery):
        return _read_alone(_Feed(name, discovery.content, position))
    listed = _listed(discovery, answer)
    feeds = {DISCOVERY: discovery}
    failed: dict[str, Unreadable] = {}
    beside: list[str] = []
    for names in _WANTED:
        name = next((name for name in names if name in listed), None)
        if name is None:
            continue
        for address in _addresses(name, listed[name], answer):
            try:
                got, position = await asking.get(_request(address))
                feeds[name] = _Feed(name, _content(got), position)
            except Unreadable as error:
                failed.setdefault(name, error)
                if error.reason is not Reason.CONNECTION_FAILED:
                    break
                continue
            failed.pop(name, None)
            if address != listed[name]:
                beside.append(name)
            break
        else:
            # A listed address that is none was not even asked.
            failed.setdefault(
                name, Unreadable(Reason.BLOCKED_SCHEME, f"{name} is listed without an address of the web.")
            )
    return Reading(
        _measurements(feeds, discovery)
        | {"feed_names": discovery.fact(list(cleaned(tuple(sorted(listed)), most=MOST_FEED_NAMES)), "$.data")},
        complete=not failed,
        scope=_scope(feeds, failed, beside),
        empty=not listed,
        message="" if listed else "The discovery file is in order, but lists no feed.",
    )


def _lone(feed: _Feed) -> str | None:
    """The name of the feed that a file is by what it holds, when it is one feed of a system and no discovery file."""
    if isinstance(feed.data.get("stations"), list):
        fields = {key for station in records(feed.data["stations"])[:100] for key in station}
        return "station_status" if fields & _STATUS_FIELDS else "station_information"
    return next((name for key, name in _LONE if key in feed.data), None)


def _read_alone(feed: _Feed) -> Reading:
    """The reading of one feed: what it says of its system, which other feeds may say more of."""
    values = _measurements({feed.name: feed}, feed)
    return Reading(values, complete=False, scope=f"{feed.name} only: the address is that of one feed")


def _request(url: str) -> Request:
    return Request(url, accept="application/json, */*;q=0.5", limit_bytes=LIMIT_BYTES)


def _content(answer: Answer) -> dict[str, Any]:
    content = read_object(answer)
    if not isinstance(content.get("data"), dict):
        if not _ENVELOPE & set(content):
            raise not_what_was_asked(answer, content, "`data` object, which every GBFS file has")
        raise Unreadable(Reason.MALFORMED, "The JSON has no `data` object, which every GBFS file has.", answer.capture)
    return content


def _listed(discovery: _Feed, answer: Answer) -> dict[str, str]:
    """The address of each feed by its name; raises ``malformed`` where ``data`` is something else than feeds."""
    data = discovery.data
    if "feeds" in data:
        found = [data["feeds"]]  # version 3
    else:
        languages = sorted(data, key=lambda language: language.partition("-")[0] != "en")  # stable: else the first
        found = [mapping(data[language]).get("feeds") for language in languages]
    lists = [feeds for feeds in found if isinstance(feeds, list)]
    if data and not lists:
        tries = "feeds" in data or any("feeds" in mapping(value) for value in data.values())
        reason = Reason.MALFORMED if tries else Reason.NOT_THE_DECLARED_FORMAT
        raise Unreadable(reason, "The JSON holds no list of feeds, as a discovery file does.", answer.capture)
    listed: dict[str, str] = {}
    for feed in (feed for feeds in lists for feed in records(feeds)):
        if name := text(feed.get("name")):
            listed.setdefault(name, text(feed.get("url")) or "")
    return listed


def _addresses(name: str, listed: str, discovery: Answer) -> list[str]:
    """Where a feed may be: at the listed address, if it is one of the web, and beside the discovery file."""
    found = []
    if listed.lower().startswith(("http://", "https://")):
        with suppress(Unreadable):  # what only begins like an address is none
            split(listed)
            found.append(listed)
    parts = split(discovery.capture.final_url)
    folder, _, file = parts.path.rpartition("/")
    if file == DISCOVERY:
        found.append(parts._replace(path=f"{folder}/{name}.json", fragment="").geturl())
    return list(dict.fromkeys(found))


def _scope(feeds: dict[str, _Feed], failed: dict[str, Unreadable], beside: list[str]) -> str:
    words = ", ".join(feeds)
    if beside := [name for name in beside if name in feeds]:
        words += f"; read beside {DISCOVERY}, because nothing could be asked where they are listed: {', '.join(beside)}"
    if failed:
        words += f"; not read: {', '.join(f'{name} ({error.reason})' for name, error in failed.items())}"
    return words


def _measurements(feeds: dict[str, _Feed], discovery: _Feed) -> dict[str, Measurement]:
    values: dict[str, Measurement] = {}
    if version := text(discovery.content.get("version")):
        values["version"] = discovery.fact(clean(version, 40), "$.version")
    live = [feeds[name] for name in _LIVE if name in feeds and feeds[name].updated]
    newest = max(live, key=_instant, default=discovery)
    if moment := newest.updated:
        values["last_updated"] = newest.fact(moment.iso, "$.last_updated")
    if system := feeds.get("system_information"):
        values |= _system(system)
    stations = feeds.get("station_information") or feeds.get("station_status")
    if stations and isinstance(stations.data.get("stations"), list):
        values["station_count"] = stations.fact(len(records(stations.data["stations"])), "$.data.stations")
    if (status := feeds.get("station_status")) and (bikes := _bikes(status)) is not None:
        values["bikes_available"] = bikes
    for name, key in (("vehicle_status", "vehicles"), ("free_bike_status", "bikes")):
        if (feed := feeds.get(name)) and isinstance(feed.data.get(key), list):
            values["vehicle_count"] = feed.fact(len(records(feed.data[key])), f"$.data.{key}")
    return values


def _instant(feed: _Feed) -> float:
    return feed.updated.instant.timestamp() if feed.updated else 0.0


def _system(system: _Feed) -> dict[str, Measurement]:
    values = {}
    if words := clean(text(system.data.get("system_id")) or ""):
        values["system_id"] = system.fact(words, "$.data.system_id")
    for field in ("license_id", "license_url"):
        if "license_id" not in values and (words := clean(text(system.data.get(field)) or "")):
            values["license_id"] = system.fact(words, f"$.data.{field}")
    return values


def _bikes(status: _Feed) -> Measurement | None:
    """The sum of what the stations say they have, under the name that this version gives it; None if none says it."""
    for field in ("num_vehicles_available", "num_bikes_available"):
        stated = [
            number
            for station in records(listing(status.data.get("stations")))
            if (number := count(station.get(field))) is not None
        ]
        if stated:
            return status.fact(sum(stated), f"$.data.stations[*].{field}")
    return None
