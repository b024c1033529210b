"""Reads XML that a stranger sent: as a small tree, or as a stream of which only what is wanted is ever kept.

``_xml_bounds`` is the parser under both, and its bounds hold for both. Namespaces differ from publisher to publisher
and from version to version, so whoever reads an element here asks for its local name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._xml_bounds import MAX_DEPTH, Parsing, xml_pieces

# A tree takes some 250 bytes an element, and half of that an attribute: this is what our memory can hold. A stream has
# no such limit.
MAX_ELEMENTS = 750_000
# Of all words of a tree together: one rare character makes each of its neighbours take four bytes.
MAX_CHARACTERS = 16_000_000
LONGEST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Found:
    """One element of a stream: the local names of its path, itself last, its attributes by theirs, and its namespace.

    ``text`` is what it says before its first child, stripped, at most 4,000 characters.
    """

    name: str
    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str
    namespace: str = ""

    @property
    def parent(self) -> str:
        """The local name of the element that holds this one; empty for the root."""
        return self.path[-2] if len(self.path) > 1 else ""


def read_xml(answer: Answer, *roots: str, what: str = "XML") -> Element:
    """Return the root element of an answer; ``roots`` are the local names it may have (none: any but ``html``).

    Tags keep their namespace (``{uri}name``); ``local_name`` and the other small readers below go without it. A byte
    order mark and gzip are understood. ``what`` names in messages what was expected. Raises ``Unreadable``:
    ``not-the-declared-format`` when this is no XML or has another root, ``malformed`` when it breaks or declares
    entities, ``too-large`` beyond 750,000 elements or 16 million characters.
    """
    builder = TreeBuilder()
    elements = characters = 0

    def start(tag: str, attributes: list[str]) -> None:
        nonlocal elements
        elements += 1 + len(attributes) // 4
        if elements > MAX_ELEMENTS:
            raise Unreadable(
                Reason.TOO_LARGE, f"The XML holds more than {MAX_ELEMENTS:,} elements, or more attributes."
            )
        names = attributes[::2]
        parsing.attribute_names.update(names)
        parsing.path.append(parsing.names.get(tag) or parsing.learn(tag))
        builder.start(_named(tag), dict(zip(map(_named, names), attributes[1::2], strict=True)))

    def end(tag: str) -> None:
        parsing.path.pop()
        builder.end(_named(tag))

    def data(said: str) -> None:
        nonlocal characters
        characters += len(said)
        if characters > MAX_CHARACTERS:
            raise Unreadable(Reason.TOO_LARGE, f"The XML holds more than {MAX_CHARACTERS:,} characters of words.")
        builder.data(said)

    parsing = Parsing(roots, what, start, end)
    parsing.parser.CharacterDataHandler = data
    try:
        for piece in xml_pieces(answer):
            parsing.feed(piece)
        parsing.close()
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
    found: list[Found] = []
    begun: list[tuple[dict[str, str], list[str]]] = []
    sought = frozenset(wanted)

    def start(tag: str, attributes: list[str]) -> None:
        name = names.get(tag) or parsing.learn(tag)
        path.append(name)
        if attributes:
            attribute_names.update(attributes[::2])
        if begun:
            parser.CharacterDataHandler = None
        if name in sought and len(path) <= MAX_DEPTH:
            stated = (key.rpartition("}")[2] for key in attributes[::2])
            begun.append((dict(zip(stated, attributes[1::2], strict=True)), []))
            parser.CharacterDataHandler = listen

    def listen(said: str) -> None:
        heard = begun[-1][1]
        # The parser hands long words over in pieces of some thousand characters.
        if len(heard) < LONGEST_WORDS:
            heard.append(said[:LONGEST_WORDS])

    def end(tag: str) -> None:
        if path[-1] in sought and len(path) <= MAX_DEPTH:
            parser.CharacterDataHandler = None
            attributes, heard = begun.pop()
            text = "".join(heard)[:LONGEST_WORDS].strip()
            found.append(Found(path[-1], tuple(path), attributes, text, tag.rpartition("}")[0]))
        path.pop()

    parsing = Parsing(roots, what, start, end)
    parser, path, names, attribute_names = parsing.parser, parsing.path, parsing.names, parsing.attribute_names
    for piece in pieces:
        parsing.feed(piece)
        await anyio.lowlevel.checkpoint()
        for one in found:
            yield one
        found.clear()
    parsing.close()
    for one in found:
        yield one


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


def _named(tag: str) -> str:
    return "{" + tag if "}" in tag else tag
