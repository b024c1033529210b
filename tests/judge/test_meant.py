"""What an address means: a source, a dataset by its page or by its id on the catalogue's host, or nothing we know."""

from __future__ import annotations

import pytest

from builder.judge.meant import catalogues_at, kind_of, meant
from builder.model.catalogue import Dataset
from builder.model.kinds import KINDS
from builder.model.source import Source


def source(id: str, kind: str, url: str) -> Source:
    """A source as a city file names it."""
    return Source(id=id, kind=kind, url=url, publisher="Town", tier="city")


PORTAL = source("portal", "socrata", "https://data.example.org")
BUSES = source("buses", "gtfs", "http://www.buses.example.org/gtfs.zip")
SINCE = "2026-11-01"
LISTS = {
    PORTAL.key: [
        Dataset(id="3w5d-sru8", title="Bike routes", url="https://data.example.org/d/3w5d-sru8", pointer="$"),
        Dataset(id="trees", title="Trees", url="https://data.example.org/dataset/street-trees", pointer="$"),
        Dataset(id="gone-1", title="Gone", url="https://data.example.org/d/gone-1", pointer="$", gone_since=SINCE),
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("https://buses.example.org/gtfs.zip", [("buses", None)]),
        ("https://data.example.org/", [("portal", None)]),
        ("http://data.example.org/d/3w5d-sru8#about", [("portal", "3w5d-sru8")]),
        ("https://data.example.org/Transport/Bike-routes/3w5d-sru8", [("portal", "3w5d-sru8")]),
        ("https://data.example.org/resource/3w5d-sru8.json?$limit=1", [("portal", "3w5d-sru8")]),
        ("https://data.example.org/en/dataset/street-trees/resource/1", [("portal", "trees")]),
        ("https://data.example.org/d/gone-1", []),
        ("https://evil.example/d/3w5d-sru8", []),
        ("https://data.example.org/trees", []),
        ("https://data.example.org/d/3w5d-sru8/street-trees", [("portal", "3w5d-sru8"), ("portal", "trees")]),
    ],
)
def test_an_address_means_what_we_know_there(url: str, means: list[tuple[str, str | None]]) -> None:
    """What makes no difference is passed over; another host means nothing, and what is not clear gives several."""
    found = [(one.source.id, one.dataset and one.dataset.id) for one in meant(url, [PORTAL, BUSES], LISTS)]
    assert found == means


def test_the_catalogue_on_an_address_s_host_is_named() -> None:
    """A page that the list lacks may be younger than the list."""
    assert catalogues_at("https://data.example.org/d/new", [BUSES, PORTAL]) == [PORTAL]
    assert catalogues_at("https://www.buses.example.org/", [BUSES, PORTAL]) == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://a.example/ows?SERVICE=WMS", "wms"),
        ("https://a.example/gbfs/gbfs.json", "gbfs"),
        ("https://a.example/api/3/action/package_search", "ckan"),
        ("https://a.example/api/explore/v2.1/catalog/datasets", "opendatasoft"),
        ("https://a.example/data.json", "dcat_us"),
        ("https://a.example/x/city_gtfs_2026.zip", "gtfs"),
        ("https://a.example/council.ics", "ical"),
        ("https://webapi.legistar.com/v1/seattle", "legistar"),
        ("https://github.com/cityofexample", "source_code"),
        ("https://a.example/trees?service=lunch", "webpage"),
        ("https://a.example/", "webpage"),
    ],
)
def test_the_kind_is_what_the_address_says(url: str, kind: str) -> None:
    """Where the address says nothing it is a page, and every guess is a kind that there is."""
    assert kind_of(url) == kind and kind in KINDS
