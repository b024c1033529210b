"""The one sentence of an answer: plain, quotable, with its date and its caveat inside it."""

from __future__ import annotations

from collections.abc import Sequence

from builder.judge.dates import in_words
from builder.judge.phrases import TEST_WORDS, listed, named, qualities
from builder.judge.searching import Sought
from builder.judge.verdict import Verdict
from builder.model.evidence import ReadByPerson, Seen
from builder.model.finding import Failed, Inapplicable, Passed, Test
from builder.model.framework import Indicator
from builder.model.kinds import KINDS
from builder.model.scorecard import State


def sentence(verdict: Verdict, city: str) -> str:
    """What a verdict says of a city; a gap of ours says so and says nothing else of the city."""
    passed = [one.test for one in verdict.findings if isinstance(one, Passed)]
    state = verdict.state
    if state is State.MISSING:
        proof = next(one for one in verdict.findings if one.test is Test.PUBLISHED)
        thing = f", {named(verdict.thing)}" if verdict.thing else ""
        return f"{city}{thing}: {_lower(proof.words)}"
    if verdict.gap and not passed:
        return verdict.gap
    short = [one for one in verdict.findings if isinstance(one, Failed)]
    failed = [one.test for one in short]
    live = [one for one in verdict.findings if not isinstance(one, Inapplicable)]
    gaps = [one.test for one in live if one.test not in passed and one.test not in failed]
    if not passed and not failed:
        words = next((one.words for one in live), "Nobody has read it yet.")
        return f"Not known: {_lower(words)}"
    on = f"on {in_words(verdict.at)} " if verdict.at else ""
    thing = named(verdict.thing) if verdict.thing else "the page that a person read"
    holds = f"was {qualities(passed)}" if passed else ""
    fails = _fell_short(short, on) if short else ""
    claim = ", but ".join(part for part in (holds, fails) if part)
    rest = ", which is all we ask" if state is State.PRESENT else ""
    open_ = f"; we do not know yet whether it was {qualities(gaps, 'or')}" if gaps else ""
    return f"{city}: {on}{thing} {claim}{open_}{rest}{_caveats(verdict)}."


def _fell_short(failed: Sequence[Failed], on: str) -> str:
    """Which tests did not pass, and how short it fell: nine links in ten that work are not "not working"."""
    names = listed([f"“{TEST_WORDS[one.test]}”" for one in failed])
    told = " ".join(_lower(one.words).removeprefix(on) for one in failed).rstrip(".")
    return f"did not pass our test{'s' if len(failed) > 1 else ''} {names}: {told}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _caveats(verdict: Verdict) -> str:
    """What a fair quotation must not leave out."""
    proofs = [proof for one in verdict.findings if isinstance(one, Passed | Failed) for proof in one.evidence]
    told = []
    if any(isinstance(proof, Seen) and proof.capture.copy_of for proof in proofs):
        told.append("read from a recorded copy")
    people = sorted({(proof.by, proof.on) for proof in proofs if isinstance(proof, ReadByPerson)})
    if people:
        part = "in part " if verdict.thing else ""
        told.append(f"read {part}by {listed([f'{by} on {in_words(on)}' for by, on in people])}")
    if verdict.in_part:
        told.append("only a part of it was read")
    if verdict.caught:
        told.append("recognised by its words")
    if verdict.silent is not None:
        told.append(f"it has not answered us since {in_words(verdict.silent)}")
    return f" ({'; '.join(told)})" if told else ""


def nothing_known(indicator: Indicator, search: Sought) -> str:
    """Why there is no candidate at all: a gap in our knowledge, put as an invitation where a reader can help."""
    if indicator.topic is None or not (search.searches or search.unsearched):
        return "No source for this is known to us. Do you know one?"
    if not search.searches:
        return "We have not searched the city's data catalogue for this yet. Do you know where it is?"
    on = in_words(max(one.at for one in search.searches))
    count = sum(one.searched for one in search.searches)
    looked = f"Not known: on {on} we searched {count:,} dataset{'' if count == 1 else 's'}"
    if search.found == 1:
        return f"{looked}, and one may be it. Is it?"
    if search.found:
        return f"{looked}, and {search.found:,} may be it. Is one of them?"
    if search.mentioned:
        some = "one only touches" if search.mentioned == 1 else f"{search.mentioned:,} only touch"
        return f"{looked}; none is it by its title, and {some} on it. Do you know one?"
    return f"{looked} and found none that speaks of this. Do you know one?"


def nothing_read(ranked: Sequence[Verdict]) -> str:
    """Why none of the known candidates says anything: ours to read, or all waiting for a reader of ours."""
    waiting = [one.thing.source for one in ranked if one.closed and one.thing is not None]
    if len(waiting) < len(ranked):
        return ranked[0].gap
    kinds = sorted({KINDS[source.kind].words for source in waiting})
    count = "1 source" if len(waiting) == 1 else f"{len(waiting)} sources"
    them = "it" if len(waiting) == 1 else "them"
    return f"We know of {count} that could answer, but we cannot read {them} yet: {listed(kinds)}."
