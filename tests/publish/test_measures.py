"""What a source says: plain words, units, the proof beside each figure, and per head only where that is honest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.model.city import Population
from builder.model.observation import Measurement
from builder.model.scorecard import Looked
from builder.model.source import Tier
from builder.publish.clauses import Clauses
from builder.publish.measures import MOST, WORDS, per_head, period, says, share, value
from builder.store.standards import load_standards
from tests.publish import cards
from tests.publish.reading import city_page

OURS = Clauses(load_standards(Path(__file__).parents[2] / "frameworks"))
PEOPLE = Population(value=120_000, year=2021, source="Census")


def _looked(measurements: dict[str, Any], tier: Tier = "city", **more: Any) -> Looked:
    """Exampleton's portal with other measurements; a pair is a value and its unit."""
    portal = next(one for one in cards.full().sources if one.source.id == "portal")
    assert portal.good is not None
    facts = {
        name: Measurement(value=one[0], unit=one[1], pointer=f"$.{name}")
        if isinstance(one, tuple)
        else Measurement(value=one, pointer=f"$.{name}")
        for name, one in measurements.items()
    }
    source = portal.source.model_copy(update={"tier": tier})
    return replace(portal, source=source, good=portal.good.model_copy(update={"measurements": facts, **more}))


@pytest.mark.parametrize(
    ("plain", "unit", "shown"),
    [
        (1284, None, "1,284"),
        (0.999, "1", "99 %"),
        (1.0, "1", "100 %"),
        (12.3456, "ug/m3", "12.35 µg/m³"),
        (40, "s", "40 seconds"),
        (False, None, "no"),
        ("2026-11-20", None, "20 November 2026"),
        ("2026-11-20T08:00:00.5Z", None, "20 November 2026"),
        ("2026 and later", None, "2026 and later"),
        ("<b>\u202ebold", None, "<b>bold"),
        ([2025, 2026], None, "2025, 2026"),
        (["a", "b", "c", "d", "e", "f"], None, "a, b, c, d and 2 more"),
        ({"cc-by": 3, "": 1, "odbl": 12}, None, "odbl (12), cc-by (3), none (1)"),
        ({}, None, "none"),
        ({f"https://x.example/{n}": 1 for n in range(146)}, None, "146 different ones"),
        (0.00004, None, "4e-05"),
    ],
)
def test_values_in_words(plain: Any, unit: str | None, shown: str) -> None:
    """Shares in percent, dates in words, units as people write them, strangers' words made safe."""
    assert value(plain, unit) == shown


@pytest.mark.parametrize(
    ("name", "tier", "people", "said"),
    [
        ("weekday_departure_count_near", "national", PEOPLE, "50 per 1,000 residents (120,000 in 2021)"),
        ("bikes_available", "city", PEOPLE, "50 per 1,000 residents (120,000 in 2021)"),
        ("bikes_available", "regional", PEOPLE, ""),
        ("weekday_departure_count", "city", PEOPLE, ""),
        ("bikes_available", "city", PEOPLE.model_copy(update={"year": None}), ""),
        ("bikes_available", "city", None, ""),
    ],
)
def test_per_head_only_where_it_is_honest(name: str, tier: Tier, people: Population | None, said: str) -> None:
    """Of what is near, or the city's own, by a population that has a year; a region's bikes are not the city's."""
    assert per_head(name, 6000, _looked({}, tier), people) == said


def test_figures_come_in_our_order_with_their_proof() -> None:
    """Known names first in our words, others by their own name; each with its pointer, and where the answer lies."""
    facts = {"odd_thing": 1, "modified_latest": "2026-11-20", "dataset_count": 128, "modified_basis": "metadata"}
    told = says(_looked(facts), PEOPLE)
    assert told is not None
    assert [(one.label, one.value, one.note + one.beside, one.pointer, one.answer) for one in told.figures] == [
        ("Datasets listed", "128", "", "$.dataset_count", 1),
        ("Newest change", "20 November 2026", "of a description, not of the data", "$.modified_latest", 1),
        ("Odd thing", "1", "", "$.odd_thing", 1),
    ]
    assert told.answers == (("https://portal.example.org/data", "portal.example.org/data", None),)


