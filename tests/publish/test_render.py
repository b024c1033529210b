"""From rooms to HTML: no room is forgotten, no name is guessed, and the same input is the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from builder.publish import pages as rooms
from builder.publish import render as rendering
from builder.publish.page import Page
from builder.publish.render import TEMPLATES, environment, pages, render
from tests.publish import cards
from tests.publish.reading import frames, rendered

ROOT = Path(__file__).parents[2]
HELPERS = {"claims"}  # rooms that make parts of pages and none of their own


def test_no_room_of_pages_is_forgotten() -> None:
    """Every file beside the helpers makes pages, and every template that is not a part is used by one of them."""
    found = {path.stem for path in Path(rooms.__path__[0]).glob("*.py")} - {"__init__"} - HELPERS
    made = {room.__module__.rpartition(".")[2] for room in rendering._makers()}
    assert made == found, "a room of builder/publish/pages without 'pages(site)' would be passed over in silence"
    used = {page.template for page in pages(cards.site())}
    assert used == {path.name for path in TEMPLATES.glob("[!_]*.html")}


def test_an_empty_folder_of_rooms_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A site without pages is never built in silence."""
    monkeypatch.setattr(rooms, "__path__", [str(tmp_path)])
    with pytest.raises(RuntimeError, match="the site would be empty"):
        list(pages(cards.site()))


def test_a_name_that_does_not_exist_stops_the_build() -> None:
    """A template never shows nothing in silence where a word should be."""
    page = Page("x/", "areas", "T", "D", "area.html", {"area": cards.framework().areas[0]})
    with pytest.raises(UndefinedError, match="'indicators' is undefined"):
        render(page, frames(), environment())


def test_no_template_turns_escaping_off() -> None:
    """Every value is escaped: no template and no room says otherwise, so a stranger's words stay words."""
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text()
        assert "|safe" not in text.replace(" ", "") and "autoescape" not in text and "Markup" not in text, path.name
    for path in Path(rooms.__path__[0]).glob("*.py"):
        assert "Markup" not in path.read_text(), path.name


def test_addresses_are_unique_and_relative() -> None:
    """Every page has an address of its own that ends in a slash, and knows its way back to the root."""
    made = list(pages(cards.site()))
    paths = [page.path for page in made]
    assert len(set(paths)) == len(paths)
    for page in made:
        assert page.path == "" or (page.path.endswith("/") and not page.path.startswith("/"))
        assert page.root == "../" * len([part for part in page.path.split("/") if part])


def test_no_link_begins_at_the_server() -> None:
    """All links are relative, so the site works in a folder of any host."""
    for path, html in rendered(cards.site()).items():
        assert 'href="/' not in html and 'src="/' not in html and 'action="/' not in html, path


SCRIPT = """
import hashlib
from tests.publish import cards
from tests.publish.reading import rendered, twins
site = cards.site()
whole = hashlib.sha256()
for path, text in [*rendered(site).items(), *((path, data.decode()) for path, data in twins(site).items())]:
    whole.update(f"{path} {text}".encode())
print(whole.hexdigest())
"""


def test_two_machines_make_the_same_bytes() -> None:
    """Hash seed, time zone and language of the machine change nothing in pages and twins."""
    machines = (
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/Lima", "LANG": "de_DE.UTF-8", "LANGUAGE": "de"},
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **machine},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for machine in machines
    }
    assert len(made) == 1 and len(made.pop().strip()) == hashlib.sha256().digest_size * 2


def test_the_order_in_which_cities_come_changes_no_page() -> None:
    """Each page is the same whatever city was judged first."""
    card = cards.full()
    other = replace(card, city=card.city.model_copy(update={"id": "xx-another", "names": {"en": "Another"}}))
    assert rendered(cards.site(card, other)) == rendered(cards.site(other, card))
