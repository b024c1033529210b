"""Reads an open data site that runs ArcGIS Hub, by the catalogue feeds it makes: its datasets, their files and dates.

## What it asks

The first of these feeds that the site has: `<site>/api/feed/dcat-us/1.1.json`, `<site>/data.json` (sites before 2022),
`<site>/api/feed/dcat-ap/2.0.1.json`, `.../2.1.1.json`, `.../3.0.0.json`. The next is asked only where the one before it
was no feed; after a refusal or a silence none is. An address with a path of its own is read as given, and the bytes
decide whether it is DCAT-US or DCAT-AP. A source's `filter` is the name of one publisher; the others' datasets are left
out. Then at most 30 of the distributions' addresses, drawn by lot, each for its first bytes only.

## What it measures

A dataset is an entry of the feed: a table or map layer, and whatever else the site lists as data.

- `dataset_count` (datasets): as listed. The feeds announce no total, so `announced_count` is absent.
- `distribution_count`, `datasets_without_distribution`: distributions in all (a Hub lists its own web page as one of
  them); datasets without any.
- `license_ids`: how many datasets state each licence, as stated: Hubs write it as a piece of a web page, whose words
  are kept without markup, at most 200 characters, or as a link to the dataset's own licence page;
  `datasets_without_license`: datasets that state none.
- `open_license_share` (0 to 1): datasets whose licence is recognised as open in those words. From a link to a licence
  page of its own nobody can tell which licence that is.
- `machine_readable_share` (0 to 1): datasets with at least one distribution in a format that programs read.
- `modified_latest` (ISO 8601, UTC): the newest `modified`; `modified_basis` is `metadata`: a Hub does not say whether
  the data or its description changed.
- `modified_within_year_share` (0 to 1): datasets so modified in the 365 days before the feed was read.
- `publisher_count`: different publishers by name; `conforms_to`: the profile that the feed names.
- `contact_share` (0 to 1): datasets that name a contact point. `described_share` (0 to 1): those that have a title, a
  description of 80 characters or more, a publisher and such a contact. Absent where none names a contact, the second
  also where none names a publisher.
- `cadence_sample_size` (datasets), `in_cadence_share` (0 to 1): those that say how often they change
  (`accrualPeriodicity`; once a day or rarer) and when they last did, and which share of them changed within twice
  that span before it was read. Absent where there are none.
- `link_sample_size`, `link_working_share` (0 to 1): the links drawn that told something, and which share of them
  works. Absent where none told anything.
- `mqa_points` (of 405): data.europa.eu's Metadata Quality Assessment. Absent where the links told nothing.

The reading is complete when a whole feed was read.

## What each reason means here

`ok`: a feed was read. `empty`: it lists no dataset. `not-found`: the site has none of the feeds. `api-error`: an error
message instead of a feed. `not-the-declared-format`: a web page, or JSON that is no catalogue. `malformed`: a feed that
was cut or is broken. What is told is the first feed's fault.

## A worked example

`{"dataset": [{"identifier": "https://www.arcgis.com/home/item.html?id=1", "title": "Trees", "license":
"<p>CC BY 4.0</p>", "modified": "2026-11-01T09:00:00.000Z", "distribution": [{"title": "CSV", "mediaType": "text/csv",
"accessURL": "https://a.example/api/download/v1/items/1/csv"}]}]}` gives `dataset_count` 1, `license_ids`
`{"CC BY 4.0": 1}`, `open_license_share` 1.0 and `modified_latest` 2026-11-01T09:00:00Z.

## The standard

[ArcGIS Hub feeds](https://developers.arcgis.com/hub/services/feeds/): DCAT-US Schema 1.1, DCAT-AP 2.0.1 to 3.0.
"""

from __future__ import annotations

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes import _data_json, _dcat_graph
from builder.probes._address import split, with_standard_path
from builder.probes._asking import Asking
from builder.probes._catalogue import finished_reading
from builder.probes._data_json import read_data_json
from builder.probes._dcat_pages import read_dcat_pages
from builder.probes._json import mapping, read_object
from builder.probes._paging import how_much

VERSION = 1
DEADLINE_SECONDS = 900

_FEEDS = (
    "api/feed/dcat-us/1.1.json", "data.json", "api/feed/dcat-ap/2.0.1.json", "api/feed/dcat-ap/2.1.1.json",
    "api/feed/dcat-ap/3.0.0.json",
)  # fmt: skip
# After these another feed may still be there; after all others the site told us to stay away, or nothing at all. That
# nobody recorded the first feed does not say that the site had none: an older file may be of other software.
_NO_FEED = frozenset({
    Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR, Reason.SERVER_ERROR, Reason.API_ERROR, Reason.MALFORMED,
    Reason.NOT_THE_DECLARED_FORMAT,
})  # fmt: skip


async def read(target: Target, web: Web) -> Reading:
    """Read the first feed that the site has (of one publisher, when the target has a filter)."""
    asking = Asking(web)
    path = split(target.url).path
    feeds = _FEEDS if not path or path.endswith("/") else _FEEDS[:1]
    told: Unreadable | None = None
    for feed in feeds:
        try:
            answer, capture = await asking.get(Request(with_standard_path(target.url, feed), accept="application/json"))
            return await _reading(asking, target, answer, capture)
        except Unreadable as fault:
            told = told or fault
            if fault.reason not in _NO_FEED:
                break
    assert told is not None  # the loop ran at least once
    raise told


async def _reading(asking: Asking, target: Target, answer: Answer, capture: int) -> Reading:
    if _is_dcat_ap(answer):
        pages, conforms = await read_dcat_pages(asking, answer, capture, target.filter)
        whose = f" of the publisher {target.filter!r}" if target.filter else ""
        return await finished_reading(
            asking, "arcgis_hub", target, pages.entries, _dcat_graph.PLACES, pages.at,
            complete=pages.complete, scope=how_much(pages) + whose, announced=pages.announced, more=conforms,
        )  # fmt: skip
    file = read_data_json(answer, capture, target.filter)
    return await finished_reading(
        asking, "arcgis_hub", target, file.entries, _data_json.PLACES, file.at,
        complete=file.whole, scope=file.scope(target.filter), more=file.conforms,
    )  # fmt: skip


def _is_dcat_ap(answer: Answer) -> bool:
    """Whether this is JSON-LD with a context of its own, as Hubs write DCAT-AP; DCAT-US names its context by a link."""
    data = read_object(answer)
    return "dataset" not in data and ("@graph" in data or bool(mapping(data.get("@context"))))
