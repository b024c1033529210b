"""The lock on the results: one writer at a time, and a dead writer's lock is nobody's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from builder.errors import Busy, ResultsError
from builder.store import words

NAME = ".lock"


@contextmanager
def held(folder: Path, owner: str) -> Iterator[None]:
    """Hold a folder for ``owner`` (words: who is writing), or raise ``Busy`` saying who does and since when.

    The system itself holds the lock for as long as the process lives, so one that was killed never bars the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    handle = _taken(path)
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{words.printable(owner)}, process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        # Removed while still held: whoever opened it meanwhile sees that it is no longer the one in the folder.
        path.unlink(missing_ok=True)
        os.close(handle)


def _taken(path: Path) -> int:
    while True:
        try:  # a link planted under this name must not lead the emptying elsewhere
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as error:
            if not path.is_symlink():
                raise
            raise ResultsError(f"{path}: is a link; a lock is a plain file: take it away") from error
        if not _lock(handle):
            since = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC)
            owner = words.cut(words.printable(os.pread(handle, 300, 0).decode("utf-8", "replace")).strip(), 200)
            os.close(handle)
            raise Busy(
                f"{path.parent} is being written by {owner or 'another run'} since {since:%Y-%m-%d %H:%M} UTC: "
                "wait until it ends, or stop it"
            )
        try:
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock an open file for this process, or return False when another holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
