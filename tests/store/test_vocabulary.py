"""The vocabulary on disk: one topic a file, the shared words beside them, every fault at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import FilesRefused
from builder.store.vocabulary import load_vocabulary, read_vocabulary

ROOT = Path(__file__).parents[2]

TREES = """\
id: nature.trees
counts: A list of trees.
not_counts: Tree cover.
signs: [$list]
words:
  en: {names: ["street tree*"], alone: [trees]}
  de: {names: ["*baumkataster*"]}
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


def write(folder: Path, **files: str) -> Path:
    """A folder of frameworks with these topic files."""
    topics = folder / "topics"
    topics.mkdir()
    for name, text in {"nature.trees": TREES, "shared": SHARED, **files}.items():
        (topics / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_vocabulary_is_read(tmp_path: Path) -> None:
    """Topics come sorted, with what they share."""
    vocabulary = load_vocabulary(write(tmp_path))
    assert [topic.id for topic in vocabulary.topics] == ["nature.trees"]
    assert vocabulary.version == "1.0" and vocabulary.topics[0].words["de"].names == ("*baumkataster*",)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("nature.trees", "alone", "alnoe", "nature.trees.yml:6:33: words.en.alnoe: "),
        (
            "nature.trees",
            "id: nature.trees",
            "id: nature.tree",
            "nature.trees.yml:1:5: id: found 'nature.tree' in a file",
        ),
        ("nature.trees", "$list", "$lits", "nature.trees: no such shared group: $lits"),
        ("nature.trees", "[trees]", "[trees", "nature.trees.yml:6"),
        ("shared", '"1.0"\n', '"1.1"\n', "'changes' begins with the newest version, which is 1.1"),
    ],
)
def test_a_fault_is_told_at_its_line(tmp_path: Path, file: str, old: str, new: str, fault: str) -> None:
    """Misspelt fields, lost groups, wrong names and broken YAML each say what is wrong and where."""
    text = {"nature.trees": TREES, "shared": SHARED}[file]
    folder = write(tmp_path, **{file: text.replace(old, new, 1)})
    with pytest.raises(FilesRefused) as told:
        load_vocabulary(folder)
    assert any(fault in str(one) for one in told.value.faults), told.value.faults


def test_a_topic_answers_a_question_that_is_asked(tmp_path: Path) -> None:
    """A topic whose id no framework asks would never be looked for."""
    folder = write(tmp_path) / "topics"
    assert read_vocabulary(folder, indicators={"nature.trees"})[1] == []
    vocabulary, faults = read_vocabulary(folder, indicators={"nature.tree"})
    assert vocabulary is None and "no framework has an indicator 'nature.trees'; did you mean" in str(faults[0])


def test_without_the_shared_words_there_is_no_vocabulary(tmp_path: Path) -> None:
    """The version stands there: without it no match could say what it was made with."""
    folder = write(tmp_path)
    (folder / "topics" / "shared.yml").unlink()
    vocabulary, faults = read_vocabulary(folder / "topics")
    assert vocabulary is None and "shared.yml" in str(faults[0])


def test_what_was_read_is_kept_by_its_content(tmp_path: Path) -> None:
    """Read once, then taken from the cache until a file changes; damage in the cache is no damage."""
    folder, cache = write(tmp_path), tmp_path / "cache"
    first = load_vocabulary(folder, cache)
    (kept,) = cache.glob("vocabulary-*.json")
    assert load_vocabulary(folder, cache) == first
    kept.write_text("{")
    assert load_vocabulary(folder, cache) == first
    (folder / "topics" / "nature.trees.yml").write_text(TREES.replace("[trees]", "[trees, tree]"), encoding="utf-8")
    assert load_vocabulary(folder, cache).topics[0].words["en"].alone == ("trees", "tree")
    assert len(list(cache.glob("vocabulary-*.json"))) == 1


def test_our_own_vocabulary_is_whole() -> None:
    """Every topic file can be read, and each speaks all the languages that we promise."""
    vocabulary = load_vocabulary(ROOT / "frameworks")
    promised = frozenset(
        ("en", "fr", "es", "ca", "de", "nl", "it", "pt", "fi", "sv", "da", "no", "et", "pl", "cs", "ja", "ko", "zh")
    )
    lacking = {topic.id: promised - topic.words.keys() for topic in vocabulary.topics}
    assert not {id: sorted(languages) for id, languages in lacking.items() if languages}
