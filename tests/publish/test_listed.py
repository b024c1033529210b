"""Found in a registry, still listed there: the words, the day, and where nothing may be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from builder.model.observation import LedgerLine
from builder.model.reasons import Reason
from builder.model.registry import Registries, RegistryFacts, RowNote, Standing, registry_key
from builder.publish.listed import SITE, Listing, listings, sentence
from builder.publish.pages.attributions import registries
from builder.publish.pages.city import view
from tests.publish import cards
from tests.publish.reading import city_page

URL = "https://lists.example.org/all.csv"


def _line(day: int, reason: Reason = Reason.OK) -> LedgerLine:
    at = datetime(2026, 11, day, 9, tzinfo=UTC)
    return LedgerLine(run=at, source=registry_key(URL), at=at, outcome=reason.outcome, reason=reason)


def _row(source: str | None, standing: Standing, mark: str | None = None) -> RowNote:
    return RowNote(city="xx-exampleton", source=source, row="17", standing=standing, mark=mark, on="2026-11-01")


def test_a_standing_row_stood_on_the_day_of_the_last_good_reading() -> None:
    """The note keeps the day since when it is so; the ledger knows the newest reading that found it so."""
    rows = (
        _row("portal", Standing.STANDING), _row("bikes", Standing.GONE), _row("buses", Standing.NOT_TOLD),
        _row(None, Standing.STANDING),
    )  # fmt: skip
    found = Registries(registries={"A list": RegistryFacts(url=URL, rows=rows)})
    ledger = {registry_key(URL): [_line(1), _line(9), _line(12, Reason.SERVER_ERROR)]}
    assert listings(found, ledger) == {
        "xx-exampleton": {
            "portal": Listing(Standing.STANDING, date(2026, 11, 9), "A list"),
            "bikes": Listing(Standing.GONE, date(2026, 11, 1), "A list"),
            SITE: Listing(Standing.STANDING, date(2026, 11, 9), "A list"),
        }
    }


@pytest.mark.parametrize(
    ("standing", "mark", "found_on", "said"),
    [
        (Standing.STANDING, "", "2026-10-02", "still listed on 9 November 2026"),
        (Standing.STANDING, "old\u202e", "2026-10-02", "still listed on 9 November 2026, marked “old” there"),
        (Standing.GONE, "", "2026-10-02", "no longer listed on 9 November 2026"),
        (Standing.GONE, "", "2026-11-10", ""),
        (Standing.STANDING, "", "2026-11-10", ""),
    ],
)  # fmt: skip
def test_in_words(standing: Standing, mark: str, found_on: str, said: str) -> None:
    """A reading older than the day on which somebody found the row says nothing about it."""
    assert sentence(Listing(standing, date(2026, 11, 9), "A list", mark), found_on) == said


def test_on_the_city_page() -> None:
    """The cell "Found in" says it, and a day that stands twice is written once."""
    found = cards.full().sources[0].source.found
    assert found is not None
    for on, shown in (
        (date(2026, 11, 9), "2 October 2026; still listed on 9 November 2026"),
        (date(2026, 10, 2), "still listed on 2 October 2026"),
    ):
        listing = Listing(Standing.STANDING, on, "A list")
        page = city_page(cards.full(), {"portal": listing, SITE: listing})
        row = next(one for one in page.all("tr") if one.attributes.get("id") == "source-portal")
        assert row.all("td")[2].text.endswith(shown)
    assert "in the public list of A list: still listed on 2 October 2026" in page.all("dl", "cp-facts")[0].text
    assert view(cards.full(), cards.REPOSITORY).sources[0].listed == ""


def test_a_list_of_official_sites_is_credited() -> None:
    """Whoever keeps the list that a city's own site stands in is named among the credits."""
    told = {"xx-exampleton": {SITE: Listing(Standing.STANDING, date(2026, 11, 9), "A list of sites")}}
    credits = registries(replace(cards.site(), listed=told))
    assert [(one.name, one.count) for one in credits if one.name == "A list of sites"] == [("A list of sites", 1)]
