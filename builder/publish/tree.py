"""The published folder: writes what changed, removes what is no longer made, touches nothing that is not ours."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import orjson

from builder.errors import CityproofError, InputError

MARK = ".cityproof.json"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many files a build wrote, found unchanged and removed."""

    written: int
    skipped: int
    removed: int


class Stamp(NamedTuple):
    """How a file was left: its size in bytes and when it was written, in nanoseconds."""

    size: int
    written: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a build has made so far: the files' paths, and how many of them were written or found unchanged."""

    names: frozenset[str]
    written: int
    skipped: int

    def __sub__(self, before: Made) -> Made:
        return Made(self.names - before.names, self.written - before.written, self.skipped - before.skipped)


class Tree:
    """A folder of files that one build owns; ``finish`` removes what former builds made and this one did not.

    The list of files lies beside the folder in ``cache``, one path a line, so that the published folder holds only
    what is published. Raises ``InputError`` for a folder that holds something and does not bear our mark.
    """

    def __init__(self, out: Path, cache: Path) -> None:
        self.out = out.resolve()
        mark = hashlib.sha256(os.fsencode(self.out)).hexdigest()[:16]
        self._list = cache / "built" / f"{mark}.txt"
        self._made: set[str] = set()
        self._written = self._skipped = 0
        if self.out.is_dir() and any(self.out.iterdir()) and not (self.out / MARK).exists():
            raise InputError(f"{out}: not empty and not made by 'cityproof build'; name an empty folder with --out")
        self._former = self._read()
        # The mark comes first, so that a build killed half-way finds its own folder again.
        self.write(MARK, orjson.dumps({"made_by": "cityproof build"}, option=orjson.OPT_APPEND_NEWLINE))

    def write(self, path: str, data: bytes) -> None:
        """Write one file by its path from the root, unless it is there already with the same bytes."""
        name = str(PurePosixPath(path))
        if not _inside(name) or name in self._made:
            raise CityproofError(f"{path}: a page would lie outside the site, or be written twice")
        self._made.add(name)
        target = self.out / name
        if target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data:
            self._skipped += 1
            return
        if name not in self._former:
            # Listed before it is there: a later build finds the page even when this one is killed.
            self._list.parent.mkdir(parents=True, exist_ok=True)
            with self._list.open("a", encoding="utf-8") as listed:
                listed.write(f"{name}\n")
        _replace(target, data)
        self._written += 1

    def stamp(self, path: str) -> Stamp:
        """How a file that this build made was left."""
        found = (self.out / path).stat()
        return Stamp(found.st_size, found.st_mtime_ns)

    def keep(self, stamps: Mapping[str, Stamp]) -> bool:
        """Whether all these files lie there as they were left; then they are counted as unchanged, unread."""
        try:
            same = bool(stamps) and all(_inside(path) and self.stamp(path) == was for path, was in stamps.items())
        except OSError:
            return False
        if same:
            self._made |= stamps.keys()
            self._skipped += len(stamps)
        return same

    def remembers(self, name: str) -> Path:
        """Where something about this folder is remembered, beside its list of files."""
        return self._list.with_suffix(f".{name}")

    def made(self) -> Made:
        """What this build has made so far."""
        return Made(frozenset(self._made), self._written, self._skipped)

    def absorb(self, other: Made) -> None:
        """Count what another process made for this build."""
        if twice := self._made & other.names:
            raise CityproofError(f"{min(twice)}: a page would be written twice")
        self._made |= other.names
        self._written += other.written
        self._skipped += other.skipped

    def finish(self) -> BuildReport:
        """Remove what is no longer made and remember what was."""
        removed = 0
        for path in sorted(self._former - self._made):
            target = self.out / path
            _half(target).unlink(missing_ok=True)
            if target.is_file():
                target.unlink()
                removed += 1
            for folder in target.parents:
                if folder == self.out or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
        _replace(self._list, "".join(f"{name}\n" for name in sorted(self._made)).encode())
        return BuildReport(self._written, self._skipped, removed)

    def _read(self) -> set[str]:
        try:
            names = self._list.read_text("utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return set()
        return {name for name in names if _inside(name)}


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _half(target: Path) -> Path:
    return target.with_name(f".{target.name}.half")


def _replace(target: Path, data: bytes) -> None:
    """Write a file so that whoever looks sees the old one or the new one, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = _half(target)
    half.write_bytes(data)
    half.replace(target)
