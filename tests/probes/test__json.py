"""How JSON from strangers is read, and refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes._json import count, listing, not_what_was_asked, read_json, read_object, records, text, texts

CAPTURE = Capture(
    url="https://a.example/", final_url="https://a.example/", status=200, at=datetime(2026, 11, 21, tzinfo=UTC)
)


def answer(body: bytes) -> Answer:
    return Answer(CAPTURE, body)


def refused(body: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_json(answer(body))
    assert caught.value.capture is CAPTURE
    return str(caught.value.reason)


def test_reads_an_object_after_a_byte_order_mark() -> None:
    """A byte order mark before the JSON is harmless."""
    assert read_object(answer(b'\xef\xbb\xbf {"a": [1, 2]} ')) == {"a": [1, 2]}


def test_of_repeated_names_the_last_wins() -> None:
    """A repeated name is harmless, and read as most programs read it."""
    assert read_json(answer(b'{"a": 1, "a": 2}')) == {"a": 2}


@pytest.mark.parametrize("body", [b"", b"  \n", b"<!DOCTYPE html><p>Please log in", b"Not found", b"12", b'"x"'])
def test_what_is_no_object_or_list_is_not_the_declared_format(body: bytes) -> None:
    """A login page, a word or nothing at all is something other than JSON data."""
    assert refused(body) == "not-the-declared-format"


@pytest.mark.parametrize(
    "body", [b'{"a": [1, 2', b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\xff"}', b"{'a': 1}", b'{"a": 1} trailing']
)
def test_what_begins_as_json_and_breaks_is_malformed(body: bytes) -> None:
    """A body that was cut, has bad bytes or numbers that are none is broken JSON."""
    assert refused(body) == "malformed"


def test_depth_is_checked_before_parsing_and_brackets_in_words_do_not_count() -> None:
    """Two hundred levels are read, one more is refused, and brackets inside strings are only words."""
    assert read_json(answer(b"[" * 200 + b"]" * 200))
    assert refused(b"[" * 201 + b"]" * 201) == "malformed"
    assert refused(b"[" * 100_000) == "malformed"
    assert read_json(answer(b'["' + b"[{" * 1000 + b'\\"[[["]'))


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"0," * 2_000_001 + b"0]",
        b"[" + b"[[[[[[[[[[]]]]]]]]]]," * 50_001 + b"0]",
        b"[" + b'{"a":' * 100 + b"0" + b"}" * 100 + (b"," + b'{"a":' * 100 + b"0" + b"}" * 100) * 5_000 + b"]",
    ],
)
def test_a_body_of_nothing_but_tiny_values_is_not_unpacked(body: bytes) -> None:
    """Millions of values or lists in a small body would fill the memory; that is our limit, not the city's fault."""
    assert refused(body) == "too-large"


def test_brackets_in_words_are_no_lists() -> None:
    """Half a million brackets inside one string are only its words."""
    assert read_json(answer(b'["' + b"[" * 500_001 + b'"]'))
    assert read_json(answer(b"[" + b'"\\\\[[[\\"[[[", ' * 99_999 + b"[]]"))


def test_half_a_surrogate_pair_does_not_hide_a_catalogue() -> None:
    """One damaged title is marked; a whole pair beside it stays the character it is."""
    assert read_json(answer(rb'["a\ud83db", "\ud83d\ude8c"]')) == ["a\ufffdb", "\N{BUS}"]


def test_a_list_is_no_object() -> None:
    """Where an object is declared, a list is another format."""
    with pytest.raises(Unreadable, match="list"):
        read_object(answer(b"[]"))


def test_small_readers_take_what_they_can_and_nothing_else() -> None:
    """Single values stand for lists of one; blank words are nothing; announced counts are whole and not negative."""
    assert listing("a") == ["a"] and listing(None) == [] and listing({"a": 1}) == [{"a": 1}]
    assert records([{"a": 1}, None, "x"]) == [{"a": 1}]
    assert text("  ") is None and text(" a ") == "a" and text(True) is None and text(4) == "4"
    assert texts(["a", None, " ", "b"]) == ("a", "b")
    assert count(12) == 12 and count("12") == 12 and count(12.0) == 12
    assert count(-1) is None and count(True) is None and count("x") is None and count(1e300) is None


@pytest.mark.parametrize(("told", "reason", "words"), [
    ({"code": "InvalidParameterValue", "description": "no such limit"}, "api-error", "no such limit"),
    ({"Message": "No HTTP resource was found"}, "api-error", "No HTTP resource"),
    ({"error": True, "message": "Token required"}, "api-error", "Token required"),
    ({"description": "A city's trees"}, "not-the-declared-format", "holds no list"),
])  # fmt: skip
def test_an_error_in_place_of_an_answer_is_the_interfaces_own(told: object, reason: str, words: str) -> None:
    """Each interface has its own way to say that it failed; a mere description is no error."""
    fault = not_what_was_asked(answer(b"{}"), told, "list")
    assert fault.reason == reason and words in fault.message
