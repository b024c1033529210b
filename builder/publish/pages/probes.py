"""The reference of probes: for each kind of source how it is read, generated from the docstring of its probe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc

from builder.model.kinds import KINDS, Kind
from builder.model.observation import Probe
from builder.probes import discover
from builder.publish import words
from builder.publish.markdown import render
from builder.publish.page import Page, Site

ADDRESS = "method/probes/"
HEADINGS = ("What it asks", "What it measures", "What each reason means here", "A worked example", "The standard")
_RUN_IN = re.compile(rf"^\*\*({'|'.join(HEADINGS)})\.\*\*\s*", re.MULTILINE)

# The families in plain words, in the order in which the kinds stand.
FAMILIES = {
    "catalogue": "Open data catalogues",
    "transit": "Getting around",
    "streets": "Streets",
    "sensors": "Sensors and air",
    "maps": "Maps",
    "services": "Service requests",
    "money": "Money",
    "democracy": "Having a say",
    "trust": "Trust",
}


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind in the list: its words, whether we read it, and how many known sources are of it."""

    id: str
    words: str
    caption: str
    readable: bool
    sources: str


def pages(site: Site) -> Iterator[Page]:
    """The list of all kinds, and one page for each."""
    probes = discover()
    counts = _counts(site)
    rows = {kind.id: _row(kind, probes.get(kind.id), counts[kind.id]) for kind in KINDS.values()}
    yield Page(
        path=ADDRESS,
        frame="probes",
        title="Probes",
        description="Every kind of public source, and how Cityproof reads it: what is asked, measured and refused.",
        template="probes.html",
        context={
            "families": [
                (name, [rows[kind.id] for kind in KINDS.values() if kind.family == family])
                for family, name in FAMILIES.items()
            ],
            "readable": sum(row.readable for row in rows.values()),
            "total": len(rows),
        },
    )
    for kind in KINDS.values():
        probe = probes.get(kind.id)
        caption, body = reference(probe) if probe else ("We cannot read this yet.", "")
        yield Page(
            path=f"{ADDRESS}{kind.id}/",
            frame="probe",
            slug=kind.id,
            title=f"{kind.id}: {kind.words}",
            description=f"{kind.words[:1].upper()}{kind.words[1:]}: {caption}",
            template="probe.html",
            context={
                "kind": kind,
                "row": rows[kind.id],
                "caption": caption,
                "body": render(body),
                "version": probe.VERSION if probe else None,
                "deadline": words.count(probe.DEADLINE_SECONDS, "second") if probe else "",
                "lifetime": words.count(kind.lifetime_days, "day"),
                "questions": [one for one in site.framework.indicators if kind.id in one.kinds],
                "code": f"{site.repository}/blob/main/builder/probes/{kind.id}.py",
            },
        )


def reference(probe: Probe) -> tuple[str, str]:
    """A probe's docstring as its caption (one line of plain words) and the Markdown after it.

    A heading may also begin its first paragraph, in bold and with a full stop (``**What it asks.** ...``).
    """
    caption, _, body = cleandoc(probe.__doc__ or "").partition("\n")
    return caption.replace("`", "").strip(), _RUN_IN.sub(r"## \1\n\n", body).strip()


def _row(kind: Kind, probe: Probe | None, sources: int) -> KindRow:
    caption = reference(probe)[0] if probe else ""
    return KindRow(kind.id, kind.words, caption, probe is not None, words.number(sources))


def _counts(site: Site) -> dict[str, int]:
    """How many different sources of each kind the city files name."""
    found = {source.key: source.kind for card in site.cards.values() for source in card.city.sources}
    counts = dict.fromkeys(KINDS, 0)
    for kind in found.values():
        counts[kind] += 1
    return counts
