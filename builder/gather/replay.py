"""Answers from a folder of recorded exchanges instead of the web; what was never recorded is `not-captured`."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from builder.errors import InputError
from builder.gather.addresses import masked
from builder.gather.answers import reason_of
from builder.gather.captures import MANIFEST
from builder.gather.exchange import Deadline, Exchange, full_url, kept_headers, media_type_of, posted
from builder.gather.matching import Question, best, emptied, question
from builder.model.capture import Capture, RecordedCopy, Request
from builder.model.reasons import Reason

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A remark for those who hold the recording; on a page it would lead nowhere.
_REMARK = re.compile(r"[:;,]?\s*see \.{1,2}/\S+")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One exchange of the manifest, checked: its question, its file and the answer's outer signs."""

    url: str
    question: Question
    file: Path
    status: int
    headers: dict[str, str]
    at: datetime
    copy_of: RecordedCopy | None
    redirects: tuple[str, ...]
    final_url: str
    certificate_expires: datetime | None


class Replay:
    """Reads ``manifest.json`` of a folder once, checks every file it names, and answers from it.

    Files may lie in a folder beside the manifest's own, never further away. Raises ``InputError`` with one line
    when the manifest or a file is not what it says.
    """

    live = False

    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._places: dict[tuple[str, str, int | None, str], list[_Recorded]] = {}
        for recorded in _read_manifest(folder):
            self._places.setdefault(recorded.question.place, []).append(recorded)
        self.name = f"the recording {folder.resolve()}, manifest {_sha256(folder / MANIFEST)}"

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        """One exchange for one request, as it was recorded; no robots.txt is asked, since nobody is visited."""
        url = full_url(request)
        try:
            wanted = question(url, posted(request))
        except ValueError:
            return self._nothing(request)
        found = best(wanted, self._places.get(wanted.place, []))
        if found is None:
            return self._nothing(request)
        recorded, past_the_end = found
        body: bytes | None = None
        copy_of = recorded.copy_of
        shown = recorded.url  # what was really asked, then; a page size of ours was not part of that
        if past_the_end:
            body = emptied(recorded.file.read_bytes()) if recorded.status < 300 else None
            if body is None:
                return self._nothing(request)
            shown = masked(url, url)
            if copy_of is not None:
                copy_of = copy_of.model_copy(update={
                    "fidelity": f"{copy_of.fidelity}; a page past the end, its list emptied"})  # fmt: skip
        return _answer(request, recorded, shown, body, copy_of)

    async def offline(self) -> bool:
        """A replay is never offline: it asks nobody."""
        return False

    def _nothing(self, request: Request) -> Exchange:
        url = full_url(request)
        shown = masked(url, url)
        capture = Capture(url=shown, posted=posted(request), final_url=shown, status=None, at=self._clock())
        return Exchange(capture, Reason.NOT_CAPTURED, f"{shown[:200]}: not among the recorded exchanges")


def _answer(
    request: Request, recorded: _Recorded, url: str, body: bytes | None, copy_of: RecordedCopy | None
) -> Exchange:
    size = len(body) if body is not None else recorded.file.stat().st_size
    too_large = size > request.limit_bytes
    if body is None and not (request.spool or too_large):
        body = recorded.file.read_bytes()
    digest = hashlib.sha256(body).hexdigest() if body is not None else _sha256(recorded.file)
    capture = Capture(
        url=url,
        posted=posted(request),
        redirects=recorded.redirects,
        final_url=recorded.final_url if recorded.redirects else url,
        status=recorded.status,
        headers=kept_headers(recorded.headers.items()),
        media_type=media_type_of(recorded.headers),
        sha256=digest,
        bytes=size,
        certificate_expires=recorded.certificate_expires,
        at=recorded.at,
        copy_of=copy_of,
    )
    if too_large:
        words = f"the answer is larger than the {request.limit_bytes:,} bytes we read"
        return Exchange(capture, Reason.TOO_LARGE, words)
    reason = reason_of(recorded.status, recorded.headers, body or b"")
    message = "" if reason is Reason.OK else f"{recorded.question.place[1]} answered {recorded.status}"
    if request.spool and reason is Reason.OK:
        file = io.BytesIO(body) if body is not None else recorded.file.open("rb")
        return Exchange(capture, reason, message, file=file)
    return Exchange(capture, reason, message, body=body or b"")


