"""What every test may use: Chromium, the recorded answers where they are, and one line for each cause of a skip."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import NoReturn

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")  # the same names as .ci/run
REQUIRE = "CITYPROOF_REQUIRE_BROWSER"
NO_BROWSER = "the browser tests, because there is no Chromium on this machine"
NO_SHARED = "needs the recorded answers in ../shared, which are not part of this repository"


def find_chromium() -> str | None:
    """The path of the first browser found on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _without_browser() -> NoReturn:
    """Skip, or fail where a browser was promised: a skipped test there would look like a passed one."""
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{REQUIRE}=1, but none of {', '.join(BROWSERS)} is on the path: install chromium", pytrace=False)
    pytest.skip(NO_BROWSER)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `browser` run only where Chromium is, before any of their fixtures is made."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        _without_browser()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: the browser's driver keeps an event loop running, and no other can start under it."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium: `playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])`."""
    path = find_chromium()
    if path is None:
        _without_browser()
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared/` beside the checkout (recorded answers, registries), or a skip where it is absent."""
    path = Path(__file__).parents[1].parent / "shared"
    if not path.is_dir():
        pytest.skip(NO_SHARED)
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each why tests were skipped."""
    causes = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    for cause, count in sorted(causes.items()):
        terminalreporter.write_line(f"skipped {count}: {cause}")
