"""Words for faults: quotes that cannot harm a terminal or a log, secrets masked, and a guess at what was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import PurePath

LONGEST_MESSAGE = 300

# Controls, soft hyphens, direction marks, private and half characters, tags: what does not show or reorders its
# neighbours. The joiners U+200C and U+200D are let pass: Persian, Malayalam and others cannot be written without.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U0010ffff]"
)
_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
_SECRET_PARAMETER = re.compile(
    r"(?i)([?&#;](?:[\w.-]*(?:key|token|secret|passw|pwd|sig|auth|credential|appid|app_id|code)[\w.-]*)=)[^&#;\s'\"]+"
)


def printable(text: str) -> str:
    """Return ``text`` as one line in which every character shows."""
    return INVISIBLE.sub("\ufffd", re.sub(r"[\r\n\t]+", " ", text))


def masked(text: str) -> str:
    """Return ``text`` with passwords in addresses, and parameters named like keys, replaced by ``***``."""
    return _SECRET_PARAMETER.sub(r"\1***", _USERINFO.sub("***@", text))


def cut(text: str, longest: int) -> str:
    """Return at most ``longest`` characters of ``text``, ending in an ellipsis when something was left out."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def message(text: str) -> str:
    """Return ``text`` fit to be a fault's message: one printable line of at most 300 characters, secrets masked."""
    return cut(printable(masked(text)), LONGEST_MESSAGE)


def quoted(value: object) -> str:
    """Name a value that was found, in a person's words: ``the number 3``, ``a list``, ``'text'``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        # Masked before it is cut, or half of a secret could slip past the pattern.
        return f"'{cut(printable(masked(value)), 80)}'" if value else "an empty text"
    return "a group of fields" if isinstance(value, dict) else "a list"


def field(loc: Iterable[str | int]) -> str:
    """Name a place in a document as people write it: ``sources.0.url``; the whole document is ``file``."""
    return cut(printable(".".join(str(part) for part in loc)), 120) or "file"


def file_name(path: PurePath | str) -> str:
    """Return a file's name fit to begin a line: no control character, and nothing a workflow runner would obey."""
    text = path.as_posix() if isinstance(path, PurePath) else str(path)
    # A log line that begins with "::" or "##[" is a command to the runner that prints it.
    safe = printable(text.encode("utf-8", "replace").decode()).replace("::", ":\ufffd").replace("##[", "##\ufffd")
    return safe or "file"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` when a known word is close to ``word``, else an empty text."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.lower()[:80], choices, n=1, cutoff=0.6)
    if not near:
        # A stray underscore, dash or plural hides a match from the ratio on short words.
        plain = re.sub(r"[^a-z0-9]", "", word.lower())
        near = [choice for choice in choices if plain and re.sub(r"[^a-z0-9]", "", choice) == plain]
    return f"; did you mean '{near[0]}'?" if near else ""
