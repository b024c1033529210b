"""City and framework files: every mistake is told at once, in plain words, with its place and what to do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builder.errors import FilesRefused
from builder.model.city import City
from builder.model.framework import Framework
from builder.store.people import load_cities, load_frameworks, read_city, read_framework
from builder.store.refusals import FORMS
from builder.store.sayings import Asked

TEST = frozenset({"published", "fresh"})
ASKED = {
    "transit.timetable": Asked(frozenset({"gtfs"}), TEST),
    "nature.trees": Asked(frozenset(), TEST),
    "water.bathing": Asked(frozenset({"sensorthings"}), TEST),
}
URL = "url: https://data.exampleton.example/\n"

# What is replaced by what in a right city file, the field that is blamed, and words of the message.
SPOILT: dict[str, tuple[str, str, str, str]] = {
    "unknown field": ("site: h", "sight: h", "sight", "did you mean 'site'?"),
    "unknown field in a source": ("    tier: city\n", "    tier: city\n    teir: city\n", "sources.0.teir", "'tier'"),
    "unknown field like no other": ("contributors: [ana]", "zzz: 1", "zzz", "the fields are"),
    "field missing": ("country: XK\n", "", "country", "add it"),
    "field missing in a source": ("    publisher: City of Exampleton\n", "", "sources.0.publisher", "add it"),
    "number where text is meant": ("publisher: City of Exampleton", "publisher: 12", "sources.0.publisher", "quotes"),
    "number as a row": ('row: "17"', "row: 17", "sources.0.found.row", "in quotes"),
    "nothing where text is meant": ("tier: city", "tier:", "sources.0.tier", "expected city or metropolitan"),
    "Norway unharmed, yet no such land": ("country: XK", "country: ON", "country", "there is no country 'ON'"),
    "United Kingdom": ("country: XK", "country: UK", "country", "did you mean 'GB'?"),
    "country in small letters": ("country: XK", "country: xk", "country", "two capital letters"),
    "id of another country": ("id: xk-exampleton", "id: de-exampleton", "id", "begin with 'xk-'"),
    "id unlike the file's name": ("id: xk-exampleton", "id: xk-other", "id", "they are one"),
    "id with capitals": ("id: xk-exampleton", "id: XK-Exampleton", "id", "lower-case"),
    "id that climbs": ("id: xk-exampleton", "id: xk-../../etc/passwd", "id", "lower-case"),
    "subdivision elsewhere": ("country: XK", "country: XK\nsubdivision: US-NY", "subdivision", "not in the country"),
    "English missing": ("  en: Exampleton\n", "", "names.en", "add the English name"),
    "English not first": ("  en: Exampleton\n  sq: Shembull\n", "  sq: S\n  en: E\n", "names.en", "move it up"),
    "language that is none": ("  sq: Shembull", "  Albanian: Shembull", "names.Albanian", "language's code"),
    "language twice": ("languages: [sq]", "languages: [sq, sq]", "languages", "twice"),
    "no language": ("languages: [sq]", "languages: []", "languages", "at least 1"),
    "languages as text": ("languages: [sq]", "languages: sq", "languages", "expected a list"),
    "octal population": ("value: 120000", "value: 0120000", "population.value", "leading zeros"),
    "population with separators": ("value: 120000", "value: 120_000", "population.value", "plain digits"),
    "population in clock time": ("value: 120000", "value: 12:30", "population.value", "whole number"),
    "population of nobody": ("value: 120000", "value: 0", "population.value", "more than 0"),
    "half a person": ("value: 120000", "value: 0.5", "population.value", "whole number"),
    "population as true": ("value: 120000", "value: true", "population.value", "found true, expected a whole number"),
    "year long gone": ("year: 2021", "year: 1066", "population.year", "at least 1950"),
    "latitude and longitude swapped": ("[42.5, 21]", "[121, 42.5]", "location", "latitude first"),
    "nowhere on Earth": ("[42.5, 21]", "[420.5, 210]", "location", "nowhere on Earth"),
    "the sea": ("[42.5, 21]", "[0, 0]", "location", "in the sea"),
    "three coordinates": ("[42.5, 21]", "[42.5, 21, 3]", "location", "at most 2"),
    "coordinates in words": ("[42.5, 21]", "[42.5N, 21]", "location.0", "expected a number"),
    "coordinates beyond number": ("[42.5, 21]", "[.nan, .inf]", "location.0", "expected a number"),
    "unknown kind": ("kind: ckan", "kind: ckann", "sources.0.kind", "did you mean 'ckan'?"),
    "kind with a dash": ("kind: gtfs\n", "kind: gtfs-rt\n", "sources.1.kind", "did you mean 'gtfs_rt'?"),
    "unknown tier": ("tier: city", "tier: cty", "sources.0.tier", "did you mean 'city'?"),
    "file address": (URL, "url: file:///etc/passwd\n", "sources.0.url", "https://"),
    "ftp address": (URL, "url: ftp://data.exampleton.example/\n", "sources.0.url", "https://"),
    "script for an address": (URL, 'url: "javascript:alert(1)"\n', "sources.0.url", "https://"),
    "address without a scheme": (URL, "url: data.exampleton.example\n", "sources.0.url", "https://"),
    "address without a host": (URL, "url: https:///x\n", "sources.0.url", "https://"),
    "password in an address": (URL, "url: https://me:hunter2@data.example/\n", "sources.0.url", "***"),
    "user in an address": (URL, "url: https://me@data.example/\n", "sources.0.url", "take it out"),
    "space in an address": (URL, "url: https://data.example/a b\n", "sources.0.url", "copy it again"),
    "backslash in an address": (URL, "url: https://data.example\\\\evil.example/\n", "sources.0.url", "copy it again"),
    "port out of range": (URL, "url: https://data.example:99999/\n", "sources.0.url", "not a web address"),
    "bracket out of place": (URL, "url: https://[data.example/\n", "sources.0.url", "not a web address"),
    "endless address": (URL, f"url: https://data.example/{'a' * 3000}\n", "sources.0.url", "2000"),
    "this machine": (URL, "url: http://localhost/\n", "sources.0.url", "private network"),
    "this machine by number": (URL, "url: http://127.0.0.1/\n", "sources.0.url", "private network"),
    "this machine in disguise": (URL, "url: http://2130706433/\n", "sources.0.url", "private network"),
    "this machine, shortened": (URL, "url: http://127.1/\n", "sources.0.url", "private network"),
    "this machine in hexadecimal": (URL, "url: http://0x7f.0.0.1/\n", "sources.0.url", "private network"),
    "this machine in IPv6": (URL, 'url: "http://[::1]/"\n', "sources.0.url", "private network"),
    "the metadata service": (URL, "url: http://169.254.169.254/latest\n", "sources.0.url", "private network"),
    "a name without a dot": (URL, "url: http://intranet/\n", "sources.0.url", "private network"),
    "site that is no address": ("site: https://www.exampleton.example/", "site: exampleton", "site", "https://"),
    "registry link that is none": ("link: https://registry.example/", "link: x/", "sources.0.found.link", "https://"),
    "day that is none": ("      on: 2026-11-21", "      on: 2026-02-30", "sources.0.found.on", "calendar"),
    "day in another order": ("      on: 2026-11-21", "      on: 21.11.2026", "sources.0.found.on", "year-month-day"),
    "source id twice": ("id: buses", "id: portal", "sources.1.id", "first in sources.0"),
    "source id in capitals": ("id: buses", "id: Buses", "sources.1.id", "lower-case"),
    "same reading twice": (
        "kind: gtfs\n    url: https://data.exampleton.example/gtfs.zip",
        "kind: ckan\n    url: https://data.exampleton.example/",
        "sources.1.url",
        "same reading",
    ),
    "same as nothing": ("    near_km: 12.5", "    near_km: 1\n    same_as: portl", "sources.1.same_as", "'portal'"),
    "same as itself": ("    near_km: 12.5", "    near_km: 1\n    same_as: buses", "sources.1.same_as", "itself"),
    "licence from nowhere": ("licence_from: portal", "licence_from: attic", "sources.1.licence_from", "'attic'"),
    "regional timetable anywhere": ("    near_km: 12.5\n", "", "sources.1.near_km", "near the city"),
    "near as far as the moon": ("near_km: 12.5", "near_km: 384400", "sources.1.near_km", "at most 200"),
    "another secret asked for": ("near_km: 12.5", "near_km: 1\n    key_env: GITHUB_TOKEN", "sources.1.key_env", "NAME"),
    "key pasted for its name": ("near_km: 12.5", "near_km: 1\n    key_env: s3cr3tv4lue", "sources.1.key_env", "NAME"),
    "pin of an unknown indicator": ("transit.timetable, source", "transit.timtable, source", "pins.0.indicator", "you"),
    "pin of no indicator": ("indicator: transit.timetable", "indicator: buses", "pins.0.indicator", "<area>.<name>"),
    "pin of an unknown source": ("source: buses, by", "source: busses, by", "pins.0.source", "did you mean 'buses'?"),
    "pinned and rejected": (
        "rejects:\n",
        "rejects:\n  - {indicator: transit.timetable, source: buses, by: bo, on: 2026-11-03, why: No.}\n",
        "rejects.0.indicator",
        "pins.0",
    ),
    "rejected without a reason": (", why: Only stumps.", "", "rejects.0.why", "add it"),
    "attested test that is none": ("test: published", "test: publishd", "attestations.0.test", "'published'"),
    "attested by a guess": ("outcome: passed", "outcome: maybe", "attestations.0.outcome", "'passed' or 'failed'"),
    "attested at length": ("The page shows a list of trees.", "x" * 201, "attestations.0.words", "at most 200"),
    "attested nowhere": ("url: https://www.exampleton.example/trees", "url: trees", "attestations.0.url", "https://"),
    "reply to nothing": ("nature.trees, by: City", "nature.treees, by: City", "replies.0.indicator", "'nature.trees'"),
    "not applicable, unknown": ("water.bathing:", "water.bathingg:", "not_applicable.water.bathingg", "did you"),
    "empty name": ("  sq: Shembull", '  sq: ""', "names.sq", "empty text"),
    "blank name": ("  sq: Shembull", '  sq: "  "', "names.sq", "empty text"),
    "name with a space before it": ("  sq: Shembull", '  sq: " Shembull"', "names.sq", "space"),
    "name over two lines": ("  sq: Shembull", '  sq: "Shem\\nbull"', "names.sq", "several lines"),
    "list where fields are meant": ("names:\n  en: Exampleton\n  sq: Shembull", "names: [en]", "names", "fields"),
    "sources as fields": ("contributors: [ana]", "contributors: {a: b}", "contributors", "expected a list"),
    "source that is text": ("sources:\n", "sources:\n  - https://data.example/\n", "sources.0", "fields"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_mistake_is_told_at_its_field(name: str, folders: Any) -> None:
    """Each mistake in an otherwise right city file blames its field and line and says what to do."""
    old, new, field, expected = SPOILT[name]
    folders.spoil(old, new)
    faults = read_city(folders.city, questions=ASKED)
    assert isinstance(faults, list)
    assert any(expected in fault.message for fault in faults if fault.field == field), faults
    assert all(0 < len(fault.message) <= 300 and fault.message.isprintable() for fault in faults)
    assert "hunter2" not in str(faults) and "s3cr3t" not in str(faults)


def test_a_right_city_is_read(folders: Any) -> None:
    """The file that the others spoil is right, and holds what it says."""
    city = read_city(folders.city, questions=ASKED)
    assert isinstance(city, City)
    assert city.name == "Exampleton" and city.location == (42.5, 21) and city.sources[0].found is not None
    assert city.sources[0].found.on == "2026-11-21" and not city.sources[1].same_as


def test_faults_point_at_the_line(folders: Any) -> None:
    """A wrong value is blamed where it stands, an unknown field at its name, a missing field at its parent."""
    line = folders.spoil("kind: ckan", "kind: kcan")
    folders.spoil("site: h", "sight: h")
    folders.spoil("population: {value: 120000, year: 2021, source: Census}", "population: {value: 1}")
    faults = read_city(folders.city)
    assert isinstance(faults, list)
    places = {fault.field: (fault.line, fault.column) for fault in faults}
    assert places == {"sources.0.kind": (line, 11), "sight": (9, 1), "population.source": (8, 1)}


def test_every_mistake_is_told_at_once(folders: Any) -> None:
    """Mistakes of form, schema and sense stand in one list: nobody has to mend and try again to see the next."""
    folders.spoil("contributors: [ana]", "contributors: [ana]\ncontributors: [ana]")
    folders.spoil("languages: [sq]", "languages: 3")
    folders.spoil("kind: ckan", "kind: kcan")
    folders.spoil("id: xk-exampleton", "id: xk-other")
    faults = read_city(folders.city)
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == ["id", "languages", "sources.0.kind", "contributors"]


def test_six_countries_always_name_the_subdivision(tmp_path: Path, folders: Any) -> None:
    """Where namesakes abound the subdivision is part of the id, and it must be the city's own."""
    text = folders.city.read_text().replace("country: XK", "country: US")
    path = tmp_path / "us-ny-exampleton.yml"
    path.write_text(text.replace("id: xk-", "id: us-ny-"))
    faults = read_city(path)
    assert isinstance(faults, list) and [fault.field for fault in faults] == ["subdivision"]
    path.write_text(text.replace("id: xk-", "id: us-ny-").replace("country: US", "country: US\nsubdivision: US-NJ"))
    faults = read_city(path)
    assert isinstance(faults, list) and "us-nj-" in faults[0].message
    path.write_text(text.replace("id: xk-", "id: us-ny-").replace("country: US", "country: US\nsubdivision: US-NY"))
    assert isinstance(read_city(path), City)


