"""How the points of data.europa.eu's assessment come about."""

from __future__ import annotations

from dataclasses import replace

from builder.probes._dates import read_date
from builder.probes._dcat import Distribution, Entry
from builder.probes._links import Sample
from builder.probes._mqa import MOST_POINTS, mqa_points

AUTHORITY = "http://publications.europa.eu/resource/authority"
FILE = Distribution(
    access="https://a.example/page", download="https://a.example/x.csv", format=f"{AUTHORITY}/file-type/CSV",
    media_type="https://www.iana.org/assignments/media-types/text/csv",
    has_licence=True, has_rights=True, has_size=True,
)  # fmt: skip
BEST = Entry(
    id="a", title="A", pointer="$", capture=0, formats=("CSV",), keywords=("k",), themes=("t",), stated="CC0",
    licence="CC0-1.0", metadata_modified=read_date("2026-11-01"), publisher="P", has_contact=True,
    description="Some trees", distributions=(FILE,), access_rights=f"{AUTHORITY}/access-right/PUBLIC", has_spatial=True,
    has_temporal=True, has_issued=True,
)  # fmt: skip
WORKING = Sample({"https://a.example/page": True, "https://a.example/x.csv": True})


def test_a_catalogue_that_says_everything_has_all_points() -> None:
    """The five dimensions add up to 405."""
    assert mqa_points([BEST], WORKING) == MOST_POINTS == 405


def test_a_catalogue_that_says_nothing_has_none() -> None:
    """A dataset with nothing but an id earns no point; without distributions there is no link to check."""
    assert mqa_points([Entry("a", "", "$", 0, distributions=())], Sample()) == 0.0


def test_each_line_has_its_weight() -> None:
    """What one missing statement costs is its weight in the methodology."""

    def cost(**changed: object) -> float:
        return 405 - (mqa_points([replace(BEST, **changed)], WORKING) or 0)  # type: ignore[arg-type]

    def file_cost(**changed: object) -> float:
        return cost(distributions=(replace(FILE, **changed),))  # type: ignore[arg-type]

    assert cost(keywords=()) == 30 and cost(themes=()) == 30
    assert cost(has_spatial=False) == 20 and cost(has_temporal=False) == 20
    assert file_cost(download=None) == 50 and file_cost(access=None) == 50 + 30  # without access it is not valid
    assert file_cost(format="CSV") == 0 and file_cost(format="XLSX") == 20  # proprietary, but machine-readable
    assert file_cost(format="PDF") == 40 and file_cost(format=None) == 20 + 20 + 20 + 5
    assert file_cost(media_type=None) == 15 and file_cost(media_type="csv") == 5
    assert cost(description="") == 30
    assert cost(licence=None) == 10 and file_cost(has_licence=False) == 30
    assert cost(access_rights=None) == 15 and cost(access_rights="on request") == 5
    assert cost(has_contact=False) == 20 and cost(publisher=None) == 10
    assert file_cost(has_rights=False) == 5 and file_cost(has_size=False) == 5
    assert cost(has_issued=False) == 5 and cost(metadata_modified=None) == 5


def test_shares_are_of_all_datasets_and_all_distributions() -> None:
    """Half of the datasets without keywords cost half of those points, a third of the files a third of theirs."""
    entries = [BEST, replace(BEST, keywords=(), distributions=(FILE, replace(FILE, has_size=False)))]
    assert mqa_points(entries, WORKING) == round(405 - 15 - 5 / 3, 1)


def test_links_that_do_not_work_cost_their_share() -> None:
    """A broken download costs its 30 points, a broken access address its 50."""
    assert mqa_points([BEST], Sample({"https://a.example/page": True, "https://a.example/x.csv": False})) == 375
    assert mqa_points([BEST], Sample({"https://a.example/page": False, "https://a.example/x.csv": True})) == 355


def test_what_could_not_be_measured_gives_no_points_at_all() -> None:
    """Without a link that told anything, or without distributions as stated, points are absent rather than low."""
    assert mqa_points([BEST], Sample()) is None
    assert mqa_points([BEST], Sample({"https://a.example/page": True})) is None  # nobody knows of the downloads
    assert mqa_points([BEST, replace(BEST, distributions=None)], WORKING) is None
