"""Mends in JSON what its grammar allows and programs stumble over: half characters, and numbers of any size."""

from __future__ import annotations

import re

# An escaped surrogate pair, or half of one: a half is valid in JSON's grammar (RFC 8259 section 8.2), though no text.
_SURROGATES = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
# Found quickly, if not always rightly: a number so long that it may not fit.
_LONG_NUMBER = re.compile(rb"[:,\[]\s*+-?[0-9]{19}")
# A number outside of strings, each in one step with all that stands before it; at the end whatever is left.
_NEXT_NUMBER = re.compile(
    rb'(?:[^"0-9-]++|"(?:[^"\\]++|\\.)*+"?|-(?![0-9])|-?[0-9][0-9.]{0,17}+(?![0-9.eE]))*+'
    rb"(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|.|\Z)",
    re.DOTALL,
)
MOST_MENDED = 100_000


def whole_characters(body: bytes) -> bytes:
    """The body with each escaped half of a character replaced by the mark for one that cannot be shown."""
    mended = bytearray(body)
    for found in _SURROGATES.finditer(body):
        if found[1] is None:
            mended[found.start() : found.end()] = rb"\ufffd"
    return bytes(mended) if mended != body else body


def has_long_numbers(body: bytes) -> bool:
    """Whether some number is so long that it could lose digits without anybody being told."""
    return _LONG_NUMBER.search(body) is not None


def exact_numbers(body: bytes) -> bytes:
    """The body with each number that would lose digits, or be no number at all, turned into its own words.

    JSON's numbers have no largest (RFC 8259 section 6), ours do: whole ones of 64 bits, others of a double's range. An
    id of forty digits must not become another's, and one measure of 1e999 must not make a whole catalogue broken.
    """
    parts: list[bytes] = []
    end = 0
    for found in _NEXT_NUMBER.finditer(body):
        number = found[1]
        if _does_not_fit(number):
            parts += [body[end : found.start(1)], b'"' + number + b'"']
            end = found.end()
            if len(parts) > 2 * MOST_MENDED:
                break
    return b"".join([*parts, body[end:]]) if parts else body


def _does_not_fit(number: bytes) -> bool:
    if len(number) < 3 or not number[-1:].isdigit():
        return False
    if number.lstrip(b"-").isdigit():
        return len(number) > 20 or not -(2**63) <= int(number) < 2**64
    return float(number) in (float("inf"), float("-inf"))
