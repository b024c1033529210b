"""How the measurements of a reading are collected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from builder.model.capture import Answer, Capture
from builder.probes._dates import read_date
from builder.probes._facts import Facts, Newest, next_address, some

HERE = "https://a.example/api/list?page=1"


def answer() -> Answer:
    """An answer from a known address."""
    capture = Capture(url="https://a.example/x", final_url=HERE, status=200, at=datetime(2026, 11, 21, tzinfo=UTC))
    return Answer(capture, b"")


def test_what_was_not_offered_is_left_out() -> None:
    """None and blank words are absent; nought and false are facts."""
    facts = Facts()
    facts.say("a", None, "$")
    facts.say("b", "", "$")
    facts.say_words("c", "  ", "$")
    facts.say_words("d", {"not": "words"}, "$")
    facts.say("e", 0, "$.e", 2, "d")
    facts.say_words("f", " two\nlines\u202e ", "$.f")
    assert {name: (fact.value, fact.unit, fact.capture) for name, fact in facts.items()} == {
        "e": (0, "d", 2), "f": ("two lines", None, 0)}  # fmt: skip


def test_the_newest_knows_where_it_was_read() -> None:
    """Of two that are equal the first stays; without any there is nothing to tell."""
    newest, facts = Newest(), Facts()
    newest.see([read_date("2026-11-01"), None], "$.first", 1)
    newest.see([read_date("2026-11-20T00:00:00Z")], "$.second", 2)
    newest.see([read_date("2026-11-20"), read_date("1970-01-01")], "$.third", 3)
    newest.tell(facts, "newest")
    Newest().tell(facts, "none")
    assert {name: (fact.value, fact.pointer, fact.capture) for name, fact in facts.items()} == {
        "newest": ("2026-11-20T00:00:00Z", "$.second", 2)}  # fmt: skip


@pytest.mark.parametrize(("link", "address"), [
    ("?page=2", "https://a.example/api/list?page=2"),
    ("/x", "https://a.example/x"),
    ("https://b.example/y", "https://b.example/y"),
    ("file:///etc/passwd", None),
    ("javascript:alert(1)", None),
    ("http://[", None),
    ("x" * 5000, None),
    (None, None),
    ({"href": "x"}, None),
])  # fmt: skip
def test_links_are_seen_from_where_the_answer_came(link: Any, address: str | None) -> None:
    """Relative ones are completed; what is no address of the web is none."""
    assert next_address(link, answer()) == address


def test_long_lists_are_cut_in_words() -> None:
    """The first few by name, the rest by number."""
    assert some(["a", "b"]) == "a, b"
    assert some("abcdefg", most=2) == "a, b and 5 more"
