"""The results on disk: what machines saw at each city's sources, where a changed line is a changed fact."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from builder.errors import ResultsError
from builder.model.catalogue import Dataset
from builder.model.matches import Matches
from builder.model.observation import CityFacts
from builder.model.registry import Registries
from builder.store import atomic, lock

VERSION = 1

F = TypeVar("F", CityFacts, Registries, Matches)

_REGISTRIES = "registries.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,200}")
_PRETTY = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_MEND = "take it back from git, or delete it and run 'cityproof gather' again"


class Results:
    """One ``results/`` folder: ``<city>.json`` for facts, ``catalogues/<key>.jsonl`` for dataset lists, what the topics
    matched in them in ``matches/<key>.json``, and what the registries still say in ``registries.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lock(self, owner: str) -> AbstractContextManager[None]:
        """Hold the folder while writing; raises ``Busy`` when another living process does."""
        return lock.held(self.folder, owner)

    def city(self, id: str) -> CityFacts | None:
        """Return one city's facts, or None when nobody has looked yet; raises ``ResultsError`` on a damaged file."""
        path = self.folder / f"{_safe(id)}.json"
        facts = _read(path, CityFacts)
        if facts is None:
            return None
        if facts.city != id:
            raise ResultsError(f"{path}: holds the facts of '{facts.city}': {_MEND}")
        return facts

    def cities(self) -> dict[str, CityFacts]:
        """Return the facts of every city that has any, by id and sorted."""
        # A city's id begins with its country and a hyphen, so the registries' file is none of theirs.
        found = ((path.stem, self.city(path.stem)) for path in sorted(self.folder.glob("[!.]*-*.json")))
        return {id: facts for id, facts in found if facts is not None}

    def write_city(self, facts: CityFacts) -> bool:
        """Write one city's facts; returns whether the file changed."""
        return _write(self.folder / f"{_safe(facts.city)}.json", facts)

    def registries(self) -> Registries:
        """Return what the registries still say; nothing when none was ever read. Raises ``ResultsError`` on damage."""
        return _read(self.folder / _REGISTRIES, Registries) or Registries()

    def write_registries(self, facts: Registries) -> bool:
        """Write what the registries say; returns whether the file changed."""
        return _write(self.folder / _REGISTRIES, facts)

    def datasets(self, key: str) -> list[Dataset]:
        """Return a source's dataset list sorted by id, those that are gone with it; empty when it was never read."""
        return list(self._datasets(key))

    def write_datasets(self, key: str, datasets: Iterable[Dataset], complete: bool, on: date) -> str:
        """Merge a reading's datasets into the source's list; returns the sha256 of the list without the gone.

        After a ``complete`` reading whatever it lacks keeps its line with ``gone_since`` (the first day it was
        missed); after an incomplete one, lines that were not seen stay as they were.
        """
        lines: dict[str, bytes] = {}
        gone: dict[str, bytes] = {}
        for dataset in datasets:
            line = _line(dataset)
            # A portal that lists an id twice has no order we could trust.
            lines[dataset.id] = min(line, lines.get(dataset.id, line))
        for known in self._datasets(key):
            if known.id in lines:
                continue
            if known.gone_since is not None:
                gone[known.id] = _line(known)
            elif complete:
                gone[known.id] = _line(known.model_copy(update={"gone_since": on.isoformat()}))
            else:
                lines[known.id] = _line(known)
        everything = {**lines, **gone}
        atomic.write(self._catalogue(key), b"".join(everything[id] for id in sorted(everything)))
        return hashlib.sha256(b"".join(lines[id] for id in sorted(lines))).hexdigest()

    def matches(self, key: str) -> Matches | None:
        """Return what the topics matched in a source's list when that was last done, or None."""
        return _read(self._matches(key), Matches)

    def write_matches(self, key: str, matches: Matches) -> bool:
        """Write what the topics matched in a source's list; returns whether the file changed."""
        return _write(self._matches(key), matches)

    def _datasets(self, key: str) -> Iterator[Dataset]:
        path = self._catalogue(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return
        for number, line in enumerate(content.splitlines(), 1):
            try:
                yield Dataset.model_validate_json(line, strict=True)
            except ValidationError as error:
                raise ResultsError(f"{path}:{number}: {_what(error)}: {_MEND}") from error

    def _matches(self, key: str) -> Path:
        return self.folder / "matches" / f"{_safe(key)}.json"

    def _catalogue(self, key: str) -> Path:
        return self.folder / "catalogues" / f"{_safe(key)}.jsonl"


def _read(path: Path, form: type[F]) -> F | None:
    """Return a machine-written file as its noun, or None where there is none; raises ``ResultsError``."""
    try:
        facts = form.model_validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        return None
    except (ValidationError, OSError) as error:
        raise ResultsError(f"{path}: {_what(error)}: {_MEND}") from error
    if facts.version != VERSION:
        raise ResultsError(f"{path}: written in form {facts.version}, this program reads {VERSION}: {_MEND}")
    return facts


def _write(path: Path, facts: CityFacts | Registries | Matches) -> bool:
    plain = {"version": facts.version, **facts.model_dump(mode="json", exclude_defaults=True)}
    content = orjson.dumps(plain, option=_PRETTY)
    # A number that JSON has no word for would silently become null here and a damaged file later.
    type(facts).model_validate_json(content, strict=True)
    return atomic.write(path, content)


def _line(dataset: Dataset) -> bytes:
    """Return a dataset as one compact line; what is empty or as usual is left out."""
    plain: dict[str, Any] = dataset.model_dump(mode="json", exclude_defaults=True)
    kept = {name: value for name, value in plain.items() if value or Dataset.model_fields[name].is_required()}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _safe(name: str) -> str:
    """Refuse a name that would leave the folder; ids and keys are checked long before, so this is our own error."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a file name in results/")
    return name


def _what(error: ValidationError | OSError) -> str:
    """Say in a few words how a machine-written file is damaged."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})"
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"is damaged ({where + ': ' if where else ''}{first['msg']})"
