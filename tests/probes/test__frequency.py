"""How often a dataset says that it changes: codes, links and plain words, in the languages of our cities."""

from __future__ import annotations

import pytest

from builder.probes._frequency import period_days


@pytest.mark.parametrize(
    ("stated", "days"),
    [
        ("R/P1D", 1),
        ("R/P0.5M", 15.5),
        ("P1Y", 366),
        ("R/P3.5D", 3.5),
        ("http://publications.europa.eu/resource/authority/frequency/MONTHLY", 31),
        ("http://publications.europa.eu/resource/authority/frequency/ANNUAL_2", 184),
        ("WEEKLY_2", 3),
        ("http://purl.org/cld/freq/threeTimesAYear", 123),
        ("semimonthly", 16),
        ("fortnightly", 14),
        ("Bi-weekly", 14),
        ("biannually", 184),
        ("Every 2 months", 62),
        ("daily/nightly", 1),
    ],
)
def test_codes_and_links_are_understood(stated: str, days: float) -> None:
    """ISO 8601, the European list, Dublin Core, ISO 19115 and what portals offer to choose from."""
    assert period_days(stated) == days


@pytest.mark.parametrize(
    "stated",
    ["Annually", "annuelle", "anual", "Jährlich", "jaarlijks", "annuale", "vuosittain", "årlig", "Årligen",
     "iga-aastane", "rocznie", "ročně", "毎年", "매년", "每年"],
)  # fmt: skip
def test_a_year_is_a_year_in_every_language(stated: str) -> None:
    """English, French, Spanish, German, Dutch, Italian, Finnish, Nordic, Estonian, Polish, Czech and eastern words."""
    assert period_days(stated) == 366


@pytest.mark.parametrize(
    ("stated", "days"),
    [
        ("Data are updated daily.", 1),
        ("Data is updated weekly", 7),
        ("Updated every 2 weeks", 14),
        ("Data are updated daily. Lobbyist reporting is quarterly.", None),
        ("Data are updated annually or as changes occur.", None),
        ("Daily (in season)", None),
        ("Data was updated daily before becoming historical", None),
        ("A new file each year of the week", None),
    ],
)
def test_a_sentence_counts_where_it_names_one_span(stated: str, days: float | None) -> None:
    """People write sentences into the field; one span without an "or" is a promise, anything else is not."""
    assert period_days(stated) == days


@pytest.mark.parametrize(
    "stated",
    ["As Needed", "asNeeded", "IRREG", "irregular", "never", "NOT_PLANNED", "unknown", "", "Static (not updated)",
     "hourly", "UPDATE_CONT", "R/PT1H", "R/P", "Every 15 minutes", "real time", "P900Y"],
)  # fmt: skip
def test_no_promise_and_live_data_are_not_counted(stated: str) -> None:
    """Irregular is no promise, and data that flows all day changes without its record."""
    assert period_days(stated) is None
