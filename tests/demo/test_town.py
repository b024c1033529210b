"""Exampleton's servers: what each name of the town answers, and that they answer for nothing else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from builder.demo.town import answer


def test_the_portal_pages_its_list_as_ckan_does() -> None:
    """Two rows from the third on are the third and fourth dataset, and the count is that of all."""
    body, kind = answer("data.exampleton.example", "/api/3/action/package_search?rows=2&start=2") or (b"", "")
    result = json.loads(body)["result"]
    assert kind == "application/json"
    assert result["count"] == 8
    assert [dataset["title"] for dataset in result["results"]] == ["Ferry landings", "Population by quarter"]


def test_a_timetable_is_the_same_zip_every_time() -> None:
    """The tables lie in the package as text; the zip is made from them with fixed dates."""
    first, second = (answer("transit.exampleton.example", "/timetable.zip") for _ in range(2))
    assert first == second
    assert first is not None
    assert "stop_times.txt" in zipfile.ZipFile(io.BytesIO(first[0])).namelist()


def test_the_portal_s_files_are_there() -> None:
    """A link of the list leads to a file, so that links that work can be shown beside one that does not."""
    assert answer("data.exampleton.example", "/files/01.csv")


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("data.exampleton.example", "/data.json"),
        ("data.exampleton.example", "/files/08.tiff"),
        ("nobody.exampleton.example", "/"),
        ("data.exampleton.example", "/../../town.py"),
        ("..", "/town.py"),
        ("", "/xx-exampleton.yml"),
    ],
)
def test_everything_else_is_not_there(host: str, target: str) -> None:
    """A lost file, an unknown name and a way out of the samples all answer with nothing."""
    assert answer(host, target) is None
