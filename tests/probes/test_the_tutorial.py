"""The tutorial "Add a kind of source": its probe and its test are taken out of the page and run as a stranger would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "site_src" / "pages" / "contribute" / "kind.md"

# What putting two files and one line into a checkout does, without touching ours.
AS_IN_A_CHECKOUT = """
import builder.probes
from builder.model import kinds
from builder.model.kinds import _CATALOGUE, Kind
from tests.probes.conftest import fake_web

builder.probes.__path__.append({folder!r})
added = [{line}][0]
kinds.KINDS.setdefault(added.id, added)
"""
FOUND_BY_ITS_PLACE = """
from builder.model.kinds import KINDS
from builder.probes import discover
from builder.publish.pages.probes import HEADINGS, reference


def test_it_is_found():
    probe = discover()["json_feed"]
    caption, body = reference(probe)
    assert caption and [line[3:] for line in body.splitlines() if line.startswith("## ")] == list(HEADINGS)
    assert "json_feed" in KINDS
"""


def test_the_example_of_the_page_works(tmp_path: Path) -> None:
    """A stranger who copies the page's file, test and line gets a probe that is found and passes its test."""
    probe, test, line = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    probes, tests = tmp_path / "probes", tmp_path / "tests"
    probes.mkdir()
    tests.mkdir()
    (probes / "json_feed.py").write_text(probe, "utf-8")
    (tests / "test_json_feed.py").write_text(test, "utf-8")
    (tests / "test_place.py").write_text(FOUND_BY_ITS_PLACE, "utf-8")
    (tests / "conftest.py").write_text(AS_IN_A_CHECKOUT.format(folder=str(probes), line=line.strip()), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tests), str(tests)],
        cwd=tests,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the example in {PAGE.relative_to(ROOT)} does not work any more:\n{done.stdout}"
    assert "6 passed" in done.stdout
