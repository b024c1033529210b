"""Rule 12 of honesty: every difference names its cause, and both causes are named when both are true."""

from __future__ import annotations

import pytest

from builder.judge.moving import Cause, moves, states
from builder.model.city import Attestation, City
from builder.model.observation import SourceFacts
from builder.model.scorecard import State

from .facts import NOW, PORTAL, Reason, World, ago, attestation, city, fault, good, pin, source

P, H, M, U, N = State.PRESENT, State.PARTIAL, State.MISSING, State.UNKNOWN, State.NOT_APPLICABLE
ID = "trains.map"


def world(state: State, **more: object) -> World:
    """A city whose portal makes the one question come out like this."""
    town = city(source(), **more)
    facts = {P: good(ago(1), dataset_count=3), U: None}.get(state)
    if state is M:
        gone = [fault(ago(day), Reason.GONE) for day in (3, 1)]
        return World(town, {"portal": SourceFacts(faults=tuple(gone))})
    return World(town, {"portal": SourceFacts(good=facts)} if facts else {})


@pytest.mark.parametrize(
    ("published", "then", "now", "causes"),
    [
        (P, P, P, None),
        (M, P, P, (Cause.METHOD,)),
        (P, P, M, (Cause.CITY,)),
        (P, P, U, (Cause.NOT_READ,)),
        (U, U, P, (Cause.NOT_READ,)),
        (H, P, M, (Cause.METHOD, Cause.CITY)),
        (None, P, P, (Cause.METHOD,)),
        (P, U, P, (Cause.METHOD, Cause.NOT_READ)),
    ],
)
def test_a_difference_names_its_cause(
    published: State | None, then: State, now: State, causes: tuple[Cause, ...] | None
) -> None:
    """V0 and V1 differ: the method. V1 and V2 differ: the city, or a reading that came or failed. Both: both."""
    before = {} if published is None else {ID: published}
    found = moves(before, world(then).card(PORTAL), world(now).card(PORTAL))
    assert [(one.published, one.remade, one.now, one.causes) for one in found] == (
        [] if causes is None else [(published, then, now, causes)]
    )


@pytest.mark.parametrize(
    "said",
    [
        {"not_applicable": {ID: "No trains."}},
        {"attestations": (attestation(ID, "published", "passed", "2026-05-01"),)},
        {"pins": (pin(ID, "portal"),), "not_applicable": {ID: "No trains."}},
    ],
)
def test_a_persons_word_is_a_cause_of_its_own(said: dict[str, object]) -> None:
    """What somebody added to the city file explains the change before anything else does."""
    now = World(city(source(), **said))
    found = moves({ID: P}, world(P).card(PORTAL), now.card(PORTAL))
    assert [one.causes for one in found] == [(Cause.PERSON,)]


def test_the_order_of_what_people_said_is_no_change() -> None:
    """The same two readings in another order are the same two readings."""
    one, other = (attestation(ID, "published", "passed", day) for day in ("2026-04-01", "2026-05-01"))
    cards = [
        World(City.model_validate({**city().model_dump(), "attestations": words})).card(PORTAL)
        for words in ([one.model_dump(), other.model_dump()], [other.model_dump(), one.model_dump()])
    ]
    assert moves(states(cards[0]), *cards) == ()
    assert Attestation is type(one)


def test_a_question_that_is_not_asked_any_more_is_a_change_of_method() -> None:
    """It stays in the list, with nothing in the place of today's answer."""
    card = world(P).card(PORTAL, now=NOW)
    found = moves({ID: P, "old.question": M}, card, card)
    assert [(one.indicator, one.published, one.now, one.causes) for one in found] == [
        ("old.question", M, None, (Cause.METHOD,))
    ]
