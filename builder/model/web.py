"""The narrow Web protocol: all that a probe may ask of the world, so live, recorded and replayed readings are one."""

from __future__ import annotations

from typing import Protocol

from builder.model.capture import Answer, Request


class Web(Protocol):
    """Answers requests one at a time, politely and within the source's deadline."""

    async def get(self, request: Request) -> Answer:
        """Return an answer whose status was 2xx, or 304 with the body that an earlier run had kept.

        Raises ``builder.errors.Unreadable`` with a reason from the closed list for everything else
        (404 is ``not-found``, 410 ``gone``, 401 ``auth-required``, 403 ``forbidden`` or ``bot-challenge``,
        429 ``rate-limited``, other 4xx ``client-error``, 5xx ``server-error``; no answer: the network's reasons;
        a replay that holds no such exchange: ``not-captured``). Every exchange, good or bad, is also kept as a
        capture of the reading, in order; a ``Measurement`` names its capture by that position.
        """
        ...
