"""Reads a map picture service by OGC WMS: what it is called, how many layers can be drawn, and on which terms.

## What it asks
`GetCapabilities`, once: the address with `REQUEST=GetCapabilities` and `SERVICE=WMS` where it does not say so itself.
Parameters that choose the service (`map=...`, `version=...`) are kept; those of another call (`layers=...`) are left
out. Where nothing answers to that question, the address is asked to the letter.

## What it measures
- `title`: the service's title; `version`: as the document states it, `1.1.1` or `1.3.0`.
- `layer_count`: the layers that have a name, at any depth: only those can be asked for, the others are headings.
- `fees`, `access_constraints`: the service's own words, at most 1,000 characters; absent where it says nothing.
- `license_id`: the licence recognised in those words.

The document lists every layer, so a reading of it is complete.

## What each reason means here
`ok`: the capabilities were read. `empty`: no layer has a name. `api-error`: an exception report, in its own words.
`not-the-declared-format`: a web page, a picture, or another service's capabilities. `malformed`: XML that breaks,
declares entities of its own or nests too deeply.

## A worked example
A document `<WMS_Capabilities version="1.3.0">` whose outer layer "All maps" has no name and holds the layers `noise`
and `flood` gives `version` 1.3.0 and `layer_count` 2.

## The standard
[OGC Web Map Service](https://www.ogc.org/standard/wms/) 1.1.1 and 1.3.0 (ISO 19128).
"""

from __future__ import annotations

from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._capabilities import ask, described, document
from builder.probes._xml import children, words

VERSION = 1
DEADLINE_SECONDS = 60

_ROOTS = ("WMS_Capabilities", "WMT_MS_Capabilities")
_WHAT = "a WMS capabilities document"


async def read(target: Target, web: Web) -> Reading:
    """Read what the service at the target's address can do; raises ``Unreadable`` when it does not say."""
    answer, capture = await ask(Asking(web), target.url, "WMS")
    found = document(answer, capture, _ROOTS, _WHAT)
    values = described(found)
    layers = children(found.root, "Capability", "Layer")
    named = 0
    while layers:
        named += sum(words(layer, "Name") is not None for layer in layers)
        layers = [inner for layer in layers for inner in children(layer, "Layer")]
    values["layer_count"] = found.fact(named, "//Layer[Name]")
    return Reading(
        values, complete=True, empty=not named, scope="the capabilities",
        message="" if named else "The service is in order, but no layer of it has a name to ask for.",
    )  # fmt: skip
