"""The journal of an unfinished run: what was read so far, so that a killed run resumes and asks no source twice."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from builder.gather.reading import Read
from builder.model.catalogue import Dataset
from builder.model.observation import Measurement, Observation

LIFETIME = timedelta(hours=24)  # older readings are better asked for again

_NEAR = TypeAdapter(dict[str, dict[str, Measurement]])


@dataclass(frozen=True, slots=True)
class Entry:
    """One source as the journal holds it; its datasets stay on disk until they are asked for."""

    observation: Observation
    near: dict[str, dict[str, Measurement]] = field(default_factory=dict)
    has_datasets: bool = False


class Journal:
    """One folder for one run, named after its arguments: a run with other arguments has another journal.

    ``arguments`` are any bytes that differ when the run does; ``now`` decides whether an older journal still counts.
    """

    def __init__(self, folder: Path, arguments: bytes, now: datetime) -> None:
        self._folder = folder / hashlib.sha256(arguments).hexdigest()[:24]
        # Journals of runs that nobody resumed are let go too.
        for other in {self._folder, *folder.glob("*")}:
            begun = _begun(other)
            if begun is None or not timedelta(0) <= now - begun <= LIFETIME:
                shutil.rmtree(other, ignore_errors=True)
        begun = _begun(self._folder)
        if begun is None:
            begun = now
            _write(self._folder / "run.json", orjson.dumps({"run": now.isoformat()}))
        self.run = begun

    def add(self, key: str, read: Read) -> None:
        """Write down one finished source."""
        reading = read.reading
        datasets = reading.datasets if reading is not None else None
        near = {place: dict(found) for place, found in reading.near.items()} if reading is not None else {}
        if datasets is not None:
            plain = (dataset.model_dump(mode="json") for dataset in datasets)
            lines = (orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in plain)
            _write(self._datasets(key), b"".join(lines))
        # Written last: a source counts as finished only when everything of it is there.
        _write(self._entry(key), orjson.dumps({
            "observation": read.observation.model_dump(mode="json"),
            "near": _NEAR.dump_python(near, mode="json"),
            "datasets_bytes": None if datasets is None else self._datasets(key).stat().st_size,
        }))  # fmt: skip

    def entry(self, key: str) -> Entry | None:
        """What is written down of a source, or None when it must still be asked."""
        try:
            plain = orjson.loads(self._entry(key).read_bytes())
            observation = Observation.model_validate_json(orjson.dumps(plain["observation"]))
            size = plain["datasets_bytes"]
            if size is not None and self._datasets(key).stat().st_size != size:
                return None
            return Entry(observation, _NEAR.validate_python(plain["near"]), size is not None)
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValidationError):
            return None

    def datasets(self, key: str) -> Iterator[Dataset]:
        """The datasets of a finished source that has some."""
        with self._datasets(key).open("rb") as lines:
            for line in lines:
                yield Dataset.model_validate_json(line)

    def remove(self) -> None:
        """Forget the run: it is finished, or its readings are not to be used."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _entry(self, key: str) -> Path:
        return self._folder / f"{key}.entry.json"

    def _datasets(self, key: str) -> Path:
        return self._folder / f"{key}.datasets.jsonl"


def _begun(folder: Path) -> datetime | None:
    """When the run began whose journal lies in this folder; None when there is none."""
    try:
        return datetime.fromisoformat(orjson.loads((folder / "run.json").read_bytes())["run"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or none. Not brought to the disk at once, unlike results: thousands of times that would take
    longer than the reading, and a source whose entry a power cut damaged is simply asked again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.writing")
    waiting.write_bytes(content)
    os.replace(waiting, path)
