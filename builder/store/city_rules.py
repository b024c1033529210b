"""The rules of a city file that no single field can show: its parts must agree with each other and with the world.

Every rule reads the plain data and asks only for what it needs, so that one wrong field never hides another fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from builder.errors import Fault
from builder.model.city import SUBDIVISION_IN_ID
from builder.model.kinds import KINDS
from builder.store import sayings, words
from builder.store.plain import Fields, Wrong, items, text
from builder.store.sayings import Asked, no_source
from builder.store.strict_yaml import Document, Loc
from builder.store.web_address import wrong_with

# ISO 3166-1 alpha-2; XK, which the European institutions use for Kosovo; and XX, of the codes that the standard
# leaves to its users, for places that are invented.
_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset([*_CODES.split(), "XX"])
_OFTEN_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR"}
_MAY_RUN_OVER_LINES = ("note", "words", "why")


def faults(
    document: Document, *, stem: str, questions: Mapping[str, Asked] | None, allow_private: bool = False
) -> list[Fault]:
    """Return every broken rule of one city file, in file order.

    ``stem`` is the file's name without its ending; ``questions`` are those that are asked (None: do not look);
    ``allow_private`` lets addresses of this machine and its network pass, as the demonstration needs.
    """
    city = document.data
    found = [
        *_identity(city, stem),
        *_place(city),
        *_addresses(city, allow_private),
        *_sources(city),
        *sayings.faults(city, questions),
        *days(city, ()),
        *_texts(city, ()),
    ]
    return sorted(document.fault(loc, text) for loc, text in found)


def _identity(city: Fields, stem: str) -> Iterator[Wrong]:
    id, country, subdivision = (text(city, name) for name in ("id", "country", "subdivision"))
    if id and id != stem:
        yield ("id",), f"found '{id}' in a file named '{stem}.yml': rename the file or mend the id, they are one"
    if country and country.upper() not in COUNTRIES:
        meant = _OFTEN_MEANT.get(country.upper())
        guess = f"; did you mean '{meant}'?" if meant else ": look it up in ISO 3166-1"
        yield ("country",), f"there is no country '{country}'{guess}"
    elif country:
        start = f"{country.lower()}-"
        if country in SUBDIVISION_IN_ID:
            part = (subdivision or "").partition("-")[2].lower()
            start += f"{part}-" if part else ""
            if not part:
                yield ("subdivision",), f"'subdivision' is missing: in {country} it is part of the id (ISO 3166-2)"
        if id and not id.startswith(start):
            yield ("id",), f"found '{id}', expected it to begin with '{start}'"
        if subdivision and not subdivision.startswith(f"{country}-"):
            yield ("subdivision",), f"found '{subdivision}', which is not in the country '{country}'"
    names = city.get("names")
    if isinstance(names, dict) and names:
        if "en" not in names:
            yield ("names", "en"), "'en' is missing here: add the English name, first"
        elif next(iter(names)) != "en":
            yield ("names", "en", "[key]"), "the English name comes first: move it up"
    languages = city.get("languages")
    if isinstance(languages, list) and any(language in languages[:n] for n, language in enumerate(languages)):
        yield ("languages",), "a language stands here twice: keep one"


def _place(city: Fields) -> Iterator[Wrong]:
    location = city.get("location")
    if not isinstance(location, list) or len(location) != 2 or not all(type(one) in (int, float) for one in location):
        return
    latitude, longitude = location
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        swapped = -90 <= longitude <= 90 and -180 <= latitude <= 180
        advice = "write latitude first, then longitude" if swapped else "expected degrees: [latitude, longitude]"
        yield ("location",), f"found [{latitude:g}, {longitude:g}], which is nowhere on Earth: {advice}"
    elif latitude == longitude == 0:
        yield ("location",), "found [0, 0], which is in the sea: write the city's latitude and longitude"


def _addresses(city: Fields, allow_private: bool) -> Iterator[Wrong]:
    written: list[tuple[Loc, Any]] = [(("site",), city.get("site"))]
    for group in ("sources", "attestations", "replies"):
        for number, one in items(city, group):
            written.append(((group, number, "url"), one.get("url")))
            if isinstance(one.get("found"), dict):
                written.append(((group, number, "found", "link"), one["found"].get("link")))
    for loc, url in written:
        if isinstance(url, str) and url.strip() and (wrong := wrong_with(url, allow_private=allow_private)):
            yield loc, wrong


def _sources(city: Fields) -> Iterator[Wrong]:
    first: dict[Any, int] = {}
    by_id = {id: source for _, source in items(city, "sources") if (id := text(source, "id"))}
    for number, source in items(city, "sources"):
        here = ("sources", number)
        id, kind, url, tier = (text(source, name) for name in ("id", "kind", "url", "tier"))
        if kind and kind not in KINDS:
            guess = words.did_you_mean(kind, KINDS) or f"; the kinds are {', '.join(sorted(KINDS))}"
            yield (*here, "kind"), f"there is no kind '{kind}'{guess}"
        if id and first.setdefault(id, number) != number:
            yield (*here, "id"), f"found '{id}' again (first in sources.{first[id]}): give each its own id"
        reading = (kind, url, text(source, "filter"))
        if kind and url and first.setdefault(reading, number) != number:
            yield (*here, "url"), f"sources.{first[reading]} is the same reading: keep one, or add a 'filter'"
        if kind == "gtfs" and tier in ("regional", "national") and source.get("near_km") is None:
            yield (*here, "near_km"), f"'near_km' is missing: a {tier} timetable counts only by its stops near the city"
        for name in ("same_as", "licence_from"):
            target = text(source, name)
            if not target:
                continue
            if target == id:
                yield (*here, name), f"found '{target}', the source itself: name another one, or take the line out"
            elif target not in by_id:
                yield (*here, name), no_source(target, by_id)
            elif name == "same_as" and (beyond := text(by_id[target], "same_as")):
                yield (*here, name), f"found '{target}', which is itself the same as '{beyond}': name that one"


def days(value: object, loc: Loc) -> Iterator[Wrong]:
    """Find days that no calendar has; the form of a day is the schema's question."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from days(inner, (*loc, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from days(inner, (*loc, number))
    elif isinstance(value, str) and loc and loc[-1] == "on":
        try:
            date.fromisoformat(value)
        except ValueError:
            yield loc, f"found {words.quoted(value)}, which is not a day of the calendar"


def _texts(value: object, loc: Loc) -> Iterator[Wrong]:
    """Find texts that are blank, begin or end with a space, or run over lines where one line is expected."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*loc, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*loc, number))
    elif isinstance(value, str):
        if not value.strip():
            yield loc, "found an empty text: write it, or take the line out"
        elif "\n" in value.strip() and loc[-1:] and loc[-1] not in _MAY_RUN_OVER_LINES:
            yield loc, "found several lines, expected one"
        elif value != value.strip() and "\n" not in value:
            yield loc, "found a space at the beginning or end: take it out"
