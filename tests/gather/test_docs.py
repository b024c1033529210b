"""The examples in the docstrings of this floor are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOMS = sorted(path.stem for path in (Path(__file__).parents[2] / "builder" / "gather").glob("[!_]*.py"))
assert ROOMS, "the floor has no rooms: was the folder moved?"


@pytest.mark.parametrize("room", ROOMS)
def test_examples(room: str) -> None:
    """What a docstring shows is what happens."""
    assert doctest.testmod(importlib.import_module(f"builder.gather.{room}")).failed == 0
