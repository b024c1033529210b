"""Which cities are drawn again: those whose inputs changed, and the site is then as if it were built anew."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.publish import drawing
from builder.publish.site import build
from builder.publish.tree import BuildReport

ROOT = Path(__file__).parents[2]
CITY, OTHER = "us-il-evanston", "us-wa-tacoma"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the committed prose and framework, and two committed cities with their facts."""
    folder = tmp_path / "project"
    for name in ("site_src", "frameworks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "results/runs", folder / "data/results/runs")
    (folder / "data/cities").mkdir()
    shutil.copy(ROOT / "mkdocs.yml", folder)
    for id in (CITY, OTHER):
        shutil.copy(ROOT / f"cities/{id}.yml", folder / "data/cities")
        shutil.copy(ROOT / f"results/{id}.json", folder / "data/results")
    return folder


def built(project: Path, out: str, *, day: int = 21) -> BuildReport:
    """Build the project's site into a folder of that name beside it."""
    data = project / "data"
    return build(
        project,
        cities=data / "cities",
        results=data / "results",
        frameworks=project / "frameworks",
        out=project.parent / out,
        base_url="http://127.0.0.1:8000/",
        now=datetime(2026, 11, day, tzinfo=UTC),
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the cities whose pages are drawn from here on."""
    seen: list[str] = []
    real = drawing.city.pages

    def watched(site):  # type: ignore[no-untyped-def]
        seen.extend(site.cards)
        return real(site)

    # Also the room itself is watched, so the build still knows it as the one that is drawn here.
    monkeypatch.setattr(drawing.city, "pages", watched)
    # Whoever mends the program while its tests run must not make them fail.
    monkeypatch.setattr(drawing, "code_digest", lambda: "this program")
    return seen


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, f"{path.name} no longer holds {old!r}: name another place here"
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("change", ["name", "facts", "ledger", "gone"])
def test_a_rebuild_is_what_a_build_anew_would_be(project: Path, drawn: list[str], change: str) -> None:
    """One city is edited, read again, or taken out: only its pages are drawn, and every byte of the site is right."""
    data = project / "data"
    built(project, "site")
    drawn.clear()
    if change == "name":
        edit(data / f"cities/{CITY}.yml", "en: Evanston", "en: Evanston on the Lake")
    elif change == "facts":
        edit(data / f"results/{CITY}.json", '"dataset_count"', '"dataset_count_"')
    elif change == "ledger":
        month = data / "results/runs/2026-11.jsonl"
        lines = month.read_text("utf-8").splitlines(keepends=True)
        month.write_text("".join(line for line in lines if "evanston" not in line), "utf-8")
    else:
        (data / f"cities/{CITY}.yml").unlink()
    built(project, "site")
    assert drawn == ([] if change == "gone" else [CITY])
    built(project, "anew")
    assert files(project.parent / "site") == files(project.parent / "anew")


def test_a_page_is_drawn_again_when_a_peer_changes(project: Path, drawn: list[str]) -> None:
    """A city names those beside it: one of them renamed draws both, and every byte of the site is right."""
    cities = project / "data/cities"
    edit(cities / f"{OTHER}.yml", "value: 222906", "value: 78000")  # as many people as its peer has, nearly
    built(project, "site")
    drawn.clear()
    edit(cities / f"{CITY}.yml", "en: Evanston", "en: Evanston on the Lake")
    built(project, "site")
    assert drawn == [CITY, OTHER]
    assert "Evanston on the Lake" in (project.parent / f"site/cities/{OTHER}/index.html").read_text("utf-8")
    built(project, "anew")
    assert files(project.parent / "site") == files(project.parent / "anew")


def test_another_day_draws_every_city(project: Path, drawn: list[str]) -> None:
    """A city is judged at a moment, so another moment is another page."""
    built(project, "site")
    drawn.clear()
    built(project, "site", day=22)
    assert drawn == [CITY, OTHER]


def test_another_program_draws_every_city(project: Path, drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mended template or rule reaches every page, whatever was remembered."""
    built(project, "site")
    drawn.clear()
    monkeypatch.setattr(drawing, "code_digest", lambda: "a mended program")
    built(project, "site")
    assert drawn == [CITY, OTHER]


def test_a_page_that_somebody_touched_is_drawn_again(project: Path, drawn: list[str]) -> None:
    """What is published is what was built: a page changed or removed by hand comes back."""
    built(project, "site")
    site = project.parent / "site"
    before = files(site)
    drawn.clear()
    (site / f"cities/{CITY}/index.html").write_text("mine now", "utf-8")
    (site / f"api/v1/cities/{OTHER}.json").unlink()
    built(project, "site")
    assert sorted(drawn) == [CITY, OTHER]
    assert files(site) == before


def test_a_damaged_memory_is_no_memory(project: Path, drawn: list[str]) -> None:
    """A memory cut short by a full disk costs time, nothing else."""
    built(project, "site")
    (memory,) = (project / ".cache/built").glob("*.cities.json")
    for damage in (b"{", b"[]", b'{"us-il-evanston": 7, "us-wa-tacoma": ["x", {"../../out": [1, 2]}]}'):
        memory.write_bytes(damage)
        drawn.clear()
        assert built(project, "site").written == 0
        assert drawn == [CITY, OTHER]


def test_two_processes_make_the_same_site(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shared work gives the same bytes and the same counts."""
    alone = built(project, "site")
    monkeypatch.setattr(drawing, "MANY", 1)
    assert built(project, "shared") == alone
    assert files(project.parent / "shared") == files(project.parent / "site")


def test_a_fault_in_the_second_process_stops_the_build(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a site is no site: what broke there is raised here."""
    monkeypatch.setattr(drawing, "MANY", 1)
    real = drawing.api.city_twins

    def broken(site):  # type: ignore[no-untyped-def]
        if OTHER in site.cards:
            raise ValueError("nothing to see in this city")
        return real(site)

    monkeypatch.setattr(drawing.api, "city_twins", broken)
    with pytest.raises(ValueError, match="nothing to see in this city"):
        built(project, "site")
