"""The standards on disk: one a file, every fault at its line, and nothing named that no source yields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.errors import FilesRefused
from builder.probes import discover
from builder.publish.pages.probes import HEADINGS, reference
from builder.store.check import check
from builder.store.standards import load_standards

ROOT = Path(__file__).parents[2]

BIKES = """\
id: bikes
short: ISO 1
name: Bikes
edition: "2019"
by: ISO
link: https://www.iso.org/1
clauses:
  - code: "19.4"
    about: shared bikes
    figures:
      - {measurement: bikes_available, kinds: [gbfs], relation: one_input}
"""


def write(frameworks: Path, text: str = BIKES, name: str = "bikes") -> Path:
    """A folder of frameworks with this one standard."""
    (frameworks / "standards").mkdir()
    (frameworks / "standards" / f"{name}.yml").write_text(text, encoding="utf-8")
    return frameworks


def test_a_standard_is_read(tmp_path: Path) -> None:
    """Clauses with their codes, and which figure speaks to each, how."""
    (standard,) = load_standards(write(tmp_path))
    (clause,) = standard.clauses
    assert (standard.short, clause.code, clause.figures[0].relation) == ("ISO 1", "19.4", "one_input")


def test_figures_need_no_standards(tmp_path: Path) -> None:
    """An older folder of frameworks has none: its figures are shown alone."""
    assert load_standards(tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("about:", "abuot:", "bikes.yml:9:5: clauses.0.abuot: there is no field 'abuot' here; did you mean 'about'"),
        ("[gbfs]", "[gbsf]", "there is no kind 'gbsf'; did you mean 'gbfs'"),
        ("one_input}", "compliant}", "found 'compliant', expected same_fact or one_input"),
        ("one_input}", "asks_for}", "needs the clause's 'level'"),
        ("id: bikes", "id: bicycles", "found 'bicycles' in a file named 'bikes.yml'"),
    ],
)
def test_a_fault_is_told_where_it_is(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """``check`` and the build say the same: which line, what is wrong, what to do."""
    frameworks = write(tmp_path, BIKES.replace(old, new, 1))
    with pytest.raises(FilesRefused) as told:
        load_standards(frameworks)
    assert any(fault in str(one) for one in told.value.faults), told.value.faults
    named = check([frameworks / "standards" / "bikes.yml"], cities=tmp_path, frameworks=frameworks)
    assert [one.message for one in named] == [one.message for one in told.value.faults]


def test_a_clause_is_named_once(tmp_path: Path) -> None:
    """Twice the same code would be two rows for one clause."""
    clause = BIKES[BIKES.index("  - code") :]
    with pytest.raises(FilesRefused, match=r"clause named twice: 19\.4"):
        load_standards(write(tmp_path, BIKES + clause))


def test_every_figure_named_is_one_that_its_source_yields() -> None:
    """A clause beside a measurement that no probe reads would stand beside nothing."""
    told = {kind: _measurements(reference(probe)[1]) for kind, probe in discover().items()}
    lost = [
        f"{standard.id} {clause.code}: {figure.measurement} of {kind}"
        for standard in load_standards(ROOT / "frameworks")
        for clause in standard.clauses
        for figure in clause.figures
        for kind in figure.kinds
        if figure.measurement not in told[kind]
    ]
    assert not lost, f"frameworks/standards names what no probe measures: {', '.join(lost)}"


def test_no_standard_claims_more_than_we_know() -> None:
    """Nobody is called compliant, and where codes are ours the page says so."""
    for standard in load_standards(ROOT / "frameworks"):
        assert "complian" not in standard.model_dump_json().lower()
        assert standard.coded or standard.note, f"{standard.id}: whose codes these are must be said in its note"


def _measurements(body: str) -> set[str]:
    """The names in backticks in the part of a probe's page that says what it measures."""
    part = re.split(r"^## (.*)$", body, flags=re.MULTILINE)
    return set(re.findall(r"`([a-z][a-z0-9_]+)`", dict(zip(part[1::2], part[2::2], strict=True))[HEADINGS[1]]))
