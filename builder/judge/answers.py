"""The answer to one question: the best of its candidates, what was last seen, and where we looked."""

from __future__ import annotations

from collections.abc import Sequence

from builder.judge.candidates import Candidate, candidates
from builder.judge.people import attested, by_people_alone, filled
from builder.judge.searching import absence, sought
from builder.judge.sentences import nothing_known, nothing_read, sentence
from builder.judge.testing import every
from builder.judge.verdict import Bench, Verdict, verdict
from builder.model.finding import Inapplicable, Passed, Untested
from builder.model.framework import Indicator
from builder.model.scorecard import Answer, LastSeen, Looked, State, Thing
from builder.model.source import TIERS

_Rank = tuple[bool, bool, int, bool, bool, int, str, str]


def answer(indicator: Indicator, bench: Bench) -> Answer:
    """Answer one indicator for the city on the bench."""
    reason = bench.city.not_applicable.get(indicator.id)
    if reason is not None:
        inapplicable = every(indicator, lambda test: Inapplicable(test, reason))
        return Answer(indicator, State.NOT_APPLICABLE, inapplicable, reason)

    running = candidates(bench.city, indicator, bench.known)
    people = attested(bench.city, indicator, bench.now)
    verdicts = [filled(verdict(one, indicator, bench), people, bench.now) for one in running]
    search = sought(indicator, bench, running)
    alone, absent = by_people_alone(indicator, people, bench.now), absence(indicator, bench, search)
    ranked = sorted([*verdicts, *(one for one in (alone, absent) if one is not None)], key=_rank)
    looked, named = _looked(running, bench), _named(indicator, bench)
    # Figures are told where the nets were used: nothing was left to them where nothing was searched.
    asked = indicator.topic if search.searches else None
    measured = tuple(bench.known.gate.rows(asked, bench.city.languages)) if asked else ()
    if not ranked:
        words = nothing_known(indicator, search)
        found = every(indicator, lambda test: Untested(test, words))
        return Answer(
            indicator, State.UNKNOWN, found, words, looked=looked, searches=search.searches, proposals=search.proposals,
            named=named, measured=measured,
        )  # fmt: skip

    best, state = ranked[0], ranked[0].state
    last = None if state in (State.PRESENT, State.PARTIAL) else _last_seen(ranked)
    return Answer(
        indicator=indicator,
        state=state,
        findings=best.findings,
        words=nothing_read(ranked) if best.unread else sentence(best, bench.city.name),
        thing=best.thing,
        others=tuple(one.thing for one in ranked[1:] if one.thing is not None),
        at=best.at,
        until=best.until,
        last_seen=last,
        looked=looked,
        searches=search.searches,
        proposals=search.proposals if state is not State.PRESENT else (),
        named=named,
        measured=measured,
    )


def _rank(one: Verdict) -> _Rank:
    """Best first: what is known, then most tests passed, then what was read at all or could be, nearer tiers, names.

    What is known stands before what may be better: reading one more source must never make a known answer unknown.
    What was proved absent comes last: one source that is gone proves nothing missing while another may have it.
    """
    unknown = not one.state.known
    if one.thing is None:
        return (one.absent, unknown, -one.passed, one.unread, one.closed, len(TIERS), "", "")
    source, dataset = one.thing.source, one.thing.dataset
    tier, name = TIERS.index(source.tier), dataset.id if dataset else ""
    return (one.absent, unknown, -one.passed, one.unread, one.closed, tier, source.id, name)


def _last_seen(ranked: Sequence[Verdict]) -> LastSeen | None:
    """The best of what was last seen; among equals the newest, then the order of the candidates."""
    there = [one.last_seen for one in ranked if one.last_seen is not None]
    return min(there, key=lambda one: (-_passed(one), -one.at.timestamp()), default=None)


def _passed(last: LastSeen) -> int:
    return sum(isinstance(finding, Passed) for finding in last.findings)


def _named(indicator: Indicator, bench: Bench) -> tuple[Thing, ...]:
    """The datasets that pins and rejections name, as far as the lists that were read know them."""
    sources = {source.id: source for source in bench.city.sources}
    things = [(pin.indicator, pin.source, pin.dataset) for pin in bench.city.pins]
    things += [(one.indicator, one.source, one.dataset) for one in bench.city.rejects]
    found = []
    for name, source, id in things:
        if name == indicator.id and id is not None and source in sources:
            dataset = bench.known.dataset(sources[source].key, id)
            found += [Thing(sources[source], dataset)] if dataset is not None else []
    return tuple(found)


def _looked(running: Sequence[Candidate], bench: Bench) -> tuple[Looked, ...]:
    sources = {one.source.id: one.source for one in running}
    return tuple(bench.standings[id].looked(source.kind in bench.readable) for id, source in sources.items())
