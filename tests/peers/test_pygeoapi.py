"""pygeoapi, the reference server of the OGC APIs, read over HTTP."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from .conftest import Probed, Serving

CONFIG = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {{default_items: 10, max_items: 50}}
  map: {{url: "https://tiles.example/{{z}}/{{x}}/{{y}}.png", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: {{en: Maps of Exampleton}}
    description: {{en: Trees and benches}}
    keywords: {{en: [trees]}}
    keywords_type: theme
    terms_of_service: https://creativecommons.org/licenses/by/4.0/
    url: https://maps.exampleton.example/
  license: {{name: CC-BY 4.0, url: "https://creativecommons.org/licenses/by/4.0/"}}
  provider: {{name: Exampleton, url: "https://exampleton.example/"}}
  contact: {{name: Maps, email: maps@exampleton.example}}
resources:
{resources}
"""
RESOURCE = """
  {name}:
    type: collection
    title: {{en: {name}}}
    description: {{en: {name}}}
    keywords: {{en: [{name}]}}
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    providers:
      - {{type: feature, name: GeoJSON, data: {data}, id_field: id}}
"""


def features(count: int) -> str:
    """A GeoJSON file of so many points."""
    points = [
        {
            "type": "Feature",
            "id": n,
            "properties": {"id": n},
            "geometry": {"type": "Point", "coordinates": [0.25, 51.5]},
        }
        for n in range(count)
    ]
    return json.dumps({"type": "FeatureCollection", "features": points})


def test_pygeoapi_is_read(
    environment: Callable[[str], Path],
    serving: Serving,
    probe: Callable[[str, str], Probed],
    port: int,
    tmp_path: Path,
) -> None:
    """From the base, and from the address of one call: title, collections, features in all, classes and licence."""
    installed = environment("pygeoapi")
    sizes = {"trees": 37, "benches": 5}
    for name, size in sizes.items():
        (tmp_path / f"{name}.geojson").write_text(features(size), encoding="utf-8")
    resources = "".join(RESOURCE.format(name=name, data=tmp_path / f"{name}.geojson") for name in sizes)
    config, document = tmp_path / "config.yml", tmp_path / "openapi.yml"
    config.write_text(CONFIG.format(port=port, resources=resources), encoding="utf-8")
    subprocess.run(
        [installed / "pygeoapi", "openapi", "generate", config, "--output-file", document],
        env={"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document), "PATH": "/usr/bin:/bin"},
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    places = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    with serving([installed / "pygeoapi", "serve"], port, **places):
        base = f"http://127.0.0.1:{port}"
        for url in (base, f"{base}/collections/trees/items?limit=2"):
            seen = probe("ogc_api", url)
            assert seen["reason"] == "ok" and seen["complete"], seen
            values = seen["values"]
            assert values["title"] == "Maps of Exampleton"
            assert (values["collection_count"], values["feature_count"]) == (2, 42)
            assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in values["conformance"]
        assert probe("sensorthings", f"{base}/")["reason"] == "not-the-declared-format"
        assert probe("ogc_api", f"{base}/nowhere")["reason"] == "not-found"
