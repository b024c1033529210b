"""Reading bodies: the same bytes whatever the parts they arrive in, and never more than the limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from builder.errors import Unreadable
from builder.gather.bodies import read_bounded
from builder.model.reasons import Reason

pytestmark = pytest.mark.anyio


async def _parts(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("encoding", "content"), [
    ("", b"one,two"),
    ("identity", b"one,two"),
    ("gzip", gzip.compress(b"one,two")),
    ("x-gzip", gzip.compress(b"one,") + gzip.compress(b"two")),
    ("GZIP", gzip.compress(b"one,two") + b"\0\0padding"),
    ("deflate", zlib.compress(b"one,two")),
])  # fmt: skip
async def test_parts_do_not_matter(encoding: str, content: bytes, size: int) -> None:
    """However the network cuts a body, also between two packed members, all of it is read."""
    body = await read_bounded(_parts(content, size), encoding=encoding, limit=100)
    assert (body.file.read(), body.size) == (b"one,two", 7)


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_the_limit_is_exact(encoding: str) -> None:
    """A body as large as the limit is read, one byte more is too large; cutting keeps what fits."""
    for size, fits in ((100, True), (101, False)):
        content = gzip.compress(b"x" * size) if encoding else b"x" * size
        if fits:
            assert (await read_bounded(_parts(content, 10), encoding=encoding, limit=100)).size == 100
            continue
        with pytest.raises(Unreadable) as caught:
            await read_bounded(_parts(content, 10), encoding=encoding, limit=100)
        assert caught.value.reason is Reason.TOO_LARGE
        cut = await read_bounded(_parts(content, 10), encoding=encoding, limit=100, cut=True)
        assert cut.file.read() == b"x" * 100


async def test_an_announced_length_is_believed_early() -> None:
    """A body that announces too much is not even begun."""

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read although it was too large")
        yield b""

    with pytest.raises(Unreadable) as caught:
        await read_bounded(never(), encoding="", limit=100, length=101)
    assert caught.value.reason is Reason.TOO_LARGE
