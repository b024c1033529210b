"""Asks through the Web protocol and keeps count, so that every measurement can name the capture it was read in."""

from __future__ import annotations

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.web import Web
from builder.probes._login import refuse_login


class Asking:
    """One reading's questions in order; each exchange, good or bad, is one capture, and has its position."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._captures = 0

    @property
    def captures(self) -> int:
        """How many captures there are so far: the position that the next one takes."""
        return self._captures

    async def get(self, request: Request) -> tuple[Answer, int]:
        """Return the answer and the position of its capture; raises ``Unreadable`` as ``Web.get`` does.

        A question that never became an exchange (nothing recorded, an address refused) leaves no capture and takes
        no position.
        """
        try:
            answer = await self._web.get(request)
        except Unreadable as error:
            self._captures += error.capture is not None
            raise
        position = self._captures
        self._captures += 1
        refuse_login(answer)
        return answer, position
