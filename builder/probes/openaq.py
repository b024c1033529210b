"""Reads air measurements that OpenAQ gathers from public stations: how many there are, how fresh, what they measured.

## What it asks
Where the address says no place (`https://api.openaq.org/` or `.../v3/locations`), for each place to measure near:
`/v3/locations?coordinates=<lat>,<lon>&radius=<metres, at most 25,000>&limit=1000`. An address that says what it wants
(`.../v3/locations?bbox=...`, `.../v3/locations/2178`, `.../v3/sensors/3920/measurements`) is read as given; answers of
versions 1 and 2 are understood. Then, for the locations with a sensor of PM2.5 or NO2 in ug/m3 that reported in the 7
days before the most recent of them, the 20 most recent first: `/v3/locations/<id>/latest`. A key goes along in the
header `X-API-Key`, to that server only.

## What it measures
- `location_count`: the locations that the answer announces (`meta.found`), else those it lists; absent where it lists
  measurements.
- `observation_latest` (instant, UTC): the newest instant of any measurement; of a period its end.
- `pm25_mean`, `no2_mean` (`ug/m3`): the mean over what is offered. At a place: over each sensor's latest value, of
  those measured in the 24 hours before the most recent of them. On a page of measurements or of latest values read as
  given: over all on the page. Values below zero (publishers write -99 for "none") and other units (ppm) are left out,
  never converted.

What depends on a place is measured for that place. The reading is complete when every location announced was listed
and every location of the choice above was asked.

## What each reason means here
`ok`: the interface answered. `needs-key`: it wants a key that we were not given. `auth-required`: it refused the key.
`empty`: an answer in the right form without any result. `not-the-declared-format`: a web page, or JSON without a list
of locations or measurements. `api-error`: a message of its own. `malformed`: broken JSON.

## A worked example
Two measurements of PM2.5, 6 and 7.5 µg/m³, the second for the hour that ended at 2026-11-21T14:00:00Z, give
`pm25_mean` 6.75 and `observation_latest` 2026-11-21T14:00:00Z.

## The standard
[OpenAQ API](https://docs.openaq.org/) version 3 (versions 1 and 2 as recorded); the guideline such means stand beside
is the World Health Organization's of 2021.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Measurement, Near, Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._json import count, mapping, not_what_was_asked, read_object, records, text

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
RADIUS_METRES = 25_000  # the widest circle that the interface draws
PAGE = 1000
MOST_ASKED = 20  # locations of one place whose latest values are asked for, at one question a second
_REPORTING = timedelta(days=7)
_NOW = timedelta(days=1)
_MEANS = {"pm25": "pm25_mean", "no2": "no2_mean"}
_UNIT = "ug/m3"
_A_LOCATION = frozenset({"sensors", "measurements"})
# Countries, providers and sensors have these too; but only a location says where it stands.
_ALSO_OTHERS = frozenset({"parameters", "datetimeLast"})
_ITS_PLACE = frozenset({"coordinates", "locality", "location", "timezone"})
_OF_A_VALUE = frozenset({"value", "latest", "period", "parameter"})
_BASE = re.compile(r"(?P<base>.*?)/v3(?P<call>/.*)?", re.DOTALL)
_PART_OF_LOCATION = re.compile(r"/locations/\d+(?=/(latest|sensors)/?$)")
_ELSEWHERE = frozenset({Reason.NOT_FOUND, Reason.NOT_CAPTURED, Reason.CLIENT_ERROR})


@dataclass(frozen=True, slots=True)
class _Page:
    """One list of results, the address it was asked at and the position of its capture."""

    content: dict[str, Any]
    capture: int

    @property
    def results(self) -> list[dict[str, Any]]:
        return records(self.content["results"])

    @property
    def found(self) -> int | None:
        """How many results are announced; None for words such as `>100`."""
        return count(mapping(self.content.get("meta")).get("found"))

    @property
    def all_listed(self) -> bool:
        limit = count(mapping(self.content.get("meta")).get("limit"))
        return len(self.results) >= self.found if self.found is not None else len(self.results) < (limit or math.inf)

    @property
    def lists_locations(self) -> bool:
        return any(
            _A_LOCATION & set(item) or (_ALSO_OTHERS & set(item) and _ITS_PLACE & set(item)) for item in self.results
        )

    @property
    def lists_values(self) -> bool:
        return any(_OF_A_VALUE & set(item) for item in self.results)

    @property
    def names_itself(self) -> bool:
        """Whether the answer says whose it is; then a list of countries, for example, is in the right form too."""
        return "openaq" in (text(mapping(self.content.get("meta")).get("name")) or "").lower()


@dataclass(frozen=True, slots=True)
class _Measured:
    """One value as stated: of what, in which unit (`ug/m3` however it was spelt), when; and where that is written."""

    parameter: str
    unit: str
    value: float | None
    moment: Moment | None
    pointer: str
    capture: int


async def read(target: Target, web: Web) -> Reading:
    """Read the stations near the target's places, or what its address says; raises ``Unreadable`` for the latter."""
    interface = _Interface(Asking(web), target)
    base = interface.base
    if base is None or not interface.placeless or not target.near:
        return await _as_given(interface)
    near: dict[str, dict[str, Measurement]] = {}
    complete, fault = True, None
    scopes: list[str] = []
    for place in target.near:
        try:
            page = await interface.ask(f"{base}/locations", _around(place))
            near[place.key], whole, scope = await _locations(interface, page)
        except Unreadable as error:
            fault, complete = fault or error, False
            continue
        complete, scopes = complete and whole, [*scopes, scope]
    if not near and fault:
        raise fault
    words = scopes[0] if len(scopes) == 1 else f"{len(scopes):,} places"
    return Reading({}, complete=complete, scope=f"{words}, within at most 25 km", near=near)


