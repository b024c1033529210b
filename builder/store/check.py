"""The check behind ``cityproof check``: every fault of the named files at once, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import orjson

from builder.errors import Fault
from builder.store import words
from builder.store.measurement import REVIEWS, read_reviews
from builder.store.people import (
    STANDARDS,
    VERSIONS,
    about,
    files_in,
    framework_files_in,
    read_city,
    read_framework,
    read_frameworks,
)
from builder.store.sayings import Asked, questions
from builder.store.standards import read_standard
from builder.store.versions import read_version, version_files_in
from builder.store.vocabulary import FOLDER as TOPICS
from builder.store.vocabulary import read_vocabulary

_GLOB = frozenset("*?[")


def check(paths: Iterable[Path], *, cities: Path, frameworks: Path, allow_private: bool = False) -> list[Fault]:
    """Return every fault of the named files and folders, in stable order; without names, of all cities and frameworks.

    What lies in the ``frameworks`` folder, or in its ``versions``, is read as a framework, what lies in its ``topics``
    as words and verdicts, what lies in its ``standards`` as a standard, everything else as a city.
    A name that leads to nothing, an empty folder and a pattern that matches nothing are faults: silence would look
    like approval.
    """
    city_files: list[Path] = []
    topic_files: list[Path] = []
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
            elif _same(file.parent, frameworks / TOPICS):
                topic_files.append(file)
            elif _same(file.parent, frameworks / STANDARDS):
                standard = read_standard(file)
                found += standard if isinstance(standard, list) else []
            else:
                city_files.append(file)
    known, unread = read_frameworks(frameworks)
    # A city's indicators can only be judged against frameworks that could be read.
    asked = None if unread else questions(known.values())
    if topic_files:
        found += _topics(topic_files, frameworks / TOPICS, asked)
    for file in city_files:
        city = read_city(file, questions=asked, allow_private=allow_private)
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


def _topics(named: list[Path], folder: Path, asked: Mapping[str, Asked] | None) -> list[Fault]:
    """Return the faults of the named files among the words and verdicts, or those of the folder as a whole.

    The words of one file lean on what all share, so they are always read together.
    """
    _, faults = read_vocabulary(folder, indicators=asked)
    _, more = read_reviews(folder / REVIEWS, indicators=asked)
    names = {words.file_name(folder / path.name) for path in named}
    every = {words.file_name(path) for path in (*folder.glob("*.yml"), folder / REVIEWS)}
    shown = {words.file_name(folder / path.name): words.file_name(path) for path in named}
    return [
        replace(one, file=shown.get(one.file, one.file))
        for one in (*faults, *more)
        if one.file in names or one.file not in every
    ]


def _frameworks(folder: Path) -> tuple[list[Path], list[Fault]]:
    """Return the files of the frameworks, as they are and as they were, and of topics and standards, if any."""
    files, faults = framework_files_in(folder)
    older, more = version_files_in(folder)
    topics, most = _topic_files(folder / TOPICS) if (folder / TOPICS).is_dir() else ([], [])
    standards, still = files_in(folder / STANDARDS) if (folder / STANDARDS).is_dir() else ([], [])
    return files + older + topics + standards, faults + more + most + still


def _topic_files(folder: Path) -> tuple[list[Path], list[Fault]]:
    files, faults = files_in(folder)
    return files + [path for path in (folder / REVIEWS,) if path.exists()], faults


def _files(path: Path, frameworks: Path) -> tuple[list[Path], list[Fault]]:
    """Return the files that one argument stands for."""
    try:
        if path.is_dir():
            if _same(path, frameworks / TOPICS):
                return _topic_files(path)
            return _frameworks(path) if _same(path, frameworks) else files_in(path)
        if path.exists() or path.is_symlink():
            if path.suffix != ".yml" and not _same(path, frameworks / TOPICS / REVIEWS):
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
