"""Reads XML that a stranger sent: as a small tree, or as a stream of which only what is wanted is ever kept.

``_xml_bounds`` is the parser under both, and its bounds hold for both. Namespaces differ from publisher to publisher
and from version to version, so whoever reads an element here asks for its local name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._xml_bounds import Parsing, xml_pieces

# A tree takes some 250 bytes an element: this is what a quarter of a gigabyte can hold. A stream has no such limit.
MAX_ELEMENTS = 750_000
LONGEST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Found:
    """One element of a stream, without its namespace: the local names of its path, itself last, and its attributes.

    ``text`` is what it says before its first child, stripped, at most 4,000 characters.
    """

    name: str
    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str


def read_xml(answer: Answer, *roots: str, what: str = "XML") -> Element:
    """Return the root element of an answer; ``roots`` are the local names it may have (none: any but ``html``).

    Tags keep their namespace (``{uri}name``); ``local_name`` and the other small readers below go without it. A byte
    order mark and gzip are understood. ``what`` names in messages what was expected. Raises ``Unreadable``:
    ``not-the-declared-format`` when this is no XML or has another root, ``malformed`` when it breaks or declares
    entities, ``too-large`` beyond 750,000 elements.
    """
    builder = TreeBuilder()
    seen = 0

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal seen
        seen += 1
        if seen > MAX_ELEMENTS:
            raise Unreadable(Reason.TOO_LARGE, f"The XML holds more than {MAX_ELEMENTS:,} elements.")
        named = map(_named, attributes[::2])
        builder.start(_named(tag), dict(zip(named, attributes[1::2], strict=True)))

    def end(tag: str) -> None:
        builder.end(_named(tag))

    try:
        reading = Parsing(roots, what, start, end)
        reading.parser.CharacterDataHandler = builder.data
        for piece in xml_pieces(answer):
            reading.feed(piece)
        reading.close()
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise
    return builder.close()


async def stream_xml(
    pieces: Iterable[bytes], wanted: Collection[str], *roots: str, what: str = "XML"
) -> AsyncIterator[Found]:
    """Yield each element whose local name is ``wanted``, at its end (children before parents), and keep nothing else.

    ``pieces`` is the document in order, from ``xml_pieces`` or a zip member. Memory does not grow with the document;
    between pieces others may work. ``roots``, ``what`` and what is raised: as for ``read_xml``, but for the number of
    elements, which has no limit. The caller adds the capture to what is raised.
    """
    collector = _Collector(frozenset(wanted))
    reading = Parsing(roots, what, collector.start, collector.end)
    collector.parser = reading.parser
    for piece in pieces:
        reading.feed(piece)
        await anyio.lowlevel.checkpoint()
        for found in collector.take():
            yield found
    reading.close()
    for found in collector.take():
        yield found


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *path: str) -> list[Element]:
    """The elements reached by these local names, one step each, in order; none from nothing."""
    reached = [] if element is None else [element]
    for name in path:
        reached = [child for parent in reached for child in parent if local_name(child) == name]
    return reached


def child(element: Element | None, *path: str) -> Element | None:
    """The first element reached by these local names, or None."""
    return next(iter(children(element, *path)), None)


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Every element below (or this one) with one of these local names, in the document's order."""
    return (below for below in element.iter() if local_name(below) in names)


def words(element: Element | None, *path: str) -> str | None:
    """The text of the first element reached by these local names, with that of its children; None for white space."""
    reached = child(element, *path) if path else element
    return None if reached is None else "".join(reached.itertext()).strip() or None


def attribute(element: Element | None, name: str) -> str | None:
    """The value of an attribute by its local name, stripped; None where it is absent or blank."""
    stated = {} if element is None else element.attrib
    return next((value.strip() for key, value in stated.items() if key.rpartition("}")[2] == name), None) or None


class _Collector:
    """Keeps the wanted elements of a stream between two pieces of it."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.parser: Any = None
        self._wanted = wanted
        self._names: dict[str, str] = {}
        self._path: list[str] = []
        self._open: list[tuple[dict[str, str], list[str]]] = []
        self._length = 0
        self._found: list[Found] = []

    def take(self) -> list[Found]:
        """What was found since the last time."""
        found, self._found = self._found, []
        return found

    def start(self, tag: str, attributes: list[str]) -> None:
        """Note where we are, and begin to listen where the element is wanted."""
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = tag.rpartition("}")[2]
        self._path.append(name)
        if self._open:
            self.parser.CharacterDataHandler = None
        if name in self._wanted:
            stated = (key.rpartition("}")[2] for key in attributes[::2])
            self._open.append((dict(zip(stated, attributes[1::2], strict=True)), []))
            self._length = 0
            self.parser.CharacterDataHandler = self._listen

    def end(self, tag: str) -> None:
        """Keep the element where it is wanted."""
        if self._path[-1] in self._wanted:
            self.parser.CharacterDataHandler = None
            attributes, said = self._open.pop()
            path = tuple(self._path)
            self._found.append(Found(path[-1], path, attributes, "".join(said)[:LONGEST_WORDS].strip()))
        self._path.pop()

    def _listen(self, said: str) -> None:
        if self._length < LONGEST_WORDS:
            self._open[-1][1].append(said)
            self._length += len(said)


def _named(tag: str) -> str:
    return "{" + tag if "}" in tag else tag
