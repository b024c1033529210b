"""Puts one item into a list of a person's YAML file and leaves every other byte as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from builder.errors import InputError
from builder.store import words
from builder.store.strict_yaml import Document, read

# Text that is itself in YAML wherever it stands, and that no reader of YAML takes for anything but text.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
_NOT_TEXT = frozenset(["y", "yes", "n", "no", "on", "off", "true", "false", "null"])
_EMPTY = re.compile(r"(?P<key>[a-z_]+:)[ \t]*(\[[ \t]*\])?[ \t]*(?P<rest>#.*)?")


def flow(fields: Mapping[str, str]) -> str:
    """Write fields as one line of YAML, ``{indicator: nature.trees, by: "Ana Lima", "on": "2026-11-21"}``.

    Whatever the texts hold, they stay texts: all but the plainest are quoted, so none of them can begin a field.
    """
    return "{" + ", ".join(f"{scalar(name)}: {scalar(value)}" for name, value in fields.items()) + "}"


def with_item(text: str, group: str, fields: Mapping[str, str], name: str) -> str:
    """Return a file's text with ``fields`` as the last item of the list ``group``, which is begun where it is absent.

    Raises ``InputError`` where that cannot be done without touching anything else; ``name`` is what it calls the file.
    """
    before = _read(text, name)
    data = before.data if isinstance(before.data, dict) else {}
    held = data.get(group)
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    if not held:
        _begin(lines, group, group in data, before, fields, newline)
    else:
        at, margin = _end(lines, group, before)
        lines.insert(at, f"{margin}- {flow(fields)}{newline}")
    after = "".join(lines)
    document, faults = read(after, name)
    if faults or document is None or document.data != {**data, group: [*(held or []), dict(fields)]}:
        raise InputError(f"{name}: '{group}' is not written as a list of lines: put the line there by hand")
    return after


def _read(text: str, name: str) -> Document:
    document, faults = read(text, name)
    if document is None or faults:
        raise InputError(f"{faults[0]}")
    return document


def _begin(
    lines: list[str], group: str, there: bool, before: Document, fields: Mapping[str, str], newline: str
) -> None:
    """Begin the list: under its own name where that stands without a list, else at the end of the file."""
    item = f"  - {flow(fields)}{newline}"
    if there:
        number = before.place((group,), key=True)[0] - 1
        match = _EMPTY.fullmatch(lines[number].rstrip("\r\n"))
        if match:
            rest = f"  {match['rest']}" if match["rest"] else ""
            lines[number : number + 1] = [f"{match['key']}{rest}{newline}", item]
        return
    lines += [f"{group}:{newline}", item]


def _end(lines: list[str], group: str, before: Document) -> tuple[int, str]:
    """Where the next item of a list goes (a line's number), and the margin before its dash."""
    first = before.place((group, 0))[0] - 1
    margin = lines[first][: len(lines[first]) - len(lines[first].lstrip(" "))]
    starts = [before.place((key,), key=True)[0] - 1 for key in before.data]
    at = min((start for start in starts if start > first), default=len(lines))
    # What stands apart below the list, a comment or an empty line, belongs to what comes next.
    while at > first + 1 and _apart(lines[at - 1], len(margin)):
        at -= 1
    return at, margin


def _apart(line: str, margin: int) -> bool:
    bare = line.strip()
    return not bare or (bare.startswith("#") and len(line) - len(line.lstrip(" ")) <= margin)


def scalar(value: str) -> str:
    """Write one text as YAML: as it is where nobody could take it for anything else, in quotes otherwise.

    >>> scalar("portal"), scalar("on"), scalar("a: b")
    ('portal', '"on"', '"a: b"')
    """
    if hidden := words.INVISIBLE.search(value):
        raise InputError(f"found the invisible character U+{ord(hidden[0]):04X} in {words.quoted(value)}: take it out")
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)
