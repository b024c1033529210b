"""What other people wrote: which characters may stand on a page, and which addresses may become links."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.publish.text import clean, safe_url, short_url
from tests.publish.cards import HOSTILE


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Street\ttrees\r\n of  Paris ", "Street trees of Paris"),
        ("abc\u202edef\u2066ghi\u200b\ufeff\u00ad", "abcdefghi"),
        ("a\x00b\x1b[31mc\x7f\x85d", "ab[31mc d"),
        ("Cafe\u0301", "Café"),
        ("Z" + "\u0336" * 60 + "algo", "Z" + "\u0336" * 3 + "algo"),
        ("서울 Zürich القاهرة", "서울 Zürich القاهرة"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("\ud800lone", "lone"),
        ("", ""),
    ],
)
def test_text_keeps_its_letters_and_loses_its_tricks(written: str, shown: str) -> None:
    """Controls, bidi overrides, zero-width characters and stacked marks go; letters of every script stay."""
    assert clean(written) == shown


def test_a_long_text_is_cut_with_a_sign() -> None:
    """A title of 5,000 characters takes no more room than the limit, and shows that it was cut."""
    assert clean("x" * 5000) == "x" * 299 + "…"
    assert clean("x" * 300) == "x" * 300


@given(st.text(), st.integers(min_value=1, max_value=400))
def test_clean_text_is_always_one_short_line(text: str, limit: int) -> None:
    """Whatever comes in, one line of at most so many characters comes out, without any character that acts."""
    line = clean(text, limit)
    assert len(line) <= limit
    assert not [char for char in line if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    "url",
    [
        "https://data.example.org/",
        "http://data.example.org:8080/a?b=c&d=%20#e",
        "HTTPS://data.example.org",
        "https://опендата.example/набор",
        "https://[2001:db8::1]/",
    ],
)
def test_an_ordinary_address_stays_as_it_is(url: str) -> None:
    """Web addresses become links, with ports, queries and letters of every script."""
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://data.example.org/",
        "//data.example.org/",
        "/cities/",
        "https://",
        "https:///path",
        "https://user:word@data.example.org/",
        "https://data.example.org@evil.example/",
        "https://data.example.org:99999/",
        "https://data.example.org:0/",
        "https://data.example.org:x/",
        "https://[::1/",
        "https://evil.example\\.data.example.org/",
        "https://data.example.org/a b",
        "https://data.example.org/\x00",
        "https://data.example.org/\u202egpj.exe",
        "https://data.example.org/" + "x" * 2000,
        HOSTILE,
    ],
)
def test_what_is_no_plain_web_address_becomes_no_link(url: str | None) -> None:
    """Scripts, files, users, tricks of two readings and addresses nobody can follow are shown, never linked."""
    assert safe_url(url) is None


def test_an_address_is_shown_as_people_read_it() -> None:
    """No scheme, no www, no trailing slash; a long one keeps its host and its end."""
    assert short_url("https://www.data.example.org/") == "data.example.org"
    shown = short_url("https://data.example.org/" + "very-" * 40 + "long/trees.csv")
    assert len(shown) == 60
    assert shown.startswith("data.example.org/very-") and shown.endswith("long/trees.csv") and "…" in shown
    assert short_url("javascript:alert(1)\u202e") == "javascript:alert(1)"
