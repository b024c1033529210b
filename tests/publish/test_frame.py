"""Frames are cut where their tokens are, and joined without ever expanding a value twice."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.publish.frame import Frame, cut, is_frame
from builder.publish.mends import mend
from builder.publish.prose import render_prose

FIVE = '<meta name="cityproof-frame" content="city"><title>cpxtitle</title>cpxdescription cpxhead cpxbody cpxslug'
THEME = (
    '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">\n'
    '<input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">\n'
    '<label class="md-overlay" for="__drawer"></label><div data-md-component="skip"></div>'
    '<div data-md-component="announce"></div>'
    '<div class="md-dialog" data-md-component="dialog"><div class="md-dialog__inner md-typeset"></div></div>'
)


def written(folder: Path, text: str, page: str = "cities/cpxslug/index.html") -> Path:
    """A folder with one rendered page."""
    (folder / page).parent.mkdir(parents=True, exist_ok=True)
    (folder / page).write_text(text, "utf-8")
    return folder


def joined(frame: Frame, slug: str = "fr-paris", **given: str) -> str:
    """A page of the frame, of short values where none are given."""
    values = {"title": "T", "description": "D", "head": "", "body": "<p>B</p>"} | given
    return frame.join(slug=slug if frame.many else "", **values)


def test_every_frame_is_found_by_its_page(frames: dict[str, Frame]) -> None:
    """The committed frames: one page each, or many under a folder, each where its addresses say."""
    places = {name: frame.place("one" if frame.many else "") for name, frame in frames.items()}
    assert places["home"] == ""
    assert places["cities"] == "cities/"
    assert places["city"] == "cities/one/"
    assert places["indicator"] == "indicators/one/"


def test_no_token_is_left(frames: dict[str, Frame]) -> None:
    """Whatever frame is joined, no token and no mark of the frame reaches a reader."""
    for frame in frames.values():
        page = joined(frame)
        assert "cpx" not in page
        assert not is_frame(page)


def test_words_are_escaped_once(frames: dict[str, Frame]) -> None:
    """Title and description are plain text wherever they stand; the body is HTML and stays as it is."""
    page = joined(frames["city"], title='L\'<b> & "q"', description='"><script>', body="<p>a &amp; b</p>")
    assert "<title>L&#x27;&lt;b&gt; &amp; &quot;q&quot; - Cityproof</title>" in page
    assert 'content="&quot;&gt;&lt;script&gt;"' in page
    assert "<p>a &amp; b</p>" in page


def test_a_value_with_a_token_stays_as_it_is(frames: dict[str, Frame]) -> None:
    """A city that calls itself cpxbody gets its name on the page, not its page into its name."""
    page = joined(frames["city"], title="cpxbody", body="<p>cpxtitle</p>")
    assert "<title>cpxbody - Cityproof</title>" in page
    assert "<p>cpxtitle</p>" in page
    assert page.count("<p>cpxtitle</p>") == 1


def test_each_page_knows_its_address(frames: dict[str, Frame]) -> None:
    """The canonical address holds the slug, and the way to the root fits the depth."""
    page = joined(frames["indicator"], slug="nature.trees")
    assert '<link rel="canonical" href="https://city.example/x/y/indicators/nature.trees/">' in page
    assert 'href="../../assets/site.css"' in page


def test_the_right_tab_is_current(frames: dict[str, Frame]) -> None:
    """A city page stands under Cities, an indicator under Questions, and nobody else is current."""
    current = re.compile(r'<a href="([^"]*)" aria-current="(page|true)">(\w+)</a>')
    assert current.findall(joined(frames["city"])) == [("../", "true", "Cities")]
    assert current.findall(joined(frames["indicator"])) == [("../../areas/", "true", "Questions")]
    assert current.findall(joined(frames["cities"])) == [("./", "page", "Cities")]
    assert current.findall(joined(frames["home"])) == []


def test_nothing_runs_in_the_page(frames: dict[str, Frame], rendered: Path) -> None:
    """No inline script on any page, so the policy in its head can forbid them all."""
    pages = [joined(frame) for frame in frames.values()]
    pages += [path.read_text("utf-8") for path in sorted(rendered.rglob("*.html"))]
    for page in pages:
        assert "script-src 'self';" in page
        assert re.findall(r"<script(?![^>]* src=)[^>]*>", page) == []
        assert re.findall(r"\son\w+=", page) == []


def test_a_slug_only_where_there_are_many() -> None:
    """A page of many needs its slug, and the only page of its kind takes none."""
    with pytest.raises(ValueError, match="needs a slug"):
        Frame("city", "cities/cpxslug/", ("",)).place()
    with pytest.raises(ValueError, match="takes no slug"):
        Frame("cities", "cities/", ("",)).place("fr-paris")


@pytest.mark.parametrize("token", ["title", "description", "head", "body", "slug"])
@pytest.mark.parametrize("times", [0, 2])
def test_a_token_missing_or_twice_is_refused(tmp_path: Path, token: str, times: int) -> None:
    """A changed template is noticed when the frame is cut, with page and token."""
    text = FIVE.replace(f"cpx{token}", " ".join([f"cpx{token}"] * times))
    with pytest.raises(InputError, match=rf"cities/cpxslug/index.html: the token cpx{token} is there {times} times"):
        cut(written(tmp_path, text + THEME))


def test_an_unknown_token_is_refused(tmp_path: Path) -> None:
    """A mistyped token would show on every page, so it stops the build."""
    with pytest.raises(InputError, match="'cpxbdoy' is no token"):
        cut(written(tmp_path, FIVE + "cpxbdoy " + THEME))


def test_two_frames_of_one_name_are_refused(tmp_path: Path) -> None:
    """A copied frame whose name was not changed is named with both places."""
    written(tmp_path, FIVE + THEME)
    written(tmp_path, FIVE + THEME, "other/cpxslug/index.html")
    with pytest.raises(InputError, match="'city' is there twice, also at 'cities/cpxslug/'"):
        cut(tmp_path)


def test_no_frame_at_all_is_refused(tmp_path: Path) -> None:
    """A folder without frames is a failed rendering, not a small site."""
    with pytest.raises(InputError, match="no frame among the rendered pages"):
        cut(written(tmp_path, "<title>prose</title>"))


def test_a_spliced_page_is_what_the_theme_would_render(tmp_path: Path, root: Path, frames: dict[str, Frame]) -> None:
    """Putting words into the frame gives the page that a full render of the theme with the same words gives."""
    title, description = "Zürich & 東京", "What Zürich has"
    body = '<h1 id="cp-main">Zürich</h1>\n<p>café</p>'
    project = tmp_path / "project"
    shutil.copytree(root / "site_src", project / "site_src")
    shutil.copy(root / "mkdocs.yml", project)
    main = project / "site_src" / "overrides" / "main.html"
    text = main.read_text("utf-8")
    for token, value in {
        "title": escape(title),
        "description": description,
        "head": "<!-- h -->",
        "body": body,
    }.items():
        text = text.replace(f"cpx{token}", value)
    main.write_text(text, "utf-8")
    cities = project / "site_src" / "pages" / "cities"
    (cities / "cpxslug.md").rename(cities / "ch-zurich.md")
    whole = render_prose(project, base_url="https://city.example/x/y/", cache=tmp_path / "cache")
    page = (whole / "cities" / "ch-zurich" / "index.html").read_text("utf-8")
    full = mend(re.sub(r'<meta name="cityproof-frame"[^>]*>', "", page), "page")
    spliced = joined(frames["city"], "ch-zurich", title=title, description=description, head="<!-- h -->", body=body)
    assert re.sub(r"\s+", " ", spliced).strip() == re.sub(r"\s+", " ", full).strip()
