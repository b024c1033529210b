"""Looking for a topic: what is caught, what is asked about, and when nothing found proves that it is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.judge.gate import Gate
from builder.judge.matching import match
from builder.model.catalogue import Dataset
from builder.model.evidence import Searched
from builder.model.finding import Failed
from builder.model.observation import SourceFacts
from builder.model.scorecard import State

from .facts import (
    ANSWERS,
    TREES,
    Reason,
    World,
    ago,
    city,
    fault,
    found,
    good,
    indicator,
    measured,
    pin,
    reject,
    source,
)
from .words import nets

PROVEN = measured(("nature.trees", "en", 40, 40, 40, 40))
NETS = nets()
BUDGET = Dataset(id="parks", title="Car park live", pointer="$[9]")  # the control: another topic's catch


def dataset(id: str = "trees", title: str = "Street trees", **more: object) -> Dataset:
    plain = {"formats": ("CSV",), "licence": "CC-BY-4.0", "modified": "2026-05-20", "pointer": "$[0]"}
    return Dataset.model_validate({"id": id, "title": title, **plain, **more})


def town(*datasets: Dataset, gate: Gate = PROVEN, complete: bool = True, read: float = 1, **more: object) -> World:
    """A city whose portal lists these datasets and one on another topic."""
    portal = source()
    every = [*datasets, BUDGET]
    facts = good(ago(read), complete=complete, dataset_count=len(every), announced_count=len(every))
    return World(
        city(portal, **more),
        {"portal": SourceFacts(good=facts)},
        {portal.key: every},
        matches={portal.key: match(NETS, every, ["en"])},
        gate=gate,
    )


def test_a_proven_net_answers_by_itself() -> None:
    """What the narrow net caught is judged like a pinned dataset, and the sentence says how it was found."""
    answer = town(dataset()).ask(TREES)
    assert answer.state is State.PRESENT and answer.thing is not None and answer.thing.dataset == dataset()
    assert "recognised by its words" in answer.words
    assert town(dataset(licence=None)).ask(TREES).state is State.PARTIAL


def test_the_best_of_several_is_the_answer() -> None:
    """Most tests passed wins, then the id; the others are listed."""
    answer = town(dataset("a", licence=None), dataset("c"), dataset("b")).ask(TREES)
    assert answer.thing is not None and answer.thing.dataset is not None and answer.thing.dataset.id == "b"
    assert [one.dataset.id for one in answer.others if one.dataset] == ["c", "a"]


def test_an_unproven_net_only_asks() -> None:
    """Where the words were never measured, what they caught is a candidate: unknown, "is this it?"."""
    answer = town(dataset(), gate=Gate()).ask(TREES)
    assert answer.state is State.UNKNOWN
    assert answer.words == "Not known: on 31 May 2026 we searched 2 datasets, and one may be it. Is it?"
    assert [one.dataset for one in answer.proposals] == [dataset()]


def test_the_wide_net_only_asks() -> None:
    """A dataset whose title merely touches the subject is asked about, whatever was measured."""
    felled = dataset("felled", "Trees felled")
    answer = town(felled).ask(TREES)
    assert (answer.state, [one.dataset for one in answer.proposals]) == (State.UNKNOWN, [felled])


def test_what_only_touches_on_it_is_not_asked_about() -> None:
    """A word in the description keeps the nets from being empty, and nobody is asked whether that is it."""
    more = {"description_topics": {"nature.trees": "h"}, "description_length": 9, "topics_version": "1.0"}
    answer = town(dataset("felled", "Budget", **more)).ask(TREES)
    assert (answer.state, answer.proposals) == (State.UNKNOWN, ())
    assert answer.words.endswith("none is it by its title, and one only touches on it. Do you know one?")


def test_empty_nets_prove_that_it_is_missing() -> None:
    """Everything read, both nets empty, words proven to find what is there, and a control: then it is missing."""
    answer = town().ask(TREES)
    assert answer.state is State.MISSING
    published = found(answer, "published")
    assert isinstance(published, Failed)
    proof = published.evidence[0]
    assert isinstance(proof, Searched)
    assert (proof.read, proof.announced, proof.topics_version) == (1, 1, "1.0")
    assert proof.control == "the same nets found other topics in 1 of them, such as parks"
    assert answer.words == (
        "Exampleton: on 31 May 2026 we searched the only dataset of the open data portal (CKAN) of Exampleton "
        "and found none that speaks of this."
    )


def test_what_spoils_the_proof() -> None:
    """Take any of it away and it is only not known: we searched and found none, do you know one?"""
    none = "found none that speaks of this. Do you know one?"
    unproven = measured(("nature.trees", "en", 40, 40, 40, 38))
    for world in (
        town(complete=False),
        town(gate=unproven),
        town(gate=Gate()),
        town(languages=("en", "fr")),
        town(Dataset(id="x", title="X", pointer="$", description_length=50)),
    ):
        answer = world.ask(TREES)
        assert answer.state is State.UNKNOWN and none in answer.words

    torn = town()
    torn.matches = {key: one.model_copy(update={"caught": 0}) for key, one in torn.matches.items()}
    assert torn.ask(TREES).state is State.UNKNOWN

    short = town()
    short.facts = {"portal": SourceFacts(good=good(ago(1), dataset_count=1, announced_count=2))}
    assert short.ask(TREES).state is State.UNKNOWN


def test_what_this_question_asks_of_other_sources_is_not_missing_in_a_catalogue() -> None:
    """Timetables live at agencies: that the portal has none says nothing."""
    asked = TREES.model_copy(update={"kinds": ("gtfs",)})
    assert town().ask(asked).state is State.UNKNOWN


def test_every_catalogue_must_be_searched() -> None:
    """What is not in this portal may be in the other, unless the city file says that they are the same one."""
    for more, state in (({}, State.UNKNOWN), ({"same_as": "portal"}, State.MISSING)):
        world = town()
        other = source("region", kind="dcat_us", tier="regional", **more)
        world.city = world.city.model_copy(update={"sources": (*world.city.sources, other)})
        assert world.ask(TREES).state is state


def test_a_catalogue_that_fails_today_proves_nothing_missing() -> None:
    """A fault on either side may hide what was published since."""
    world = town()
    world.facts = {"portal": replace_faults(world.facts["portal"], Reason.MALFORMED)}
    assert world.ask(TREES).state is State.UNKNOWN


def replace_faults(facts: SourceFacts, reason: Reason) -> SourceFacts:
    return facts.model_copy(update={"faults": (fault(ago(0.5), reason),)})


def test_an_old_search_is_shown_and_never_counted() -> None:
    """Years later the search is what was last seen: missing then, unknown today."""
    answer = town(read=400).ask(TREES)
    assert answer.state is State.UNKNOWN and "such a search counts for" in answer.words
    assert answer.last_seen is not None and answer.last_seen.state is State.MISSING
    seen = town(dataset(modified="2025-04-20"), read=400).ask(TREES)
    assert seen.state is State.UNKNOWN
    assert seen.last_seen is not None and seen.last_seen.state is State.PRESENT


def test_people_are_heard_before_the_nets() -> None:
    """A pin says which one is meant, a rejection which one is not; neither decides a test."""
    right, wrong = dataset("right", "Arbor list", licence=None), dataset("wrong")
    pinned = town(right, wrong, pins=(pin("nature.trees", "portal", "right"),)).ask(TREES)
    assert pinned.state is State.PARTIAL and pinned.thing is not None and pinned.thing.dataset == right
    assert [one.dataset for one in pinned.proposals] == [wrong]
    refused = town(wrong, rejects=(reject("nature.trees", "portal", "wrong"),)).ask(TREES)
    assert refused.state is State.UNKNOWN and refused.proposals == ()


@pytest.mark.parametrize("topic", [None, "other.topic"])
def test_a_question_without_a_topic_searches_nothing(topic: str | None) -> None:
    """No topic, no search; a topic that nobody measured proves nothing."""
    answer = town(dataset()).ask(indicator("trains.map", kinds=(), topic=topic, published=ANSWERS))
    assert answer.state is State.UNKNOWN
    assert bool(answer.searches) is (topic is not None)


def test_the_gate_is_not_part_of_the_facts() -> None:
    """The same facts under another measurement give another answer: facts never hold a verdict."""
    world = town(dataset())
    assert world.ask(TREES).state is State.PRESENT
    assert replace(world, gate=Gate()).ask(TREES).state is State.UNKNOWN
