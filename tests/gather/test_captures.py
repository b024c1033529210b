"""The captures folder stays within its bounds, whatever is kept, killed or taken away beside us."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from builder.gather.captures import LEFT_FOR, UNUSED_FOR, CaptureStore
from builder.gather.exchange import Exchange
from builder.model.capture import Capture
from builder.model.reasons import Reason

from .conftest import NOW


def _exchange(body: bytes, days: float = 0) -> Exchange:
    """An exchange that brought this body so many days from now."""
    url = "https://a.example/"
    capture = Capture(
        url=url, final_url=url, status=200, sha256=hashlib.sha256(body).hexdigest(), bytes=len(body),
        at=NOW + timedelta(days=days))  # fmt: skip
    return Exchange(capture, Reason.OK, body=body)


def _kept(store: CaptureStore, *bodies: bytes) -> list[bytes]:
    return [body for body in bodies if store.read(hashlib.sha256(body).hexdigest()) == body]


def test_the_longest_unused_are_let_go(tmp_path: Path) -> None:
    """Beyond the bound the oldest go; one that came again, in whatever exchange, counts as new."""
    store = CaptureStore(tmp_path, most_bytes=25)
    a, b, c = b"a" * 10, b"b" * 10, b"c" * 10
    store.keep(_exchange(a))
    store.keep(_exchange(b, 1))
    store.keep(_exchange(a, 2))
    store.keep(_exchange(c, 3))
    assert _kept(store, a, b, c) == [a, c]


def test_what_answers_nothing_any_more_is_let_go(tmp_path: Path) -> None:
    """A body that nobody met for longer than any reading stands leaves when the next run begins."""
    CaptureStore(tmp_path).keep(_exchange(b"old"))
    CaptureStore(tmp_path).keep(_exchange(b"rather old", 1))
    later = CaptureStore(tmp_path)
    later.keep(_exchange(b"new", UNUSED_FOR.days + 0.5))
    assert _kept(later, b"old", b"rather old", b"new") == [b"rather old", b"new"]


def test_halves_of_killed_runs_are_let_go(tmp_path: Path) -> None:
    """What a killed run left half-written goes after a day; before that somebody may still be writing it."""
    store = CaptureStore(tmp_path)
    halves = {tmp_path / "ab" / f".body-{name}": age for name, age in (("left", 1.5), ("fresh", 0.5))}
    (tmp_path / "ab").mkdir()
    for half, age in halves.items():
        half.write_bytes(b"half")
        at = (NOW - age * LEFT_FOR).timestamp()
        os.utime(half, (at, at))
    store.keep(_exchange(b"whole"))
    assert [half.exists() for half in halves] == [False, True]


def test_only_bodies_are_let_go(tmp_path: Path) -> None:
    """Whatever else lies in the folder is not ours to remove."""
    for name in ("notes.txt", "asked/ab/note", "abc/other"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (0, 0))
    CaptureStore(tmp_path, most_bytes=10).keep(_exchange(b"new"))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 4


def test_a_body_is_opened_only_whole(tmp_path: Path) -> None:
    """A file whose bytes are not those of its name is taken away, so that the next answer mends it."""
    store, body = CaptureStore(tmp_path), b"the words"
    sha256 = hashlib.sha256(body).hexdigest()
    store.keep(_exchange(body))
    found = store.open(sha256, len(body))
    assert found is not None and found.read() == body
    found.close()
    store.path(sha256).write_bytes(b"THE WORDS")
    assert store.open(sha256, len(body)) is None and not store.path(sha256).exists()
    store.keep(_exchange(body))
    assert _kept(store, body) == [body]


def test_a_body_taken_away_meanwhile_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run that lets a body go between our look and our touch ends neither run."""
    store = CaptureStore(tmp_path)
    store.keep(_exchange(b"words"))
    monkeypatch.setattr("os.utime", lambda path, *_: Path(path).unlink())
    store.keep(_exchange(b"words", 1))
    monkeypatch.undo()
    store.keep(_exchange(b"words", 2))
    assert _kept(store, b"words") == [b"words"]
