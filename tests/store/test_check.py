"""The check: silence means that everything named was read and found right, and its lines can harm no log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Fault
from builder.store.check import as_json, as_text, check


def _check(folders: Any, *paths: Path) -> list[Fault]:
    return check(list(paths), cities=folders.cities, frameworks=folders.frameworks)


def test_right_files_give_no_fault(folders: Any) -> None:
    """All cities and frameworks, one file and one folder are all found right."""
    assert _check(folders) == []
    assert _check(folders, folders.city) == _check(folders, folders.framework) == []
    assert _check(folders, folders.cities) == _check(folders, folders.frameworks) == []


def test_faults_of_all_files_come_in_stable_order(folders: Any) -> None:
    """Whatever order the files are named in, their faults come by file, line and column, each once."""
    other = folders.cities / "a-b.yml"
    other.write_text("id: [\n")
    folders.spoil("kind: ckan", "kind: kcan")
    folders.spoil("weight: 3", "weight: 9", folders.framework)
    faults = _check(folders, folders.framework, folders.city, other, folders.city)
    assert faults == sorted(faults) == _check(folders) and len(faults) == 3


@pytest.mark.parametrize("name", ["absent.yml", "absent", "absent*.yml", "absent/x.yml", "x\0y.yml", "a" * 5000])
def test_a_name_that_leads_nowhere_is_a_fault(name: str, folders: Any) -> None:
    """A slip in a file's name must not look like approval."""
    faults = _check(folders, folders.cities / name)
    assert len(faults) == 1 and ("check the name" in faults[0].message or "cannot be read" in faults[0].message)


def test_a_pattern_that_the_shell_left_alone_is_read(folders: Any) -> None:
    """Where the shell does not expand a pattern, the check does."""
    folders.spoil("kind: ckan", "kind: kcan")
    assert [fault.field for fault in _check(folders, folders.cities / "xk-*.yml")] == ["sources.0.kind"]


def test_an_empty_folder_is_a_fault(folders: Any, tmp_path: Path) -> None:
    """A folder that holds nothing to read is told, wherever it is."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no" in _check(folders, empty)[0].message
    assert len(check([], cities=empty, frameworks=empty)) == 1
    assert len(check([], cities=tmp_path / "no", frameworks=tmp_path / "neither")) == 2


def test_indicators_are_held_against_the_frameworks(folders: Any) -> None:
    """A pin of a question that nobody asks is a fault, and so is having no framework to hold it against."""
    folders.spoil("indicator: transit.timetable", "indicator: transit.timetables")
    assert "did you mean 'transit.timetable'?" in _check(folders, folders.city)[0].message
    folders.spoil("id: small", "id: [", folders.framework)
    assert [Path(fault.file).name for fault in _check(folders, folders.city)] == ["small.yml"] * 1


def test_a_city_without_sayings_needs_no_framework(folders: Any, tmp_path: Path) -> None:
    """A single file from somewhere else can be checked where there is no framework."""
    text = folders.city.read_text().partition("pins:")[0]
    folders.city.write_text(text)
    assert check([folders.city], cities=folders.cities, frameworks=tmp_path / "absent") == []


def test_lines_and_json_say_the_same() -> None:
    """Text is one line a fault; JSON is a list with the five fields."""
    fault = Fault("cities/x.yml", 3, 5, "site", "found nothing")
    assert as_text([fault, fault]) == "cities/x.yml:3:5: site: found nothing\n" * 2
    assert json.loads(as_json([fault])) == [
        {"file": "cities/x.yml", "line": 3, "column": 5, "field": "site", "message": "found nothing"}
    ]
    assert as_text([]) == "" and json.loads(as_json([])) == []


@pytest.mark.parametrize(
    "name",
    ["::error file=x::boo.yml", "##[error]boo.yml", "a\n::warning::b.yml", "a\x1b[2Jb.yml", "a\u202eb.yml", "a\rb.yml"],
)
def test_a_file_name_cannot_command_the_log(name: str, tmp_path: Path) -> None:
    """Neither a workflow command nor a control character reaches the terminal by way of a file's name."""
    (tmp_path / name).write_text("id: 1\n::set-output name=x::y: 1\n")
    faults = check([Path(name)], cities=tmp_path, frameworks=tmp_path)
    faults += check([tmp_path / name], cities=tmp_path, frameworks=tmp_path / "none")
    for line in as_text(faults).splitlines():
        assert line.isprintable() and not line.lstrip().startswith(("::", "##[")), line
    assert len(as_text(faults).splitlines()) == len(faults) >= 2


