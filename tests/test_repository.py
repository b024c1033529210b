"""What a newcomer relies on: lock files that match, a reason for every package, an example that can be copied."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from builder.store.check import check

ROOT = Path(__file__).parents[1]
DECISION = ROOT / "site_src/pages/decisions/0003-dependencies.md"
LOCKS = (ROOT / "requirements/run.txt", ROOT / "requirements/test.txt")


def _names(requirements: list[str]) -> set[str]:
    """Package names of requirements such as ``httpx>=0.28.1,<0.29``, in the spelling that lock files use."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line)[0]).lower() for line in requirements}


def _asked() -> tuple[set[str], set[str]]:
    """Names that pyproject.toml asks for: to run, and to run or test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    run = set().union(_names(project["dependencies"]), *(_names(extras[name]) for name in extras if name != "test"))
    return run, run | _names(extras["test"])


def _locked(path: Path) -> set[tuple[str, str]]:
    """Name and version of every entry; a package may have one version for older and one for newer Pythons."""
    return set(re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(), re.MULTILINE))


def test_lock_files_hold_every_package_asked_for() -> None:
    """A package in pyproject.toml that no lock file holds would be missing on a fresh machine."""
    for wanted, path in zip(_asked(), LOCKS, strict=True):
        lost = sorted(wanted - {name for name, _ in _locked(path)})
        assert not lost, f"{path.name} lacks {', '.join(lost)}, so a fresh machine would too: run 'make lock'"


def test_lock_files_agree() -> None:
    """The tests run on exactly the versions that build the website."""
    run, test = map(_locked, LOCKS)
    other = sorted(name for name, _ in run - test)
    assert not other, f"tested with other versions than built: {', '.join(other)}; run 'make lock'"


def test_lock_files_pin_every_package_by_hash_and_name_no_host() -> None:
    """Each entry has a hash, and where packages come from is the reader's own setting."""
    for path in LOCKS:
        text = path.read_text()
        entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(entries) == len(_locked(path)), f"{path.name}: a line is not 'name==version'; run 'make lock'"
        bare = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
        assert not bare, f"{path.name}: no hash for {', '.join(bare)}; run 'make lock'"
        assert "://" not in text, f"{path.name} names a host; run 'make lock', which leaves hosts out"


def test_every_package_has_its_reason() -> None:
    """A package that we run on has its line in decision 3, and no line outlives its package."""
    reasons = set(re.findall(r"^\| ([a-z][a-z0-9-]*) \|", DECISION.read_text(), re.MULTILINE))
    run, _ = _asked()
    assert reasons == run, (
        f"without a reason: {sorted(run - reasons)}; a reason without its package: {sorted(reasons - run)}; "
        f"what we run on is somebody else's code that we answer for: edit {DECISION.relative_to(ROOT)}"
    )


def test_the_example_that_newcomers_copy_is_right(tmp_path: Path) -> None:
    """The city file printed in CONTRIBUTING.md passes the check as it stands."""
    example = re.search(r"```yaml\n(id: (\S+)\n.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    assert example, "CONTRIBUTING.md shows no city file any more, and a newcomer needs one to copy"
    path = tmp_path / f"{example[2]}.yml"
    path.write_text(example[1])
    assert check([path], cities=tmp_path, frameworks=ROOT / "frameworks") == []
