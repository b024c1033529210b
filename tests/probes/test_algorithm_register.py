"""What is read of a register of algorithms as JSON, CSV or a page, whole or for one body."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Measurement, Reading, Target
from builder.probes import algorithm_register

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://lindenford.example/algorithms"
ENTRIES: list[dict[str, Any]] = [
    {"name": "Bin routes", "organisation": "Lindenford", "purpose": "Shorter ways", "sourceData": ["bins"],
     "legal_basis": "", "startDate": "2026-11-20", "lastUpdated": "2026-05-01"},
    {"name": "Permits", "organisation": "lindenford ", "purpose": None, "legal_basis": "Act 7",
     "lastUpdated": "2026-03-01T10:00:00Z"},
    {"name": "Dykes", "organisation": "Water board", "purpose": "-", "lastUpdated": "2031-01-01"},
]  # fmt: skip
CSV = "Naam;Organisatie;Doel;Datum wijziging\nRoutes;Lindenford;Kort;14-05-2026\n\nPermits;Lindenford;;2026-03-01\n"
TABLE = """<!doctype html><html lang=en><title>Algorithms we use</title><h1>Register</h1><table><tr><th>Name</th>
<th>Purpose</th></tr><tr><td>Bins</td><td>x</td></tr><tr><td>Trees</td><td>y</td></tr></table></html>"""


def read(fake_web: Any, body: Any, filter: str | None = None, **more: Any) -> Reading:
    """Read a register."""
    pages = {URL: body} | {f"https://lindenford.example/{name}": page for name, page in more.items()}
    return asyncio.run(algorithm_register.read(Target(URL, NOW, filter=filter), fake_web(pages)))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_register_in_json_is_read(fake_web: Any) -> None:
    """Entries and how fully they are described; the newest change that has happened, not when a thing came into use."""
    reading = read(fake_web, ENTRIES)
    assert plain(reading) == {
        "entry_count": 3, "fields_filled_share": 13 / 21, "purpose_share": 1 / 3, "data_share": 1 / 3,
        "responsible_share": 1.0, "legal_basis_share": 1 / 3, "documented_share": 1 / 3, "entry_latest": "2026-05-01",
    }  # fmt: skip
    assert reading.complete and reading.measurements["purpose_share"].unit == "1"


@pytest.mark.parametrize("entry", [
    {"name": "Bins", "purpose": "x", "source_data": "y", "contact_email": "z"},
    {"Name": "Bins", "Goal": "x", "XMLData": "y", "Owner": "z"},
    {"name": "Bins", "tier_1": {"owner_responsibility": "z"}, "tier_2": {"purpose": "x", "sourceData": ["y"]}},
    {"naam": "Afval", "doel": "x", "gegevens": "y", "organisatie": "z"},
    {"nom": "Bacs", "finalité": "x", "données": "y", "responsable": "z"},
    {"nombre": "Basura", "finalidad": "x", "datos": "y", "contacto": "z"},
    {"nom": "Brossa", "finalitat": "x", "dades": "y", "contacte": "z"},
    {"nome": "Rifiuti", "finalità": "x", "dati_usati": "y", "responsabile": "z"},
    {"nome": "Lixo", "finalidade": "x", "dados": "y", "responsável": "z"},
    {"Name": "Müll", "Zweck": "x", "Daten": "y", "verantwortlich": "z"},
    {"nimi": "Jäte", "tarkoitus": "x", "tietolähteet": "y", "vastuu": "z"},
    {"namn": "Sopor", "syfte": "x", "data": "y", "ansvarig": "z"},
    {"navn": "Affald", "formål": "x", "data": "y", "ansvarlig": "z"},
    {"nimi": "Prügi", "eesmärk": "x", "andmed": "y", "vastutaja": "z"},
    {"nazwa": "Odpady", "cel": "x", "dane": "y", "odpowiedzialny": "z"},
    {"název": "Odpad", "účel": "x", "data": "y", "odpovědný": "z"},
    {"名称": "ごみ", "利用目的": "x", "利用データ": "y", "担当課": "z"},
    {"이름": "쓰레기", "목적": "x", "데이터": "y", "담당자": "z"},
    {"名称": "垃圾", "用途": "x", "数据": "y", "负责人": "z"},
])  # fmt: skip
def test_what_an_entry_must_say_is_known_in_our_cities_languages(fake_web: Any, entry: dict[str, Any]) -> None:
    """Purpose, data and who answers for it: an entry that says all three is documented, one with a gap is not."""
    gap = {name: "-" if said == "y" else said for name, said in entry.items() if not isinstance(said, dict)}
    found = plain(read(fake_web, [{"description": "d", **entry}, {"description": "d", "name": "Other", **gap}]))
    assert found["purpose_share"] >= 0.5 and found["data_share"] == 0.5 and found["documented_share"] == 0.5


def test_a_day_and_the_protection_of_data_are_no_data(fake_web: Any) -> None:
    """Where no field tells which data are used, neither share is told: a field may bear a name that we do not know."""
    entry = {"nome": "Rifiuti", "finalità": "x", "responsabile": "z", "data_pubblicazione": "2026-01-01",
             "data_protection_impact": "done", "dataModified": "2026-01-01"}  # fmt: skip
    found = plain(read(fake_web, [entry]))
    assert found["purpose_share"] == 1.0 and "data_share" not in found and "documented_share" not in found


@pytest.mark.parametrize("envelope", [
    lambda entries: {"algoritmes": entries}, lambda entries: {"help": [], "result": {"records": entries}},
    lambda entries: {"count": 3, "results": entries, "tags": ["a", "b", "c", "d"]},
])  # fmt: skip
def test_the_entries_are_found_in_any_envelope(fake_web: Any, envelope: Any) -> None:
    """The list of things with names is the register, wherever it lies."""
    assert plain(read(fake_web, envelope(ENTRIES)))["entry_count"] == 3


@pytest.mark.parametrize("around", [{"total": 40}, {"next": "https://lindenford.example/?page=2"}])
def test_entries_that_are_announced_and_did_not_come_are_missing(fake_web: Any, around: dict[str, Any]) -> None:
    """Where more are announced than came, the reading is not whole."""
    reading = read(fake_web, {"results": ENTRIES, **around})
    assert not reading.complete and reading.scope == "3 entries, and there are more"


def test_one_body_of_a_shared_register(fake_web: Any) -> None:
    """Only the entries of the body asked for count, whatever its case; without any it has none."""
    reading = read(fake_web, ENTRIES, "LINDENFORD")
    assert plain(reading)["entry_count"] == 2 and reading.scope == "2 entries of 'LINDENFORD' among 3"
    none = read(fake_web, ENTRIES, "Linden")
    assert none.empty and plain(none) == {"entry_count": 0}


def test_a_register_in_csv_is_read(fake_web: Any) -> None:
    """A table with a column of names is a register; its delimiter and encoding are found, blank lines are not rows."""
    for body in (CSV, CSV.encode("utf-16"), CSV.replace(";", ",")):
        assert plain(read(fake_web, body)) == {
            "entry_count": 2, "fields_filled_share": 7 / 8, "purpose_share": 0.5, "responsible_share": 1.0,
            "entry_latest": "2026-05-14",
        }  # fmt: skip
    assert plain(read(fake_web, CSV, "lindenford"))["entry_count"] == 2


def test_a_page_with_one_table_is_counted(fake_web: Any) -> None:
    """The rows of the one table with names are the entries; a page that goes on is not whole."""
    reading = read(fake_web, TABLE)
    assert plain(reading) == {"entry_count": 2, "title": "Algorithms we use"} and reading.complete
    assert not read(fake_web, TABLE.replace("</html>", '<a href="?page=2">2</a>')).complete


def test_articles_are_counted_where_there_is_no_table(fake_web: Any) -> None:
    """Articles may be a part of the register only, so such a reading is not whole."""
    page = "<!doctype html><title>AI register</title><article><h2>A</h2></article><article><h2>B</h2></article>"
    reading = read(fake_web, page)
    assert plain(reading)["entry_count"] == 2 and not reading.complete


@pytest.mark.parametrize(("page", "body"), [
    ("<!doctype html><title>Tekoälyrekisteri</title><p>Chatbot, parking</p>", None),
    ("<!doctype html><title>Algorithms</title><table><tr><td>layout</td></tr></table>", None),
    (TABLE + TABLE, None), (TABLE, "Lindenford"),
])  # fmt: skip
def test_a_page_that_cannot_be_counted_says_so(fake_web: Any, page: str, body: str | None) -> None:
    """Where a count might be wrong there is none, and the reading is not whole."""
    reading = read(fake_web, page, body)
    assert "entry_count" not in plain(reading) and not reading.complete and not reading.empty


def test_a_page_s_file_of_data_is_read_in_its_stead(fake_web: Any) -> None:
    """The one file that belongs to the register is asked; if it cannot be read, the page is still there."""
    page = '<!doctype html><title>Algorithms</title><a href="/x.json">The register</a><a href="/y.pdf">PDF</a>'
    assert read(fake_web, page, **{"x.json": ENTRIES}).measurements["entry_count"].capture == 1
    assert not read(fake_web, page, **{"x.json": (404, {}, b"")}).complete
    two = page.replace("/y.pdf", "/y.csv")
    assert "entry_count" not in read(fake_web, two, **{"x.json": ENTRIES, "y.csv": CSV}).measurements
    named = two.replace("/y.csv", "/algoritmes.csv")
    assert plain(read(fake_web, named, **{"x.json": ENTRIES, "algoritmes.csv": CSV}))["entry_count"] == 2


def test_an_empty_register_is_empty(fake_web: Any) -> None:
    """A list in order without an entry answered, and holds nothing."""
    for body in ([], {"algorithms": []}, "Name,Purpose\n"):
        assert read(fake_web, body).empty


@pytest.mark.parametrize(("body", "reason"), [
    ("<!doctype html><title>J'ai lu les parcs</title>", "not-the-declared-format"),
    ("<!doctype html><title>App</title><script></script>", "our-error"),
    ("<!doctype html><title>Page not found</title>", "not-found"),
    ({"hello": "world"}, "not-the-declared-format"),
    ({"error": {"message": "no such register"}}, "api-error"),
    ({"error": {"code": 499, "message": "Token required", "details": []}}, "api-error"),
    ([1, 2, 3], "not-the-declared-format"),
    ([{"x": 1}], "not-the-declared-format"),
    ({"data": {"stations": [{"name": "Market", "lat": 1.0, "capacity": 8}]}}, "not-the-declared-format"),
    ("Just words", "not-the-declared-format"),
    ("a,b\n1,2\n", "not-the-declared-format"),
    ("", "not-the-declared-format"),
    ('[{"name": "x"', "malformed"),
    ('Name,Purpose\n"' + "x" * 200_000, "malformed"),
])  # fmt: skip
def test_what_is_no_register_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """Other pages, other data, other texts and broken ones each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, body)
    assert caught.value.reason == reason and caught.value.capture is not None


