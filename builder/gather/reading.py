"""One source read once: the probe is run, and whatever happens becomes one observation."""

from __future__ import annotations

import asyncio
import math
import traceback
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

from builder.errors import CityproofError, Unreadable
from builder.gather.exchange import Backend, Keeper
from builder.gather.session import SourceSession
from builder.model.observation import Measurement, Observation, Probe, Reading, Target, Value
from builder.model.reasons import Outcome, Reason

# An exchange that ends at the deadline tells better than we can what was slow.
GRACE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """What came of it: the observation, and what the probe returned when it returned anything."""

    observation: Observation
    reading: Reading | None


async def read_source(
    probe: Probe,
    kind: str,
    target: Target,
    backend: Backend,
    *,
    clock: Callable[[], datetime],
    keepers: Sequence[Keeper] = (),
) -> Read:
    """Run one probe at one source; raises nothing for what the source, the network or the probe did.

    From a recording, the facts are measured as of the day of the exchange and not as of today, so that replaying
    it again next year finds the same facts: there ``target.now`` is replaced by the first capture's time.

    What speaks against a source rests on whole answers: a reading that failed on one that only said "unchanged" is
    made again without conditions, since a server that says so wrongly would keep an old fault alive.
    """
    read = await _once(probe, kind, target, backend, clock, keepers)
    if not backend.live and read.observation.captures and read.observation.at != target.now:
        read = await _once(probe, kind, replace(target, now=read.observation.at), backend, clock, keepers)
    seen = read.observation
    if seen.outcome is Outcome.FAILED and any(capture.unchanged_since for capture in seen.captures):
        read = await _once(probe, kind, target, backend, clock, keepers, unconditional=True)
    return read


async def _once(
    probe: Probe,
    kind: str,
    target: Target,
    backend: Backend,
    clock: Callable[[], datetime],
    keepers: Sequence[Keeper],
    unconditional: bool = False,
) -> Read:
    session = SourceSession(
        backend, kind, seconds=probe.DEADLINE_SECONDS, keepers=keepers, unconditional=unconditional,
        secrets=[target.key] if target.key else [],
    )  # fmt: skip
    reading: Reading | None = None
    try:
        reading = await _in_time(probe.read(target, session), session)
        _check(reading, len(session.captures))
        reason, message = (Reason.EMPTY if reading.empty else Reason.OK), reading.message
    except Unreadable as error:
        reason, message = error.reason, error.message
    except CityproofError:  # what ends the run, such as a full disk
        raise
    except Exception as error:  # a probe's crash is our fault and stops nobody else's reading
        reading = None
        reason, message = Reason.OUR_ERROR, f"our probe failed: {type(error).__name__} at {_where(error)}"
    finally:
        session.close()
    captures = tuple(session.captures)
    observation = Observation(
        kind=kind,
        url=target.url,
        filter=target.filter,
        probe=f"{kind}/{probe.VERSION}",
        at=captures[0].at if captures else target.now,
        outcome=reason.outcome,
        reason=reason,
        message=_line(message),
        complete=reading.complete if reading else False,
        scope=reading.scope if reading else "",
        measurements=_in_order(reading.measurements) if reading else {},
        captures=captures,
    )
    return Read(observation, reading)


async def _in_time(work: Coroutine[Any, Any, Reading], session: SourceSession) -> Reading:
    """What a probe reads; where it still works after the source's time is over, raises ``Unreadable`` in its stead.

    A probe is stopped where it lets others work, as all do between two pieces of something large.
    """
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=max(0.0, session.remaining) + GRACE_SECONDS)
            if not task.done() and session.remaining < 0 and not session.asking:
                raise session.late()
        return await task
    finally:
        # Nobody closes its files before it has let go of them.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=GRACE_SECONDS)
        task.cancelled() or task.exception()  # looked at, so that nobody complains on our screen that it was not


def with_place(observation: Observation, near: Mapping[str, Measurement]) -> Observation:
    """The observation with the measurements that depend on one city's place among the others."""
    if not near:
        return observation
    return observation.model_copy(update={"measurements": _in_order({**observation.measurements, **near})})


def _in_order(measurements: Mapping[str, Measurement]) -> dict[str, Measurement]:
    return {name: measurements[name] for name in sorted(measurements)}


def _check(reading: Reading, captures: int) -> None:
    """A claim must name a capture that exists and a number that can be written down; else the probe has a fault."""
    for measurements in (reading.measurements, *reading.near.values()):
        for name, measurement in measurements.items():
            if measurement.capture >= captures:
                raise ValueError(f"{name} names capture {measurement.capture}, but there are {captures}")
            if not all(math.isfinite(number) for number in _numbers(measurement.value)):
                raise ValueError(f"{name} is not a finite number")


def _numbers(value: Value) -> Iterable[float]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, float)]


def _where(error: Exception) -> str:
    """Our file and line that led to it; not its words, which may quote the answer, a key or a path of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "builder" in PurePath(frame.filename).parts]
    last = (ours or list(frames))[-1]
    return f"{PurePath(last.filename).name}:{last.lineno}"


def _line(text: str) -> str:
    """One printable line of at most 300 characters."""
    flat = "".join(sign if sign.isprintable() else " " for sign in text[:1000])
    return " ".join(flat.split())[:300]
