"""A person's text file: a small regular file of UTF-8, read without following links or waiting on pipes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.errors import Fault
from builder.store import words

LARGEST = 256 * 1024


def read_text(source: Path | str, name: str) -> str | Fault:
    """Return a file's text (or the text itself, when a ``str`` is given), its lines ending in a plain newline.

    A file over 256 KB, a symbolic link, a pipe or folder, bytes that are not UTF-8 and invisible
    characters are each one fault; a byte order mark at the start is let pass. ``name`` is what faults call it.
    """
    raw = _bytes_of(source, name) if isinstance(source, Path) else source.encode("utf-8", "surrogatepass")
    if isinstance(raw, Fault):
        return raw
    if len(raw) > LARGEST:
        return _fault(name, f"the file has more than {LARGEST // 1024} KB: nothing a person writes here needs that")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return Fault(name, line, column, "file", "this is not UTF-8 text: save the file as UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Looked for in the whole text: a comment could hide it from the reader of a diff.
    if hidden := words.INVISIBLE.search(text):
        at = hidden.start()
        return Fault(name, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), "file", invisible(hidden[0]))
    return text


def invisible(character: str) -> str:
    """Say that a character does not show, and what to do."""
    return f"found the invisible character U+{ord(character):04X}: take it out"


def _bytes_of(path: Path, name: str) -> bytes | Fault:
    """Read at most one byte over the cap."""
    try:
        if path.is_symlink():
            return _fault(name, "this is a symbolic link: put the file itself here")
        # Without O_NONBLOCK a named pipe would hold us for ever before we could see that it is one.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return _fault(name, "there is no such file: check the name")
    except (OSError, ValueError) as error:
        return _fault(name, f"the file cannot be opened: {getattr(error, 'strerror', None) or error}")
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return _fault(name, "this is not a regular file: put a text file here")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read(LARGEST + 1)
    finally:
        os.close(handle)


def _fault(name: str, text: str) -> Fault:
    return Fault(name, 1, 1, "file", words.message(text))