def test_the_demonstration_may_name_this_machine(folders: Any) -> None:
    """Addresses of this machine are let pass only where the caller says so."""
    folders.spoil(URL, "url: http://127.0.0.1:8000/\n")
    assert isinstance(read_city(folders.city), list)
    assert isinstance(read_city(folders.city, allow_private=True), City)


def test_a_document_that_is_no_city_is_one_fault(tmp_path: Path) -> None:
    """An empty file, a list or a text is told once, not field by field."""
    path = tmp_path / "xk-x.yml"
    for text in ("", "- a\n", "hello\n"):
        path.write_text(text)
        faults = read_city(path)
        assert isinstance(faults, list) and len(faults) == 1 and "fields" in faults[0].message


def test_cities_are_loaded_sorted(folders: Any) -> None:
    """A folder gives its cities by id, in the order of their ids."""
    second = folders.city.read_text().replace("xk-exampleton", "xk-another")
    (folders.cities / "xk-another.yml").write_text(second)
    (folders.cities / "README.md").write_text("Cities.")
    cities = load_cities(folders.cities, load_frameworks(folders.frameworks))
    assert list(cities) == ["xk-another", "xk-exampleton"]


def test_one_bad_file_hides_no_other(folders: Any) -> None:
    """All files' faults come in one refusal, in order of file and line."""
    (folders.cities / "a.yml").write_text("a: [")
    (folders.cities / "b.yml").write_text("id: b\nid: b\n")
    folders.spoil("kind: ckan", "kind: kcan")
    with pytest.raises(FilesRefused) as refused:
        load_cities(folders.cities)
    files = [Path(fault.file).name for fault in refused.value.faults]
    assert files == sorted(files) and set(files) == {"a.yml", "b.yml", "xk-exampleton.yml"}
    assert refused.value.faults == sorted(refused.value.faults)


