"""Reads a map data service by OGC WFS: what it is called, which feature types it offers, and on which terms.

## What it asks
`GetCapabilities`, once: the address with `REQUEST=GetCapabilities` and `SERVICE=WFS` where it does not say so itself.
Parameters that choose the service (`map=...`, `version=...`) are kept; those of another call (`typeName=...`) are left
out. Where nothing answers to that question, the address is asked to the letter. A server that answers with features
instead (GML or GeoJSON, a `GetFeature`) is read for what they say.

## What it measures
- `title`: the service's title; `version`: as the document states it, `1.0.0` to `2.0.2`.
- `feature_type_count`: the feature types listed.
- `fees`, `access_constraints`: the service's own words, at most 1,000 characters; absent where it says nothing.
- `license_id`: the licence recognised in those words.
- `feature_count`: of a `GetFeature` answer only: the number that matched (`numberMatched`, in 1.1 `numberOfFeatures`),
  else the features in the answer. `response_timestamp` (instant, UTC): when the service made it.

The reading is complete when the list of feature types was there, or as many features as matched.

## What each reason means here
`ok`: capabilities or features were read. `empty`: no feature type, or no feature. `api-error`: an exception report, in
its own words. `not-the-declared-format`: a web page, or another service's capabilities. `malformed`: XML that breaks,
declares entities of its own or nests too deeply.

## A worked example
A document `<WFS_Capabilities version="2.0.0">` with the title "Trees and parks", two `FeatureType` and the
`AccessConstraints` "https://creativecommons.org/licenses/by/4.0/" gives `version` 2.0.0, `feature_type_count` 2 and
`license_id` CC-BY-4.0.

## The standard
[OGC Web Feature Service](https://www.ogc.org/standard/wfs/) 1.0.0, 1.1.0 and 2.0 (ISO 19142).
"""

from __future__ import annotations

from builder.model.capture import Answer
from builder.model.observation import Measurement, Reading, Target
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._capabilities import Document, ask, described, document
from builder.probes._dates import read_date
from builder.probes._json import count, not_what_was_asked, read_object, records
from builder.probes._xml import child, children, local_name

VERSION = 1
DEADLINE_SECONDS = 60

_WHAT = "a WFS capabilities document"


async def read(target: Target, web: Web) -> Reading:
    """Read what the service at the target's address can do; raises ``Unreadable`` when it does not say."""
    answer, capture = await ask(Asking(web), target.url, "WFS")
    if answer.body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _geojson(answer, capture)
    found = document(answer, capture, ("WFS_Capabilities", "FeatureCollection"), _WHAT)
    return _capabilities(found) if local_name(found.root) == "WFS_Capabilities" else _gml(found)


def _capabilities(found: Document) -> Reading:
    values = described(found)
    types = child(found.root, "FeatureTypeList")
    if types is None:
        return Reading(values, complete=False, scope="the capabilities, which list no feature types")
    listed = len(children(types, "FeatureType"))
    values["feature_type_count"] = found.fact(listed, "/WFS_Capabilities/FeatureTypeList/FeatureType")
    return Reading(
        values, complete=True, empty=not listed, scope="the capabilities",
        message="" if listed else "The service is in order, but lists no feature type.",
    )  # fmt: skip


def _gml(found: Document) -> Reading:
    root = found.root
    members = len(children(root, "featureMember")) + len(children(root, "member"))
    members += sum(len(one) for one in children(root, "featureMembers"))
    values = {}
    for name in ("numberMatched", "numberOfFeatures"):
        if "feature_count" not in values and (number := count(root.get(name))) is not None:
            values["feature_count"] = found.fact(number, f"/FeatureCollection/@{name}")
    values.setdefault("feature_count", found.fact(members, "/FeatureCollection/*"))
    if made := read_date(root.get("timeStamp")):
        values["response_timestamp"] = found.fact(made.iso, "/FeatureCollection/@timeStamp")
    return _features(values, members)


def _geojson(answer: Answer, capture: int) -> Reading:
    content = read_object(answer)
    if not isinstance(content.get("features"), list):
        raise not_what_was_asked(answer, content, "features, and a WFS answers with XML or with features")
    members = len(records(content["features"]))
    matched = next(
        (n for key in ("numberMatched", "totalFeatures") if (n := count(content.get(key))) is not None), None
    )
    number, where = (members, "$.features") if matched is None else (matched, "$.numberMatched")
    values = {"feature_count": Measurement(value=number, pointer=where, capture=capture)}
    if made := read_date(content.get("timeStamp")):
        values["response_timestamp"] = Measurement(value=made.iso, pointer="$.timeStamp", capture=capture)
    return _features(values, members)


def _features(values: dict[str, Measurement], members: int) -> Reading:
    number = values["feature_count"].value
    assert isinstance(number, int)
    complete = members >= number
    return Reading(
        values, complete=complete, empty=number == 0,
        scope=f"features only: {'all' if complete else f'{members:,} of'} {number:,}",
        message="" if number else "The answer is in order, but holds no feature.",
    )  # fmt: skip
