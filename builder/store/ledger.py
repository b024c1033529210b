"""The ledger on disk: one line per source and run, by month, from which 'last read' and 'failing since' are told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import orjson
from pydantic import ValidationError

from builder.errors import ResultsError
from builder.model.observation import LedgerLine
from builder.store import atomic

_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl")
_MEND = "take the file back from git, or delete that line"


class Ledger:
    """One ``results/`` folder's ``runs/<yyyy-mm>.jsonl``, a run filed under the UTC month in which it began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "runs"

    def lines(self) -> list[LedgerLine]:
        """Return every line of every month by run, source and instant; raises ``ResultsError`` on a damaged file."""
        found: list[LedgerLine] = []
        for path in sorted(self.folder.glob("*.jsonl")):
            if _MONTH.fullmatch(path.name):
                found += [_parsed(path, number, line) for number, line in enumerate(_whole_lines(path), 1)]
        return sorted(found, key=_order)

    def append(self, lines: Iterable[LedgerLine]) -> None:
        """Add lines, each under its run's month; a line that stands there already is not written twice.

        Lines that come in order are added to the end and brought to the disk; only when some belong between
        earlier ones is the month written anew. Hand over a batch rather than a line at a time.
        """
        months: dict[str, list[LedgerLine]] = {}
        for line in sorted(lines, key=_order):
            months.setdefault(f"{line.run.astimezone(UTC):%Y-%m}", []).append(line)
        for month, fresh in sorted(months.items()):
            self._append(self.folder / f"{month}.jsonl", fresh)

    def end(self) -> datetime | None:
        """Return the newest instant that any line names: the usual 'now' of a build. None while nothing was run."""
        return max((instant for line in self.lines() for instant in (line.run, line.at)), default=None)

    def _append(self, path: Path, fresh: list[LedgerLine]) -> None:
        known = _whole_lines(path)
        present = set(known)
        encoded = [line for line in dict.fromkeys(map(_encoded, fresh)) if line not in present]
        if not encoded:
            return
        if known and _order(_parsed(path, len(known), known[-1])) > _order(fresh[0]):
            every = [_parsed(path, number, line) for number, line in enumerate([*known, *encoded], 1)]
            atomic.write(path, b"".join(_encoded(line) for line in sorted(every, key=_order)))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with path.open("ab") as stream:
            # A writer killed half-way through a line leaves a torn end, which is nobody's line.
            stream.truncate(sum(map(len, known)))
            stream.write(b"".join(encoded))
            stream.flush()
            os.fsync(stream.fileno())
        if new:
            atomic.sync_folder(path.parent)


def _order(line: LedgerLine) -> tuple[datetime, str, datetime, str, str]:
    return line.run, line.source, line.at, line.reason, line.digest or ""


def _whole_lines(path: Path) -> list[bytes]:
    """Return a month's lines with their newlines; a last line torn off by a crash is left out."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]


def _parsed(path: Path, number: int, line: bytes) -> LedgerLine:
    try:
        parsed = LedgerLine.model_validate_json(line, strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise ResultsError(f"{path}:{number}: is damaged ({problem}): {_MEND}") from error
    if parsed.run.tzinfo is None or parsed.at.tzinfo is None:
        raise ResultsError(f"{path}:{number}: holds a time without a zone: {_MEND}")
    return parsed


def _encoded(line: LedgerLine) -> bytes:
    plain = line.model_dump(mode="json", exclude_defaults=True)
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