@pytest.mark.parametrize("name", ["xk-lost.yaml", "xk-lost.YML", "XK-exampleton.yml"])
def test_no_file_is_passed_over_in_silence(name: str, folders: Any) -> None:
    """A file that looks like a city but would not be read, or would hide another, is refused."""
    (folders.cities / name).write_text(folders.city.read_text())
    with pytest.raises(FilesRefused, match=r"rename|they are one"):
        load_cities(folders.cities)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    """No cities at all is a mistake, not an empty world; so is a folder that is not there, or one inside another."""
    for folder, words in ((tmp_path, "holds no"), (tmp_path / "absent", "no such folder")):
        with pytest.raises(FilesRefused, match=words):
            load_cities(folder)
    (tmp_path / "inner").mkdir()
    with pytest.raises(FilesRefused, match="nobody would read"):
        load_cities(tmp_path)


def test_frameworks_are_loaded_beside_their_topics(folders: Any) -> None:
    """The vocabulary lies in a folder beside the frameworks and is not read as one."""
    (folders.frameworks / "topics").mkdir()
    (folders.frameworks / "topics" / "trees.yml").write_text("id: trees\n")
    frameworks = load_frameworks(folders.frameworks)
    assert list(frameworks) == ["small"] and frameworks["small"].indicators[0].kinds == ("gtfs",)


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("id: small", "id: large", "id", "rename"),
        ("kinds: [gtfs]", "kinds: [gtsf]", "indicators.0.kinds.0", "did you mean 'gtfs'?"),
        ("rule: within", "rule: witin", "indicators.1.tests.fresh.rules.0", "did you mean 'within'?"),
        ("days: 730", "dayz: 730", "indicators.1.tests.fresh.rules.0.dayz", "did you mean 'days'?"),
        ("days: 730", "days: long", "indicators.1.tests.fresh.rules.0.days", "expected a number"),
        (", days: 730", "", "indicators.1.tests.fresh.rules.0.days", "add it"),
        ("fresh: {", "frsh: {", "indicators.1.tests.frsh", "did you mean 'fresh'?"),
        ("weight: 3", "weight: 9", "indicators.0.weight", "at most 3"),
        ("  - {id: water, name: Water, summary: Water.}\n", "", "file", "not listed: water"),
        ("on: 2026-11-21", "on: 2026-11-31", "changes.0.on", "calendar"),
        ('version: "0.1"\nname', "version: 0.1\nname", "version", "in quotes"),
    ],
)
def test_mistakes_in_a_framework_are_told_too(old: str, new: str, field: str, expected: str, folders: Any) -> None:
    """A framework's mistakes are told in the same words and at the same kind of place."""
    folders.spoil(old, new, folders.framework)
    faults = read_framework(folders.framework)
    assert isinstance(faults, list)
    assert any(fault.field == field and expected in fault.message for fault in faults), faults


