"""The frameworks people wrote: whole, in words of our own, and asking only for what a probe can measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from builder.judge.card import judge
from builder.judge.known import Known
from builder.judge.phrases import LABELS
from builder.model.finding import Test
from builder.model.framework import Ahead, AnyOf, AtLeast, AtMost, Covers, Framework, Indicator, Rule, TestRule, Within
from builder.model.kinds import CATALOGUE_KINDS, KINDS
from builder.model.observation import CityFacts, SourceFacts
from builder.model.scorecard import State
from builder.probes import discover
from builder.publish.pages.probes import HEADINGS, reference
from builder.store.people import load_frameworks
from builder.store.versions import load_framework_version
from tests.judge.facts import NOW, city, good, source

FOLDER = Path(__file__).parents[2] / "frameworks"

# Kinds that do not say which question they answer: a calendar of concerts is none of council meetings.
BY_PIN = {"feed", "ical", "webpage", "wms", "wfs", "ogc_api", "sensorthings", "datapackage"}
# What a catalogue's record can show of one dataset.
OF_A_RECORD = {"answers", "machine_readable", "open_licence", "within", "described"}


def measured_by(kind: str) -> set[str]:
    """What a probe says that it measures: the names on its reference page."""
    body = reference(discover()[kind])[1]
    part = body.partition(f"## {HEADINGS[1]}")[2].partition(f"## {HEADINGS[2]}")[0]
    return set(re.findall(r"`([a-z][a-z0-9_]*)`", part))


MEASURED = {kind: measured_by(kind) for kind in discover()}


@pytest.fixture(scope="module")
def capability() -> Framework:
    return load_frameworks(FOLDER)["capability"]


def people_alone(one: Indicator) -> bool:
    """Whether a question has no rule at all, so that only a person can answer it."""
    return not any(asked.rules or asked.dataset_rules for asked in one.tests.values())


def alternatives(rule: Rule) -> tuple[Rule, ...]:
    """The rules of which one must hold: those of `any_of`, else the rule itself."""
    return rule.rules if isinstance(rule, AnyOf) else (rule,)


def measurements(rule: Rule) -> tuple[str, ...]:
    """The names a rule asks for."""

    def several(names: str | tuple[str, ...]) -> tuple[str, ...]:
        return (names,) if isinstance(names, str) else names

    match rule:
        case AnyOf():
            return tuple(name for one in rule.rules for name in measurements(one))
        case AtLeast() | AtMost():
            return (*several(rule.measurement), *([rule.of] if rule.of else []))
        case Ahead():
            return (*several(rule.measurement), *several(rule.latest))
        case Within():
            return several(rule.measurement)
        case Covers():
            return (*([rule.start] if rule.start else []), rule.end)
        case _:
            return ()


def sentences(framework: Framework) -> Iterator[str]:
    """Everything a citizen reads of a framework."""
    yield framework.summary
    for area in framework.areas:
        yield area.summary
    for one in framework.indicators:
        yield from (one.question, one.why, one.good, one.weight_why)
        yield from (asked.words for asked in one.tests.values())


def test_every_area_of_city_life_has_a_question(capability: Framework) -> None:
    """Twenty areas and seventy-eight questions, and no area is an empty heading."""
    assert (len(capability.areas), len(capability.indicators)) == (20, 78)
    assert [area.id for area in capability.areas if not capability.of_area(area.id)] == []


def test_the_questions_are_those_of_the_plan(capability: Framework, shared: Path) -> None:
    """Every question of the plan is asked under its own id, and with its weight, and none besides."""
    plan = (shared / "frameworks" / "capability-20.draft.yml").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^  - id: (\S+\.\S+)$.*?^    weight: (\d)$", plan, re.M | re.S))
    assert len(asked) == 78
    assert {one.id: str(one.weight) for one in capability.indicators} == asked


def test_every_question_can_be_missing(capability: Framework) -> None:
    """Only a failed `published` makes a state `missing`, so a question without that test could never be a proven no."""
    assert [one.id for one in capability.indicators if Test.PUBLISHED not in one.tests] == []
    ruled = [one for one in capability.indicators if not people_alone(one)]
    assert [one.id for one in ruled if not one.tests[Test.PUBLISHED].rules] == []


def test_every_question_names_who_may_answer_it(capability: Framework) -> None:
    """A kind of the closed list, a topic of its own name, or a person; eight questions are for people alone."""
    assert {kind for one in capability.indicators for kind in one.kinds} <= set(KINDS)
    assert [one.id for one in capability.indicators if one.topic not in (None, one.id)] == []
    alone = [one.id for one in capability.indicators if one.by_people]
    assert alone == [one.id for one in capability.indicators if people_alone(one)]
    assert len(alone) == 8


def test_the_topics_are_those_of_the_vocabulary(capability: Framework) -> None:
    """What a question looks for among datasets is a topic that the vocabulary knows, and no topic is left over."""
    known = {path.stem for path in (FOLDER / "topics").glob("*.*.yml")}
    asked = {one.topic for one in capability.indicators if one.topic}
    assert known == asked


def test_the_topics_are_those_with_labelled_datasets(capability: Framework, shared: Path) -> None:
    """Fifty questions can be answered by a dataset: those for which real datasets were labelled."""
    scorer = (shared / "topics" / "score.py").read_text(encoding="utf-8")
    labelled = set(re.findall(r"^[a-z-]+\.[a-z-]+$", scorer, re.M))
    assert len(labelled) == 50
    assert {one.topic for one in capability.indicators if one.topic} == labelled


def test_a_source_that_does_not_say_what_it_is_about_answers_by_a_pin(capability: Framework) -> None:
    """No question takes any calendar, feed, page or map service of the city: a person says which one it means."""
    assert [one.id for one in capability.indicators if BY_PIN & set(one.kinds)] == []


def test_rules_ask_only_for_what_is_measured(capability: Framework) -> None:
    """A misspelt measurement would leave a test untested for ever, and nobody would notice."""
    for one in capability.indicators:
        # A source of any other kind than these comes by a pin as well, such as a council's for its votes.
        kinds = {*one.kinds, *BY_PIN} if one.kinds else set(MEASURED)
        names = set().union(*(MEASURED[kind] for kind in kinds))
        asked = {name for test in one.tests.values() for rule in test.rules for name in measurements(rule)}
        assert asked - names == set(), f"{one.id}: no probe of a kind that may answer it measures this"


def test_what_is_measured_is_said_in_plain_words(capability: Framework) -> None:
    """A finding says "number of meetings", not the name that programs use."""
    asked = {
        name
        for one in capability.indicators
        for test in one.tests.values()
        for rule in test.rules
        for name in measurements(rule)
    }
    assert sorted(asked - set(LABELS)) == []


def answers_in_full(asked: TestRule, kind: str) -> bool:
    """Whether a kind measures something for every rule of a test, or for one of its alternatives."""
    groups = [[set(measurements(one)) for one in alternatives(rule)] for rule in asked.rules]
    return all(any(not names or names & MEASURED[kind] for names in group) for group in groups)


def test_every_kind_can_answer_its_question_in_full(capability: Framework) -> None:
    """A kind that lacks what a test asks for could never pass it, and would leave the question open for ever."""
    lost = [
        (one.id, kind, str(test))
        for one in capability.indicators
        for kind in one.kinds
        for test, asked in one.tests.items()
        if not answers_in_full(asked, kind)
    ]
    assert (
        lost
        == [
            # These say what is stated where an interface offers it: the list of an older portal announces no total.
        ]
    )


def test_a_dataset_can_answer_every_test_of_its_topic(capability: Framework) -> None:
    """What a catalogue's record cannot show, a dataset is not asked for; a timetable alone must be read itself."""
    lost = [
        (one.id, str(test))
        for one in capability.indicators
        if one.topic
        for test, asked in one.tests.items()
        for rule in asked.asked(of_dataset=True)
        if not {item.rule for item in alternatives(rule)} & OF_A_RECORD
    ]
    assert lost == [("transit.timetable", "fresh")]


