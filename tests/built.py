"""The public site, built from what is committed into a folder of a test's own."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from builder.publish.site import build

ROOT = Path(__file__).parents[1]


def build_site(folder: Path, base_url: str) -> Path:
    """Build the committed cities, frameworks and results below ``folder``; return the site's folder.

    The checkout's own cache and site are left alone. Where no results are committed nothing was ever read.
    """
    project, site = folder / "project", folder / "site"
    project.mkdir()
    shutil.copy(ROOT / "mkdocs.yml", project)
    shutil.copytree(ROOT / "site_src", project / "site_src")
    build(
        project,
        cities=ROOT / "cities",
        results=ROOT / "results",
        frameworks=ROOT / "frameworks",
        out=site,
        base_url=base_url,
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    return site
