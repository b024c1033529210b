"""The whole road end to end: Exampleton is served, read over real HTTP, judged, rendered, and the same every time."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from builder.demo.road import walk
from builder.model.reasons import Outcome
from builder.model.scorecard import State

PROJECT = Path(__file__).parents[2]
GOLDEN = PROJECT / "tests" / "golden"
RENEW = "CITYPROOF_RENEW=1 make test"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's website, made once by the command's own code."""
    out = tmp_path_factory.mktemp("demo") / "site"
    walk(PROJECT, out=out)
    return out


def body(site: Path) -> str:
    """The part of the city page that is ours: from its breadcrumbs to its foot, one element a line."""
    html = (site / "cities" / "xx-exampleton" / "index.html").read_text("utf-8")
    start, end = html.index('<nav class="cp-crumbs"'), html.index("</footer>", html.index('class="cp-foot"'))
    return html[start:end] + "</footer>\n"


@pytest.mark.parametrize(("name", "made"), [("exampleton.json", "twin"), ("exampleton.html", "body")])
def test_exampleton_is_what_it_was(site: Path, name: str, made: str) -> None:
    """The city page is the golden one byte for byte, its JSON twin value for value (indented to read)."""
    twin = json.loads((site / "api" / "v1" / "cities" / "xx-exampleton.json").read_bytes())
    text = f"{json.dumps(twin, indent=1, ensure_ascii=False)}\n" if made == "twin" else body(site)
    golden = GOLDEN / name
    if os.environ.get("CITYPROOF_RENEW"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text("utf-8"), (
        f"the demo's {made} differs from tests/golden/{name}: readers see this change. "
        f"If it is meant, renew it with '{RENEW}' and read the diff before you commit it."
    )


def test_it_shows_every_state_and_every_outcome(site: Path) -> None:
    """A reader of the demo meets all five states, a last-seen answer, and all five outcomes."""
    twin = json.loads((site / "api" / "v1" / "cities" / "xx-exampleton.json").read_bytes())
    answers = [answer for area in twin["areas"] for answer in area["answers"]]
    assert {answer["state"] for answer in answers} == {state.value for state in State}
    assert {finding["outcome"] for answer in answers for finding in answer["findings"]} == {o.value for o in Outcome}
    assert any("last_seen" in answer for answer in answers)


def test_every_passed_or_failed_finding_carries_evidence(site: Path) -> None:
    """What is claimed is proved: no passed or failed finding without its evidence, on the page and in the twin."""
    twin = json.loads((site / "api" / "v1" / "cities" / "xx-exampleton.json").read_bytes())
    findings = [one for area in twin["areas"] for answer in area["answers"] for one in answer["findings"]]
    claimed = [one for one in findings if one["outcome"] in ("passed", "failed")]
    assert claimed
    assert all(one["evidence"] for one in claimed)


def test_the_missing_one_shows_where_we_looked_and_the_city_s_reply(site: Path) -> None:
    """A 'missing' is followed to two readings on two days, and the city's own words stand beside it."""
    claim = re.search(r'<article[^>]*id="open-data\.dcat".*?</article>', body(site), re.S)
    assert claim
    assert "14 November 2026" in claim[0]
    assert "20 November 2026" in claim[0]
    assert "http://data.exampleton.example/data.json" in claim[0]
    assert "It will be back before the new year." in claim[0]


def test_a_second_walk_is_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Whatever port the town's servers get and whenever it is walked, the website is the same."""
    walk(PROJECT, out=tmp_path / "again")
    first = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    second = {p.relative_to(tmp_path / "again"): p.read_bytes() for p in (tmp_path / "again").rglob("*") if p.is_file()}
    assert first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []
