"""The generated references: whose data the site rests on, and the closed list of reasons."""

from __future__ import annotations

from dataclasses import replace

from builder.model.reasons import Reason
from builder.publish.pages.attributions import copies, registries
from tests.publish import cards
from tests.publish.reading import read, rendered


def test_every_registry_is_credited_with_its_licence() -> None:
    """Each registry that a source names stands there with its licence and how many sources were found in it."""
    (credit,) = registries(cards.site())
    assert (credit.name, credit.link, credit.licence, credit.count) == (
        "Portal list", "https://lists.example.org/", "CC0", 5,
    )  # fmt: skip


def test_a_licence_that_nobody_wrote_down_is_said_to_be_unknown() -> None:
    """A registry without a credit line is named all the same, and no licence is invented for it."""
    (credit,) = registries(replace(cards.site(), registries=()))
    assert (credit.name, credit.link, credit.licence) == ("Portal list", None, "not known to us yet")


def test_every_collection_of_recorded_copies_is_credited() -> None:
    """Copies are counted by the collection they lie in, which is linked."""
    assert copies(cards.site()) == [("https://github.com/example/recorded", "github.com/example/recorded", 1)]
    page = read(rendered(cards.site())["attributions/"])
    assert "github.com/example/recorded: 1 answer" in page.text


def test_without_recorded_copies_nothing_is_said_of_them() -> None:
    """The section is there only where a copy was read."""
    site = cards.site(cards.tallied(unknown=1))
    assert copies(site) == []
    assert "Recorded copies" not in read(rendered(site)["attributions/"]).text


def test_the_list_of_reasons_is_the_one_we_use() -> None:
    """Every reason of the code has its row and its address, with its words, outcome and side."""
    page = read(rendered(cards.site())["method/reasons/"])
    rows = page.all("tbody")[0].all("tr")
    assert [row.attributes["id"] for row in rows] == [reason.value for reason in Reason]
    for row, reason in zip(rows, Reason, strict=True):
        assert [cell.text for cell in row.all("td")][:2] == [reason.value, reason.words]
        assert row.all("td")[3].text == reason.side.value
    assert [row.attributes["id"] for row in rows if "at most three times" in row.text] == [
        "rate-limited", "server-error", "connection-failed",
    ]  # fmt: skip
