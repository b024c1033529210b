"""Gives a catalogue the points of data.europa.eu's Metadata Quality Assessment: 405 at most, in five dimensions.

Each line is a share of all datasets or of all distributions, times its weight
([methodology](https://data.europa.eu/mqa/methodology)):

| Dimension | Points for |
|---|---|
| findability, 100 | datasets with keywords 30, themes 30, a place 20, a period 20 |
| accessibility, 100 | distributions whose accessURL answers 50, with a downloadURL 20, whose downloadURL answers 30 |
| interoperability, 110 | distributions with a format 20, a media type 10, both from a vocabulary 10, in a non-proprietary format 20, in a machine-readable format 20; datasets with DCAT-AP's mandatory properties 30 |
| reusability, 75 | distributions with a licence 20, a known one 10; datasets with access rights 10, from the vocabulary 5, a contact 20, a publisher 10 |
| contextuality, 20 | distributions with rights 5, a size 5; datasets with a date of issue 5, of change 5 |

Two lines of accessibility (80 points) need link checks: they are the share that states such an address times the share
that works in the sample of ``_links``. Where a sample tells nothing of a kind of address that is stated, there are no
points at all rather than low ones; the same where the interface does not list addresses, or was not read to its end.

Where ours differs from the original: validity is judged by the mandatory properties of DCAT-AP 2 alone (a dataset's
title and description, an accessURL of each distribution) and not by all its shapes; a licence counts as known when we
recognise it, as a distribution's own when only its dataset states it; and where a portal's own interface was read, its
fields stand for DCAT-AP's by their meaning, a format's plain name (`CSV`) counting as the vocabulary's entry. The
format lists are the original's (edp-vocabularies).
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from builder.probes._dcat import Distribution, Entry
from builder.probes._formats import format_name
from builder.probes._links import Sample, addresses

MOST_POINTS = 405

_NON_PROPRIETARY = frozenset({
    "BMP", "CSV", "DBF", "GEOJSON", "GZIP", "HTML", "ICAL", "JPEG2000", "JSON", "JSON-LD", "KML", "KMZ", "N-TRIPLES",
    "NETCDF", "ODS", "PNG", "RDF", "RSS", "RTF", "TIFF", "TSV", "TTL", "TXT", "WMS", "XML", "ZIP",
})  # fmt: skip
_MACHINE_READABLE = frozenset({
    "CSV", "GEOJSON", "ICAL", "JSON", "JSON-LD", "KML", "KMZ", "N-TRIPLES", "NETCDF", "ODS", "RDF", "RSS", "SHP", "TTL",
    "XLS", "XLSX", "XML",
})  # fmt: skip
# Names of the Publications Office's file types beyond those two lists, as far as catalogues use them.
_FILE_TYPES = _NON_PROPRIETARY | _MACHINE_READABLE | {
    "ATOM", "DOC", "DWG", "DXF", "GDB", "GML", "GPKG", "JPEG", "LAS", "ODT", "PDF", "PPT", "SQL", "SVG", "WFS", "WMTS",
}  # fmt: skip
_FILE_TYPE_LINK = re.compile(r"https?://publications\.europa\.eu/resource/authority/file-type/\w+")
_MEDIA_TYPE = re.compile(
    r"(https?://www\.iana\.org/assignments/media-types/)?"
    r"(application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+",
    re.IGNORECASE,
)
_ACCESS_RIGHT = re.compile(
    r"(https?://publications\.europa\.eu/resource/authority/access-right/)?(public|restricted|non[-_ ]public)",
    re.IGNORECASE,
)


def mqa_points(entries: Sequence[Entry], sample: Sample) -> float | None:
    """Points of 405, one digit after the point; None where a dimension could not be measured.

    ``entries`` is the whole catalogue and not empty, ``sample`` what its links told.
    """
    if any(entry.distributions is None for entry in entries):
        return None
    files = [(entry, file) for entry in entries for file in entry.distributions or ()]
    accessible = _accessibility([file for _, file in files], sample)
    if accessible is None:
        return None

    def datasets(test: Callable[[Entry], object]) -> float:
        return _share([bool(test(entry)) for entry in entries])

    def distributions(test: Callable[[Entry, Distribution], object]) -> float:
        return _share([bool(test(entry, file)) for entry, file in files])

    findable = (
        30 * datasets(lambda entry: entry.keywords)
        + 30 * datasets(lambda entry: entry.themes)
        + 20 * datasets(lambda entry: entry.has_spatial)
        + 20 * datasets(lambda entry: entry.has_temporal)
    )
    interoperable = (
        20 * distributions(lambda _, file: file.format)
        + 10 * distributions(lambda _, file: file.media_type)
        + 5 * distributions(lambda _, file: _known_format(file))
        + 5 * distributions(lambda _, file: _MEDIA_TYPE.fullmatch(_bare(file.media_type)))
        + 20 * distributions(lambda _, file: format_name(file.format) in _NON_PROPRIETARY)
        + 20 * distributions(lambda _, file: format_name(file.format) in _MACHINE_READABLE)
        + 30 * datasets(_valid)
    )
    reusable = (
        20 * distributions(lambda _, file: file.has_licence)
        + 10 * distributions(lambda entry, file: file.has_licence and entry.licence)
        + 10 * datasets(lambda entry: entry.access_rights)
        + 5 * datasets(lambda entry: _ACCESS_RIGHT.fullmatch((entry.access_rights or "").strip()))
        + 20 * datasets(lambda entry: entry.has_contact)
        + 10 * datasets(lambda entry: entry.publisher)
    )
    contextual = (
        5 * distributions(lambda _, file: file.has_rights)
        + 5 * distributions(lambda _, file: file.has_size)
        + 5 * datasets(lambda entry: entry.has_issued)
        + 5 * datasets(lambda entry: entry.modified)
    )
    return round(findable + accessible + interoperable + reusable + contextual, 1)


def _accessibility(files: Sequence[Distribution], sample: Sample) -> float | None:
    points = 20 * _share([file.download is not None for file in files])
    for weight, stated in ((50, [file.access for file in files]), (30, [file.download for file in files])):
        share = _share([url is not None for url in stated])
        if not share:
            continue
        working = sample.working_share(addresses(stated))
        if working is None:
            return None
        points += weight * share * working
    return points


def _share(tests: Sequence[bool]) -> float:
    return sum(tests) / len(tests) if tests else 0.0


def _known_format(file: Distribution) -> bool:
    return bool(file.format and _FILE_TYPE_LINK.fullmatch(file.format)) or format_name(file.format) in _FILE_TYPES


def _bare(media_type: str | None) -> str:
    return (media_type or "").partition(";")[0].strip()


def _valid(entry: Entry) -> bool:
    return bool(entry.title and entry.description and all(file.access for file in entry.distributions or ()))
