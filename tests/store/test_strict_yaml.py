"""Strict YAML: what is refused is refused with its line and a cure, and what is read is read as people meant it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.errors import FilesRefused
from builder.store.strict_yaml import load, read

# A text (or bytes), the line and column of the fault, and words that must stand in its message.
HOSTILE: dict[str, tuple[str | bytes, tuple[int, int], str]] = {
    # Aliases, anchors, merges: copies that grow, loop or hide.
    "billion laughs": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", (1, 4), "anchor"),
    "alias alone": ("a: 1\nb: *a\n", (2, 4), "alias"),
    "alias as a key": ("*a : 1\n", (1, 1), "alias"),
    "alias meant as emphasis": ("note: *very* good\n", (1, 7), "quotes"),
    "anchor alone": ("a: &x 1\n", (1, 4), "anchor"),
    "anchor on a mapping": ("a: &x\n  b: 1\n", (1, 4), "anchor"),
    "anchor on a key": ("&x a: 1\n", (1, 1), "anchor"),
    "anchor loop": ("a: &a [*a]\n", (1, 4), "anchor"),
    "merge of a mapping": ("a:\n  <<: {b: 1}\n", (2, 3), "merge"),
    "merge at the root": ("<<: {b: 1}\n", (1, 1), "merge"),
    "merge in quotes": ('"<<": {b: 1}\n', (1, 1), "merge"),
    "merge bomb": ("<<: [" + "{a: 1}, " * 200 + "]\n", (1, 1), "merge"),
    "ampersand begins text": ("a: &\n", (1, 4), "quotes"),
    # Tags: types and objects from outside.
    "tag that runs code": ("a: !!python/object/apply:os.system [x]\n", (1, 4), "tag"),
    "tag of a plain type": ("a: !!str 1\n", (1, 4), "tag"),
    "tag of binary": ("a: !!binary aGVsbG8=\n", (1, 4), "tag"),
    "tag of a set": ("a: !!set {b}\n", (1, 4), "tag"),
    "tag of our own": ("a: !city paris\n", (1, 4), "tag"),
    "tag in full": ("a: !<tag:yaml.org,2002:int> 1\n", (1, 4), "tag"),
    "tag that says nothing": ("a: ! 1\n", (1, 4), "tag"),
    "tag on the document": ("!!map {a: 1}\n", (1, 1), "tag"),
    "tag on a key": ("!!str a: 1\n", (1, 1), "tag"),
    "version directive": ("%YAML 1.1\n---\na: 1\n", (1, 1), "directive"),
    "tag directive": ("%TAG ! tag:example.org,2026:\n---\na: 1\n", (1, 1), "directive"),
    "unknown version": ("%YAML 3.0\n---\na: 1\n", (1, 1), "YAML"),
    # Keys.
    "key twice": ("a: 1\nb: 2\na: 3\n", (3, 1), "first on line 1"),
    "key twice, deep": ("a:\n  - b: 1\n    b: 2\n", (3, 5), "twice"),
    "key twice in braces": ("{a: 1, a: 2}\n", (1, 8), "twice"),
    "key twice, once in quotes": ("a: 1\n'a': 2\n", (2, 1), "twice"),
    "key that is a list": ("? [a]\n: 1\n", (1, 3), "plain text"),
    "key that is a mapping": ("{a: 1}: 2\n", (1, 1), "plain text"),
    "key that is a number": ("2026: x\n", (1, 1), "quotes"),
    "key that is true": ("true: x\n", (1, 1), "quotes"),
    "key that is null": ("~: x\n", (1, 1), "quotes"),
    "key that is nothing": (": x\n", (1, 1), "field name"),
    # Documents.
    "two documents": ("a: 1\n---\nb: 2\n", (2, 1), "second document"),
    "two documents after an end": ("a: 1\n...\n---\nb: 2\n", (3, 1), "second document"),
    "second document is empty": ("a: 1\n---\n", (2, 1), "second document"),
    # Size and depth.
    "deep lists": ("a: " + "[" * 3000, (1, 15), "deeper"),
    "deep braces": ("{a: " * 3000, (1, 49), "deeper"),
    "deep blocks": ("".join(" " * n + "a:\n" for n in range(300)), (13, 13), "deeper"),
    "deep dashes": ("- " * 3000, (1, 25), "deeper"),
    "too large": ("a: " + "x" * 300_000, (1, 1), "256 KB"),
    "too many bytes though few letters": ("a: " + "é" * 140_000, (1, 1), "256 KB"),
    "five thousand digits": ("a: " + "9" * 5000, (1, 4), "digits"),
    "more digits than a float holds": ("a: 12345678901234567\n", (1, 4), "quotes"),
    "endless decimals": ("a: 0." + "1" * 400, (1, 4), "digits"),
    "many faults": ("".join(f"a{n}: &x 1\n" for n in range(500)), (1, 5), "anchor"),
    # Characters.
    "NUL": ("a: x\0y\n", (1, 5), "U+0000"),
    "NUL spelt out": ('a: "x\\0y"\n', (1, 4), "U+0000"),
    "escape character": ("a: \x1b[31mred\n", (1, 4), "U+001B"),
    "bell spelt out": ('a: "\\a"\n', (1, 4), "U+0007"),
    "backspace in a comment": ("a: 1 # \x08\n", (1, 8), "U+0008"),
    "text turned around": ("a: \u202egpj.exe\n", (1, 4), "U+202E"),
    "text turned around, spelt out": ('a: "\\u202E"\n', (1, 4), "U+202E"),
    "space without width": ("a: x\u200by\n", (1, 5), "U+200B"),
    "line separator": ("a: x\u2028y\n", (1, 5), "U+2028"),
    "next line": ("a: x\x85y\n", (1, 5), "U+0085"),
    "soft hyphen in a key": ("na\xadme: x\n", (1, 3), "U+00AD"),
    "private character": ("a: \ue000\n", (1, 4), "U+E000"),
    "tag character": ("a: x\U000e0041\n", (1, 5), "U+E0041"),
    "byte order mark inside": ("a: x\ufeffy\n", (1, 5), "U+FEFF"),
    "half a character": ('a: "\\uD800"\n', (1, 4), "YAML"),
    "Latin-1": (b"a: Z\xfcrich\n", (1, 5), "UTF-8"),
    "Latin-1 further down": (b"a: 1\nb: \xc3\xa9\xe9\n", (2, 5), "UTF-8"),
    "UTF-16": ("a: 1\n".encode("utf-16"), (1, 1), "UTF-8"),
    "UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), (1, 2), "U+0000"),
    "overlong UTF-8": (b"a: \xc0\xaf\n", (1, 4), "UTF-8"),
    "surrogate in UTF-8": (b"a: \xed\xa0\x80\n", (1, 4), "UTF-8"),
    # Syntax.
    "tab for indent": ("a:\n\tb: 1\n", (2, 1), "spaces"),
    "colon in text": ("a: b: c\n", (1, 5), "quote the text"),
    "quote never closed": ("a: 'x\nb: 1\n", (1, 4), "closed"),
    "bracket never closed": ("a: [1, 2\nb: 3\n", (1, 4), "bracket"),
    "brace never closed": ("a: {b: 1\n", (1, 4), "closed"),
    "at sign begins text": ("a: @x\n", (1, 4), "quotes"),
    "backtick begins text": ("a: `x`\n", (1, 4), "quotes"),
    "percent begins text": ("a: %x\n", (1, 4), "quotes"),
    "unknown escape": ('a: "\\q"\n', (1, 5), "single quotes"),
    "wrong indent": ("a: 1\n b: 2\n", (2, 3), "indent"),
    "list goes on as a mapping": ("- a\nb: 1\n", (2, 1), "indent"),
    "no colon": ("a: 1\nbb\nc: 2\n", (2, 1), "colon"),
    "text after a quote": ("a: 'x' y\n", (1, 8), "indent"),
}

# YAML 1.1 would make something else of each of these; YAML 1.2, read as people write, does not.
MEANT = {
    "NO": "NO",
    "no": "no",
    "on": "on",
    "Yes": "Yes",
    "y": "y",
    "True": "True",
    "true": True,
    "false": False,
    "12:30": "12:30",
    "190:20:30": "190:20:30",
    "0120000": "0120000",
    "0o17": "0o17",
    "0x1F": "0x1F",
    "0b11": "0b11",
    "1_000": "1_000",
    "1e6": "1e6",
    "+1": "+1",
    ".5": ".5",
    ".inf": ".inf",
    ".NaN": ".NaN",
    "2026-11-21": "2026-11-21",
    "2026-02-30": "2026-02-30",
    "2026-11-21T10:00:00Z": "2026-11-21T10:00:00Z",
    "=": "=",
    "NULL": "NULL",
    "null": None,
    "~": None,
    "": None,
    "0": 0,
    "-7": -7,
    "48.85341": 48.85341,
    "-0.5": -0.5,
    "'1'": "1",
    '"true"': "true",
    "''": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    """Each hostile file is refused with the line and column of the mischief and words that say what to do."""
    text, place, expected = HOSTILE[name]
    path = tmp_path / "x.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FilesRefused) as refused:
        load(path, "cities/x.yml")
    first = refused.value.faults[0]
    assert (first.line, first.column) == place, first
    assert expected in first.message and first.file == "cities/x.yml"
    assert all(len(fault.message) <= 300 and fault.message.isprintable() for fault in refused.value.faults)


@pytest.mark.parametrize("written", MEANT)
def test_values_are_what_people_mean(written: str) -> None:
    """Only true, false, null and plain decimal numbers have a type; Norway stays text, and so does half past twelve."""
    found = load(f"a: {written}\n", "x").data["a"]
    assert found == MEANT[written] and type(found) is type(MEANT[written])


def test_every_kind_of_file_but_a_plain_one_is_refused(tmp_path: Path) -> None:
    """A link, a pipe, a folder and an absent file are refused at once; a pipe is never waited for."""
    plain = tmp_path / "plain.yml"
    plain.write_text("a: 1\n")
    link, pipe = tmp_path / "link.yml", tmp_path / "pipe.yml"
    link.symlink_to(plain)
    os.mkfifo(pipe)
    for path, word in ((link, "link"), (pipe, "regular"), (tmp_path, "regular"), (tmp_path / "no.yml", "no such file")):
        document, faults = read(path, path.name)
        assert document is None and len(faults) == 1 and word in faults[0].message
    assert load(plain, "plain.yml").data == {"a": 1}


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    """Files from any editor read alike."""
    assert load("\ufeffa: 1\r\nb: x\r\n", "x").data == {"a": 1, "b": "x"}


def test_scripts_that_need_joiners_keep_them() -> None:
    """Persian and Malayalam names hold invisible joiners, which are part of their spelling."""
    assert load("a: می\u200cخواهم\n", "x").data == {"a": "می\u200cخواهم"}


def test_an_empty_file_is_nothing() -> None:
    """A file without a document holds nothing, and says so at its beginning."""
    document = load("# only a comment\n", "x")
    assert document.data is None and document.place(()) == (1, 1)


def test_every_value_has_its_place() -> None:
    """Places are 1-based; values and keys are told apart; what is absent is found at its nearest parent."""
    document = load("id: a\npopulation:\n  value: 3\nsources:\n  - id: x\n    rules: [{rule: least}]\n", "x")
    assert document.place(("id",)) == (1, 5)
    assert document.place(("id", "[key]")) == document.place(("id",), key=True) == (1, 1)
    assert document.place(("population", "year")) == (2, 1)
    assert document.place(("sources", 0, "kind")) == (5, 5)
    assert document.place(("sources", 0, "rules", 0, "least", "value")) == (6, 13)
    assert document.place(("absent",)) == (1, 1)


def test_several_faults_of_form_are_told_together() -> None:
    """A repeated key does not hide the tag below it, and the data is still there to be checked."""
    document, faults = read("a: 1\na: 2\nb: !!str 3\n", "x")
    assert document is not None and [fault.line for fault in faults] == [2, 3]


def test_reading_is_pure() -> None:
    """The same text always gives the same document, so that it may be kept by the hash of its content."""
    assert load("a: [1, {b: x}]\n", "x") == load("a: [1, {b: x}]\n", "x")
