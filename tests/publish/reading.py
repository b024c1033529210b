"""How the tests read a page: rendered in a plain frame, parsed strictly, its words, ids and links taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser

from builder.model.scorecard import Scorecard
from builder.publish import api
from builder.publish.frame import Frame
from builder.publish.listed import Listing
from builder.publish.page import Site
from builder.publish.pages import city
from builder.publish.render import environment, pages, render
from tests.publish import cards

VOID = frozenset({"br", "img", "input", "link", "meta"})
MANY = frozenset({"city", "area", "indicator", "framework", "probe"})
NAMES = (
    "area", "areas", "attributions", "cities", "city", "framework", "home", "indicator", "probe", "probes", "reasons",
    "standards", "topics",
)  # fmt: skip


def frames() -> dict[str, Frame]:
    """Frames as plain as can be, one of each name that pages ask for."""
    before = ('<!doctype html><html lang="en"><head><meta name="description" content="', "description", '"><title>')
    middle = ("title", "</title>", "head", "</head><body><main>", "body", "</main></body></html>")
    return {name: Frame(name, "x/cpxslug/" if name in MANY else "", (*before, *middle)) for name in NAMES}


# Templates are compiled once for all tests; rendering changes nothing in them.
templates = cache(environment)


def rendered(site: Site) -> dict[str, str]:
    """Every page of a site by its path."""
    return {page.path: render(page, frames(), templates()) for page in pages(site)}


def twins(site: Site) -> dict[str, bytes]:
    """Every JSON twin of a site by its path."""
    return {**dict(api.city_twins(site)), **dict(api.shared_twins(site))}


def city_page(card: Scorecard, listed: Mapping[str, Listing] | None = None) -> Sheet:
    """The page of a scorecard's city, read; ``listed`` is what the registries still say, by source."""
    (page,) = city.pages(replace(cards.site(card), listed={card.city.id: listed or {}}))
    return read(render(page, frames(), templates()))


@dataclass
class Element:
    """One element: its name, attributes and all words inside it."""

    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str = "", cls: str = "") -> list[Element]:
        """Every element inside it with that name and class, in order."""
        return [
            one
            for one in self.inside
            if (not tag or one.tag == tag) and (not cls or cls in one.attributes.get("class", "").split())
        ]

    def id(self, id: str) -> Element:
        """The one element with this id."""
        (found,) = [one for one in self.inside if one.attributes.get("id") == id]
        return found


Sheet = Element


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sheet = Element("document", {})
        self.open = [self.sheet]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        for parent in self.open:
            parent.inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        last = self.open.pop()
        assert last.tag == tag, f"</{tag}> closes <{last.tag}> {last.attributes}"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words.append(data)


def read(html: str) -> Sheet:
    """Parse a page whose every element must be closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[one.tag for one in reader.open[1:]]}"
    return reader.sheet