def test_a_field_for_each_entry_costs_no_more_than_its_bytes(fake_web: Any) -> None:
    """Entries that share no field are read in one pass."""
    odd = [{"name": "x", f"date {number}": "2026-01-01", f"purpose {number}": 1} for number in range(20_000)]
    assert plain(read(fake_web, odd))["entry_count"] == 20_000


ODD = st.sampled_from([None, True, [], {}, [None], 1e18, "9999-12-31T23:59:59-14:00", "x", "2026-01-01", {"a": []}])


@settings(max_examples=200, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_damaged_registers_never_surprise(fake_web: Any, data: st.DataObject) -> None:
    """Whatever is changed in any form, a register is read or refused with a reason, and nothing else happens."""
    entries = [dict(entry) for entry in ENTRIES]
    for _ in range(data.draw(st.integers(0, 3))):
        entry = data.draw(st.sampled_from(entries))
        entry[data.draw(st.sampled_from(sorted(ENTRIES[0])))] = data.draw(ODD)
    body = bytearray(data.draw(st.sampled_from([json.dumps(entries).encode(), CSV.encode(), TABLE.encode()])))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    try:
        reading = read(fake_web, bytes(body), data.draw(st.sampled_from([None, "Lindenford"])))
    except Unreadable as error:
        assert error.message
        return
    for name, measured in reading.measurements.items():
        Measurement.model_validate_json(measured.model_dump_json())
        assert not name.endswith("_share") or 0 <= float(str(measured.value)) <= 1


def test_a_real_register_agrees_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """The recorded national register gives the counts, bodies and newest day that another program read in it."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in entries if entry["protocol"] == "algorithm register"]
    assert entries
    for entry in entries:
        body, expected = (shared / "wire" / entry["file"]).read_bytes(), entry["expected"]
        values = plain(read(fake_web, body))
        assert values["entry_count"] == expected["entries"]
        assert values["entry_latest"] == expected["newest_toegevoegd"]
        assert values["legal_basis_share"] == pytest.approx(1 - expected["without_legal_basis"] / expected["entries"])
        for organisation, number in expected["by_organisation"].items():
            assert plain(read(fake_web, body, organisation))["entry_count"] == number


@pytest.mark.parametrize(("address", "more", "read"), [
    ("https://lindenford.example/export.json", {}, True),
    ("https://lindenford.example/export.json", {"license_id": "cc-by"}, False),
    ("https://lindenford.example/export.json", {"license_id": "cc-by", "use": "An algorithm for routes"}, True),
    ("https://lindenford.example/ai-register.json", {"license_id": "cc-by"}, True),
])  # fmt: skip
def test_another_interfaces_data_must_speak_of_algorithms(
    fake_web: Any, address: str, more: dict[str, str], read: bool
) -> None:
    """Datasets have names and purposes too; what bears their marks is a register only where it says so."""
    entries = [{"name": "Bin routes", "purpose": "Shorter ways", **more}]
    reading = algorithm_register.read(Target(address, NOW), fake_web({address: entries}))
    if read:
        assert plain(asyncio.run(reading))["entry_count"] == 1
        return
    with pytest.raises(Unreadable) as caught:
        asyncio.run(reading)
    assert caught.value.reason == "not-the-declared-format"
