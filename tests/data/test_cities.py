"""The seventy city files: each loads by the schema, says where everything was found, and met no known trap."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from builder.model.city import SUBDIVISION_IN_ID, City
from builder.model.kinds import KINDS

FOLDER = Path(__file__).parents[2] / "cities"
FILES = sorted(FOLDER.glob("*.yml"))
SCHEMA_LINE = "# yaml-language-server: $schema=../builder/store/schemas/city.schema.json"

# Portals whose list of datasets somebody recorded, by the city that must name them.
RECORDED_SOCRATA = {
    "us-il-chicago": "data.cityofchicago.org",
    "us-tx-austin": "data.austintexas.gov",
    "us-mo-kansas-city": "data.kcmo.org",
    "us-tx-dallas": "www.dallasopendata.com",
    "au-vic-melbourne": "data.melbourne.vic.gov.au",
    "us-ca-oakland": "data.oaklandca.gov",
    "us-la-baton-rouge": "data.brla.gov",
    "us-tn-chattanooga": "www.chattadata.org",
    "us-tn-nashville": "data.nashville.gov",
    "us-wa-everett": "data.everettwa.gov",
    "us-wa-tacoma": "data.cityoftacoma.org",
    "us-mi-grand-rapids": "data.grandrapidsmi.gov",
    "us-ct-hartford": "data.hartford.gov",
    "us-ar-little-rock": "data.littlerock.gov",
    "us-va-richmond": "data.richmondgov.com",
    "us-ca-santa-monica": "data.smgov.net",
    "us-ca-berkeley": "data.cityofberkeley.info",
    "us-tx-fort-worth": "data.fortworthtexas.gov",
    "us-fl-orlando": "data.cityoforlando.net",
    "us-ny-albany": "data.albanyny.gov",
    "us-ca-west-hollywood": "data.weho.org",
}
RECORDED_FILES = {
    "us-mn-saint-paul": "https://information.stpaul.gov/data.json",
    "us-il-chicago": "https://data.cityofchicago.org/data.json",
    "us-mi-detroit": "http://data.detroitmi.gov/data.json",
    "us-il-evanston": "http://data-evanston.opendata.arcgis.com/data.json",
}
# Rows that a registry or a name brings near a city, though they are another place's, closed, or plainly wrong.
TRAPS = {
    "us-ky-louisville": ("louisvilleco.gov", "cdi00012941"),
    "us-ny-albany": ("cdi00003435", "albanytransit-or-us", "ats_albany_ga_us"),
    "us-ct-hartford": ("advancetransit",),
    "us-tx-dallas": ("dallashostcommittee",),
    "us-va-richmond": ("wildestfuture", "bird-richmond"),
    "us-mo-kansas-city": ("kcgov.us",),
    "us-tn-nashville": ("tma-tn-us", "mgrcmaps"),
    "us-ny-new-york": ("cobblinc",),
    "gb-bristol": ("bristol-virginia",),
    "gb-westminster": ("westminster.ac.uk",),
    "ch-basel": ("data.bl.ch",),
    "mx-cmx-mexico-city": ("plazapublica",),
    "ae-dubai": ("geosmart.dmt.gov.ae",),
    "fr-grand-paris-sud": ("seineouest", "seine-et-oise", "grandest"),
}
# The one figure at hand is of a suburb, a town or a whole urban area, so none is better.
POPULATION_UNKNOWN = {
    "au-nsw-blue-mountains", "au-nsw-camden", "au-nsw-campbelltown", "au-nsw-eurobodalla", "au-nsw-fairfield",
    "au-nsw-hawkesbury", "au-nsw-liverpool", "au-nsw-penrith", "au-nsw-randwick", "au-nsw-wollondilly",
    "au-vic-kingston", "au-vic-melbourne", "au-vic-southern-grampians", "de-rhein-kreis-neuss", "dk-copenhagen",
    "fr-grand-paris-sud", "mx-cmx-mexico-city",
}  # fmt: skip


def _load(path: Path) -> City:
    """A city by the plain loader that outsiders use: nothing in the files may depend on our own."""
    return City.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


CITIES = {path.stem: _load(path) for path in FILES}


def test_there_are_seventy() -> None:
    """Seventy cities, none lost and none doubled."""
    assert len(CITIES) == 70


@pytest.mark.parametrize("stem", CITIES)
def test_the_file_name_is_the_id_and_says_the_country(stem: str) -> None:
    """A city's address on the site is its file's name, which begins with its country and, in six, its subdivision."""
    city = CITIES[stem]
    start = city.country.lower()
    if city.country in SUBDIVISION_IN_ID:
        assert city.subdivision, f"{stem}: 'subdivision' is part of the id here"
        start = city.subdivision.lower()
    assert city.id == stem
    assert stem.startswith(f"{start}-")
    assert city.subdivision is None or city.subdivision.startswith(f"{city.country}-")
    assert (FOLDER / f"{stem}.yml").read_text(encoding="utf-8").startswith(f"{SCHEMA_LINE}\nid: {stem}\n")


@pytest.mark.parametrize("stem", CITIES)
def test_names_are_english_first_and_in_every_language_of_the_city(stem: str) -> None:
    """Everybody finds a city by its English name and by its own."""
    city = CITIES[stem]
    assert next(iter(city.names)) == "en"
    assert set(city.languages) <= set(city.names), f"{stem}: a language of the city has no name"


def test_names_in_other_scripts_are_kept_as_they_are_written() -> None:
    """Files are UTF-8 without escapes, so a person sees the name that the city's people write."""
    assert CITIES["kr-seoul"].names["ko"] == "서울"
    assert CITIES["ae-dubai"].names["ar"] == "دبي"
    assert CITIES["fi-helsinki"].names["sv"] == "Helsingfors"
    assert not [path.name for path in FILES if re.search(r"\\[ux][0-9A-Fa-f]", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("stem", CITIES)
def test_every_source_is_of_a_known_kind_with_an_id_and_an_address_of_its_own(stem: str) -> None:
    """Kinds are a closed list; an id is part of an address; the same reading is not asked for twice."""
    sources = CITIES[stem].sources
    assert sources, f"{stem}: a city without a source shows nothing"
    assert {source.kind for source in sources} <= set(KINDS)
    assert len({source.id for source in sources}) == len(sources)
    assert len({source.key for source in sources}) == len(sources)
    assert all(urlsplit(source.url).scheme in ("http", "https") for source in sources)


@pytest.mark.parametrize("stem", CITIES)
def test_every_source_says_where_it_was_found(stem: str) -> None:
    """Anyone can open the row that named a source: its link is pinned to a commit and dated."""
    for source in CITIES[stem].sources:
        where = f"{stem}: {source.id}"
        assert source.found is not None, f"{where} has no 'found'"
        assert source.found.row, f"{where} does not name the registry's row"
        assert re.search(r"/[0-9a-f]{40}/", source.found.link), f"{where}: the link would move with its branch"
        assert date(2010, 1, 1) < date.fromisoformat(source.found.on) < date(2027, 1, 1), where


@pytest.mark.parametrize("stem", CITIES)
def test_a_wide_timetable_says_how_near_its_stops_must_be(stem: str) -> None:
    """A regional or national timetable counts only by its stops near the city."""
    wide = [s for s in CITIES[stem].sources if s.kind == "gtfs" and s.tier in ("regional", "national")]
    assert not [source.id for source in wide if source.near_km is None]


def test_no_file_holds_a_key() -> None:
    """Addresses that need a key name the variable that holds one; no secret lies in a public file.

    Bordeaux's feeds carry a plain phrase where others carry a key: it is printed for everybody and is the address.
    """
    for path in FILES:
        assert "REDACTED" not in path.read_text(encoding="utf-8"), path.name
    for stem, city in CITIES.items():
        for source in city.sources:
            for name, value in parse_qsl(urlsplit(source.url).query):
                secret = re.search(r"key|token|secret|sig|app_?id|code|pass", name, re.IGNORECASE)
                plain_phrase = re.fullmatch(r"[a-z]+(-[a-z]+)+", value)
                assert not secret or plain_phrase, f"{stem}: {source.id}: '{name}' looks like a key: use 'key_env'"


def test_a_source_whose_note_asks_for_a_key_names_its_variable() -> None:
    """Whoever reads the note finds the variable, and the other way round."""
    for stem, city in CITIES.items():
        for source in city.sources:
            asks = "needs a key of one's own" in (source.note or "")
            assert asks == (source.key_env is not None), f"{stem}: {source.id}"


@pytest.mark.parametrize("stem", CITIES)
def test_population_names_its_source_and_its_year_or_says_there_is_none(stem: str) -> None:
    """A year that nobody stated is written down as null, never guessed, and the source says 'undated'."""
    population = CITIES[stem].population
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"{stem}.yml").read_text(encoding="utf-8"))
    if population is None:
        assert stem in POPULATION_UNKNOWN, f"{stem}: its population was known"
        return
    assert stem not in POPULATION_UNKNOWN
    assert "year" in raw["population"], f"{stem}: write 'year: null' where none is stated"
    assert (population.year is None) == ("undated" in population.source)


