"""Runs XML that a stranger sent through defusedxml's parser, with everything bounded that could fill a memory.

defusedxml refuses entities of a document's own, which can be made to grow without end and to fetch files. Its handlers
in Python are too slow for timetables of gigabytes, so those that build a tree give way to handlers that do less.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import Any, NoReturn
from xml.etree.ElementTree import TreeBuilder
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason

# A path's cost is its depth, and the deepest of the public formats (NeTEx) needs about twenty levels.
MAX_DEPTH = 100
# The parser keeps each name it ever met, and one tag or comment whole, until its end.
MAX_NAMES = 10_000
LONGEST_TAG_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024**3
PIECE_BYTES = 256 * 1024
_BEGINNING_BYTES = 4096

_FIRST_TAG = re.compile(rb"<(?:[^\W\d][\w.-]*:)?([^\W\d][\w.-]*)")
_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.-]{1,40})["']""")
# The parser knows no encoding with several bytes a character but Unicode's. East Asian publishers use these, and under
# the name of the older standard write characters of the newer one.
_EAST_ASIAN = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "cp949": "cp949", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
}  # fmt: skip


class Parsing:
    """One document on its way through the parser, with everything bounded that could grow.

    ``start(tag, attributes)`` and ``end(tag)`` are the parser's own handlers, called for every element; attributes come
    as names and values in turns. What they must do for the bounds, and no more, because each is called a hundred
    million times: ``start`` takes the local name from ``names``, or from ``learn`` where it is new there, appends it to
    ``path`` and adds the attributes' names to ``attribute_names``; ``end`` takes it from ``path``.
    """

    def __init__(
        self,
        roots: Collection[str],
        what: str,
        start: Callable[[str, list[str]], None],
        end: Callable[[str], None],
    ) -> None:
        self.names: dict[str, str] = {}
        self.attribute_names: set[str] = set()
        self.path: list[str] = []
        self._prefixes: set[str] = set()
        self._roots = frozenset(roots)
        self._what = what
        self._beginning = b""
        self._fed = 0
        self._decoder: codecs.IncrementalDecoder | None = None
        # Held, because its methods are what refuses entities.
        self._defused = DefusedXMLParser(target=TreeBuilder())
        self.parser: Any = self._defused.parser
        self.parser.DefaultHandlerExpand = self.parser.CommentHandler = None
        self.parser.ProcessingInstructionHandler = self.parser.CharacterDataHandler = None
        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end
        self.parser.StartNamespaceDeclHandler = self._declared

    def learn(self, tag: str) -> str:
        """The local name of a tag met for the first time; the very first is the root, which may be another's."""
        name = tag.rpartition("}")[2]
        if not self.names and not self._is_root(name):
            self._refuse("a web page" if name.lower() == "html" else f"XML that begins with <{name[:60]}>")
        self.names[tag] = name
        return name

    def feed(self, piece: bytes) -> None:
        """Take the next bytes. The first few thousand are held back until all are there.

        Else what a fault is called would depend on how the bytes happened to be cut.
        """
        if len(self._beginning) < _BEGINNING_BYTES:
            self._beginning += piece
            piece = self._beginning if len(self._beginning) >= _BEGINNING_BYTES else b""
        if piece:
            self._parse(piece, False)

    def close(self) -> None:
        """Say that no more bytes come."""
        self._parse(b"" if self._fed else self._beginning, True)

    def _parse(self, piece: bytes, final: bool) -> None:
        try:
            piece = self._readable(piece, final)
            self._fed += len(piece)
            self.parser.Parse(piece, final)
        except DefusedXmlException:
            _broken("The XML declares entities of its own, which we refuse to expand.")
        except (ExpatError, LookupError, ValueError) as error:  # the latter two: an encoding that nobody knows
            self._refuse_other_formats()
            _broken(f"The XML is broken: {str(error)[:160]}")
        # Between two pieces is soon enough: what one piece can hold is small.
        if len(self.path) > MAX_DEPTH:
            _broken(f"The XML is nested more than {MAX_DEPTH} levels deep.")
        if len(self.names) + len(self.attribute_names) + len(self._prefixes) > MAX_NAMES:
            _broken(f"The XML has more than {MAX_NAMES:,} different names.")
        if self._fed - self.parser.CurrentByteIndex > LONGEST_TAG_BYTES:
            _broken(f"The XML has a tag or comment longer than {LONGEST_TAG_BYTES:,} bytes.")

    def _readable(self, piece: bytes, final: bool) -> bytes:
        """The bytes as they are, or in UTF-8 where the document declares an encoding that the parser does not know."""
        if not self._fed and (declared := _DECLARED.match(piece)):
            codec = _EAST_ASIAN.get(declared[1].decode("ascii", "replace").lower())
            if codec:
                self._decoder = codecs.getincrementaldecoder(codec)()
                piece = piece[: declared.start(1)] + b"utf-8" + piece[declared.end(1) :]
        return piece if self._decoder is None else self._decoder.decode(piece, final).encode()

    def _refuse_other_formats(self) -> None:
        """Where not even a root was read, tell what is no XML of this kind at all from XML that breaks early."""
        if self.names:
            return
        # Without the marks and zeros of other encodings, which is enough to know a tag by.
        begins = self._beginning.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if begins[:14].lower() == b"<!doctype html":
            self._refuse("a web page")
        tag = _FIRST_TAG.search(begins)
        if not begins.startswith(b"<") or (tag and not self._is_root(tag[1].decode("ascii", "replace"))):
            self._refuse("a web page" if tag and tag[1].lower() == b"html" else "something else")
        if not tag and not begins.startswith(b"<?xml"):
            self._refuse("something else")

    def _is_root(self, name: str) -> bool:
        return name in self._roots if self._roots else name.lower() != "html"

    def _refuse(self, is_what: str) -> NoReturn:
        is_what = is_what if self._beginning else "empty"
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, f"The answer is {is_what}; {self._what} was expected.")

    def _declared(self, prefix: str | None, uri: str | None) -> None:
        self._prefixes.add(f":{prefix}={uri}")


def xml_pieces(answer: Answer, most_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[bytes]:
    """Yield an answer's bytes in pieces, unpacked where they are gzip (a file packed on the publisher's disk).

    Raises ``Unreadable``: ``malformed`` for damaged gzip, ``too-large`` past ``most_bytes`` of unpacked bytes.
    """
    raw = _raw_pieces(answer)
    first = next(raw, b"")
    if not first.startswith(_GZIP):
        yield first
        yield from raw
        return
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size = 0
    while first or not inflate.eof:
        if not first and not (first := next(raw, b"")):
            _broken("The gzip breaks off.")
        if inflate.eof:  # several packed one after the other read as one (RFC 1952 section 2.2)
            inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            piece = inflate.decompress(first, PIECE_BYTES)
        except zlib.error:
            _broken("The gzip is damaged.")
        first = inflate.unconsumed_tail or inflate.unused_data or (next(raw, b"") if inflate.eof else b"")
        size += len(piece)
        if size > most_bytes:
            raise Unreadable(Reason.TOO_LARGE, f"The gzip unpacks to more than {most_bytes:,} bytes.")
        yield piece


def _raw_pieces(answer: Answer) -> Iterator[bytes]:
    if answer.file is None:
        for at in range(0, len(answer.body), PIECE_BYTES):
            yield answer.body[at : at + PIECE_BYTES]
        return
    answer.file.seek(0)
    while piece := answer.file.read(PIECE_BYTES):
        yield piece


def _broken(message: str) -> NoReturn:
    raise Unreadable(Reason.MALFORMED, message)
