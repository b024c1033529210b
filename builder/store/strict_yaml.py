"""Strict YAML: the small, safe part of the language that people need, with the place of every value kept.

A file is at most 256 KB of UTF-8 holding one document. There are no aliases, anchors, merges, tags or directives,
no key stands twice, and nothing nests deeper than twelve levels. ``true`` and ``false`` are the only booleans, plain
decimal numbers the only numbers, and ``null``, ``~`` or an empty value is nothing; all the rest is text: ``NO``,
``12:30``, ``0120000``, ``1e6`` and ``2026-11-21`` too. Every fault that can be told is told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from builder.errors import Fault, FilesRefused
from builder.store import words
from builder.store.text_file import invisible, read_text

DEEPEST = 12
MOST_FAULTS = 50

Loc = tuple[str | int, ...]
Place = tuple[int, int]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
# Beyond 15 digits a whole number is an identifier, and JavaScript or a float would quietly change it.
_LONGEST_INTEGER = 16
_LONGEST_DECIMAL = 24

_IN_QUOTES = "take it out, or put the text in quotes"
# What the parser complains of, what to do about it, and whether the mischief lies where the construct began.
_SYNTAX = (
    ("mapping values are not allowed", "a colon and a space start a field: quote the text, or mend the indent", False),
    ("cannot start any token", "text cannot begin with this character: put it in quotes; indent with spaces", False),
    ("could not find expected ':'", "a field needs a colon and a space after its name", True),
    ("unexpected end of stream", "a quote or bracket is opened here and never closed", True),
    ("did not find expected ',' or", "a bracket is opened here and not closed, or a comma is missing", True),
    ("alphabetic or numeric", "text cannot begin with '&', '*' or '!': put it in quotes", True),
    ("Unicode character escape", "this escape is no character: write the character itself", True),
    ("unknown escape", "inside double quotes a backslash starts an escape: use single quotes", False),
    ("expected key", "a field name was expected: mend the indent, or close the quote above", False),
    ("did not find expected", "the indent does not fit the lines above, or a quote there is not closed", False),
    ("directive", "a line cannot begin with '%': put the text in quotes", False),
)


@dataclass(frozen=True)
class Document:
    """One YAML document: its plain data and where in the file each value and key stands."""

    name: str
    data: Any
    _values: dict[Loc, Place] = field(repr=False, default_factory=dict)
    _keys: dict[Loc, Place] = field(repr=False, default_factory=dict)

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Return the 1-based (line, column) of the value at ``loc``, or of its key when ``key``.

        ``loc`` may be a pydantic error location: its ``[key]`` ending means the key, and the names of union
        members in it are passed over. What is not in the file is looked for at its nearest parent, at the
        parent's key where it has one.
        """
        if loc and loc[-1] == "[key]":
            loc, key = loc[:-1], True
        real = self.real(loc)
        whole = bool(real) and real[-1] == loc[-1]
        if whole and not key:
            return self._values[real]
        return self._keys.get(real) or self._values.get(real, (1, 1))

    def real(self, loc: Loc) -> Loc:
        """Return the deepest part of a pydantic error location that stands in the file."""
        real: Loc = ()
        for part in loc:
            if (*real, part) in self._values:
                real = (*real, part)
        return real

    def fault(self, loc: Loc, text: str, *, key: bool = False) -> Fault:
        """Return a fault at ``loc``, its text made fit for a log line."""
        line, column = self.place(loc, key=key)
        return Fault(self.name, line, column, words.field(part for part in loc if part != "[key]"), words.message(text))


class _Stop(Exception):
    """A fault after which the rest of the file can no longer be understood."""


@dataclass
class _Open:
    """A mapping or list being filled: its place in the document, and the key whose value is awaited."""

    into: dict[str, Any] | list[Any]
    loc: Loc
    key: str | None = None


