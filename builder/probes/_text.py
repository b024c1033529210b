"""Makes publishers' words safe to keep: one line, one spelling, nothing invisible, no e-mail, cut with a mark."""

from __future__ import annotations

import html
import re
import unicodedata

TITLE_LIMIT = 300
MARK = "…"

# Both take an unclosed comment or script to the end of the text: whatever comes, each character is looked at once.
_TAG = re.compile(r"<!--(?:(?!-->).)*+(?:-->)?|</?[A-Za-z][^<>]*>", re.DOTALL)
# Taking a script's or a style sheet's words for prose would make empty descriptions look long.
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>(?:(?!</\1).)*+", re.DOTALL | re.IGNORECASE)
_EMAIL = re.compile(r"(mailto:\s*)?[\w.+%-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+", re.IGNORECASE)
# Persian, Indic scripts and emoji are spelt with these two; every other invisible format character goes.
_JOINERS = frozenset("\u200c\u200d")


def clean(words: str, limit: int = TITLE_LIMIT) -> str:
    """Return words on one line in Unicode NFC, without control, bidirectional or other invisible characters.

    E-mail addresses are taken out; what is longer than ``limit`` characters is cut and ends in ``…``.

    >>> clean("Trees\\u202e  in\\nparks")
    'Trees in parks'
    >>> clean("abcdef", limit=4)
    'abc…'
    """
    # Only as much as could still matter: a title of a megabyte is somebody's mistake, not ours to work through.
    some = unicodedata.normalize("NFC", words[: limit * 4])
    if not some.isprintable():
        some = "".join(" " if character.isspace() else character for character in some if not _invisible(character))
    line = " ".join((_EMAIL.sub("", some) if "@" in some else some).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + MARK


def cleaned(words: tuple[str, ...], limit: int = 100, most: int = 100) -> tuple[str, ...]:
    """Keywords and themes: each cleaned, blanks and repeats left out, in the publisher's order, at most ``most``."""
    return tuple(dict.fromkeys(line for item in words[:most] if (line := clean(item, limit))))


def without_markup(words: str) -> str:
    """The words of an HTML fragment; plain text comes back as it is, entities read.

    >>> without_markup("<p>Open <b>data</b> &amp; maps</p>").split()
    ['Open', 'data', '&', 'maps']
    """
    if "<" not in words and "&" not in words:
        return words
    return html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", words)))


def on_one_line(words: str | None) -> str:
    """What a reader would see of a description, on one line; empty where there is none."""
    return " ".join(without_markup(words).split()) if words else ""


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: the plural ``many``, which is ``one`` with an s unless it is given.

    >>> counted(1, "entry", "entries"), counted(1200, "meeting")
    ('1 entry', '1,200 meetings')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _invisible(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn"}
