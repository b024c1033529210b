"""Streams the tables of a GTFS zip row by row, forgiving in spelling and strict about memory.

Forgiven: a byte order mark, any line ends, quotes, blanks around values, blank lines, short rows, columns in any order,
text that is not UTF-8 (then read as windows-1252). Not forgiven: a table without a header or its key columns, and rows
so long that they can only be meant to fill our memory.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Iterator
from itertools import chain, islice
from typing import NoReturn

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.reasons import Reason
from builder.probes._zip import Archive

BATCH_ROWS = 512
LONGEST_LINE_BYTES = 512 * 1024
BATCH_CHARACTERS = 4 * 1024 * 1024
LONGEST_ID = 64

Row = list[str]


class Table:
    """One table of the feed: its columns, and its rows in batches.

    A table that is absent, or optional and without a header, has no columns and no rows.
    """

    def __init__(self, name: str, pieces: Iterator[bytes]) -> None:
        self.name = name
        self._fed = 0
        self._reader = csv.reader(chain.from_iterable(self._lines(pieces)), skipinitialspace=True)
        self.columns: dict[str, int] = {}
        for at, column in enumerate(self._header()):
            self.columns.setdefault(column.strip(), at)

    def require(self, *columns: str) -> None:
        """Raise ``malformed`` unless the header names all of these columns."""
        if not self.columns:
            broken(f"{self.name} has no header row.")
        missing = [column for column in columns if column not in self.columns]
        if missing:
            broken(f"{self.name} has no column {', '.join(missing)}.")

    def at(self, column: str) -> int | None:
        """The position of a column, or None where the table has none of that name."""
        return self.columns.get(column)

    async def batches(self) -> AsyncIterator[list[Row]]:
        """Yield the rows that are not blank, a few hundred at a time, letting others work in between."""
        while (rows := self._take(BATCH_ROWS)) is not None:
            # A giant table takes minutes: between batches the deadline may strike and other readings go on.
            await anyio.lowlevel.checkpoint()
            if rows:
                yield rows

    async def has_rows(self) -> bool:
        """Whether there is any row at all that is not blank; reads no further than the first."""
        while (rows := self._take(BATCH_ROWS)) is not None:
            if rows:
                return True
            await anyio.lowlevel.checkpoint()
        return False

    async def records(self, *columns: str) -> AsyncIterator[Row]:
        """Yield each row's values of these columns, stripped; an absent column or a short row gives ``""``."""
        wanted = [self.columns.get(column, -1) for column in columns]
        async for rows in self.batches():
            for row in rows:
                length = len(row)
                yield [row[at].strip() if 0 <= at < length else "" for at in wanted]

    def _header(self) -> Row:
        """The first row that is not blank, if it comes soon."""
        for _ in range(BATCH_ROWS):
            rows = self._take(1)
            if rows is None:
                break
            if rows:
                return rows[0]
        return []

    def _take(self, count: int) -> list[Row] | None:
        """The rows among the next ``count`` lines or so that are not blank; None at the end."""
        self._fed = 0
        try:
            taken = list(islice(self._reader, count))
        except csv.Error as error:
            broken(f"{self.name} is no readable table: {error}.")
        if not taken:
            return None
        return [row for row in taken if len(row) > 1 or (row and row[0].strip())]

    def _lines(self, pieces: Iterator[bytes]) -> Iterator[io.StringIO]:
        """Cut the bytes at line ends, decode each block and hand it on as lines."""
        rest = b""
        first = True
        for piece in pieces:
            block = rest + piece
            cut = block.rfind(b"\n") + 1 or block.rfind(b"\r") + 1
            block, rest = block[:cut], block[cut:]
            if len(rest) > LONGEST_LINE_BYTES:
                broken(f"{self.name} has a line longer than {LONGEST_LINE_BYTES:,} bytes.")
            if block:
                yield self._block(block, first)
                first = False
        if rest:
            yield self._block(rest, first)

    def _block(self, block: bytes, first: bool) -> io.StringIO:
        self._fed += len(block)
        if self._fed > BATCH_CHARACTERS:
            broken(f"{self.name} has rows longer than any timetable needs.")
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            text = block.decode("windows-1252", "replace")
        return io.StringIO(text.removeprefix("\ufeff") if first else text, newline="")


def open_table(archive: Archive, name: str) -> Table:
    """Open one table at its first row; an absent one opens as an empty table."""
    return Table(name, archive.stream(name) if name in archive else iter(()))


def short(text: str) -> str:
    """An id as we hold it: itself, or its hash when it is so long that it can only be meant to fill our memory."""
    return text if len(text) <= LONGEST_ID else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def check_files(archive: Archive) -> None:
    """Raise ``malformed`` unless the zip holds, at its top, the files GTFS requires."""
    folder = archive.folder
    if folder and f"{folder}trips.txt" in archive:
        broken(f"The tables lie in the folder {folder[:80]!r} inside the zip; GTFS wants them at its top.")
    missing = [name for name in ("agency.txt", "routes.txt", "trips.txt", "stop_times.txt") if name not in archive]
    if "stops.txt" not in archive and "locations.geojson" not in archive:
        missing.append("stops.txt")
    if "calendar.txt" not in archive and "calendar_dates.txt" not in archive:
        missing.append("calendar.txt or calendar_dates.txt")
    if missing:
        broken(f"The zip has no {', '.join(missing)}.")


def broken(message: str) -> NoReturn:
    """Raise ``malformed`` in one line."""
    raise Unreadable(Reason.MALFORMED, message)


def too_large(message: str) -> NoReturn:
    """Raise ``too-large``: honest, but more than we hold in memory."""
    raise Unreadable(Reason.TOO_LARGE, message)
