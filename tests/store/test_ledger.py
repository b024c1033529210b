"""The ledger: every reading of every run, filed by month, whatever order they come in and however a writer dies."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from builder.errors import ResultsError
from builder.model.observation import LedgerLine
from builder.model.reasons import Reason
from builder.store.ledger import Ledger

RUN = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def _line(source: str, run: datetime = RUN, seconds: int = 5, reason: Reason = Reason.OK) -> LedgerLine:
    at = run + timedelta(seconds=seconds)
    return LedgerLine(run=run, source=source, at=at, outcome=reason.outcome, reason=reason, digest=None)


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    """However they were handed over, lines are ordered by run and source."""
    ledger = Ledger(tmp_path)
    later = RUN + timedelta(days=1)
    ledger.append([_line("b", later), _line("a", later)])
    ledger.append([_line("z"), _line("c", reason=Reason.TIMEOUT)])
    assert [(one.run, one.source) for one in ledger.lines()] == [
        (RUN, "c"), (RUN, "z"), (later, "a"), (later, "b"),
    ]  # fmt: skip
    assert ledger.lines()[0].reason is Reason.TIMEOUT


def test_the_file_does_not_depend_on_the_batches(tmp_path: Path) -> None:
    """One batch, one line at a time, and backwards all give the same bytes."""
    lines = [_line(source, RUN + timedelta(hours=hour)) for hour in range(3) for source in "abc"]
    contents = set()
    for name, batches in {"at once": [lines], "each": [[x] for x in lines], "back": [[x] for x in lines[::-1]]}.items():
        ledger = Ledger(tmp_path / name)
        for batch in batches:
            ledger.append(batch)
        contents.add((tmp_path / name / "runs" / "2026-11.jsonl").read_bytes())
    assert len(contents) == 1


def test_a_run_is_filed_under_the_month_it_began(tmp_path: Path) -> None:
    """A run over midnight stays in one file, and a month is a month in UTC."""
    ledger = Ledger(tmp_path)
    ledger.append([_line("a", datetime(2026, 11, 30, 23, 59, tzinfo=UTC), seconds=600)])
    ledger.append([_line("b", datetime(2027, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=9))))])
    assert sorted(os.listdir(tmp_path / "runs")) == ["2026-11.jsonl", "2026-12.jsonl"]


def test_a_line_is_never_written_twice(tmp_path: Path) -> None:
    """Resuming a run that was killed adds only what is missing, and the same run again changes nothing."""
    ledger = Ledger(tmp_path)
    ledger.append([_line("a")])
    ledger.append([_line("a"), _line("b"), _line("b")])
    path = tmp_path / "runs" / "2026-11.jsonl"
    before = path.read_bytes()
    ledger.append([_line("a"), _line("b")])
    ledger.append([])
    assert path.read_bytes() == before and len(ledger.lines()) == 2


def test_a_torn_last_line_is_nobodys(tmp_path: Path) -> None:
    """Cut at any byte, the ledger keeps its whole lines, and the next run writes on after them."""
    whole = Ledger(tmp_path / "whole")
    whole.append([_line("a"), _line("b")])
    content = (tmp_path / "whole" / "runs" / "2026-11.jsonl").read_bytes()
    path = tmp_path / "torn" / "runs" / "2026-11.jsonl"
    path.parent.mkdir(parents=True)
    for cut in range(len(content)):
        path.write_bytes(content[:cut])
        torn = Ledger(tmp_path / "torn")
        assert len(torn.lines()) == content[:cut].count(b"\n")
        torn.append([_line("b"), _line("c")])
        assert [one.source for one in torn.lines()][-2:] == ["b", "c"]


def test_a_damaged_line_is_named_with_its_cure(tmp_path: Path) -> None:
    """Damage anywhere but at the torn end is told by file and line, and appending does not bury it."""
    ledger = Ledger(tmp_path)
    ledger.append([_line("a")])
    path = tmp_path / "runs" / "2026-11.jsonl"
    path.write_bytes(b"{}\n" + path.read_bytes())
    with pytest.raises(ResultsError, match=r"2026-11\.jsonl:1: is damaged.*from git"):
        ledger.lines()
    path.write_bytes(path.read_bytes().replace(b"{}\n", b"").replace(b"Z", b""))
    with pytest.raises(ResultsError, match="without a zone"):
        ledger.lines()


def test_the_end_is_the_newest_instant(tmp_path: Path) -> None:
    """A live reading ends after its run began; a recorded copy is older than the run that read it."""
    ledger = Ledger(tmp_path)
    assert ledger.end() is None
    ledger.append([_line("a", seconds=-90_000_000)])
    assert ledger.end() == RUN
    ledger.append([_line("a", seconds=90)])
    assert ledger.end() == RUN + timedelta(seconds=90)
