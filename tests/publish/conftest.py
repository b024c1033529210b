"""The committed prose and frames, rendered once for all tests of this floor."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.publish.frame import Frame, cut
from builder.publish.prose import render_prose

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of rendered prose pages and frames."""
    return render_prose(ROOT, base_url="https://city.example/x/y/", cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def frames(rendered: Path) -> dict[str, Frame]:
    """All frames by name."""
    return cut(rendered)