def test_a_catalogue_answers_only_about_itself(capability: Framework) -> None:
    """A question that datasets answer never takes a whole catalogue: its figures are those of all datasets together."""
    assert [one.id for one in capability.indicators if one.topic and CATALOGUE_KINDS & set(one.kinds)] == []


def test_a_lifetime_has_its_reason() -> None:
    """Whoever sets how long a reading counts says why, in the line above."""
    lines = (FOLDER / "capability.yml").read_text(encoding="utf-8").splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("    lifetime_days:")]
    assert len(places) > 10
    assert [lines[number] for number in places if not lines[number - 1].startswith("    # ")] == []


def test_live_questions_outlive_no_week(capability: Framework) -> None:
    """What must be minutes or hours old says nothing of a feed that was read a month ago, also through a catalogue."""
    live = [
        one
        for one in capability.indicators
        if Test.FRESH in one.tests
        for rule in one.tests[Test.FRESH].rules
        if isinstance(rule, Within) and rule.days <= 2
    ]
    assert len(live) >= 5
    assert [one.id for one in live if one.lifetime_days != 7] == []


def test_a_timetable_reading_speaks_no_longer_than_it_looked_ahead(capability: Framework) -> None:
    """The feed must hold the week after the reading; a reading that counted for longer could vouch for an ended one."""
    timetable = next(one for one in capability.indicators if one.id == "transit.timetable")
    rules = [one for rule in timetable.tests[Test.FRESH].rules for one in alternatives(rule)]
    covers = [rule for rule in rules if isinstance(rule, Covers)]
    assert timetable.lifetime_days is not None and timetable.lifetime_days <= min(rule.days for rule in covers)


