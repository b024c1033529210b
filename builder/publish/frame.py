"""Frames: a page of the theme with tokens where a generated page's own words go, cut once and joined many times."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path

from builder.errors import InputError
from builder.publish.mends import mend

MARK = "cpx"  # every token begins with it, and no page may show it
SLUG = f"{MARK}slug"  # also the file name of the frames that stand for many pages
_TOKEN = re.compile(rf"{MARK}(slug|title|description|head|body)")
_FRAME = re.compile(r'\s*<meta name="cityproof-frame" content="([a-z-]+)">')
_BLANK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: ``pieces`` are literal text and token names in turn; ``address`` is where its pages lie.

    The address is relative to the site's root and ends in a slash (or is empty: home); in the frame of many pages
    it holds the slug's token.
    """

    name: str
    address: str
    pieces: tuple[str, ...]

    @property
    def many(self) -> bool:
        """Whether it stands for many pages, each with a slug of its own."""
        return SLUG in self.address

    def place(self, slug: str = "") -> str:
        """The address of one of its pages: ``cities/fr-paris/``."""
        if self.many != bool(slug):
            wanted = "needs a slug" if self.many else f"stands for one page and takes no slug, not {slug!r}"
            raise ValueError(f"the frame {self.name!r} {wanted}")
        return self.address.replace(SLUG, slug)

    def join(self, *, slug: str = "", title: str, description: str, head: str, body: str) -> str:
        """One whole page. ``title`` and ``description`` are plain text, escaped here; ``head`` and ``body`` are HTML.

        The pieces were split once, so a value that holds a token stays as it is.
        """
        self.place(slug)
        values = {
            "slug": escape(slug, quote=True),
            "title": escape(title, quote=True),
            "description": escape(description, quote=True),
            "head": str(head),
            "body": str(body),
        }
        return "".join(values[piece] if i % 2 else piece for i, piece in enumerate(self.pieces))


def cut(prose: Path) -> dict[str, Frame]:
    """All frames among the rendered pages in ``prose``, by name.

    Raises InputError where a frame's name is used twice, a token is missing, or one stands where none is expected.
    """
    frames: dict[str, Frame] = {}
    for path in sorted(prose.rglob("*.html")):
        page = path.relative_to(prose).as_posix()
        text = path.read_text("utf-8")
        found = _FRAME.search(text)
        if found is None:
            continue
        frame = _cut_one(found[1], page, mend(_FRAME.sub("", text), page))
        if frame.name in frames:
            raise InputError(f"{page}: the frame {frame.name!r} is there twice, also at {frames[frame.name].address!r}")
        frames[frame.name] = frame
    if not frames:
        raise InputError(f"{prose}: no frame among the rendered pages; look at site_src/overrides/main.html")
    return frames


def is_frame(text: str) -> bool:
    """Whether a rendered page is a frame, and so no page for readers."""
    return _FRAME.search(text) is not None


def _cut_one(name: str, page: str, text: str) -> Frame:
    """Split one frame at its tokens; the frame holds no preformatted text, so its white space is for nobody."""
    pieces = tuple(_TOKEN.split(_BLANK.sub("\n", text).strip() + "\n"))
    address = page.removesuffix("index.html")
    expected = Counter(title=1, description=1, head=1, body=1, slug=int(SLUG in address))
    counted = Counter(pieces[1::2])
    for token, times in expected.items():
        if counted[token] != times:
            raise InputError(
                f"{page}: the token {MARK}{token} is there {counted[token]} times and not {times}; "
                "look at site_src/overrides/main.html"
            )
    left = re.search(rf"{MARK}\w*", "".join(pieces[::2]))
    if left is not None:
        raise InputError(f"{page}: {left[0]!r} is no token; look at site_src/overrides/main.html")
    return Frame(name, address, pieces)
