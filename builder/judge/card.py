"""The scorecard: every question of a framework answered for one city at one moment, from facts alone."""

from __future__ import annotations

from datetime import datetime

from builder.judge.answers import answer
from builder.judge.known import Known
from builder.judge.scores import area_score, city_score
from builder.judge.standing import standing
from builder.judge.verdict import Bench
from builder.model.city import City
from builder.model.framework import Framework
from builder.model.scorecard import AreaCard, Scorecard


def judge(city: City, known: Known, framework: Framework, now: datetime, readable: frozenset[str]) -> Scorecard:
    """Judge a city under a framework at ``now`` (an instant with its zone).

    ``readable`` are the kinds that a probe of ours reads.
    """
    facts = known.facts.sources if known.facts else {}
    standings = {
        source.id: standing(source, facts.get(source.id), known.ledger.get(source.key, ())) for source in city.sources
    }
    bench = Bench(city, known, standings, now, readable)
    areas = []
    for area in framework.areas:
        answers = tuple(answer(indicator, bench) for indicator in framework.of_area(area.id))
        areas.append(AreaCard(area, answers, area_score(answers)))
    return Scorecard(
        city=city,
        framework=framework,
        now=now,
        areas=tuple(areas),
        score=city_score([card.answers for card in areas]),
        sources=tuple(standings[source.id].looked(source.kind in readable) for source in city.sources),
    )
