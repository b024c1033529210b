"""Refusals: what pydantic found wrong in a person's file, in plain words, at its line, with what to do about it."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

import orjson
from pydantic import BaseModel, ValidationError

from builder.errors import Fault
from builder.model import city
from builder.store import words
from builder.store.strict_yaml import Document, Loc

T = TypeVar("T", bound=BaseModel)

# What a pattern means, for those a person will meet; the rest are shown as they are.
FORMS = {
    city.CITY_ID: "'<country>-<name>' in lower-case letters a-z, digits and dashes, such as 'fr-paris'",
    r"^[A-Z]{2}$": "a country's two capital letters (ISO 3166-1), such as 'FR'",
    r"^[A-Z]{2}-[A-Z0-9]{1,3}$": "a subdivision's code (ISO 3166-2), such as 'US-NY'",
    r"^\d{4}-\d{2}-\d{2}$": "a day as year-month-day, such as '2026-11-21'",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language's code (BCP 47), such as 'en' or 'pt-BR'",
    r"^[a-z0-9-]+\.[a-z0-9-]+$": "an indicator's '<area>.<name>', such as 'transit.timetable'",
    r"^[a-z0-9][a-z0-9-]{0,60}$": "at most 61 lower-case letters a-z, digits and dashes, such as 'open-data-portal'",
    r"^[A-Z][A-Z0-9_]*_(API|APP)_KEY$": "the NAME of a variable that ends in _API_KEY, never the key itself",
    r"^(passed|failed)$": "'passed' or 'failed'",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters a-z and digits joined by dashes, such as 'open-data'",
    r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$": "an indicator's '<area>.<name>', such as 'transit.timetable'",
    r"^\d+\.\d+(\.\d+)?$": "a version in quotes, such as '0.1'",
}
_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list, each item beginning with '- '",
    "list_type": "a list, each item beginning with '- '",
    "dict_type": "a group of 'name: value' fields",
    "model_type": "a group of 'name: value' fields",
    "model_attributes_type": "a group of 'name: value' fields",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
# Whatever stands in these fields may be a secret pasted by mistake: it is never shown.
_NEVER_SHOWN = frozenset({"key_env"})


def validated(document: Document, model: type[T]) -> T | list[Fault]:
    """Return the document as a ``model``, or every fault that keeps it from being one, in file order."""
    if not isinstance(document.data, dict):
        return [document.fault((), f"found {words.quoted(document.data)}, expected 'name: value' fields")]
    try:
        # By way of JSON, whose strict mode takes lists for tuples yet never text for numbers.
        return model.model_validate_json(orjson.dumps(document.data), strict=True)
    except ValidationError as error:
        faults: dict[tuple[Loc, bool], Fault] = {}
        for one in error.errors(include_url=False):
            loc = tuple(one["loc"])
            at_key = one["type"] == "extra_forbidden" or loc[-1:] == ("[key]",)
            # A union complains once for every member; a person made one mistake.
            place = (loc if one["type"] == "missing" else document.real(loc), at_key)
            fault = document.fault(_shown(document, loc, one["type"]), _words(one, model), key=at_key)
            faults.setdefault(place, fault)
        return sorted(faults.values())


def _shown(document: Document, loc: Loc, kind: str) -> Loc:
    """Return the location without the names of union members, which no person wrote."""
    if kind == "missing":
        return (*document.real(loc[:-1]), loc[-1])
    return document.real(loc) + (("[key]",) if loc[-1:] == ("[key]",) else ())


def _words(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Say what was found, what is expected and what to do."""
    kind, loc, context = error["type"], tuple(error["loc"]), error.get("ctx", {})
    hidden = any(part in _NEVER_SHOWN for part in loc)
    found = "what stands here" if hidden else words.quoted(error["input"])
    if kind == "missing":
        return f"'{loc[-1]}' is missing here: add it"
    if kind == "extra_forbidden":
        known = sorted(fields_at(model, loc[:-1]))
        guess = words.did_you_mean(str(loc[-1]), known)
        return f"there is no field '{loc[-1]}' here{guess or '; the fields are ' + ', '.join(known)}"
    if kind == "string_pattern_mismatch":
        form = FORMS.get(context["pattern"], f"text of the form {context['pattern']}")
        return f"found {found}, expected {form}"
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = str(context.get("expected") or context.get("expected_tags"))
        choices = [choice.strip(" '") for choice in expected.replace(" or ", ",").split(",")]
        given = context.get("tag", error["input"])
        return f"found {words.quoted(given)}, expected {' or '.join(choices)}{words.did_you_mean(str(given), choices)}"
    if kind == "union_tag_not_found":
        return f"{context['discriminator']} is missing here: add it"
    if kind in _TYPES:
        return f"found {found}, expected {_TYPES[kind]}{_how(kind, error['input'])}"
    if kind in _LIMITS:
        name, relation = _LIMITS[kind]
        return f"found {found}, expected {relation} {context[name]:g}"
    if kind in ("too_short", "too_long"):
        relation, limit = ("at least", "min_length") if kind == "too_short" else ("at most", "max_length")
        return f"found {context['actual_length']} here, expected {relation} {context[limit]}"
    if kind == "string_too_long":
        return f"found {len(error['input'])} characters, expected at most {context['max_length']}: shorten it"
    if kind == "value_error":
        return str(context["error"])
    return f"found {found}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _how(kind: str, found: object) -> str:
    """Say how to write the type that was expected, where people often do not know."""
    if kind == "string_type" and found is None:
        return ": write it, or take the line out"
    if kind == "string_type" and isinstance(found, bool | int | float):
        return ": put it in quotes"
    if kind in ("int_type", "float_type") and isinstance(found, str):
        return ": write plain digits without quotes, spaces, separators or leading zeros"
    return ""


def fields_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Name the fields that may stand at a location of a model's document; empty when it holds no model."""
    reached: list[Any] = [model]
    for part in loc:
        reached = [step for annotation in reached for step in _step(annotation, part)]
    return {name for one in reached if _is_model(one) for name in one.model_fields}


def _step(annotation: Any, part: str | int) -> list[Any]:
    """Return what one step of a location may lead to, unions and optional types opened."""
    if _is_model(annotation):
        field = annotation.model_fields.get(str(part))
        if field is not None:
            return _opened(field.annotation)
        # The tag of a union's member: the step names the member itself.
        return [annotation] if str(part) in _tags(annotation) else []
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return _opened(arguments[1])
    if origin in (tuple, list):
        return [one for argument in arguments if argument is not Ellipsis for one in _opened(argument)]
    return []


def _opened(annotation: Any) -> list[Any]:
    if get_origin(annotation) is typing.Annotated:
        return _opened(get_args(annotation)[0])
    if get_origin(annotation) is typing.Union or type(annotation).__name__ == "UnionType":
        return [one for argument in get_args(annotation) for one in _opened(argument)]
    return [annotation]


def _tags(model: type[BaseModel]) -> set[str]:
    return {str(tag) for field in model.model_fields.values() for tag in get_args(field.annotation)}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
