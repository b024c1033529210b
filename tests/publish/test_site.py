"""The whole build of the committed cities: the same bytes every time, only what changed is written, and no network."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.publish.site import build
from builder.publish.tree import BuildReport

PROJECT = Path(__file__).parents[2]
_BUILD = """
import socket, sys
from pathlib import Path
from builder.publish.site import build
def refused(*_, **__): raise OSError("a build asks nobody")
socket.socket.connect = refused
p, out = Path(sys.argv[1]), Path(sys.argv[2])
build(p, cities=p/"cities", results=p/"results", frameworks=p/"frameworks", out=out, base_url="http://127.0.0.1:8000/")
"""


def committed(out: Path, **changes: object) -> BuildReport:
    """Build what is committed, with some arguments changed."""
    given = {"cities": PROJECT / "cities", "results": PROJECT / "results", "frameworks": PROJECT / "frameworks"}
    return build(PROJECT, out=out, base_url="http://127.0.0.1:8000/", **{**given, **changes})  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_is_the_same_bytes_wherever_and_whenever_it_runs(tmp_path: Path) -> None:
    """Neither the time zone, nor the locale, nor the hash seed reaches a page; and no connection is made."""
    committed(tmp_path / "here")
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONPATH": str(PROJECT)}
    subprocess.run([sys.executable, "-c", _BUILD, str(PROJECT), str(tmp_path / "there")], env=elsewhere, check=True)
    here, there = files(tmp_path / "here"), files(tmp_path / "there")
    assert here.keys() == there.keys()
    assert sorted(name for name in here if here[name] != there[name]) == []


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    """What did not change is not written again."""
    first = committed(tmp_path / "site")
    second = committed(tmp_path / "site")
    assert first.written > len(list((PROJECT / "cities").glob("*.yml")))
    assert (second.written, second.skipped, second.removed) == (0, first.written, 0)


def test_without_a_run_a_build_has_no_date(tmp_path: Path) -> None:
    """Nothing invents a day: an empty ledger is one clear line, and a day given by hand is taken."""
    empty = tmp_path / "results"
    with pytest.raises(InputError, match=r"no run is recorded yet: run 'cityproof gather', or give --now"):
        committed(tmp_path / "site", results=empty)
    committed(tmp_path / "site", results=empty, now=datetime(2026, 11, 21, tzinfo=UTC))
    assert "As of 21 November 2026" in (tmp_path / "site" / "cities" / "fr-paris" / "index.html").read_text("utf-8")


def test_a_fault_in_a_file_stops_the_build_before_anything_is_written(tmp_path: Path) -> None:
    """Bad input loses nothing: the site that stood stays as it was."""
    committed(tmp_path / "site")
    before = files(tmp_path / "site")
    broken = tmp_path / "cities"
    broken.mkdir()
    paris = (PROJECT / "cities" / "fr-paris.yml").read_text("utf-8")
    (broken / "fr-paris.yml").write_text(paris.replace("\nsite:", "\nsites:", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"fr-paris\.yml:\d+:1: sites: .*did you mean 'site'"):
        committed(tmp_path / "site", cities=broken)
    assert files(tmp_path / "site") == before


def test_every_city_page_keeps_its_budget(tmp_path: Path) -> None:
    """The largest real page stays readable on a phone's connection: 120 KB, 20 KB compressed."""
    committed(tmp_path)
    pages = [path.read_bytes() for path in (tmp_path / "cities").glob("*/index.html")]
    assert len(pages) == len(list((PROJECT / "cities").glob("*.yml")))
    assert max(map(len, pages)) <= 120_000
    assert max(len(gzip.compress(page, 6)) for page in pages) <= 20_000
