"""Reads RDF that a stranger sent (RDF/XML, Turtle, JSON-LD) into a graph: bounded, and without asking anybody else.

The library that parses would follow two kinds of address by itself: contexts of JSON-LD that lie elsewhere, and
entities of XML. Both would be requests past all our checks; both are refused before it sees a byte.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json import mapping, not_what_was_asked, read_json
from builder.probes._text import clean
from builder.probes._xml_bounds import Parsing, xml_pieces

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

# A thousand datasets make some thirty thousand statements; the library parses about fifteen thousand in a second.
MAX_TRIPLES = 200_000
# Each thing that something is said of takes ten times the room of a statement; a dataset and its files are some seven.
MAX_THINGS = 60_000
LIMIT_BYTES = 32 * 1024 * 1024
ACCEPT = "application/rdf+xml, text/turtle;q=0.9, application/ld+json;q=0.8, */*;q=0.5"

_DCAT_US = re.compile(r"project-open-data|dcat-us", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
# `<rdf:RDF `, `<?xml`, `<!-- `: markup. `<https://a.example/>` begins a statement in Turtle.
_MARKUP = re.compile(rb"<(\?xml|!|[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?[\s>/])", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html)\b", re.IGNORECASE)
_TURTLE = re.compile(rb"(@?(prefix|base)\b|#|_:|<[^<>\s]+>\s)", re.IGNORECASE)


class Iri(str):
    """An address that names a thing."""

    __slots__ = ()


class Blank(str):
    """A thing without an address; it is the same thing within one document only."""

    __slots__ = ()


class Words(str):
    """A text, with the language it says it is in, or ``""``."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, words: str, language: str = "") -> Words:
        """Make a text."""
        made = str.__new__(cls, words)
        made.language = language
        return made


Term = Iri | Blank | Words
# What is said of each thing, by the address of the property, in the order said and without repeats. Half the
# memory of the library's own graph, which is kept for questions that nobody asks here.
Statements = dict[Iri | Blank, dict[str, dict[Term, None]]]


class _TooMany(Exception):
    """The graph outgrew its bounds."""


class _Unwanted(Exception):
    """Nobody waits for the graph any more."""


def read_graph(answer: Answer, unwanted: Callable[[], bool] = lambda: False) -> Statements:
    """Return what an answer says; its bytes decide which of the three forms it has.

    Blocks while it parses: some seconds for the largest, and no longer once ``unwanted`` says that nobody waits for it.
    Raises ``Unreadable``: ``not-the-declared-format`` for a web page or anything else that is no RDF, ``malformed`` for
    RDF that breaks or declares XML entities, ``too-large`` beyond 200,000 statements or 60,000 things,
    ``blocked-address`` for JSON-LD whose meaning lies at another address.
    """
    body = answer.body.removeprefix(_BOM).lstrip()
    if not body:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer is empty; RDF was expected.", answer.capture)
    try:
        if _MARKUP.match(body):
            return _xml(answer, unwanted)
        if body[:1] == b"{" or (body[:1] == b"[" and body[1:].lstrip()[:1] in (b"{", b"]")):
            return _json_ld(answer, unwanted)
        if not _TURTLE.match(body) and not re.search(rb"@?prefix\s+[\w.-]*:\s*<", body[:4096], re.IGNORECASE):
            words = "The answer is something else; RDF/XML, Turtle or JSON-LD was expected."
            raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words)
        return _turtle(body, answer, unwanted)
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise


def _xml(answer: Answer, unwanted: Callable[[], bool]) -> Statements:
    if _WEB_PAGE.search(answer.body[:2048]):
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer is a web page; RDF was expected.")

    def start(tag: str, attributes: list[str]) -> None:
        checking.path.append(checking.names.get(tag) or checking.learn(tag))
        checking.attribute_names.update(attributes[::2])

    def end(tag: str) -> None:
        checking.path.pop()

    checking = Parsing(("RDF",), "RDF/XML", start, end)
    for piece in xml_pieces(answer):
        checking.feed(piece)
    checking.close()
    base = answer.capture.final_url
    return _bounded(lambda graph: graph.parse(data=answer.body, format="xml", publicID=base), unwanted)


