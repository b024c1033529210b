"""Probes are found by their place: no list is edited to add one."""

from __future__ import annotations

import inspect
import pkgutil
from types import SimpleNamespace
from typing import Any

import pytest

import builder.probes as probes
from builder.model.kinds import KINDS


def test_every_probe_is_found_by_its_file_name() -> None:
    """Each file that is not a shared room is a probe of the kind it is named after."""
    found = probes.discover()
    assert {"ckan", "dcat_us", "opendatasoft", "socrata"} <= set(found) <= set(KINDS)
    for kind, probe in found.items():
        assert probe.__name__ == f"builder.probes.{kind}"  # type: ignore[attr-defined]


def test_every_probe_is_documented_and_bounded() -> None:
    """A probe's docstring is its reference page: caption, what it asks, what it measures, reasons and standard."""
    for kind, probe in probes.discover().items():
        page = inspect.getdoc(probe) or ""
        caption = page.partition("\n")[0]
        assert caption.endswith(".") and len(caption) <= 120, f"{kind}: the caption is one short sentence"
        assert len(page) > 800, f"{kind}: the docstring is the reference page; say what is asked, measured and meant"
        assert isinstance(probe.VERSION, int) and probe.VERSION >= 1
        assert 0 < probe.DEADLINE_SECONDS <= 900 and inspect.iscoroutinefunction(probe.read)


@pytest.mark.parametrize(
    ("names", "message"), [(["ckna"], "not a kind"), ([], "no probe was found"), (["_json"], "no probe was found")]
)
def test_a_broken_package_fails_loudly(names: list[str], message: str, monkeypatch: Any) -> None:
    """A misspelt file name or an empty folder stops everything with one line that says so."""
    monkeypatch.setattr(pkgutil, "iter_modules", lambda path: [SimpleNamespace(name=name) for name in names])
    with pytest.raises(ImportError, match=message):
        probes.discover()
