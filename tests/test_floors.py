"""The house rules: imports go down, one door to the network, no clock below the command line, short rooms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILDER = ROOT / "builder"
TESTS = ROOT / "tests"
LONGEST = 400

# What each floor may import besides itself; siblings are strangers. The rooms beside the floors (cli, commands, wiring,
# serve, demo) wire them.
GROUND = frozenset({"errors", "model"})
BELOW = {
    "errors": frozenset[str](),
    "model": frozenset({"errors"}),
    "probes": GROUND,
    "judge": GROUND,
    "store": GROUND,
    "gather": GROUND | {"probes", "judge", "store"},
    "publish": GROUND | {"probes", "judge", "store"},
}
FLOORS = sorted(set(BELOW) - {"errors"})
# Given the same files and the same --now, these must give the same bytes.
PURE = ("model", "probes", "judge", "store", "publish")

DOOR = BUILDER / "gather" / "transport.py"
NETWORK = (
    "httpx", "httpcore", "socket", "socketserver", "urllib.request", "http.client", "http.server", "ftplib", "smtplib",
    "imaplib", "poplib", "telnetlib", "xmlrpc", "urllib3", "requests", "aiohttp", "websockets",
)  # fmt: skip
# Listening on this machine is what the rooms beside the floors that show the site are for.
LISTENING = ("http.server", "socketserver")
LISTENERS = ("serve", "demo")
DIALLING = {"open_connection", "open_unix_connection", "create_connection", "connect_tcp", "getaddrinfo"}

CLOCKS = {"now", "utcnow", "today"}
TIMERS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"}
CHANCE = ("random", "secrets", "uuid")

# Data may be as long as the world is; everything that a person reads as text may not.
READ_BY_PEOPLE = {".py", ".html", ".j2", ".css", ".js", ".md", ".yml", ".toml", ".sh", ".xml", ".svg"}


@dataclass(frozen=True)
class Import:
    """One import: the module named, its line, and whether only the type checker follows it."""

    module: str
    line: int
    types_only: bool


def _files(*folders: Path) -> list[Path]:
    found = sorted(path for folder in folders for path in folder.rglob("*.py") if "__pycache__" not in path.parts)
    assert found, f"found no Python files in {', '.join(map(str, folders))}: a rule that sees nothing proves nothing"
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _floor(path: Path) -> str:
    """The floor a file is on, or the name of the room beside the floors."""
    return path.relative_to(BUILDER).parts[0].removesuffix(".py")


@cache
def _imports(path: Path) -> tuple[Import, ...]:
    return tuple(_walk(path, _tree(path), False))


def _walk(path: Path, node: ast.AST, types_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        for_types = types_only or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, for_types) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            package = list(path.relative_to(ROOT).parent.parts)
            base = ".".join(package[: len(package) - child.level + 1]) if child.level else ""
            module = ".".join(part for part in (base, child.module) if part)
            yield from (Import(f"{module}.{alias.name}", child.lineno, for_types) for alias in child.names)
        yield from _walk(path, child, for_types)


def _is(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def _inside(one: Import) -> str | None:
    """The floor or room of ours that an import leads to, or None when it leads outside (or to the version)."""
    parts = one.module.split(".")
    if parts[0] != "builder" or len(parts) < 2:
        return None
    there = BUILDER / parts[1]
    return parts[1] if there.is_dir() or there.with_suffix(".py").is_file() else None


def _importing(path: Path, names: tuple[str, ...]) -> list[str]:
    return [f"{_name(path)}:{one.line} imports {one.module}" for one in _imports(path) if _is(one.module, names)]


def _report(broken: list[str], why: str, cure: str) -> None:
    listed = "\n  ".join(broken)
    assert not broken, f"\n  {listed}\n{why} {cure}"


def test_every_floor_has_rooms() -> None:
    """A floor that is missing or empty would make every other rule here hold for nothing."""
    empty = [floor for floor in FLOORS if not set((BUILDER / floor).glob("*.py")) - {BUILDER / floor / "__init__.py"}]
    _report([f"builder/{floor}/ holds no module" for floor in empty], "The rules would prove nothing.", "Restore it.")


def test_no_floor_is_unknown() -> None:
    """A new folder in builder/ is either one of the floors or a room that wires, and somebody has decided which."""
    known = {*BELOW, "cli", "commands", "wiring", "wiring_moves", "wiring_pin", "wiring_topics", "__main__", "__init__"}
    known |= set(LISTENERS)
    strange = sorted({_floor(path) for path in _files(BUILDER)} - known)
    _report(
        [f"builder/{name} is on no floor" for name in strange],
        "A stranger should see the pipeline from a listing of builder/.",
        "Put it on a floor, or name it in tests/test_floors.py with what it may import.",
    )


def test_imports_go_down_only() -> None:
    """Each floor imports itself and what lies below it; siblings are strangers, and nobody imports the command line."""
    broken = []
    for path in _files(BUILDER):
        floor = _floor(path)
        for one in _imports(path):
            there = _inside(one)
            if there is None or there == floor:
                continue
            # The tree of errors names two nouns, for the type checker alone.
            if floor == "errors" and one.types_only and there == "model":
                continue
            allowed = BELOW.get(floor)
            if (allowed is not None and there not in allowed) or (there == "cli" and floor != "__main__"):
                broken.append(f"{_name(path)}:{one.line} ({floor}) imports {one.module} ({there})")
    _report(
        broken,
        "Floors that know each other cannot be changed, tested or understood alone.",
        "Move what both need down to builder/model, or hand it over as an argument from builder/cli.py.",
    )


def test_one_door_to_the_network() -> None:
    """Only the transport can reach the network, so its guards cannot be walked around."""
    broken = []
    for path in _files(BUILDER):
        if path == DOOR:
            continue
        for one in _imports(path):
            listening = _is(one.module, LISTENING) and _floor(path) in LISTENERS
            if _is(one.module, NETWORK) and not listening:
                broken.append(f"{_name(path)}:{one.line} imports {one.module}")
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in DIALLING:
                broken.append(f"{_name(path)}:{node.lineno} uses .{node.attr}")
    _report(
        broken,
        "Addresses are checked, time is bounded and hosts are spared in one place; a second door has no guard.",
        f"Ask through the Web protocol (builder/model/web.py), or do it in {_name(DOOR)}.",
    )
    assert any(_is(one.module, NETWORK) for one in _imports(DOOR)), f"{_name(DOOR)} reaches no network: is it the door?"


def test_time_is_an_argument() -> None:
    """Below the command line nothing that decides or renders asks what time it is."""
    broken = []
    for path in _files(*(BUILDER / floor for floor in PURE)):
        broken += [f"{_name(path)}:{line} asks {what}" for line, what in _clocks(_tree(path))]
        broken += _importing(path, ("time",))
    _report(
        broken,
        "The same facts must give the same verdicts and the same bytes, today and when somebody checks us next year.",
        "Take the instant as an argument: the command line has --now.",
    )


def _clocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = ast.unparse(node.value).rpartition(".")[2]
            if (node.attr in CLOCKS and of in ("datetime", "date")) or (node.attr in TIMERS and of == "time"):
                yield node.lineno, f"{of}.{node.attr}"


def test_no_chance_and_no_environment() -> None:
    """Nothing that decides or renders throws dice or reads variables of the machine it happens to run on."""
    broken = []
    for path in _files(*(BUILDER / floor for floor in PURE)):
        broken += _importing(path, CHANCE)
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                broken.append(f"{_name(path)}:{node.lineno} uses os.{node.attr}")
    _report(
        broken,
        "Two builds of the same input must be the same to the byte.",
        "Take what varies as an argument, and let builder/cli.py read it.",
    )


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    """A room that can be read in one sitting can be mended by a stranger."""
    files = [path for folder in (BUILDER, TESTS) for path in folder.rglob("*") if path.suffix in READ_BY_PEOPLE]
    assert files, "found no files to measure: is this the project's folder?"
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in files if "__pycache__" not in path.parts}
    _report(
        [f"{_name(path)} has {length} lines" for path, length in sorted(lengths.items()) if length > LONGEST],
        f"Nobody reads over {LONGEST} lines to find one rule.",
        "Split it along its seams, one subject a room.",
    )


def test_every_module_has_its_caption() -> None:
    """The first line of each module says in one sentence what is in it: the reference pages are made from it."""
    broken = []
    for path in _files(BUILDER, TESTS):
        caption = (ast.get_docstring(_tree(path)) or "").partition("\n")[0]
        if not re.fullmatch(r"\S.*[.?!]", caption) or re.search(r"[a-z)][.?!] [A-Z]", caption):
            broken.append(f"{_name(path)}: {caption or 'has no docstring'}")
    _report(
        broken,
        "A stranger reads the captions before any code.",
        "Open the module with a docstring whose first line is one whole sentence.",
    )


def test_every_test_says_what_it_shows() -> None:
    """Each test has a sentence of its own: a failure then names the promise that was broken."""
    broken = []
    for path in _files(TESTS):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                said = ast.get_docstring(node) or ""
                if not said.rstrip().endswith((".", "?", "!")):
                    broken.append(f"{_name(path)}:{node.lineno} {node.name}")
    _report(broken, "A test without a promise cannot be trusted or removed.", "Say in one sentence what it shows.")


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("import a.b", "a.b"),
        ("from a.b import c", "a.b.c"),
        ("from . import c", "builder.judge.c"),
        ("from ..store import c", "builder.store.c"),
        ("def f():\n    import a.b", "a.b"),
        ("try:\n    from a import b\nexcept ImportError:\n    pass", "a.b"),
    ],
)
def test_no_import_hides_from_these_rules(code: str, module: str) -> None:
    """Imports inside functions, guarded ones and relative ones are all seen."""
    path = BUILDER / "judge" / "imagined.py"
    assert [one.module for one in _walk(path, ast.parse(code), False)] == [module]


@pytest.mark.parametrize("code", ["datetime.now(UTC)", "dt.date.today()", "f(datetime.utcnow)", "time.monotonic()"])
def test_no_clock_hides_from_these_rules(code: str) -> None:
    """Every way of asking the time is seen, and an instant that was handed over is not mistaken for one."""
    assert list(_clocks(ast.parse(code)))
    assert not list(_clocks(ast.parse("target.now - self.today + when.time()")))
