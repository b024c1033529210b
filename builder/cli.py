"""The command line: parsing and wiring, nothing else.

Everything heavy is imported inside the command that needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

import errno
import sys
import time
from datetime import datetime
from pathlib import Path

import click

from builder import __version__
from builder.commands.moves import moves
from builder.commands.options import FOLDER, PROJECT, Moment, Place, Shard, at, clock, folders
from builder.commands.pin import pin
from builder.commands.topics import classify, measure, review
from builder.errors import CityproofError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cityproof")
def cityproof() -> None:
    """Public city scorecards that anyone can check."""


@cityproof.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Lines for people, or a JSON list for programs.",
)  # fmt: skip
def check(paths: tuple[Path, ...], form: str) -> int:
    """Validate city and framework files, offline: every error at once, each with its place."""
    from builder.store.check import as_json, as_text
    from builder.store.check import check as run

    cities, frameworks = at("cities"), at("frameworks")
    faults = run(list(paths) or [cities, frameworks], cities=cities, frameworks=frameworks)
    if form == "json":
        click.echo(as_json(faults), nl=False)
    elif faults:
        click.echo(as_text(faults), nl=False)
        click.echo(f"{len(faults)} {'error' if len(faults) == 1 else 'errors'}.", err=True)
    else:
        click.echo("All files are fine.")
    return 1 if faults else 0


@cityproof.command()
@click.argument("city", nargs=-1)
@click.option("--replay", type=FOLDER, help="Answer from recorded exchanges (manifest.json) instead of the network.")
@click.option("--record", type=FOLDER, help="Also write every exchange there, for a later --replay.")
@click.option("--results", type=FOLDER, default=at("results"), show_default="results/", help="Where facts are kept.")
@click.option("--cities", type=FOLDER, default=at("cities"), show_default="cities/", help="Folder of city files.")
@click.option(
    "--frameworks", type=FOLDER, default=at("frameworks"), show_default="frameworks/", help="Folder of frameworks."
)
@click.option("--shard", type=Shard(), help="Read only this part of the sources, such as 1/4.")
@click.option("--now", type=Moment(), help="Say that it is this moment.")
def gather(
    city: tuple[str, ...],
    replay: Path | None,
    record: Path | None,
    results: Path,
    cities: Path,
    frameworks: Path,
    shard: tuple[int, int] | None,
    now: datetime | None,
) -> int:
    """Read the cities' public sources (all cities, or those named) and keep what was seen in results/."""
    from builder.wiring import gather_cities

    report = gather_cities(
        PROJECT,
        list(city),
        cities=cities,
        results=results,
        frameworks=frameworks,
        replay=replay,
        record=record,
        shard=shard,
        clock=clock(now),
    )
    click.echo(report)
    return 0


@cityproof.command()
@click.argument("kind")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--now", type=Moment(), help="Say that it is this moment.")
@click.option("--near", type=Place(), help="Also measure what lies within 25 km of this place.")
@click.option("--allow-private", is_flag=True, help="Also dial private addresses and unusual ports.")
def probe(
    kind: str, url: str, as_json: bool, now: datetime | None, near: tuple[float, float] | None, allow_private: bool
) -> int:
    """Read one source, whoever's it is, and print what was found. Exit 0 whatever was found."""
    from builder.wiring import probe_url

    click.echo(probe_url(kind, url, as_json=as_json, near=near, allow_private=allow_private, clock=clock(now)))
    return 0


@cityproof.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--allow-private", is_flag=True, help="Also dial private addresses and unusual ports.")
def fetch(url: str, as_json: bool, allow_private: bool) -> int:
    """Show what our web client sees at an address. Exit 0 whatever was found."""
    from builder.wiring import fetch_url

    click.echo(fetch_url(url, as_json=as_json, allow_private=allow_private, clock=clock(None)))
    return 0


@cityproof.command()
@folders
@click.option("--out", type=FOLDER, default=Path("site"), show_default="site/", help="Where the website goes.")
@click.option("--base-url", default="http://127.0.0.1:8000/", show_default=True, help="Its public address.")
@click.option("--now", type=Moment(), help="Judge as of this moment (default: the end of the newest run).")
def build(cities: Path, results: Path, frameworks: Path, out: Path, base_url: str, now: datetime | None) -> int:
    """Judge every city and render the whole website; only what changed is written."""
    from builder.publish.site import build as run

    began = time.monotonic()
    report = run(PROJECT, cities=cities, results=results, frameworks=frameworks, out=out, base_url=base_url, now=now)
    click.echo(
        f"{out}: {report.written} files written, {report.skipped} unchanged, {report.removed} removed, "
        f"{time.monotonic() - began:.1f} s"
    )
    return 0


@cityproof.command()
@folders
@click.option("--out", type=FOLDER, default=Path("site"), show_default="site/", help="Where the website goes.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
def serve(cities: Path, results: Path, frameworks: Path, out: Path, port: int) -> int:
    """Build, show the website on this machine, and rebuild what changes until Ctrl-C."""
    from builder.wiring import serve_site

    serve_site(PROJECT, cities=cities, results=results, frameworks=frameworks, out=out, port=port, say=click.echo)
    return 0


@cityproof.command()
@click.option(
    "--out", type=FOLDER, default=Path("site-demo"), show_default="site-demo/", help="Where the website goes."
)
@click.option("--serve", "then_serve", is_flag=True, help="Show it on this machine afterwards.")
def demo(out: Path, then_serve: bool) -> int:
    """Take an invented city down the whole road with no internet: served, read over real HTTP, judged, rendered."""
    from builder.demo.road import walk
    from builder.wiring import show

    report = walk(PROJECT, out=out)
    click.echo(f"{out}: Exampleton is ready, {report.written} files written, {report.skipped} unchanged.")
    if then_serve:
        show(out, port=8000, say=click.echo)
    else:
        click.echo(f"Open {out / 'cities' / 'xx-exampleton' / 'index.html'}, or run 'cityproof demo --serve'.")
    return 0


for command in (classify, measure, moves, pin, review):
    cityproof.add_command(command)


def main() -> int:
    """Run the command line; every fault becomes one line that says what to do. Returns the exit status."""
    try:
        return int(cityproof(standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message())
        return 0
    except click.ClickException as fault:
        context = getattr(fault, "ctx", None)
        path = context.command_path if context else "cityproof"
        click.echo(f"cityproof: {fault.format_message().rstrip('.')}; see '{path} --help'", err=True)
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was finished is kept; run the same command again to go on.", err=True)
        return 130
    except CityproofError as fault:
        click.echo(f"cityproof: {_line(fault)}", err=True)
        return 2
    except Exception as fault:  # a traceback helps nobody at a prompt; the class and place help whoever mends it
        if isinstance(fault, OSError) and fault.filename is not None:
            click.echo(f"cityproof: {fault.filename}: {fault.strerror}: check the name and its permissions", err=True)
            return 2
        if isinstance(fault, OSError) and fault.errno in _NO_ROOM:
            words = f"cannot write ({fault.strerror}): make room and run the same command again"
            click.echo(f"cityproof: {words}", err=True)
            return 2
        trace = fault.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        click.echo(
            f"cityproof: our own program failed ({type(fault).__name__}: {_line(fault)}){where}; please report it",
            err=True,
        )
        return 70


def _line(fault: object) -> str:
    """A fault's text in one line, however many it has."""
    return " ".join(str(fault).split())


if __name__ == "__main__":
    sys.exit(main())
