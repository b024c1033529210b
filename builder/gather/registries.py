"""The registries: each that a city's file names is read again once a run, to note whether its rows still stand."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from builder.errors import CityproofError, Unreadable
from builder.gather.exchange import Backend, Keeper
from builder.gather.plan import in_shard
from builder.gather.registry_rows import Columns, Row, rows
from builder.gather.session import SourceSession
from builder.model.capture import Capture, Request
from builder.model.city import City
from builder.model.reasons import Reason
from builder.model.registry import Registries, RowNote, Standing, registry_key

DEADLINE_SECONDS = 300
OFFICIAL_SITES = ".gov domains"
_RAW = "https://raw.githubusercontent.com"
_USUAL = frozenset({"", "active"})  # of a registry's words these set no row apart
_LONGEST_MARK = 40


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a registry is read, under which names its columns stand, and what its ids begin with beyond the row."""

    url: str
    columns: Columns
    prefix: str = ""
    written_in_yaml: bool = False


# By the name that city files use. Published copies name the columns otherwise than the live files, hence the aliases.
REGISTRIES: Mapping[str, Registry] = {
    "Mobility Database": Registry(
        "https://files.mobilitydatabase.org/feeds_v2.csv", Columns(("id", "mdb_source_id"), ("status",)), prefix="mdb-"
    ),
    "GBFS systems": Registry(
        f"{_RAW}/MobilityData/gbfs/master/systems.csv", Columns(("System ID", "system_id"))
    ),
    "Dateno": Registry(
        f"{_RAW}/datenoio/dataportals-registry/main/data/datasets/catalogs.jsonl.zst", Columns(("uid",), ("status",))
    ),
    "dataportals.org": Registry(
        f"{_RAW}/okfn/dataportals.org/main/data/portals.csv", Columns(("name", "id"), ("status",))
    ),
    "Transitland Atlas": Registry(
        "https://codeload.github.com/transitland/transitland-atlas/tar.gz/refs/heads/main", Columns(("id",))
    ),
    "open311status": Registry(
        f"{_RAW}/bensheldon/open311status/main/config/cities.yml", Columns(()), written_in_yaml=True
    ),
    "Open311 servers": Registry(
        f"{_RAW}/open311/open311.github.io/HEAD/data/servers.yml", Columns(("name",)), written_in_yaml=True
    ),
    "MDS agencies": Registry(
        f"{_RAW}/openmobilityfoundation/mobility-data-specification/main/agencies.csv", Columns(("agency_id",))
    ),
    OFFICIAL_SITES: Registry(
        f"{_RAW}/cisagov/dotgov-data/main/current-full.csv", Columns(("Domain name", "domain_name", "domain"))
    ),
}  # fmt: skip


class Asked(NamedTuple):
    """One question to a registry: does this row of this city's source (None: its official site) still stand?"""

    city: str
    source: str | None
    row: str | None


@dataclass(frozen=True, slots=True)
class RegistryRead:
    """One registry read once. Where ``reason`` is not ``ok`` nothing was learned about any row.

    ``standing`` holds what was told of each question, ``at`` when; ``complete`` says whether a row that was not met
    is gone; ``rows_read`` counts the registry's rows.
    """

    name: str
    url: str
    at: datetime
    reason: Reason
    message: str = ""
    capture: Capture | None = None
    complete: bool = False
    rows_read: int = 0
    standing: Mapping[Asked, tuple[Standing, str | None]] | None = None


def asked(cities: Iterable[City]) -> dict[str, list[Asked]]:
    """What the cities ask of each registry that we can read, by its name; about the rest nobody can be asked."""
    found: dict[str, list[Asked]] = {}
    for city in sorted(cities, key=lambda city: city.id):
        for source in city.sources:
            if source.found is not None and source.found.registry in REGISTRIES:
                found.setdefault(source.found.registry, []).append(Asked(city.id, source.id, source.found.row))
        domain = _gov_domain(city.site)
        if domain is not None:
            found.setdefault(OFFICIAL_SITES, []).append(Asked(city.id, None, domain))
    return dict(sorted(found.items()))


def question(row: RowNote) -> Asked:
    """The question that a kept row answers."""
    return Asked(row.city, row.source, row.row)


