"""Reads DATEX II in JSON as if it were its XML: the same names in the same order, whatever module they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json import not_what_was_asked, read_object, text
from builder.probes._xml import Found

# In JSON an object of a kind that others extend stands under that kind's name, with the letters of its module before
# it: `parkingRecordStatus: [{prkParkingSiteStatus: {...}}]`. In XML that is an attribute and no step of its own.
_KIND = re.compile(r"a?(?:com|con|egi|fac|inf|loc|locx|prk|roa|rtm|sit|tmp|vms)[A-Z]\w*")
# Attributes and their names in JSON: generated ones end in a letter, converted ones begin with a sign.
_VERSIONS = ("modelBaseVersion", "modelBaseVersionG", "@modelBaseVersion", "_modelBaseVersion")


def found_in_json(answer: Answer, roots: tuple[str, ...]) -> Iterator[Found]:
    """Yield each object and each plain value as an element at its end, children before parents.

    Raises ``Unreadable`` as ``read_json`` does, ``api-error`` for an error in its place, and
    ``not-the-declared-format`` where no root and no publication is in it.
    """
    data = read_object(answer)
    root = next((key for key in data if _plain(key) in roots), None)
    # Other interfaces have a payload too.
    if root is None or (b"publicationTime" not in answer.body and _plain(root) == "payload"):
        if not any(_KIND.fullmatch(key) and key.endswith("Publication") for key in data):
            raise not_what_was_asked(answer, data, "publication of DATEX II")
        yield from _within(data, ("payloadPublication",), answer)
        return
    yield from _each(_plain(root), data[root], (), answer)


def _each(name: str, value: Any, path: tuple[str, ...], answer: Answer) -> Iterator[Found]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            raise Unreadable(Reason.MALFORMED, "The JSON holds lists of lists, which DATEX II has not.", answer.capture)
        if isinstance(item, dict) and _KIND.fullmatch(name):
            yield from _inner(item, path, answer)
        elif isinstance(item, dict):
            yield from _within(item, (*path, name), answer)
        elif (words := text(item)) is not None:
            yield Found(name, (*path, name), {}, words)


def _within(item: dict[str, Any], path: tuple[str, ...], answer: Answer) -> Iterator[Found]:
    yield from _inner(item, path, answer)
    version = next((words for key in _VERSIONS if (words := text(item.get(key)))), None)
    yield Found(path[-1], path, {"modelBaseVersion": version} if version else {}, "")


def _inner(item: dict[str, Any], path: tuple[str, ...], answer: Answer) -> Iterator[Found]:
    for key, inner in item.items():
        yield from _each(_plain(key), inner, path, answer)


def _plain(key: str) -> str:
    """A name without the prefix that a converter left before it."""
    return key.rpartition(":")[2]
