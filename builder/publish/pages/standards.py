"""The standards that figures stand beside: every clause we name, which figure speaks to it, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.judge.phrases import label
from builder.model.kinds import KINDS
from builder.model.standard import Clause
from builder.publish.clauses import MEANING, NAMES
from builder.publish.measures import WORDS
from builder.publish.page import Page, Site

ADDRESS = "method/standards/"


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause, and the figures that speak to it: name, how it stands to the clause, the kinds that yield it."""

    code: str
    about: str
    level: str
    figures: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    used = {figure.relation for one in site.standards for clause in one.clauses for figure in clause.figures}
    yield Page(
        path=ADDRESS,
        frame="standards",
        title="Standards beside our figures",
        description="Which clause of which standard a figure speaks to, and how: shown side by side, never scored.",
        template="standards.html",
        context={
            "standards": [(one, [_row(clause) for clause in one.clauses]) for one in site.standards],
            "relations": [(NAMES[relation], MEANING[relation]) for relation in NAMES if relation in used],
        },
    )


def _row(clause: Clause) -> ClauseRow:
    figures = tuple(
        (
            WORDS.get(one.measurement) or label(one.measurement).capitalize(),
            NAMES[one.relation],
            tuple((kind, KINDS[kind].words) for kind in one.kinds),
        )
        for one in clause.figures
    )
    return ClauseRow(clause.code, clause.about, clause.level or "", figures)
