"""The command line: what it offers, and that every fault is one line that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from builder import __version__, cli
from builder.errors import InputError, Offline

ROOT = Path(__file__).parents[1]
COMMANDS = [
    "build", "check", "classify", "demo", "fetch", "gather", "measure", "moves", "pin", "probe", "review", "serve"
]  # fmt: skip

CITY = """id: xx-a
names: {en: A}
languages: [en]
country: FR
location: [48.85, 2.35]
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line with these words: exit status, what it said, what it complained of."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["cityproof", *map(str, words)])
        # Else the help would name whatever module runs these tests.
        monkeypatch.setattr(sys.modules["__main__"], "__package__", None)
        status = cli.main()
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


Run = Callable[..., tuple[int, str, str]]


def raising(fault: BaseException) -> Callable[..., Any]:
    """Something that goes wrong when it is called."""

    def broken(*_: object, **__: object) -> None:
        raise fault

    return broken


def test_help_lists_exactly_what_there_is(run: Run) -> None:
    """Each command with its sentence; what later comes is not promised."""
    status, out, err = run("--help")
    listed = out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "] == COMMANDS
    assert all(len(line.split()) > 3 for line in listed)
    assert (status, err) == (0, "")


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    """Whoever only types the name sees what can be done."""
    status, out, _ = run()
    assert status == 0 and "Commands:" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_explained(run: Run, command: str) -> None:
    """Each command's help says in a sentence what it does, and each option what it is for."""
    status, out, _ = run(command, "--help")
    assert status == 0 and f"Usage: cityproof {command}" in out
    named = cli.cityproof.commands[command]
    assert named.help
    for option in named.params:
        if isinstance(option, click.Option):
            assert option.help, f"{command} --{option.name} is explained nowhere"


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """`--version` names program and version."""
    assert run("--version")[1] == f"cityproof, version {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    """Help answers at once because whatever takes time to load is loaded by the command that needs it."""
    script = (
        "import sys\nfrom builder.cli import main\nsys.argv = ['cityproof', '--help']\nassert main() == 0\n"
        "print('LOADED', sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout.partition("LOADED ")[2].replace("'", '"'))
    heavy = {"pydantic", "httpx", "httpcore", "jinja2", "babel", "rich", "orjson", "yaml", "mkdocs", "asyncio", "PIL"}
    assert "click" in loaded and not heavy & set(loaded), f"loaded by --help: {sorted(heavy & set(loaded))}"


def test_it_is_also_a_module() -> None:
    """`python -m builder` is the same program and tells its faults the same way."""
    done = subprocess.run(
        [sys.executable, "-m", "builder", "nonsense"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "cityproof: No such command 'nonsense'; see 'python -m builder --help'\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nonsense",), "No such command 'nonsense'; see 'cityproof --help'"),
        (("build", "--nonsense"), "No such option '--nonsense'"),
        (("probe", "gtfs"), "Missing argument 'URL'; see 'cityproof probe --help'"),
        (("build", "--now", "yesterday"), "'yesterday' is not an ISO date or time; write 2026-11-21 or"),
        (("build", "--now", "2026-02-30"), "'2026-02-30' is not an ISO date or time"),
        (("build", "--now", "0001-01-01T00:00:00+14:00"), "is not an ISO date or time"),
        (("probe", "gtfs", "https://a.example", "--near", "Paris"), "'Paris' is not a place; write latitude,longitude"),
        (("probe", "gtfs", "https://a.example", "--near", "91,0"), "'91,0' is not a place"),
        (("probe", "gtfs", "https://a.example", "--near", "nan,nan"), "'nan,nan' is not a place"),
        (("probe", "gtfs", "https://a.example", "--near", "1,2,3"), "'1,2,3' is not a place"),
        (("gather", "--shard", "5/4"), "'5/4' is not a part of a whole; write 1/4 for the first of four"),
        (("gather", "--shard", "0/4"), "'0/4' is not a part of a whole"),
        (("gather", "--shard", "²/3"), "'²/3' is not a part of a whole"),
        (("serve", "--port", "70000"), "70000 is not in the range 0<=x<=65535"),
        (("check", "--format", "xml"), "'xml' is not one of 'text', 'json'"),
    ],
)
def test_a_wrong_word_is_one_line(run: Run, words: tuple[str, ...], complaint: str) -> None:
    """What is wrong, and where the help is: one line, nothing else, nothing done."""
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and err.startswith("cityproof: ") and complaint in err and "see 'cityproof" in err


def test_a_missing_folder_is_one_line(run: Run, tmp_path: Path) -> None:
    """A folder that is not there is named, and no site is begun."""
    status, out, err = run("build", "--cities", tmp_path / "nowhere", "--out", tmp_path / "site", "--now", "2026-11-21")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and "nowhere:1:1: file: there is no such folder: check the name" in err
    assert not (tmp_path / "site").exists()


def test_an_unknown_city_is_one_line(run: Run, tmp_path: Path) -> None:
    """A misspelt city gets a guess, before anything is asked of anybody."""
    (tmp_path / "cities").mkdir()
    (tmp_path / "cities/fr-paris.yml").write_text(CITY.replace("xx-a", "fr-paris"))
    folders = ("--cities", tmp_path / "cities", "--results", tmp_path / "results")
    status, out, err = run("gather", "fr-pariss", *folders)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and "fr-pariss: no such city" in err and "did you mean fr-paris?" in err
    assert not (tmp_path / "results").exists()


def test_an_unknown_kind_is_one_line(run: Run) -> None:
    """A misspelt kind gets a guess."""
    status, out, err = run("probe", "gtsf", "https://feeds.example.org/gtfs.zip")
    assert (status, out) == (2, "")
    assert err == "cityproof: gtsf: no such kind; did you mean gtfs?\n"


@pytest.mark.parametrize("words", [("--out", "a.txt"), ("--cities", "a.txt")])
def test_a_file_in_place_of_a_folder_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]
) -> None:
    """Where a folder is meant, a file is refused by its name."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    status, _, err = run("build", *words)
    assert status == 2 and "Directory 'a.txt' is a file" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (InputError("a.yml:3:1: id: wrong"), 2, "cityproof: a.yml:3:1: id: wrong\n"),
        (InputError("first\n  second\n"), 2, "cityproof: first second\n"),
        (Offline("this machine has no network"), 2, "cityproof: this machine has no network\n"),
        (PermissionError(13, "Permission denied", "/srv/site"), 2,
         "cityproof: /srv/site: Permission denied: check the name and its permissions\n"),
        (OSError(28, "No space left on device"), 2,
         "cityproof: cannot write (No space left on device): make room and run the same command again\n"),
        (KeyboardInterrupt(), 130,
         "Stopped. What was finished is kept; run the same command again to go on.\n"),
    ],
)  # fmt: skip
def test_every_expected_fault_is_its_own_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, fault: BaseException, status: int, said: str
) -> None:
    """Faults of people, of the network and of the disk say what, where and what to do; a stop says what is kept."""
    monkeypatch.setattr("builder.store.check.check", raising(fault))
    told, out, err = run("check")
    assert (told, out, err.lstrip("\n")) == (status, "", said)