def _read_manifest(folder: Path) -> list[_Recorded]:
    path = folder / MANIFEST
    try:
        content = orjson.loads(path.read_bytes())
        entries = content["exchanges"]
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a folder of recorded exchanges") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is not a list of recorded exchanges ({error})") from None
    if not isinstance(entries, list):
        raise InputError(f"{path}: 'exchanges' is not a list")
    return [_read_entry(path, number, entry) for number, entry in enumerate(entries, 1)]


def _read_entry(manifest: Path, number: int, entry: Any) -> _Recorded:
    def refuse(words: str) -> InputError:
        url = entry.get("url") if isinstance(entry, dict) else None
        return InputError(f"{manifest}: exchange {number}{f' ({url})' if isinstance(url, str) else ''}: {words}")

    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise refuse("has no url")
    status, name, headers = entry.get("status"), entry.get("file"), entry.get("headers") or {}
    if not isinstance(status, int) or not isinstance(name, str) or not isinstance(headers, dict):
        raise refuse("needs a status (a number), a file (a name) and headers (an object)")
    outermost = manifest.parent.resolve().parent
    if not name.isprintable():
        raise refuse("its file has a name with unprintable signs")
    file = (manifest.parent / name).resolve()
    if not file.is_relative_to(outermost):
        raise refuse(f"its file '{name}' lies outside of {outermost}; recorded files lie in the folder or beside it")
    if not file.is_file():
        raise refuse(f"its file '{name}' is missing")
    if entry.get("sha256") is not None:
        digest = _sha256(file)
        if digest != entry["sha256"]:
            raise refuse(f"its file '{name}' is not the one recorded: its sha256 is {digest}")
    try:
        at, day_only = recorded_at(entry.get("recorded_at"))
        expires = entry.get("certificate_expires")
        ends = recorded_at(expires, "certificate_expires")[0] if expires is not None else None
        asked = question(entry["url"], _posted(entry))
    except ValueError as error:
        raise refuse(str(error)) from None
    return _Recorded(
        url=masked(entry["url"], entry["url"]),
        question=asked,
        file=file,
        status=status,
        headers={str(key).lower(): value for key, value in headers.items() if isinstance(value, str)},
        at=at,
        copy_of=_copy_of(entry, day_only),
        redirects=tuple(masked(str(hop), entry["url"]) for hop in entry.get("redirects") or ()),
        final_url=masked(str(entry.get("final_url") or entry["url"]), entry["url"]),
        certificate_expires=ends,
    )


def _posted(entry: dict[str, Any]) -> str | None:
    sent = entry.get("posted")
    return sent if sent is None or isinstance(sent, str) else orjson.dumps(sent).decode()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def recorded_at(text: object, name: str = "recorded_at") -> tuple[datetime, bool]:
    """When an exchange was recorded, in UTC, and whether only its day is known.

    Reads ISO instants, bare ISO dates (then midnight) and HTTP dates; raises ``ValueError`` for anything else.

    >>> recorded_at("2020-07-22")
    (datetime.datetime(2020, 7, 22, 0, 0, tzinfo=datetime.timezone.utc), True)
    >>> recorded_at("Mon, 30 Jan 2023 11:16:14 GMT")[0].isoformat()
    '2023-01-30T11:16:14+00:00'
    """
    if isinstance(text, str):
        for parse in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                found = parse(text.strip())
            except ValueError:
                continue
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
            return found, _DAY.fullmatch(text.strip()) is not None
    raise ValueError(f"its {name} is {text!r}; write an ISO date or date-time, or an HTTP date")


def _copy_of(entry: dict[str, Any], day_only: bool) -> RecordedCopy | None:
    """Whose copy this is. An exchange without provenance or fidelity is our own recording, and no copy."""
    provenance = entry.get("provenance")
    origin = provenance if isinstance(provenance, dict) else {}
    fidelity = entry.get("fidelity")
    if not origin and not fidelity:
        return None
    repo, path, commit = (origin.get(part) for part in ("repo", "path", "commit"))
    link = str(origin.get("link") or entry["url"])
    if isinstance(repo, str) and _REPOSITORY.fullmatch(repo) and isinstance(path, str) and isinstance(commit, str):
        link = f"https://github.com/{repo}/blob/{quote(commit)}/{quote(path)}"
    return RecordedCopy(link=link, fidelity=_REMARK.sub("", str(fidelity or "not stated")), day_only=day_only)
