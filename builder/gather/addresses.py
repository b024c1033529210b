"""The address guard: which schemes, hosts, ports and IP addresses we are ready to dial, decided without a network."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, unquote, urljoin

from builder.errors import Unreadable
from builder.model.reasons import Reason

SCHEMES = frozenset({"http", "https"})
# The web's own ports, and those where portals, map servers and feeds are commonly found.
PORTS = frozenset({80, 443, 3000, 5000, 6080, 6443, 8000, 8001, 8008, 8080, 8081, 8088, 8090, 8443, 8888, 9443})

# `is_global` of Python 3.11 says yes to all of these, though nobody's public server lives there.
_REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "100.64.0.0/10",  # shared address space of carriers
        "168.63.129.16/32",  # a cloud's inner service
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # the former 6to4 relays
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")  # the only part of IPv6 that is given out to the public
_REFUSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them: an IPv4 address hides inside
        "2002::/16",  # 6to4: an IPv4 address hides inside
        "3fff::/20",  # documentation
    )
)
# What servers take; every address we were sent on to is kept and published, so it must not be endless.
LONGEST = 8000

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_USERINFO = re.compile(r"(//)[^/?#@\s]*(?:@[^/?#@\s]*)*@")
# A last label of digits or 0x-digits makes a host a number to many resolvers (2130706433, 127.1, 0x7f.1).
_NUMERIC = re.compile(r"(?:^|\.)(?:0[xX][0-9A-Fa-f]*|[0-9]+)\.?$")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
# Name and value wherever an address can hold them: in its query, its fragment, or after a `;` in its path.
_PAIR = re.compile(r"(?<=[?&#;])([^=?&#;]+)=([^?&#;]+)")
# What opens doors, as servers name it, in small letters and digits only: a signed download, a session, somebody's key.
_OPENS_DOORS = re.compile(
    r".*(?:token|secret|signature|credential|passw|apikey|accesskey|privatekey|authorization|sessionid).*"
    r"|(?:app|auth|client|licen[cs]e|subscription|user)?key|auth|hmac|jwt|pwd|sess(?:ion|id)?|sid|sign?|ticket"
)


def masked(url: str, given: str = "") -> str:
    """The address fit to be shown and kept: no user name, password or value that opens doors, nothing unprintable.

    What stands word for word in ``given`` too, the address that people wrote down, is no secret and stays.

    >>> masked("https://me:secret@data.example.org/x\\x1b")
    'https://***@data.example.org/x%1B'
    >>> masked("https://files.example.org/a?v=2&api_key=open&Signature=c0ffee", "https://data.example.org/?api_key=open")
    'https://files.example.org/a?v=2&api_key=open&Signature=***'
    """
    shown = url if url.isprintable() else "".join(s if s.isprintable() else quote(s, errors="replace") for s in url)
    shown = _USERINFO.sub(r"\1***@", shown)
    if url == given:  # every answer without a redirect
        return shown
    known = {pair.groups() for pair in _PAIR.finditer(given)}

    def mask(pair: re.Match[str]) -> str:
        name = re.sub(r"[^a-z0-9]", "", unquote(pair[1]).lower())
        return pair[0] if pair.groups() in known or not _OPENS_DOORS.fullmatch(name) else f"{pair[1]}=***"

    return _PAIR.sub(mask, shown)


def sent_on(url: str, location: str) -> str:
    """The address that a redirect from ``url`` names; raises ``Unreadable`` with ``protocol-error`` for none at all."""
    try:
        found = urljoin(url, location.strip())
    except ValueError:  # a broken IPv6 literal
        found = ""
    if not found or len(found) > LONGEST:
        raise Unreadable(Reason.PROTOCOL_ERROR, f"{masked(url)[:200]}: sends us on to what is no address")
    return found


def check_scheme(url: str) -> None:
    """Refuse everything that is not http or https, and addresses with blanks or control characters.

    Raises ``Unreadable`` with ``blocked-scheme`` or ``protocol-error``.
    """
    found = _SCHEME.match(url)
    if found is None or found[1].lower() not in SCHEMES:
        what = f"'{found[1].lower()}:'" if found else "no scheme"
        raise Unreadable(
            Reason.BLOCKED_SCHEME, f"{masked(url)[:200]}: {what} is not of the web; write http:// or https://"
        )
    if len(url) > LONGEST:
        raise Unreadable(Reason.PROTOCOL_ERROR, f"{masked(url)[:200]}: an address of more than {LONGEST:,} characters")
    if _UNPRINTABLE.search(url):
        raise Unreadable(
            Reason.PROTOCOL_ERROR, f"{masked(url)[:200]!r}: a blank, backslash or control character stands in it"
        )


def check_place(host: str, port: int, *, userinfo: bool, allow_private: bool) -> None:
    """Refuse credentials in the address, numbers posing as hosts, ports out of the ordinary and private literals.

    ``host`` comes without brackets. ``allow_private`` lifts the port list and the check of addresses, not the rest.
    Raises ``Unreadable`` with ``blocked-address`` or ``protocol-error``.
    """
    if userinfo:
        raise Unreadable(Reason.BLOCKED_ADDRESS, f"{host}: the address holds a user name or password; take it out")
    if not host:
        raise Unreadable(Reason.PROTOCOL_ERROR, "the address names no host")
    if not 0 < port < 65536:
        raise Unreadable(Reason.PROTOCOL_ERROR, f"{host}: there is no port {port}")
    literal = parsed_address(host)
    if literal is None and (_NUMERIC.search(host) or "%" in host or ":" in host):
        raise Unreadable(
            Reason.BLOCKED_ADDRESS, f"{host}: a number in place of a name; write the name, or four decimal numbers"
        )
    if allow_private:
        return
    if port not in PORTS:
        raise Unreadable(Reason.BLOCKED_ADDRESS, f"{host}: port {port} is not one we dial")
    if literal is not None and not allowed_address(host):
        raise Unreadable(Reason.BLOCKED_ADDRESS, f"{host}: not an address of the public internet")


def parsed_address(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that ``host`` literally is, in its canonical form; None for a name or anything odd."""
    if "%" in host:  # a zone id names one of this machine's own links
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


def allowed_address(text: str) -> bool:
    """Whether an IP address is one of the public internet; anything that cannot be parsed is not.

    >>> [allowed_address(ip) for ip in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "2002:a00:1::")]
    [True, False, False, False]
    """
    address = parsed_address(text)
    if address is None:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return (
                address.is_global
                and not address.is_multicast
                and address in _PUBLIC_V6
                and not any(address in network for network in _REFUSED_V6)
            )
        address = address.ipv4_mapped  # judged by the address that would really be dialled
    return address.is_global and not address.is_multicast and not any(address in network for network in _REFUSED_V4)
