"""The journal: whole entries or none, and nothing kept for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from builder.gather.journal import Journal
from builder.gather.reading import Read
from builder.model.catalogue import Dataset
from builder.model.observation import Measurement, Observation, Reading
from builder.model.reasons import Outcome, Reason

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _read() -> Read:
    fact = Measurement(value=2, pointer="$", unit="1")
    observation = Observation(
        kind="ckan", url="https://a.example/", probe="ckan/1", at=DAY, outcome=Outcome.PASSED, reason=Reason.OK,
        measurements={"count": fact})  # fmt: skip
    datasets = (Dataset(id="a", title="A", pointer="$[0]"), Dataset(id="b", title="B", pointer="$[1]"))
    return Read(observation, Reading({"count": fact}, True, "all", datasets, {"de-a": {"near": fact}}))


def test_what_was_read_comes_back(tmp_path: Path) -> None:
    """An entry holds the observation, what is near each place and the datasets, and outlives the process."""
    Journal(tmp_path, b"x", DAY).add("key", _read())
    later = Journal(tmp_path, b"x", DAY + timedelta(hours=23))
    entry = later.entry("key")
    assert later.run == DAY and entry is not None
    assert entry.observation == _read().observation
    assert entry.near["de-a"]["near"].value == 2
    assert [dataset.id for dataset in later.datasets("key")] == ["a", "b"]
    assert later.entry("another") is None


def test_a_damaged_entry_is_asked_again(tmp_path: Path) -> None:
    """What a power cut left half-written does not count as finished."""
    journal = Journal(tmp_path, b"x", DAY)
    journal.add("key", _read())
    (listed,) = tmp_path.rglob("key.datasets.jsonl")
    listed.write_bytes(listed.read_bytes()[:-5])
    assert journal.entry("key") is None
    journal.add("key", _read())
    (written,) = tmp_path.rglob("key.entry.json")
    written.write_bytes(b"")
    assert journal.entry("key") is None


def test_old_journals_are_let_go(tmp_path: Path) -> None:
    """A day later a run starts anew, and journals that nobody came back for are gone; fresh ones of others stay."""
    Journal(tmp_path, b"old", DAY).add("key", _read())
    Journal(tmp_path, b"fresh", DAY + timedelta(hours=20)).add("key", _read())
    now = DAY + timedelta(hours=25)
    assert Journal(tmp_path, b"mine", now).run == now
    assert Journal(tmp_path, b"old", now).entry("key") is None
    assert Journal(tmp_path, b"fresh", now).entry("key") is not None
