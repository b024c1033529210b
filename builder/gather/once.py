"""One address, ad hoc: what our client sees of it, or what a probe does; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from builder.gather.client import REQUEST_SECONDS, Client
from builder.gather.exchange import Deadline
from builder.gather.reading import Read, read_source
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.observation import Probe, Target
from builder.model.reasons import Reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """What ``cityproof fetch`` prints; sizes in bytes, of the decoded body; ``message`` is one plain line."""

    url: str
    final_url: str
    redirects: tuple[str, ...]
    reason: Reason
    status: int | None
    media_type: str | None
    bytes: int | None
    sha256: str | None
    seconds: float
    message: str


async def fetch_once(url: str, *, allow_private: bool, clock: Callable[[], datetime]) -> Fetched:
    """Ask for one address as the live client does; never raises for what a server did."""
    transport = Transport(allow_private=allow_private)
    try:
        exchange = await Client(transport, clock=clock).fetch(Request(url), deadline=Deadline(REQUEST_SECONDS))
    finally:
        transport.close()
    seen = exchange.capture
    return Fetched(
        url=seen.url,
        final_url=seen.final_url,
        redirects=seen.redirects,
        reason=exchange.reason,
        status=seen.status,
        media_type=seen.media_type,
        bytes=seen.bytes,
        sha256=seen.sha256,
        seconds=round(exchange.seconds, 3),
        message=exchange.message,
    )


async def probe_once(
    probe: Probe, kind: str, target: Target, *, allow_private: bool, clock: Callable[[], datetime]
) -> Read:
    """Read one source with one probe over the live web; raises nothing for what the source or the probe did."""
    transport = Transport(allow_private=allow_private)
    try:
        return await read_source(probe, kind, target, Client(transport, clock=clock), clock=clock)
    finally:
        transport.close()
