"""The commands about topics: what the words say of dataset lists, and how right they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from builder.commands.options import FOLDER, at
from builder.errors import InputError

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line (``-``: standard input); raises ``InputError`` with the line's number."""
    import orjson

    try:
        with click.open_file(str(path), "rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    record = orjson.loads(line)
                except orjson.JSONDecodeError as fault:
                    raise InputError(f"{path}:{number}: this line is no JSON ({fault}): one dataset a line") from fault
                if not isinstance(record, dict):
                    raise InputError(f"{path}:{number}: this line is no JSON object: one dataset a line")
                yield record
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
    import orjson

    from builder.judge.classify import labelled
    from builder.judge.nets import Nets
    from builder.judge.terms import Terms
    from builder.store.vocabulary import load_vocabulary

    nets = Nets(Terms(load_vocabulary(frameworks)))
    for record in records(file):
        click.echo(orjson.dumps(labelled(nets, record)))
    return 0
