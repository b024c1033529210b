"""The form "I know the link" as its issue's text says it: which city, which question, which address, and by whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from builder.errors import InputError
from builder.model.city import City
from builder.model.framework import Framework
from builder.store import words
from builder.store.web_address import wrong_with

LONGEST = 64 * 1024

# The headings are the labels of the form, word for word.
CITY, QUESTION, LINK, BY = "City", "What does the link answer?", "Link", "Name to print"
_HEADING = re.compile(r"^###[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_NOTHING = "_No response_"
_CITY_PAGE = re.compile(r"/cities/([a-z0-9-]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class LinkForm:
    """What was written into the form's fields; ``by`` is empty where nobody gave a name."""

    city: str
    indicator: str
    url: str
    by: str


def read_form(text: str) -> LinkForm:
    """Read an issue's text; raises ``InputError`` for a field that is missing or holds more than a line."""
    if len(text) > LONGEST:
        raise InputError(f"the form has more than {LONGEST // 1024} KB: it is none of ours")
    parts = _HEADING.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    fields: dict[str, str] = {}
    for heading, value in zip(parts[1::2], parts[2::2], strict=True):
        # What comes later may be part of somebody's free text.
        fields.setdefault(heading, value.strip().removeprefix(_NOTHING))
    for name in (CITY, QUESTION, LINK):
        if not fields.get(name):
            raise InputError(
                f"the form has no '{words.printable(name)}': a heading '### {name}' and below it the answer"
            )
    for name in (CITY, QUESTION, LINK, BY):
        if "\n" in fields.get(name, ""):
            raise InputError(f"the form's '{name}' has several lines: one is expected")
    return LinkForm(fields[CITY], fields[QUESTION], fields[LINK].strip("<>"), fields.get(BY, ""))


def city_of(form: LinkForm, cities: Mapping[str, City]) -> City:
    """The city that is meant: by its id, the address of its page, or its name with or without what follows a comma."""
    page = _CITY_PAGE.search(form.city)
    id = page[1] if page else form.city
    if id in cities:
        return cities[id]
    whole, first = form.city.casefold(), form.city.partition(",")[0].strip().casefold()
    for asked in (whole, first):
        found = [one for one in cities.values() if asked in {name.casefold() for name in one.names.values()}]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(one.id for one in found)
            raise InputError(f"the form's city {words.quoted(form.city)} may be any of {ids}: write the id of one")
    guess = words.did_you_mean(id, cities) or ": add its file first, or write its id"
    raise InputError(f"no city is called {words.quoted(form.city)}{guess}")


def indicator_of(form: LinkForm, framework: Framework) -> str:
    """The id of the question that is meant: given as it is, as the end of an address, or as the question itself."""
    ids = {one.id for one in framework.indicators}
    asked = form.indicator.rpartition("#")[2].strip().rstrip("/").rpartition("/")[2] or form.indicator
    if asked in ids:
        return asked
    plain = form.indicator.strip().casefold().rstrip("?")
    found = [one.id for one in framework.indicators if one.question.casefold().rstrip("?") == plain]
    if found:
        return found[0]
    guess = words.did_you_mean(asked, ids) or ": look it up on the city's page, where it ends the address of a question"
    raise InputError(f"there is no question {words.quoted(form.indicator)}{guess}")


def address_of(form: LinkForm) -> str:
    """The address, refused where it is none of the public web."""
    if wrong := wrong_with(form.url):
        raise InputError(f"the form's 'Link': {wrong}")
    return form.url
