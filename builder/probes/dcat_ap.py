"""Reads a catalogue published as DCAT-AP in RDF/XML, Turtle or JSON-LD: its datasets, files, licences and dates.

## What it asks

The address as given; where its path is empty or ends in `/`, `catalog.rdf` is added, and where nothing is there,
`catalog.ttl` and `catalog.jsonld`. The bytes decide which form it is, whatever the server calls it. Then page after
page, as each names the next (`hydra:next`, `hydra:nextPage`; where only `hydra:last` is stated, by number), always at
the server that gave the first. A source's `filter` is the name of one publisher; the others' datasets are left out.
At last at most 30 of the distributions' addresses, drawn by lot, each for its first bytes only.

Nothing else is asked: JSON-LD whose context lies at another address is not read, and neither is XML that declares
entities. A page may have 32 MB and 200,000 statements.

## What it measures

A dataset is a `dcat:Dataset`, a distribution what its `dcat:distribution` names.

- `dataset_count` (datasets): as listed; `announced_count`: `hydra:totalItems`, absent where none is stated.
- `distribution_count`, `datasets_without_distribution`: distributions in all; datasets without any.
- `license_ids`: how many datasets state each `dct:license` (else that of their first distribution with one), by its
  name in the catalogue, else its address; `datasets_without_license`: datasets that state none. `dct:rights` is prose
  about rights and no licence.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open.
- `machine_readable_share` (0 to 1): datasets with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `dct:modified` of a dataset; `modified_basis` is `metadata`, because
  the profile does not tell a change of data from one of its description.
- `modified_within_year_share` (0 to 1): datasets so modified in the 365 days before the catalogue was read.
- `publisher_count`: different `dct:publisher`, by name; `conforms_to`: `dct:conformsTo` of the catalogue.
- `contact_share` (0 to 1): datasets that name a `dcat:contactPoint`. `described_share` (0 to 1): those that have a
  title, a description of 80 characters or more, a publisher and such a contact. Absent where none names a contact,
  the second also where none names a publisher.
- `cadence_sample_size` (datasets), `in_cadence_share` (0 to 1): those that say how often they change
  (`dct:accrualPeriodicity`; once a day or rarer) and when they last did, and which share of them changed within twice
  that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the links drawn that told something, and which share of them
  works. Absent where none told anything.
- `mqa_points` (of 405): data.europa.eu's Metadata Quality Assessment. Absent where the links told nothing, and where
  the catalogue was not read to its end.

The reading is complete when as many different datasets were read as announced; where nothing is announced, when the
last page was reached. Datasets without a catalogue, such as the page of one dataset, are never known to be all.

## What each reason means here

`ok`: a catalogue was read. `empty`: it lists no dataset. `not-the-declared-format`: a web page, a file of DCAT-US, or
RDF without a catalogue or dataset. `api-error`: an error in JSON in its place. `malformed`: RDF that was cut or is
broken, XML that declares entities, or datasets announced and none listed. `too-large`: a page beyond the bounds.
`blocked-address`: JSON-LD that takes its meaning from an address that we do not ask. All others are those of the
exchange for the first page.

## A worked example

    <https://a.example/> a dcat:Catalog ; dcat:dataset <https://a.example/trees> .
    <https://a.example/trees> a dcat:Dataset ; dct:title "Trees" ; dct:modified "2026-11-01" ;
        dct:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
        dcat:distribution [ dcat:accessURL <https://a.example/trees.csv> ; dct:format "CSV" ] .

gives `dataset_count` 1, `distribution_count` 1, `open_license_share` 1.0, `machine_readable_share` 1.0 and
`modified_latest` 2026-11-01, found under `<https://a.example/trees>/dct:modified`.

## The standard

[DCAT-AP](https://semiceu.github.io/DCAT-AP/) 1.1 to 3.0 and [DCAT 3](https://www.w3.org/TR/vocab-dcat-3/); paging by
the [Hydra core vocabulary](https://www.hydra-cg.com/spec/latest/core/).
"""

from __future__ import annotations

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split, with_standard_path
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._dcat_graph import PLACES
from builder.probes._dcat_pages import read_dcat_pages
from builder.probes._paging import how_much
from builder.probes._rdf import ACCEPT, LIMIT_BYTES

VERSION = 1
DEADLINE_SECONDS = 900

_FILES = ("catalog.rdf", "catalog.ttl", "catalog.jsonld")
_NOT_HERE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR})


async def read(target: Target, web: Web) -> Reading:
    """Read every page of the catalogue (of one publisher, when the target has a filter)."""
    asking = Asking(web)
    answer, capture = await _first(asking, target.url)
    pages, conforms = await read_dcat_pages(asking, answer, capture, target.filter)
    whose = f"of the publisher {target.filter!r}" if target.filter else ""
    return await finished_reading(
        asking, "dcat_ap", target, pages.entries, PLACES, pages.at,
        complete=pages.complete, scope=f"{how_much(pages)} {whose}".rstrip(), announced=pages.announced, more=conforms,
    )  # fmt: skip


async def _first(asking: Asking, url: str) -> tuple[Answer, int]:
    """The first page: at the address as given, or at the first of the standard names where something is."""
    names = _FILES if split(url).path in ("", "/") or split(url).path.endswith("/") else _FILES[:1]
    first_fault: Unreadable | None = None
    for name in names:
        try:
            request = Request(with_standard_path(url, name), accept=ACCEPT, limit_bytes=LIMIT_BYTES)
            return await asking.get(request)
        except Unreadable as fault:
            first_fault = first_fault or fault
            if fault.reason not in _NOT_HERE:
                break
    assert first_fault is not None  # the loop ran at least once
    raise first_fault
