"""The published folder: writes what changed, removes what is no longer made, touches nothing that is not ours."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import orjson

from builder.errors import CityproofError, InputError

MARK = ".cityproof.json"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many files a build wrote, found unchanged and removed."""

    written: int
    skipped: int
    removed: int


class Tree:
    """A folder of files that one build owns; ``finish`` removes what the former build made and this one did not.

    The list of files lies beside the folder in ``cache``, so that the published folder holds only what is published.
    Raises ``InputError`` for a folder that holds something and was not made by us.
    """

    def __init__(self, out: Path, cache: Path) -> None:
        self.out = out.resolve()
        mark = hashlib.sha256(os.fsencode(self.out)).hexdigest()[:16]
        self._list = cache / "built" / f"{mark}.json"
        self._former = self._read()
        self._made: set[str] = set()
        self._written = self._skipped = 0
        if not self._former and self.out.is_dir() and any(self.out.iterdir()) and not (self.out / MARK).exists():
            raise InputError(f"{out}: not empty and not made by 'cityproof build'; name an empty folder with --out")
        # The mark comes first, so that a build killed half-way finds its own folder again.
        self.write(MARK, orjson.dumps({"made_by": "cityproof build"}, option=orjson.OPT_APPEND_NEWLINE))

    def write(self, path: str, data: bytes) -> None:
        """Write one file by its path from the root, unless it is there already with the same bytes."""
        clean = PurePosixPath(path)
        if clean.is_absolute() or ".." in clean.parts or path in self._made:
            raise CityproofError(f"{path}: a page would lie outside the site, or be written twice")
        self._made.add(path)
        target = self.out / clean
        if target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data:
            self._skipped += 1
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.half")
        half.write_bytes(data)
        half.replace(target)
        self._written += 1

    def finish(self) -> BuildReport:
        """Remove what is no longer made and remember what was."""
        removed = 0
        for path in sorted(self._former - self._made):
            target = self.out / path
            if target.is_file():
                target.unlink()
                removed += 1
            for folder in target.parents:
                if folder == self.out or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
        self._list.parent.mkdir(parents=True, exist_ok=True)
        self._list.write_bytes(orjson.dumps(sorted(self._made), option=orjson.OPT_APPEND_NEWLINE))
        return BuildReport(self._written, self._skipped, removed)

    def _read(self) -> set[str]:
        try:
            return set(orjson.loads(self._list.read_bytes()))
        except (FileNotFoundError, orjson.JSONDecodeError):
            return set()
