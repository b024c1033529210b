"""The check behind ``cityproof check``: every fault of the named files at once, without a network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from builder.errors import Fault
from builder.store.people import (
    VERSIONS,
    about,
    files_in,
    framework_files_in,
    indicator_ids,
    read_city,
    read_framework,
    read_frameworks,
)
from builder.store.versions import read_version, version_files_in

_GLOB = frozenset("*?[")


def check(paths: Iterable[Path], *, cities: Path, frameworks: Path, allow_private: bool = False) -> list[Fault]:
    """Return every fault of the named files and folders, in stable order; without names, of all cities and frameworks.

    What lies in the ``frameworks`` folder, or in its ``versions``, is read as a framework, everything else as a city.
    A name that leads to nothing, an empty folder and a pattern that matches nothing are faults: silence would look
    like approval.
    """
    city_files: list[Path] = []
    found: list[Fault] = []
    for path in list(paths) or [cities, frameworks]:
        files, faults = _files(path, frameworks)
        found += faults
        for file in files:
            if _same(file.parent, frameworks):
                framework = read_framework(file)
                found += framework if isinstance(framework, list) else []
            elif _same(file.parent, frameworks / VERSIONS):
                found += read_version(file)
            else:
                city_files.append(file)
    known, unread = read_frameworks(frameworks)
    # A city's indicators can only be judged against frameworks that could be read.
    indicators = None if unread else indicator_ids(known.values())
    for file in city_files:
        city = read_city(file, indicators=indicators, allow_private=allow_private)
        if isinstance(city, list):
            found += city
        elif city.pins or city.rejects or city.attestations or city.replies or city.not_applicable:
            found += unread
    return sorted(set(found))


def as_text(faults: Iterable[Fault]) -> str:
    """Return one line a fault, ``file:line:column: field: message``, each ending in a newline."""
    return "".join(f"{fault}\n" for fault in faults)


def as_json(faults: Iterable[Fault]) -> str:
    """Return a JSON list of ``{file, line, column, field, message}``, ending in a newline."""
    rows = [
        {"file": one.file, "line": one.line, "column": one.column, "field": one.field, "message": one.message}
        for one in faults
    ]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _frameworks(folder: Path) -> tuple[list[Path], list[Fault]]:
    """Return the files of the frameworks as they are and as they were."""
    files, faults = framework_files_in(folder)
    older, more = version_files_in(folder)
    return files + older, faults + more


def _files(path: Path, frameworks: Path) -> tuple[list[Path], list[Fault]]:
    """Return the files that one argument stands for."""
    try:
        if path.is_dir():
            return _frameworks(path) if _same(path, frameworks) else files_in(path)
        if path.exists() or path.is_symlink():
            if path.suffix != ".yml":
                return [], [about(path, f"found a name ending in '{path.suffix}', expected '.yml'")]
            return [path], []
        # A shell hands a pattern on as it stands when nothing matches; some shells always do.
        if _GLOB & set(path.name):
            matches = sorted(path.parent.glob(path.name))
            return matches, [] if matches else [about(path, "no file matches this pattern: check the name")]
    except (OSError, ValueError) as error:
        return [], [about(path, f"this cannot be read: {getattr(error, 'strerror', None) or error}")]
    return [], [about(path, "there is no such file or folder: check the name")]


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
