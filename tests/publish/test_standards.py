"""The page of the standards that figures stand beside, and its twin: the same clauses, the same caveats."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builder.publish.page import Site
from builder.store.standards import load_standards
from tests.publish import cards
from tests.publish.reading import Element, read, rendered, twins


@pytest.fixture(scope="module")
def site() -> Site:
    """Exampleton's, with our own standards."""
    return replace(cards.site(), standards=load_standards(Path(__file__).parents[2] / "frameworks"))


@pytest.fixture(scope="module")
def page(site: Site) -> Element:
    return read(rendered(site)["method/standards/"])


def test_every_clause_has_its_row(site: Site, page: Element) -> None:
    """Code, our words for it, the figure, how they stand, and the kinds of source that yield it."""
    rows = [row for row in page.all("tr") if row.all("td")]
    assert len(rows) == sum(len(clause.figures) for one in site.standards for clause in one.clauses)
    assert len({one.attributes["id"] for one in page.all("h2")}) == len(site.standards)
    bikes = next(row.text for row in rows if row.text.startswith("19.4"))
    assert (
        bikes
        == "19.4public shared bicyclesBikes to take at that momentone input of itshared bike and scooter feed (GBFS)"
    )


def test_the_page_says_what_it_does_not_say(page: Element) -> None:
    """No value under a standard, no compliance; and that ISO's numbers were not compared with its text."""
    assert "No figure here is a value under a standard" in page.text
    assert "have not compared them with the text" in page.text and "compliant" not in page.text


def test_the_twins_name_the_same_clauses(site: Site) -> None:
    """A city's twin names standard, clause and relation; the twin of the page says the rest."""
    made = twins(site)
    known = {one["id"]: one for one in json.loads(made["api/v1/method/standards.json"])["standards"]}
    (portal,) = [
        one for one in json.loads(made["api/v1/cities/xx-exampleton.json"])["sources"] if one["source"] == "portal"
    ]
    (spoken,) = portal["measurements"]["dataset_count"]["speaks_to"]
    assert spoken == {"standard": "u4ssc", "clause": "EC: ICT: PS: 1A", "relation": "one_input"}
    assert spoken["clause"] in [clause["code"] for clause in known["u4ssc"]["clauses"]]
