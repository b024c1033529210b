"""Markdown of our own docstrings as HTML: no raw HTML, no pictures, no links but those of the web."""

from __future__ import annotations

import re
from html import unescape

from markdown_it import MarkdownIt
from markupsafe import Markup

_HEADING = re.compile(r"<h2>(.*?)</h2>")
_TAGS = re.compile(r"<[^>]*>")


def render(text: str) -> Markup:
    """A docstring's Markdown as HTML: every heading gets an id from its words, every table and piece of code a place
    that scrolls by itself and that the keyboard reaches.

    >>> str(render("## What it asks"))
    '<h2 id="what-it-asks">What it asks</h2>\\n'
    """
    # `js-default` escapes HTML and refuses the addresses of scripts; pictures would be asked of other hosts.
    html = str(MarkdownIt("js-default").disable("image").render(text))
    html = _HEADING.sub(lambda found: f'<h2 id="{slug(unescape(_TAGS.sub("", found[1])))}">{found[1]}</h2>', html)
    html = html.replace("<table>", '<div class="cp-table" role="region" aria-label="Table" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>").replace("<pre><code", '<pre><code tabindex="0"')
    return Markup(html.replace('<a href="', '<a rel="nofollow noopener noreferrer" href="'))


def slug(words: str) -> str:
    """The id of a heading: lower-case letters and digits, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
