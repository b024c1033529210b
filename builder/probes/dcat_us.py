"""Reads a catalogue file in the form of DCAT-US, known as `data.json`: every dataset with its files, licence and dates.

## What it asks

One file: the address as given, or, when its path is empty or ends in `/`, with `data.json` added. A source's `filter`
is the name of one publisher; the others' datasets are then left out. Then at most 30 of the distributions' addresses,
drawn by lot, each for its first bytes only.

## What it measures

A dataset is an item of `dataset` (of version 1.0 an item of the file, which is a list), a distribution an item of its
`distribution`. All counts are taken over the items as published. An identifier that occurs twice stands in the dataset
list once, and the scope says how many do.

- `dataset_count`: items of `dataset`. The file announces no total, so `announced_count` is absent.
- `distribution_count`, `datasets_without_distribution`: distributions in all; datasets without any.
- `license_ids`: how many datasets state each `license` (else that of their first distribution with one), as stated,
  markup taken out, at most 200 characters; `datasets_without_license`: datasets that state none.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open. A link to the dataset's own licence
  page, as ArcGIS Hub writes it, is a statement, but nobody can tell from it which licence that is.
- `machine_readable_share` (0 to 1): datasets with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601): the newest `modified`; a repeating interval (`R/P1D`) is no date. `modified_basis`
  is `metadata`: the file does not tell a change of data from one of its description.
- `modified_within_year_share` (0 to 1): datasets modified in the 365 days before the file was read.
- `publisher_count`: different values of `publisher.name`; `conforms_to`: `conformsTo` of the catalogue, as stated.
- `contact_share` (0 to 1): datasets that name a `contactPoint`. `described_share` (0 to 1): those that have a title,
  a description of 80 characters or more, a publisher and such a contact. Absent where none names a contact, the
  second also where none names a publisher.
- `cadence_sample_size` (datasets), `in_cadence_share` (0 to 1): those that say how often they change
  (`accrualPeriodicity`; once a day or rarer) and when they last did, and which share of them changed within twice
  that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the links drawn that told something, and which share of them
  works. Absent where none told anything.
- `mqa_points` (of 405): data.europa.eu's Metadata Quality Assessment, the file's fields standing for DCAT-AP's of
  the same name. Absent where the links told nothing.

The reading is complete when the whole file was read and it names no next page.

## What each reason means here

- `not-found`: no file at this address.
- `api-error`: an error message instead of a catalogue.
- `not-the-declared-format`: a web page, or JSON without a `dataset` list.
- `malformed`: JSON that was cut or is broken.
- `empty`: a catalogue without any dataset.

## A worked example

`{"dataset": [{"identifier": "trees", "title": "Trees", "license": "CC0-1.0", "modified": "2026-11-01",
"distribution": [{"mediaType": "text/csv", "downloadURL": "https://a.example/trees.csv"}]}]}` gives `dataset_count` 1,
`distribution_count` 1, `license_ids` `{"CC0-1.0": 1}`, `open_license_share` 1.0, `machine_readable_share` 1.0 and
`modified_latest` 2026-11-01.

## The standard

DCAT-US Schema 1.1 (resources.data.gov/resources/dcat-us), the Project Open Data metadata schema; files of its version
1.0 and of 3.0 are read too.
"""

from __future__ import annotations

from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._address import with_standard_path
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._data_json import PLACES, read_data_json

VERSION = 1
DEADLINE_SECONDS = 900


async def read(target: Target, web: Web) -> Reading:
    """Read the file and every dataset in it (of one publisher, when the target has a filter)."""
    asking = Asking(web)
    answer, capture = await asking.get(Request(with_standard_path(target.url, "data.json"), accept="application/json"))
    file = read_data_json(answer, capture, target.filter)
    return await finished_reading(
        asking, "dcat_us", target, file.entries, PLACES, file.at,
        complete=file.whole, scope=file.scope(target.filter), more=file.conforms,
    )  # fmt: skip
