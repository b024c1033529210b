"""The commands about topics, as someone at a prompt uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import cityproof
from builder.errors import InputError
from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.source import Source
from builder.store.results import Results

Run = Callable[..., Result]

TREES = """\
id: nature.trees
counts: Trees.
not_counts: Cover.
words:
  en: {names: ["street tree*"], hints: [tree, trees]}
  fr: {names: ["arbre*"]}
"""
SHARED = """\
version: "1.0"
changes: [{version: "1.0", on: 2026-11-21, what: All., why: First.}]
general: {}
places: {}
groups: {}
"""
CITY = """\
id: ie-exampleton
names: {en: Exampleton}
languages: [en]
country: IE
location: [53.0, -8.0]
sources:
  - {id: portal, kind: ckan, url: "https://data.example.org/", publisher: The council, tier: city}
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command over a small project: two datasets of one city, one topic."""
    topics, cities = tmp_path / "frameworks" / "topics", tmp_path / "cities"
    topics.mkdir(parents=True)
    cities.mkdir()
    (topics / "nature.trees.yml").write_text(TREES)
    (topics / "shared.yml").write_text(SHARED)
    (cities / "ie-exampleton.yml").write_text(CITY)
    portal = Source(id="portal", kind="ckan", url="https://data.example.org/", publisher="x", tier="city")
    listed = [
        Dataset(id=id, title=title, url=f"https://data.example.org/{id}", pointer="$")
        for id, title in (("a", "Street trees"), ("b", "Tree cover"))
    ]
    Results(tmp_path / "results").write_datasets(portal.key, listed, True, date(2026, 11, 1))
    folders = [
        word for name in ("cities", "results", "frameworks") for word in (f"--{name}", str(tmp_path / name))
    ]  # fmt: skip

    def call(*words: str, text: str = "") -> Result:
        given = folders if words[0] in ("measure", "review") else folders[4:]
        return CliRunner().invoke(cityproof, [*words, *given], input=text, standalone_mode=False)

    return call


def test_classify_labels_each_line(run: Run) -> None:
    """One line in, one line out, in order: labels of the narrow net, candidates of the wide one, nothing gated."""
    lines = [
        {"id": 1, "title": "Street trees", "language": "en"},
        {"id": "2", "title": "Tree cover", "language": "en"},
        {"id": 3, "title": "Les arbres"},
        {"id": 4},
    ]
    done = run("classify", "-", text="\n".join(map(json.dumps, lines)) + "\n\n")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": 1, "labels": ["nature.trees"], "candidates": ["nature.trees"]},
        {"id": "2", "labels": [], "candidates": ["nature.trees"]},
        {"id": 3, "labels": ["nature.trees"], "candidates": ["nature.trees"]},
        {"id": 4, "labels": [], "candidates": []},
    ]


def test_many_records_are_labelled_by_all_cores_in_order(run: Run, tmp_path: Path) -> None:
    """Five thousand lines come out as they went in."""
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f'{{"id":{number},"title":"Street trees {number}"}}\n' for number in range(5000)))
    done = run("classify", str(file))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == list(range(5000))
    assert all(json.loads(line)["labels"] == ["nature.trees"] for line in done.stdout.splitlines())


@pytest.mark.parametrize(("line", "what"), [("{", "no JSON ("), ("[1]", "no JSON object")])
def test_a_line_that_is_no_record_is_named(run: Run, line: str, what: str) -> None:
    """Which line, and what is wrong with it; no traceback, no half answer taken for a whole one."""
    done = run("classify", "-", text=f'{{"id":1}}\n{line}\n')
    assert isinstance(done.exception, InputError)
    assert str(done.exception).startswith("-:2: ") and what in str(done.exception)


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    """The name that was given, and what to do."""
    done = run("classify", str(tmp_path / "none.jsonl"))
    assert isinstance(done.exception, InputError) and "none.jsonl: " in str(done.exception)


def test_review_shows_what_to_judge_and_measure_takes_it(run: Run, tmp_path: Path) -> None:
    """The shown line, filled in, is a verdict; then it is measured and not shown again."""
    assert isinstance(run("measure").exception, InputError)
    shown = [json.loads(line) for line in run("review").stdout.splitlines()]
    assert [(one["url"], one["topic"], one["found"]) for one in shown] == [
        ("https://data.example.org/a", "nature.trees", "net")
    ]
    verdict = {**shown[0], "verdict": "right", "why": "a list of trees", "on": "2026-11-21"}
    (tmp_path / "frameworks" / "topics" / "reviews.jsonl").write_text(json.dumps(verdict) + "\n")
    done = run("measure", "--now", datetime(2026, 11, 22, tzinfo=UTC).isoformat())
    assert "narrow net 1 of 1 (100.0%) right" in done.stdout and "measured.json written" in done.stdout
    assert "measured.json unchanged" in run("measure", "--now", "2026-11-22").stdout
    assert run("review").stdout == ""
    assert (tmp_path / "results" / "matches").is_dir()


def test_labelled_records_join_the_measurement(run: Run, tmp_path: Path) -> None:
    """Records with labels tell recall too."""
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"title": "Street trees", "labels": ["nature.trees"]},
        {"title": "Green things", "labels": ["nature.trees"]},
    ]
    file.write_text("".join(json.dumps({"language": "en", **row}) + "\n" for row in rows))
    done = run("measure", "--labelled", str(file), "--now", "2026-11-22")
    assert "narrow net 1 of 1 (100.0%) right and 1 of 2 (50.0%) caught; wide net 1 of 2 (50.0%) caught" in done.stdout


def test_an_unknown_topic_is_refused(run: Run) -> None:
    """A name that is no topic would silently show nothing."""
    done = run("review", "--topic", "nature.tree")
    assert isinstance(done.exception, InputError) and "nature.tree: no such topic" in str(done.exception)
    assert City.model_fields
