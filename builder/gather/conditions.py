"""Conditions: which answers may be asked after later with "only if it has changed", and in what words (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

NOT_MODIFIED = 304

# One mark in quotes as the standard has it. What is malformed, or was cut to fit, could come back as another one.
_MARK = re.compile(r'(?:W/)?"([\x21\x23-\x7e]+)"')
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")
# Servers name the packed form of an answer by the same mark with an ending, and some forget it in a 304.
_PACKED = re.compile(r"(?:--|-|;|:)(?:gzip|df)$")

# A thing that changed a moment before it was sent may have changed again within the same tick of the server's clock.
SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Condition:
    """What to add to a request, and the one address to which it may be said: the one whose answer it marks."""

    url: str
    headers: Mapping[str, str]


def conditions_of(status: int, headers: Mapping[str, str], at: datetime) -> dict[str, str]:
    """The headers with which to ask later whether this answer still stands; empty where nobody may or can.

    ``headers`` are all that came, by lower-case name; ``at`` is when. A mark (``ETag``) goes before a date, which is
    used only when the thing had rested for a minute. A weak mark is good enough: the server vouches that nothing of
    meaning changed. ``no-store`` and ``Vary: *`` are obeyed; all else that an answer may vary by, we send every time.

    >>> conditions_of(200, {"etag": 'W/"5"', "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT"}, datetime(2026, 3, 2))
    {'If-None-Match': 'W/"5"'}
    """
    said = {part.strip().lower() for part in headers.get("cache-control", "").split(",")}
    varies = {part.strip() for part in headers.get("vary", "").split(",")}
    if status != 200 or "no-store" in said or "*" in varies:
        return {}
    if _MARK.fullmatch(headers.get("etag", "")):
        return {"If-None-Match": headers["etag"]}
    changed, sent = _instant(headers.get("last-modified", "")), _instant(headers.get("date", ""))
    # Both by the server's clock, where it tells it; ours may go differently.
    if changed is None or changed > (sent or at.replace(microsecond=0)) - SETTLED:
        return {}
    return {"If-Modified-Since": headers["last-modified"]}


def sayable(headers: Mapping[str, str]) -> bool:
    """Whether these are conditions as ``conditions_of`` makes them; anything else on disk is not said to a server."""
    mark, date = headers.get("If-None-Match", ""), headers.get("If-Modified-Since", "")
    return len(headers) == 1 and bool(_MARK.fullmatch(mark) or _DATE.fullmatch(date))


def contradicts(headers: Mapping[str, str], condition: Condition) -> bool:
    """Whether a 304 with these headers speaks of another version than the one we asked about.

    >>> contradicts({"etag": '"6"'}, Condition("https://data.example.org/", {"If-None-Match": 'W/"5"'}))
    True
    """
    asked, told = _bare(condition.headers.get("If-None-Match", "")), _bare(headers.get("etag", ""))
    since, changed = condition.headers.get("If-Modified-Since", ""), headers.get("last-modified", "")
    return bool((asked and told and asked != told) or (since and changed and since != changed))


def _bare(mark: str) -> str:
    found = _MARK.fullmatch(mark)
    return _PACKED.sub("", found[1]) if found else ""


def _instant(text: str) -> datetime | None:
    """An HTTP date in its one modern form; None for anything else."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