@pytest.mark.parametrize("stem", RECORDED_SOCRATA)
def test_recorded_socrata_portals_are_named(stem: str) -> None:
    """A recorded list of datasets is read only if a city names the portal by exactly this address."""
    url = f"https://{RECORDED_SOCRATA[stem]}"
    assert url in [source.url for source in CITIES[stem].sources if source.kind == "socrata"]


@pytest.mark.parametrize("stem", RECORDED_FILES)
def test_recorded_catalogue_files_are_named(stem: str) -> None:
    """The same for a recorded data.json."""
    assert RECORDED_FILES[stem] in [source.url for source in CITIES[stem].sources if source.kind == "dcat_us"]


def test_every_recorded_host_has_its_city(shared: Path) -> None:
    """The two lists above are the recordings' own, so none is forgotten when more arrive."""
    manifest = json.loads((shared / "recordings" / "manifest.json").read_text(encoding="utf-8"))
    urls = [exchange["url"] for exchange in manifest["exchanges"]]
    domains = {found[1] for url in urls if (found := re.search(r"[?&]domains=([^&]+)", url))}
    assert domains == set(RECORDED_SOCRATA.values())
    assert {url for url in urls if url.endswith("/data.json")} == set(RECORDED_FILES.values())


@pytest.mark.parametrize("stem", TRAPS)
def test_traps_are_not_walked_into(stem: str) -> None:
    """Namesakes and wrong registry rows, met once, stay out of the sources."""
    said = CITIES[stem].model_dump_json().lower()
    assert not [trap for trap in TRAPS[stem] if trap in said]


