"""The wiring behind the commands: which floor is handed to which, and how what came of it is said at a prompt."""

from __future__ import annotations

import asyncio
import difflib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from builder.errors import CityproofError, InputError
from builder.model.kinds import KINDS
from builder.model.observation import Near, Target
from builder.model.reasons import Outcome, Reason

Clock = Callable[[], datetime]
Say = Callable[[str], None]
NEAR_KM = 25.0


def gather_cities(
    project: Path,
    named: list[str],
    *,
    cities: Path,
    results: Path,
    frameworks: Path,
    replay: Path | None,
    record: Path | None,
    shard: tuple[int, int] | None,
    clock: Clock,
) -> str:
    """Read the sources of the named cities (all of them when none is) and return the run in one line.

    Raises ``InputError`` for an unknown city or a bad recording, ``Offline`` where there is no network.
    """
    from builder.gather.captures import CaptureStore, Recorder
    from builder.gather.client import Client
    from builder.gather.exchange import Backend, Keeper
    from builder.gather.replay import Replay
    from builder.gather.revisiting import Revisiting
    from builder.gather.run import gather
    from builder.gather.transport import Transport
    from builder.judge.nets import Nets
    from builder.judge.terms import Terms
    from builder.probes import discover
    from builder.store.people import load_cities
    from builder.store.vocabulary import load_vocabulary

    people = load_cities(cities)
    unknown = [name for name in named if name not in people]
    if unknown:
        close = difflib.get_close_matches(unknown[0], people, 1)
        raise InputError(f"{unknown[0]}: no such city in {cities}" + (f"; did you mean {close[0]}?" if close else ""))
    cache = project / ".cache"
    nets = Nets(Terms(load_vocabulary(frameworks, project / ".cache")))
    recorder = Recorder(record) if record else None
    transport = Transport()

    async def run() -> str:
        captures = CaptureStore(cache / "captures")
        # A recording must stand by itself, so while one is made everything is asked in full.
        client = Client(transport, clock=clock)
        live = client if record else Revisiting(client, captures, clock=clock)
        backend: Backend = Replay(replay, clock=clock) if replay else live
        keepers: list[Keeper] = [] if replay else [captures]
        with _progress() as progress:
            report = await gather(
                [people[name] for name in named or people],
                discover(),
                results,
                backend,
                clock=clock,
                cache=cache,
                environment=os.environ,
                shard=shard or (1, 1),
                progress=progress,
                keepers=[*keepers, *([recorder] if recorder else [])],
                nets=nets,
                everywhere=list(people.values()),
            )
        said = f"{report.read} of {report.sources} sources read"
        if report.untested:
            said += f", {report.untested} not ({'nobody recorded them' if replay else 'a key is missing'})"
        for outcome, word in ((Outcome.FAILED, "failed"), (Outcome.CANT_TELL, "could not be told")):
            if report.outcomes.get(outcome):
                said += f", {report.outcomes[outcome]} {word}"
        if report.unreadable_kinds:
            said += f"; {sum(report.unreadable_kinds.values())} more are of kinds we cannot read yet"
        if report.registries:
            unread = [one.name for one in report.registries if one.reason is not Reason.OK]
            said += f"; {len(report.registries) - len(unread)} of {len(report.registries)} registries read again"
            said += f" (not {', '.join(unread)})" if unread else ""
        return f"{said}. {len(report.cities_changed)} of {len(named or people)} city files in {results} changed."

    try:
        return asyncio.run(run())
    finally:
        transport.close()
        if recorder:
            recorder.close()


