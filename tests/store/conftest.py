"""A small city file and framework that are right in everything, for tests to spoil in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

CITY = """\
id: xk-exampleton
names:
  en: Exampleton
  sq: Shembull
languages: [sq]
country: XK
location: [42.5, 21]
population: {value: 120000, year: 2021, source: Census}
site: https://www.exampleton.example/
sources:
  - id: portal
    kind: ckan
    url: https://data.exampleton.example/
    publisher: City of Exampleton
    tier: city
    found:
      registry: portals
      row: "17"
      link: https://registry.example/portals/17
      on: 2026-11-21
  - id: buses
    kind: gtfs
    url: https://data.exampleton.example/gtfs.zip
    publisher: Region of Exampleton
    tier: regional
    licence_from: portal
    near_km: 12.5
pins:
  - {indicator: transit.timetable, source: buses, by: ana, on: 2026-11-01}
rejects:
  - {indicator: nature.trees, source: portal, dataset: stumps, by: ana, on: 2026-11-01, why: Only stumps.}
attestations:
  - indicator: nature.trees
    test: published
    outcome: passed
    url: https://www.exampleton.example/trees
    by: ana
    on: 2026-11-01
    words: The page shows a list of trees.
replies:
  - {indicator: nature.trees, by: City of Exampleton, on: 2026-11-02, words: We plant more.}
not_applicable:
  water.bathing: There is no lake, river or sea.
contributors: [ana]
"""

FRAMEWORK = """\
id: small
version: "0.1"
name: Small
summary: Three questions.
areas:
  - {id: transit, name: Transit, summary: Buses.}
  - {id: nature, name: Nature, summary: Trees.}
  - {id: water, name: Water, summary: Water.}
indicators:
  - id: transit.timetable
    question: Is the timetable open?
    why: To catch the bus.
    good: A feed that covers today.
    kinds: [gtfs]
    tests:
      published: {words: It is there., rules: [{rule: answers}]}
    weight: 3
    weight_why: Many ride.
  - id: nature.trees
    question: Is there a tree list?
    why: Shade.
    good: Species and place.
    topic: trees
    tests:
      published: {words: It is there.}
      fresh: {words: It is fresh., rules: [{rule: within, measurement: modified_latest, days: 730}]}
    weight: 2
    weight_why: Some look.
  - id: water.bathing
    question: Is bathing water tested?
    why: To swim.
    good: A sample this season.
    kinds: [sensorthings]
    tests:
      published: {words: It is there.}
    weight: 1
    weight_why: Few swim.
changes:
  - {version: "0.1", on: 2026-11-21, what: First., why: A beginning.}
"""


class Folders:
    """A ``cities`` and a ``frameworks`` folder, each with one right file that can be rewritten."""

    def __init__(self, root: Path) -> None:
        self.cities, self.frameworks = root / "cities", root / "frameworks"
        self.cities.mkdir()
        self.frameworks.mkdir()
        self.city = self.cities / "xk-exampleton.yml"
        self.city.write_text(CITY, encoding="utf-8")
        self.framework = self.frameworks / "small.yml"
        self.framework.write_text(FRAMEWORK, encoding="utf-8")

    def spoil(self, old: str, new: str, path: Path | None = None) -> int:
        """Replace one passage of the city file (or of ``path``); returns the 1-based line where it begins."""
        path = path or self.city
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A right city and a right framework."""
    return Folders(tmp_path)
