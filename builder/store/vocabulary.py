"""The vocabulary of topics: ``frameworks/topics/*.yml``, one topic a file and the shared words in ``shared.yml``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from builder.errors import Fault, FilesRefused
from builder.model import topic as form
from builder.model.topic import Shared, Topic, Vocabulary
from builder.store import atomic, strict_yaml, words
from builder.store.people import about, files_in
from builder.store.refusals import validated
from builder.store.strict_yaml import read

FOLDER = "topics"
_SHARED = "shared"


def load_vocabulary(frameworks: Path, cache: Path | None = None) -> Vocabulary:
    """Return the vocabulary beside the frameworks; raises ``FilesRefused`` with every fault of every file.

    ``cache`` is a folder in which what was read is kept by its content: reading fifty files strictly takes ten times
    as long. Whatever is wrong with what was kept, the files themselves are read instead.
    """
    kept = cache / f"vocabulary-{_content(frameworks / FOLDER)}.json" if cache else None
    if kept is not None:
        with suppress(OSError, ValidationError):
            return Vocabulary.model_validate_json(kept.read_bytes())
    vocabulary, faults = read_vocabulary(frameworks / FOLDER)
    if vocabulary is None:
        raise FilesRefused(faults)
    if kept is not None:
        with suppress(OSError):
            for older in kept.parent.glob("vocabulary-*.json"):
                older.unlink()
            atomic.write(kept, vocabulary.model_dump_json().encode())
    return vocabulary


def _content(folder: Path) -> str:
    """A digest of the files and of the program that reads them."""
    whole = hashlib.sha256()
    for path in [*sorted(folder.glob("*.yml")), Path(form.__file__), Path(strict_yaml.__file__), Path(__file__)]:
        data = path.read_bytes()
        whole.update(f"{path.name} {len(data)}\n".encode())
        whole.update(data)
    return whole.hexdigest()[:32]


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
