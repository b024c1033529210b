"""The standards that figures stand beside: ``frameworks/standards/*.yml``, one standard a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.errors import Fault, FilesRefused
from builder.model.kinds import KINDS
from builder.model.standard import Standard
from builder.store import words
from builder.store.people import STANDARDS as FOLDER
from builder.store.people import files_in
from builder.store.refusals import validated
from builder.store.strict_yaml import Document, read


def load_standards(frameworks: Path) -> tuple[Standard, ...]:
    """Return the standards beside the frameworks by their short names; none where the folder is not there.

    Raises ``FilesRefused`` with every fault of every file.
    """
    folder = frameworks / FOLDER
    if not folder.is_dir():  # figures are shown without them: an older folder of frameworks has none
        return ()
    paths, faults = files_in(folder)
    found: list[Standard] = []
    for path in paths:
        standard = read_standard(path)
        if isinstance(standard, Standard):
            found.append(standard)
        else:
            faults += standard
    if faults:
        raise FilesRefused(faults)
    return tuple(sorted(found, key=lambda one: (one.short.casefold(), one.id)))


def read_standard(path: Path) -> Standard | list[Fault]:
    """Return one standard, or every fault of its file in file order."""
    document, faults = read(path, words.file_name(path))
    if document is None:
        return faults
    result = validated(document, Standard)
    if isinstance(result, list):
        return sorted({*faults, *result})
    faults += _senseless(document, result, path)
    return sorted(faults) if faults else result


def _senseless(document: Document, standard: Standard, path: Path) -> Iterator[Fault]:
    if standard.id != path.stem:
        yield document.fault(("id",), f"found '{standard.id}' in a file named '{path.name}': rename one")
    for number, clause in enumerate(standard.clauses):
        for place, figure in enumerate(clause.figures):
            for kind in figure.kinds:
                if kind not in KINDS:
                    at = ("clauses", number, "figures", place, "kinds", figure.kinds.index(kind))
                    yield document.fault(at, f"there is no kind '{kind}'{words.did_you_mean(kind, KINDS)}")
