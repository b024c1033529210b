"""How a data package is read: what its descriptor says, and what its CSV files hold."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import datapackage

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FOLDER = "https://money.lindenford.example/budget/"
FIELDS = [{"name": "year"}, {"name": "item"}, {"name": "amount"}]
SPENDING = b'year,item,amount\n2025,parks,10\n2026,"trees,\nbenches",20\n\n2026,roads,30\n'


def package(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A descriptor."""
    return {"name": "lindenford-budget", "resources": list(resources), **more}


def spending(**more: Any) -> dict[str, Any]:
    """A resource that is a CSV file beside the descriptor."""
    return {"name": "spending", "path": "data/spending.csv", "schema": {"fields": FIELDS}, **more}


def read(web: Any, url: str = FOLDER) -> Reading:
    """Read the package at an address."""
    return asyncio.run(datapackage.read(Target(url, NOW), web))


def served(descriptor: Any, **files: Any) -> dict[str, Any]:
    """The answers of a folder: the descriptor and data/<name>.csv."""
    return {f"{FOLDER}datapackage.json": descriptor} | {f"{FOLDER}data/{name}.csv": files[name] for name in files}


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_a_package_and_its_rows_are_read(fake_web: Any) -> None:
    """The header and blank lines are no rows; a line break inside quotes begins no new one."""
    descriptor = package(spending(), licenses=[{"name": "CC0-1.0"}], profile="tabular-data-package")
    reading = read(fake_web(served(descriptor, spending=SPENDING)))
    assert values(reading) == {
        "name": "lindenford-budget", "profile": "tabular-data-package", "resource_count": 1, "field_count": 3,
        "license": "CC0-1.0", "row_count": 3,
    }  # fmt: skip
    assert reading.complete and reading.scope == "the descriptor and 1 file"
    assert reading.measurements["row_count"].capture == 1


@pytest.mark.parametrize("fiscal", [
    {"mapping": {"dimensions": {"date": {"attributes": {"year": {"source": "year"}}}}}},
    {"resources": [spending(schema={"fields": [{"name": "year", "columnType": "date:fiscal-year"}]})]},
])  # fmt: skip
def test_fiscal_years_are_those_in_the_rows(fake_web: Any, fiscal: dict[str, Any]) -> None:
    """The column that holds the year is named by the mapping, or in newer packages by its column type."""
    descriptor = package(spending(), fiscalPeriod={"start": "2020-01-01", "end": "2026-12-31"}) | fiscal
    years = read(fake_web(served(descriptor, spending=SPENDING))).measurements["fiscal_years"]
    assert (years.value, years.pointer, years.capture) == ([2025, 2026], "spending#year", 1)


def test_without_rows_the_stated_period_gives_the_years(fake_web: Any) -> None:
    """A file that could not be read leaves the stated period, no count of rows, and a reading that is not complete."""
    descriptor = package(spending(), fiscalPeriod={"start": "2025-07-01", "end": "2026-06-30"})
    reading = read(fake_web(served(descriptor, spending=(404, {}, b""))))
    assert values(reading)["fiscal_years"] == [2025, 2026] and "row_count" not in values(reading)
    assert not reading.complete and reading.scope == "the descriptor and 0 files; not read: spending (not-found)"


@pytest.mark.parametrize(("resource", "body"), [
    ({}, SPENDING.replace(b",", b";")),
    ({"dialect": {"delimiter": "\t"}}, SPENDING.replace(b",", b"\t")),
    ({"encoding": "latin-1"}, SPENDING.decode().replace("parks", "Gr\u00fcn").encode("latin-1")),
    ({"encoding": "no-such"}, b"\xef\xbb\xbf" + SPENDING),
    ({}, SPENDING.decode().encode("utf-16")),
    ({}, SPENDING.decode().replace("parks", "Gr\u00fcn").encode("latin-1")),
    ({"dialect": {"header": False}}, SPENDING.partition(b"\n")[2]),
    ({"dialect": {"quoteChar": "'"}}, SPENDING.replace(b'"', b"'")),
    ({"dialect": {"delimiter": "too long", "quoteChar": [1]}}, SPENDING),
])  # fmt: skip
def test_tables_are_read_as_they_are_written(fake_web: Any, resource: dict[str, Any], body: bytes) -> None:
    """Other delimiters, encodings and quotes; where the package does not say, the first line does."""
    assert values(read(fake_web(served(package(spending(**resource)), spending=body))))["row_count"] == 3


def test_a_table_in_parts_has_one_header(fake_web: Any) -> None:
    """Several paths of one resource are one table; further resources add their rows."""
    both = spending(path=["data/a.csv", "data/b.csv"])
    pages = served(package(both, spending()), a=SPENDING, b=b"2027,pools,1\n", spending=SPENDING)
    assert values(read(fake_web(pages)))["row_count"] == 7


def test_rows_inside_the_descriptor_count(fake_web: Any) -> None:
    """Rows as objects have no header, rows as lists begin with one."""
    inline = package({"name": "a", "data": [{"x": 1}, {"x": 2}]}, {"name": "b", "data": [["x"], [1]]})
    reading = read(fake_web(served(inline)))
    assert values(reading)["row_count"] == 3 and "field_count" not in values(reading)


