"""How a probe knows which capture it read something in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.probes._asking import Asking


def test_every_exchange_takes_a_position_and_nothing_else_does(fake_web: Any) -> None:
    """A bad answer is a capture too; a question that was never recorded is none."""
    web = fake_web({"https://a.example/1": "one", "https://a.example/2": (404, {}, b""), "https://a.example/4": "four"})
    asking = Asking(web)

    async def ask(url: str) -> int:
        return (await asking.get(Request(url)))[1]

    assert asyncio.run(ask("https://a.example/1")) == 0
    for url in ("https://a.example/2", "https://a.example/3"):
        with pytest.raises(Unreadable):
            asyncio.run(ask(url))
    position = asyncio.run(ask("https://a.example/4"))
    assert web.captures[position].url == "https://a.example/4" and asking.captures == len(web.captures) == 3
