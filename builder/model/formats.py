"""Formats: which of the short upper-case names a program can read; a PDF is not among them."""

from __future__ import annotations

MACHINE_READABLE = frozenset({
    "API", "CSV", "TSV", "XLSX", "XLS", "ODS", "JSON", "JSONL", "NDJSON", "GEOJSON", "TOPOJSON", "JSON-LD", "XML",
    "RDF", "TTL", "N-TRIPLES", "GML", "KML", "KMZ", "GPX", "SHP", "GPKG", "GDB", "PARQUET", "GTFS", "GTFS-RT",
    "GBFS", "NETEX", "SIRI", "WFS", "WMS", "WMTS", "OGC-API", "ARCGIS", "GEOTIFF", "LAS", "CITYGML", "CITYJSON",
    "DXF", "ICAL", "RSS", "ATOM", "OCDS", "SQL", "SQLITE", "NETCDF", "GRIB", "HDF5", "DBF", "ODATA", "WCS", "MBTILES",
    "FLATGEOBUF", "3DTILES", "I3S", "GLTF", "OBJ", "COLLADA", "IFC", "SENSORTHINGS", "DATEX2", "CAP",
})  # fmt: skip


def machine_readable(formats: tuple[str, ...]) -> bool:
    """Whether at least one of a dataset's formats is one that a program can read."""
    return any(name in MACHINE_READABLE for name in formats)
