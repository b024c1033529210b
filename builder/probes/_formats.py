"""Names a format in one short upper-case word, from the publisher's own, the media type or the file name."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from builder.model.formats import MACHINE_READABLE
from builder.probes._text import clean

# Each short name with the other words and the media types that publishers write for it.
_SYNONYMS: dict[str, str] = {
    "3DTILES": "3d tiles, 3d tileset, cesium 3d tiles, ogc 3d tiles",
    "API": "json api, rest, rest api, sparql, web service, webservice",
    "ARCGIS": (
        "arcgis geoservice, arcgis geoservices, arcgis geoservices rest api, arcgis map service, arcgis rest, "
        "arcgis server, esri rest, esri rest api, featureserver, mapserver"
    ),
    "ATOM": "atom feed, application/atom+xml",
    "CAP": "common alerting protocol, application/cap+xml",
    "CITYGML": "city gml",
    "CITYJSON": "city json",
    "COLLADA": "dae, model/vnd.collada+xml",
    "CSV": (
        "comma separated values, csv zip, text csv, zip csv, application/csv, text/comma-separated-values, text/csv"
    ),
    "DATEX2": "datex, datex ii",
    "DOC": (
        "docx, ms word, word, application/msword, "
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "FLATGEOBUF": "fgb",
    "GDB": "fgdb, fgdb gdb, file geodatabase, filegdb",
    "GEOJSON": "geo json, geo.json, geojson seq, geojsonl, application/geo+json, application/vnd.geo+json",
    "GEOTIFF": "cog, geo tiff, image/geotiff, image/tiff;application=geotiff",
    "GLTF": "glb, model/gltf+json, model/gltf-binary",
    "GML": "application/gml+xml",
    "GPKG": "geopackage, ogc geopackage, application/geopackage+sqlite3",
    "GPX": "application/gpx+xml",
    "GTFS-RT": "gtfs realtime, gtfs rt, gtfsrt",
    "HTML": (
        "arcgis map preview, arcgis online map, htm, link, url, web page, webpage, website, xhtml, "
        "application/xhtml+xml, text/html"
    ),
    "HDF5": "hdf, application/x-hdf5",
    "I3S": "esri scene layer, scene layer, scene service, sceneserver, slpk",
    "ICAL": "icalendar, ics, text/calendar",
    "JPEG": "jpg, image/jpeg",
    "JSON": "application/json, text/json",
    "JSON-LD": "json ld, jsonld, application/ld+json",
    "JSONL": "json lines",
    "KML": "application/vnd.google-earth.kml, application/vnd.google-earth.kml+xml",
    "KMZ": "application/vnd.google-earth.kmz",
    "LAS": "laz",
    "N-TRIPLES": "nt, ntriples, application/n-triples",
    "NDJSON": "application/x-ndjson",
    "NETCDF": "nc, application/netcdf, application/x-netcdf",
    "ODS": "opendocument, application/vnd.oasis.opendocument.spreadsheet",
    "ODT": "application/vnd.oasis.opendocument.text",
    "OGC-API": "oapif, ogc api, ogc api features",
    "PARQUET": "geoparquet, application/vnd.apache.parquet",
    "PDF": "application/pdf",
    "PNG": "image/png",
    "PPT": ("application/vnd.ms-powerpoint, application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "RDF": "rdf xml, application/rdf+xml, rdf/xml",
    "RSS": "rss feed, application/rss+xml",
    "SENSORTHINGS": "ogc sensorthings, ogc sensorthings api, sensorthings api",
    "SHP": (
        "esri shape, esri shapefile, shape, shapefile, shapefiles, shp zip, shp.zip, zip shp, zipped shapefile, "
        "application/vnd.shp, application/x-esri-shape, application/x-shapefile"
    ),
    "SQLITE": "db, sqlite3, application/vnd.sqlite3, application/x-sqlite3",
    "SVG": "image/svg+xml",
    "TIFF": "tif, image/tiff",
    "TSV": "tab, text/tab-separated-values",
    "TTL": "n3, rdf turtle, turtle, application/x-turtle, text/n3, text/turtle",
    "TXT": "ascii, plain text, text, text/plain",
    "WFS": "ogc wfs, wfs srvc, application/vnd.ogc.wfs_xml",
    "WMS": "ogc wms, wms srvc, application/vnd.ogc.wms_xml",
    "WMTS": "ogc wmts, tms, wmts srvc",
    "XLS": "excel, microsoft excel, ms excel, application/excel, application/vnd.ms-excel, application/xls",
    "XLSX": "excel 2007, openxml, xlsb, xlsm, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XML": "application/xml, text/xml",
    "ZIP": (
        "7z, compressed, gz, rar, tar, tar.gz, tgz, application/gzip, application/x-7z-compressed, "
        "application/x-zip, application/x-zip-compressed, application/zip"
    ),
}
_NAMES = {word: name for name, words in _SYNONYMS.items() for word in words.split(", ")}

_PLAIN = MACHINE_READABLE | {"PDF", "HTML", "TXT", "ZIP", "DOC", "ODT", "PPT", "PNG", "JPEG", "TIFF", "SVG", "DWG"}
# These words say how it is packed, not what is inside; another hint may know better.
_VAGUE = frozenset({"ZIP", "TXT", "HTML"})
_AUTHORITY = re.compile(r"https?://publications\.europa\.eu/resource/authority/file-type/([A-Za-z0-9_]{1,40})/?")
_IANA = re.compile(r"https?://www\.iana\.org/assignments/media-types/(\S{1,100})")


def format_name(stated: str | None = None, media_type: str | None = None, url: str | None = None) -> str | None:
    """Return the short name of a format (``CSV``, ``GEOJSON``, ``API``), or None when nothing tells.

    The publisher's own word is believed first, then the media type, then the file name in the address; a word that
    only names the packing (``ZIP``) gives way to a better one. A word nobody knows is kept, upper-case, at most 20
    characters.

    >>> format_name("Esri REST", "application/json"), format_name(None, "text/csv"), format_name("zip+csv")
    ('ARCGIS', 'CSV', 'CSV')
    """
    known = [name for name in (_known(stated), _known(media_type), _extension(url)) if name is not None]
    for name in known:
        if name not in _VAGUE:
            return name
    if known:
        return known[0]
    return clean(stated, 20).upper() or None if stated and "/" not in stated else None


@lru_cache(maxsize=4096)  # a catalogue repeats the same two dozen words ten thousand times
def _known(words: str | None) -> str | None:
    if words is None:
        return None
    line = clean(words, 120)
    if link := _AUTHORITY.fullmatch(line) or _IANA.fullmatch(line):
        line = link[1].replace("_", " ")
    folded = line.casefold()
    media = folded.replace(" ", "")
    if name := _NAMES.get(media) or _NAMES.get(media.partition(";")[0]):
        return name
    plain = " ".join(re.sub(r"[^a-z0-9./]+", " ", folded).split()).strip(". ")
    for candidate in (folded.strip(". ").upper(), plain.upper(), plain.replace(" ", "-").upper()):
        if candidate in _PLAIN:
            return candidate
    if plain in _NAMES:
        return _NAMES[plain]
    # `excel (.xlsx)`, `csv (zipped)`: the first word that is a format's own name, and not only its wrapping.
    own = (word.strip(".").upper() for word in plain.replace("/", " ").split())
    return next((word for word in own if word in _PLAIN - _VAGUE), None)


def _extension(url: str | None) -> str | None:
    if not url:
        return None
    try:
        name = urlsplit(url).path.rpartition("/")[2].lower()
    except ValueError:
        return None
    stem, dot, extension = name.rpartition(".")
    if not dot or not re.fullmatch(r"[a-z0-9]{2,10}", extension):
        return None
    # A page made by a program (`download.php`) says nothing of what comes out of it.
    return (_known(f"{stem.rpartition('.')[2]}.{extension}") if "." in stem else None) or _known(extension)
