"""The commands about topics: what the words say of dataset lists, how right they are, and what to judge next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from builder.commands.options import FOLDER, PROJECT, Moment, at, clock, folders
from builder.errors import InputError

Line = tuple[str, bytes]  # where it stands, and what it holds
_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a file that hold anything, with their numbers (``-``: standard input)."""
    try:
        with click.open_file(str(path), "rb") as lines:
            yield from ((f"{path}:{number}", line) for number, line in enumerate(lines, 1) if line.strip())
    except OSError as fault:
        raise InputError(f"{path}: {fault.strerror}: check the name") from fault


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--frameworks", type=FOLDER, default=at("frameworks"), show_default="frameworks/", help="Folder of frameworks."
)
def classify(file: Path, frameworks: Path) -> int:
    """Say which topics the words of datasets speak of: one JSON line in (id, title, ...), one out, ungated.

    Labels are what the narrow net caught, candidates what the wide one did.
    """
    from builder.wiring_topics import classified

    for lines in classified(frameworks, lines_of(file), PROJECT / ".cache"):
        click.echo(lines, nl=False)
    return 0


@click.command()
@folders
@click.option(
    "--labelled", type=click.Path(path_type=Path, dir_okay=False), multiple=True,
    help="Records with labels, one JSON object a line, beside those that were reviewed.",
)  # fmt: skip
@click.option("--now", type=Moment(), help="Say that it is this moment.")
def measure(cities: Path, results: Path, frameworks: Path, labelled: tuple[Path, ...], now: datetime | None) -> int:
    """Measure the nets on what people judged, and match every dataset list anew: after any change of the words."""
    from builder.wiring_topics import measured_anew, record

    rows = [record(line) for path in labelled for line in lines_of(path)]
    click.echo(
        measured_anew(cities=cities, results=results, frameworks=frameworks, labelled=rows, on=clock(now)().date())
    )
    return 0


@click.command()
@folders
@click.option("--topic", help="Only this topic.")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
def review(cities: Path, results: Path, frameworks: Path, topic: str | None, most: int) -> int:
    """Show the next catches to judge, as lines for frameworks/topics/reviews.jsonl: fill in verdict, why and day."""
    from builder.wiring_topics import to_review

    for line in to_review(cities=cities, results=results, frameworks=frameworks, topic=topic, most=most):
        click.echo(line)
    return 0
