"""The search finds a city under any of its names, ranks it first, and is used with the keyboard alone."""

from __future__ import annotations

import pytest

from builder.publish.search import fold
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

ENTRIES = """async (asked) => {
  const { find, fold } = await import(document.querySelector("script[type=module]").src);
  const city = (id, people, ...shown) => ({ kind: "x", path: `cities/${id}/`, people, shown, folded: shown.map(fold) });
  const all = [
    city("jp-nishi-tokyo", 200000, "Nishi-Tokyo"), city("jp-tokyo", 14000000, "Tokyo", "東京"),
    city("eg-new-cairo", 300000, "New Cairo"), city("eg-cairo", 9000000, "Cairo", "القاهرة"),
    city("gb-paris-street", 0, "Paris"), city("fr-paris", 2100000, "Paris", "Lutèce"),
    city("pl-lodz", 600000, "Łódź", "Lodz"),
  ];
  return find(all, asked).map((one) => one.entry.path);
}"""


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("tokyo", "jp-tokyo"),
        ("東", "jp-tokyo"),
        ("cairo", "eg-cairo"),
        ("القاهرة", "eg-cairo"),
        ("PARIS", "fr-paris"),
        ("lutece", "fr-paris"),
        ("lodz", "pl-lodz"),
        ("nishi tokyo", "jp-nishi-tokyo"),
    ],
)
def test_the_right_city_comes_first(opened: Opened, asked: str, first: str) -> None:
    """An exact name before a longer one, the larger of two namesakes, any script, no accents needed."""
    assert opened("").evaluate(ENTRIES, asked)[0] == f"cities/{first}/"


def test_nothing_asked_and_nothing_fitting_finds_nothing(opened: Opened) -> None:
    """No list for an empty box, none for a name that nobody entered."""
    page = opened("")
    assert page.evaluate(ENTRIES, " ") == []
    assert page.evaluate(ENTRIES, "qqq") == []
    page.locator("#cp-find").press_sequentially("qqq")
    assert page.locator(".cp-found--none").inner_text() == "Nothing found"  # for everyone to see


@pytest.mark.parametrize(
    "name", ["Saint-Étienne", "L’Aquila", "İzmir", "São  Paulo", "Đà Nẵng", "القاهرة", "मुंबई", "ΑΘΉΝΑΙΣ"]
)
def test_the_page_folds_as_the_builder_does(opened: Opened, name: str) -> None:
    """Both sides agree on what two spellings have in common, or a name could be left out and never found."""
    script = "async (name) => (await import(document.querySelector('script[type=module]').src)).fold(name)"
    assert opened("").evaluate(script, name) == fold(name)


@pytest.mark.parametrize("width", [390, 1280])
def test_arrow_and_enter_open_the_city(opened: Opened, width: int) -> None:
    """Type, arrow down, Enter: the city's page, under whatever folder the site is served from."""
    page = opened("method/", width=width)
    page.fill("#cp-search", "paris")
    page.wait_for_selector("[role=option]")
    assert page.get_attribute("#cp-search", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.get_attribute("#cp-search", "aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/x/y/cities/fr-paris/")


def test_escape_closes_the_list_first(opened: Opened) -> None:
    """Escape closes the list and leaves what was typed."""
    page = opened("")
    page.fill("#cp-search", "paris")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    assert page.get_attribute("#cp-search", "aria-expanded") == "false"
    assert page.input_value("#cp-search") == "paris"
    assert not page.get_by_role("listbox").first.is_visible()


def test_a_page_view_without_a_search_reads_no_index(opened: Opened) -> None:
    """The file of names is read when a box first has the focus, and once for all boxes."""
    page = opened("")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    page.wait_for_load_state("networkidle")
    assert "names.json" not in asked
    with page.expect_response("**/names.json"):
        page.focus("#cp-search")
    page.focus("#cp-find")
    page.keyboard.type("paris")
    page.wait_for_selector("[role=option]")
    assert asked.count("names.json") == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/x/y/cities/fr-paris/")


def test_the_list_of_cities_is_narrowed_by_what_was_asked(opened: Opened) -> None:
    """A form that was sent without a choice leads to the list, which shows only what fits until the box is emptied."""
    page = opened("cities/?q=PARÍS")
    page.wait_for_selector("form[data-cp-filter]")
    shown = page.locator("[data-cp-find]:visible")
    every = page.locator("[data-cp-find]").count()
    assert "Paris" in shown.first.inner_text()
    assert 0 < shown.count() < every
    assert page.locator("[data-cp-filter] [role=status]").inner_text() == f"{shown.count()} of {every} shown"
    page.fill("[data-cp-filter] input", "")
    assert shown.count() == every