def probe_url(
    kind: str, url: str, *, as_json: bool, near: tuple[float, float] | None, allow_private: bool, clock: Clock
) -> str:
    """Read one source with the probe of its kind and say what was found, in words or as JSON."""
    from builder.gather.once import probe_once
    from builder.gather.reading import with_place
    from builder.probes import discover

    if kind not in KINDS:
        close = difflib.get_close_matches(kind, KINDS, 1)
        raise InputError(
            f"{kind}: no such kind; "
            + (f"did you mean {close[0]}?" if close else f"the kinds are {', '.join(sorted(KINDS))}")
        )
    probes = discover()
    told: dict[str, Any] = {"kind": kind, "url": url}
    if kind not in probes:
        told |= {"outcome": Outcome.UNTESTED, "reason": Reason.NOT_CAPTURED, "message": "we cannot read this kind yet",
                 "complete": False, "scope": "", "measurements": {}, "evidence": []}  # fmt: skip
    else:
        places = (Near("here", near[0], near[1], NEAR_KM),) if near else ()
        target = Target(url=url, now=clock(), near=places)
        read = asyncio.run(probe_once(probes[kind], kind, target, allow_private=allow_private, clock=clock))
        seen = read.observation
        if read.reading is not None and places:
            seen = with_place(seen, read.reading.near.get("here", {}))
        told |= {
            "outcome": seen.outcome, "reason": seen.reason, "message": seen.message or seen.reason.words,
            "complete": seen.complete, "scope": seen.scope,
            "measurements": {name: one.model_dump(mode="json") for name, one in seen.measurements.items()},
            "evidence": [capture.model_dump(mode="json", exclude_none=True) for capture in seen.captures],
        }  # fmt: skip
    if as_json:
        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
    lines = [f"{told['outcome']} ({told['reason']}): {told['message']}"]
    if told["scope"]:
        lines.append(f"read: {told['scope']}{'' if told['complete'] else ' (not everything)'}")
    width = max((len(name) for name in told["measurements"]), default=0)
    for name, one in told["measurements"].items():
        unit = f" {one['unit']}" if one["unit"] not in (None, "1") else ""
        lines.append(f"  {name:<{width}}  {_short(one['value'])}{unit}   at {one['pointer']}")
    return "\n".join(lines)


def fetch_url(url: str, *, as_json: bool, allow_private: bool, clock: Clock) -> str:
    """Ask for one address with our web client and say what it saw, in words or as JSON."""
    from builder.gather.once import fetch_once

    seen = asdict(asyncio.run(fetch_once(url, allow_private=allow_private, clock=clock)))
    message = seen.pop("message")
    if as_json:
        return orjson.dumps(seen, option=orjson.OPT_INDENT_2).decode()
    lines = [f"{seen['reason']}: {message or seen['reason'].words}"]
    lines += [f"  sent on to {hop}" for hop in seen["redirects"]]
    if seen["status"] is not None:
        lines.append(f"  {seen['status']} {seen['media_type'] or ''} {seen['bytes'] or 0} bytes in {seen['seconds']} s")
    if seen["sha256"]:
        lines.append(f"  sha256 {seen['sha256']}")
    return "\n".join(lines)


def serve_site(project: Path, *, cities: Path, results: Path, frameworks: Path, out: Path, port: int, say: Say) -> None:
    """Build, show the result on loopback and rebuild what changes until the process is stopped."""
    from builder.publish.site import build
    from builder.serve import server, watch

    with server(out, port=port) as opened:
        address = f"http://127.0.0.1:{opened.server_port}/"

        def again() -> None:
            try:
                report = build(
                    project, cities=cities, results=results, frameworks=frameworks, out=out, base_url=address
                )
            except CityproofError as fault:
                say(f"not rebuilt: {fault}")
            except Exception as fault:  # a template half edited must not end the server that shows it
                say(f"not rebuilt: {type(fault).__name__}: {fault}")
            else:
                say(f"{report.written} files written, {report.skipped} unchanged, {report.removed} removed")

        build(project, cities=cities, results=results, frameworks=frameworks, out=out, base_url=address)
        say(f"{address} shows {out}; Ctrl-C ends it.")
        stop = threading.Event()
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        with suppress(KeyboardInterrupt):
            watch([cities, results, frameworks, project / "site_src", project / "mkdocs.yml"], again, stop)
        opened.shutdown()


def show(out: Path, *, port: int, say: Say) -> None:
    """Show a built folder on loopback until the process is stopped."""
    from builder.serve import server

    with server(out, port=port) as opened:
        say(f"http://127.0.0.1:{opened.server_port}/ shows {out}; Ctrl-C ends it.")
        with suppress(KeyboardInterrupt):
            opened.serve_forever()


def _short(value: Any) -> str:
    text = orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)
    return text if len(text) <= 100 else f"{text[:99]}…"


@contextmanager
def _progress() -> Iterator[Callable[[Any], None]]:
    """Say how a run goes: a bar on a terminal, one plain line for each source elsewhere (both on standard error)."""
    if not sys.stderr.isatty():
        yield lambda step: print(
            f"[{step.done}/{step.total}] {step.kind} {step.url}: {step.reason}", file=sys.stderr, flush=True
        )
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[at]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, at="")
        yield lambda step: bar.update(task, completed=step.done, total=step.total, at=f"{step.kind} {step.url[:50]}")
