"""Reading registries: the first bytes decide what a list is, columns go by several names, nothing is unbounded."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
from typing import BinaryIO, cast

import pytest

from builder.errors import Unreadable
from builder.gather import registry_rows
from builder.gather.registry_rows import Columns, Row, rows
from builder.model.reasons import Reason

FEEDS = Columns(("id", "mdb_source_id"), ("status",))


def _read(body: bytes, columns: Columns = FEEDS, **more: bool) -> list[Row]:
    # A download waits in such a file, which knows that it was opened for writing.
    with tempfile.SpooledTemporaryFile(max_size=100) as file:
        file.write(body)
        file.seek(0)
        return list(rows(cast(BinaryIO, file), columns, **more))


def _archive(*documents: tuple[str, bytes]) -> bytes:
    """A packed archive, as a code host hands out a repository."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, body in documents:
            member = tarfile.TarInfo(f"lists-main/{name}")
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return packed.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"id,provider,status\nmdb-1,Harbour Buses,active\nmdb-2,Old Trams,deprecated\n",
        b'\xef\xbb\xbf"ID" ,Status\r\nmdb-1,active\r\nmdb-2,deprecated\r\n',
        b"mdb_source_id,provider,status\nmdb-1,x,active\nmdb-2,y,deprecated\n,no id,active\n\n",
        b'{"id": "mdb-1", "status": "active"}\n{"id": "mdb-2", "status": "deprecated"}\n\n',
        gzip.compress(b"id,status\nmdb-1,active\nmdb-2,deprecated\n"),
    ],
    ids=["live columns", "byte order mark", "columns of a copy", "JSON Lines", "packed"],
)
def test_the_same_rows_in_any_form(body: bytes) -> None:
    """A registry's rows come out alike, whether its live file or somebody's copy of it is read."""
    assert _read(body) == [Row("mdb-1", "active"), Row("mdb-2", "deprecated")]


def test_lists_written_in_yaml() -> None:
    """A map is keyed by its rows; in a list each entry names itself."""
    keyed, listed = (
        b"lindenford: {endpoint: 'http://x.example/'}\nport_alder: {}\n",
        b"- name: 'Lindenford, X'\n- other: 1\n",
    )
    assert _read(keyed, Columns(()), written_in_yaml=True) == [Row("lindenford"), Row("port_alder")]
    assert _read(listed, Columns(("name",)), written_in_yaml=True) == [Row("Lindenford, X")]


def test_a_feed_registry_is_read_from_its_archive() -> None:
    """Every feed document of a packed repository is read in passing; other files are not looked into."""
    one = json.dumps({"feeds": [{"id": "f-a", "spec": "gtfs"}, {"id": "f-b~rt"}], "operators": []}, indent=1).encode()
    two = json.dumps({"feeds": [{"id": "f-c"}]}).encode()
    body = _archive(("feeds/a.dmfr.json", one), ("README.md", b"\xff\x00 not ours"), ("feeds/c.dmfr.json", two))
    assert [row.id for row in _read(body)] == ["f-a", "f-b~rt", "f-c"]
    assert [row.id for row in _read(one)] == ["f-a", "f-b~rt"] and [row.id for row in _read(two)] == ["f-c"]


@pytest.mark.parametrize(
    ("body", "reason", "says"),
    [
        (b"\x28\xb5\x2f\xfd\x04\x00", Reason.OUR_ERROR, "Zstandard"),
        (b"PK\x03\x04rest", Reason.NOT_THE_DECLARED_FORMAT, "zip"),
        (b"  <!doctype html><p>moved", Reason.NOT_THE_DECLARED_FORMAT, "web page"),
        (b"name,url\nx,y\n", Reason.NOT_THE_DECLARED_FORMAT, "columns id"),
        (b'{"id": "a"}\n{"id": ', Reason.MALFORMED, "broken"),
        (b'{"hello": 1}{', Reason.MALFORMED, "broken"),
        (b'[\n1]', Reason.NOT_THE_DECLARED_FORMAT, "feeds"),
        (b"id,x\n1," + b"z" * 200_000, Reason.MALFORMED, "broken"),
        (gzip.compress(b"id\n" + b"1\n" * 9999)[:-20], Reason.MALFORMED, "packed"),
        (_archive(("a.dmfr.json", b"[1"))[:-9], Reason.MALFORMED, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(body: bytes, reason: Reason, says: str) -> None:
    """A packing we cannot undo is our fault; a web page or a broken list is theirs."""
    with pytest.raises(Unreadable) as told:
        _read(body)
    assert told.value.reason is reason and says in told.value.message


def test_a_small_file_that_unpacks_to_a_flood_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpacking stops at a limit, so that a few kilobytes cannot fill the memory."""
    monkeypatch.setattr(registry_rows, "MOST_UNPACKED", 100_000)
    with pytest.raises(Unreadable) as told:
        _read(gzip.compress(b"id\n" + b"1\n" * 100_000))
    assert told.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [
        b"a: &a {k: 1}\n" + b"".join(b"b%d: &b%d {<<: [*a, *a]}\n" % (n, n) for n in range(9)),
        b"[" * 100_000,
        b"- {a: 1}\n" * 60_000,
        b"- a\n" * 400_000,
    ],
)
def test_yaml_that_costs_more_than_it_is_long_is_left(body: bytes) -> None:
    """Aliases that double each other, a depth that would end the program, and floods of entries are not loaded."""
    with pytest.raises(Unreadable) as told:
        _read(body, written_in_yaml=True)
    assert told.value.reason is Reason.TOO_LARGE


def test_an_endless_line_is_left() -> None:
    """A table's line is read up to a million characters: sixty million commas would fill the memory."""
    with pytest.raises(Unreadable) as told:
        _read(b"id,x\n" + b"," * 1_000_000)
    assert told.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("yaml", [False, True])
def test_damage_anywhere_gives_rows_or_a_reason(yaml: bool) -> None:
    """Cut or changed bytes never crash the reader."""
    sound = [
        b"id,status\nmdb-1,active\n", b'{"id": "a"}\n{"id": "b"}\n', gzip.compress(b"id\nx\n"),
        _archive(("a.dmfr.json", b'{"feeds": [{"id": "f-a"}]}')), b"a: {b: 1}\nc: &x [*x]\n", b"[" * 3000,
    ]  # fmt: skip
    for body in sound:
        for place in range(0, len(body), max(1, len(body) // 40)):
            for damaged in (body[:place], body[:place] + b"\xff\x00" + body[place + 2 :]):
                try:
                    assert all(isinstance(row, Row) for row in _read(damaged, written_in_yaml=yaml))
                except Unreadable as told:
                    assert told.message
