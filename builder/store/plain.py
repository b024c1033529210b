"""The plain data of a person's file as its rules read it: they pass over what is not there or not of the right form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from builder.store.strict_yaml import Loc

Wrong = tuple[Loc, str]
Fields = dict[str, Any]


def text(fields: Fields, name: str) -> str | None:
    """Return a field's text, None where there is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else None


def items(fields: Fields, group: str) -> Iterator[tuple[int, Fields]]:
    """Walk the groups of fields in a list, passing over whatever is not one."""
    listed = fields.get(group)
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield number, one
