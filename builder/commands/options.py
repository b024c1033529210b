"""What the commands' options mean: moments, parts, places, and the project's own folders; the clock is read here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

PROJECT = Path(__file__).resolve().parent.parent.parent


def at(name: str) -> Path:
    """One of the project's folders, as someone standing in the project would write it."""
    return Path(name) if Path.cwd() == PROJECT else PROJECT / name


FOLDER = click.Path(path_type=Path, file_okay=False)


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date or instant; without a zone it is UTC."""

    name = "iso"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not an ISO date or time; write 2026-11-21 or 2026-11-21T09:30:00Z", param, ctx)


class Shard(click.ParamType[tuple[int, int]]):
    """``I/N``: the I-th of N equal parts, counted from 1."""

    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        part, _, parts = value.partition("/")
        if part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts):
            return int(part), int(parts)
        self.fail(f"{value!r} is not a part of a whole; write 1/4 for the first of four", param, ctx)


class Place(click.ParamType[tuple[float, float]]):
    """``LAT,LON`` in WGS 84 degrees."""

    name = "lat,lon"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        try:
            lat, lon = (float(part) for part in value.split(","))
            if -90 <= lat <= 90 and -180 <= lon <= 180:
                return lat, lon
        except ValueError:
            pass
        self.fail(f"{value!r} is not a place; write latitude,longitude such as 48.85,2.35", param, ctx)


def clock(now: datetime | None) -> Callable[[], datetime]:
    """Return a command's clock: stopped at ``now`` where it was given, else the machine's, in whole seconds UTC."""
    return (lambda: now) if now is not None else (lambda: datetime.now(UTC).replace(microsecond=0))


def folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the folders people and machines write."""
    for option, name in (("--frameworks", "frameworks"), ("--results", "results"), ("--cities", "cities")):
        command = click.option(
            option, type=FOLDER, default=at(name), show_default=f"{name}/", help=f"Folder of {name}."
        )(command)
    return command
