"""Older versions of a framework are kept whole, checked with the rest, and can be judged with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.errors import FilesRefused, InputError
from builder.store.check import check
from builder.store.people import load_frameworks
from builder.store.versions import load_framework_version


@pytest.fixture
def kept(folders: Any) -> Path:
    """A framework of version 0.2 whose version 0.1 is kept."""
    folder = folders.frameworks / "versions"
    folder.mkdir()
    older = folder / "small-0.1.yml"
    older.write_text(folders.framework.read_text())
    folders.spoil('version: "0.1"\nname', 'version: "0.2"\nname', folders.framework)
    change = '  - {version: "0.2", "on": 2026-11-22, what: More., why: Better.}\n'
    folders.spoil("changes:\n", f"changes:\n{change}", folders.framework)
    return older


def test_any_version_can_be_loaded(folders: Any, kept: Path) -> None:
    """The one of today and those before it, by name; only today's is among the frameworks that cities are judged by."""
    for version in ("0.1", "0.2"):
        assert load_framework_version(folders.frameworks, "small", version).version == version
    assert {one.version for one in load_frameworks(folders.frameworks).values()} == {"0.2"}


def test_a_version_that_is_not_kept_is_told_with_those_that_are(folders: Any, kept: Path) -> None:
    """One line: which version is not there, and which are."""
    with pytest.raises(InputError, match=r"no version 0\.3 of the framework 'small': kept are 0\.1, 0\.2"):
        load_framework_version(folders.frameworks, "small", "0.3")
    with pytest.raises(InputError, match="no version of it is kept"):
        load_framework_version(folders.frameworks, "large", "0.1")
    kept.write_text("id: [")
    with pytest.raises(FilesRefused):
        load_framework_version(folders.frameworks, "small", "0.1")


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("small-0.1.yml", "weight: 3", "weight: 9", "at most 3"),
        ("small-0.1.yml", "id: small", "id: large", "rename the file"),
        ("small-0.3.yml", "id: small", "id: small", "rename the file"),
        ("small-0.2.yml", '"0.1"', '"0.2"', "raise its version"),
        ("small-0.0.yml", '"0.1"', '"0.0"', "tells nothing of version 0.0"),
    ],
)
def test_the_check_reads_older_versions_too(
    name: str, old: str, new: str, expected: str, folders: Any, kept: Path
) -> None:
    """A slip in a kept version is told as in any file: wrong name, wrong value, or a version that nobody tells of."""
    assert check([], cities=folders.cities, frameworks=folders.frameworks) == []
    text = kept.read_text().replace(old, new)
    kept.unlink()
    spoilt = kept.with_name(name)
    spoilt.write_text(text)
    for named in ([], [spoilt]):
        faults = check(named, cities=folders.cities, frameworks=folders.frameworks)
        assert faults and all(Path(fault.file).name == name for fault in faults)
        assert any(expected in fault.message for fault in faults), faults


def test_a_framework_without_older_versions_is_complete(folders: Any) -> None:
    """The folder is there only once something has changed."""
    assert check([folders.frameworks], cities=folders.cities, frameworks=folders.frameworks) == []
    assert load_framework_version(folders.frameworks, "small", "0.1").id == "small"