def test_a_fault_of_ours_says_where_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Class, words and place help whoever mends it, in one line and with a status of its own."""
    monkeypatch.setattr("builder.store.check.check", raising(ZeroDivisionError("a\nb")))
    status, out, err = run("check")
    assert (status, out) == (70, "")
    assert err.startswith("cityproof: our own program failed (ZeroDivisionError: a b) at test_cli.py:")
    assert err.endswith("; please report it\n") and err.count("\n") == 1


def test_check_of_sound_files_says_so(run: Run, tmp_path: Path) -> None:
    """Exit 0 and a word to people; an empty list to programs."""
    path = tmp_path / "fr-a.yml"
    path.write_text(CITY.replace("xx-a", "fr-a"))
    assert run("check", path) == (0, "All files are fine.\n", "")
    assert run("check", path, "--format", "json") == (0, "[]\n", "")


def test_check_tells_every_fault_at_once(run: Run, tmp_path: Path) -> None:
    """Exit 1; one line a fault with its place for people, the count on the side, the same as JSON for programs."""
    path = tmp_path / "fr-a.yml"
    path.write_text(CITY.replace("xx-a", "fr-b").replace("country: FR", "contry: FR"))
    status, out, err = run("check", path)
    lines = out.splitlines()
    assert status == 1 and len(lines) >= 2 and all(":" in line for line in lines)
    assert err == f"{len(lines)} errors.\n"
    status, out, err = run("check", path, "--format", "json")
    faults = json.loads(out)
    assert (status, err) == (1, "")
    assert all(set(fault) == {"file", "line", "column", "field", "message"} for fault in faults)
    assert [f"{one['file']}:{one['line']}:{one['column']}: {one['field']}: {one['message']}" for one in faults] == lines
    assert any("country" in fault["message"] for fault in faults), "a misspelt field gets a guess"


def test_check_of_a_name_that_leads_nowhere_is_a_fault(run: Run, tmp_path: Path) -> None:
    """Silence would look like approval."""
    status, out, err = run("check", tmp_path / "nowhere.yml")
    assert status == 1 and "there is no such file or folder" in out and err == "1 error.\n"


def test_now_is_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    """A given moment stops the clock; without a zone it is UTC, with one it is turned into UTC."""
    moment = cli.Moment()
    plain = moment.convert("2026-11-21", None, None)
    assert plain == datetime(2026, 11, 21, tzinfo=UTC)
    assert moment.convert("2026-11-21T10:30:00+01:00", None, None) == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert moment.convert("2026-11-21T09:30:00Z", None, None).tzinfo is UTC
    assert cli.clock(plain)() is plain
    live = cli.clock(None)()
    assert live.microsecond == 0 and live.utcoffset() == timedelta(0)


def test_a_part_and_a_place_are_read_as_written() -> None:
    """`2/4` is the second of four, and a place is latitude first."""
    assert cli.Shard().convert("2/4", None, None) == (2, 4)
    assert cli.Place().convert("-33.87, 151.21", None, None) == (-33.87, 151.21)
