"""Counts the rows of a CSV file as it streams by, and notes the years in its year column."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json import text

MOST_ROWS = 5_000_000
_DELIMITERS = ",;\t|"
_YEAR = re.compile(r"\s*((?:19|20|21)\d\d)(?!\d)")
_EVERY = 20_000
_LONGEST_LINE = 1024 * 1024
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")


@dataclass(slots=True)
class Table:
    """One table: how many rows it has, and the different years in the column that holds them."""

    rows: int = 0
    years: set[int] = field(default_factory=set)
    year_column: str = ""


async def count_rows(
    answer: Answer, dialect: dict[str, Any], encoding: str | None, year_columns: set[str], *, header: bool
) -> Table:
    """Count the rows of a CSV answer without its header and blank lines.

    ``dialect`` is the package's (``delimiter``, ``quoteChar``); a delimiter that it leaves out is taken from the first
    line. Raises ``Unreadable``: ``not-the-declared-format`` for a web page or a packed file, ``malformed`` for what the
    standard library's csv refuses, ``too-large`` beyond five million rows.
    """
    if _begins(answer).startswith(_PACKED):
        words = "The answer is a packed file; CSV was expected."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)
    table = Table()
    reader = csv.reader(_lines(answer, encoding), **_form(answer, dialect, encoding))
    column: int | None = None
    try:
        for number, row in enumerate(reader):
            if number % _EVERY == 0:
                await anyio.lowlevel.checkpoint()  # a long file must not hold up the other sources
            if not row:
                continue
            if header:
                header = False
                column = next((at for at, name in enumerate(row) if name.strip() in year_columns), None)
                table.year_column = row[column].strip()[:100] if column is not None else ""
                continue
            table.rows += 1
            if table.rows > MOST_ROWS:
                raise Unreadable(Reason.TOO_LARGE, f"The CSV has more than {MOST_ROWS:,} rows.", answer.capture)
            if column is not None and column < len(row) and (year := _YEAR.match(row[column])):
                table.years.add(int(year[1]))
    except csv.Error as error:
        raise Unreadable(Reason.MALFORMED, f"The CSV is broken: {error}", answer.capture) from None
    return table


def _begins(answer: Answer) -> bytes:
    """The first bytes of an answer."""
    if answer.file is None:
        return answer.body[:4]
    answer.file.seek(0)
    return answer.file.read(4)


def _lines(answer: Answer, encoding: str | None) -> Iterator[str]:
    """The file's lines. Bytes that fit no character are replaced: they change no count."""
    file: BinaryIO = answer.file or io.BytesIO(answer.body)
    file.seek(0)
    words = io.TextIOWrapper(file, _codec(encoding, file), errors="replace", newline="")
    try:
        while line := words.readline(_LONGEST_LINE):
            yield line.replace("\0", "")
    except UnicodeError as error:
        raise Unreadable(Reason.MALFORMED, f"The CSV is not in its encoding: {error}", answer.capture) from None
    finally:
        words.detach()  # else the file, which is not ours, would be closed with it


def _codec(stated: str | None, file: BinaryIO) -> str:
    """The codec to read with: the byte order mark's, else the stated one, else UTF-8."""
    mark = file.read(3)
    file.seek(0)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if mark == codecs.BOM_UTF8 or stated is None:
        return "utf-8-sig"
    try:
        codec = codecs.lookup(stated)
    except (LookupError, ValueError):
        return "utf-8-sig"
    # Some codecs turn bytes into bytes (`zlib`, `rot13`): none of them is how a table is written.
    return codec.name if getattr(codec, "_is_text_encoding", False) and codec.name != "utf-8" else "utf-8-sig"


def _form(answer: Answer, dialect: dict[str, Any], encoding: str | None) -> dict[str, Any]:
    first = next(_lines(answer, encoding), "")
    begins = first.lstrip("\ufeff \t\r\n").lower()
    if begins.startswith(("<!doctype", "<html", "<?xml")):
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer is a web page or XML; CSV was expected.",
                         answer.capture)  # fmt: skip
    stated, quote = dialect.get("delimiter"), text(dialect.get("quoteChar"))
    if not (isinstance(stated, str) and len(stated) == 1 and stated not in '\r\n"'):
        stated = max(_DELIMITERS, key=first.count)
    safe = quote and len(quote) == 1 and quote not in (stated, " ")
    return {
        "delimiter": stated,
        "quotechar": quote if safe else '"',
        "doublequote": dialect.get("doubleQuote") is not False,
        "skipinitialspace": dialect.get("skipInitialSpace") is True and stated != " ",
    }
