"""The published folder: only changed files are written, only our own are removed, nothing lies outside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.errors import CityproofError, InputError
from builder.publish.tree import MARK, BuildReport, Tree


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the site goes."""
    return tmp_path / "site"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where the builder remembers."""
    return tmp_path / "cache"


def build(out: Path, cache: Path, files: dict[str, str]) -> BuildReport:
    """One whole build."""
    tree = Tree(out, cache)
    for path, text in files.items():
        tree.write(path, text.encode())
    return tree.finish()


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder but the mark."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARK
    }


PAGES = {"index.html": "home", "cities/xx-a/index.html": "a", "cities/xx-b/index.html": "b"}


def test_a_second_build_writes_nothing(out: Path, cache: Path) -> None:
    """Unchanged pages keep their file and its time, so that uploads and caches stay small."""
    assert build(out, cache, PAGES) == BuildReport(written=4, skipped=0, removed=0)
    os.utime(out / "index.html", (1, 1))
    assert build(out, cache, PAGES) == BuildReport(written=0, skipped=4, removed=0)
    assert (out / "index.html").stat().st_mtime == 1


def test_only_the_changed_page_is_written(out: Path, cache: Path) -> None:
    """A page of the same length but other words is found changed."""
    build(out, cache, PAGES)
    assert build(out, cache, PAGES | {"index.html": "HOME"}) == BuildReport(written=1, skipped=3, removed=0)
    assert files(out) == PAGES | {"index.html": "HOME"}


def test_pages_of_a_former_build_go_with_their_folders(out: Path, cache: Path) -> None:
    """A city that left leaves no page and no empty folder; what a person put there stays."""
    build(out, cache, PAGES)
    (out / "CNAME").write_text("city.example")
    (out / "cities/xx-b/photo.txt").write_text("mine")
    report = build(out, cache, {"index.html": "home"})
    assert report == BuildReport(written=0, skipped=2, removed=2)
    assert files(out) == {"index.html": "home", "CNAME": "city.example", "cities/xx-b/photo.txt": "mine"}
    assert not (out / "cities/xx-a").exists()


@pytest.mark.parametrize("former", [False, True])
def test_a_foreign_folder_is_refused(out: Path, cache: Path, former: bool) -> None:
    """A folder that holds something without our mark is never touched, even where a build of ours once was."""
    if former:
        build(out, cache, PAGES)
        for name in (MARK, *PAGES):
            (out / name).unlink()
    out.mkdir(exist_ok=True)
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="not made by 'cityproof build'; name an empty folder with --out"):
        Tree(out, cache)
    assert files(out) == {"thesis.txt": "years of work"}


def test_an_empty_folder_is_welcome(out: Path, cache: Path) -> None:
    """A folder that was made beforehand is fine as long as nothing is in it."""
    out.mkdir()
    build(out, cache, PAGES)
    assert files(out) == PAGES


def test_a_build_killed_half_way_leaves_no_orphan(out: Path, cache: Path) -> None:
    """What a killed build had written is found, and removed when the next one does not make it."""
    build(out, cache, PAGES)
    killed = Tree(out, cache)
    killed.write("cities/xx-new/index.html", b"never finished")
    (out / "cities/xx-new/.other.html.half").write_text("hal")
    (out / "cities/xx-new/.index.html.half").write_text("hal")
    report = build(out, cache, PAGES)
    assert report.removed == 1
    assert files(out) == PAGES | {"cities/xx-new/.other.html.half": "hal"}, "whose file that is, nobody knows"


def test_a_first_build_killed_half_way_can_be_run_again(out: Path, cache: Path) -> None:
    """The mark is written before the first page, so the folder is known as ours."""
    Tree(out, cache).write("cities/xx-old/index.html", b"old")
    build(out, cache, PAGES)
    assert files(out) == PAGES


def test_without_its_memory_a_build_removes_nothing(out: Path, cache: Path) -> None:
    """When the list is lost or damaged nothing is removed, because nobody can say whose it is."""
    build(out, cache, PAGES)
    (listed,) = (cache / "built").iterdir()
    listed.write_bytes(b"\xff\xfe\x00")
    build(out, cache, {"index.html": "home"})
    assert files(out) == PAGES


def test_a_list_cannot_lead_out_of_the_folder(out: Path, cache: Path, tmp_path: Path) -> None:
    """A list that somebody changed removes nothing outside the published folder."""
    (tmp_path / "thesis.txt").write_text("years of work")
    build(out, cache, PAGES)
    (listed,) = (cache / "built").iterdir()
    listed.write_text(f"../thesis.txt\n{tmp_path}/thesis.txt\n.\n\n" + listed.read_text())
    assert build(out, cache, PAGES).removed == 0
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize("path", ["../index.html", "cities/../../x", "/etc/passwd", "", ".", "cities/.."])
def test_no_page_lies_outside(out: Path, cache: Path, path: str) -> None:
    """A path that leads out of the site, or to the site itself, is refused before anything is written."""
    tree = Tree(out, cache)
    with pytest.raises(CityproofError, match="outside the site"):
        tree.write(path, b"x")
    assert not files(out)


@pytest.mark.parametrize("again", ["a/index.html", "a//index.html", "./a/index.html"])
def test_no_page_is_written_twice(out: Path, cache: Path, again: str) -> None:
    """Two pages at one address would hide each other: that is a mistake, however it is spelt."""
    tree = Tree(out, cache)
    tree.write("a/index.html", b"x")
    with pytest.raises(CityproofError, match="written twice"):
        tree.write(again, b"y")


def test_two_folders_do_not_share_a_memory(tmp_path: Path, cache: Path) -> None:
    """Building into another folder removes nothing from the first."""
    build(tmp_path / "one", cache, PAGES)
    build(tmp_path / "two", cache, {"index.html": "home"})
    assert files(tmp_path / "one") == PAGES
    assert build(tmp_path / "one", cache, PAGES).removed == 0