def test_clauses_stand_beside_what_speaks_to_them() -> None:
    """A mean of fine dust is shown beside the guideline of the World Health Organization, and judged by nobody."""
    told = says(_looked({"pm25_mean": (7.5, "ug/m3")}, kind="openaq"), None, clauses=OURS)
    assert told is not None
    (air,) = told.figures
    assert (air.value, air.beside.split(";")[0]) == (
        "7.5 µg/m³",
        "WHO guideline: 5 µg/m³ as the mean of a year, 15 µg/m³ as that of a day",
    )


@pytest.mark.parametrize(
    ("name", "facts", "said"),
    [
        ("weekday_departure_count", {"weekday_date": "2026-11-24"}, "counted for 24 November 2026"),
        ("weekday_departure_count_near", {}, "within 12 km of the centre"),
        (
            "median_days_to_close",
            {"requested_earliest": "2026-10-22T08:00:00Z", "requested_latest": "2026-11-20T08:00:00Z"},
            "of requests made from 22 October 2026 to 20 November 2026",
        ),
        ("median_days_to_close", {"requested_latest": "2026-11-20T08:00:00Z"}, ""),
        (
            "pm25_mean",
            {"location_count": 3, "observation_latest": "2026-11-20T08:00:00Z"},
            "of each sensor's latest value in the 24 hours up to 20 November 2026",
        ),
        ("no2_mean", {"observation_latest": "2026-11-20T08:00:00Z"}, "of values up to 20 November 2026"),
        ("pm25_mean", {}, ""),
        ("dataset_count", {"weekday_date": "2026-11-24"}, ""),
    ],
)
def test_a_figure_says_what_time_it_speaks_of(name: str, facts: dict[str, Any], said: str) -> None:
    """As the reading itself states it: the weekday counted, the requests' dates, the day of the values; else none."""
    looked = _looked({name: 1, **facts})
    looked = replace(looked, source=looked.source.model_copy(update={"near_km": 12.0}))
    assert looked.good is not None and period(name, looked, looked.good) == said


def test_every_figure_of_a_clause_has_words_of_its_own() -> None:
    """What stands beside a standard is called as people call it, not by its name in code."""
    named = {figure.measurement for one in OURS.standards for clause in one.clauses for figure in clause.figures}
    assert named and not named - WORDS.keys()


def test_half_a_reading_says_so_and_a_long_one_is_cut() -> None:
    """What was not read is said; what does not fit on a page is counted."""
    told = says(_looked({f"thing_{n}": n for n in range(MOST + 5)}, complete=False, scope="the first page"), None)
    assert told is not None
    assert (len(told.figures), told.left, told.scope) == (MOST, 5, "the first page, not everything")


def test_a_page_of_many_sources_stays_light() -> None:
    """The more sources a page has, the fewer figures of each it shows; never none, and the rest is counted."""
    assert [share(n) for n in (0, 1, 10, 35, 500)] == [30, 30, 14, 4, 3]
    told = says(_looked({"dataset_count": 1, "open_license_share": 1, "title": "x"}), None, most=2)
    assert told is not None
    assert ([one.label for one in told.figures], told.left) == (["Called", "Datasets listed"], 1)


def test_nothing_read_says_nothing() -> None:
    """Without a good reading, or without figures, there is nothing to fold out."""
    assert says(replace(_looked({}), good=None), PEOPLE) is None
    assert says(_looked({"modified_basis": "data"}), PEOPLE) is None


def test_on_the_page_figures_are_folded_and_never_scored() -> None:
    """Below the source's row, with a summary that names the source for those who only hear it."""
    page = city_page(cards.full())
    (shown, *_) = page.all("tr", "cp-says")
    assert shown.all("summary")[0].text.startswith("What it says (portal.example.org)")
    assert "Datasets listed" in shown.text
    assert "speaks to, never scored" in next(one.text for one in page.all("section") if "The sources" in one.text)
    assert all("_" not in label for label in WORDS.values())
