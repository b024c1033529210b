"""Reads a web page that a stranger made, in one bounded pass: title, language, words, links, tables; runs nothing."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason

# The largest pages of real cities hold a few hundred kilobytes of markup.
LIMIT_BYTES = 4 * 1024 * 1024
_MOST_LINKS = 20_000
_MOST_WORDS = 1_000_000  # characters
_MOST_HEADINGS = 2_000
# Each tag costs microseconds in which nobody else is read: these are some seconds, and many times a real page.
_MOST_TAGS = 300_000
_LONGEST_TAG = 256 * 1024  # characters; the base class holds every attribute at two hundred times its size

# Nothing is tried twice (`*+`): else thirty comments before something else could be cut up in a billion ways.
_START = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+<(!doctype\s+)?([a-z][a-z0-9]*)", re.DOTALL | re.IGNORECASE
)
# How a page, or the piece of one that some servers send, begins. A feed or a map service begins otherwise.
_BEGINNINGS = frozenset({
    "a", "article", "aside", "base", "body", "br", "center", "div", "font", "footer", "form", "h1", "h2", "h3", "head",
    "header", "hr", "html", "iframe", "img", "link", "main", "meta", "nav", "noscript", "p", "script", "section",
    "span", "style", "table", "title", "ul",
})  # fmt: skip
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")

_UNSEEN = frozenset({"script", "style", "template", "svg", "noscript", "iframe", "object"})
# The frame around a page's own matter: what stands there stands on every page of the site.
_FRAME = frozenset({"header", "nav", "footer"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "section", "table", "td", "th",
    "title", "tr", "ul",
})  # fmt: skip
_HEADINGS = ("h1", "h2", "h3")


@dataclass(slots=True)
class Link:
    """One link: its address as written, its words, and whether it lies in the page's own matter."""

    href: str
    words: str = ""
    framed: bool = False


@dataclass(slots=True)
class Table:
    """One table: the cells of its first row of headings, and how many rows with data follow."""

    headings: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass(slots=True)
class Page:
    """What a page says. Words have single spaces and keep a line for each block.

    ``words`` are all a reader sees, ``matter`` those outside of the page's header, navigation and footer;
    ``unscripted`` is the length of what it says to programs without scripts, ``scripts`` how many it would run.
    """

    title: str = ""
    language: str | None = None
    words: str = ""
    matter: str = ""
    headings: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    articles: int = 0
    scripts: int = 0
    base: str | None = None

    @property
    def first_heading(self) -> str:
        """The first heading that says something."""
        return next((words for words in self.headings if words), "")

    @property
    def drawn_by_scripts(self) -> bool:
        """Whether the page is an empty frame that only a program in a browser fills."""
        return self.scripts > 0 and len(self.words) - len(self.title) < 200


def read_html(answer: Answer) -> Page:
    """Return the page that an answer holds.

    Raises ``Unreadable``: ``not-the-declared-format`` for whatever is no web page, ``too-large`` beyond 300,000 tags.
    """
    words = decoded(answer)
    if not looks_like_html(words):
        what = "empty" if not words.strip() else "no web page"
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, f"The answer is {what}.", answer.capture)
    if words.count("<") > _MOST_TAGS:
        raise Unreadable(Reason.TOO_LARGE, f"The web page has more than {_MOST_TAGS:,} tags.", answer.capture)
    reader = _Reader()
    reader.feed(words)
    return reader.finish()


def looks_like_html(words: str) -> bool:
    """Whether words begin as a web page or a piece of one does."""
    found = _START.match(words[:20_000].lstrip("\ufeff"))
    return found is not None and (found[2].lower() == "html" if found[1] else found[2].lower() in _BEGINNINGS)


def decoded(answer: Answer) -> str:
    """The words of a text answer: by its byte order mark, its declared encoding, else UTF-8, else Windows-1252."""
    body = answer.body
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    header = _HEADER_CHARSET.search(answer.capture.headers.get("content-type", ""))
    meta = _META_CHARSET.search(body[:4096])
    stated = header[1] if header else meta[1].decode("ascii") if meta else "utf-8"
    for name in (stated, "utf-8"):
        try:
            found = codecs.lookup(name)
            # Some codecs are no way to write a text (`zip`, `rot13`).
            if getattr(found, "_is_text_encoding", False):
                return body.decode(found.name)
        except (LookupError, ValueError):
            continue
    return body.decode("cp1252", "replace")


