"""Finds the datasets of a DCAT-AP catalogue in a graph of RDF, and where its next page is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from builder.model.observation import Measurement
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import Distribution, Entry, Places, entry_id
from builder.probes._formats import format_name
from builder.probes._json import count, phrase
from builder.probes._licences import licence_id, stated_licence
from builder.probes._rdf import Blank, Iri, Statements, Term, Words
from builder.probes._text import clean, on_one_line

PLACES = Places(
    datasets="dcat:Dataset",
    distributions="dcat:Dataset/dcat:distribution",
    licence="dcat:Dataset/(dcat:distribution/)dct:license",
    publisher="dcat:Dataset/dct:publisher",
    data_modified="dcat:Dataset/dct:modified",
    metadata_modified="dcat:Dataset/dct:modified",
    announced="hydra:totalItems",
)
_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_NAMES = ("foaf:name", "skos:prefLabel", "rdfs:label", "dct:title", "vcard:fn", "rdf:value")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One page of a catalogue: its datasets sorted by address, what it announces and the address of its next page."""

    entries: list[Entry]
    announced: int | None
    next_url: str | None
    conforms: dict[str, Measurement]
    is_catalogue: bool
    of_catalogue: bool


def read_catalogue(said: Statements, capture: int, page_url: str) -> Catalogue:
    """Read one page; ``page_url`` is its own address, by which it is known among the pages it may speak of.

    ``is_catalogue`` is False where the statements hold neither a catalogue nor a dataset; ``of_catalogue`` where they
    name no catalogue and announce no total: one dataset's own page says nothing of the others.
    """
    view = _View(said)
    nodes = set(view.subjects("dcat:Dataset"))
    listed = (node for node in view.all_objects("dcat:dataset") if not isinstance(node, Words))
    nodes |= {node for node in listed if view.has(node, "dct:title")}
    catalogs = view.subjects("dcat:Catalog")
    entries = sorted((_entry(view, node, capture) for node in nodes), key=lambda entry: entry.id)
    totals = [number for item in view.all_objects("hydra:totalItems") if (number := count(str(item))) is not None]
    conforms = sorted({clean(str(item)) for node in catalogs for item in view.objects(node, "dct:conformsTo")})
    more = {}
    if conforms and conforms[0]:
        value = conforms[0] if len(conforms) == 1 else conforms
        more["conforms_to"] = Measurement(value=value, pointer="dcat:Catalog/dct:conformsTo", capture=capture)
    return Catalogue(
        entries=entries,
        announced=max(totals, default=None),
        next_url=_next_url(view, page_url),
        conforms=more,
        is_catalogue=bool(nodes or catalogs),
        of_catalogue=bool(catalogs or totals),
    )


class _View:
    """Statements asked by short names: `dct:title`."""

    def __init__(self, said: Statements) -> None:
        self._said = said

    def subjects(self, kind: str) -> list[Iri | Blank]:
        """Everything of this class."""
        own, wanted = _iri("rdf:type"), _iri(kind)
        return [node for node, properties in self._said.items() if wanted in properties.get(own, ())]

    def objects(self, node: Term, *names: str) -> list[Term]:
        """What is said of a node under any of these names, in a stable order."""
        if isinstance(node, Words):
            return []
        properties = self._said.get(node, {})
        return sorted(item for name in names for item in properties.get(_iri(name), ()))

    def all_objects(self, name: str) -> list[Term]:
        """What is said of anything under this name."""
        wanted = _iri(name)
        return sorted(item for properties in self._said.values() for item in properties.get(wanted, ()))

    def has(self, node: Term, *names: str) -> bool:
        """Whether a node says anything under one of these names."""
        return any(str(item).strip() for item in self.objects(node, *names))

    def words(self, node: Term, *names: str) -> str | None:
        """A text in English where there is one, else the first by its language; a node's own name counts as text."""
        said: dict[str, str] = {}
        for item in self.objects(node, *names):
            if words := self.name(item):
                said.setdefault(_language(item), words)
        return phrase(said)

    def name(self, node: Term) -> str | None:
        """The words of a literal; of a node the name that the graph gives it, else its address."""
        if isinstance(node, Words):
            return str(node).strip() or None
        named = [item for item in self.objects(node, *_NAMES) if isinstance(item, Words)]
        if named:
            return phrase({item.language: str(item) for item in reversed(named)})
        return str(node) if isinstance(node, Iri) else None

    def address(self, node: Term, *names: str) -> str | None:
        """The first address under these names, whether written as one or as plain words."""
        found = (str(item).strip() for item in self.objects(node, *names) if not isinstance(item, Blank))
        return next((url for url in found if url), None)

    def stable(self, node: Iri | Blank) -> dict[str, Any]:
        """What a node without an address says, apart from other such nodes: enough to know it by next time."""
        properties = self._said.get(node, {})
        pairs = (
            [name, str(item)] for name, items in properties.items() for item in items if not isinstance(item, Blank)
        )
        return {"said": sorted(pairs)}


