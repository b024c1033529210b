"""Links from prose to generated pages: `city:fr-paris` becomes a relative link, an unknown target is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from builder.errors import InputError
from builder.model.framework import Framework

_LINK = re.compile(r'<a href="((?:city|indicator|area|framework):[^"#]*)(#[^"]*)?"([^>]*)>(.*?)</a>', re.DOTALL)
_LEFT = re.compile(r'(?:href|src)="((?:city|indicator|area|framework):[^"]*)"')


def targets(cities: Iterable[str], framework: Framework) -> dict[str, str]:
    """What prose may link to: ``{"city:fr-paris": "cities/fr-paris/", ...}``, addresses from the site's root."""
    found = {f"city:{city}": f"cities/{city}/" for city in cities}
    found |= {f"area:{area.id}": f"areas/{area.id}/" for area in framework.areas}
    found |= {f"indicator:{one.id}": f"indicators/{one.id}/" for one in framework.indicators}
    found[f"framework:{framework.id}"] = f"frameworks/{framework.id}/"
    return found


def resolve(text: str, page: str, known: Mapping[str, str], *, refuse: bool = True) -> str:
    """One prose page with its named links made relative; ``page`` is its file, such as ``method/index.html``.

    An unknown target raises InputError with page and target. Where ``refuse`` is false (another set of cities
    is shown than the one the prose was written for) its words stay and the link goes.
    """
    root = "../" * page.count("/")

    def one(match: re.Match[str]) -> str:
        name, fragment, rest, words = match[1], match[2] or "", match[3], match[4]
        if name in known:
            return f'<a href="{root}{known[name]}{fragment}"{rest}>{words}</a>'
        if not refuse:
            return words
        raise InputError(_unknown(name, page, known))

    text = _LINK.sub(one, text)
    left = _LEFT.search(text)
    if left is not None:
        raise InputError(f"site_src/pages: {page} names {left[1]!r} outside a plain link: write [words]({left[1]})")
    return text


def _unknown(name: str, page: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "there is no such page"
    source = page.removesuffix("index.html").removesuffix("/") or "index"
    return f"site_src/pages: the page {source!r} links to {name!r}: {hint}"
