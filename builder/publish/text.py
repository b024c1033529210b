"""The text policy: what may stand on a page of text and addresses that other people wrote."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

URL_LIMIT = 2000
MARKS_IN_A_ROW = 3


def clean(text: str, limit: int = 300) -> str:
    """Return remote text fit to show: NFC, no control, bidi or zero-width characters, few stacked marks, cut.

    >>> clean("Tree\\u202e\\x00s  of\\nParis")
    'Trees of Paris'
    """
    if text.isascii() and text.isprintable():  # most of what we show; nothing below would change in it but spaces
        return _cut(" ".join(text.split()), limit)
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char.isspace():
            char = " "
        elif category in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(char)
    return _cut(" ".join("".join(kept).split()), limit)


def _cut(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe_url(url: str | None) -> str | None:
    """Return an address that may become a link (http or https, no user, at most 2,000 characters), else None.

    A backslash is refused, because browsers read it as a slash and so see another host than we do.
    """
    if not url or len(url) > URL_LIMIT or any(not char.isprintable() or char in " \\" for char in url):
        return None
    try:
        parts = urlsplit(url)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or not port_ok:
        return None
    return url


def short_url(url: str, limit: int = 60) -> str:
    """Return an address as a person reads it: no scheme, no trailing slash, cut in the middle when long.

    >>> short_url("https://data.example.org/")
    'data.example.org'
    """
    bare = clean(url.split("://", 1)[-1], URL_LIMIT).rstrip("/")
    if bare.startswith("www."):
        bare = bare[4:]
    if len(bare) <= limit:
        return bare
    head = limit * 2 // 3
    return f"{bare[:head]}…{bare[-(limit - head - 1) :]}"
