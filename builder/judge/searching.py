"""Looking for a topic in every catalogue of a city: what may be it, and when finding nothing proves it missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.judge.candidates import Candidate, rejects
from builder.judge.dates import in_words, lives_until
from builder.judge.facts import Read
from builder.judge.phrases import listed, named
from builder.judge.policy import PROPOSED
from builder.judge.standing import Course, Standing
from builder.judge.testing import every
from builder.judge.verdict import Bench, Verdict, lifetime, outlived
from builder.model.evidence import Searched
from builder.model.finding import Failed, Finding, Test, Untested
from builder.model.framework import Indicator
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.matches import Matches
from builder.model.scorecard import LastSeen, Search, State, Thing
from builder.model.source import Source


@dataclass(frozen=True, slots=True)
class Sought:
    """What the nets found: the searches made, how many datasets may be it, the first of them, proofs of absence.

    ``proofs`` is None where absence is not proved; else it has one proof for each catalogue that had to be searched.
    ``unsearched`` counts the catalogues in which nothing was looked for, ``mentioned`` those that only touch on it.
    """

    searches: tuple[Search, ...] = ()
    found: int = 0
    proposals: tuple[Thing, ...] = ()
    proofs: tuple[Searched, ...] | None = None
    unsearched: int = 0
    mentioned: int = 0


def sought(indicator: Indicator, bench: Bench, running: Sequence[Candidate]) -> Sought:
    """Look for an indicator's topic in every catalogue of the city; ``running`` are candidates already."""
    topic = indicator.topic
    if topic is None:
        return Sought()
    city, known = bench.city, bench.known
    passed_over = rejects(city, indicator) | {(one.source.id, one.dataset) for one in running}
    searches, proposals, found, mentioned = [], [], 0, 0
    proofs: dict[str, Searched] = {}
    for source in sorted(city.sources, key=lambda source: source.id):
        standing, matches = bench.standings[source.id], known.matches.get(source.key)
        if source.kind not in CATALOGUE_KINDS or matches is None or standing.good is None or standing.good_at is None:
            continue
        narrow, wide = matches.narrow.get(topic, ()), matches.wide.get(topic, ())
        proof = _proof(source, standing, matches, indicator, bench)
        searches.append(
            Search(source, standing.good_at, matches.searched, standing.good.complete, len(narrow), len(wide),
                   proof is not None, matches.languages)
        )  # fmt: skip
        if proof is not None and not narrow and not wide:
            proofs[source.id] = proof
        near = wide[: matches.near.get(topic, 0)]
        left = [id for id in (*narrow, *near) if (source.id, id) not in passed_over]
        found += len(left)
        mentioned += len(wide) - len(near)
        for id in left[:PROPOSED]:
            dataset = known.dataset(source.key, id)
            if dataset is not None:
                proposals.append(Thing(source, dataset))
    unsearched = sum(source.kind in CATALOGUE_KINDS for source in city.sources) - len(searches)
    everywhere = _everywhere(city.sources, proofs)
    return Sought(tuple(searches), found, tuple(proposals[:PROPOSED]), everywhere, unsearched, mentioned)


def absence(indicator: Indicator, bench: Bench, search: Sought) -> Verdict | None:
    """The verdict that a topic is missing, proved by a search of every catalogue; None where it is not proved."""
    if not search.proofs:
        return None
    reads = [one for one in search.searches if one.source.id in {proof.source for proof in search.proofs}]
    at = min(one.at for one in reads)
    until = min(lives_until(one.at, lifetime(indicator, one.source.kind)) for one in reads)
    count = sum(proof.read for proof in search.proofs)
    words = (
        f"On {in_words(at)} we searched {'the only dataset' if count == 1 else f'all {count:,} datasets'} of "
        f"{listed([named(Thing(one.source)) for one in reads])} and found none that speaks of this."
    )
    found = _missing(indicator, search.proofs, words)
    if bench.now <= until:
        return Verdict(None, found, at=at, until=until)
    days = (until - at).days
    gap = f"Not known today: we last searched on {in_words(at)} and found none; such a search counts for {days} days."
    last = LastSeen(at, State.MISSING, Thing(reads[0].source), found)
    return Verdict(None, outlived(indicator, gap), gap, at=at, until=until, last_seen=last)


def _missing(indicator: Indicator, proofs: tuple[Searched, ...], words: str) -> tuple[Finding, ...]:
    def make(test: Test) -> Finding:
        if test is Test.PUBLISHED:
            return Failed(test, proofs, words)
        return Untested(test, "There is nothing to test.")

    return every(indicator, make)


def _proof(source: Source, standing: Standing, matches: Matches, indicator: Indicator, bench: Bench) -> Searched | None:
    """Proof that everything was searched with words known to find what is there, or None (rule 9 of honesty)."""
    topic, good, at = indicator.topic, standing.good, standing.good_at
    assert topic is not None and good is not None and at is not None  # asked only of catalogues that were read
    read = Read(source, good, at)
    announced = read.value("announced_count")
    # Some of it unread, a description not looked through, or a source that since answers otherwise: no proof.
    if not good.complete or announced not in (None, matches.searched) or matches.unlooked or not good.captures:
        return None
    if standing.course not in (Course.ANSWERING, Course.SILENT):
        return None
    # What this question's own kinds of source hold often lies outside of catalogues: to miss it there proves nothing.
    if indicator.kinds:
        return None
    # Nets that catch nothing at all in a list may be torn; a topic that they do find there is the control.
    if not matches.caught or not bench.known.gate.absence(topic, bench.city.languages):
        return None
    spoken = listed(list(matches.languages))
    return Searched(
        source=source.id,
        capture=good.captures[0],
        topics_version=matches.topics_version,
        nets=(f"narrow net, words in {spoken}", f"wide net, words in {spoken}"),
        read=matches.searched,
        announced=matches.searched,
        control=f"the same nets found other topics in {matches.caught:,} of them, such as {matches.example}",
    )


def _everywhere(sources: Sequence[Source], proofs: dict[str, Searched]) -> tuple[Searched, ...] | None:
    """The proofs, if every catalogue of the city has one: what is not in this one may be in the other.

    Where a city file says that two are the same catalogue, the proof of either is enough.
    """
    used: dict[str, Searched] = {}
    for source in sources:
        if source.kind not in CATALOGUE_KINDS:
            continue
        same = [source.id, *([source.same_as] if source.same_as else [])]
        same += [other.id for other in sources if other.same_as in same]
        proof = next((proofs[id] for id in same if id in proofs), None)
        if proof is None:
            return None
        used[proof.source] = proof
    return tuple(used[id] for id in sorted(used)) or None
