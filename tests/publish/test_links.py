"""Prose names cities, areas and questions; the build turns the names into links or says which is unknown."""

from __future__ import annotations

import pytest

from builder.errors import InputError
from builder.publish.links import resolve

KNOWN = {"city:fr-paris": "cities/fr-paris/", "indicator:nature.trees": "indicators/nature.trees/"}


@pytest.mark.parametrize(
    ("page", "way"), [("index.html", ""), ("method/index.html", "../"), ("method/honesty/index.html", "../../")]
)
def test_a_name_becomes_a_relative_link(page: str, way: str) -> None:
    """The link is relative from whatever depth the page has."""
    text = resolve('<a href="city:fr-paris">Paris</a>', page, KNOWN)
    assert text == f'<a href="{way}cities/fr-paris/">Paris</a>'


def test_a_claim_can_be_linked() -> None:
    """A fragment stays, so prose can point at one answer of one city."""
    text = resolve('<a href="city:fr-paris#nature.trees" class="x">trees</a>', "index.html", KNOWN)
    assert text == '<a href="cities/fr-paris/#nature.trees" class="x">trees</a>'


def test_an_unknown_name_is_refused_with_page_and_target() -> None:
    """The writer hears which page, which name, and what was probably meant."""
    with pytest.raises(InputError, match="the page 'method' links to 'city:fr-pari': did you mean 'city:fr-paris'"):
        resolve('<a href="city:fr-pari">Paris</a>', "method/index.html", KNOWN)


def test_another_set_of_cities_keeps_the_words() -> None:
    """Where other cities are shown than the prose was written for, the words stay and the link goes."""
    assert resolve('<a href="city:es-vigo">Vigo</a>!', "index.html", KNOWN, refuse=False) == "Vigo!"


def test_a_name_elsewhere_is_refused() -> None:
    """A named target in a picture or an odd tag would be a dead link, so it is not let through."""
    with pytest.raises(InputError, match="'city:fr-paris' outside a plain link"):
        resolve('<img src="city:fr-paris">', "index.html", KNOWN)


def test_other_links_are_left_alone() -> None:
    """Ordinary links, also to hosts, are none of this pass's business."""
    text = '<a href="https://example.org/city:x">a</a> <a href="../words/#city">b</a>'
    assert resolve(text, "index.html", KNOWN) == text
