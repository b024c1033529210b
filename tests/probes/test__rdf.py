"""How RDF from a stranger becomes a graph, and what is refused before any library sees it."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes import _rdf
from builder.probes._rdf import Blank, Iri, Words, read_graph

URL = "https://a.example/catalog"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/">'
XML = f'<?xml version="1.0"?>{RDF}<rdf:Description rdf:about="#x"><d:title>T</d:title></rdf:Description></rdf:RDF>'
TURTLE = '@prefix d: <http://purl.org/dc/terms/> . <#x> d:title "T" .'
LD = {"@context": {"d": "http://purl.org/dc/terms/"}, "@id": "#x", "d:title": "T"}


def answer(body: str | bytes | dict[str, Any] | list[Any]) -> Answer:
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    capture = Capture(
        url=URL, final_url=URL, status=200, media_type="text/plain", at=datetime(2026, 11, 21, tzinfo=UTC)
    )
    return Answer(capture, raw)


def refused(body: str | bytes | dict[str, Any] | list[Any]) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_graph(answer(body))
    assert caught.value.capture is not None and "\n" not in caught.value.message
    return caught.value


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever would leave this machine fails the test."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("reading RDF asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket.socket, "connect", forbidden)


@pytest.mark.parametrize("body", [
    XML, TURTLE, LD, [LD], "\ufeff" + XML, "\ufeff" + TURTLE, XML.removeprefix('<?xml version="1.0"?>'),
    "# a comment\n" + TURTLE, '<https://a.example/catalog#x> <http://purl.org/dc/terms/title> "T" .',
    'PREFIX d: <http://purl.org/dc/terms/>\n<#x> d:title "T" .', {"@graph": [LD]},
])  # fmt: skip
def test_the_bytes_decide_the_form(body: Any) -> None:
    """RDF/XML, Turtle, N-Triples and JSON-LD say the same, whatever the media type; addresses are seen from here."""
    assert read_graph(answer(body)) == {
        Iri("https://a.example/catalog#x"): {"http://purl.org/dc/terms/title": {Words("T"): None}}
    }


def test_things_and_texts_are_told_apart() -> None:
    """An address, a thing without one and a text in its language stay what they are, and repeats count once."""
    graph = read_graph(answer('<#x> <#p> <#y>, "Baum"@de, [], <#y> .'))
    (items,) = (items for properties in graph.values() for items in properties.values())
    assert [type(item) for item in items] == [Iri, Words, Blank]
    assert [item.language for item in items if isinstance(item, Words)] == ["de"]


@pytest.mark.parametrize("context", [
    "https://b.example/context.jsonld", ["https://b.example/context.jsonld"], [{}, [["//b.example/c"]]], "",
    {"@import": "https://b.example/c"}, {"d": {"@id": "http://x.example/", "@context": "https://b.example/c"}},
    {"@context": ["file:///etc/passwd"]},
])  # fmt: skip
def test_a_context_that_lies_elsewhere_is_refused(context: Any) -> None:
    """JSON-LD whose meaning would have to be fetched is not read, wherever in it the address stands."""
    assert refused({"@context": context, "@id": "#x", "d": "T"}).reason == "blocked-address"
    assert refused({"@id": "#x", "http://x.example/p": {"@context": context, "@id": "#y"}}).reason == "blocked-address"


@pytest.mark.parametrize("declared", [
    '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', '<!ENTITY x SYSTEM "file:///etc/passwd">',
    '<!ENTITY % p SYSTEM "https://b.example/x.dtd"> %p;',
])  # fmt: skip
def test_entities_are_refused(declared: str) -> None:
    """XML that declares entities is not read, whether they grow or fetch."""
    body = XML.replace("?>", f"?><!DOCTYPE r [{declared}]>", 1)
    assert refused(body).reason == "malformed"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-the-declared-format"),
        ("<!DOCTYPE html><html><title>Sign in</title></html>", "not-the-declared-format"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "not-the-declared-format"),
        ("<rss><channel/></rss>", "not-the-declared-format"),
        ("Please come back later.", "not-the-declared-format"),
        (XML[:-20], "malformed"),
        (TURTLE[:-3], "malformed"),
        (TURTLE + " [ " * 5000, "malformed"),
        (json.dumps(LD)[:-3], "malformed"),
        (b"@prefix d: <x> . \xff\xfe", "malformed"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str) -> None:
    """Web pages and other formats are told from RDF that breaks; deep nesting is only a fault."""
    assert refused(body).reason == reason


def test_a_graph_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """More statements than we hold is too large, in every form."""
    monkeypatch.setattr(_rdf, "MAX_TRIPLES", 2)
    many = {"@id": "#x", "http://x.example/p": [1, 2, 3]}
    turtle = "<#x> <http://x.example/p> 1, 2, 3 ."
    assert refused(many).reason == refused(turtle).reason == "too-large"
    xml = XML.replace("<d:title>T</d:title>", "<d:title>T</d:title><d:a>1</d:a><d:b>2</d:b>")
    assert refused(xml).reason == "too-large"


@pytest.mark.parametrize("body", [
    "@prefix a: <https://a.example/> .\n" + "".join(f"a:t{at} a:says {at} .\n" for at in range(4)),
    {"@context": {"@vocab": "https://a.example/"}, "@graph": [{"says": at} for at in range(4)]},
])  # fmt: skip
def test_the_things_spoken_of_have_a_bound_too(monkeypatch: pytest.MonkeyPatch, body: Any) -> None:
    """Each takes more of our memory than a statement: a graph of nothing but things is too large for us."""
    assert len(read_graph(answer(body))) == 4
    monkeypatch.setattr(_rdf, "MAX_THINGS", 2)
    assert refused(body).reason == "too-large"


def test_a_list_of_objects_is_not_held_past_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement with a million objects is refused while it is read, and not when all of them are in memory."""
    given: list[object] = []
    monkeypatch.setattr(_rdf, "MAX_TRIPLES", 3)
    body = "@prefix a: <https://a.example/> .\na:t a:says " + ", ".join(f"a:o{at}" for at in range(9)) + ", <broken"

    def unwanted() -> bool:
        given.append(None)
        return False

    with pytest.raises(Unreadable) as caught:
        read_graph(answer(body), unwanted)
    assert caught.value.reason == "too-large" and len(given) < 9


@pytest.mark.parametrize("body", [
    "@prefix a: <https://a.example/> .\na:t a:says 1 .",
    {"@context": {"@vocab": "https://a.example/"}, "says": 1},
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example/">'
    "<a:T><a:says>1</a:says></a:T></rdf:RDF>",
])  # fmt: skip
def test_nobody_parses_what_nobody_waits_for(body: Any) -> None:
    """A parser in a thread of its own is told to stop where the source's time is over."""
    assert read_graph(answer(body))
    with pytest.raises(Unreadable) as caught:
        read_graph(answer(body), lambda: True)
    assert caught.value.reason == "too-large" and "time" in caught.value.message


def test_markup_inside_a_value_is_left_alone(capfd: pytest.CaptureFixture[str]) -> None:
    """A value that is XML with entities of its own is kept as it is, and odd dates are not complained of."""
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>"
    xml, date = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral", "http://www.w3.org/2001/XMLSchema#dateTime"
    body = f'<#x> <http://x.example/p> "{bomb}"^^<{xml}> ; <http://x.example/q> "soon"^^<{date}> .'
    (said,) = read_graph(answer("# \n" + body)).values()
    assert [list(items) for items in said.values()] == [[bomb], ["soon"]]
    assert capfd.readouterr().err == ""
