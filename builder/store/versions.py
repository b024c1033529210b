"""Older versions of the frameworks, each kept whole, so that any facts can be judged as they were judged then."""

from __future__ import annotations

from pathlib import Path

from builder.errors import Fault, FilesRefused, InputError
from builder.model.framework import Framework
from builder.store.people import VERSIONS, about, files_in, read_framework


def load_framework_version(folder: Path, id: str, version: str) -> Framework:
    """Return one version of a framework: that of ``<id>.yml``, or the one kept in ``versions/<id>-<version>.yml``.

    Raises ``InputError`` where no such version is kept, and names those that are.
    """
    current = folder / f"{id}.yml"
    files = ([current] if current.is_file() else []) + version_files_in(folder)[0]
    known: list[str] = []
    for path in files:
        if path != current and not path.stem.startswith(f"{id}-"):
            continue
        framework = read_framework(path)
        if not isinstance(framework, Framework):
            raise FilesRefused(framework)
        if (framework.id, framework.version) == (id, version):
            return framework
        known += [framework.version] if framework.id == id else []
    there = f"kept are {', '.join(sorted(known))}" if known else "no version of it is kept"
    raise InputError(f"{folder}: there is no version {version} of the framework '{id}': {there}")


def version_files_in(folder: Path) -> tuple[list[Path], list[Fault]]:
    """Return the files of older versions of a folder of frameworks, as ``files_in`` does; there may be none at all."""
    kept = folder / VERSIONS
    return files_in(kept) if kept.is_dir() else ([], [])


def read_version(path: Path) -> list[Fault]:
    """Return every fault of an older version, among them that it is the one its framework has today."""
    older = read_framework(path)
    if not isinstance(older, Framework):
        return older
    current = read_framework(path.parents[1] / f"{older.id}.yml")
    if not isinstance(current, Framework):
        return [about(path, f"there is no '{older.id}.yml' that can be read beside the folder '{VERSIONS}'")]
    if current.version == older.version:
        return [about(path, f"'{older.id}.yml' is version {older.version} itself: raise its version, or take this out")]
    if older.version not in {change.version for change in current.changes}:
        return [about(path, f"'changes' in '{older.id}.yml' tells nothing of version {older.version}: add it")]
    return []