def test_messages_hold_no_secret_and_no_control(folders: Any) -> None:
    """Keys and passwords in addresses are masked, and long or hostile text is cut and shown as one line."""
    folders.spoil(
        "site: https://www.exampleton.example/",
        "site: ftp://me:hunter2@x.example/?api_key=s3cr3t&token=s3cr3t&page=2",
    )
    folders.spoil("country: XK", 'country: "' + "x" * 5000 + '"')
    text = as_text(_check(folders, folders.city))
    assert "hunter2" not in text and "s3cr3t" not in text and "page=2" in text
    assert all(len(line) < 600 for line in text.splitlines())


TOPIC = """\
id: nature.trees
counts: A list of trees.
not_counts: Tree cover.
words:
  en: {names: ["street tree*"]}
"""
SHARED = """\
version: "1.0"
changes:
  - {version: "1.0", on: 2026-11-21, what: All., why: First.}
general: {en: [data]}
places: {en: [of]}
groups:
  list: {en: [inventory]}
"""
REVIEW = (
    '{"found":"net","on":"2026-11-21","title":"Trees","topic":"nature.trees","url":"https://a.example/1",'
    '"verdict":"right","why":"a list"}\n'
)


def test_topics_and_verdicts_are_checked_with_the_frameworks(folders: Any) -> None:
    """Words of a question nobody asks and verdicts about none are told, whether named or lying in the folder."""
    topics = folders.frameworks / "topics"
    topics.mkdir()
    for name, text in {"nature.trees.yml": TOPIC, "shared.yml": SHARED, "reviews.jsonl": REVIEW}.items():
        (topics / name).write_text(text)
    assert _check(folders) == _check(folders, topics) == _check(folders, topics / "reviews.jsonl") == []
    folders.spoil("id: nature.trees", "id: nature.treees", topics / "nature.trees.yml")
    folders.spoil('"topic":"nature.trees"', '"topic":"nature.tree"', topics / "reviews.jsonl")
    words, verdict = _check(folders)
    assert (words.field, words.line) == ("id", 1) and "rename one" in words.message
    assert (Path(verdict.file).name, verdict.line, verdict.field) == ("reviews.jsonl", 1, "topic")
    assert verdict.column == REVIEW.index('"nature.trees"') + 1 and "did you mean 'nature.trees'?" in verdict.message
    assert _check(folders, topics) == _check(folders) == _check(folders, folders.frameworks)
    assert _check(folders, topics / "reviews.jsonl") == [verdict]
    assert _check(folders, topics / "shared.yml") == []


def test_words_without_those_they_share_are_a_fault(folders: Any) -> None:
    """A group that nothing defines, or no shared file at all, is told even where only one topic was named."""
    topics = folders.frameworks / "topics"
    topics.mkdir()
    (topics / "nature.trees.yml").write_text(TOPIC)
    assert [Path(one.file).name for one in _check(folders, topics / "nature.trees.yml")] == ["shared.yml"]
    (topics / "shared.yml").write_text(SHARED)
    folders.spoil("words:", "signs: [$live]\nwords:", topics / "nature.trees.yml")
    assert "no such shared group: $live" in _check(folders)[0].message


def test_our_own_files_are_right() -> None:
    """Every city and framework of this project passes its own check."""
    root = Path(__file__).parents[2]
    assert as_text(check([], cities=root / "cities", frameworks=root / "frameworks")) == ""
