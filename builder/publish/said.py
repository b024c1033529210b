"""What people said of one question: which thing is meant, which is not, and what they read there themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.model.city import Attestation, City, Pin, Reject
from builder.model.evidence import ReadByPerson
from builder.model.finding import Failed, Finding, Passed, Test
from builder.model.kinds import KINDS
from builder.model.scorecard import Answer, Thing
from builder.publish import words
from builder.publish.text import clean, safe_url, short_url


@dataclass(frozen=True, slots=True)
class Saying:
    """One person's word: ``lead`` before the link, the link, and what follows it (who, when and why)."""

    lead: str
    url: str | None
    shown: str
    rest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the city answered to a finding: it stands beside it and changes nothing."""

    words: str
    by: str
    day: str
    url: str | None


def sayings(answer: Answer, city: City) -> tuple[Saying, ...]:
    """Every pin and rejection of a question in the order of their days, and the readings that no test shows yet."""
    id = answer.indicator.id
    named = {(thing.source.id, thing.dataset.id): thing for thing in answer.named if thing.dataset is not None}
    pins = [one for one in city.pins if one.indicator == id]
    rejects = [one for one in city.rejects if one.indicator == id]
    shown = {(one.by, one.on.isoformat(), one.url) for one in _shown(answer)}
    read = [one for one in city.attestations if one.indicator == id and (one.by, one.on, one.url) not in shown]
    return (
        *(_pinned(one, city, named) for one in sorted(pins, key=_order)),
        *(_rejected(one, city, named) for one in sorted(rejects, key=_order)),
        *(_read(one) for one in sorted(read, key=_order)),
    )


def replies(answer: Answer, city: City) -> tuple[Reply, ...]:
    """The city's own words on a question."""
    return tuple(
        Reply(clean(one.words, 1000), clean(one.by), words.day(one.on), safe_url(one.url))
        for one in city.replies
        if one.indicator == answer.indicator.id
    )


def _order(one: Pin | Reject | Attestation) -> tuple[str, str]:
    return one.on, one.by


def _shown(answer: Answer) -> Iterator[ReadByPerson]:
    """The readings by people that are shown as proof of a test."""
    last: tuple[Finding, ...] = answer.last_seen.findings if answer.last_seen else ()
    for finding in (*answer.findings, *last):
        if isinstance(finding, Passed | Failed):
            yield from (one for one in finding.evidence if isinstance(one, ReadByPerson))


def _pinned(pin: Pin, city: City, named: dict[tuple[str, str], Thing]) -> Saying:
    url, shown = _link(pin, city, named)
    why = f": {_sentence(pin.why)}" if pin.why else "."
    return Saying("Meant is ", url, shown, f", pinned by {clean(pin.by)} on {words.day(pin.on)}{why}")


def _rejected(one: Reject, city: City, named: dict[tuple[str, str], Thing]) -> Saying:
    url, shown = _link(one, city, named)
    return Saying("Not meant is ", url, shown, f", says {clean(one.by)} on {words.day(one.on)}: {_sentence(one.why)}")


def _read(one: Attestation) -> Saying:
    test = words.TEST_WORDS[Test(one.test)].lower()
    outcome = "yes" if one.outcome == "passed" else "no"
    said = f" on {words.day(one.on)}: “{clean(one.words, 200)}” ({test}: {outcome}; not counted here)."
    return Saying(f"{clean(one.by)} read ", safe_url(one.url), short_url(one.url), said)


def _link(one: Pin | Reject, city: City, named: dict[tuple[str, str], Thing]) -> tuple[str | None, str]:
    """Where the thing that is spoken of can be seen, and what it is called."""
    thing = named.get((one.source, one.dataset or ""))
    if thing is not None and thing.dataset is not None:
        return safe_url(thing.dataset.url), f"“{clean(thing.dataset.title)}”"
    source = next((source for source in city.sources if source.id == one.source), None)
    if source is None:
        return None, clean(one.source)
    if one.dataset is not None:
        return safe_url(source.url), f"the dataset {clean(one.dataset, 100)} in {short_url(source.url)}"
    return safe_url(source.url), f"the {KINDS[source.kind].words} at {short_url(source.url)}"


def _sentence(text: str) -> str:
    """A person's words with an end."""
    told = clean(text, 300)
    return told if told.endswith((".", "!", "?", "…")) else f"{told}."