async def read_registries(
    cities: Iterable[City],
    backend: Backend,
    *,
    known: Registries,
    clock: Callable[[], datetime],
    shard: tuple[int, int] = (1, 1),
    keepers: Sequence[Keeper] = (),
) -> list[RegistryRead]:
    """Read again each registry that the cities name, one after the other; raises nothing for what a registry did.

    The ``known`` rows of cities that are not in this run are asked too, so that one reading tells one day of all of
    them. Of several shards exactly one reads a registry. What nobody recorded is left out.
    """
    found, cities = [], list(cities)
    here = {city.id for city in cities}
    for name, questions in asked(cities).items():
        registry = REGISTRIES[name]
        if name in known.registries:
            questions += [question(row) for row in known.registries[name].rows if row.city not in here]
        if in_shard(registry_key(registry.url), shard):
            read = await _read(name, registry, questions, backend, clock, keepers)
            if read.reason is not Reason.NOT_CAPTURED:
                found.append(read)
    return found


async def _read(
    name: str,
    registry: Registry,
    questions: Sequence[Asked],
    backend: Backend,
    clock: Callable[[], datetime],
    keepers: Sequence[Keeper],
) -> RegistryRead:
    session = SourceSession(backend, "registry", seconds=DEADLINE_SECONDS, keepers=keepers)
    try:
        answer = await session.get(Request(registry.url, spool=True))
        told, count = _look(rows(
            answer.file or io.BytesIO(answer.body), registry.columns, written_in_yaml=registry.written_in_yaml,
        ), {wanted for one in questions if (wanted := _wanted(one)) is not None}, registry.prefix)  # fmt: skip
        reason, message = (Reason.OK, "") if count else (Reason.EMPTY, "a registry without any row")
    except Unreadable as error:
        reason, message = error.reason, error.message
    except CityproofError:  # what ends the run, such as a full disk
        raise
    except Exception as error:  # whatever we did not foresee is our fault, and harms no reading of a source
        reason, message = Reason.OUR_ERROR, f"our own program failed: {type(error).__name__}"
    finally:
        session.close()
    capture = session.captures[-1] if session.captures else None
    at = capture.at if capture else clock()
    if reason is not Reason.OK or capture is None:
        return RegistryRead(name, registry.url, at, reason, message, capture)
    # Somebody's copy may hold a choice of the rows: a row that is not in it is not proved gone.
    complete = capture.copy_of is None
    missing = (Standing.GONE if complete else Standing.NOT_TOLD), None
    standing = {
        one: (
            (Standing.STANDING, told[wanted])
            if (wanted := _wanted(one)) in told and wanted is not None
            else (missing if wanted is not None else (Standing.NOT_TOLD, None))
        )
        for one in questions
    }
    return RegistryRead(name, registry.url, at, reason, message, capture, complete, count, standing)


def _look(found: Iterable[Row], wanted: Collection[str], prefix: str) -> tuple[dict[str, str | None], int]:
    """Those of the wanted rows that are there, each with the word that sets it apart, and how many rows there are."""
    told: dict[str, str | None] = {}
    count = 0
    for row in found:
        count += 1
        id = row.id.casefold()
        id = id if id in wanted else id.removeprefix(prefix)
        if id in wanted:
            mark = None if row.mark.casefold() in _USUAL else _line(row.mark)
            # An id that stands twice is set apart only where every one of its rows is.
            told[id] = told.get(id, mark) and mark
    return told, count


def _wanted(question: Asked) -> str | None:
    return question.row.strip().casefold() if question.row else None


def _line(mark: str) -> str | None:
    return " ".join("".join(sign for sign in mark if sign.isprintable()).split())[:_LONGEST_MARK] or None


def _gov_domain(site: str | None) -> str | None:
    """The registered name of an official site below .gov: the part that its registry lists.

    >>> _gov_domain("https://www.boston.gov/departments")
    'boston.gov'
    """
    try:
        labels = (urlsplit(site or "").hostname or "").split(".")
    except ValueError:
        return None
    return ".".join(labels[-2:]) if len(labels) > 1 and labels[-1] == "gov" else None
