"""One claim as a page shows it: mark, sentence, tests with their proof, what was last seen, where we looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from builder.judge.phrases import TEST_WORDS as QUALITIES
from builder.model.capture import Capture
from builder.model.evidence import Evidence, ReadByPerson, Searched
from builder.model.finding import CantTell, Failed, Finding, Passed
from builder.model.kinds import KINDS
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Answer, LastSeen, Looked, Scorecard, State, Thing
from builder.publish import words
from builder.publish.said import Reply, Saying, replies, sayings
from builder.publish.searched import Proposal, figures, proposals
from builder.publish.text import clean, safe_url, short_url

LISTED = 3  # of a long list; the rest is counted, and stands in the JSON


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence in words: where it leads, when and how it was read, and what stood there.

    ``number`` is that of its reading on the page, where it is told in full; 0 for what a person read. ``searched``
    says what a search came to. ``again`` marks a reading that another test of the same list names, ``there`` that it
    even stood at the same place.
    """

    url: str | None
    shown: str
    how: str
    pointer: str = ""
    excerpt: str = ""
    fingerprint: str = ""
    copy_url: str | None = None
    copy_words: str = ""
    when: str = ""
    searched: str = ""
    number: int = 0
    again: bool = False
    there: bool = False


class Readings:
    """The readings that a page's proofs rest on: each is told once, in full, and named by its number elsewhere."""

    def __init__(self) -> None:
        self._numbers: dict[Proof, int] = {}

    def number(self, proof: Proof) -> int:
        """The number of a proof's reading, 0 for what a person read."""
        if not proof.when:
            return 0
        reading = replace(proof, pointer="", excerpt="", searched="")
        return self._numbers.setdefault(reading, len(self._numbers) + 1)

    def __iter__(self) -> Iterator[tuple[int, Proof]]:
        return ((number, proof) for proof, number in self._numbers.items())


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

    id: str
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
    more_others: int
    looked: tuple[Place, ...]
    more_looked: int
    searched: tuple[tuple[str, str, str], ...]
    proposals: tuple[Proposal, ...]
    measured: str
    said: tuple[Saying, ...]
    replies: tuple[Reply, ...]

    @property
    def proved(self) -> bool:
        """Whether any test of the claim carries proof worth opening."""
        return any(row.proofs for row in self.tests) or self.seen is not None

    @property
    def bare(self) -> bool:
        """Whether a sentence says it all: no proof, nothing seen, nobody's word. A row is enough for it."""
        spoken = self.proved or self.said or self.replies
        return self.mark in ("unknown", "not_applicable") and not spoken

    @property
    def told(self) -> bool:
        """Whether the tests only repeat the sentence, as where they share one gap: the question's page names them."""
        return self.bare and len(self.tests) == 1

    @property
    def repeats(self) -> bool:
        """Whether what can be told of today stands in the sentence and in what was last seen already."""
        return self.seen is not None and len(self.tests) == 1 and not self.tests[0].proofs

    @property
    def folded(self) -> bool:
        """Whether there is more to tell than the sentence."""
        return not self.bare or bool(self.looked or self.others)


def label(answer: Answer) -> str:
    """The word beside the mark: the state's, dated where it was last seen."""
    key = words.state_key(answer)
    if key == "seen" and answer.last_seen is not None:
        return f"Last seen {words.month(answer.last_seen.at)}"
    return words.STATE_WORDS[key]


def claim(answer: Answer, card: Scorecard, ask: int = LISTED, readings: Readings | None = None) -> Claim:
    """View of one answer of a scorecard; of the datasets that may be it, ``ask`` are shown.

    ``readings`` are those of the page so far.
    """
    readings = Readings() if readings is None else readings
    sources = {looked.source.id: looked for looked in card.sources}
    looked = {one.source.id for one in answer.looked}
    # A source that is no dataset stands under "where we looked" already.
    others = [_beside(thing, answer) for thing in answer.others if thing.dataset or thing.source.id not in looked]
    # Where something is known, or was when it was last seen, a reader is not asked for something else.
    proposed = () if answer.last_seen or answer.state.known else proposals(answer)
    return Claim(
        id=answer.indicator.id,
        question=answer.indicator.question,
        mark=words.state_key(answer),
        label=label(answer),
        words=clean(answer.words, 500),
        until=words.day(answer.until) if answer.until and answer.state.known else "",
        tests=_rows(answer.findings, sources, readings),
        seen=_seen(answer.last_seen, sources, readings) if answer.last_seen else None,
        # What was last seen is named in the sentence.
        about=_thing(answer.thing) if answer.thing and not answer.last_seen else "",
        others=tuple(others[:LISTED]),
        more_others=len(others[LISTED:]),
        looked=tuple(map(_place, answer.looked[:LISTED])),
        more_looked=len(answer.looked[LISTED:]),
        searched=_searched(answer),
        proposals=proposed[:ask],
        measured=figures(answer),
        said=sayings(answer, card.city),
        replies=replies(answer, card.city),
    )


def _searched(answer: Answer) -> tuple[tuple[str, str, str], ...]:
    """The catalogues that were searched: id, address and what came of it."""
    return tuple(
        (one.source.id, short_url(one.source.url), f"{words.number(caught) if caught else 'none'} of them")
        for one in answer.searches
        for caught in (one.narrow + one.wide,)
    )


def _beside(thing: Thing, answer: Answer) -> str:
    """Another candidate: of a catalogue that the answer names already, the title is enough."""
    same = answer.thing is not None and answer.thing.dataset is not None and answer.thing.source == thing.source
    return f"“{clean(thing.dataset.title)}”" if same and thing.dataset is not None else _thing(thing)


