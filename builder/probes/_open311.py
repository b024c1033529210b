"""Tells the answers of a GeoReport v2 service apart and brings its two forms, JSON and XML, into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree.ElementTree import Element

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json import mapping, not_what_was_asked, read_json, records, text
from builder.probes._text import clean
from builder.probes._xml import children, descendants, local_name, read_xml, words

Part = Literal["discovery", "services", "requests"]

# The field that only this part's items have, in either form.
_MARKS: dict[str, Part] = {
    "service_request_id": "requests",
    "requested_datetime": "requests",
    "service_code": "services",
}
_ROOTS: dict[str, Part] = {
    "discovery": "discovery", "services": "services", "service_requests": "requests", "requests": "requests",
}  # fmt: skip
_ITEMS: dict[Part, tuple[str, ...]] = {
    "discovery": ("endpoint",), "services": ("service",), "requests": ("request", "service_request"),
}  # fmt: skip
_WANTED = "answer of a GeoReport v2 service (Open311)"


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: which part of the service it is, its items with their plain fields, and where they stand in it."""

    part: Part
    items: tuple[dict[str, str], ...]
    pointer: str
    capture: int


def read_part(answer: Answer, capture: int, asked: Part | None) -> Found:
    """Read an answer, by what it is and not by what was asked; ``asked`` only names a list that is empty.

    Raises ``Unreadable``: ``api-error`` for the service's own error message, ``not-the-declared-format`` for anything
    that is no part of such a service, ``malformed`` for what is broken.
    """
    if answer.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return _from_xml(answer, capture)
    return _from_json(answer, capture, asked)


def _from_xml(answer: Answer, capture: int) -> Found:
    root = read_xml(answer, *_ROOTS, "errors", "error", what=f"an {_WANTED}")
    name = local_name(root)
    if name in ("errors", "error"):
        told = next((said for said in descendants(root, "description", "message") if words(said)), root)
        raise _told(answer, words(told))
    part = _ROOTS[name]
    holder = next(descendants(root, "endpoints"), root) if part == "discovery" else root
    found = [element for item in _ITEMS[part] for element in children(holder, item)]
    if not found and len(root) and holder is root:  # of this name, but with something else in it: another service's
        raise not_what_was_asked(answer, {}, _WANTED)
    path = f"/{name}/endpoints/endpoint" if part == "discovery" else f"/{name}/{_ITEMS[part][0]}"
    return Found(part, tuple(map(_fields, found)), path, capture)


def _fields(element: Element) -> dict[str, str]:
    """The plain fields of an item; one that says it is nil says nothing."""
    stated = ((local_name(field), words(field)) for field in element)
    fields = {name: said for name, said in stated if said}
    if formats := [said for field in descendants(element, "format") if (said := words(field))]:
        fields["formats"] = " ".join(formats)
    return fields


def _from_json(answer: Answer, capture: int, asked: Part | None) -> Found:
    data = read_json(answer)
    pointer = "$"
    if isinstance(data, dict):
        if isinstance(data.get("discovery"), dict):
            data, pointer = data["discovery"], "$.discovery"
        if "endpoints" in data:
            listed = data["endpoints"]
            # Some write the XML's form in JSON: a list inside `endpoint`.
            listed = mapping(listed).get("endpoint") or listed
            return Found("discovery", tuple(map(_plain, records(listed))), f"{pointer}.endpoints[*]", capture)
        held = next((key for key in _ROOTS if isinstance(data.get(key), list | dict)), None)
        if held is None:
            raise _error_or_other(answer, data)
        data, pointer, asked = data[held], f"$.{held}", _ROOTS[held]
    if isinstance(data, dict):  # the XML's form in JSON: a list inside the name of its items
        inside = next((name for name in _ITEMS[asked or "requests"] if name in data), "")
        data, pointer = records(data.get(inside)), f"{pointer}.{inside}"
    items = [_unwrapped(item) for item in records(data)]
    if not items:
        if asked is None or data:
            raise not_what_was_asked(answer, {}, _WANTED)
        return Found(asked, (), f"{pointer}[*]", capture)
    part = next((part for mark, part in _MARKS.items() if any(mark in item for item in items)), None)
    if part is None:
        raise _error_or_other(answer, items[0])
    return Found(part, tuple(map(_plain, items)), f"{pointer}[*]", capture)


def _unwrapped(item: dict[str, Any]) -> dict[str, Any]:
    """An item, taken out of an object that holds nothing but it, as FixMyStreet writes them."""
    name = next(iter(item), "") if len(item) == 1 else ""
    inner = item.get(name)
    return inner if isinstance(inner, dict) and any(name in names for names in _ITEMS.values()) else item


def _plain(item: dict[str, Any]) -> dict[str, str]:
    fields = {key: said for key, value in item.items() if (said := text(value))}
    if isinstance(item.get("formats"), list):
        fields["formats"] = " ".join(filter(None, map(text, item["formats"])))
    return fields


def _error_or_other(answer: Answer, data: dict[str, Any]) -> Unreadable:
    """GeoReport's errors are a list of code and description; others are told apart as everywhere."""
    held: Iterable[dict[str, Any]] = [data, *records(data.get("errors")), *records(data.get("error"))]
    for item in held:
        if "code" in item and text(item.get("description")):
            return _told(answer, text(item.get("description")))
    return not_what_was_asked(answer, data, _WANTED)


def _told(answer: Answer, said: str | None) -> Unreadable:
    message = f"The interface answered with an error: {clean(said or 'an error', 160)}"
    return Unreadable(Reason.API_ERROR, message, answer.capture)
