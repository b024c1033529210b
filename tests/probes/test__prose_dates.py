"""Which days are found in prose, and which are left alone because nobody can be sure of them."""

from __future__ import annotations

import pytest

from builder.probes._prose_dates import days_in


@pytest.mark.parametrize(("prose", "language"), [
    ("on 23 September 2026.", "en"), ("on September 23, 2026", None), ("on 23rd of September 2026", "en-GB"),
    ("Sept 23 2026", "en-US"), ("am 23. September 2026", "de"), ("le 23 septembre 2026", "fr"),
    ("op 23 september 2026", "nl"), ("op 23-09-2026", "nl"), ("el 23 de septiembre de 2026", "es"),
    ("el 23 de setembre de 2026", "ca"), ("il 23 settembre 2026", "it"), ("em 23 de setembro de 2026", "pt"),
    ("den 23 september 2026", "sv"), ("23. syyskuuta 2026", "fi"), ("23.9.2026", "fi"),
    ("den 23. september 2026", "da"),
    ("23. september 2026", "nb"), ("23. september 2026", "et"), ("dnia 23 września 2026", "pl"),
    ("dne 23. září 2026", "cs"), ("2026-09-23", None), ("2026/9/23", "ja"), ("2026年9月23日", "ja"),
    ("23/09/2026", None), ("09/23/2026", "en"), ("23 settembre 2026", None), ("στις 23 Σεπτεμβρίου 2026", "el"),
])  # fmt: skip
def test_one_day_in_many_tongues(prose: str, language: str | None) -> None:
    """The same day, as it is written where our cities are."""
    assert [str(day.date) for day in days_in(prose, language)] == ["2026-09-23"]


@pytest.mark.parametrize(("prose", "language", "day"), [
    ("03/04/2026", "en-US", "2026-03-04"), ("03/04/2026", "en-GB", "2026-04-03"), ("03/04/2026", "fr", "2026-04-03"),
    ("4/4/2026", "en", "2026-04-04"), ("03/04/2026", "en", None), ("03/04/2026", None, None),
    ("03-04-2026", "en-CA", None),
])  # fmt: skip
def test_numbers_alone_need_a_country(prose: str, language: str | None, day: str | None) -> None:
    """Where the month may come first, a day is only found when it cannot be the other."""
    assert [str(found.date) for found in days_in(prose, language)] == ([day] if day else [])


@pytest.mark.parametrize("prose", [
    "March 2026", "in 2026", "31 February 2026", "23 Mittwoch 2026", "1.2.3 version 2026", "3 March 1889", "",
    "123/09/2026", "room 5 August", "WCAG 2.1 2018", "23.09.26",
])  # fmt: skip
def test_what_names_no_day_is_left_alone(prose: str) -> None:
    """Months without a day, days that never were, versions and short years are no dates."""
    assert days_in(prose, "en") == []


def test_a_name_of_two_months_needs_its_language() -> None:
    """Where two languages call different months by one name, an unknown language leaves it unread."""
    prose = "5 listopada 2026"
    assert [str(day.date) for day in days_in(prose, "pl")] == ["2026-11-05"]
    assert [str(day.date) for day in days_in(prose, "hr")] == ["2026-10-05"]
    assert days_in(prose, None) == []


def test_several_days_come_in_order() -> None:
    """Each day is found once, with its place in the prose."""
    prose = "Made on 1 May 2024, looked at again on 2024-06-02."
    assert [prose[day.start : day.end] for day in days_in(prose, "en")] == ["1 May 2024", "2024-06-02"]
