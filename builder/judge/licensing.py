"""The rule `open_licence`: what licence a thing states, and whether the Open Definition accepts it."""

from __future__ import annotations

import re

from builder.judge.facts import Facts, Read
from builder.judge.policy import CLOSED_LICENCES, CLOSED_PARTS, LICENCE_MEASUREMENTS, NO_LICENCE
from builder.judge.ruled import Ruled, cannot_tell, proved, untested
from builder.model.evidence import Seen
from builder.model.licences import OPEN_LICENCES, open_licence

OPEN_SHARE = "open_license_share"  # counts only what we know to be open: a floor, not the whole truth
_CC_LINK = re.compile(r"creativecommons\.org/licen[sc]es/(by(?:-[a-z]{2})*)/(\d\.\d)?")


def open_licence_of(facts: Facts) -> Ruled:
    """Whether a dataset's record, a source, or the source named as stating its licence, states an open one."""
    dataset = facts.thing.dataset
    if dataset is not None:
        if _nothing(dataset.licence):
            proof = facts.seen_record(f"licence: {dataset.licence or 'none stated'}")
            return proved(False, "Its record states no licence.", proof)
        return _weigh(dataset.licence or "", facts.seen_record(f"licence: {dataset.licence}"))
    for read in (facts.read, facts.licence):
        for name in LICENCE_MEASUREMENTS:
            value = None if read is None else read.value(name)
            if read is not None and isinstance(value, str) and not _nothing(value):
                return _weigh(value, read.seen(name))
    # That we read no licence says nothing about whether one is written elsewhere: a gap, not a failing.
    return untested(facts.licence_gap or "It states no licence that we read.")


def undecided_share(read: Read) -> float | None:
    """Which share of a catalogue's datasets (0 to 1) state a licence of which we know neither "open" nor "not open".

    None where the reading does not tell which licences are stated. A link to a licence text is such a licence: what the
    text allows was not read, so it must not count as a "no".
    """
    stated, whole = read.value("license_ids"), read.value("dataset_count")
    if not isinstance(stated, dict) or not isinstance(whole, int) or whole < 1:
        return None
    names = {name: _named(name) for name in stated if not _nothing(name)}
    return sum(stated[name] for name, id in names.items() if open_licence(id) is None and not closed(id)) / whole


def _nothing(licence: str | None) -> bool:
    return (licence or "").strip().lower() in NO_LICENCE


def _weigh(licence: str, proof: Seen | None) -> Ruled:
    licence = _named(licence)
    known = open_licence(licence)
    if known is not None:
        return proved(True, f"It states an open licence: {known}.", proof)
    if closed(licence):
        return proved(False, f"It states {licence}, which does not allow every use and change.", proof)
    return cannot_tell(f"It states “{licence}”, which we do not recognise as an open licence.")


def _address(link: str) -> str:
    return re.sub(r"^https?://(www\.)?|(/deed(\.[a-z]+)?|/legalcode)?/*$", "", link.strip().lower())


_BY_ADDRESS = {_address(link): id for id, link in reversed(OPEN_LICENCES.items())}


def _named(licence: str) -> str:
    """The id of a licence stated by its address, else what was stated.

    >>> _named("https://creativecommons.org/licenses/by-nc/4.0/deed.fr"), _named("terms of use")
    ('CC-BY-NC-4.0', 'terms of use')
    """
    if "/" not in licence or len(licence.split()) != 1:
        return licence
    if found := _CC_LINK.search(licence.lower()):
        return "-".join(part for part in ("CC", found[1].upper(), found[2]) if part)
    return _BY_ADDRESS.get(_address(licence), licence)


def closed(licence: str) -> bool:
    """Whether a licence's id says by itself that it is not open.

    >>> closed("CC-BY-NC-4.0"), closed("CC-BY-4.0"), closed("our terms of use")
    (True, False, False)
    """
    folded = licence.strip().lower()
    parts = re.split(r"[-_ ]", folded)
    return folded in CLOSED_LICENCES or (parts[0] == "cc" and not CLOSED_PARTS.isdisjoint(parts))
