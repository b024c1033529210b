"""The command `pin`, as someone at a prompt uses it: the line, what it changes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import cityproof
from builder.errors import InputError
from builder.model.capture import Capture
from builder.model.catalogue import Dataset
from builder.model.observation import CityFacts, LedgerLine, Observation, SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.model.source import source_key
from builder.store.check import check
from builder.store.ledger import Ledger
from builder.store.results import Results
from tests.commands.test_topics import SHARED, TREES

Run = Callable[..., Result]
URL = "https://data.example.org/"
KEY = source_key("ckan", URL, None)
AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
CITY = f"""\
id: ie-exampleton
names: {{en: Exampleton}}
languages: [en]
country: IE
location: [53.0, -8.0]
sources:
  # The council's own.
  - {{id: portal, kind: ckan, url: "{URL}", publisher: The council, tier: city}}
rejects:
  - {{indicator: nature.trees, source: portal, dataset: stumps, by: bo, on: 2026-11-01, why: Stumps.}}
"""
FRAMEWORK = """\
id: capability
version: "1.0"
name: Small
summary: One question.
areas: [{id: nature, name: Nature, summary: Trees.}]
indicators:
  - id: nature.trees
    question: Is there a tree list?
    why: Shade.
    good: Species and place.
    topic: nature.trees
    tests:
      published: {words: It is there., rules: [{rule: answers}]}
    weight: 2
    weight_why: Some look.