async def _as_given(interface: _Interface) -> Reading:
    page = await interface.given()
    if page.lists_locations:
        values, complete, scope = await _locations(interface, page)
    else:
        values, complete = _facts(list(_measured(page))) if page.lists_values else {}, page.all_listed
        what = "measurements" if page.lists_values or not page.results else "entries, none a location or measurement"
        scope = f"{len(page.results):,} {what}"
    empty = not page.results
    message = "The answer is in order, but lists nothing." if empty else ""
    return Reading(values, complete=complete, scope=scope, empty=empty, message=message)


class _Interface:
    """The interface at a target's address: where it is, what it is asked, and with which key."""

    def __init__(self, asking: Asking, target: Target) -> None:
        self._asking = asking
        self._url = target.url
        self._key = _plain_key(target.key)
        parts = split(target.url)._replace(fragment="")
        found = _BASE.fullmatch(parts.path) if re.search(r"/v3(/|$)", parts.path) else None
        bare = parts.path.endswith("/") or not parts.path
        self._call = (found["call"] or "").rstrip("/") if found else ""
        path = found["base"] if found else parts.path.rstrip("/")
        self.base = parts._replace(path=f"{path}/v3", query="").geturl() if found or bare else None
        self.placeless = not parts.query and self._call in ("", "/locations")

    async def ask(self, url: str, params: dict[str, str] | None = None) -> _Page:
        headers = {"X-API-Key": self._key} if self._key else {}
        request = Request(url, params=params or {}, accept="application/json", limit_bytes=LIMIT_BYTES, headers=headers)
        try:
            answer, capture = await self._asking.get(request)
        except Unreadable as error:
            if error.reason is Reason.AUTH_REQUIRED and not self._key:
                words = "OpenAQ wants a key; name the variable that holds one in the source's `key_env`."
                raise Unreadable(Reason.NEEDS_KEY, words, error.capture) from None
            raise
        return _Page(_content(answer), capture)

    async def given(self) -> _Page:
        """The answer at the address; of a part of one location, which names no units, the location itself."""
        if self.base is not None and self.placeless:
            return await self.ask(f"{self.base}/locations", {"limit": str(PAGE)})
        if self.base is not None and (location := _PART_OF_LOCATION.match(self._call)):
            try:
                return await self.ask(self.base + location[0])
            except Unreadable as error:
                if error.reason not in _ELSEWHERE:
                    raise
        return await self.ask(self._url)


def _plain_key(key: str | None) -> str | None:
    if key is None or not (key := key.strip()):
        return None
    if not re.fullmatch(r"[!-~]+", key):  # no such words can stand in a header; they are not repeated here
        raise Unreadable(Reason.NEEDS_KEY, "The key holds a blank or an unprintable character; copy it again.")
    return key


def _around(place: Near) -> dict[str, str]:
    radius = min(RADIUS_METRES, math.ceil(place.km * 1000))
    return {"coordinates": f"{place.lat},{place.lon}", "radius": str(radius), "limit": str(PAGE)}


def _content(answer: Answer) -> dict[str, Any]:
    content = read_object(answer)
    found = content.get("results")
    page = _Page(content, 0)
    if not isinstance(found, list) or (found and not (page.lists_locations or page.lists_values or page.names_itself)):
        raise not_what_was_asked(answer, content, "list of locations or measurements")
    return content


