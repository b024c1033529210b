"""No accessibility fault that axe can find, in both palettes, on a phone and on a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

# Home, the list, a city, a question, a prose page and the 404 page.
PAGES = ["", "cities/", "cities/fr-paris/", "indicators/transit.timetable/", "method/", "cities/nowhere/"]
FURTHER = [
    "areas/", "areas/transit/", "frameworks/capability/", "method/reasons/", "attributions/", "method/probes/",
    "method/probes/gtfs/", "contribute/kind/", "cities/us-mi-detroit/",
]  # fmt: skip
EVERY = [(path, scheme, width) for path in PAGES for scheme in ("light", "dark") for width in (390, 1280)]
# Pages made of the same parts: once in each palette is enough.
EVERY += [(path, scheme, width) for path in FURTHER for scheme, width in (("light", 390), ("dark", 1280))]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize(("path", "scheme", "width"), EVERY)
def test_no_violation(opened: Opened, path: str, scheme: str, width: int) -> None:
    """Every kind of page passes every rule of WCAG 2.2 AA and the best practices, with all its parts unfolded."""
    page = opened(path, width=width, scheme=scheme)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    found = Axe().run(page, options=RULES).response["violations"]
    told = [f"{one['id']}: {node['target']}: {node['failureSummary']}" for one in found for node in one["nodes"][:3]]
    assert told == []


def test_no_violation_while_searching(opened: Opened) -> None:
    """The open list of what was found is as sound as the page."""
    page = opened("")
    page.fill("#cp-search", "pari")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    assert Axe().run(page, options=RULES).response["violations"] == []
