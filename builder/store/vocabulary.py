"""The vocabulary of topics: ``frameworks/topics/*.yml``, one topic a file and the shared words in ``shared.yml``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from builder.errors import Fault, FilesRefused
from builder.model.topic import Shared, Topic, Vocabulary
from builder.store import words
from builder.store.people import about, files_in
from builder.store.refusals import validated
from builder.store.strict_yaml import read

FOLDER = "topics"
_SHARED = "shared"


def load_vocabulary(frameworks: Path) -> Vocabulary:
    """Return the vocabulary beside the frameworks; raises ``FilesRefused`` with every fault of every file."""
    vocabulary, faults = read_vocabulary(frameworks / FOLDER)
    if vocabulary is None:
        raise FilesRefused(faults)
    return vocabulary


def read_vocabulary(
    folder: Path, *, indicators: Collection[str] | None = None
) -> tuple[Vocabulary | None, list[Fault]]:
    """Return the vocabulary of a folder, or None and every fault of every file.

    ``indicators`` are the ids that a topic may have (None: do not look).
    """
    paths, faults = files_in(folder)
    topics: list[Topic] = []
    shared: Shared | None = None
    for path in paths:
        document, unreadable = read(path, words.file_name(path))
        if document is None:
            faults += unreadable
            continue
        found: Shared | Topic | list[Fault] = (
            validated(document, Shared) if path.stem == _SHARED else validated(document, Topic)
        )
        if isinstance(found, list):
            faults += found
        elif isinstance(found, Shared):
            shared = found
        else:
            topics.append(found)
            if found.id != path.stem:
                faults.append(document.fault(("id",), f"found '{found.id}' in a file named '{path.name}': rename one"))
            elif indicators is not None and found.id not in indicators:
                guess = words.did_you_mean(found.id, indicators)
                faults.append(document.fault(("id",), f"no framework has an indicator '{found.id}'{guess}"))
        faults += unreadable
    if shared is None and not faults:
        faults.append(about(folder / f"{_SHARED}.yml", "there is no such file: it holds the version and shared words"))
    if faults or shared is None:
        return None, sorted(set(faults))
    try:
        return Vocabulary(shared=shared, topics=tuple(sorted(topics, key=lambda topic: topic.id))), []
    except ValidationError as error:
        return None, [about(folder, str(one["msg"]).removeprefix("Value error, ")) for one in error.errors()]
