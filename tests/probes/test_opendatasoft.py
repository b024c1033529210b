"""How an Opendatasoft portal is read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import opendatasoft

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATASETS = "https://opendata.a.example/api/explore/v2.1/catalog/datasets"
BIKES = {
    "dataset_id": "bikes", "has_records": True, "features": ["geo", "timeserie"], "attachments": [],
    "data_visible": True,
    "metas": {
        "default": {
            "title": "Bike stations", "description": "<p>Where</p>", "keyword": ["bike"], "theme": ["Mobility"],
            "license": "Licence Ouverte v2.0 (Etalab)", "modified": "2026-11-20T10:00:00+00:00",
            "publisher": "City of A", "data_processed": "2026-11-21T10:00:00+00:00", "records_count": 12,
        },
        "dcat": {"accrualperiodicity": "Daily", "contact_email": "who@a.example"},
    },
}  # fmt: skip
MAP = {
    "dataset_id": "old-map", "has_records": False, "features": [],
    "attachments": [{"mimetype": "application/pdf", "title": "map.pdf", "url": "odsfile://map.pdf"}],
    "alternative_exports": None,
    "metas": {"default": {"title": "Old map", "modified": "2019-01-01", "license": None, "license_url": " "}},
}  # fmt: skip


def listed(*datasets: Any, total: Any = None) -> dict[str, Any]:
    return {"total_count": len(datasets) if total is None else total, "results": list(datasets)}


def at(offset: int, more: str = "") -> str:
    return f"{DATASETS}?limit=100&offset={offset}{more}"


def read(web: Any, url: str = "https://opendata.a.example", filter: str | None = None) -> Reading:
    return asyncio.run(opendatasoft.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_what_the_portal_lists(fake_web: Any) -> None:
    """A dataset with records and places is served in four formats, one without records only as its files."""
    reading = read(fake_web({at(0): listed(BIKES, MAP)}))
    assert reading.complete and values(reading) == {
        "dataset_count": 2, "announced_count": 2, "distribution_count": 5, "datasets_without_distribution": 0,
        "license_ids": {"Licence Ouverte v2.0 (Etalab)": 1}, "datasets_without_license": 1, "open_license_share": 0.5,
        "machine_readable_share": 0.5, "publisher_count": 1, "modified_latest": "2026-11-20T10:00:00Z",
        "modified_basis": "metadata", "modified_within_year_share": 0.5,
        "cadence_sample_size": 1, "in_cadence_share": 1.0, "contact_share": 0.5, "described_share": 0.0,
    }  # fmt: skip
    bikes, old = reading.datasets or ()
    assert (bikes.formats, bikes.licence, bikes.frequency) == (("CSV", "GEOJSON", "JSON", "SHP"), "etalab-2.0", "Daily")
    assert bikes.url == "https://opendata.a.example/explore/dataset/bikes/" and bikes.has_contact
    assert (old.formats, old.licence) == (("PDF",), None)


def test_reads_page_after_page_from_any_address_of_the_interface(fake_web: Any) -> None:
    """Pages follow one another by what came back; the address of one call is cut back to the portal."""
    web = fake_web({at(0): listed(BIKES, total=2), at(1): listed(MAP, total=2)})
    assert read(web, DATASETS + "?limit=5&where=x").complete


def test_stops_where_the_interface_stops(fake_web: Any) -> None:
    """Where a catalogue of more than ten thousand cannot be had in order, the first ten thousand are kept as a part."""
    pages = {
        at(offset): listed(*({**MAP, "dataset_id": f"d{offset + i}"} for i in range(100)), total=12_000)
        for offset in range(0, 12_000, 100)
    }
    web = fake_web(pages)
    reading = read(web)
    assert not reading.complete and values(reading)["dataset_count"] == 10_000
    assert len([url for url in web.asked if "order_by" not in url]) == 100


def test_a_larger_catalogue_is_read_in_the_order_of_its_dates(fake_web: Any) -> None:
    """Beyond ten thousand datasets, the next window begins at the last date read; what overlaps counts once."""
    stock = [
        {**MAP, "dataset_id": f"d{day:05}", "metas": {"default": {"modified": _day(day)}}} for day in range(10_250)
    ]

    def answer(request: Any) -> dict[str, Any]:
        since = request.params.get("where", "").removeprefix("modified >= date'").removesuffix("'")
        offset = int(request.params["offset"])
        assert offset + 100 <= 10_000, "the interface refuses what lies beyond"
        rest = [item for item in stock if item["metas"]["default"]["modified"] >= since]
        return listed(*rest[offset : offset + 100], total=len(rest))

    reading = read(fake_web({DATASETS: answer}, forgiving=True))
    assert reading.complete and len(reading.datasets or ()) == 10_250
    assert reading.scope == "all 10,250 datasets, 1 of them listed again"


def _day(number: int) -> str:
    return (datetime(1995, 1, 1, tzinfo=UTC) + timedelta(days=number)).isoformat()


def test_a_portal_without_version_2_is_asked_by_version_1(fake_web: Any) -> None:
    """The older search lists the same datasets under other names, and pages by `start`."""
    bikes = {**BIKES, "datasetid": "bikes", "metas": BIKES["metas"]["default"]}  # type: ignore[index]
    old = {**MAP, "datasetid": "old-map", "metas": MAP["metas"]["default"]}  # type: ignore[index]
    search = "https://opendata.a.example/api/datasets/1.0/search/?rows=100&start="
    web = fake_web({at(0): (404, {}, b""), search + "0": {"nhits": 2, "datasets": [bikes]},
                    search + "1": {"nhits": 2, "datasets": [old]}})  # fmt: skip
    reading = read(web)
    assert reading.complete and values(reading)["announced_count"] == 2
    assert values(reading)["license_ids"] == {"Licence Ouverte v2.0 (Etalab)": 1}
    latest = reading.measurements["modified_latest"]
    assert latest.pointer == "$.datasets[?@.datasetid=='bikes'].metas.modified" and latest.capture == 1


def test_the_exports_of_some_datasets_are_tried(fake_web: Any) -> None:
    """What a citizen would download is asked for; points that need stated distributions are not given."""
    export = f"{DATASETS}/bikes/exports/csv"
    found = values(read(fake_web({at(0): listed(BIKES, MAP), export: b"id;name\n"})))
    assert (found["link_sample_size"], found["link_working_share"]) == (1, 1.0) and "mqa_points" not in found


def test_a_filter_names_one_publisher(fake_web: Any) -> None:
    """On a shared portal only one publisher's datasets are asked for."""
    reading = read(fake_web({at(0, '&refine=publisher:"City of A"'): listed(BIKES)}), filter="City of A")
    assert "'City of A'" in reading.scope


def test_an_empty_portal_is_empty(fake_web: Any) -> None:
    """A working portal without a dataset is empty."""
    assert read(fake_web({at(0): listed()})).empty


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"nhits": 305, "parameters": {}, "records": []}, "not-the-declared-format"),
        ({"results": [{"resource": {"id": "aaaa-1111"}}], "resultSetSize": 1}, "not-the-declared-format"),
        ({"error_code": "ODSQLError", "message": "wrong query"}, "api-error"),
        (listed(total=3), "malformed"),
        (b'{"total_count": 3, "results": [', "malformed"),
        ((403, {}, b""), "forbidden"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """The records of one table, error messages and broken bodies are told apart."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({at(0): body}))
    assert caught.value.reason == reason


@pytest.mark.parametrize("file", ["eindhoven.records_v1.json", "namur.records_v1.json"])
def test_recorded_answers_of_the_older_interface_are_another_format(file: str, shared: Path, fake_web: Any) -> None:
    """What real portals answered at their records API 1.0 is not taken for a catalogue."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({at(0): (shared / "wire/opendatasoft" / file).read_bytes()}))
    assert caught.value.reason == "not-the-declared-format"
