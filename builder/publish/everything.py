"""Everything that is known, read from disk: people's files, machines' facts, words and measurement, ready to judge."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from builder.errors import InputError
from builder.judge.card import judge
from builder.judge.gate import Gate
from builder.judge.known import Known
from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.model.city import City
from builder.model.framework import Framework
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.measured import Measured
from builder.model.observation import LedgerLine
from builder.model.scorecard import Scorecard
from builder.model.topic import Vocabulary
from builder.probes import discover
from builder.publish.matched import Lists
from builder.store.ledger import Ledger
from builder.store.measurement import load_measured
from builder.store.people import load_cities, load_frameworks
from builder.store.results import Results
from builder.store.vocabulary import load_vocabulary

FRAMEWORK = "capability"


@dataclass(frozen=True)
class Everything:
    """What every city is judged from; ``moment`` is that at which it is judged."""

    people: Mapping[str, City]
    results: Results
    ledger: Mapping[str, Sequence[LedgerLine]]
    lists: Lists
    vocabulary: Vocabulary
    measured: Measured | None
    gate: Gate
    moment: datetime
    readable: frozenset[str]

    def known(self, city: City) -> Known:
        """What is known of one city's sources."""
        catalogues = [source.key for source in city.sources if source.kind in CATALOGUE_KINDS]
        matches = {key: found for key in catalogues if (found := self.lists.matches(key)) is not None}
        return Known(
            facts=self.results.city(city.id),
            datasets={key: self.lists.datasets(key) for key in matches},
            ledger={source.key: self.ledger.get(source.key, ()) for source in city.sources},
            matches=matches,
            gate=self.gate,
        )

    def card(self, city: City, framework: Framework, known: Known | None = None) -> Scorecard:
        """Judge one city, also as a file not saved yet says it; ``known`` is what ``known(city)`` gave, if at hand."""
        return judge(city, known or self.known(city), framework, self.moment, self.readable)

    def digest(self, city: City, known: Known) -> str:
        """One hash over all that a city is judged from, the framework and the program aside."""
        whole = hashlib.sha256(f"{self.gate.digest}\n".encode())
        matches = [known.matches[key] for key in sorted(known.matches)]
        for noun in (city, *([known.facts] if known.facts else ()), *matches):
            whole.update(f"{noun.model_dump_json()}\n".encode())
        for lists in (known.datasets, known.ledger):
            for key, nouns in lists.items():
                whole.update(f"{key} {len(nouns)}\n".encode())
                for noun in nouns:
                    whole.update(f"{noun.model_dump_json()}\n".encode())
        return whole.hexdigest()


def read(
    *, cities: Path, results: Path, frameworks: Path, now: datetime | None = None, cache: Path | None = None
) -> Everything:
    """Read it all. ``now`` defaults to the end of the ledger's newest run; ``cache`` is as in ``load_vocabulary``.

    Raises ``FilesRefused`` for faults in people's files, ``ResultsError`` for damaged results, ``InputError`` where
    there is no run yet.
    """
    people = load_cities(cities, load_frameworks(frameworks))
    ledger = Ledger(results)
    moment = now or ledger.end()
    if moment is None:
        raise InputError(f"{results / 'runs'}: no run is recorded yet: run 'cityproof gather', or give --now")
    lines: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in ledger.lines():
        lines[line.source].append(line)
    store = Results(results)
    vocabulary, measured = load_vocabulary(frameworks, cache), load_measured(frameworks)
    lists = Lists(store, Nets(Terms(vocabulary)), people.values())
    readable = frozenset(discover())
    return Everything(people, store, dict(lines), lists, vocabulary, measured, Gate(measured), moment, readable)


def framework_of(folder: Path) -> Framework:
    """The framework that scorecards are judged with; raises ``InputError`` where the folder has none."""
    found = load_frameworks(folder)
    if FRAMEWORK not in found:
        raise InputError(f"{folder}: there is no {FRAMEWORK}.yml, the framework that scorecards are judged with")
    return found[FRAMEWORK]
