"""Reads the members of a zip archive as streams, never unpacking it, and refuses every trick an archive can play.

The directory is read by us and not by a library, because nothing may be believed before it is bounded: how many members
there are, how large the directory is, where each member begins and ends, how much it says it holds and how much it
really holds. Only the two methods in general use, stored and deflated, are read. Memory stays at a few chunks,
whatever the archive holds. Format: PKWARE APPNOTE 6.3.10, with ZIP64.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from builder.errors import Unreadable
from builder.model.reasons import Reason

CHUNK_BYTES = 256 * 1024

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an archive we look at: members, bytes of directory, unpacked bytes of one member and of all.

    A member larger than ``ratio_from`` may unpack to ``ratio`` times its packed size: tables reach 30, bombs 1,000.
    """

    members: int = 10_000
    directory_bytes: int = 8 * 1024 * 1024
    member_bytes: int = 4 * 1024**3
    total_bytes: int = 16 * 1024**3
    ratio: int = 200
    ratio_from: int = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive as its directory describes it; ``end_limit`` is where the next thing begins."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    end_limit: int


class Archive:
    """The members of one zip, by name; ``stream`` reads one of them.

    ``source`` is the whole archive as bytes or as a seekable binary file, which stays the caller's to close.
    Raises ``Unreadable``: ``not-the-declared-format`` when this is no zip at all, ``malformed`` when it is a broken or
    dishonest one, ``too-large`` when an honest one is more than ``limits`` allow.
    """

    def __init__(self, source: bytes | BinaryIO, limits: Limits | None = None) -> None:
        self._file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
        self._limits = limits or Limits()
        count, start, length, shift = _find_directory(self._file)
        if count > self._limits.members:
            _broken(f"The zip lists {count:,} members; we look at no more than {self._limits.members:,}.")
        if length > self._limits.directory_bytes:
            _broken(f"The zip's list of members takes {length:,} bytes, which no {count:,} members need.")
        self._file.seek(start)
        entries = _entries(self._file.read(length), count, shift)
        self.members: dict[str, Member] = {}
        for member in _bounded(entries, start):
            if member.name in self.members:
                _broken(f"The zip holds {_shown(member.name)} twice.")
            self.members[member.name] = member
        total = sum(member.size for member in self.members.values())
        if total > self._limits.total_bytes:
            _too_large(f"The zip says it unpacks to {total:,} bytes; we read {self._limits.total_bytes:,}.")

    def __contains__(self, name: str) -> bool:
        return name in self.members

    @property
    def folder(self) -> str:
        """The one folder that holds every file, as ``name/``; empty when files lie at the top or in several folders."""
        # What an operating system's archiver adds of its own says nothing about where the publisher put the files.
        files = [name for name in self.members if not name.startswith("__MACOSX/") and not name.endswith("/.DS_Store")]
        folders = {name.rpartition("/")[0] for name in files if not name.endswith("/")}
        only = next(iter(folders)) if len(folders) == 1 else ""
        return f"{only}/" if only else ""

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield the member's bytes in pieces of at most ``CHUNK_BYTES``; at its end its length and checksum are proven.

        Raises ``KeyError`` for a name that is not there, ``Unreadable`` (``malformed``) for a member that is
        cut short, longer than it says, overlapping another, or damaged; ``too-large`` for one beyond the limits.
        """
        member = self.members[name]
        if member.size > self._limits.member_bytes:
            _too_large(f"{_shown(name)} says it unpacks to {member.size:,} bytes, more than we read.")
        if member.size > max(self._limits.ratio_from, self._limits.ratio * member.packed):
            _too_large(f"{_shown(name)} unpacks {member.packed:,} bytes to {member.size:,}, more than tables ever do.")
        position = self._data_start(member)
        if member.method == _STORED and member.packed != member.size:
            _broken(f"{_shown(name)} is stored as it is, yet its two sizes differ.")
        crc = size = 0
        for piece in self._unpacked(member, position):
            size += len(piece)
            if size > member.size:
                _broken(f"{_shown(name)} holds more than the {member.size:,} bytes it says.")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.size:
            _broken(f"{_shown(name)} holds {size:,} bytes and says {member.size:,}.")
        if crc != member.crc:
            _broken(f"{_shown(name)} is damaged: its checksum does not match.")

    def _data_start(self, member: Member) -> int:
        """Where the member's own bytes begin, once its local header agrees with the directory."""
        self._file.seek(member.offset)
        header = self._file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            _broken(f"{_shown(member.name)} is not where the zip's list says.")
        flags, name_length, extra_length = _LOCAL.unpack(header)[2], *_LOCAL.unpack(header)[-2:]
        if self._file.read(name_length) != member.raw_name:
            _broken(f"{_shown(member.name)} bears another name than in the zip's list.")
        if flags & _ENCRYPTED:
            _broken(f"{_shown(member.name)} is encrypted.")
        position = member.offset + _LOCAL.size + name_length + extra_length
        if position + member.packed > member.end_limit:
            _broken(f"{_shown(member.name)} overlaps what follows it in the zip.")
        return int(position)

    def _unpacked(self, member: Member, position: int) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == _DEFLATED else None
        end = position + member.packed
        while position < end:
            # Seeking each time lets two members be read in turns.
            self._file.seek(position)
            raw = self._file.read(min(CHUNK_BYTES, end - position))
            if not raw:
                _broken(f"{_shown(member.name)} is cut short.")
            position += len(raw)
            if inflate is None:
                yield raw
                continue
            while raw:
                try:
                    piece = inflate.decompress(raw, CHUNK_BYTES)
                except zlib.error:
                    _broken(f"{_shown(member.name)} cannot be unpacked: its data are damaged.")
                if piece:
                    yield piece
                raw = inflate.unconsumed_tail
                if inflate.eof:
                    return
        if inflate is not None:
            while piece := inflate.decompress(b"", CHUNK_BYTES):
                yield piece
            if not inflate.eof:
                _broken(f"{_shown(member.name)} is cut short.")


