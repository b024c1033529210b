"""Which address is asked for the address a person wrote."""

from __future__ import annotations

import pytest

from builder.errors import Unreadable
from builder.probes._address import api_base, host, is_unnamed_host, with_standard_path

CALLS = ["/api/3/action"]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://a.example", "https://a.example/data.json"),
        ("https://a.example/open/", "https://a.example/open/data.json"),
        ("https://a.example/open", "https://a.example/open"),
        ("https://a.example/feed.json?x=1#y", "https://a.example/feed.json?x=1"),
    ],
)
def test_the_standard_path_is_added_only_where_none_is_written(given: str, asked: str) -> None:
    """An address is read as given; only an empty path or a final slash asks for the kind's standard one."""
    assert with_standard_path(given, "data.json") == asked


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://a.example/", "https://a.example"),
        ("https://a.example/sub/dir/", "https://a.example/sub/dir"),
        ("https://a.example/sub/api/3/action/package_show?id=x", "https://a.example/sub"),
        ("https://a.example//api/3/action/package_search?rows=2", "https://a.example/"),
    ],
)
def test_one_call_is_cut_back_to_its_base(given: str, base: str) -> None:
    """Interfaces take the portal's base with any prefix; a call is cut off, a double slash kept."""
    assert api_base(given, CALLS) == base


def test_only_names_can_be_looked_up() -> None:
    """Bare addresses and this machine are no names that a directory of portals could know."""
    assert (
        is_unnamed_host("http://127.0.0.1:8080/x")
        and is_unnamed_host("http://[::1]/")
        and is_unnamed_host("http://localhost")
    )
    assert not is_unnamed_host("https://data.a.example") and host("https://Data.A.example.:443/") == "data.a.example"


@pytest.mark.parametrize("given", ["", "data.json", "http://[::1", "https://a.example:port/", "https:///x"])
def test_what_is_no_address_is_said_plainly(given: str) -> None:
    """An address that names no host is refused in one line before anything is asked."""
    with pytest.raises(Unreadable, match="is not a web address") as caught:
        api_base(given, CALLS)
    assert caught.value.reason == "blocked-address"