def _entry(view: _View, node: Iri | Blank, capture: int) -> Entry:
    stated_id = str(node) if isinstance(node, Iri) else view.words(node, "dct:identifier")
    files = view.objects(node, "dcat:distribution")
    licences = [_licence(view, item) for item in (node, *files)]
    licence = next((statement for statement in licences if statement), ())
    distributions = tuple(
        _distribution(view, file, bool(own or licences[0])) for file, own in zip(files, licences[1:], strict=True)
    )
    pages = (view.address(node, "dcat:landingPage"), stated_id)
    return Entry(
        id=entry_id(stated_id, view.stable(node)),
        title=view.words(node, "dct:title") or "",
        pointer=f"<{clean(stated_id, 500)}>" if stated_id else "dcat:Dataset without an address",
        capture=capture,
        formats=tuple(_format(file) for file in distributions),
        keywords=tuple(str(word) for word in view.objects(node, "dcat:keyword")),
        themes=tuple(name for item in view.objects(node, "dcat:theme") if (name := _tail(view.name(item)))),
        stated=stated_licence(*reversed(licence)),
        licence=licence_id(*licence),
        metadata_modified=_newest(view.objects(node, "dct:modified")),
        frequency=_frequency(view.words(node, "dct:accrualPeriodicity")),
        url=next((page for page in pages if page and page.startswith(("http://", "https://"))), None),
        publisher=view.words(node, "dct:publisher"),
        has_contact=view.has(node, "dcat:contactPoint", "adms:contactPoint"),
        description=on_one_line(view.words(node, "dct:description")),
        distributions=distributions,
        access_rights=view.address(node, "dct:accessRights"),
        has_spatial=view.has(node, "dct:spatial"),
        has_temporal=view.has(node, "dct:temporal"),
        has_issued=_newest(view.objects(node, "dct:issued")) is not None,
    )


def _distribution(view: _View, node: Term, has_licence: bool) -> Distribution:
    media_type = view.words(node, "dcat:mediaType") or next(
        (str(value) for item in view.objects(node, "dct:format") for value in view.objects(item, "rdf:value")), None
    )
    return Distribution(
        # ArcGIS Hub's feed of DCAT-AP 2.0.1 spells it with a small l.
        access=view.address(node, "dcat:accessURL", "dcat:accessUrl"),
        download=view.address(node, "dcat:downloadURL", "dcat:downloadUrl"),
        format=_format_words(view, node),
        media_type=media_type,
        has_licence=has_licence,
        has_rights=view.has(node, "dct:rights"),
        has_size=view.has(node, "dcat:byteSize"),
    )


def _format_words(view: _View, node: Term) -> str | None:
    """A format's name in the graph, else its address in a vocabulary, else its words."""
    for item in view.objects(node, "dct:format"):
        labels = [str(label) for label in view.objects(item, "rdfs:label", "skos:prefLabel")]
        if words := next(iter(labels), None) or view.name(item):
            return words
    return None


def _format(file: Distribution) -> str | None:
    return format_name(file.format, file.media_type, file.download or file.access)


def _licence(view: _View, node: Term) -> tuple[str, ...]:
    """A licence's address and name, as far as they are stated; empty where none is."""
    for item in view.objects(node, "dct:license"):
        words = (str(item) if isinstance(item, Iri) else "", view.name(item) or "")
        if any(words):
            return tuple(dict.fromkeys(part for part in words if part.strip()))
    return ()


def _newest(values: Iterable[Term]) -> Moment | None:
    moments = (moment for value in values if (moment := read_date(str(value))))
    return max(moments, key=lambda moment: moment.instant, default=None)


def _tail(words: str | None) -> str | None:
    """The last part of a vocabulary's address (`.../frequency/MONTHLY`), other words as they are."""
    if words and re.fullmatch(r"https?://\S+", words):
        return re.split(r"[/#]", words.rstrip("/#"))[-1] or None
    return words


def _frequency(words: str | None) -> str | None:
    """The vocabularies' code (`MONTHLY`) or the publisher's words; an address that only names a node says nothing."""
    if words and words.startswith(("http://", "https://")) and not re.search(r"/(frequency|freq)/[\w-]+/?$", words):
        return None
    return _tail(words)


def _next_url(view: _View, page_url: str) -> str | None:
    """The next page as stated; where only the last one is and pages are numbered, the number after this page's."""
    if stated := next(
        (str(item) for item in view.all_objects("hydra:next") + view.all_objects("hydra:nextPage")), None
    ):
        return stated
    last = next((str(item) for item in view.all_objects("hydra:last") + view.all_objects("hydra:lastPage")), None)
    if last is None:
        return None
    here, end = _page_number(page_url), _page_number(last)
    if end is None or (here or 1) >= end:
        return None
    try:
        parts = urlsplit(last)
    except ValueError:
        return None
    query = {**parse_qs(parts.query), "page": [str((here or 1) + 1)]}
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def _page_number(url: str) -> int | None:
    try:
        return count(parse_qs(urlsplit(url).query).get("page", [""])[0])
    except ValueError:
        return None


def _language(item: Term) -> str:
    return item.language if isinstance(item, Words) else ""


@lru_cache(maxsize=256)
def _iri(name: str) -> Iri:
    prefix, _, local = name.partition(":")
    return Iri(_PREFIXES[prefix] + local)
