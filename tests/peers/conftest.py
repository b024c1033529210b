"""Real servers of other people, run on this machine and read by our probes: only for `make test-peers`.

Each Python peer lives in a virtual environment of its own under `.cache/peers`, made when it is first wanted; system
packages are used where they are installed. A peer that cannot be had is skipped with one line that says why.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".cache" / "peers"
NOW = "2026-11-21T12:00:00Z"
# Without this these files are not even looked at: the tests of a pull request install nobody else's server.
collect_ignore_glob = [] if os.environ.get("CITYPROOF_PEERS") == "1" else ["test_*.py"]

# As tried; newer ones are taken by editing the number here.
PACKAGES = {
    "pygeoapi": ("pygeoapi==0.21.0",),
    "datasette": ("datasette==0.65.5", "datasette-atom==0.9", "datasette-ics==0.5.2"),
    "sensorthings": ("django-ogc-sensorthings==1.2.0",),
}
_STARTS_IN_SECONDS = 60


@pytest.fixture(scope="session")
def environment() -> Callable[[str], Path]:
    """The `bin` folder of a peer's own virtual environment, made on first use; a skip where it cannot be made."""

    def make(name: str) -> Path:
        folder = PEERS / name
        done = folder / "installed.txt"
        # Its scripts name the folder they were made in, so an environment does not survive a checkout that moves.
        wanted = "\n".join((str(folder), *PACKAGES[name]))
        if not done.exists() or done.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            PEERS.mkdir(parents=True, exist_ok=True)
            pip = [f"{folder}/bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
            for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, *PACKAGES[name]]):
                ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
                if ran.returncode:
                    said = (ran.stderr.strip() or ran.stdout.strip() or "no words").splitlines()[-1]
                    pytest.skip(f"the peer {name}, because it could not be installed: {said[:160]}")
            done.write_text(wanted, encoding="utf-8")
        return folder / "bin"

    return make


@pytest.fixture
def port() -> int:
    """A free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


Serving = Callable[..., Any]


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    """`with serving(command, port): ...` runs a server until the end of the block, and nothing of it outlives that."""

    @contextmanager
    def run(command: list[str | Path], port: int, **environment: str) -> Iterator[None]:
        log = tmp_path / "server.log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                [str(part) for part in command], cwd=tmp_path, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                env=os.environ | environment, start_new_session=True,
            )  # fmt: skip
        try:
            _wait(server, port, log)
            yield
        finally:
            # Its own session, so whatever it started itself ends with it.
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()

    return run


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(_STARTS_IN_SECONDS * 10):
        if server.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


Probed = dict[str, Any]


@pytest.fixture
def probe() -> Callable[[str, str], Probed]:
    """What `cityproof probe KIND URL --json` says, its measurements by name as plain values."""

    def run(kind: str, url: str) -> Probed:
        if not (ROOT / "builder" / "probes" / f"{kind}.py").exists():
            pytest.skip(f"the kind {kind}, because it has no probe yet")
        command = [sys.executable, "-m", "builder", "probe", kind, url, "--json", "--allow-private", "--now", NOW]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert ran.returncode == 0, ran.stderr
        seen: Probed = json.loads(ran.stdout)
        seen["values"] = {name: measured["value"] for name, measured in seen["measurements"].items()}
        return seen

    return run