def _find_directory(file: BinaryIO) -> tuple[int, int, int, int]:
    """Find the list of members: how many, where it starts, its length, and how far all offsets are shifted."""
    size = file.seek(0, io.SEEK_END)
    tail_start = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and (len(tail) - at < _END.size or at + _END.size + tail[at + 20] + 256 * tail[at + 21] > len(tail)):
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        _no_zip(file, size)
    end = tail_start + at
    _, disk, start_disk, here, count, length, offset, _ = _END.unpack_from(tail, at)
    # An archive with ZIP64 records has them just before, whether or not the fields here are full.
    before = _END64.size + _END64_LOCATOR.size
    file.seek(max(0, end - before))
    record = file.read(before)
    if len(record) == before and record[_END64.size :].startswith(b"PK\x06\x07"):
        if not record.startswith(b"PK\x06\x06"):
            _broken("The zip's large-file record is not where it says.")
        _, _, _, _, disk, start_disk, here, count, length, offset = _END64.unpack_from(record)
        end -= before
    if disk or start_disk or here != count:
        _broken("The zip is one part of several.")
    start = end - length
    # A program or a comment may stand before the archive: then every offset is short by its length.
    shift = start - offset
    if start < 0 or shift < 0:
        _broken("The zip's list of members is not where it says.")
    return count, start, length, shift


def _entries(directory: bytes, count: int, shift: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        if len(directory) - at < _ENTRY.size or directory[at : at + 4] != b"PK\x01\x02":
            _broken("The zip's list of members breaks off.")
        (
            _,
            _,
            _,
            flags,
            method,
            _,
            _,
            crc,
            packed,
            size,
            name_length,
            extra_length,
            comment_length,
            disk,
            _,
            _,
            offset,
        ) = _ENTRY.unpack_from(directory, at)
        at += _ENTRY.size
        raw_name = directory[at : at + name_length]
        extra = directory[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length + comment_length
        if at > len(directory):
            _broken("The zip's list of members breaks off.")
        name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", "replace").replace("\\", "/")
        if _FULL32 in (size, packed, offset):
            size, packed, offset = _large(extra, size, packed, offset)
        if disk not in (0, _FULL16):
            _broken("The zip is one part of several.")
        if flags & _ENCRYPTED:
            _broken(f"{_shown(name)} is encrypted.")
        if method not in (_STORED, _DEFLATED):
            _broken(f"{_shown(name)} is packed by a method ({method}) that feeds do not use.")
        yield Member(name, raw_name, method, crc, packed, size, offset + shift, 0)


def _large(extra: bytes, *fields: int) -> Iterator[int]:
    """Replace each full 32-bit field by its 64-bit value from the ZIP64 extra field, in order."""
    at, values = 0, b""
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 1:
            values = extra[at + 4 : at + 4 + length]
        at += 4 + length
    for value in fields:
        if value != _FULL32:
            yield value
        elif len(values) < 8:
            _broken("A member's large-file sizes are missing.")
        else:
            yield int.from_bytes(values[:8], "little")
            values = values[8:]


def _bounded(members: Iterator[Member], directory_start: int) -> list[Member]:
    """Give each member the place where the next begins, and refuse archives whose members share bytes."""
    ordered = sorted(members, key=lambda member: member.offset)
    limits = [*(member.offset for member in ordered), directory_start][1:]
    bounded = []
    for member, limit in zip(ordered, limits, strict=True):
        if member.offset + _LOCAL.size + len(member.raw_name) + member.packed > limit:
            _broken(f"{_shown(member.name)} overlaps what follows it in the zip.")
        bounded.append(
            Member(
                member.name,
                member.raw_name,
                member.method,
                member.crc,
                member.packed,
                member.size,
                member.offset,
                limit,
            )
        )
    return bounded


def _no_zip(file: BinaryIO, size: int) -> NoReturn:
    file.seek(0)
    start = file.read(1024).lstrip().lower()
    if not size:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer is empty; a zip archive was expected.")
    if start.startswith((b"pk\x03\x04", b"pk\x05\x06")):
        _broken("The zip breaks off before its list of members.")
    what = "a web page or XML" if start.startswith(b"<") else "something else"
    raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, f"The answer is {what}; a zip archive was expected.")


def _shown(name: str) -> str:
    """A member's name as it may be printed: short, and nothing that moves a cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80]) or "a member without a name"


def _broken(message: str) -> NoReturn:
    raise Unreadable(Reason.MALFORMED, message)


def _too_large(message: str) -> NoReturn:
    raise Unreadable(Reason.TOO_LARGE, message)
