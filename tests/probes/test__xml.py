"""XML from strangers is read as a tree or as a stream, without its namespaces, and nothing in it can fill a memory."""

from __future__ import annotations

import asyncio
import gzip
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes import _xml, _xml_bounds
from builder.probes._xml import Found, attribute, child, children, descendants, local_name, read_xml, stream_xml, words
from builder.probes._xml_bounds import xml_pieces

NOTICES = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- the board in the town hall -->
<b:board xmlns:b="https://board.lindenford.example/2" xmlns:x="https://x.example/" version="2">
  <b:notice x:id="a"><b:title>Market &amp; fair</b:title><b:body>On <b:em>Sunday</b:em> only</b:body></b:notice>
  <b:notice x:id="b">short<b:title> </b:title>more</b:notice>
</b:board>"""


def answer(body: bytes, file: bool = False) -> Answer:
    """What came back for an address."""
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    capture = Capture(url="https://a.example/", final_url="https://a.example/", status=200, at=at)
    return Answer(capture, b"", io.BytesIO(body)) if file else Answer(capture, body)


def stream(body: bytes, *wanted: str, roots: tuple[str, ...] = (), step: int = 7) -> list[Found]:
    """Everything wanted in a document that comes in small pieces."""

    async def read() -> list[Found]:
        pieces = (body[at : at + step] for at in range(0, len(body), step))
        return [found async for found in stream_xml(pieces, wanted, *roots, what="a board")]

    return asyncio.run(read())


def reason(body: bytes, *roots: str) -> str:
    """Why a document is refused, which is the same for tree and stream."""
    with pytest.raises(Unreadable) as as_tree:
        read_xml(answer(body), *roots, what="a board")
    assert as_tree.value.capture is not None and "\n" not in as_tree.value.message
    for step in (3, 10_000):
        with pytest.raises(Unreadable) as as_stream:
            stream(body, "notice", roots=roots, step=step)
        assert as_stream.value.message == as_tree.value.message
    return str(as_tree.value.reason)


def test_a_tree_is_read_by_local_names() -> None:
    """Elements and attributes are reached without their namespaces; white space alone is nothing."""
    board = read_xml(answer(NOTICES), "board")
    assert local_name(board) == "board" and attribute(board, "version") == "2"
    first, second = children(board, "notice")
    assert (attribute(first, "id"), words(first, "title")) == ("a", "Market & fair")
    assert words(first, "body") == "On Sunday only" and words(second, "title") is None
    assert [words(title) for title in children(board, "notice", "title")] == ["Market & fair", None]
    assert child(board, "notice", "em") is None and children(None, "notice") == [] and words(None) is None
    assert [local_name(below) for below in descendants(board, "em", "title")] == ["title", "em", "title"]
    assert first.tag == "{https://board.lindenford.example/2}notice"


def test_a_stream_yields_what_is_wanted_only() -> None:
    """Each wanted element comes at its end with its path, its attributes and what it says before its first child."""
    space = "https://board.lindenford.example/2"
    found = stream(NOTICES, "notice", "em", "board")
    assert found == [
        Found("em", ("board", "notice", "body", "em"), {}, "Sunday", space),
        Found("notice", ("board", "notice"), {"id": "a"}, "", space),
        Found("notice", ("board", "notice"), {"id": "b"}, "short", space),
        Found("board", ("board",), {"version": "2"}, "", space),
    ]
    assert [one.parent for one in found] == ["body", "board", "board", ""]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_understood(encoding: str) -> None:
    """A byte order mark or the declaration says how the bytes are to be read."""
    declared = "" if encoding.startswith("utf") else f'<?xml version="1.0" encoding="{encoding}"?>'
    body = f"{declared}<board><title>Grünfläche</title></board>".encode(encoding)
    assert words(read_xml(answer(body)), "title") == "Grünfläche"
    assert stream(body, "title")[0].text == "Grünfläche"


@pytest.mark.parametrize("encoding", ["euc-kr", "gb2312", "big5", "shift_jis", "EUC-JP", "windows-31j"])
def test_east_asian_encodings_are_understood(encoding: str) -> None:
    """Cities in Korea, China, Taiwan and Japan write encodings that the parser itself does not know."""
    codec = {"windows-31j": "cp932"}.get(encoding, encoding)
    said = "\uc11c\uc6b8" if encoding == "euc-kr" else "\u5317\u4eac" if encoding == "gb2312" else "\u6771\u4eac"
    body = f'<?xml version="1.0" encoding="{encoding}" ?><board><title>{said}</title></board>'.encode(codec)
    assert words(read_xml(answer(body)), "title") == said
    assert stream(body, "title")[0].text == said
    with pytest.raises(Unreadable) as caught:
        read_xml(answer(body.replace(b"</title>", b"\x81</title>")))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("file", [True, False])
def test_gzip_is_unpacked(file: bool) -> None:
    """A file that the publisher packed is read as what it holds, whether it is one member or several."""
    packed = gzip.compress(NOTICES[:50]) + gzip.compress(NOTICES[50:])
    assert b"".join(xml_pieces(answer(packed, file))) == NOTICES
    assert len(children(read_xml(answer(packed, file)), "notice")) == 2
    for damaged, words_of_it in ((packed[:40], "breaks off"), (packed[:30] + b"\xff" * 9 + packed[39:], "damaged")):
        with pytest.raises(Unreadable, match=words_of_it) as caught:
            read_xml(answer(damaged, file))
        assert caught.value.reason == "malformed"
    with pytest.raises(Unreadable, match="unpacks to more than") as caught:
        list(xml_pieces(answer(gzip.compress(b"<a>" + b" " * 1_000_000 + b"</a>"), file), most_bytes=500_000))
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize("body", [
    b"", b"  \n", b"[]", b'{"board": 1}', b"PK\x03\x04 zip", b"<", b"<>", b"not <b>xml</b>",
    b"<!DOCTYPE html><html lang=en><p>Please log in", b"<!doctype html><p>hello", b"<HTML><body></body></HTML>",
    b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'></html>",
])  # fmt: skip
def test_what_is_no_xml_is_not_the_declared_format(body: bytes) -> None:
    """Web pages, JSON, archives and nothing are something else than broken XML, whatever root was expected."""
    assert reason(body) == "not-the-declared-format"
    assert reason(body, "board") == "not-the-declared-format"


def test_another_root_is_not_the_declared_format() -> None:
    """XML of another kind says what it begins with, also where it breaks before its first tag is whole."""
    with pytest.raises(Unreadable, match=r"^The answer is XML that begins with <feed>; a board was expected\.$"):
        read_xml(answer(b"<feed/>"), "board", what="a board")
    assert reason(b"<f:feed a", "board") == "not-the-declared-format"


@pytest.mark.parametrize("body", [
    NOTICES[:-3], NOTICES[:200], b"<board", b"<?xml version", b"<board></bord>", b"<board>&nbsp;</board>",
    b"<board>\xff\xfe</board>", b"<board/><board/>", b"<b:board/>", b"<?xml version='1.0' encoding='klingon'?><board/>",
    b'<!DOCTYPE board [<!ENTITY a "aaaa">]><board>&a;</board>',
    b'<!DOCTYPE board [<!ENTITY a SYSTEM "file:///etc/hostname">]><board>&a;</board>',
    b"<a>".replace(b"a", b"board") * 200,
])  # fmt: skip
def test_broken_xml_is_malformed(body: bytes) -> None:
    """XML that is cut off, ill-formed, too deep, or that declares entities is broken XML of the right kind."""
    assert reason(body, "board") == "malformed"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree has a largest number of elements; names, and the length of one tag, are bounded in a stream too."""
    monkeypatch.setattr(_xml, "MAX_ELEMENTS", 3)
    with pytest.raises(Unreadable) as caught:
        read_xml(answer(NOTICES))
    assert caught.value.reason == "too-large"
    monkeypatch.setattr(_xml, "MAX_ELEMENTS", 10)
    with pytest.raises(Unreadable, match="attributes"):
        read_xml(answer(b"<board " + b" ".join(b"a%d='1'" % number for number in range(40)) + b"/>"))
    monkeypatch.setattr(_xml, "MAX_CHARACTERS", 12)
    assert read_xml(answer(b"<board>a market <b>day</b></board>")) is not None
    with pytest.raises(Unreadable, match="characters") as caught:
        read_xml(answer(b"<board>a market <b>days</b></board>"))
    assert caught.value.reason == "too-large"
    names = b"".join(b"<n%d/>" % number for number in range(_xml_bounds.MAX_NAMES))
    with pytest.raises(Unreadable, match="different names"):
        stream(b"<board>" + names + b"</board>", "x", step=10_000)
    attributes = b" ".join(b"n%d='1'" % number for number in range(_xml_bounds.MAX_NAMES))
    with pytest.raises(Unreadable, match="different names"):
        stream(b"<board " + attributes + b"/>", "x", step=10_000)
    spaces = b"".join(b"<n xmlns:p%d='u'/>" % number for number in range(_xml_bounds.MAX_NAMES))
    with pytest.raises(Unreadable, match="different names"):
        stream(b"<board>" + spaces + b"</board>", "x", step=10_000)
    with pytest.raises(Unreadable, match="tag or comment longer"):
        stream(b"<board a='" + b"x" * (_xml_bounds.LONGEST_TAG_BYTES + 10), "x", step=100_000)


def test_long_words_are_cut() -> None:
    """Five megabytes of text in one element is no answer to anything: its beginning is kept."""
    for text in (b"x" * 5_000_000, b"<![CDATA[" + b"x" * 5_000_000 + b"]]>"):
        assert len(stream(b"<board>" + text + b"</board>", "board", step=10_000)[0].text) == 4_000


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_xml_never_surprises(data: st.DataObject) -> None:
    """Whatever bytes change, tree and stream both read it or both refuse it, and with the same reason."""
    body = bytearray(NOTICES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4) | st.sampled_from([b"<", b"&"]))
    outcomes: list[str] = []
    for streamed in (False, True):
        try:
            board = None if streamed else read_xml(answer(bytes(body)))
            found = stream(bytes(body), "notice") if board is None else list(descendants(board, "notice"))
            outcomes.append(f"{len(found)} notices")
        except Unreadable as error:
            outcomes.append(error.reason)
    assert outcomes[0] == outcomes[1]