changes: [{version: "1.0", on: 2026-11-21, what: First., why: A beginning.}]
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Pin over a small project: one city, one read catalogue of three datasets, one question; the form is the input."""
    topics, cities, results = tmp_path / "frameworks/topics", tmp_path / "cities", tmp_path / "results"
    topics.mkdir(parents=True)
    cities.mkdir()
    (topics / "nature.trees.yml").write_text(TREES)
    (topics / "shared.yml").write_text(SHARED)
    (tmp_path / "frameworks/capability.yml").write_text(FRAMEWORK)
    (cities / "ie-exampleton.yml").write_text(CITY)
    listed = [
        Dataset(id=id, title=title, url=f"{URL}dataset/{id}", pointer="$")
        for id, title in (("green-2026", "Green things"), ("stumps", "Tree stumps"), ("budget-2026", "Budget"))
    ]
    store = Results(results)
    store.write_datasets(KEY, listed, True, AT.date())
    capture = Capture(url=URL, final_url=URL, at=AT, status=200, sha256="a" * 64, bytes=9)
    good = Observation(
        kind="ckan", url=URL, probe="ckan/1", at=AT, outcome=Outcome.PASSED, reason=Reason.OK, complete=True,
        scope="all", captures=(capture,),
    )  # fmt: skip
    store.write_city(CityFacts(city="ie-exampleton", sources={"portal": SourceFacts(good=good)}))
    line = LedgerLine(run=AT, source=KEY, at=AT, outcome=Outcome.PASSED, reason=Reason.OK, digest="d")
    Ledger(results).append([line])
    folders = [word for name in ("cities", "results", "frameworks") for word in (f"--{name}", str(tmp_path / name))]

    def call(*words: str, url: str = f"{URL}dataset/green-2026", city: str = "Exampleton, Ireland") -> Result:
        form = f"### City\n\n{city}\n\n### What does the link answer?\n\nnature.trees\n\n### Link\n\n{url}\n"
        return CliRunner().invoke(cityproof, ["pin", *folders, "--from-issue", "-", *words], input=form)

    return call


def test_the_line_and_what_it_changes_are_shown(run: Run, tmp_path: Path) -> None:
    """Which thing is meant, the line, the answer before and after; nothing is written unasked."""
    done = run("--by", "Ana Lima", "--on", "2026-11-20")
    assert done.exit_code == 0, done.exception
    said = done.stdout.splitlines()
    line = '  - {indicator: nature.trees, source: portal, dataset: green-2026, by: "Ana Lima", "on": "2026-11-20"}'
    assert said[0].endswith("cities/ie-exampleton.yml, under 'pins':") and said[1] == line
    assert said[2] == "It means “Green things” in the open data portal (CKAN) of The council."
    assert said[4].startswith("  before, unknown: ") and said[5].startswith("  after, present: ")
    assert said[6] == "Known: 0 of 1, then 1."
    assert (tmp_path / "cities/ie-exampleton.yml").read_text() == CITY
    assert run("--by", "Ana Lima", "--on", "2026-11-20", "--write").exit_code == 0
    assert (tmp_path / "cities/ie-exampleton.yml").read_text() == f"{CITY}pins:\n{line}\n"
    again = run("--by", "Bo", "--on", "2026-11-21")
    assert "this is pinned already, by Ana Lima on 2026-11-20" in str(again.exception)


@pytest.mark.parametrize("by", ['x", "on": "2020-01-01"}', "} # a", "a: b, source: other", "'", "- x", "é\\u202e"])
def test_a_hostile_name_stays_a_name(run: Run, tmp_path: Path, by: str) -> None:
    """Whatever somebody calls themselves, the file passes the check and says that they said it."""
    assert run("--by", by, "--on", "2026-11-20", "--write").exit_code == 0
    assert check([], cities=tmp_path / "cities", frameworks=tmp_path / "frameworks") == []
    assert run("--by", "Bo", "--on", "2026-11-20").exception is not None


@pytest.mark.parametrize(
    ("words", "form", "said"),
    [
        ((), {}, "the form gives no name to print"),
        (("--by", " "), {}, "the form gives no name to print"),
        (
            ("--by", "Ana"),
            {"url": URL},
            "is the whole catalogue 'portal', and nature.trees asks for one of its data",
        ),
        (("--by", "Ana"), {"url": f"{URL}dataset/stumps"}, "bo said on 2026-11-01 that it is not meant"),
        (("--by", "Ana"), {"url": "trees"}, "expected a web address"),
        (("--by", "Ana"), {"url": f"{URL}dataset/green-2026/budget-2026"}, "may be 2 things"),
        (("--by", "Ana"), {"city": "Nowhere"}, "no city is called 'Nowhere'"),
        (("--by", "Ana", "--write"), {"url": "https://trees.example.org/"}, "nothing is written: add the source first"),
        (("--by", "a\u202eb"), {}, ""),
    ],
)
def test_what_cannot_be_pinned_is_one_line(
    run: Run, tmp_path: Path, words: tuple[str, ...], form: dict[str, str], said: str
) -> None:
    """Each refusal says what is wrong, and the file stays as it was."""
    done = run(*words, **form)
    if said:
        assert isinstance(done.exception, InputError) and said in str(done.exception), done.exception
        assert "\n" not in str(done.exception)
    else:
        assert "\u202e" not in done.stdout
    assert (tmp_path / "cities/ie-exampleton.yml").read_text() == CITY


def test_an_address_of_no_known_source_shows_what_to_add(run: Run) -> None:
    """The kind as the address looks; the publisher is never guessed; a page on the portal says to read it again."""
    done = run("--by", "Ana", url="https://maps.example.org/ows?service=WFS")
    assert done.exit_code == 0 and "    kind: wfs " in done.stdout
    assert "    publisher:  # who publishes it" in done.stdout and "is of no source that we know" in done.stdout
    there = run("--by", "Ana", url=f"{URL}dataset/new-trees")
    assert "whose list, as we read it, has no such dataset" in there.stdout


def test_today_is_the_day_where_none_is_given(run: Run) -> None:
    """The command line knows the day; nothing below it does."""
    assert f'"{datetime.now(UTC).date():%Y-%m}' in run("--by", "Ana").stdout
    assert date(2026, 11, 20).isoformat() not in run("--by", "Ana", "--on", "2026-11-19").stdout
