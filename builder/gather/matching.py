"""Which recorded exchange answers a request: same address and question, where only paging may differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

# Names in lower case; the first three count as paging only with a number: `start=2024-01-01` asks something else.
_OFFSETS = frozenset({
    "$offset", "$skip", "offset", "resultoffset", "skip", "start", "start_index", "startindex", "startposition",
    "startrecord",
})  # fmt: skip
_PAGES = frozenset({"page", "page_number", "pagenumber", "page[number]"})
_SIZES = frozenset({
    "$limit", "$top", "limit", "maxrecords", "num", "page[size]", "page_size", "pagesize", "per_page", "perpage",
    "resultrecordcount", "rows", "size",
})  # fmt: skip
_CURSORS = frozenset({"cursor", "page_token", "pagetoken", "resumptiontoken", "scroll_id"})
# Another order of the same things; with one recorded page it says nothing new.
_ORDERS = frozenset({"$order", "order", "order_by", "orderby", "sort", "sort_by"})
_PORTS = {"http": 80, "https": 443}
_MASKED = "***"
_EVERYTHING = frozenset({"", "*:*"})  # CKAN's question for all there is, which is also its answer to no question

# Where the common interfaces keep the items of a page.
_LISTS = ("results", "result", "data", "dataset", "datasets", "features", "items", "records", "value")


@dataclass(frozen=True, slots=True)
class Question:
    """An address taken apart: where, what is asked beyond paging, which page of it, and what JSON was sent with it."""

    place: tuple[str, str, int | None, str]
    asked: tuple[tuple[str, str], ...]
    exact: tuple[tuple[str, str], ...]
    offset: int
    page: int
    cursor: str | None
    posted: str | None = None

    @property
    def position(self) -> tuple[int, int, str | None]:
        """Which page this is, apart from its size."""
        return self.offset, self.page, self.cursor


class Recorded(Protocol):
    """A recorded exchange seen as an answer to a question."""

    @property
    def question(self) -> Question: ...


R = TypeVar("R", bound=Recorded)


def question(url: str, posted: str | None = None) -> Question:
    """Take an address apart. Repeated slashes count as one, the default port as none, ``q=*:*`` as no ``q``.

    ``posted`` is the JSON sent to it, if any: however it is laid out, it must say the same to be the same question.

    >>> a = question("https://data.example.org//api?q=*:*&rows=2")
    >>> b = question("https://data.example.org:443/api?rows=100&start=0")
    >>> (a.place, a.asked, a.position) == (b.place, b.asked, b.position)
    True
    """
    parts = urlsplit(url)
    port = None if parts.port == _PORTS.get(parts.scheme) else parts.port
    path = re.sub(r"/{2,}", "/", unquote(parts.path)) or "/"
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
    asked, offset, page, cursor = [], 0, 1, None
    for name, value in pairs:
        lower = name.lower()
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
        if lower in _OFFSETS and number is not None:
            offset = number
        elif lower in _PAGES and number is not None:
            page = number
        elif lower in _CURSORS:
            cursor = value
        elif lower in _ORDERS or (lower in _SIZES and number is not None) or (lower == "q" and value in _EVERYTHING):
            continue
        else:
            asked.append((name, value))
    place = (parts.scheme, (parts.hostname or "").rstrip("."), port, path)
    return Question(place, tuple(asked), tuple(pairs), offset, page, cursor, _plain(posted))


def best(wanted: Question, recorded: Sequence[R]) -> tuple[R, bool] | None:
    """The recorded exchange that answers, and whether it must be handed out as an empty page past the end.

    ``recorded`` are those of the same place, in the order of the manifest. None: nobody captured this.
    """
    same = [
        one for one in recorded
        if one.question.posted == wanted.posted and _same(one.question.asked, wanted.asked)
    ]  # fmt: skip
    for one in same:
        if one.question.exact == wanted.exact:
            return one, False
    for one in same:
        if one.question.position == wanted.position:
            return one, False
    if not same:
        return None
    last = max(same, key=lambda one: (one.question.offset, one.question.page))
    beyond = (wanted.offset, wanted.page) > (last.question.offset, last.question.page)
    if beyond or (wanted.cursor is not None and wanted.cursor not in {one.question.cursor for one in same}):
        return last, True
    return None


def _same(recorded: Iterable[tuple[str, str]], wanted: Iterable[tuple[str, str]]) -> bool:
    """Whether both ask the same; a masked key in a recording stands for any key."""
    left, right = list(recorded), list(wanted)
    return len(left) == len(right) and all(
        name == other and value in (given, _MASKED) for (name, value), (other, given) in zip(left, right, strict=True)
    )


def _plain(posted: str | None) -> str | None:
    """JSON laid out in one way; what is no JSON stays as it is."""
    try:
        return posted and orjson.dumps(orjson.loads(posted), option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONDecodeError:
        return posted


def emptied(body: bytes) -> bytes | None:
    """A recorded page of JSON with its list of items emptied, its envelope (and announced count) as it was.

    None when no such list is found: then nobody knows what the server would have said.

    >>> emptied(b'{"result": {"count": 3, "results": [1, 2]}}')
    b'{"result":{"count":3,"results":[]}}'
    """
    try:
        page = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if isinstance(page, list):
        return b"[]"
    return orjson.dumps(page) if isinstance(page, dict) and _empty(page) else None


def _empty(page: dict[str, Any]) -> bool:
    """Empty the first list found under a usual name, at the top or one envelope further in."""
    for name in _LISTS:
        if isinstance(page.get(name), list):
            page[name] = []
            return True
    return any(isinstance(page.get(name), dict) and _empty(page[name]) for name in ("result", "data"))
