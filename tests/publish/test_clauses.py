"""Which clauses stand beside a figure: in words that say how far apart the two are, and only for the kinds named."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from builder.model.standard import Relation, Standard
from builder.publish.clauses import MEANING, NAMES, PHRASES, Clauses


def standard(id: str, code: str, relation: Relation, **more: Any) -> Standard:
    """A standard with one clause, to which the bikes of a bike feed speak."""
    figure = {"measurement": "bikes_available", "kinds": ("gbfs",), "relation": relation}
    clause = {"code": code, "about": "bikes", "level": more.pop("level", None), "figures": (figure,)}
    plain = {"id": id, "short": id.upper(), "name": id, "edition": "1", "by": "x", "link": "https://x.example.org/"}
    return Standard.model_validate({**plain, "clauses": (clause,), **more})


def test_words_say_how_a_figure_stands_to_a_clause() -> None:
    """Levels first, one relation once with all its clauses, and whoever asks people is named as asking."""
    clauses = Clauses(
        (
            standard("imd", "bike hire", "asks_people", coded=False),
            standard("iso", "19.4", "one_input"),
            standard("u", "T: 6A", "one_input"),
            standard("godi", "open format", "same_subject", coded=False),
            standard("who", "1", "asks_for", level="at most 5"),
        )
    )
    assert clauses.beside("bikes_available", "gbfs") == (
        "WHO: at most 5; one input of ISO 19.4 and U T: 6A; the same subject as GODI “open format”; "
        "IMD asks people how they find bike hire"
    )
    assert [one.standard.id for one in clauses.of("bikes_available", "gbfs")] == ["who", "iso", "u", "godi", "imd"]


@pytest.mark.parametrize(("name", "kind"), [("bikes_available", "gtfs"), ("station_count", "gbfs")])
def test_other_figures_stand_alone(name: str, kind: str) -> None:
    """The same name read from another kind of source is another figure."""
    clauses = Clauses((standard("iso", "19.4", "one_input"),))
    assert (clauses.beside(name, kind), clauses.of(name, kind)) == ("", ())


def test_every_relation_is_explained() -> None:
    """No word beside a figure that the page of standards does not explain."""
    assert PHRASES.keys() == NAMES.keys() == MEANING.keys() == set(get_args(Relation))
