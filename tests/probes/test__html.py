"""What is taken from a web page, however it is written, and that no page keeps us busy for ever."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes._html import Page, decoded, looks_like_html, read_html

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>
  The &amp; council </title><script>document.write("<h1>No</h1>")</script></head>
<body><header><a href="/home">Home</a> Frame</header><main><h1>Open <em>meetings</em></h1>
<p>First
line<br>second &copy;</p><a href=" /minutes "><img alt="Minutes" src="m.png"></a><a href="/x" aria-label="Plan"></a>
<table><tr><th>Name</th><th>Purpose</th></tr><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table></main>
<style>p{}</style><footer>Foot</footer></body></html>"""


def answer(body: bytes, content_type: str = "") -> Answer:
    """An answer with this body."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    headers = {"content-type": content_type} if content_type else {}
    return Answer(Capture(url="https://a.example/", final_url="https://a.example/", status=200, headers=headers, at=at),
                  body)  # fmt: skip


def page(words: str) -> Page:
    """A page of these words."""
    return read_html(answer(words.encode()))


def test_the_parts_of_a_page() -> None:
    """Title, language, words, headings, links and tables; scripts and styles say nothing; the frame is set apart."""
    found = page(PAGE)
    assert (found.title, found.language, found.first_heading) == ("The & council", "en-GB", "Open meetings")
    assert [(link.href, link.words, link.framed) for link in found.links] == [
        ("/home", "Home", True), ("/minutes", "Minutes", False), ("/x", "Plan", False)]  # fmt: skip
    assert [(table.headings, table.rows) for table in found.tables] == [(["Name", "Purpose"], 2)]
    assert "First line\nsecond ©" in found.matter and "Frame" in found.words
    assert not {"Frame", "Foot", "No", "p{}"} & set(found.matter.replace("\n", " ").split())


def test_a_page_that_scripts_draw() -> None:
    """An empty frame with scripts is known as one; a page with words, or without scripts, is not."""
    assert page('<html><title>App</title><div id="root"></div><script src="a.js"></script></html>').drawn_by_scripts
    assert not page("<html><title>Short</title><p>Little</p></html>").drawn_by_scripts
    assert not page(f"<html><script></script><p>{'word ' * 100}</p></html>").drawn_by_scripts


@pytest.mark.parametrize(("words", "is_page"), [
    ("<!doctype HTML>", True), ("\n<!-- hello --><html>", True), ("<div class='x'>piece</div>", True),
    ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', True),
    ('<?xml version="1.0"?><rss version="2.0">', False), ("<feed>", False), ("{}", False), ("Contact: us", False),
    ("", False), ("%PDF-1.7 <html>", False), ("<!DOCTYPE rss>", False),
])  # fmt: skip
def test_what_begins_like_a_page(words: str, is_page: bool) -> None:
    """A page or a piece of one begins with a tag of HTML; feeds, data and PDFs begin otherwise and are refused."""
    assert looks_like_html(words) is is_page
    if not is_page:
        with pytest.raises(Unreadable) as caught:
            page(words)
        assert caught.value.reason == "not-the-declared-format"


def test_comments_before_something_else_are_looked_at_once() -> None:
    """Thousands of comments before what is no page are one pass: trying to cut them in other ways would never end."""
    assert not looks_like_html("<!-- -->" * 2_000 + "{}")
    assert looks_like_html("<!-- > -- -->\n" * 1_000 + "<!DOCTYPE html>")


def test_a_page_of_nothing_but_tags_is_larger_than_we_read() -> None:
    """Millions of tags in four megabytes would keep everybody waiting: that is our limit and no fault of the page."""
    with pytest.raises(Unreadable) as caught:
        page("<html>" + "<div>" * 300_000)
    assert caught.value.reason == "too-large" and caught.value.capture is not None


@pytest.mark.parametrize(("body", "content_type"), [
    ("<p>Zürich</p>".encode(), ""),
    ("\ufeff<p>Zürich</p>".encode(), "text/html; charset=iso-8859-1"),
    ("<p>Zürich</p>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
    ('<meta charset="iso-8859-1"><p>Zürich</p>'.encode("latin-1"), ""),
    ("<p>Zürich</p>".encode("latin-1"), ""),
    ("<p>Zürich</p>".encode("latin-1"), "text/html; charset=utf-8"),
    ("<p>Zürich</p>".encode(), "text/html; charset=nonsense"),
    ("<p>Zürich</p>".encode(), "text/html; charset=rot13"),
    ("\ufeff<p>Zürich</p>".encode("utf-16-le"), ""),
])  # fmt: skip
def test_letters_are_read_however_they_are_written(body: bytes, content_type: str) -> None:
    """The mark of the text counts first, then what the server and the page say; where that is wrong, what fits."""
    assert "Zürich" in decoded(answer(body, content_type))


@pytest.mark.parametrize("piece", [
    "<!--", "<a ", "<a href=\"", "<![", "<script>", "<!", "</", "&", "<p", "<svg>", "<h1>", "<a href=x>", "<header>",
    "<table><tr><td>", "<title>", "</script", "<![CDATA[",
])  # fmt: skip
def test_hostile_markup_is_read_in_one_pass(piece: str) -> None:
    """A page of one thing repeated comes to its end: what stays open is not searched again for every piece."""
    found = page("<html>" + piece * (400_000 // len(piece)))
    assert len(found.links) <= 20_000 and len(found.headings) <= 2_000


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(["<a href='", "'>", "<", ">", "<title>", "</title>", "<!", "<![x[", "&#", "é", "<td>",
                                 "</table>", "<table>", "<th>", "</th>", "<script>", "</script>", "<svg>", "</svg>",
                                 "</a>", "<h1>", "</nav>", "<nav>", "\0", "\n", "w"]), max_size=30))  # fmt: skip
def test_crossed_and_broken_tags_never_surprise(pieces: list[str]) -> None:
    """Tags in any order, whole or broken, give a page."""
    assert page("<html>" + "".join(pieces)).links is not None


def test_real_pages_agree_with_an_independent_reading(shared: Path) -> None:
    """Recorded city pages have the titles and languages that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in entries if entry["protocol"] == "HTML city page"]
    assert entries
    for entry in entries:
        found = read_html(answer((shared / "wire" / entry["file"]).read_bytes()))
        assert found.title == " ".join(entry["expected"]["title"].split())
        assert found.language == entry["expected"]["lang"]


def test_a_tag_of_nothing_but_attributes_is_passed_over() -> None:
    """A flood of attributes would take two hundred times its size in memory; what stands around it is read."""
    page = read_html(answer(b"<!doctype html><p>before<b " + b"a=1 " * 100_000 + b"></b><h1>after</h1>"))
    assert page.words == "before\nafter" and page.headings == ["after"]
