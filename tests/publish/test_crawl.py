"""The whole committed site hangs together, wherever it is served, and the crawl that says so can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.built import build_site
from tests.crawl import crawl


@pytest.mark.parametrize("base", ["/", "/x/y/"])
def test_every_link_of_the_site_resolves(base: str, tmp_path: Path) -> None:
    """Links, fragments, images, scripts and styles of every page, 404 included; nothing from another host, no token."""
    assert crawl(build_site(tmp_path, f"https://city.example{base}"), base) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<a href="nowhere/">', "leads to nothing"),
        ('<a href="#gone">', "a place that is not on its page"),
        ('<a href="../">', "leads to nothing"),
        ('<a href="city:fr-paris">', "has a scheme no browser follows"),
        ('<a href="javascript:x()">', "has a scheme no browser follows"),
        ('<script src="https://example.org/a.js"></script>', "loaded from another host"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "loaded from another host"),
        ('<img src="a.png">', "is not there"),
        ('<i style="background:url(https://example.org/a.png)">', "loaded from another host"),
        ('<i id="a"></i><i id="a"></i>', "is there twice"),
        ("<h1>cpxtitle</h1>", "a token of the frame is left"),
    ],
)
def test_the_crawl_finds_faults(page: str, fault: str, tmp_path: Path) -> None:
    """Each kind of fault is seen and told with its page."""
    (tmp_path / "index.html").write_text(page)
    (found,) = crawl(tmp_path, "/x/y/")
    assert found.startswith("index.html: ")
    assert fault in found


def test_the_crawl_follows_what_is_there(tmp_path: Path) -> None:
    """Good links of every kind pass: relative, absolute below the base, fragments, other hosts' pages."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text('<h1 id="ü b">x</h1><a href="/x/y/">home</a>')
    (tmp_path / "index.html").write_text(
        '<a href="a/#%C3%BC%20b">a</a><a href="https://example.org/">b</a><a href="mailto:a@example.org">c</a>'
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">'
    )
    assert crawl(tmp_path, "/x/y/") == []


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    """A crawl that read nothing proves nothing."""
    assert crawl(tmp_path) == [f"{tmp_path}: no page at all"]
