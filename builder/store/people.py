"""What people write: reads city and framework files, one or a folder of them, with every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from builder.errors import Fault, FilesRefused
from builder.model.city import City
from builder.model.framework import Framework
from builder.model.kinds import KINDS
from builder.store import city_rules, words
from builder.store.plain import items
from builder.store.refusals import validated
from builder.store.sayings import Asked, questions
from builder.store.strict_yaml import Document, read

T = TypeVar("T", bound=BaseModel)

VERSIONS = "versions"
STANDARDS = "standards"
_FRAMEWORK_FOLDERS = frozenset({"topics", VERSIONS, STANDARDS})


def read_city(
    path: Path,
    *,
    text: str | None = None,
    questions: Mapping[str, Asked] | None = None,
    allow_private: bool = False,
) -> City | list[Fault]:
    """Return one city, or every fault of its file in file order.

    ``text`` is read in place of what the file holds, as if it stood there; ``questions`` are those that pins and
    other sayings may name (None: do not look); ``allow_private`` lets addresses of this machine and its network pass,
    as the demonstration needs.
    """
    document, faults = read(path if text is None else text, words.file_name(path))
    if document is None:
        return faults
    rules = (
        city_rules.faults(document, stem=path.stem, questions=questions, allow_private=allow_private)
        if isinstance(document.data, dict)
        else []
    )
    return _settled(validated(document, City), faults, rules)


def read_framework(path: Path) -> Framework | list[Fault]:
    """Return one framework, or every fault of its file in file order; an older one lies in the folder ``versions``."""
    document, faults = read(path, words.file_name(path))
    if document is None:
        return faults
    older = path.parent.name == VERSIONS
    rules = _framework_rules(document, path.stem, older) if isinstance(document.data, dict) else []
    return _settled(validated(document, Framework), faults, rules)


def load_cities(
    folder: Path, frameworks: Mapping[str, Framework] | None = None, *, allow_private: bool = False
) -> dict[str, City]:
    """Return every city of a folder by id, sorted; raises ``FilesRefused`` with every fault of every file."""
    paths, faults = files_in(folder)
    asked = None if frameworks is None else questions(frameworks.values())
    cities: dict[str, City] = {}
    for path in paths:
        city = read_city(path, questions=asked, allow_private=allow_private)
        if isinstance(city, City):
            cities[city.id] = city
        else:
            faults += city
    if faults:
        raise FilesRefused(faults)
    return dict(sorted(cities.items()))


def load_frameworks(folder: Path) -> dict[str, Framework]:
    """Return every framework of a folder by id, sorted; raises ``FilesRefused`` with every fault of every file."""
    frameworks, faults = read_frameworks(folder)
    if faults:
        raise FilesRefused(faults)
    return frameworks


def read_frameworks(folder: Path) -> tuple[dict[str, Framework], list[Fault]]:
    """Return the frameworks of a folder that could be read, by id and sorted, and every fault of every file."""
    paths, faults = framework_files_in(folder)
    frameworks: dict[str, Framework] = {}
    for path in paths:
        framework = read_framework(path)
        if isinstance(framework, Framework):
            frameworks[framework.id] = framework
        else:
            faults += framework
    return dict(sorted(frameworks.items())), faults


def framework_files_in(folder: Path) -> tuple[list[Path], list[Fault]]:
    """Return the framework files of a folder, as ``files_in`` does; what lies beside them has its own readers."""
    return files_in(folder, besides=_FRAMEWORK_FOLDERS)


def files_in(folder: Path, *, besides: Collection[str] = ()) -> tuple[list[Path], list[Fault]]:
    """Return a folder's ``*.yml`` files, sorted, and a fault for whatever would be passed over in silence.

    ``besides`` names the sub-folders that belong there. A folder that is absent or holds no such file is a fault.
    """
    name = words.file_name(folder)
    if not folder.is_dir():
        return [], [Fault(name, 1, 1, "file", "there is no such folder: check the name")]
    paths: list[Path] = []
    faults: list[Fault] = []
    taken: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in besides:
            continue
        ending = path.suffix
        if path.is_dir() and not path.is_symlink():
            faults.append(about(path, "this is a folder, whose files nobody would read: put them beside it"))
        elif ending != ".yml" and ending.lower() in (".yml", ".yaml"):
            faults.append(about(path, f"found a name ending in '{ending}', expected '.yml': rename the file"))
        elif ending == ".yml":
            twin = taken.setdefault(path.name.casefold(), path.name)
            if twin != path.name:
                faults.append(about(path, f"this name differs from '{twin}' only in capitals: rename one"))
            paths.append(path)
    if not paths and not faults:
        faults.append(about(folder, "this folder holds no '.yml' file: nothing would be read"))
    return paths, faults


def _framework_rules(document: Document, stem: str, older: bool) -> list[Fault]:
    data = document.data
    found = list(city_rules.days(data, ()))
    name = f"{data.get('id')}-{data.get('version')}" if older else data.get("id")
    if isinstance(name, str) and name != stem:
        found.append((("id",), f"found '{name}' in a file named '{stem}.yml': rename the file or mend the id"))
    for number, indicator in items(data, "indicators"):
        kinds = indicator.get("kinds")
        for place, kind in enumerate(kinds if isinstance(kinds, list) else ()):
            if isinstance(kind, str) and kind not in KINDS:
                guess = words.did_you_mean(kind, KINDS) or f"; the kinds are {', '.join(sorted(KINDS))}"
                found.append((("indicators", number, "kinds", place), f"there is no kind '{kind}'{guess}"))
    return sorted(document.fault(loc, text) for loc, text in found)


def _settled(result: T | list[Fault], form: list[Fault], rules: list[Fault]) -> T | list[Fault]:
    """Return the result if nothing is wrong with it, else its faults; rules are silent where the schema spoke."""
    schema = result if isinstance(result, list) else []
    spoken = {(fault.line, fault.column, fault.field) for fault in schema}
    senseless = [fault for fault in rules if (fault.line, fault.column, fault.field) not in spoken]
    if isinstance(result, list) or form or senseless:
        return sorted({*form, *schema, *senseless})
    return result


def about(path: Path, text: str) -> Fault:
    """Return a fault of a file or folder as a whole."""
    return Fault(words.file_name(path), 1, 1, "file", words.message(text))
