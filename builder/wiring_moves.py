"""The wiring behind ``cityproof moves``: everything ever read, judged by two methods, and what differs said plainly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.judge.moving import Move, moves, states
from builder.model.framework import Framework
from builder.publish.everything import FRAMEWORK, Everything, framework_of, read
from builder.store.versions import load_framework_version

_ABSENT = "not asked"


def moved(
    old: str, *, cities: Path, results: Path, frameworks: Path, now: datetime | None
) -> dict[str, tuple[Move, ...]]:
    """By city, every answer that today's method gives otherwise than an older one on the same facts.

    ``old`` is a version kept in ``frameworks/versions`` (judged with today's words), or a whole older folder of
    frameworks (judged with the words and the measurement in it). Raises ``InputError`` where it is neither.
    """
    today = read(cities=cities, results=results, frameworks=frameworks, now=now)
    then, asked = _older(old, today, cities=cities, results=results, frameworks=frameworks)
    framework = framework_of(frameworks)
    found = {}
    for id, city in today.people.items():
        card = today.card(city, framework)
        changed = moves(states(then.card(city, asked)), card, card)
        if changed:
            found[id] = changed
    return found


def _older(
    old: str, today: Everything, *, cities: Path, results: Path, frameworks: Path
) -> tuple[Everything, Framework]:
    folder = Path(old)
    if (folder / f"{FRAMEWORK}.yml").is_file():
        return read(cities=cities, results=results, frameworks=folder, now=today.moment), framework_of(folder)
    kept = sorted(path.stem for path in (frameworks / "versions").glob(f"{FRAMEWORK}-*.yml"))
    version = old.removeprefix(f"{FRAMEWORK}-")
    if f"{FRAMEWORK}-{version}" not in kept:
        raise InputError(
            f"{old}: neither a folder of frameworks nor a version kept here; kept are {', '.join(kept) or 'none'}"
        )
    return today, load_framework_version(frameworks, FRAMEWORK, version)


def as_lines(found: dict[str, tuple[Move, ...]]) -> Iterator[str]:
    """One line a change of state with the cities it concerns, most first, then one line in all."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for city, changed in found.items():
        for one in changed:
            groups[one.indicator, _said(one.published), _said(one.now)].append(city)
    for (indicator, before, after), cities in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        named = ", ".join(cities[:3]) + (f" and {len(cities) - 3} more" if len(cities) > 3 else "")
        yield f"{indicator}: {before} -> {after} in {len(cities)} ({named})"
    answers = sum(len(changed) for changed in found.values())
    kinds = Counter(_said(one.now) for changed in found.values() for one in changed)
    told = ", ".join(f"{count} {state}" for state, count in sorted(kinds.items()))
    yield f"{answers} answers of {len(found)} cities would move{f': now {told}' if told else ''}."


def as_plain(found: dict[str, tuple[Move, ...]]) -> dict[str, list[dict[str, Any]]]:
    """The same for programs: by city a list of ``{indicator, published, now, causes}``."""
    return {
        city: [
            {"indicator": one.indicator, "published": one.published, "now": one.now, "causes": list(one.causes)}
            for one in changed
        ]
        for city, changed in found.items()
    }


def _said(state: object) -> str:
    return _ABSENT if state is None else str(state)
