"""The questions of the cards made by hand: four areas, nine questions, plain words."""

from __future__ import annotations

from builder.model.finding import Test
from builder.model.framework import Area, Change, Framework, Indicator, TestRule


def indicator(id: str, question: str, *tests: Test, weight: int = 1, lifetime: int | None = None) -> Indicator:
    """A plain question whose tests have their names for words."""
    return Indicator(
        id=id,
        question=question,
        why=f"Why {id} matters.",
        good=f"What good {id} looks like.",
        kinds=("ckan",) if id.startswith("open-data") else ("gtfs", "gbfs"),
        tests={test: TestRule(words=f"It is {test.value}.") for test in tests},
        lifetime_days=lifetime,
        weight=weight,
        weight_why="Everybody needs it.",
    )


P, M, L, F, D, W = Test
QUESTIONS = {
    "open-data.portal": indicator("open-data.portal", "Is there one place with all open data?", P, M, L, D, weight=3),
    "open-data.fresh": indicator("open-data.fresh", "Is the data kept up to date?", P, F),
    "transit.timetable": indicator("transit.timetable", "Are bus times open to any app?", P, M, lifetime=30),
    "transit.live": indicator("transit.live", "Can an app show where the bus is?", P, W),
    "transit.bikes": indicator("transit.bikes", "Can an app find a shared bike?", P, L, F),
    "money.budget": indicator("money.budget", "Is the budget data that a program can read?", P),
    "money.contracts": indicator("money.contracts", "Are contracts published?", P),
    "money.harbour": indicator("money.harbour", "Are harbour fees published?", P),
    "voice.meetings": indicator("voice.meetings", "Can I see when the council meets?", P, D),
}


def framework() -> Framework:
    """A framework of four areas and nine questions."""
    return Framework(
        id="trial",
        version="0.3",
        name="Trial questions",
        summary="Nine questions for the tests.",
        areas=(
            Area(id="open-data", name="Open data portal", summary="One place for data."),
            Area(id="transit", name="Getting around", summary="Timetables and live running."),
            Area(id="money", name="Money", summary="Where it comes from and goes."),
            Area(id="voice", name="Having a say", summary="Meetings and decisions."),
        ),
        indicators=tuple(QUESTIONS.values()),
        changes=(Change(version="0.3", on="2026-11-01", what="Nine questions.", why="To begin."),),
    )
