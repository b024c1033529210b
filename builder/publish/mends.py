"""Mends of the theme's markup: what no page of ours can use is cut out once a page, or the build says what changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.errors import InputError


@dataclass(frozen=True, slots=True)
class Mend:
    """One place of the theme that is wrong for us: what it is, why it goes, its pattern (found exactly once a page)."""

    what: str
    why: str
    pattern: re.Pattern[str]
    instead: str = ""


# All stand in the theme's base.html. A pattern is the whole element, so a changed theme cannot half match.
MENDS = (
    Mend(
        "the hidden boxes of the drawer and of the theme's search",
        "two form fields without a name, for the theme's script and a finger only; the tabs are for everybody",
        re.compile(
            r'\s*<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">'
            r'\s*<input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">'
            r'\s*<label class="md-overlay" for="__drawer"></label>'
        ),
    ),
    Mend(
        "the theme's skip link",
        "it leads to the first heading where there is one; ours is on every page and leads to the content",
        re.compile(r'\s*<div data-md-component="skip">\s*(?:<a href="[^"]*" class="md-skip">[^<]*</a>)?\s*</div>'),
    ),
    Mend(
        "the place for announcements",
        "an empty box",
        re.compile(r'\s*<div data-md-component="announce">\s*</div>'),
    ),
    Mend(
        "the place for messages of the theme's script",
        "an empty box",
        re.compile(
            r'\s*<div class="md-dialog" data-md-component="dialog">'
            r'\s*<div class="md-dialog__inner md-typeset"></div>\s*</div>'
        ),
    ),
)


def mend(text: str, page: str) -> str:
    """One rendered page without what the mends cut out.

    Raises InputError, naming the mend and the page, where one does not match exactly once: then the theme has changed.
    """
    for one in MENDS:
        text, times = one.pattern.subn(one.instead, text)
        if times != 1:
            raise InputError(
                f"builder/publish/mends.py: {one.what}: found {times} times in {page}, not once; "
                "the theme has changed: look at its base.html and mend the mend, or drop it"
            )
    return text