async def _locations(interface: _Interface, page: _Page) -> tuple[dict[str, Measurement], bool, str]:
    """What the locations of a page measured, whether that is all, and what was read in words."""
    announced = page.found if page.found is not None else len(page.results)
    where = "$.meta.found" if page.found is not None else "$.results"
    values = {"location_count": Measurement(value=announced, pointer=where, capture=page.capture)}
    measured = list(_measured(page))
    reporting = _reporting(page.results)
    asked = 0
    if interface.base is not None:
        latest: list[_Measured] = []
        for id, sensors in reporting[:MOST_ASKED]:
            try:
                answer = await interface.ask(f"{interface.base}/locations/{id}/latest")
            except Unreadable:
                continue
            asked += 1
            latest += _measured(answer, sensors)
        newest = max((one.moment.instant for one in latest if one.moment), default=None)
        measured += [one for one in latest if one.moment and newest and one.moment.instant >= newest - _NOW]
    total = (
        f"{len(page.results):,}"
        if page.all_listed
        else f"{len(page.results):,} of {'' if page.found else 'over '}{announced:,}"
    )
    scope = f"{total} location{'s' if announced != 1 else ''}"
    if reporting:
        scope += f", the latest values of {asked:,} of the {len(reporting):,} that report PM2.5 or NO2 in {_UNIT}"
    return values | _facts(measured), page.all_listed and asked == len(reporting), scope


def _reporting(locations: list[dict[str, Any]]) -> list[tuple[int, dict[int, tuple[str, str]]]]:
    """Locations with a sensor that counts for a mean, the most recent first, and what their sensors measure by id."""
    found = []
    for item in locations:
        sensors = {id: _named(sensor) for sensor in records(item.get("sensors")) if (id := count(sensor.get("id")))}
        id, last = count(item.get("id")), _moment(item.get("datetimeLast"))
        if id and last and any(name in _MEANS and unit == _UNIT for name, unit in sensors.values()):
            found.append((last.instant, id, sensors))
    found.sort(key=lambda one: (-one[0].timestamp(), one[1]))
    return [(id, sensors) for instant, id, sensors in found if instant >= found[0][0] - _REPORTING]


def _measured(page: _Page, sensors: dict[int, tuple[str, str]] | None = None) -> Iterator[_Measured]:
    """Every value and every instant that a page states, in each form that the interface has had."""
    for at, item in enumerate(page.results):
        place = f"$.results[{at}]"
        for key in ("measurements", "parameters"):  # versions 1 and 2: a location with its latest values
            for inner, one in enumerate(records(item.get(key))):
                value = one.get("value", one.get("lastValue"))
                yield _one(page, _named(one), value, one.get("lastUpdated"), f"{place}.{key}[{inner}]")
        latest = mapping(item.get("latest"))  # version 3: a sensor with its latest value
        when = (
            mapping(item.get("period")).get("datetimeTo") or latest.get("datetime") or item.get("datetime")
            or item.get("date") or item.get("datetimeLast") or item.get("lastUpdated")
        )  # fmt: skip
        named = (sensors or {}).get(count(item.get("sensorsId")) or 0) or _named(item)
        yield _one(page, named, item.get("value", latest.get("value")), when, place)


def _one(page: _Page, named: tuple[str, str], value: object, when: object, place: str) -> _Measured:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    plain = float(number) if number is not None and 0 <= number < 1e9 else None
    return _Measured(*named, plain, _moment(when), place, page.capture)


def _named(item: dict[str, Any]) -> tuple[str, str]:
    """What is measured and its unit, by whichever spelling of the micro sign and the cube."""
    parameter = item.get("parameter")
    inner = mapping(parameter)
    name = text(inner.get("name")) or (parameter if isinstance(parameter, str) else "")
    unit = text(inner.get("units")) or text(item.get("unit")) or ""
    return name.strip().lower(), unicodedata.normalize("NFKC", unit).replace("\u03bc", "u").lower()


def _moment(value: object) -> Moment | None:
    return read_date(value.get("utc") or value.get("local")) if isinstance(value, dict) else read_date(value)


def _facts(measured: Iterable[_Measured]) -> dict[str, Measurement]:
    measured = list(measured)
    values = {}
    dated = [(one.moment, one) for one in measured if one.moment]
    if dated:
        moment, one = max(dated, key=lambda pair: pair[0].instant)
        values["observation_latest"] = Measurement(value=moment.iso, pointer=one.pointer, capture=one.capture)
    for parameter, name in _MEANS.items():
        of_it = [one for one in measured if (one.parameter, one.unit) == (parameter, _UNIT)]
        numbers = [one.value for one in of_it if one.value is not None]
        if numbers:
            mean = round(math.fsum(numbers) / len(numbers), 6)
            where = f"{re.sub(r'[0-9]+', '*', of_it[0].pointer)} ({len(numbers):,} of {parameter} in {_UNIT})"
            values[name] = Measurement(value=mean, unit=_UNIT, pointer=where, capture=of_it[0].capture)
    return values
