"""Notes of answers: used only whole, young and about this very question, and let go in time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from builder.gather.notes import WHOLE_AFTER

from .conftest import NOW, Server
from .visits import Visitor, conditional, marked

pytestmark = pytest.mark.anyio


def _damage(file: Path) -> None:
    file.write_bytes(b"?" * file.stat().st_size)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("what", ["notes", "bodies"])
@pytest.mark.parametrize("harm", [Path.unlink, _damage, _cut], ids=["gone", "damaged", "cut short"])
async def test_no_condition_without_the_body(server: Server, visitor: Visitor, what: str, harm: Any) -> None:
    """Where the note or the body is missing or damaged we ask for everything, and the next visit is a short one."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    files = [path for path in visitor.captures.folder.rglob("*") if path.is_file()]
    chosen = [path for path in files if ("asked" in path.parts) is (what == "notes")]
    assert len(chosen) == 1 and len(files) == 2
    harm(chosen[0])
    for _ in range(2):
        visitor.later()
        assert (await visitor.get(server.url())).body == b"words"
    assert conditional(server) == [False, False, True]


async def test_a_note_says_what_it_is_about(server: Server, visitor: Visitor) -> None:
    """A note put under another question's name is not used: its own words decide, not its file's name."""
    server.routes |= {"/a": marked(server, b"a"), "/b": marked(server, b"b")}
    await visitor.get(server.url("/a"))
    [of_a] = [path for path in (visitor.captures.folder / "asked").rglob("*") if path.is_file()]
    await visitor.get(server.url("/b"))
    [of_b] = [path for path in (visitor.captures.folder / "asked").rglob("*") if path.is_file() and path != of_a]
    of_b.write_bytes(of_a.read_bytes())
    visitor.later()
    assert (await visitor.get(server.url("/b"))).body == b"b"
    assert conditional(server) == [False, False, False]


@pytest.mark.parametrize(("field", "value"), [
    ("conditions", {"Authorization": "Bearer s3cret"}), ("conditions", {"If-None-Match": '"a"\r\nX-Other: b'}),
    ("sha256", "../../../etc/passwd"), ("at", "2026-03-01T12:00:00"), ("more", 1),
], ids=["another header", "two lines", "another file", "no zone", "unknown"])  # fmt: skip
async def test_a_note_with_other_words_is_none(server: Server, visitor: Visitor, field: str, value: Any) -> None:
    """Whoever can write into the folder cannot make us say other things to servers, or read other files."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    [path] = [path for path in (visitor.captures.folder / "asked").rglob("*") if path.is_file()]
    path.write_bytes(orjson.dumps({**orjson.loads(path.read_bytes()), field: value}))
    visitor.later()
    assert (await visitor.get(server.url())).body == b"words"
    assert not any(conditional(server))


async def test_everything_is_asked_anew_after_a_while(server: Server, visitor: Visitor) -> None:
    """A server that says "unchanged" for ever is asked for everything 30 days after the body came."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    for _ in range(3):
        visitor.later(WHOLE_AFTER.days / 3)
        await visitor.get(server.url())
    assert conditional(server) == [False, True, True, False]


async def test_a_note_from_the_future_is_not_used(server: Server, visitor: Visitor) -> None:
    """A clock that was ahead once must not keep an answer for longer than it may be kept."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    visitor.later(-1)
    await visitor.get(server.url())
    assert conditional(server) == [False, False]


async def test_other_questions_are_other_notes(server: Server, visitor: Visitor) -> None:
    """Another form of the same address may be another thing: what we accept is part of the question."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url(), accept="text/csv")
    visitor.later()
    await visitor.get(server.url(), accept="application/json")
    await visitor.get(server.url(), params={"page": "2"}, accept="text/csv")
    assert not any(conditional(server))


async def test_a_disk_that_takes_no_notes(server: Server, visitor: Visitor) -> None:
    """A note that cannot be written is only a saving lost: the answer is as good as ever."""
    server.routes["/"] = marked(server, b"words")
    visitor.captures.folder.mkdir(parents=True)
    (visitor.captures.folder / "asked").write_bytes(b"a file where a folder should be")
    for _ in range(2):
        assert (await visitor.get(server.url())).body == b"words"
    assert conditional(server) == [False, False]


async def test_two_runs_may_share_one_folder(server: Server, visitor: Visitor) -> None:
    """Two visitors who write the same note at once leave a whole one."""
    server.routes["/"] = marked(server, b"words")
    other = Visitor(visitor.captures.folder)
    await asyncio.gather(*(one.get(server.url()) for one in (visitor, other) * 5))
    visitor.later()
    assert (await visitor.get(server.url())).capture.unchanged_since == NOW
    assert len([path for path in visitor.captures.folder.rglob("*") if path.is_file()]) == 2


async def test_old_notes_and_halves_are_let_go(server: Server, visitor: Visitor) -> None:
    """Notes too old to be used leave with the first note of a later run, and so do a killed run's halves."""
    server.routes |= {"/old": marked(server, b"old"), "/new": marked(server, b"new")}
    await visitor.get(server.url("/old"))
    [old] = [path for path in (visitor.captures.folder / "asked").rglob("*") if path.is_file()]
    half = old.with_name(".note-half")
    half.write_bytes(b"{")
    os.utime(half, (NOW.timestamp(), NOW.timestamp()))
    visitor.later(WHOLE_AFTER.days + 1)
    await visitor.get(server.url("/new"))
    assert not old.exists() and not half.exists()
    assert len([path for path in (visitor.captures.folder / "asked").rglob("*") if path.is_file()]) == 1