def _thing(thing: Thing) -> str:
    kind = KINDS[thing.source.kind].words
    if thing.dataset is not None:
        return f"“{clean(thing.dataset.title)}” in the {kind} of {clean(thing.source.publisher)}"
    return f"{kind}, {clean(thing.source.publisher)}: {short_url(thing.source.url)}"


def _rows(findings: tuple[Finding, ...], sources: Mapping[str, Looked], readings: Readings) -> tuple[TestRow, ...]:
    """A row for each test; neighbours that say the same without proof share one, so a gap is told once."""
    rows: list[TestRow] = []
    told: dict[int, str] = {}
    for row in (_row(finding, sources) for finding in findings):
        proofs = []
        for proof in row.proofs:
            number = readings.number(proof)
            again = number in told
            there = again and told[number] == proof.pointer and not proof.searched
            proofs.append(replace(proof, number=number, again=again, there=there))
            if number:
                told[number] = proof.pointer
        row = replace(row, proofs=tuple(proofs))
        last = rows[-1] if rows else None
        if last and not row.proofs and (last.outcome, last.words, last.proofs) == (row.outcome, row.words, ()):
            rows[-1] = replace(last, name=f"{last.name}, {row.name.lower()}")
        else:
            rows.append(row)
    return tuple(rows)


def _row(finding: Finding, sources: Mapping[str, Looked]) -> TestRow:
    evidence = finding.evidence if isinstance(finding, Passed | Failed) else ()
    text = clean(finding.words, 400)
    if isinstance(finding, CantTell) and finding.reason is not None:
        side = words.side(finding.reason)
        text = f"{text.rstrip('.')} ({side})." if side else text
    return TestRow(
        name=words.TEST_WORDS[finding.test],
        outcome=finding.outcome.value,
        outcome_word=words.OUTCOME_WORDS[finding.outcome],
        words=text,
        proofs=tuple(_proof(one, sources) for one in evidence),
    )


def _proof(evidence: Evidence, sources: Mapping[str, Looked]) -> Proof:
    if isinstance(evidence, ReadByPerson):
        return Proof(
            safe_url(evidence.url),
            short_url(evidence.url),
            f"read by {clean(evidence.by)} on {words.day(evidence.on)}",
            excerpt=clean(evidence.words, 200),
        )
    capture = evidence.capture
    when = _when(capture)
    how = f"read{_reader(capture, sources.get(evidence.source))} on {when}"
    copy = capture.copy_of
    bare = Proof(
        url=safe_url(capture.final_url),
        shown=short_url(capture.final_url),
        how=how,
        fingerprint=(capture.sha256 or "")[:12],
        copy_url=safe_url(copy.link) if copy else None,
        copy_words=clean(copy.fidelity) if copy else "",
        when=when,
    )
    if isinstance(evidence, Searched):
        searched = f"searched {words.number(evidence.read)} of {words.count(evidence.announced, 'dataset')}"
        nets = f"topics {evidence.topics_version}, nets {', '.join(evidence.nets)}"
        return replace(bare, searched=f"{searched}; {nets}; control: {clean(evidence.control)}")
    return replace(bare, pointer=clean(evidence.pointer), excerpt=clean(evidence.excerpt, 200))


def _reader(capture: Capture, looked: Looked | None) -> str:
    """Which probe read it: with its version where the capture is of the reading that was kept."""
    if looked is None:
        return ""
    kept = looked.good is not None and capture in looked.good.captures
    return f" by the probe {looked.good.probe if kept and looked.good else looked.source.kind}"


def _when(capture: Capture) -> str:
    if capture.copy_of is not None and capture.copy_of.day_only:
        return words.day(capture.at)
    return f"{words.day(capture.at)}, {capture.at:%H:%M} UTC"


def _seen(last: LastSeen, sources: Mapping[str, Looked], readings: Readings) -> Seen_:
    passed = [QUALITIES[f.test] for f in last.findings if isinstance(f, Passed)]
    failed = [QUALITIES[f.test] for f in last.findings if isinstance(f, Failed)]
    parts = [", ".join(passed)] if passed else []
    if failed:
        parts.append("did not pass: " + ", ".join(failed))
    summary = "; ".join(parts) or "something was read, but no test could be decided"
    verdict = words.STATE_WORDS[last.state.value].lower() if last.state is not State.UNKNOWN else ""
    return Seen_(
        words.day(last.at),
        words.month(last.at),
        summary + (f" (it would have been “{verdict}”)" if verdict else ""),
        _rows(last.findings, sources, readings),
    )


def _place(looked: Looked) -> Place:
    source = looked.source
    return Place(source.id, KINDS[source.kind].words, safe_url(source.url), short_url(source.url), reading(looked))


def reading(looked: Looked) -> str:
    """What came of a source, in one clause: never read, no reader yet, last read, or failing since and whose fault."""
    if looked.last_read is None or looked.reason is None:
        if not looked.readable:
            return "not read: we cannot read this kind of source yet"
        if looked.reason in (None, Reason.NOT_CAPTURED):
            return "not read yet"
        return f"not read yet: {_clause(looked.reason)} ({words.side(looked.reason)})"
    day = words.day(looked.last_read)
    if looked.reason is Reason.OK:
        copy = looked.good is not None and any(capture.copy_of for capture in looked.good.captures)
        return f"last read on {day}" + (", from a recorded copy" if copy else "")
    # A try that no answer came of was no reading.
    verb = "read" if looked.reason.outcome is Outcome.FAILED else "tried"
    since = f"; failing since {words.day(looked.failing_since)}" if looked.failing_since else ""
    return f"last {verb} on {day}: {_clause(looked.reason)}{since} ({words.side(looked.reason)})"


def _clause(reason: Reason) -> str:
    """A reason's sentence as a part of another one."""
    return reason.words[:1].lower() + reason.words[1:].rstrip(".")