class _Reader(HTMLParser):
    """Collects the parts of a page as its tags go by; unclosed and crossed tags are forgiven."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._page = Page()
        self._all: list[str] = []
        self._matter: list[str] = []
        self._length = 0
        self._unseen: list[str] = []
        self._framed = 0
        self._title: list[str] | None = None
        self._heading: list[str] | None = None
        self._link: list[str] | None = None
        self._cell: list[str] | None = None
        self._tables: list[Table] = []
        self._row_has_data = False

    def finish(self) -> Page:
        """The page. `close` is not called: it would search what stands open at the end again and again."""
        self._end_link()
        self._end_heading()
        self._page.words = _lines(self._all)
        self._page.matter = _lines(self._matter)
        return self._page

    def parse_html_declaration(self, i: int) -> int:
        """Take everything after `<!` for a comment, as browsers do; the base class stumbles over `<![`."""
        if self.rawdata.startswith("<!--", i):
            return self.parse_comment(i)
        return self.parse_bogus_comment(i)

    def parse_starttag(self, i: int) -> int:
        """Pass over a tag that is longer than any page's, as if it were not there."""
        # Looked for by hand: the base class's own search keeps something for every attribute, too.
        if self.rawdata.find(">", i, i + _LONGEST_TAG) < 0 < len(self.rawdata) - i - _LONGEST_TAG:
            return self.rawdata.find(">", i) + 1 or -1
        return super().parse_starttag(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in reversed(attrs)}  # of repeated ones the first counts
        page = self._page
        if tag in _UNSEEN:
            page.scripts += tag == "script"
            if len(self._unseen) < 100:
                self._unseen.append(tag)
            return
        if self._unseen:
            return
        if tag in _BLOCKS:
            self._say("\n")
        if tag in _FRAME:
            self._framed += 1
        elif tag == "html" and page.language is None:
            page.language = _language(found.get("lang") or found.get("xml:lang"))
        elif tag == "base" and page.base is None:
            page.base = found.get("href") or None
        elif tag == "title" and not page.title:
            self._title = []
        elif tag == "a" and "href" in found:
            self._end_link()
            if len(page.links) < _MOST_LINKS:
                page.links.append(Link(found["href"].strip(), framed=self._framed > 0))
                self._link = [found.get("aria-label") or found.get("title") or ""]
        elif tag in _HEADINGS:
            self._end_heading()
            self._heading = []
        elif tag == "article":
            page.articles += 1
        elif tag == "img" and found.get("alt"):
            self._say(f" {found['alt']} ")
        else:
            self._in_table(tag)

    def _in_table(self, tag: str) -> None:
        if tag == "table":
            self._tables.append(Table())
            if len(self._page.tables) < _MOST_HEADINGS:
                self._page.tables.append(self._tables[-1])
        elif self._tables and tag == "tr":
            self._row_has_data = False
        elif self._tables and tag == "td" and not self._row_has_data:
            self._row_has_data = True
            self._tables[-1].rows += 1
        elif self._tables and tag == "th" and not self._tables[-1].rows and len(self._tables[-1].headings) < 100:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            if tag in self._unseen:
                del self._unseen[len(self._unseen) - 1 - self._unseen[::-1].index(tag) :]
            return
        if self._unseen:
            return
        if tag in _BLOCKS:
            self._say("\n")
        if tag in _FRAME:
            self._framed = max(0, self._framed - 1)
        elif tag == "title" and self._title is not None:
            self._page.title = _line(self._title)
            self._title = None
        elif tag == "a":
            self._end_link()
        elif tag in _HEADINGS:
            self._end_heading()
        elif tag == "th" and self._cell is not None and self._tables:
            self._tables[-1].headings.append(_line(self._cell))
            self._cell = None
        elif tag == "table" and self._tables:
            self._tables.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._say(data.replace("\n", " "))  # only tags begin a new line on a page

    def _say(self, words: str) -> None:
        for part in (self._title, self._heading, self._link, self._cell):
            if part is not None and len(part) < 1000:
                part.append(words)
        if self._title is None and self._length < _MOST_WORDS:
            self._length += len(words)
            self._all.append(words)
            if not self._framed:
                self._matter.append(words)

    def _end_link(self) -> None:
        if self._link is not None:
            shown, label = _line(self._link[1:]), self._link[0].strip()
            self._page.links[-1].words = shown or label
            self._link = None

    def _end_heading(self) -> None:
        if self._heading is not None:
            if len(self._page.headings) < _MOST_HEADINGS:
                self._page.headings.append(_line(self._heading))
            self._heading = None


def _line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _lines(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _language(stated: str | None) -> str | None:
    """The language of a page as its root states it, when it is a language tag at all."""
    words = (stated or "").strip()
    return words if _LANGUAGE.fullmatch(words) else None