def test_a_place_to_report_lists_what_can_be_reported(capability: Framework) -> None:
    """That some part of such an interface answers is not enough: a file that only names addresses takes no report."""
    report = next(one for one in capability.indicators if one.id == "services.report")
    assert [measurements(rule) for rule in report.tests[Test.PUBLISHED].rules] == [("service_count", "marker_found")]


def test_a_citizen_understands_the_words(capability: Framework) -> None:
    """No names of protocols or file forms in what a citizen reads, British spelling, and real questions."""
    jargon = re.compile(r"\b(API|DCAT|GTFS|GBFS|CKAN|JSON|CSV|metadata|endpoint|schema|parsed?|HTTPS?|color|center)\b")
    assert [text for text in sentences(capability) if jargon.search(text)] == []
    assert [one.id for one in capability.indicators if not one.question.endswith("?")] == []


def test_the_words_are_our_own(capability: Framework, shared: Path) -> None:
    """Facts carry over from what we learnt elsewhere; sentences do not."""
    texts = " ".join(path.read_text(encoding="utf-8") for path in sorted((shared / "frameworks").iterdir())).lower()
    assert texts
    assert [text for text in sentences(capability) if text.lower().rstrip(".") in texts] == []


def test_the_schema_comes_first() -> None:
    """An editor finds the schema by the first line of every framework."""
    for folder, up in ((FOLDER, ".."), (FOLDER / "versions", "../..")):
        files = sorted(folder.glob("*.yml"))
        assert files
        expected = f"# yaml-language-server: $schema={up}/builder/store/schemas/framework.schema.json"
        assert [path.name for path in files if path.read_text(encoding="utf-8").splitlines()[0] != expected] == []


def test_an_older_version_is_kept_as_it_was(capability: Framework) -> None:
    """Each version that `changes` tells of can still be loaded, with the questions that it asked."""
    counts = {
        change.version: len(load_framework_version(FOLDER, "capability", change.version).indicators)
        for change in capability.changes
    }
    assert counts == {"1.0": 78, "0.1": 28}
    kept = {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in (FOLDER / "versions").glob("*.yml")}
    assert kept == {"capability-0.1": "e67f0138d9ab4d2d"}, (
        "a version that cities were judged by was changed, so nobody could judge as it did any more: "
        "take the change back, and put it into a new version of frameworks/capability.yml"
    )


def test_an_older_version_judges_the_same_facts() -> None:
    """The same reading under two versions: what the method changed is seen apart from what the city did."""
    weaknesses = source("security", "security_txt")
    read = good(NOW, of=weaknesses, contact_count=1, expires="2027-01-01T00:00:00Z")
    plain = read.captures[0].model_copy(update={"final_url": "http://example.org/.well-known/security.txt"})
    seen = read.model_copy(update={"captures": (plain,)})
    known = Known(CityFacts(city="gb-exampleton", sources={"security": SourceFacts(good=seen)}))
    states = {}
    for version in ("0.1", "1.0"):
        framework = load_framework_version(FOLDER, "capability", version)
        card = judge(city(weaknesses), known, framework, NOW, frozenset({"security_txt"}))
        states[version] = next(one.state for one in card.answers if one.indicator.id == "responsible-tech.security")
    assert states == {"0.1": State.PRESENT, "1.0": State.PARTIAL}
