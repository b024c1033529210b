"""How contract data is read in each of its wrappings, page after page."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import ocds

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FILE = "https://contracts.lindenford.example/releases.json"


def release(ocid: str, date: str | None, **more: Any) -> dict[str, Any]:
    """One release of one contracting process."""
    return {"ocid": f"ocds-lf0001-{ocid}", "id": f"{ocid}-{date}", "date": date, "tag": ["award"], **more}


def package(*releases: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A release package."""
    return {"uri": FILE, "version": "1.1", "license": "https://licence.example/open", "releases": releases, **more}


TWO = package(release("1", "2026-11-02T00:00:00Z"), release("1", "2026-11-20T10:00:00+01:00"))
RECORDS = {
    "version": "1.1",
    "records": [
        {"ocid": "ocds-lf0001-1", "releases": [release("1", "2026-11-02T00:00:00Z")],
         "compiledRelease": release("1", "2026-11-19T00:00:00Z")},
        {"ocid": "ocds-lf0001-2", "releases": []},
    ],
}  # fmt: skip


def read(web: Any, url: str = FILE) -> Reading:
    """Read the package at an address."""
    return asyncio.run(ocds.read(Target(url, NOW), web))


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_a_release_package_is_counted(fake_web: Any) -> None:
    """Two releases of one process are one ocid; the newest date is told in UTC; records are not offered."""
    reading = read(fake_web({FILE: TWO}))
    assert values(reading) == {
        "version": "1.1", "license": "https://licence.example/open", "release_count": 2, "ocid_count": 1,
        "release_latest": "2026-11-20T09:00:00Z",
    }  # fmt: skip
    assert reading.complete and reading.scope == "the whole of it"
    assert reading.measurements["release_latest"].pointer == "$.releases[*].date"


def test_a_record_package_is_counted(fake_web: Any) -> None:
    """A compiled release is made from the others: it is not one more, and its date counts only where none else does."""
    assert values(read(fake_web({FILE: RECORDS}))) == {
        "version": "1.1", "release_count": 1, "record_count": 2, "ocid_count": 2,
        "release_latest": "2026-11-02T00:00:00Z",
    }  # fmt: skip
    only = {"records": [{"ocid": "a", "compiledRelease": release("1", "2026-11-19")}]}
    assert values(read(fake_web({FILE: only}))) == {
        "record_count": 1, "ocid_count": 1, "release_latest": "2026-11-19"}  # fmt: skip


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_lines_are_read(fake_web: Any, pack: Any) -> None:
    """One package, release or record on each line, packed or not; blank lines are nothing."""
    lines = [TWO, release("2", "2026-11-21"), {"ocid": "ocds-lf0001-3", "releases": [release("3", None)]}]
    body = b"\xef\xbb\xbf" + b"\n\n".join(json.dumps(line).encode() for line in lines) + b"\n"
    found = values(read(fake_web({FILE: pack(body)})))
    assert (found["release_count"], found["record_count"], found["ocid_count"]) == (4, 1, 3)
    assert found["release_latest"] == "2026-11-21" and found["license"] == "https://licence.example/open"


def test_a_list_of_packages_and_lone_things_are_read(fake_web: Any) -> None:
    """A list is read item by item; a lone release or record is a package of one."""
    assert values(read(fake_web({FILE: [TWO, TWO]})))["release_count"] == 4
    assert values(read(fake_web({FILE: release("9", "2026-11-01")}))) == {
        "release_count": 1, "ocid_count": 1, "release_latest": "2026-11-01"}  # fmt: skip


def test_next_pages_are_followed(fake_web: Any) -> None:
    """Relative links too, each page once; a circle of links ends."""
    pages = {
        FILE: package(release("1", "2026-11-01"), links={"next": "?page=2"}),
        f"{FILE}?page=2": package(release("2", "2026-11-03"), links={"next": FILE}),
    }
    web = fake_web(pages)
    reading = read(web)
    assert web.asked == [FILE, f"{FILE}?page=2"]
    assert values(reading)["ocid_count"] == 2 and reading.measurements["release_latest"].capture == 1


def test_a_page_that_fails_leaves_the_reading_incomplete(fake_web: Any) -> None:
    """What came before stays, and the scope says in words what happened to the rest."""
    pages = {FILE: package(release("1", "2026-11-01"), links={"next": "?page=2"}), f"{FILE}?page=2": (503, {}, b"")}
    reading = read(fake_web(pages))
    assert values(reading)["release_count"] == 1 and not reading.complete
    assert reading.scope == "the first page (the next: the server had a fault of its own that day)"


def test_pages_without_end_are_not_read_for_ever(fake_web: Any) -> None:
    """After twenty pages we stop, and say that it names more."""
    pages = {f"{FILE}?page={n}": package(release(str(n), None), links={"next": f"?page={n + 1}"}) for n in range(40)}
    reading = read(fake_web(pages), f"{FILE}?page=0")
    assert values(reading)["release_count"] == 20 and not reading.complete
    assert reading.scope == "the first 20 pages (it names more)"


def test_an_empty_package_is_empty(fake_web: Any) -> None:
    """A package in order that lists nothing answered, and holds nothing."""
    reading = read(fake_web({FILE: package()}))
    assert reading.empty and values(reading)["release_count"] == 0


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html>Contracts</html>", "not-the-declared-format"),
    (b"", "not-the-declared-format"),
    ({"data": [1, 2]}, "not-the-declared-format"),
    ({"nhits": 9, "records": [{"recordid": "a", "fields": {}}]}, "not-the-declared-format"),
    ([], "not-the-declared-format"),
    ([{"name": "x"}], "not-the-declared-format"),
    ({"error": "no such publication"}, "api-error"),
    (b'{"releases": [', "malformed"),
    (b'{"ocid": "a"}\n{"ocid": ', "malformed"),
    (b'{"ocid": "a"}\n{"name": "b"}', "not-the-declared-format"),
    (gzip.compress(b'{"releases": []}')[:-9], "malformed"),
    (b"\x1f\x8b and no gzip", "malformed"),
])  # fmt: skip
def test_what_is_no_contract_data_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """Each has its reason, and the exchange that showed it."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({FILE: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


def test_a_packed_file_that_grows_without_end_is_refused(fake_web: Any, monkeypatch: Any) -> None:
    """A small body that unpacks to more than we read is too large, whatever it holds."""
    monkeypatch.setattr(ocds, "MOST_UNPACKED", 1000)
    with pytest.raises(Unreadable) as caught:
        read(fake_web({FILE: gzip.compress(b" " * 5000)}))
    assert caught.value.reason == "too-large"


def test_real_records_agree_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """Recorded contract data gives the counts, dates and licence that another program read in the same bytes."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    recorded = [entry for entry in entries if entry["file"].startswith("ocds/")]
    assert recorded
    for entry in recorded:
        found, expected = (
            values(read(fake_web({FILE: (shared / "wire" / entry["file"]).read_bytes()}))),
            entry["expected"],
        )
        assert (found.get("record_count"), found.get("release_count")) == (expected["records"], expected["releases"])
        assert found["ocid_count"] == len(set(expected["ocids"]))
        assert (found.get("license"), found.get("version")) == (expected["licence"], expected["version"])
        newest = datetime.fromisoformat(expected["newest_release_date"])
        assert datetime.fromisoformat(found["release_latest"]) == newest
