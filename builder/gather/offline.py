"""Whether this machine has a network at all: two control addresses, a connection each, nothing sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# Names that are always there, kept by different operators; a connection is opened and closed, no request is made.
CONTROLS = (("example.com", 443), ("www.iana.org", 443))
CONTROL_SECONDS = 10.0

# So many different hosts that all refuse a connection are not a coincidence.
HOSTS_THAT_MEAN_US = 5


async def no_network(reach: Callable[[str, int], Awaitable[bool]], *, seconds: float = CONTROL_SECONDS) -> bool:
    """True when neither control address can be resolved and connected to.

    ``reach(host, port)`` says whether a connection was made.
    """

    async def one(host: str, port: int) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await reach(host, port)
        except TimeoutError:
            return False

    return not any(await asyncio.gather(*(one(host, port) for host, port in CONTROLS)))
