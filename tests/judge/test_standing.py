"""How a source stands, from its facts and the ledger."""

from __future__ import annotations

import pytest

from builder.judge.standing import Course, standing
from builder.model.observation import SourceFacts
from builder.model.reasons import Reason

from .facts import ago, fault, good, line, source

PORTAL = source()
HOUR = 1 / 24


@pytest.mark.parametrize(
    ("faults", "course"),
    [
        ((), Course.ANSWERING),
        ((Reason.TIMEOUT,), Course.SILENT),
        ((Reason.BOT_CHALLENGE, Reason.TIMEOUT), Course.SILENT),
        ((Reason.NOT_FOUND,), Course.BROKEN),
        ((Reason.NOT_FOUND, Reason.GONE), Course.VANISHED),
        ((Reason.NOT_FOUND, Reason.TIMEOUT), Course.BROKEN),
        ((Reason.TIMEOUT, Reason.MALFORMED), Course.BROKEN),
        ((Reason.MALFORMED, Reason.TIMEOUT), Course.BROKEN),
        ((Reason.NOT_CAPTURED,), Course.ANSWERING),
    ],
)
def test_what_has_become_of_a_source(faults: tuple[Reason, ...], course: Course) -> None:
    """One fault of the network is silence, one of the source breaks it, two days of "not found" and it has vanished."""
    seen = tuple(fault(ago(5 - index), reason) for index, reason in enumerate(faults))
    assert standing(PORTAL, SourceFacts(good=good(ago(9)), faults=seen), ()).course is course


def test_two_readings_on_one_day_are_one() -> None:
    """A server under repair says "not found" all day long."""
    seen = (fault(ago(5), Reason.NOT_FOUND), fault(ago(5 - HOUR), Reason.NOT_FOUND))
    assert standing(PORTAL, SourceFacts(faults=seen), ()).course is Course.BROKEN


def test_a_source_that_answers_again_has_not_vanished() -> None:
    """After two days of "not found" something else stands at the address: it is there, and broken."""
    facts = SourceFacts(faults=(fault(ago(5), Reason.NOT_FOUND), fault(ago(4), Reason.NOT_FOUND)))
    lines = [line(PORTAL, ago(5), Reason.NOT_FOUND), line(PORTAL, ago(4), Reason.NOT_FOUND)]
    assert standing(PORTAL, facts, [*lines, line(PORTAL, ago(3), Reason.MALFORMED)]).course is Course.BROKEN
    assert standing(PORTAL, facts, [*lines, line(PORTAL, ago(3), Reason.TIMEOUT)]).course is Course.VANISHED


def test_the_ledger_says_when_facts_were_last_read() -> None:
    """Facts first seen in March and found unchanged in May were last read in May."""
    lines = [line(PORTAL, ago(80), digest="a"), line(PORTAL, ago(10), digest="a")]
    stands = standing(PORTAL, SourceFacts(good=good(ago(80))), lines)
    assert (stands.good_at, stands.last_read, stands.reason) == (ago(10), ago(10), Reason.OK)
    assert standing(PORTAL, SourceFacts(good=good(ago(80))), ()).good_at == ago(80)


def test_other_facts_do_not_renew_these() -> None:
    """Another city's run read the shared source and found other facts: ours were not read again."""
    lines = [line(PORTAL, ago(80), digest="a"), line(PORTAL, ago(10), digest="b")]
    assert standing(PORTAL, SourceFacts(good=good(ago(80))), lines).good_at == ago(80)


def test_where_we_looked_tells_of_the_newest_reading() -> None:
    """The page says when we last tried, what came of it and since when it has been so."""
    lines = [line(PORTAL, ago(9)), line(PORTAL, ago(5), Reason.TIMEOUT), line(PORTAL, ago(1), Reason.SERVER_ERROR)]
    facts = SourceFacts(good=good(ago(9)), faults=(fault(ago(5), Reason.TIMEOUT), fault(ago(1), Reason.SERVER_ERROR)))
    looked = standing(PORTAL, facts, lines).looked(readable=True)
    assert (looked.last_read, looked.reason, looked.failing_since) == (ago(1), Reason.SERVER_ERROR, ago(5))


def test_what_nobody_read_has_no_reading() -> None:
    """A try that was no reading leaves its reason and no date."""
    assert standing(PORTAL, None, ()).looked(readable=False).reason is None
    looked = standing(PORTAL, None, [line(PORTAL, ago(1), Reason.NEEDS_KEY)]).looked(readable=True)
    assert (looked.last_read, looked.reason) == (None, Reason.NEEDS_KEY)