class _StrictLoader(yaml.CSafeLoader):
    """Builds the data from the parser's events itself: no composer, so no alias, tag or merge is ever followed."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.document_name = name
        self.faults: list[Fault] = []
        self.values: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.stack: list[_Open] = []
        self.data: Any = None

    def read(self) -> Document | None:
        """Return the document, or None where a fault made the rest unreadable; ``faults`` holds what was wrong."""
        try:
            self._walk()
        except yaml.MarkedYAMLError as error:
            problem = str(error.problem or error.context)
            known = next((row for row in _SYNTAX if row[0] in problem), ("", problem, False))
            mark = (known[2] and error.context_mark) or error.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self._fault(place, (), f"this is not YAML as we read it: {known[1]}")
            return None
        except yaml.YAMLError as error:
            self._fault((1, 1), (), f"this is not YAML as we read it: {error}")
            return None
        except _Stop:
            return None
        return Document(self.document_name, self.data, self.values, self.keys)

    def _walk(self) -> None:
        documents = 0
        while True:
            event: Any = self.get_event()
            place = (event.start_mark.line + 1, event.start_mark.column + 1)
            match event:
                case yaml.StreamEndEvent():
                    return
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._stop(place, (), "a second document starts here: one file holds one document")
                    if event.version or event.tags:
                        self._fault(place, (), "found a '%' directive: take that line out")
                case yaml.AliasEvent():
                    self._stop(place, self._here(), f"found an alias (*{event.anchor}): {_IN_QUOTES}")
                case yaml.ScalarEvent():
                    self._refuse_marks(event, place)
                    self._scalar(event, place)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._refuse_marks(event, place)
                    self._open({} if isinstance(event, yaml.MappingStartEvent) else [], place)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._put(self.stack.pop().into)

    def _refuse_marks(self, event: Any, place: Place) -> None:
        if event.anchor:
            self._fault(place, self._here(), f"found an anchor (&{event.anchor}): {_IN_QUOTES}")
        if event.tag:
            self._fault(place, self._here(), f"found a tag ({event.tag}): {_IN_QUOTES}")

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        text = event.value
        # An escape in double quotes can spell what the text itself may not hold.
        if hidden := words.INVISIBLE.search(text):
            self._fault(place, self._here(), invisible(hidden[0]))
        plain = event.implicit[0]
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.into, dict) and top.key is None:
            if plain and not isinstance(_typed(text), str):
                self._fault(place, top.loc, f"found {words.quoted(_typed(text))} as a field name: put it in quotes")
            if text == "<<":
                self._stop(place, top.loc, "found a merge (<<): write the fields out")
            self._key(top, text, place)
            return
        if plain and _too_long(text):
            self._stop(place, self._here(), f"found a number of {len(text)} digits: put it in quotes if it is a name")
        self.values[self._here()] = place
        self._put(_typed(text) if plain else text)

    def _key(self, top: _Open, text: str, place: Place) -> None:
        loc = (*top.loc, text)
        if text in top.into:
            self._fault(place, loc, f"'{text}' stands here twice (first on line {self.keys[loc][0]}): keep one of them")
        self.keys[loc] = place
        top.key = text

    def _open(self, into: dict[str, Any] | list[Any], place: Place) -> None:
        here = self._here()
        if self.stack and isinstance(self.stack[-1].into, dict) and self.stack[-1].key is None:
            self._stop(place, self.stack[-1].loc, "a field name must be plain text: put it in quotes")
        if len(self.stack) >= DEEPEST:
            self._stop(place, here, f"this nests deeper than {DEEPEST} levels: nothing we read does")
        self.values[here] = place
        self.stack.append(_Open(into, here))

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.data = value
            return
        top = self.stack[-1]
        if isinstance(top.into, list):
            top.into.append(value)
        else:
            assert top.key is not None
            top.into[top.key], top.key = value, None

    def _here(self) -> Loc:
        if not self.stack:
            return ()
        top = self.stack[-1]
        if isinstance(top.into, list):
            return (*top.loc, len(top.into))
        return top.loc if top.key is None else (*top.loc, top.key)

    def _fault(self, place: Place, loc: Loc, text: str) -> None:
        self.faults.append(Fault(self.document_name, *place, words.field(loc), words.message(text)))
        if len(self.faults) >= MOST_FAULTS:
            raise _Stop

    def _stop(self, place: Place, loc: Loc, text: str) -> None:
        self._fault(place, loc, text)
        raise _Stop


def read(source: Path | str, name: str) -> tuple[Document | None, list[Fault]]:
    """Read a file (``Path``) or a text (``str``) and return the document with every fault found in its form.

    The document is None when a fault leaves the rest unreadable. ``name`` is what faults call the file.
    """
    name = words.file_name(name)
    text = read_text(source, name)
    if isinstance(text, Fault):
        return None, [text]
    loader = _StrictLoader(text, name)
    try:
        document = loader.read()
    finally:
        loader.dispose()
    return document, sorted(loader.faults)


def load(source: Path | str, name: str) -> Document:
    """Read a file or a text strictly; raises ``FilesRefused`` with every fault found in its form."""
    document, faults = read(source, name)
    if faults or document is None:
        raise FilesRefused(faults)
    return document


def _typed(text: str) -> Any:
    """Give a plain scalar its type: nothing, a boolean, a plain decimal number, or else the text as it stands."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _too_long(text):
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _too_long(text: str) -> bool:
    """Say whether a plain scalar is a number that would not come through exactly."""
    if len(text) <= _LONGEST_INTEGER:
        return False
    return bool(_INTEGER.fullmatch(text)) or (len(text) > _LONGEST_DECIMAL and bool(_DECIMAL.fullmatch(text)))
