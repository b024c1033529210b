"""Text as the nets see it: lower case, no accents, single spaces, and a bar between parts that belong apart."""

from __future__ import annotations

import re
import unicodedata

# Letters whose decomposition does not bring out the letter that people type instead.
_TYPED = {
    "ø": "o",
    "œ": "oe",
    "æ": "ae",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "ß": "ss",
    "ŀ": "l",
    "·": "",
    "\u0307": "",  # what lower case leaves over a Turkish capital I
    "'": " ",
    "’": " ",
}
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
# A dash between spaces, a bracket, a colon or a bar sets a part of a title off; a hyphen inside a word does not.
_APART = re.compile(r"\s[-–—―/]+\s|\s*[:;|()\[\]{}•,/]+\s*|\s+[-–—]+|[-–—]+\s+|_-_|\.\s+")
_UNSPACED = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿가-힯]")


class _Fold(dict[int, str]):
    """What each character becomes; filled as characters are met, for there are too many to list."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _TYPED.get(char)
        if folded is None:
            plain = unicodedata.normalize("NFKD", char)
            # Only Latin letters lose their marks: in Japanese and Korean the mark is the letter.
            if "a" <= plain[0].lower() <= "z":
                plain = "".join(one for one in plain if not unicodedata.combining(one))
            else:
                plain = unicodedata.normalize("NFKC", char)
            folded = plain if plain.isalnum() or unicodedata.combining(char) else " "
        self[code] = folded
        return folded


_PART = "\x1f"  # the ASCII unit separator: no text that people read holds it
_FOLD = _Fold({ord(_PART): " | "})
_LONG = ("ß", "æ", "œ")  # Western letters that become two


def _western() -> bytes:
    """What each byte of Windows' Western code page becomes: most text fits it, and bytes are translated much faster."""
    table = bytearray(b" " * 256)
    for code in range(256):
        char = bytes([code]).decode("cp1252", "replace")
        folded = _FOLD[ord(char.lower())]
        if len(folded) == 1 and folded.isascii():
            table[code] = ord(folded)
    table[ord(_PART)] = ord(_PART)
    return bytes(table)


_WESTERN = _western()


def fold(text: str) -> str:
    """Fold a piece of text to words with single spaces; nothing else is left in it.

    >>> fold("Café-Öffnungszeiten (2024)"), fold("BikeCounts_PM2.5"), fold("街路樹")
    ('cafe offnungszeiten 2024', 'bike counts pm2 5', '街路樹')
    """
    if not text.islower():
        text = _CAMEL.sub(" ", text).lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        for letter in _LONG:
            if letter in text:
                text = text.replace(letter, _TYPED[letter])
    try:
        plain = text.encode("cp1252").translate(_WESTERN).decode("ascii").replace(_PART, " | ")
    except UnicodeEncodeError:
        plain = text.translate(_FOLD)
    return " ".join(plain.split())


def parts(title: str) -> list[str]:
    """Cut a title where it sets parts apart.

    >>> parts("Trees - City of Exampleton (2024)"), parts("Real-time parking")
    (['Trees', 'City of Exampleton', '2024'], ['Real-time parking'])
    """
    return [part for part in (one.strip() for one in _APART.split(title.replace("_", " "))) if part]


def unspaced(text: str) -> bool:
    """Whether a text has letters of a script that puts no spaces between words, or glues endings to them."""
    return _UNSPACED.search(text) is not None


def field(texts: list[str]) -> str:
    """One searchable line: the folded texts, framed by spaces and kept apart by bars that no word crosses.

    >>> field(["Street trees", "Bäume"])
    ' street trees | baume '
    """
    return f" {fold(_PART.join(texts))} "
