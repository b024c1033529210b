"""What a distribution's format is called."""

from __future__ import annotations

import pytest

from builder.model.formats import machine_readable
from builder.probes._formats import format_name


@pytest.mark.parametrize(
    ("stated", "media_type", "url", "name"),
    [
        ("csv", None, None, "CSV"),
        (".CSV", None, None, "CSV"),
        ("zip+csv", None, None, "CSV"),
        ("Excel (.xlsx)", None, None, "XLSX"),
        ("Esri REST", "application/json", None, "ARCGIS"),
        ("Web Page", "text/html", None, "HTML"),
        ("ZIP", "application/zip", "https://a.example/x.shp.zip", "SHP"),
        ("ZIP", None, None, "ZIP"),
        (None, "text/csv; charset=utf-8", None, "CSV"),
        (None, "application/vnd.geo+json", None, "GEOJSON"),
        ("", "", "https://a.example/trees.geojson?x=1", "GEOJSON"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", None, None, "CSV"),
        ("https://www.iana.org/assignments/media-types/application/pdf", None, None, "PDF"),
        ("Our own format", None, None, "OUR OWN FORMAT"),
        (None, "application/octet-stream", "https://a.example/download.php", None),
        (None, None, "http://[::1", None),
        (None, None, None, None),
    ],
)
def test_names_a_format(stated: str | None, media_type: str | None, url: str | None, name: str | None) -> None:
    """The publisher's word, the media type or the file name leads to one short name, or to none."""
    assert format_name(stated, media_type, url) == name


def test_an_unknown_word_is_cut_short() -> None:
    """A whole sentence in the place of a format is kept only as far as it may be a name."""
    assert len(format_name("a format that nobody has ever heard of") or "") == 20


@pytest.mark.parametrize(
    "stated",
    ["GeoPackage", "GeoParquet", "CityGML", "City JSON", "3D Tiles", "GTFS", "GTFS-Realtime", "Shapefile", "KML", "WMS",
     "OGC WFS", "OGC API - Features", "NetCDF", "FlatGeobuf", "Scene Service", "IFC", "SensorThings API", "DATEX II"],
)  # fmt: skip
def test_maps_models_and_live_services_are_for_programs(stated: str) -> None:
    """What map programs, city models and live services come in counts as readable, however its publisher spells it."""
    assert machine_readable((format_name(stated) or "",))


@pytest.mark.parametrize("stated", ["PDF", "Web Page", "JPG", "DOCX", "zip", "a brochure"])
def test_what_people_read_is_not_for_programs(stated: str) -> None:
    """A page, a picture, a text or a packed file of anything is no data."""
    assert not machine_readable((format_name(stated) or "",))
