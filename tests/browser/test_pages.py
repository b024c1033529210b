"""The pages work by keyboard, on a small phone, without scripts, and keep the colours that a reader chose."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

KINDS = [
    "",
    "cities/",
    "cities/fr-paris/",
    "areas/transit/",
    "indicators/transit.timetable/",
    "method/",
    "attributions/",
]
GROUND = "getComputedStyle(document.body).backgroundColor"
DARK = "rgb(18, 24, 28)"


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path or "home")
@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_scrolls_sideways(opened: Opened, path: str, width: int) -> None:
    """From the smallest phone up the page is as wide as its window; only tables scroll, each by itself."""
    page = opened(path, width=width)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["cities/fr-paris/", "method/", "cities/nowhere/"])
def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened: Opened, path: str) -> None:
    """Tab and Enter, and the next Tab is inside the page's own text."""
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#cp-content')")


def test_the_chosen_palette_is_kept(opened: Opened) -> None:
    """The button turns the page dark, and the next page is dark before anything is painted on it."""
    page = opened("")
    assert page.evaluate(GROUND) != DARK
    page.get_by_role("button", name="Dark colours", pressed=False).click()
    assert page.evaluate(GROUND) == DARK
    page.get_by_role("link", name="Method", exact=True).first.click()
    page.wait_for_url("**/method/")
    assert page.evaluate(GROUND) == DARK
    page.get_by_role("button", name="Dark colours", pressed=True).click()
    assert page.evaluate(GROUND) != DARK


def test_the_system_decides_until_the_reader_does(opened: Opened) -> None:
    """A change of the system's palette shows at once."""
    page = opened("", scheme="dark")
    assert page.evaluate(GROUND) == DARK
    page.emulate_media(color_scheme="light")
    # Asked from outside, again and again: a waiting predicate would be evaluated as a string inside the page,
    # which the page's own policy (no eval) forbids as soon as the first answer is not yet the last.
    for _ in range(100):
        if page.evaluate(GROUND) != DARK:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(GROUND) != DARK


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_everything_is_there(opened: Opened, scheme: str) -> None:
    """With scripts off: text, links, search form and the system's palette; only the palette button is gone."""
    page = opened("cities/fr-paris/", width=390, scheme=scheme, scripts=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Paris"
    assert page.get_by_role("link", name="Contribute").first.is_visible()
    assert not page.locator(".cp-palette").is_visible()
    page.fill("#cp-search", "paris")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/x/y/cities/?q=paris")
    assert page.get_by_role("link", name="Paris", exact=True).is_visible()


@pytest.mark.parametrize(("scheme", "lightness"), [("light", "bright"), ("dark", "dark")])
def test_without_scripts_the_palette_is_the_systems(opened: Opened, scheme: str, lightness: str) -> None:
    """Nobody gets a glaring page at night because scripts are off: the picture itself is light or dark."""
    page = opened("", scheme=scheme, scripts=False)
    corner = Image.open(BytesIO(page.screenshot())).convert("L").getpixel((5, 890))
    assert (corner > 128) == (lightness == "bright")
