"""How JSON from strangers is read, and refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes import _json, _json_rows
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
    "body",
    [
        b'{"a": [1, 2',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 01}',
        b'{"a": "\xff"}',
        b"{'a': 1}",
        b'{"a": 1} trailing',
    ],
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
        b"[" + b"[[[[[[[[[[]]]]]]]]]]," * 150_000 + b"0]",
        b'["' + b"x" * 40_000_000 + "\N{BUS}".encode() + b'"]',
        b"{" + b",".join(b'"%d":{"a":{}}' % number for number in range(250_000)) + b"}",
    ],
)
def test_a_body_of_nothing_but_tiny_values_is_not_unpacked(body: bytes) -> None:
    """Millions of values or lists in a small body would fill the memory; that is our limit, not the city's fault."""
    assert refused(body) == "too-large"


@pytest.mark.parametrize(("written", "read"), [
    (b"1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"),
    (b"-9223372036854775809", "-9223372036854775809"), (b"18446744073709551615", 18446744073709551615),
    (b"1e999", "1e999"), (b"-1.5E+400", "-1.5E+400"), (b"1e308", 1e308), (b"1e-999", 0.0), (b"0.1", 0.1),
    (b"1" + b"0" * 5_000, "1" + "0" * 5_000),
])  # fmt: skip
def test_no_number_is_too_large_or_loses_its_digits(written: bytes, read: object) -> None:
    """JSON has no largest number: what ours cannot hold comes as its own words, and all around it stays as it is."""
    body = b'{"say": "a 99999999999999999999 \\" 1e999", "a": [' + written + b', 2], "b": ' + written + b"}"
    assert read_json(answer(body)) == {"say": 'a 99999999999999999999 " 1e999', "a": [read, 2], "b": read}
    assert count(read_json(answer(b"[" + written + b"]"))[0]) in (None, 0)  # type: ignore[index]


def test_a_long_list_is_parsed_object_by_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a body that would fill the memory, a list of objects is gone through without ever being held whole."""
    items = [{"id": str(at), "words": f']}}{{[\\" {at}', "inner": [{"a": 1}, {"a": 2}]} for at in range(50)]
    data = {"count": 50, "results": items, "same": {"results": items}, "plain": [1, {"a": 2}], "none": []}
    body = json.dumps(data, indent=1).encode()
    monkeypatch.setattr(_json_rows, "SHORTEST_LIST_BYTES", 100)
    monkeypatch.setattr(_json, "MOST_ROOM", 0)
    found = read_object(answer(body))
    assert isinstance(found["results"], _json_rows.Rows) and isinstance(found["same"]["results"], _json_rows.Rows)
    assert {name: value for name, value in found.items() if name in ("count", "plain", "none")} == {
        "count": 50, "plain": [1, {"a": 2}], "none": []}  # fmt: skip
    listed = found["results"]
    assert (len(listed), list(listed), listed[3], listed[-1], listed[2:4]) == (
        50,
        items,
        items[3],
        items[-1],
        items[2:4],
    )
    assert listed and list(records(listed)) == items and items[5] in listed and {"a": 1} not in listed
    with pytest.raises(IndexError):
        listed[50]
    assert refused(body.replace(b'"id": "17"', b'"id": 17"')) == "malformed"
    assert refused(body[:-30]) == "malformed"


def test_a_large_catalogue_is_read_and_a_large_riddle_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the objects of a list are each of a reasonable size they are read; one that fills the memory is not."""
    monkeypatch.setattr(_json_rows, "SHORTEST_LIST_BYTES", 100)
    monkeypatch.setattr(_json_rows, "_SHORT", 100)
    for module in (_json, _json_rows):
        monkeypatch.setattr(module, "MOST_ROOM", 5_000)
    monkeypatch.setattr(_json_rows, "MOST_ROOM_OF_ONE", 5_000)
    plain = {"id": "x", "words": "y" * 50}
    assert len(read_object(answer(json.dumps({"results": [plain] * 50}).encode()))["results"]) == 50
    assert refused(json.dumps({"results": [plain, {"a": [[]] * 80}, *[plain] * 50]}).encode()) == "too-large"
    assert refused(json.dumps({"results": [plain] * 50, "more": [[]] * 80}).encode()) == "too-large"
    assert refused(json.dumps({"results": [1, *[plain] * 50]}).encode()) == "too-large"


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
