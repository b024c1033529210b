"""Web addresses as people write them in files: http or https, no password in them, and not inside a private network."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from builder.store import words

LONGEST = 2000
_NOT_IN_ADDRESSES = re.compile(r"[\s\\<>\"^`|]")
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def wrong_with(url: str, *, allow_private: bool = False) -> str | None:
    """Say what is wrong with an address as it is written, or None; where it leads is the web client's question."""
    wrong = _wrong(url, allow_private)
    return f"found {words.quoted(url)}, {wrong}" if wrong else None


def _wrong(url: str, allow_private: bool) -> str | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "which is not a web address: copy it again from the browser"
    if parts.scheme not in ("http", "https") or not host or port == 0:
        return "expected a web address beginning with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "which holds a name or password: take it out (an own key is named by 'key_env')"
    if _NOT_IN_ADDRESSES.search(url) or len(url) > LONGEST:
        return f"with spaces, backslashes or quotes, or over {LONGEST} characters: copy it again"
    if not allow_private and _is_private(host):
        return "an address inside a private network, which we never dial: name the public one"
    return None


def _is_private(host: str) -> bool:
    """Say whether a host is written as a number or a name that cannot be public."""
    try:
        if ":" in host:
            return not ipaddress.IPv6Address(host.partition("%")[0]).is_global
        if _NUMERIC_HOST.fullmatch(host):
            return not ipaddress.IPv4Address(host).is_global
    except ValueError:
        return True  # 2130706433, 127.1 and 0x7f.1 are ways to hide an address
    return "." not in host.strip(".") or host.rstrip(".").endswith(_PRIVATE_ENDINGS)
