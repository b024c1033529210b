"""Reads JSON that a stranger sent: bounded in depth, finite in its numbers, forgiving only where the standard is."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

import orjson

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json_mending import exact_numbers, has_long_numbers, whole_characters
from builder.probes._json_rows import MOST_ROOM, Rows, read_in_rows, room
from builder.probes._text import clean

# Deep nesting costs our own recursion, and no catalogue or feed needs more than a dozen levels.
MAX_DEPTH = 200
# A string once its escapes are out of the way; an open one runs to the end.
_STRING = re.compile(rb'"[^"]*+"?')
_PIECE = 256 * 1024
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_BOM = b"\xef\xbb\xbf"
_OPENS = frozenset(b"[{")
_STEPS = [1 if byte in _OPENS else -1 for byte in range(256)]


def read_json(answer: Answer) -> dict[str, Any] | list[Any]:
    """Return the object or list that an answer holds (RFC 8259: UTF-8; of repeated names the last wins).

    Raises ``Unreadable``: ``not-the-declared-format`` when the body is no JSON object or list at all (a web page,
    a word, nothing), ``malformed`` when it starts as one and breaks (cut off, bad bytes, NaN, deeper than 200),
    ``too-large`` when its values would fill our memory. A byte order mark is allowed. A number that no double or 64
    bits can hold comes as its own words; a long list in a large body is parsed object by object as it is gone through.
    """
    body = answer.body.removeprefix(_BOM).strip()
    if not body:
        raise _refuse(answer, Reason.NOT_THE_DECLARED_FORMAT, "The answer is empty; JSON was expected.")
    if body[0] not in _OPENS:
        what = "a web page or XML" if body[:1] == b"<" else "something else"
        raise _refuse(answer, Reason.NOT_THE_DECLARED_FORMAT, f"The answer is {what}; JSON was expected.")
    if _opened(body) > MAX_DEPTH and max(accumulate(map(_STEPS.__getitem__, _brackets(body))), default=0) > MAX_DEPTH:
        raise _refuse(answer, Reason.MALFORMED, f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    try:
        value = _parse(body)
    except orjson.JSONDecodeError as error:
        raise _refuse(answer, Reason.MALFORMED, f"The JSON is broken: {error}") from None
    except Unreadable as error:
        error.capture = error.capture or answer.capture
        raise
    assert isinstance(value, dict | list)  # its first byte said so
    return value


def read_object(answer: Answer) -> dict[str, Any]:
    """Return the JSON object that an answer holds; a list is ``not-the-declared-format``; else as ``read_json``."""
    value = read_json(answer)
    if not isinstance(value, dict):
        raise _refuse(answer, Reason.NOT_THE_DECLARED_FORMAT, "The answer is a JSON list; an object was expected.")
    return value


def mapping(value: object) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """The value when it is a list, a list of one for a lone object or word, else an empty one."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict | str) and value else []


def records(value: object) -> list[dict[str, Any]]:
    """The objects among a list's items, in order."""
    if isinstance(value, Rows):
        return value
    return [item for item in listing(value) if isinstance(item, dict)]


def text(value: object) -> str | None:
    """The words of a string or number, or None; white space alone is nothing."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def phrase(value: object) -> str | None:
    """The words of a string, or of an object that holds them by language: English, else the first of them all."""
    if isinstance(value, dict):
        said = ((language != "en", str(language), text(item)) for language, item in value.items())
        spoken = sorted(item for item in said if item[2])
        return spoken[0][2] if spoken else None
    return text(value)


def texts(value: object) -> tuple[str, ...]:
    """The words in a list, or in one string, in order."""
    return tuple(words for item in listing(value) if (words := text(item)) is not None)


def count(value: object) -> int | None:
    """A count that an interface announced (a whole number, or its digits in a string), else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value.strip()):
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < 10**15 else None


def not_what_was_asked(answer: Answer, data: object, wanted: str) -> Unreadable:
    """The fault of an answer that is JSON but not what was asked: ``api-error`` in its own words, if it has any."""
    told = mapping(data)
    # OGC's APIs describe an error beside its code; Microsoft's servers write with a capital.
    coded = ("description",) if told.get("code") else ()
    for key in ("error", "errors", "message", "Message", "detail", "error_code", *coded):
        if told.get(key):
            value = next(iter(listing(told[key])), told[key])
            words = text(mapping(value).get("message")) or text(value) or text(told.get("message")) or "an error"
            return _refuse(answer, Reason.API_ERROR, f"The interface answered with an error: {clean(words, 160)}")
    return _refuse(answer, Reason.NOT_THE_DECLARED_FORMAT, f"The answer is JSON, but holds no {wanted}.")


def _refuse(answer: Answer, reason: Reason, message: str) -> Unreadable:
    return Unreadable(reason, message, answer.capture)


def _opened(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _brackets(body: bytes) -> bytes:
    """The brackets that stand outside of strings, in order."""
    plain = body.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in body else body
    found, inside = [], False
    # Piece by piece: a substitution keeps a hundred bytes for each string that it takes out.
    for at in range(0, len(plain), _PIECE):
        piece = plain[at : at + _PIECE]
        found.append(_STRING.sub(b"", b'"' + piece if inside else piece).translate(None, _NO_BRACKETS))
        inside ^= bool(piece.count(b'"') % 2)
    return b"".join(found)


def _parse(body: bytes) -> Any:
    """Parse, and where it fails mend what the grammar allows: one damaged title must not hide a whole catalogue."""
    if has_long_numbers(body):
        body = exact_numbers(body)
    parse = orjson.loads if room(body) <= MOST_ROOM else read_in_rows
    try:
        return parse(body)
    except orjson.JSONDecodeError:
        mended = exact_numbers(whole_characters(body))
        if mended is body:
            raise
    return parse(mended)
