"""How a zip is read without unpacking it, and how its tricks are refused."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.probes._zip import CHUNK_BYTES, Archive, Limits

POEM = b"the tram is late\n" * 40_000


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members, written by the standard library."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def entry(archive: bytes, number: int = 0) -> int:
    """Where the number-th entry of the directory begins."""
    at = -1
    for _ in range(number + 1):
        at = archive.index(b"PK\x01\x02", at + 1)
    return at


def patched(archive: bytes, at: int, layout: str, value: int) -> bytes:
    """The archive with one number of its headers replaced."""
    changed = bytearray(archive)
    struct.pack_into(layout, changed, at, value)
    return bytes(changed)


def refused(archive: bytes, limits: Limits | None = None) -> tuple[str, str]:
    """The reason and message with which opening the archive, or reading all its members, is refused."""
    with pytest.raises(Unreadable) as caught:
        opened = Archive(archive, limits)
        for name in opened.members:
            for _ in opened.stream(name):
                pass
    return str(caught.value.reason), caught.value.message


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_come_back_in_small_pieces(method: int, tmp_path: Path) -> None:
    """Stored and deflated members are read from bytes or from a file, never more than one chunk at a time."""
    content = packed({"a.txt": POEM, "empty.txt": b""}, method)
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with path.open("rb") as file:
        for archive in (Archive(content), Archive(file)):
            pieces = list(archive.stream("a.txt"))
            assert b"".join(pieces) == POEM
            assert len(pieces) > 1 and max(map(len, pieces)) <= CHUNK_BYTES
            assert list(archive.stream("empty.txt")) == []
            assert "a.txt" in archive and "b.txt" not in archive


def test_two_members_can_be_read_in_turns() -> None:
    """Reading one member does not disturb another that is half read."""
    archive = Archive(packed({"a": POEM, "b": POEM[::-1]}))
    pairs = list(zip(archive.stream("a"), archive.stream("b"), strict=True))
    assert b"".join(a for a, _ in pairs) == POEM
    assert b"".join(b for _, b in pairs) == POEM[::-1]


@pytest.mark.parametrize(("names", "folder"), [
    (["stops.txt", "trips.txt"], ""),
    (["feed/stops.txt", "feed/trips.txt"], "feed/"),
    (["feed/", "feed/stops.txt", "__MACOSX/feed/._stops.txt", "feed/.DS_Store"], "feed/"),
    (["feed\\stops.txt"], "feed/"),
    (["a/b/stops.txt"], "a/b/"),
    (["feed/stops.txt", "readme.txt"], ""),
    ([], ""),
])  # fmt: skip
def test_the_one_folder_is_known(names: list[str], folder: str) -> None:
    """When all files lie in one folder, its name is known; what an archiver adds of its own does not hide it."""
    assert Archive(packed(dict.fromkeys(names, b""))).folder == folder


@pytest.mark.parametrize("body", [b"", b"Not found", b"<html><body>Please log in</body></html>", b"\x1f\x8b\x08\x00"])
def test_what_is_no_zip_is_not_the_declared_format(body: bytes) -> None:
    """A login page, a word or nothing at all is something other than a zip."""
    assert refused(body)[0] == "not-the-declared-format"


def test_a_zip_cut_short_is_malformed() -> None:
    """A download that broke off began as a zip, so it is called broken and not something else."""
    content = packed({"a.txt": POEM})
    for length in (50, len(content) // 2, len(content) - 1):
        assert refused(content[:length])[0] == "malformed"


def test_an_archive_may_follow_other_bytes() -> None:
    """Bytes before the archive and a comment after it shift its offsets, and it is read all the same."""
    file = io.BytesIO(packed({"a.txt": b"hello"}))
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"made by PK\x05\x06 hand"
    assert list(Archive(b"#!/bin/sh\n" + file.getvalue()).stream("a.txt")) == [b"hello"]


def test_large_file_records_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """ZIP64 sizes and counts, which writers use past 4 GB, are read where they stand."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", POEM)
        archive.writestr("b.txt", b"b" * 99)
    content = file.getvalue()
    assert b"PK\x06\x06" in content
    opened = Archive(content)
    assert b"".join(opened.stream("a.txt")) == POEM
    assert b"".join(opened.stream("b.txt")) == b"b" * 99


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_malformed() -> None:
    """Of two members with one name nobody can say which is meant."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("stops.txt", b"1")
        archive.writestr("stops.txt", b"2")
    assert refused(file.getvalue()) == ("malformed", "The zip holds stops.txt twice.")


def test_members_that_share_bytes_are_malformed() -> None:
    """Many members over the same bytes are how a small zip pretends to be a giant."""
    content = packed({"a.txt": POEM, "b.txt": POEM})
    reason, message = refused(patched(content, entry(content, 1) + 42, "<L", 0))
    assert reason == "malformed" and "overlaps" in message


@pytest.mark.parametrize(("offset", "layout", "value", "word"), [
    (8, "<H", 1, "encrypted"),
    (10, "<H", 14, "method (14)"),
    (16, "<L", 12345, "checksum"),
    (24, "<L", 5, "more than the 5 bytes"),
    (24, "<L", 999_999, "says 999,999"),
    (20, "<L", 40, "cut short"),
    (34, "<H", 2, "one part of several"),
])  # fmt: skip
def test_headers_that_lie_are_malformed(offset: int, layout: str, value: int, word: str) -> None:
    """Encrypted, oddly packed, damaged, longer or shorter than said: each is refused in words that say so."""
    content = packed({"a.txt": POEM})
    reason, message = refused(patched(content, entry(content) + offset, layout, value))
    assert reason == "malformed" and word in message


@pytest.mark.parametrize(("offset", "layout", "value", "word"), [
    (0, "<B", 0, "not where"),
    (6, "<H", 1, "encrypted"),
    (28, "<H", 60_000, "overlaps"),
    (30, "<B", 98, "another name"),
])  # fmt: skip
def test_a_member_that_disagrees_with_the_directory_is_malformed(
    offset: int, layout: str, value: int, word: str
) -> None:
    """What a member's own header says must agree with the list of members."""
    reason, message = refused(patched(packed({"a.txt": POEM}), offset, layout, value))
    assert reason == "malformed" and word in message


