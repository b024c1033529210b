"""The whole road for Exampleton: three visits over real HTTP on three days, then its scorecard as a website."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from builder.demo.town import DOMAIN, SAMPLES, open_town
from builder.gather.client import Client
from builder.gather.run import gather
from builder.gather.transport import Transport
from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.probes import discover
from builder.publish.site import build
from builder.publish.tree import BuildReport
from builder.store.people import load_cities
from builder.store.vocabulary import load_vocabulary

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

# Each visit: the day, and which of the town's servers was out of order then. The bikes answered once, long ago.
VISITS: tuple[tuple[datetime, dict[str, int]], ...] = (
    (datetime(2025, 6, 1, 9, tzinfo=UTC), {f"data.{DOMAIN}": 503, f"transit.{DOMAIN}": 503}),
    (datetime(2026, 11, 14, 9, tzinfo=UTC), {f"bikes.{DOMAIN}": 503}),
    (datetime(2026, 11, 20, 9, tzinfo=UTC), {f"bikes.{DOMAIN}": 503}),
)


def walk(project: Path, *, out: Path) -> BuildReport:
    """Serve the town, read it on each day of ``VISITS``, and render it into ``out``; no internet is needed.

    What was read lies under ``.cache/demo`` and is made anew each time, so the demo is the same every time.
    """
    home = project / ".cache" / "demo"
    shutil.rmtree(home, ignore_errors=True)
    cities = home / "cities"
    cities.mkdir(parents=True)
    shutil.copy(SAMPLES / "xx-exampleton.yml", cities)
    nets = Nets(Terms(load_vocabulary(project / "frameworks")))
    asyncio.run(visit(cities, home / "results", home, nets))
    return build(
        project,
        cities=cities,
        results=home / "results",
        frameworks=project / "frameworks",
        out=out,
        base_url="http://127.0.0.1:8000/",
        now=NOW,
    )


async def visit(cities: Path, results: Path, cache: Path, nets: Nets) -> None:
    """Read the town on each day, every name of it answered by the loopback server of that day."""
    people = list(load_cities(cities).values())
    for day, faults in VISITS:
        with open_town(faults) as port:
            transport = Transport(allow_private=True, resolve=_loopback, listening={80: port})
            client = Client(transport, clock=partial(_stopped, day), spacing=0, retry_wait=0.01)
            try:
                await gather(people, discover(), results, client, clock=partial(_stopped, day), cache=cache, nets=nets)
            finally:
                transport.close()


def _stopped(day: datetime) -> datetime:
    """A clock that stands still while the town is visited."""
    return day


async def _loopback(host: str, port: int) -> list[str]:
    """Resolve every name of the town, and no other, to this machine."""
    return ["127.0.0.1"] if host == DOMAIN or host.endswith(f".{DOMAIN}") else []