def test_other_formats_are_not_opened(fake_web: Any) -> None:
    """A PDF or a packed file is a resource, and nothing is asked for it."""
    descriptor = package(
        {"path": "a.pdf"}, {"path": "b.csv", "compression": "gz"}, {"path": "x", "format": "xlsx"},
        {"path": "c.csv.zip", "format": "csv"},
    )  # fmt: skip
    web = fake_web(served(descriptor))
    reading = read(web)
    assert len(web.asked) == 1 and values(reading)["resource_count"] == 4 and "row_count" not in values(reading)
    assert reading.scope == "the descriptor and 0 files; 4 resources in other formats not opened"


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/data.csv", "file:///etc/data.csv", "~/a.csv"])
def test_paths_that_lead_out_of_the_folder_are_not_followed(fake_web: Any, path: str) -> None:
    """The standard forbids them, for good reason."""
    web = fake_web(served(package(spending(path=path))))
    reading = read(web)
    assert len(web.asked) == 1 and "spending (blocked-scheme)" in reading.scope


def test_a_schema_may_lie_in_its_own_file(fake_web: Any) -> None:
    """Its fields count as if they stood in the descriptor; one that cannot be read is named."""
    pages = served(package(spending(schema="schema.json")), spending=SPENDING)
    assert values(read(fake_web(pages | {f"{FOLDER}schema.json": {"fields": FIELDS}})))["field_count"] == 3
    assert "schema of spending (not-captured)" in read(fake_web(pages)).scope


def test_not_more_files_are_read_than_anybody_needs(fake_web: Any) -> None:
    """A package of a hundred files is read as far as twenty of them, and then has no count of rows."""
    descriptor = package(*(spending(name=f"s{n}") for n in range(30)))
    web = fake_web(served(descriptor, spending=SPENDING))
    reading = read(web)
    assert len(web.asked) == 21 and "row_count" not in values(reading) and not reading.complete
    assert reading.scope.endswith("s24 (too-large) and 5 more")


@pytest.mark.parametrize(("more", "licence"), [
    ({"license": "ODC-BY-1.0"}, "ODC-BY-1.0"),
    ({"licenses": [{"type": "", "title": "Open", "path": "https://licence.example/"}]}, "Open"),
    ({"licenses": [], "resources": [spending(licenses=[{"path": "https://licence.example/"}])]},
     "https://licence.example/"),
    ({"licenses": "none of your business"}, "none of your business"),
    ({"licenses": 7}, None),
])  # fmt: skip
def test_the_licence_is_told_as_stated(fake_web: Any, more: dict[str, Any], licence: str | None) -> None:
    """The package's own first, in any of its older spellings, then its resources'."""
    assert values(read(fake_web(served(package() | more)))).get("license") == licence


def test_a_package_without_resources_is_empty(fake_web: Any) -> None:
    """It answered in its form, and holds nothing."""
    reading = read(fake_web(served(package())))
    assert reading.empty and values(reading) == {"name": "lindenford-budget", "resource_count": 0}


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html></html>", "not-the-declared-format"),
    ({"name": "x"}, "not-the-declared-format"),
    ([], "not-the-declared-format"),
    ({"error": "gone away"}, "api-error"),
    (b'{"resources": [', "malformed"),
])  # fmt: skip
def test_what_is_no_package_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """Each has its reason."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web(served(body)))
    assert caught.value.reason == reason


@pytest.mark.parametrize(("more", "body", "reason"), [
    ({}, b"<!DOCTYPE html><p>Log in", "not-the-declared-format"),
    ({}, b'a,b\n"' + b"x" * 200_000 + b'"\n', "malformed"),
    ({"encoding": "utf-16"}, SPENDING, "malformed"),
    ({}, b"PK\x03\x04\n\n\n", "not-the-declared-format"),
    ({}, b"\x1f\x8b\x08\n\n", "not-the-declared-format"),
])  # fmt: skip
def test_what_is_no_table_is_named(fake_web: Any, more: dict[str, Any], body: bytes, reason: str) -> None:
    """A web page in place of a file, a cell without end and a broken encoding spoil that file only."""
    assert f"spending ({reason})" in read(fake_web(served(package(spending(**more)), spending=body))).scope


def test_a_real_package_agrees_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """Recorded fiscal packages give the fields, rows and years that another program read in the same bytes."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    recorded = {entry["file"]: entry for entry in entries if entry["file"].startswith("fiscal/")}
    descriptors = [file for file in recorded if file.endswith("datapackage.json")]
    assert descriptors
    for descriptor in descriptors:
        pages = {f"https://a.example/{file}": (shared / "wire" / file).read_bytes() for file in recorded}
        reading = read(fake_web(pages), f"https://a.example/{descriptor}")
        found, expected = values(reading), recorded[descriptor]["expected"]
        tables = [
            entry for file, entry in recorded.items() if file.startswith(descriptor.rpartition("/")[0] + "/data/")
        ]
        assert (found["name"], found["resource_count"]) == (expected["name"], expected["resources"])
        assert (found["field_count"], found.get("license")) == (expected["fields"], expected["licence"])
        assert found["row_count"] == sum(entry["expected"]["rows"] for entry in tables)
        period = expected["fiscal_period"]
        assert found["fiscal_years"] == list(range(int(period["start"][:4]), int(period["end"][:4]) + 1))
