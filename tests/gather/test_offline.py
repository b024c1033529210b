"""Offline is when both control addresses fail, never when one of them does."""

from __future__ import annotations

import asyncio

import pytest

from builder.gather.client import Client
from builder.gather.offline import CONTROLS, no_network
from builder.gather.transport import Transport

from .conftest import NOW

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("alive", "offline"), [((), True), ((0,), False), ((1,), False), ((0, 1), False)])
async def test_one_control_address_is_enough(alive: tuple[int, ...], offline: bool) -> None:
    """A single control address that answers proves a network."""
    hosts = [CONTROLS[number] for number in alive]

    async def reach(host: str, port: int) -> bool:
        return (host, port) in hosts

    assert await no_network(reach) is offline


async def test_silence_is_no_network() -> None:
    """Control addresses that never answer count as out of reach."""

    async def reach(host: str, port: int) -> bool:
        await asyncio.sleep(30)
        return True

    assert await no_network(reach, seconds=0.05)


async def test_a_resolver_that_knows_nothing() -> None:
    """Without name resolution the live client is offline; one meant for this machine's own servers never is."""

    async def resolve(host: str, port: int) -> list[str]:
        return []

    assert await Client(Transport(resolve=resolve), clock=lambda: NOW).offline()
    assert not await Client(Transport(resolve=resolve, allow_private=True), clock=lambda: NOW).offline()
