"""The page that says how datasets are recognised: every figure with its n, every verdict that follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builder.model.measured import Measured, Row
from builder.model.topic import Shared, Topic, Vocabulary
from builder.publish.page import Site
from tests.publish import cards
from tests.publish.reading import Element, read, rendered

CHANGE = {"version": "1.2", "on": "2026-11-21", "what": "All.", "why": "First."}
SHARED = Shared.model_validate({"version": "1.2", "changes": (CHANGE,), "general": {}, "places": {}, "groups": {}})


def row(language: str, *figures: int) -> Row:
    names = ("predicted", "right", "positives", "found", "caught", "sample")
    plain: dict[str, Any] = dict(zip(names, figures, strict=True))
    return Row(topic="open-data.portal", language=language, on="2026-11-21", **plain)


def site(*rows: Row, kinds: tuple[str, ...] = ()) -> Site:
    """A site whose first question is a topic with these figures."""
    made = cards.site(cards.full())
    first, *rest = made.framework.indicators
    asked = first.model_copy(update={"topic": first.id, "kinds": kinds})
    topic = Topic.model_validate(
        {
            "id": first.id,
            "counts": "A <list>.",
            "not_counts": "A page.",
            "words": {"en": {"names": ("list",)}, "fr": {}},
        }
    )
    return replace(
        made,
        framework=made.framework.model_copy(update={"indicators": (asked, *rest)}),
        vocabulary=Vocabulary(shared=SHARED, topics=(topic,)),
        measured=Measured(topics_version="1.2", vocabulary="", labelled="", rows=rows) if rows else None,
    )


def page(*rows: Row, kinds: tuple[str, ...] = ()) -> Element:
    return read(rendered(site(*rows, kinds=kinds))["method/topics/"])


@pytest.fixture(scope="module")
def measured() -> Element:
    """English is proven in both ways, French in neither."""
    return page(row("*", 43, 40, 32, 31, 30, 900), row("en", 40, 39, 30, 30, 29, 600), row("fr", 3, 2, 2, 1, 1, 300))


def test_every_figure_has_its_n(measured: Element) -> None:
    """A share without the number behind it could be one of two."""
    cells = [[cell.text for cell in line.all("td")] for line in measured.all("tr")]
    rows = [line for line in cells if line]
    assert rows[0] == ["English", "600", "97 % of 40", "96 % of 30", "100 % of 30"]
    assert rows[1][:3] == ["French", "300", "66 % of 3"]


def test_what_follows_is_said(measured: Element) -> None:
    """Where the figures carry it a catch counts and empty nets prove; else a catch is asked about."""
    last = [cells[-1].text for line in measured.all("tr") if len(cells := line.all("td")) == 5][2:]
    assert last == ["a catch counts; empty nets prove", "a catch is asked about"]
    assert "Vocabulary 1.2, measured on 900 data sets" in measured.text


def test_what_a_live_source_may_answer_is_never_proved_missing() -> None:
    """However good the words are: a timetable that no catalogue lists may lie at the operator's."""
    assert "empty nets prove" not in page(row("en", 40, 39, 30, 30, 29, 600), kinds=("gtfs",)).text


def test_the_rule_is_said_in_words(measured: Element) -> None:
    """What counts and what does not stands under its question, escaped like everything that people write."""
    assert "Counts: A <list>. Does not: A page." in " ".join(measured.text.split())


def test_before_any_measurement_nothing_counts() -> None:
    """Without a judged dataset the page says so, and shows no figure."""
    bare = page()
    assert "Nothing was judged yet" in bare.text and "none yet" in bare.text
