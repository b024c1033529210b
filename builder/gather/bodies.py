"""Reading a body within bounds: bytes counted on the wire and after decoding, nothing unpacked beyond the limit."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from builder.errors import Unreadable
from builder.model.reasons import Reason

_IN_MEMORY = 1_000_000  # a slow download waits on disk, so that hundreds at once stay within the memory budget
_ZLIB_OR_GZIP = 47  # window bits: recognise either header by itself
_GZIP_START = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body in an unnamed temporary file, positioned at its start."""

    file: BinaryIO
    size: int
    sha256: str


async def read_bounded(
    chunks: AsyncIterator[bytes], *, encoding: str, limit: int, length: int | None = None, cut: bool = False
) -> Body:
    """Read a raw body to its end, at most ``limit`` bytes on the wire and decoded.

    ``encoding`` is the Content-Encoding header, ``length`` the announced length. With ``cut`` the part beyond the
    limit is left unread instead of being an error. Raises ``Unreadable``: ``too-large``, or ``protocol-error`` for a
    body that breaks off, is packed in a way we did not offer, or is packed twice.
    """
    decoder = _decoder(encoding)
    if length is not None and length > limit and not cut:
        raise _too_large(limit)
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
    digest = hashlib.sha256()
    wire = size = 0
    try:
        async for chunk in chunks:
            wire += len(chunk)
            parts: Iterable[bytes] = decoder.feed(chunk, limit - size + 1) if decoder else (chunk,)
            for part in parts:
                part = part[: limit - size] if cut else part
                digest.update(part)
                file.write(part)
                size += len(part)
            if max(wire, size) > limit or (cut and size == limit):
                if cut:
                    break
                raise _too_large(limit)
        else:
            if decoder and wire and not decoder.ended:
                raise Unreadable(Reason.PROTOCOL_ERROR, "the packed answer broke off before its end")
    except zlib.error as error:
        file.close()
        words = f"the answer says it is packed, but cannot be unpacked ({error})"
        raise Unreadable(Reason.PROTOCOL_ERROR, words) from None
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Body(file, size, digest.hexdigest())


def _too_large(limit: int) -> Unreadable:
    return Unreadable(Reason.TOO_LARGE, f"the answer is larger than the {limit:,} bytes we read")


def _decoder(encoding: str) -> _Unpacker | None:
    named = (part.strip().lower() for part in encoding.split(","))
    layers = [layer for layer in named if layer not in {"", "identity"}]
    if not layers:
        return None
    if len(layers) > 1 or layers[0] not in {"gzip", "x-gzip", "deflate"}:
        words = f"the answer is packed as {', '.join(layers)[:60]!r}, which we did not offer"
        raise Unreadable(Reason.PROTOCOL_ERROR, words)
    return _Unpacker()


class _Unpacker:
    """Unpacks one layer of gzip or deflate, never more than it is asked for at once."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_ZLIB_OR_GZIP)
        self._over = False

    @property
    def ended(self) -> bool:
        """Whether the packed stream said that it was complete."""
        return self._stream.eof

    def feed(self, chunk: bytes, room: int) -> Iterator[bytes]:
        """The unpacked parts of this chunk, together at most ``room`` bytes: a full room means too large."""
        while chunk and room > 0 and not self._over:
            part = self._stream.decompress(chunk, min(room, _IN_MEMORY))
            room -= len(part)
            yield part
            chunk = self._stream.unconsumed_tail
            if self._stream.eof:
                # gzip allows several members in a row; other bytes after the end are padding that browsers ignore too
                chunk = self._stream.unused_data
                if chunk and _GZIP_START.startswith(chunk[:2]):
                    self._stream = zlib.decompressobj(_ZLIB_OR_GZIP)
                else:
                    self._over = bool(chunk)
                    chunk = b""
