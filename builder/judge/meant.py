"""What an address means in a city: one of its sources, a dataset in one of its catalogues, or nothing that we know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from builder.model.catalogue import Dataset
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.scorecard import Thing
from builder.model.source import Source

# How an address itself says what is behind it: what follows the host, and the parameters of its query.
_BY_PATH = (
    (r"/gbfs(\.json)?/?$", "gbfs"),
    (r"\.ics$", "ical"),
    (r"/\.well-known/security\.txt$", "security_txt"),
    (r"/api/(3/)?action/", "ckan"),
    (r"/api/(explore|records|datasets)/(v?[\d.]+|1\.0)", "opendatasoft"),
    (r"/data\.json$", "dcat_us"),
    (r"/datapackage\.json$", "datapackage"),
    (r"/catalog\.(rdf|ttl|jsonld|xml)$", "dcat_ap"),
    (r"gtfs[^/]*\.zip$", "gtfs"),
    (r"/netex[^/]*\.zip$", "netex"),
    (r"/open311/|/services\.(json|xml)$", "open311"),
    (r"/v1\.[01]/(things|datastreams)\b", "sensorthings"),
    (r"\.(rss|atom)$", "feed"),
)
_BY_HOST = ((r"^webapi\.legistar\.com$", "legistar"), (r"^(github|gitlab)\.com$", "source_code"))


def meant(url: str, sources: Sequence[Source], datasets: Mapping[str, Sequence[Dataset]]) -> list[Thing]:
    """Everything that an address may mean, one thing where it is clear; ``datasets`` go by the source's key.

    A dataset is meant by the address of its page; on the host of that page or of its catalogue also by an address with
    its id, or the last part of that page's, in its path. A list that holds it twice, in two catalogues, gives two.
    """
    asked = _plain(url)
    found = [Thing(one) for one in sources if _plain(one.url) == asked]
    if found:
        return found
    lists = [
        (source, one)
        for source in sources
        if source.kind in CATALOGUE_KINDS
        for one in datasets.get(source.key, ())
        if one.gone_since is None
    ]
    exact = [Thing(source, one) for source, one in lists if one.url and _plain(one.url) == asked]
    if exact:
        return exact
    host, parts = _host(url), set(_parts(url))
    return [
        Thing(source, one)
        for source, one in lists
        if host in (_host(one.url or ""), _host(source.url)) and parts & _names(one)
    ]


def catalogues_at(url: str, sources: Iterable[Source]) -> list[Source]:
    """The catalogues of a city on the host of an address."""
    return [one for one in sources if one.kind in CATALOGUE_KINDS and _host(one.url) == _host(url)]


def kind_of(url: str) -> str:
    """The kind of source that an address says it is by itself; what says nothing is a page.

    >>> kind_of("https://maps.example.org/ows?service=WFS&request=GetCapabilities"), kind_of("https://example.org/buses")
    ('wfs', 'webpage')
    """
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() == "service" and value.lower() in ("wfs", "wms"):
            return value.lower()
    path, host = unquote(parts.path).lower(), _host(url)
    return next(
        (kind for pattern, kind in _BY_PATH if re.search(pattern, path)),
        next((kind for pattern, kind in _BY_HOST if re.search(pattern, host)), "webpage"),
    )


def _plain(url: str) -> tuple[str, str, str]:
    """An address without what makes no difference: scheme, `www`, a slash at the end, the part after the #."""
    parts = urlsplit(url)
    return _host(url), unquote(parts.path).rstrip("/"), parts.query


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _parts(url: str) -> Iterator[str]:
    """The parts of a path, each also without its ending."""
    for part in unquote(urlsplit(url).path).split("/"):
        if part:
            yield part
            yield part.rpartition(".")[0] or part


def _names(dataset: Dataset) -> set[str]:
    """The id, and the last part of the page's path, unless that is no more than a word that any page may have."""
    last = urlsplit(dataset.url or "").path.rstrip("/").rpartition("/")[2]
    return {name for name in (dataset.id, unquote(last)) if re.search(r"[\d_-]", name) and len(name) >= 4}
