"""Prose is rendered by a command, the same on every machine, and only when something changed."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.publish import prose


class Anything(defaultdict[str, str]):
    """Stands for every city and question there could be."""

    def __contains__(self, name: object) -> bool:
        return True


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A project of the theme's overrides and one page of its own."""
    shutil.copy(root / "mkdocs.yml", tmp_path)
    shutil.copytree(root / "site_src" / "overrides", tmp_path / "site_src" / "overrides")
    shutil.copytree(root / "site_src" / "assets", tmp_path / "site_src" / "assets")
    page = tmp_path / "site_src" / "pages" / "index.md"
    page.parent.mkdir()
    page.write_text("# Bread & butter\n\n[words](words.md)\n\n| a |\n|---|\n| b |\n")
    (page.parent / "words.md").write_text("# Words\n")
    return tmp_path


def render(project: Path, base_url: str = "http://127.0.0.1:8000/") -> Path:
    """Render into the project's own cache."""
    return prose.render_prose(project, base_url=base_url, cache=project / "cache")


def test_two_renders_are_the_same_bytes(rendered: Path, root: Path, tmp_path: Path) -> None:
    """Rendered again elsewhere, every published file of the committed prose is byte for byte the same."""
    again = prose.render_prose(root, base_url="https://city.example/x/y/", cache=tmp_path)
    known = Anything(lambda: "cities/")
    assert prose.prose_pages(again, known) == prose.prose_pages(rendered, known)


def test_nothing_is_done_when_nothing_changed(project: Path) -> None:
    """A second call leaves the rendered files alone; a changed page, address or asset renders them again."""
    page = render(project) / "index.html"
    page.write_text("mine")
    assert render(project) and page.read_text() == "mine"
    assert render(project, "https://city.example/") and page.read_text() != "mine"
    page.write_text("mine")
    (project / "site_src" / "assets" / "site.css").write_text("body{}")
    assert render(project, "https://city.example/") and page.read_text() != "mine"


def test_a_dead_link_in_prose_is_one_clear_line(project: Path) -> None:
    """What the renderer complains of first is what the writer hears, in one line without a trace."""
    (project / "site_src" / "pages" / "words.md").write_text("# Words\n\n[lost](nowhere.md)\n")
    with pytest.raises(InputError, match=r"site_src could not be rendered: .*words\.md.*nowhere\.md") as caught:
        render(project)
    assert "\n" not in str(caught.value)


def test_a_failed_render_is_not_kept(project: Path) -> None:
    """After a failure the next call renders again instead of showing the half."""
    words = project / "site_src" / "pages" / "words.md"
    good = words.read_text()
    render(project)
    words.write_text("[lost](nowhere.md)\n")
    with pytest.raises(InputError):
        render(project)
    words.write_text(good)
    assert (render(project) / "words" / "index.html").is_file()


def test_another_folder_is_told_apart(tmp_path: Path) -> None:
    """Outside a checkout the reader hears where the command belongs."""
    with pytest.raises(InputError, match=r"no mkdocs\.yml here; run this in a checkout"):
        render(tmp_path)


def test_readers_get_pages_and_what_they_load(rendered: Path) -> None:
    """Frames, the theme's scripts, its sitemap and our partials stay behind; the assets and the 404 page come along."""
    files = prose.prose_pages(rendered, Anything(lambda: "cities/"))
    assert {"404.html", "method/index.html", "assets/site.css", "assets/search.js"} <= files.keys()
    assert [name for name in files if "cpxslug" in name or "sitemap" in name or name.startswith("partials")] == []
    assert [name for name in files if name.startswith("assets/javascripts") or name.endswith(".map")] == []
    assert "cities/index.html" not in files


def test_a_table_can_be_reached_and_scrolled(project: Path) -> None:
    """A wide table scrolls inside a named box of its own that the keyboard reaches."""
    page = prose.prose_pages(render(project), {})["index.html"].decode()
    assert '<div class="cp-table" role="region" aria-label="Table 1" tabindex="0"><table>' in page
    assert "</table></div>" in page


def test_titles_are_plain_text(project: Path) -> None:
    """The search gets each page's address and title as people read it."""
    assert prose.titles(render(project)) == [("", "Bread & butter"), ("words/", "Words")]


def test_the_repository_is_named_once(root: Path, tmp_path: Path) -> None:
    """mkdocs.yml names the repository; without it the build says what is missing and where."""
    assert prose.repository(root).startswith("https://")
    (tmp_path / "mkdocs.yml").write_text("site_url: !ENV [A, b]\n")
    with pytest.raises(InputError, match=r"mkdocs\.yml: extra\.repository"):
        prose.repository(tmp_path)
