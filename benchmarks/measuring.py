"""What a program costs: wall, CPU and peak memory of a whole process, from the system's own account of it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the wall and on the processors (children too), and the largest process's memory in MiB."""

    wall: float
    cpu: float
    peak: float
    said: str = ""


def cost(command: Sequence[str | Path], *, quiet: bool = False) -> Cost:
    """Run one program to its end; raises ``CalledProcessError`` when it fails. What it printed is ``said``.

    ``quiet`` drops what it complains about, such as a progress display.
    """
    began = time.perf_counter()
    child = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None, text=True
    )
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, [str(part) for part in command])
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def least(runs: Sequence[Cost]) -> Cost:
    """The least of each figure: on a shared machine the smallest is the nearest to what the program itself costs."""
    return Cost(
        min(one.wall for one in runs), min(one.cpu for one in runs), min(one.peak for one in runs), runs[-1].said
    )


def row(name: str, one: Cost, beside: Cost | None = None) -> str:
    """One line of a table, with the ratio of the walls and the processor times to those of the peer."""
    text = f"{name:<34} {one.wall:8.2f} s wall {one.cpu:8.2f} s CPU {one.peak:7.0f} MiB"
    return text + (f"   {one.wall / beside.wall:5.2f}x wall {one.cpu / beside.cpu:5.2f}x CPU" if beside else "")
