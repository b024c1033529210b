"""The rows of a registry, whatever it is written in: the first bytes decide, columns go by several names."""

from __future__ import annotations

import csv
import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import orjson
import yaml

from builder.errors import Unreadable
from builder.model.reasons import Reason

MOST_UNPACKED = 64 * 1024 * 1024  # a header of an archive may be as long as all of it, and is held in memory
_LONGEST_LINE = 1_000_000
_LONGEST_YAML = 1024 * 1024
_MOST_EVENTS = 200_000  # of YAML: each key, each value, each beginning and end
_DEEPEST = 20
_LONGEST_DOCUMENT = 4 * 1024 * 1024
_MOST_MEMBERS = 100_000
_LONGEST_ID = 200

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_TAR_AT, _TAR = 257, b"ustar"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id as the registry writes it, and the registry's own word about it (empty where it has none)."""

    id: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Under which names the id and the registry's word stand; the first name that is there counts.

    In YAML an entry's own key stands for the id where ``ids`` is empty.
    """

    ids: tuple[str, ...]
    marks: tuple[str, ...] = ()


def rows(file: BinaryIO, columns: Columns, *, written_in_yaml: bool = False) -> Iterator[Row]:
    """Every row of a registry, one after the other; ``file`` stands at its start and is read once.

    CSV, JSON Lines, a DMFR document, a packed archive of DMFR documents, and where ``written_in_yaml`` a list or a
    map of entries. Raises ``Unreadable`` where the body is none of these, is packed as we cannot unpack, or is broken.
    """
    try:
        yield from _rows(file, columns, written_in_yaml)
    except (csv.Error, UnicodeError, orjson.JSONDecodeError, yaml.YAMLError, RecursionError) as error:
        words = f"the list breaks off or is broken ({type(error).__name__})"
        raise Unreadable(Reason.MALFORMED, words) from None
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise Unreadable(Reason.MALFORMED, f"the packed list is broken ({type(error).__name__})") from None


def _rows(file: BinaryIO, columns: Columns, written_in_yaml: bool) -> Iterator[Row]:
    start = file.read(4)
    file.seek(0)
    if start == _ZSTD:
        raise Unreadable(Reason.OUR_ERROR, "packed with Zstandard, which this program cannot unpack")
    if start == _ZIP:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "a zip, where a list was expected")
    if start.startswith(_GZIP):
        file = cast(BinaryIO, _Bounded(gzip.GzipFile(fileobj=file, mode="rb")))
    peekable = io.BufferedReader(cast(io.RawIOBase, _Raw(file)), buffer_size=65536)
    head, stream = peekable.peek(1024), cast(BinaryIO, peekable)
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        yield from _archive(stream)
        return
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"<":
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "a web page, where a list was expected")
    if written_in_yaml:
        yield from _yaml(stream, columns)
    elif first in (b"{", b"["):
        yield from _json(stream, columns)
    else:
        yield from _csv(stream, columns)


def _csv(stream: BinaryIO, columns: Columns) -> Iterator[Row]:
    table = csv.reader(_lines(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")))
    header = [name.strip().casefold() for name in next(table, [])]
    at = _place(header, columns.ids)
    if at is None:
        words = f"a table without any of the columns {', '.join(columns.ids)}"
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words)
    mark = _place(header, columns.marks)
    for cells in table:
        if at < len(cells):
            yield from _row(cells[at], cells[mark] if mark is not None and mark < len(cells) else None)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise Unreadable(Reason.TOO_LARGE, f"a line of more than {_LONGEST_LINE:,} characters")
        yield line


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name.casefold()) for name in names if name.casefold() in header), None)


def _json(stream: BinaryIO, columns: Columns) -> Iterator[Row]:
    """One object a line; or, where the first line is no object by itself, one document."""
    line = stream.readline(_LONGEST_LINE)
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        first = None
    if first is None or (isinstance(first, dict) and "feeds" in first):
        yield from _dmfr(orjson.loads(line + _whole(stream)))
        return
    while line:
        if line.strip():
            yield from _entry(orjson.loads(line), columns)
        line = stream.readline(_LONGEST_LINE)


def _dmfr(document: Any) -> Iterator[Row]:
    """The feeds of one Distributed Mobility Feed Registry document."""
    feeds = document.get("feeds") if isinstance(document, dict) else None
    if not isinstance(feeds, list):
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "JSON without a list of feeds")
    for feed in feeds:
        yield from _entry(feed, Columns(("id",)))


def _archive(stream: BinaryIO) -> Iterator[Row]:
    """The DMFR documents of an archive, each read in passing and none put on the disk."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, member in enumerate(archive):
            if number >= _MOST_MEMBERS:
                raise Unreadable(Reason.TOO_LARGE, f"more than {_MOST_MEMBERS:,} files in one archive")
            if not member.isfile() or not member.name.endswith(".dmfr.json"):
                continue
            if member.size > _LONGEST_DOCUMENT:
                raise Unreadable(Reason.TOO_LARGE, "a document of the archive is larger than we read")
            document = archive.extractfile(member)
            if document is not None:
                yield from _dmfr(orjson.loads(document.read()))


def _yaml(stream: BinaryIO, columns: Columns) -> Iterator[Row]:
    content = _whole(stream, _LONGEST_YAML)
    _check_yaml(content)
    entries = yaml.load(content, Loader=yaml.CSafeLoader)
    if isinstance(entries, dict):
        for key, entry in entries.items():
            yield from _row(key, _first(entry, columns.marks) if isinstance(entry, dict) else None)
    elif isinstance(entries, list):
        for entry in entries:
            yield from _entry(entry, columns)
    else:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "neither a list nor a map of entries")


def _check_yaml(content: bytes) -> None:
    """Refuse what costs more than it is long: an alias may double what it names, and the loader goes as deep as it."""
    depth = 0
    for number, event in enumerate(yaml.parse(content, Loader=yaml.CSafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if number >= _MOST_EVENTS or depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            raise Unreadable(Reason.TOO_LARGE, "YAML with aliases, or deeper or longer than any list of servers")


def _entry(entry: Any, columns: Columns) -> Iterator[Row]:
    if isinstance(entry, dict):
        yield from _row(_first(entry, columns.ids), _first(entry, columns.marks))


def _first(entry: Mapping[Any, Any], names: Sequence[str]) -> Any:
    return next((entry[name] for name in names if entry.get(name) not in (None, "")), None)


def _row(id: Any, mark: Any) -> Iterator[Row]:
    """A row with an id, or none: a line without one is nobody's."""
    told = str(id).strip() if isinstance(id, str | int) and not isinstance(id, bool) else ""
    if told and len(told) <= _LONGEST_ID:
        yield Row(told, mark.strip() if isinstance(mark, str) else "")


def _whole(stream: BinaryIO, most: int = _LONGEST_DOCUMENT) -> bytes:
    content = stream.read(most + 1)
    if len(content) > most:
        raise Unreadable(Reason.TOO_LARGE, f"one document of more than {most:,} bytes")
    return content


class _Bounded:
    """What comes out of a packed file, up to a limit: a small file may unpack to more than there is room for."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._left = MOST_UNPACKED

    def read(self, size: int) -> bytes:
        part = self._file.read(size)
        self._left -= len(part)
        if self._left < 0:
            raise Unreadable(Reason.TOO_LARGE, f"the list unpacks to more than {MOST_UNPACKED:,} bytes")
        return part


class _Raw(io.RawIOBase):
    """Anything with ``read`` as a stream that can be peeked into and never closes what it reads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)
