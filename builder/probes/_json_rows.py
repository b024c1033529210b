"""Knows before JSON is parsed what it would take of our memory, and reads long lists one object at a time.

A parsed value takes up to forty times its bytes, so a body of the largest size that we accept could fill the memory
many times over. Where it would take too much at once, its long lists of objects stay bytes, and each object is parsed
when it is its turn.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Any, SupportsIndex, cast

import orjson

from builder.errors import Unreadable
from builder.model.reasons import Reason

# Beside the body itself and all our programs, what a quarter of a gigabyte has left.
MOST_ROOM = 110 * 1024 * 1024
# Of one object in a long list: no dataset or release of any city's comes near.
MOST_ROOM_OF_ONE = 24 * 1024 * 1024
# A long list stands in an envelope or two, and is worth the trouble from here on.
DEEPEST_LIST = 4
SHORTEST_LIST_BYTES = 1024 * 1024

# Measured with Python 3.11 and orjson: a string's own header, an object with a few names, a list, a value's place.
_STRING, _OBJECT, _LIST, _VALUE = 56, 230, 80, 60
# Whatever the bytes of one short object, they cannot make more than this many times their size.
_SHORT, _WORST = 64 * 1024, 120

# Brackets outside of strings, each in one step with all that stands before it; at the end whatever is left.
_NEXT_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"?)*+([\[\]{}]|\Z)', re.DOTALL)
# Characters beyond the first 65,536, for which all of their string takes four bytes each.
_ASTRAL = re.compile(rb"[\xf0-\xf4]|\\u[dD][89abAB]")
_ASTRAL_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4", rb"\ud", rb"\uD")
_TOKEN = "\0rows "


class Rows(list[Any]):
    """A long list of objects of which none is held; each is parsed anew whenever it is asked for."""

    def __init__(self, body: bytes, spans: array[int]) -> None:
        super().__init__()
        self._body = memoryview(body)
        self._spans = spans

    def __len__(self) -> int:
        return len(self._spans) // 2

    def __iter__(self) -> Iterator[Any]:
        return map(self._one, range(len(self)))

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        found = range(len(self))[at]
        return [self._one(one) for one in found] if isinstance(found, range) else self._one(found)

    def __contains__(self, value: object) -> bool:
        return any(one == value for one in self)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None

    def _one(self, at: int) -> Any:
        return orjson.loads(self._body[self._spans[2 * at] : self._spans[2 * at + 1]])


def room(body: bytes) -> int:
    """About how many bytes the values in a body of JSON take once parsed; rather too many than too few."""
    # The parser copies a text once before it is one; beyond the oldest letters a character takes two bytes.
    wide = 2 if body.isascii() and rb"\u" not in body else 3
    quotes, opened, lists, values = (body.count(sign) for sign in (b'"', b"{", b"[", b","))
    words = len(body) * wide + _astral(body)
    return words + quotes // 2 * _STRING + opened * _OBJECT + lists * _LIST + values * _VALUE


def _astral(body: bytes) -> int:
    """How much more the strings take that hold rare characters: two bytes for each of theirs."""
    more = at = 0
    if not any(lead in body for lead in _ASTRAL_LEADS):  # at the speed of memory, which the expression has not
        return 0
    while found := _ASTRAL.search(body, at):
        begin = body.rfind(b'"', at, found.start()) + 1
        # Escaped quotes end no string: where there are many, all the rest may be one.
        at = body.find(b'"', found.end())
        while 0 < at < len(body) and body[at - 1] == 0x5C:
            at = body.find(b'"', at + 1)
        at = at if at > 0 else len(body)
        more += 2 * (at - begin)
    return more


def read_in_rows(body: bytes) -> dict[str, Any] | list[Any]:
    """Parse a large body with its long lists as ``Rows``; every object of them is proven once to be JSON.

    Raises ``Unreadable`` (``too-large``) where what is left would still take too much, ``orjson.JSONDecodeError`` for
    what is broken.
    """
    rows: list[Rows] = []
    rest: list[bytes] = []
    end = 0
    for start, stop, spans in _long_lists(body):
        rest += [body[end:start], orjson.dumps(f"{_TOKEN}{len(rows)}")]
        rows.append(Rows(body, spans))
        end = stop
    frame = b"".join([*rest, body[end:]]) if rows else body
    if room(frame) > MOST_ROOM:
        _too_large()
    value = orjson.loads(frame)
    for listed in rows:
        for at in range(0, len(listed._spans), 2):
            _prove(body, listed._spans[at], listed._spans[at + 1])
    return cast(dict[str, Any] | list[Any], _with_rows(value, rows, 0))


def _prove(body: bytes, start: int, stop: int) -> None:
    if stop - start > min(_SHORT, MOST_ROOM_OF_ONE // _WORST) and room(body[start:stop]) > MOST_ROOM_OF_ONE:
        _too_large()
    orjson.loads(memoryview(body)[start:stop])


def _with_rows(value: Any, rows: list[Rows], depth: int) -> Any:
    """The frame with its long lists put back where they stood."""
    if isinstance(value, str) and value.startswith(_TOKEN):
        number = value.removeprefix(_TOKEN)
        return rows[int(number)] if number.isdecimal() and int(number) < len(rows) else value
    if depth <= DEEPEST_LIST and isinstance(value, dict):
        return {name: _with_rows(inner, rows, depth + 1) for name, inner in value.items()}
    if depth <= DEEPEST_LIST and isinstance(value, list):
        return [_with_rows(inner, rows, depth + 1) for inner in value]
    return value


def _long_lists(body: bytes) -> list[tuple[int, int, array[int]]]:
    """Where long lists of nothing but objects begin and end, outermost first, with the spans of their objects."""
    found: list[tuple[int, int, array[int]]] = []
    # Of each bracket still open: where it stands, and the spans of the objects in it where it is a list near the top.
    stack: list[tuple[int, array[int] | None]] = []
    for match in _NEXT_BRACKET.finditer(body):
        at, sign = match.start(1), match[1]
        if sign in (b"[", b"{"):
            near = sign == b"[" and len(stack) < DEEPEST_LIST
            stack.append((at, array("q") if near else None))
        elif sign and stack:
            start, spans = stack.pop()
            if spans is not None and at - start > SHORTEST_LIST_BYTES and _nothing_between(body, start, at, spans):
                while found and found[-1][0] > start:  # lists inside of this one
                    found.pop()
                found.append((start, at + 1, spans))
            if stack and (outer := stack[-1][1]) is not None and sign == b"}":
                outer.extend((start, at + 1))
    return found


def _nothing_between(body: bytes, start: int, stop: int, spans: array[int]) -> bool:
    """Whether a list holds two objects or more, each of a size to be read alone, and only commas between them."""
    if len(spans) < 4 or body[start + 1 : spans[0]].strip() or body[spans[-1] : stop].strip():
        return False
    between = all(body[spans[at] : spans[at + 1]].strip() == b"," for at in range(1, len(spans) - 1, 2))
    return between and max(spans[at + 1] - spans[at] for at in range(0, len(spans), 2)) <= MOST_ROOM_OF_ONE // 4


def _too_large() -> None:
    raise Unreadable(Reason.TOO_LARGE, "The JSON would take more memory than we have for one answer.")
