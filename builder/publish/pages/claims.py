"""One claim as a page shows it: mark, sentence, tests with their proof, what was last seen, where we looked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from builder.model.capture import Capture
from builder.model.evidence import Evidence, ReadByPerson, Searched
from builder.model.finding import CantTell, Failed, Finding, Passed
from builder.model.kinds import KINDS
from builder.model.reasons import Reason
from builder.model.scorecard import Answer, LastSeen, Looked, Scorecard, State, Thing
from builder.publish import words
from builder.publish.text import clean, safe_url, short_url


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence in words: where it leads, when and how it was read, and what stood there."""

    url: str | None
    shown: str
    how: str
    pointer: str = ""
    excerpt: str = ""
    fingerprint: str = ""
    copy_url: str | None = None
    copy_words: str = ""


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test of a claim: its name, its outcome's key and word, what was found and the proofs."""

    __test__ = False

    name: str
    outcome: str
    outcome_word: str
    words: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One place where we looked: which source, what came of it, and on whose side a fault lies."""

    kind: str
    url: str | None
    shown: str
    words: str


@dataclass(frozen=True, slots=True)
class Seen_:
    """What was last seen: hatched, dated, never counted."""

    day: str
    month: str
    summary: str
    tests: tuple[TestRow, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One indicator's block on a city page; ``mark`` is the key of its state, ``label`` the word shown."""

    id: str
    question: str
    mark: str
    label: str
    words: str
    until: str
    tests: tuple[TestRow, ...]
    seen: Seen_ | None
    about: str
    others: tuple[str, ...]
    looked: tuple[Place, ...]

    @property
    def proved(self) -> bool:
        """Whether any test of the claim carries proof worth opening."""
        return any(row.proofs for row in self.tests) or self.seen is not None


def label(answer: Answer) -> str:
    """The word beside the mark: the state's, dated where it was last seen."""
    key = words.state_key(answer)
    if key == "seen" and answer.last_seen is not None:
        return f"Last seen {words.month(answer.last_seen.at)}"
    return words.STATE_WORDS[key]


def claim(answer: Answer, card: Scorecard) -> Claim:
    """View of one answer of a scorecard."""
    probes = {looked.source.id: looked.good.probe for looked in card.sources if looked.good}
    return Claim(
        id=answer.indicator.id,
        question=answer.indicator.question,
        mark=words.state_key(answer),
        label=label(answer),
        words=clean(answer.words, 500),
        until=words.day(answer.until) if answer.until and answer.state.known else "",
        tests=tuple(_row(finding, probes) for finding in answer.findings),
        seen=_seen(answer.last_seen, probes) if answer.last_seen else None,
        about=_thing(answer.thing) if answer.thing else "",
        others=tuple(_thing(thing) for thing in answer.others),
        looked=tuple(_place(looked) for looked in answer.looked),
    )


def _thing(thing: Thing) -> str:
    kind = KINDS[thing.source.kind].words
    if thing.dataset is not None:
        return f"“{clean(thing.dataset.title)}” in the {kind} of {clean(thing.source.publisher)}"
    return f"{kind}, {clean(thing.source.publisher)}: {short_url(thing.source.url)}"


def _row(finding: Finding, probes: dict[str, str]) -> TestRow:
    evidence = finding.evidence if isinstance(finding, Passed | Failed) else ()
    text = clean(finding.words, 400)
    if isinstance(finding, CantTell) and finding.reason is not None:
        side = words.side(finding.reason)
        text = f"{text} ({side})" if side else text
    return TestRow(
        name=words.TEST_WORDS[finding.test],
        outcome=finding.outcome.value,
        outcome_word=words.OUTCOME_WORDS[finding.outcome],
        words=text,
        proofs=tuple(_proof(one, probes) for one in evidence),
    )


def _proof(evidence: Evidence, probes: dict[str, str]) -> Proof:
    if isinstance(evidence, ReadByPerson):
        return Proof(
            safe_url(evidence.url),
            short_url(evidence.url),
            f"read by {clean(evidence.by)} on {words.day(evidence.on)}",
            excerpt=clean(evidence.words, 200),
        )
    capture = evidence.capture
    how = f"read by the probe {probes.get(evidence.source, evidence.source)} on {_when(capture)}"
    copy = capture.copy_of
    bare = Proof(
        url=safe_url(capture.final_url),
        shown=short_url(capture.final_url),
        how=how,
        fingerprint=(capture.sha256 or "")[:12],
        copy_url=safe_url(copy.link) if copy else None,
        copy_words=clean(copy.fidelity) if copy else "",
    )
    if isinstance(evidence, Searched):
        searched = f"searched {words.number(evidence.read)} of {words.count(evidence.announced, 'dataset')}"
        nets = f"topics {evidence.topics_version}, nets {', '.join(evidence.nets)}"
        return replace(bare, how=f"{how}; {searched}; {nets}; control: {clean(evidence.control)}")
    return replace(bare, pointer=clean(evidence.pointer), excerpt=clean(evidence.excerpt, 200))


def _when(capture: Capture) -> str:
    if capture.copy_of is not None and capture.copy_of.day_only:
        return words.day(capture.at)
    return f"{words.day(capture.at)}, {capture.at:%H:%M} UTC"


def _seen(last: LastSeen, probes: dict[str, str]) -> Seen_:
    passed = [words.TEST_WORDS[f.test].lower() for f in last.findings if isinstance(f, Passed)]
    failed = [words.TEST_WORDS[f.test].lower() for f in last.findings if isinstance(f, Failed)]
    parts = [", ".join(passed)] if passed else []
    if failed:
        parts.append("not " + ", not ".join(failed))
    verdict = words.STATE_WORDS[last.state.value].lower() if last.state is not State.UNKNOWN else ""
    return Seen_(
        words.day(last.at),
        words.month(last.at),
        "; ".join(parts) + (f" (it would have been “{verdict}”)" if verdict else ""),
        tuple(_row(finding, probes) for finding in last.findings),
    )


def _place(looked: Looked) -> Place:
    source = looked.source
    return Place(KINDS[source.kind].words, safe_url(source.url), short_url(source.url), reading(looked))


def reading(looked: Looked) -> str:
    """What came of a source, in one clause: never read, no reader yet, last read, or failing since."""
    if looked.last_read is None or looked.reason is None:
        return "not read yet" if looked.readable else "not read: our reader for this kind has not arrived yet"
    text = f"last read on {words.day(looked.last_read)}"
    if looked.reason is Reason.OK:
        copy = looked.good is not None and any(capture.copy_of for capture in looked.good.captures)
        return text + (", from a recorded copy" if copy else "")
    since = f", so since {words.day(looked.failing_since)}" if looked.failing_since else ""
    return f"{text}: {looked.reason.words.rstrip('.').lower()}{since} ({words.side(looked.reason)})"
