"""From pages to HTML: templates with autoescape on, joined with the frames of the theme."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import builder.publish.pages as rooms
from builder.publish.frame import Frame
from builder.publish.page import Page, Site

Maker = Callable[[Site], Iterator[Page]]

TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """The templates' environment: every value escaped, a name that does not exist an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["capfirst"] = _capfirst
    return made


def pages(site: Site, *, besides: Maker | None = None) -> Iterator[Page]:
    """Every page that the rooms of ``builder/publish/pages`` make, rooms in the order of their names.

    The room whose maker is ``besides`` is left out.
    """
    for make in _makers():
        if make is not besides:
            yield from make(site)


def render(page: Page, frames: Mapping[str, Frame], templates: Environment) -> str:
    """One page as the HTML of its file."""
    body = templates.get_template(page.template).render(root=page.root or "", **page.context)
    return frames[page.frame].join(
        slug=page.slug, title=page.title, description=page.description, head=Markup(""), body=Markup(body)
    )


def _makers() -> list[Maker]:
    found = []
    for info in sorted(pkgutil.iter_modules(rooms.__path__), key=lambda info: info.name):
        make = getattr(import_module(f"{rooms.__name__}.{info.name}"), "pages", None)
        if make is not None:
            found.append(make)
    if not found:
        raise RuntimeError("builder/publish/pages holds no room that makes pages: the site would be empty")
    return found


def _capfirst(text: str) -> str:
    return text[:1].upper() + text[1:]
