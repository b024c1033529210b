"""MapServer behind lighttpd: WFS, WMS and its OGC API, all over the same map."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Probed, Serving
from .test_pygeoapi import features

PROGRAM = Path("/usr/lib/cgi-bin/mapserv")
MAP = """
MAP
  NAME "exampleton"
  EXTENT -1 51 1 52
  SIZE 100 100
  PROJECTION "init=epsg:4326" END
  WEB METADATA
    "ows_title" "Maps of Exampleton"
    "ows_onlineresource" "http://127.0.0.1:{port}/cgi-bin/mapserv?map={folder}/city.map"
    "ows_srs" "EPSG:4326"
    "ows_enable_request" "*"
    "ows_fees" "none"
    "ows_accessconstraints" "https://creativecommons.org/licenses/by/4.0/"
  END END
  {layers}
END
"""
LAYER = """
  LAYER
    NAME "{name}" TYPE POINT STATUS ON TEMPLATE "void"
    CONNECTIONTYPE OGR CONNECTION "{folder}/{name}.geojson"
    PROJECTION "init=epsg:4326" END
    METADATA "ows_title" "{name}" "gml_include_items" "all" "gml_featureid" "id" END
    CLASS STYLE COLOR 0 0 0 SIZE 3 END END
  END
"""
SERVER = """
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.modules = ("mod_alias", "mod_cgi", "mod_setenv")
alias.url = ("/cgi-bin/" => "/usr/lib/cgi-bin/")
setenv.add-environment = ("MAPSERVER_CONFIG_FILE" => "{folder}/mapserver.conf")
$HTTP["url"] =~ "^/cgi-bin/" {{ cgi.assign = ("" => "") }}
"""


def test_mapserver_is_read(serving: Serving, probe: Callable[[str, str], Probed], port: int, tmp_path: Path) -> None:
    """The parameter that chooses the map is kept; versions old and new; an unknown map is told in its own words."""
    lighttpd = shutil.which("lighttpd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if lighttpd is None or not PROGRAM.exists():
        pytest.skip("the peer MapServer, because it is not on this machine: apt-get install cgi-mapserver lighttpd")
    names = ("trees", "benches")
    for name, size in zip(names, (37, 5), strict=True):
        (tmp_path / f"{name}.geojson").write_text(features(size), encoding="utf-8")
    layers = "".join(LAYER.format(name=name, folder=tmp_path) for name in names)
    (tmp_path / "city.map").write_text(MAP.format(port=port, folder=tmp_path, layers=layers), encoding="utf-8")
    (tmp_path / "mapserver.conf").write_text(
        f'CONFIG ENV MS_MAP_PATTERN "^{tmp_path}/" END MAPS CITY "{tmp_path}/city.map" END END\n', encoding="utf-8"
    )
    (tmp_path / "server.conf").write_text(SERVER.format(port=port, folder=tmp_path), encoding="utf-8")
    terms = {
        "title": "Maps of Exampleton", "fees": "none", "license_id": "CC-BY-4.0",
        "access_constraints": "https://creativecommons.org/licenses/by/4.0/",
    }  # fmt: skip
    with serving([lighttpd, "-D", "-f", tmp_path / "server.conf"], port):
        base = f"http://127.0.0.1:{port}/cgi-bin/mapserv?map={tmp_path}/city.map"
        for asked, version in (("", "2.0.0"), ("&VERSION=1.1.0", "1.1.0"), ("&VERSION=1.0.0", "1.0.0")):
            seen = probe("wfs", base + asked)
            assert seen["reason"] == "ok" and seen["complete"], seen
            assert seen["values"] == terms | {"version": version, "feature_type_count": 2}
        call = f"{base}&SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees&COUNT=3"
        assert probe("wfs", call)["values"]["feature_type_count"] == 2
        for asked, version in (("", "1.3.0"), ("&VERSION=1.1.1", "1.1.1")):
            seen = probe("wms", base + asked)
            assert seen["reason"] == "ok" and seen["complete"], seen
            # The map itself has a name, and can be asked for as the sum of its layers.
            assert seen["values"] == terms | {"version": version, "layer_count": 3}
        for asked in ("", "/collections/trees/items?limit=3"):
            seen = probe("ogc_api", f"http://127.0.0.1:{port}/cgi-bin/mapserv/CITY/ogcapi{asked}")
            assert seen["reason"] == "ok" and seen["complete"], seen
            assert seen["values"]["title"] == "Maps of Exampleton"
            assert (seen["values"]["collection_count"], seen["values"]["feature_count"]) == (2, 42)
        lost = probe("wms", base.replace("city.map", "nowhere.map"))
        assert lost["outcome"] == "failed" and lost["reason"] in {"api-error", "not-the-declared-format"}, lost
