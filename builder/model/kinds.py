"""The kinds of public source, a closed list: each names a protocol and says how long a reading of it stays good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["catalogue", "transit", "streets", "sensors", "maps", "services", "money", "democracy", "trust"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its id, its family, plain words for a citizen, and its readings' default lifetime in days."""

    id: str
    family: Family
    words: str
    lifetime_days: int


_CATALOGUE = 30  # a catalogue's shape changes slowly; a month-old list still describes it
_LIVE = 7  # a live feed that nobody has looked at for a week may have died
_SLOW = 90  # statements, registers and organisations change by the season

KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("ckan", "catalogue", "open data portal (CKAN)", _CATALOGUE),
        Kind("opendatasoft", "catalogue", "open data portal (Opendatasoft)", _CATALOGUE),
        Kind("socrata", "catalogue", "open data portal (Socrata)", _CATALOGUE),
        Kind("arcgis_hub", "catalogue", "open data portal (ArcGIS Hub)", _CATALOGUE),
        Kind("dcat_us", "catalogue", "catalogue file (DCAT-US data.json)", _CATALOGUE),
        Kind("dcat_ap", "catalogue", "catalogue file (DCAT-AP)", _CATALOGUE),
        Kind("udata", "catalogue", "part of a national open data portal (udata)", _CATALOGUE),
        Kind("gtfs", "transit", "timetable feed (GTFS)", _CATALOGUE),
        Kind("gtfs_rt", "transit", "live transit feed (GTFS Realtime)", _LIVE),
        Kind("siri", "transit", "live transit feed (SIRI)", _LIVE),
        Kind("netex", "transit", "timetable feed (NeTEx)", _CATALOGUE),
        Kind("gbfs", "transit", "shared bike and scooter feed (GBFS)", _LIVE),
        Kind("datex2", "streets", "road traffic feed (DATEX II)", _LIVE),
        Kind("sensorthings", "sensors", "sensor service (OGC SensorThings)", _LIVE),
        Kind("openaq", "sensors", "air measurements (OpenAQ)", _LIVE),
        Kind("ogc_api", "maps", "map data service (OGC API)", _CATALOGUE),
        Kind("wfs", "maps", "map data service (WFS)", _CATALOGUE),
        Kind("wms", "maps", "map picture service (WMS)", _CATALOGUE),
        Kind("open311", "services", "service request interface (Open311)", _LIVE),
        Kind("ocds", "money", "contract data (OCDS)", _CATALOGUE),
        Kind("datapackage", "money", "data package (Frictionless)", _CATALOGUE),
        Kind("decidim", "democracy", "participation platform (Decidim)", _CATALOGUE),
        Kind("consul", "democracy", "participation platform (CONSUL)", _CATALOGUE),
        Kind("oparl", "democracy", "council information system (OParl)", _CATALOGUE),
        Kind("legistar", "democracy", "council information system (Legistar)", _CATALOGUE),
        Kind("ical", "democracy", "calendar feed (iCalendar)", _CATALOGUE),
        Kind("feed", "democracy", "news feed (RSS or Atom)", _CATALOGUE),
        Kind("algorithm_register", "trust", "register of algorithms", _SLOW),
        Kind("https", "trust", "web site security (HTTPS)", _CATALOGUE),
        Kind("security_txt", "trust", "security contact (security.txt)", _CATALOGUE),
        Kind("accessibility_statement", "trust", "accessibility statement", _SLOW),
        Kind("source_code", "trust", "published software", _SLOW),
        Kind("webpage", "trust", "web page", _SLOW),
    )
}

CATALOGUE_KINDS = frozenset(kind.id for kind in KINDS.values() if kind.family == "catalogue")
