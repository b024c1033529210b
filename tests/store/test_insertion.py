"""One line put into a city's file: every other byte stays, and no text in it can become anything else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from builder.errors import InputError
from builder.store.insertion import flow, with_item
from builder.store.strict_yaml import load

PIN = {"indicator": "nature.trees", "source": "portal", "by": "Ana Lima", "on": "2026-11-21"}
LINE = '{indicator: nature.trees, source: portal, by: "Ana Lima", "on": "2026-11-21"}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id: a\n", f"id: a\npins:\n  - {LINE}"),
        ("id: a", f"id: a\npins:\n  - {LINE}"),
        ("id: a\npins:\n", f"id: a\npins:\n  - {LINE}"),
        ("id: a\npins: []  # none yet\nb: c\n", f"id: a\npins:  # none yet\n  - {LINE}b: c\n"),
        ("pins:\n- {a: b}\n# of b\nb: c\n", f"pins:\n- {{a: b}}\n- {LINE}# of b\nb: c\n"),
        ("pins:\n    - a: b\n      c: d\n\n\nb: c\n", f"pins:\n    - a: b\n      c: d\n    - {LINE}\n\nb: c\n"),
        ("pins:\n  - a: |\n      x\n      # y\nb: c\n", f"pins:\n  - a: |\n      x\n      # y\n  - {LINE}b: c\n"),
        ("pins:\n  - {a: b}\n  # - {c: d}\n", f"pins:\n  - {{a: b}}\n  - {LINE}  # - {{c: d}}\n"),
        ("a: 'two\n  lines'\npins:\n  - {a: b}", f"a: 'two\n  lines'\npins:\n  - {{a: b}}\n  - {LINE}"),
    ],
)  # fmt: skip
def test_one_line_is_added_and_nothing_else_changes(before: str, after: str) -> None:
    """The list is begun where it is absent; comments, empty lines, quotes and margins stay as they were."""
    assert with_item(before, "pins", PIN, "x.yml") == after
    assert load(after, "x.yml").data["pins"][-1] == PIN


def test_line_ends_stay_what_they_are() -> None:
    """A file from Windows stays one, and a byte order mark stays where it is."""
    assert with_item("\ufeffid: a\r\nb: c\r\n", "pins", PIN, "x.yml") == (
        f"\ufeffid: a\r\nb: c\r\npins:\r\n  - {LINE[:-1]}\r\n"
    )


@pytest.mark.parametrize(
    "before", ["pins: [{a: b}]\n", "pins:\n  [{a: b}]\n", "pins: {a: b}\n", "pins: &x\n", "a: [\n"]
)
def test_a_list_in_another_form_is_left_to_people(before: str) -> None:
    """Where a line cannot be added as a line, nothing is guessed."""
    with pytest.raises(InputError, match=r"x\.yml"):
        with_item(before, "pins", PIN, "x.yml")


@pytest.mark.parametrize(
    "hostile",
    [
        'a", source: "other', "a\n  - {indicator: x}", "}", "# a", "a: b", "*x", "&x", "!!python/object x", "%", "- a",
        "''",
        "yes", "null", "~", "1", "1.5", "2026-11-21", "0x1f", "<<", "a\\", "\\n", "{{ x }}", "é 例", "on",
        "'", '"', "a\tb",
        "https://example.org/?a=1&b=#c, d]",
    ],
)  # fmt: skip
def test_no_text_can_become_anything_else(hostile: str) -> None:
    """Whatever a form says stays one text of one field, for our reader and for any other."""
    after = with_item("id: a\n", "pins", {**PIN, "by": hostile}, "x.yml")
    assert after.count("\n") == 3
    assert load(after, "x.yml").data["pins"] == [{**PIN, "by": hostile}]
    other: Any = yaml.safe_load(after)
    assert other["pins"][0]["by"] == hostile and other["pins"][0]["on"] == "2026-11-21"


@pytest.mark.parametrize("hidden", ["\u202ea", "a\x00", "a\x1b[31m", "\u2028a", "a\x85b", "\ufeffa"])
def test_what_does_not_show_is_refused(hidden: str) -> None:
    """A character that hides or reorders its neighbours comes into no file."""
    with pytest.raises(InputError, match="invisible character"):
        flow({"by": hidden})
