"""Atomic writing: a file is its old self or its new self, whole, whatever kills the writer."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: bytes) -> bool:
    """Put ``content`` at ``path`` and return True, or return False when exactly that stands there already.

    The content goes to a hidden file beside it, to the disk, and only then under its name. A writer killed
    half-way leaves that hidden file, which the next writing of the same path replaces: one writer at a time.
    """
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.writing")
    # A link planted under that name must not lead the writing elsewhere.
    waiting.unlink(missing_ok=True)
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(waiting, path)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make names put into a folder outlive a power cut, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