def test_namesakes_stand_where_they_should() -> None:
    """The right Richmond, Everett, Albany, Kansas City and Kingston: by state, by place and by what they name."""
    for stem, north, south in (
        ("us-va-richmond", 37.6, 37.5),
        ("us-wa-everett", 48.0, 47.9),
        ("us-ny-albany", 42.7, 42.6),
        ("us-mo-kansas-city", 39.2, 39.0),
        ("us-ky-louisville", 38.3, 38.2),
        ("au-vic-kingston", -37.9, -38.1),
        ("au-nsw-liverpool", -33.9, -34.0),
    ):
        assert south < CITIES[stem].location[0] < north, stem


def test_no_name_of_an_official_site_is_only_a_portal() -> None:
    """`site` is the city's own web site; a registry that merely repeats the portal is not a statement of it."""
    for stem, city in CITIES.items():
        assert city.site is None or city.site not in [source.url for source in city.sources], stem


def test_every_source_of_the_research_is_in_its_file(shared: Path) -> None:
    """All that was found for the first 49 cities stands in a file: as a source, as the site or in the closing list."""
    facts = json.loads((shared / "cities" / "facts.json").read_text(encoding="utf-8"))["cities"]
    assert len(facts) == 49
    for found in facts:
        [city] = [
            city
            for city in CITIES.values()
            if city.country == found["country"]["code"] and found["name"] in city.names.values()
        ]
        text = (FOLDER / f"{city.id}.yml").read_text(encoding="utf-8")
        for source in found["sources"]:
            if source["kind"] == "official_domain":
                assert _host(source["url"]) in _host(city.site or ""), f"{city.id}: site"
            elif source.get("software") == "geoserver":
                assert _host(source["url"]) in text, f"{city.id} lacks {source['url']}"
            else:
                # An address that carries somebody's key stands in the file without it.
                assert _bare(source["url"].split("?app_id=")[0]) in text, f"{city.id} lacks {source['url']}"


def _bare(url: str) -> str:
    return url.split("://")[-1].rstrip("/")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
