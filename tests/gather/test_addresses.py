"""The address guard, as a table: both edges of every refused range, and the ways an address can lie."""

from __future__ import annotations

import pytest

from builder.errors import Unreadable
from builder.gather.addresses import allowed_address, check_place, check_scheme, masked
from builder.model.reasons import Reason

# last address before, first inside, last inside, first after; a neighbour that another range refuses is marked.
EDGES = [
    ("0.0.0.0/8", None, "0.0.0.0", "0.255.255.255", "1.0.0.0"),
    ("10.0.0.0/8", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
    ("100.64.0.0/10", "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
    ("127.0.0.0/8", "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
    ("168.63.129.16", "168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"),
    ("169.254.0.0/16", "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
    ("172.16.0.0/12", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
    ("192.0.0.0/24", "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
    ("192.0.2.0/24", "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
    ("192.88.99.0/24", "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"),
    ("192.168.0.0/16", "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
    ("198.18.0.0/15", "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"),
    ("198.51.100.0/24", "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"),
    ("203.0.113.0/24", "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"),
    ("224.0.0.0/3", "223.255.255.255", "224.0.0.0", "255.255.255.255", None),
    ("below 2000::/3", None, "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"),
    ("2001::/23", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::", "2001:1ff:ffff::", "2001:200::"),
    ("2001:db8::/32", "2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::", "2001:db9::"),
    ("2002::/16", "2001:ffff:ffff::", "2002::", "2002:ffff:ffff::", "2003::"),
    ("3fff::/20", "3ffe:ffff:ffff::", "3fff::", "3fff:fff:ffff::", "3fff:1000::"),
    ("above 2000::/3", "3fff:ffff:ffff::", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None),
]


@pytest.mark.parametrize(("name", "before", "first", "last", "after"), EDGES, ids=[edge[0] for edge in EDGES])
def test_edges(name: str, before: str | None, first: str, last: str, after: str | None) -> None:
    """Each range is refused from its first address to its last, and its neighbours on both sides are allowed."""
    assert not allowed_address(first) and not allowed_address(last)
    assert all(allowed_address(neighbour) for neighbour in (before, after) if neighbour)


@pytest.mark.parametrize("address", [
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "fec0::1", "fe80::1",
    "fe80::1%eth0", "ff02::1", "5f00::1", "2001:0:53aa:64c::1", "localhost", "", "127.1", "0x7f.1", "1.2.3", "01.2.3.4",
])  # fmt: skip
def test_hidden_inner_addresses(address: str) -> None:
    """Addresses that carry a private one inside, or that cannot be parsed at all, are refused."""
    assert not allowed_address(address)


def test_mapped_address_is_judged_by_the_inner_one() -> None:
    """A public IPv4 address stays public when it is written as IPv6."""
    assert allowed_address("::ffff:93.184.216.34")


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a/", "//a/b", "a.org",
])  # fmt: skip
def test_only_the_web(url: str) -> None:
    """Every scheme but http and https is refused, also no scheme at all."""
    with pytest.raises(Unreadable) as caught:
        check_scheme(url)
    assert caught.value.reason is Reason.BLOCKED_SCHEME


@pytest.mark.parametrize("host", [
    "2130706433", "0x7f.1", "0x7f.0x0.0x0.0x1", "127.1", "0177.0.0.1", "1.2.3.4.", "fe80::1%eth0",
])  # fmt: skip
def test_numbers_posing_as_hosts(host: str) -> None:
    """A host that some resolvers read as a number is refused, even where private addresses are allowed."""
    with pytest.raises(Unreadable) as caught:
        check_place(host, 80, userinfo=False, allow_private=True)
    assert caught.value.reason is Reason.BLOCKED_ADDRESS


@pytest.mark.parametrize(("host", "port", "userinfo", "reason"), [
    ("data.example.org", 22, False, Reason.BLOCKED_ADDRESS),
    ("data.example.org", 99999, False, Reason.PROTOCOL_ERROR),
    ("data.example.org", 443, True, Reason.BLOCKED_ADDRESS),
    ("127.0.0.1", 80, False, Reason.BLOCKED_ADDRESS),
    ("::1", 80, False, Reason.BLOCKED_ADDRESS),
    ("", 80, False, Reason.PROTOCOL_ERROR),
])  # fmt: skip
def test_refused_places(host: str, port: int, userinfo: bool, reason: Reason) -> None:
    """Odd ports, credentials and private literals are refused before any name is looked up."""
    with pytest.raises(Unreadable) as caught:
        check_place(host, port, userinfo=userinfo, allow_private=False)
    assert caught.value.reason is reason


def test_allow_private_lifts_ports_and_addresses_only() -> None:
    """With private addresses allowed, any port of this machine may be dialled; credentials stay refused."""
    check_place("127.0.0.1", 40123, userinfo=False, allow_private=True)
    check_place("::1", 40123, userinfo=False, allow_private=True)
    with pytest.raises(Unreadable):
        check_place("127.0.0.1", 80, userinfo=True, allow_private=True)


def test_passwords_are_masked() -> None:
    """No user name or password survives in a shown address, whatever signs it holds."""
    assert masked("http://a:b@c@host/x?y=z@w") == "http://***@host/x?y=z@w"
    assert masked("https://data.example.org/@handle") == "https://data.example.org/@handle"


@pytest.mark.parametrize("pair", [
    "token=", "access_token=", "X-Amz-Signature=", "X-Amz-Security-Token=", "sig=", "api-key=", "apikey=", "Key=",
    "%74oken=", "jsessionid=", "SID=", "password=", "X-Goog-Credential=", "subscription-key=",
])  # fmt: skip
def test_what_opens_doors_is_masked(pair: str) -> None:
    """A value that lets somebody in is not shown, be it in the query, the fragment or the path; its name stays."""
    for before in ("?", "?a=1&", "#", "/a;", "?next=https://other.example/?"):
        url = f"https://host.example/{before}{pair}s3cret"
        assert masked(url) == f"https://host.example/{before}{pair}***", "it was not there when people wrote it down"
        assert masked(url, url) == url, "it stands in a public file already, and masked it would no longer work"


@pytest.mark.parametrize("url", [
    "https://host.example/?keyword=tokyo&design=1", "https://host.example/token/a.zip", "https://host.example/?side=left",
    "https://host.example/?monkey=1&token=", "https://token.example/?q=secret",
])  # fmt: skip
def test_what_opens_no_doors_is_not_masked(url: str) -> None:
    """An address is evidence: nothing is taken out of it without need."""
    assert masked(url) == url


def test_no_sign_of_an_address_commands_a_terminal() -> None:
    """Escapes, marks that turn the direction and halves of signs are shown as numbers; letters stay letters."""
    assert masked("http://a/\x1b[31m\u202e\udcc3é") == "http://a/%1B[31m%E2%80%AE%3Fé"
