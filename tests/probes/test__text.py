"""How publishers' words are made safe to keep."""

from __future__ import annotations

import pytest

from builder.probes._text import clean, cleaned, counted, on_one_line, without_markup


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Bäume", "Bäume"),
        ("Trees\u202e\u200b\x00 in\r\n\u2028parks\ufeff", "Trees in parks"),
        ("کتاب\u200cها", "کتاب\u200cها"),
        ("Ask who@city.example, please", "Ask , please"),
        ("<script>x</script>", "<script>x</script>"),
        ("half \ud83d pair", "half pair"),
    ],
)
def test_keeps_words_and_drops_what_is_invisible(written: str, kept: str) -> None:
    """One spelling, one line, no control or direction characters, no e-mail; what joins letters stays."""
    assert clean(written) == kept


def test_cuts_with_a_mark() -> None:
    """A long title is cut at its limit, and the mark shows that it was."""
    assert clean("x" * 301) == "x" * 299 + "…" and clean("x" * 300) == "x" * 300
    assert len(clean("word " * 1_000_000)) <= 300


@pytest.mark.parametrize("hostile", ["<!--", "<script>", "<a ", "<", "&", "<style "])
def test_unclosed_markup_is_read_once(hostile: str) -> None:
    """Markup that never closes cannot make the reading slow: this would not end if characters were looked at again."""
    without_markup(hostile * 200_000)


def test_repeated_and_blank_keywords_are_left_out() -> None:
    """Keywords keep the publisher's order, each once."""
    assert cleaned(("b", " ", "a", "b ")) == ("b", "a")


def test_markup_is_not_prose() -> None:
    """Tags, scripts and comments are not counted; a smaller-than sign is no tag."""
    assert without_markup("Bus <3 stops & 5 > 4").split() == ["Bus", "<3", "stops", "&", "5", ">", "4"]
    assert on_one_line("<style>p {}</style><p>Open&nbsp;<b>data</b></p><!-- note -->") == "Open data"
    assert on_one_line(None) == ""


def test_numbers_bring_their_nouns() -> None:
    """One thing is one thing, and none or many are many."""
    assert [counted(number, "entry", "entries") for number in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
    assert counted(12_000, "meeting") == "12,000 meetings"
