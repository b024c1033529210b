"""The sitemap: every page's full address, with the day its facts changed where facts have a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import quote
from xml.sax.saxutils import escape


def sitemap(base_url: str, pages: Iterable[str], days: Mapping[str, date]) -> bytes:
    """The content of ``/sitemap.xml``: ``pages`` are addresses from the root (``""`` is home), ``days`` those of facts.

    A page without a day gets none: the day of a build says nothing about a page. ``base_url`` ends in a slash.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address in sorted(pages):
        day = days.get(address)
        changed = f"<lastmod>{day.isoformat()[:10]}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(base_url + quote(address))}</loc>{changed}</url>")
    return ("\n".join([*lines, "</urlset>"]) + "\n").encode()