def test_a_directory_out_of_bounds_is_malformed() -> None:
    """A list of members that is not where the archive says, or far too long, is refused before it is read."""
    content = packed({"a.txt": b"a"})
    end = content.rindex(b"PK\x05\x06")
    for offset, layout, value in ((12, "<L", 1 << 30), (16, "<L", 1 << 30), (8, "<H", 7), (10, "<H", 7)):
        assert refused(patched(content, end + offset, layout, value))[0] == "malformed"


def test_limits_are_kept() -> None:
    """Too many members are refused; an honest member that is more than we read is our limit, not the city's fault."""
    content = packed({"a.txt": POEM, "b.txt": POEM})
    assert refused(content, Limits(members=1))[0] == "malformed"
    assert refused(content, Limits(directory_bytes=20))[0] == "malformed"
    assert refused(content, Limits(member_bytes=1000))[0] == "too-large"
    assert refused(content, Limits(total_bytes=len(POEM) + 1))[0] == "too-large"
    assert refused(content, Limits(ratio=10, ratio_from=1000))[0] == "too-large"
    assert Archive(content, Limits(ratio=10)).stream("a.txt").__next__()


@given(st.data())
def test_damaged_archives_never_surprise(data: st.DataObject) -> None:
    """Whatever bytes are changed, cut or added, an archive is read or refused with a reason, and nothing else."""
    content = bytearray(packed({"a.txt": POEM[:500], "b/c.txt": b"x" * 300}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        archive = Archive(bytes(content))
        for name in archive.members:
            for _ in archive.stream(name):
                pass
    except Unreadable as error:
        assert error.message.endswith(".")