def test_no_spoilt_byte_makes_a_traceback(folders: Any) -> None:
    """Four hundred files with bytes put in, taken out and swapped are each read or refused in printable lines."""
    chance, right = random.Random(21), folders.city.read_bytes()
    snippets = [b"[", b"}", b": ", b"- ", b"\n  ", b"&a ", b"*a ", b"<<: ", b"!x ", b"'", b'"', b"\0", b"\xff", b"|"]
    refused = 0
    for _ in range(400):
        spoilt = bytearray(right)
        for _ in range(chance.choice((1, 2, 5))):
            at = chance.randrange(len(spoilt) - 30)
            match chance.randrange(3):
                case 0:
                    spoilt[at:at] = chance.choice(snippets)
                case 1:
                    del spoilt[at : at + chance.randrange(1, 30)]
                case _:
                    spoilt[at] = chance.randrange(256)
        folders.city.write_bytes(spoilt)
        found = read_city(folders.city, questions=ASKED)
        if isinstance(found, list):
            refused += 1
            assert found and all(one.line >= 1 and one.column >= 1 and str(one).isprintable() for one in found)
    assert refused > 200


def _patterns(value: object) -> Iterator[str]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in members:
        if name == "pattern" and isinstance(inner, str):
            yield inner
        yield from _patterns(inner)


def test_every_form_has_its_words() -> None:
    """Nobody is shown a regular expression: each pattern of the nouns has its words, and no words are left over."""
    assert {one for model in (City, Framework) for one in _patterns(model.model_json_schema())} == set(FORMS)
