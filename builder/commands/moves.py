"""The command ``moves``: what another method would change, judged over everything ever read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from builder.commands.options import Moment, folders


@click.command()
@click.argument("old")
@folders
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--now", type=Moment(), help="Judge as of this moment (default: the end of the newest run).")
def moves(old: str, cities: Path, results: Path, frameworks: Path, as_json: bool, now: datetime | None) -> int:
    """Show which answers today's method gives otherwise than an OLD one, on the same facts.

    OLD is a version kept in frameworks/versions, such as 0.1, or another folder of frameworks with its topics.
    """
    import orjson

    from builder.wiring_moves import as_lines, as_plain, moved

    found = moved(old, cities=cities, results=results, frameworks=frameworks, now=now)
    if as_json:
        click.echo(orjson.dumps(as_plain(found), option=orjson.OPT_INDENT_2))
    else:
        for line in as_lines(found):
            click.echo(line)
    return 0
