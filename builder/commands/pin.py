"""The command that turns an "I know the link" form into the line of a city's file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from builder.commands.options import Moment, clock, folders
from builder.errors import InputError


@click.command()
@folders
@click.option(
    "--from-issue", "form", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), required=True,
    help="The issue's text, as the form made it ('-': standard input).",
)  # fmt: skip
@click.option("--by", help="Who knew the link, as the page shall print it (default: the form's name).")
@click.option("--on", type=Moment(), help="The day of that word (default: today).")
@click.option("--write", is_flag=True, help="Also put the line into the city's file.")
@click.option("--now", type=Moment(), help="Judge as of this moment (default: the end of the newest run).")
def pin(
    cities: Path,
    results: Path,
    frameworks: Path,
    form: Path,
    by: str | None,
    on: datetime | None,
    write: bool,
    now: datetime | None,
) -> int:
    """Turn an "I know the link" form into the line for the city's file, and print what it changes."""
    from builder.wiring_pin import pin_from

    try:
        with click.open_file(str(form), "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except OSError as fault:
        raise InputError(f"{form}: {fault.strerror}: check the name") from fault
    day = clock(on)().date()
    for line in pin_from(
        text, by=by, on=day, write=write, cities=cities, results=results, frameworks=frameworks, now=now
    ):
        click.echo(line)
    return 0
