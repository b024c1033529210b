"""Hostile words and addresses in every place that somebody else can fill: shown or dropped, never obeyed."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from builder.publish.links import targets
from builder.publish.search import names
from tests.publish import cards
from tests.publish.reading import Element, read, rendered, twins

Shape = list[tuple[str, ...]]

ATTACKS = {
    "markup": cards.HOSTILE,
    "attribute": "\" onfocus=alert(1) autofocus x=\"' onmouseover='alert(2)",
    "template": "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}{# ",
    "token": "cpxbody cpxslug cpxtitle cpxdescription cpxhead",
    "bidi": "\u202e\u202d\u2066\u2067gpj.exe",
    "control": "\x00\x08\x1b[31m\x7f\u2028\u2029",
    "comment": "<!-- --!> <![CDATA[ ]]> <?php ?> </title></style></textarea><plaintext>",
    "entity": "&#60;script&#62; &lt;img&gt; &quot;",
    "long": "x" * 5000,
    "words": " word" * 1000,
}


def pages_of(dirt: str = "", link: str = "") -> dict[str, str]:
    """Every page of a site whose every foreign word and address is hostile."""
    return rendered(cards.site(cards.full(dirt, link)))


@pytest.fixture(scope="module")
def shape() -> dict[str, Shape]:
    """The shape of every page of the same site without any attack."""
    return {path: shape_of(read(html)) for path, html in pages_of().items()}


def shape_of(sheet: Element) -> Shape:
    """Every element of a page in order, with the names of its attributes."""
    return [(one.tag, *one.attributes) for one in sheet.inside]


@pytest.mark.parametrize("dirt", ATTACKS.values(), ids=ATTACKS)
def test_no_word_changes_the_page_around_it(dirt: str, shape: dict[str, Shape]) -> None:
    """Whatever stands in names, titles, notes, excerpts and pointers, each page keeps its elements and attributes."""
    for path, html in pages_of(dirt).items():
        assert shape_of(read(html)) == shape[path], path


def test_no_page_holds_a_script(shape: dict[str, Shape]) -> None:
    """Bodies hold no script, no frame, no image from elsewhere and no handler: they are words, tables and links."""
    for path, elements in shape.items():
        for tag, *attributes in elements:
            assert tag not in ("script", "iframe", "object", "embed", "img", "style", "link", "base"), path
            assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcdoc", "style")], (
                path
            )


def test_nothing_is_computed_from_words() -> None:
    """A template's braces in a title are braces in a title, and the frame's tokens are words."""
    html = pages_of(ATTACKS["template"])["cities/xx-exampleton/"]
    assert "{{ 7*7 }}{% for x in" in html
    assert "subclasses__() %}{{ x }}" in html
    text = read(pages_of(ATTACKS["token"])["cities/xx-exampleton/"]).all("h1")[0].text
    assert text == "Exampletoncpxbody cpxslug cpxtitle cpxdescription cpxhead"


@pytest.mark.parametrize("attack", ["bidi", "control", "markup"])
def test_no_character_that_acts_reaches_a_page(attack: str) -> None:
    """Overrides of direction, controls and NUL are nowhere in the HTML, not even in attributes and descriptions."""
    for path, html in pages_of(ATTACKS[attack]).items():
        left = {char for char in html if not char.isprintable() and char != "\n"}
        assert not left, f"{path}: {left!r}"


def test_a_long_title_does_not_make_a_long_page() -> None:
    """Titles of 5,000 characters are cut wherever they stand; the page stays within its budget."""
    plain, long = pages_of(), pages_of(ATTACKS["long"])
    for path, html in long.items():
        assert "x" * 1001 not in html, path
        assert len(html) < max(120_000, len(plain[path])), path


@pytest.mark.parametrize("link", [cards.HOSTILE_LINK, "data:text/html,<script>1</script>", "https://a\\@evil.example/"])
def test_no_address_is_a_trap(link: str) -> None:
    """Every link of every page leads within the site or to a plain web address."""
    for path, html in pages_of(link=link).items():
        for one in read(html).all("a"):
            href = one.attributes["href"]
            assert urlsplit(href).scheme in ("", "http", "https"), f"{path}: {href}"
            assert "evil" not in href and "script" not in href, f"{path}: {href}"


def test_the_address_is_still_shown_as_text() -> None:
    """What cannot be linked is told all the same, so that a reader sees what is wrong."""
    (cell, *_) = read(pages_of(link=cards.HOSTILE_LINK)["cities/xx-exampleton/"]).id("source-portal").all("td")
    assert "javascript:alert(1)" in cell.text
    assert [one.attributes["href"] for one in cell.all("a")] == ["../../method/probes/ckan/"]


@pytest.mark.parametrize("dirt", ATTACKS.values(), ids=ATTACKS)
def test_programs_get_sound_files(dirt: str) -> None:
    """Twins and the search index are valid JSON with every value a string where a string is due."""
    card = cards.full(dirt, cards.HOSTILE_LINK)
    for data in twins(cards.site(card)).values():
        json.loads(data)
    told = json.loads(names([card.city], card.framework))
    assert told["cities"][0][0] == "xx-exampleton"


def test_a_city_cannot_take_the_place_of_another() -> None:
    """Two cities of the same name, hostile or not, keep their own addresses."""
    card = cards.full(cards.HOSTILE)
    twin = replace(card, city=card.city.model_copy(update={"id": "xx-other"}))
    pages = rendered(cards.site(card, twin))
    assert {"cities/xx-exampleton/", "cities/xx-other/"} <= set(pages)
    assert set(targets(["xx-exampleton", "xx-other"], card.framework).values()) <= set(pages)
