"""Turns the address a person wrote into the one to ask: read as given, cut back or completed by plain rules only."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit, urlunsplit

from builder.errors import Unreadable
from builder.model.reasons import Reason


def split(url: str) -> SplitResult:
    """Split an address; one that cannot be read is ``blocked-address``."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # a port that is no number only shows when asked for
    except ValueError as error:
        raise Unreadable(Reason.BLOCKED_ADDRESS, f"{url[:200]!r} is not a web address: {error}") from None
    if not parts.hostname:
        raise Unreadable(Reason.BLOCKED_ADDRESS, f"{url[:200]!r} is not a web address: it names no host")
    return parts


def with_standard_path(url: str, name: str) -> str:
    """Add the kind's standard path when the address's own path is empty or ends in ``/``; else leave it as given.

    >>> with_standard_path("https://city.example", "data.json")
    'https://city.example/data.json'
    >>> with_standard_path("https://city.example/open/?lang=en", "data.json")
    'https://city.example/open/data.json?lang=en'
    >>> with_standard_path("https://city.example/feed/dcat-us/1.1.json", "data.json")
    'https://city.example/feed/dcat-us/1.1.json'
    """
    parts = split(url)
    path = parts.path or "/"
    if path.endswith("/"):
        path += name.lstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def api_base(url: str, calls: Sequence[str]) -> str:
    """Cut the address of one call, or of a portal's page, back to the portal's base, without a slash at its end.

    ``calls`` are the path beginnings that belong to the interface; the first found is cut with all that follows it.

    >>> api_base("https://city.example/data/", ["/api/3/action"])
    'https://city.example/data'
    >>> api_base("https://city.example/data/api/3/action/package_search?rows=2", ["/api/3/action"])
    'https://city.example/data'
    """
    parts = split(url)
    path = parts.path
    for call in calls:
        before, found, _ = path.partition(call)
        if found:
            # Kept to the letter: some portals really answer at `//api/3`.
            return urlunsplit((parts.scheme, parts.netloc, before, "", ""))
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))


def host(url: str) -> str:
    """The host name in lower case, without its port."""
    return (split(url).hostname or "").rstrip(".")


def is_unnamed_host(url: str) -> bool:
    """Whether the host is a bare network address or this machine itself, so that no directory can know it by name."""
    name = host(url)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
