"""The credits: every registry that sources were found in and every recorded copy that facts were read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from builder.publish.listed import SITE
from builder.publish.page import Page, Site
from builder.publish.text import clean, safe_url, short_url


@dataclass(frozen=True, slots=True)
class Credit:
    """One registry, its licence, and how many sources (or official sites) stand there."""

    name: str
    link: str | None
    licence: str
    count: int


def pages(site: Site) -> Iterator[Page]:
    """The credits alone."""
    yield Page(
        path="attributions/",
        frame="attributions",
        title="Attributions",
        description="The public registries, recorded copies and software that Cityproof rests on.",
        template="attributions.html",
        context={"registries": registries(site), "copies": copies(site)},
    )


def registries(site: Site) -> list[Credit]:
    """Every registry that a source was found in or an official site is listed in, most first.

    A licence nobody wrote down is said to be unknown.
    """
    found = Counter(
        source.found.registry for card in site.cards.values() for source in card.city.sources if source.found
    )
    found.update(told[SITE].registry for told in site.listed.values() if SITE in told)
    known = {registry.name: registry for registry in site.registries}
    return [
        Credit(
            clean(name),
            safe_url(known[name].link) if name in known else None,
            known[name].licence if name in known else "not known to us yet",
            count,
        )
        for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]


def copies(site: Site) -> list[tuple[str | None, str, int]]:
    """Where recorded copies were read from: address of the collection, how it is shown, how many captures."""
    captures = {
        capture.copy_of.link
        for card in site.cards.values()
        for looked in card.sources
        if looked.good
        for capture in looked.good.captures
        if capture.copy_of
    }
    homes = Counter(_home(link) for link in captures)
    return [
        (safe_url(home), short_url(home), n) for home, n in sorted(homes.items(), key=lambda item: (-item[1], item[0]))
    ]


def _home(link: str) -> str:
    if safe_url(link) is None:
        return link  # nobody's home: it is shown as it stands and never linked
    parts = urlsplit(link)
    first = "/".join(parts.path.split("/")[:3])  # a code host's address begins with owner and repository
    host = "github.com" if parts.netloc == "raw.githubusercontent.com" else parts.netloc
    return f"{parts.scheme}://{host}{first}"