def _json_ld(answer: Answer, unwanted: Callable[[], bool]) -> Statements:
    data = read_json(answer)
    told = mapping(data)
    fault = not_what_was_asked(answer, data, "catalogue in JSON-LD")
    if fault.reason is Reason.API_ERROR and not any(key.startswith("@") for key in told):
        raise fault
    if _DCAT_US.search(str(told.get("@context"))) and "dataset" in told:
        words = "The answer is a catalogue in the form of DCAT-US; one of DCAT-AP was expected."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words)
    if (elsewhere := _context_elsewhere(data)) is not None:
        words = f"The JSON-LD takes its meaning from {clean(elsewhere, 120)!r}, which we do not ask."
        raise Unreadable(Reason.BLOCKED_ADDRESS, words)
    from rdflib.plugins.parsers.jsonld import to_rdf

    return _bounded(lambda graph: to_rdf(data, graph, base=answer.capture.final_url), unwanted)


def _context_elsewhere(data: Any) -> str | None:
    """The first address that a context names instead of saying itself what it means; None where there is none."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        if not isinstance(value, dict):
            continue
        for key, inner in value.items():
            if key == "@import":
                return str(inner)
            if key == "@context" and (named := _address_in(inner)) is not None:
                return named
            waiting.append(inner)
    return None


def _address_in(context: Any) -> str | None:
    items = [context]
    while items:
        item = items.pop()
        if isinstance(item, str):
            return item
        if isinstance(item, list):
            items.extend(item)
    return None


def _turtle(body: bytes, answer: Answer, unwanted: Callable[[], bool]) -> Statements:
    from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser

    class Parser(SinkParser):
        """The library's own, which holds all objects of one list before it says any of them."""

        def object(self, argstr: str, i: int, res: Any) -> int:
            if len(res) > MAX_TRIPLES:
                raise _TooMany
            if unwanted():
                raise _Unwanted
            return int(super().object(argstr, i, res))

    def parse(graph: Graph) -> None:
        Parser(RDFSink(graph), baseURI=answer.capture.final_url, turtle=True).loadBuf(body)

    return _bounded(parse, unwanted)


def _bounded(parse: Callable[[Graph], object], unwanted: Callable[[], bool]) -> Statements:
    """What a parser says to a graph that keeps statements only, and no more than the bound."""
    from rdflib import Graph

    store = _store_class()(unwanted)
    try:
        parse(Graph(store=store, bind_namespaces="none"))
    except _TooMany:
        words = f"The RDF holds more than {MAX_TRIPLES:,} statements, or speaks of more than {MAX_THINGS:,} things."
        raise Unreadable(Reason.TOO_LARGE, words) from None
    except _Unwanted:
        raise Unreadable(Reason.TOO_LARGE, "There was no time left to read all of the RDF.") from None
    except Exception as error:  # the library raises whatever comes to it, from syntax faults to recursion
        words = clean(str(error).splitlines()[0], 120) if str(error).strip() else type(error).__name__
        raise Unreadable(Reason.MALFORMED, f"The RDF is broken: {words}") from None
    said: Statements = store.said
    return said


@lru_cache(maxsize=1)
def _store_class() -> Any:
    """Loads the library when it is first wanted: that costs a quarter of a second, which most commands never need."""
    from rdflib import RDF, BNode, URIRef
    from rdflib.store import Store
    from rdflib.term import bind

    # It complains of every odd date of a stranger's on our screen.
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    # Its own readers of these two parse markup inside of markup, unprotected; nothing we want is written so.
    for datatype in (RDF.XMLLiteral, RDF.HTML):
        bind(datatype, str, constructor=str, datatype_specific=True)

    class Keeping(Store):
        """Where the library's parsers put what they read."""

        def __init__(self, unwanted: Callable[[], bool]) -> None:
            super().__init__()
            self._unwanted = unwanted
            self.said: Statements = {}
            self._known: dict[str, Iri] = {}
            self._given = 0

        def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
            """Keep a statement, or refuse the one too many."""
            self._given += 1
            if self._given > MAX_TRIPLES or len(self.said) > MAX_THINGS:
                raise _TooMany
            if self._unwanted():
                raise _Unwanted
            subject, name, item = map(self._term, triple)
            self.said.setdefault(subject, {}).setdefault(name, {})[item] = None

        def _term(self, node: Node) -> Any:
            words = str(node)
            if isinstance(node, URIRef):
                return self._known.setdefault(words, Iri(words))
            if isinstance(node, BNode):
                return Blank(f"_:{words}")
            return Words(words, str(getattr(node, "language", None) or ""))

    return Keeping
