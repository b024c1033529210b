"""The frameworks people wrote: whole, in words of our own, and asking only for what a probe can measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.model.finding import Test
from builder.model.framework import AtLeast, AtMost, Covers, Framework, Indicator, Rule, Within
from builder.model.kinds import KINDS
from builder.store.people import load_frameworks

FOLDER = Path(__file__).parents[2] / "frameworks"

CATALOGUE = """dataset_count announced_count distribution_count datasets_without_distribution license_ids
datasets_without_license open_license_share machine_readable_share modified_latest modified_basis
modified_within_year_share publisher_count conforms_to mqa_points link_sample_size link_working_share"""

# What the kinds promise to measure; a rule that asks for anything else could never be answered.
MEASURED = {
    **dict.fromkeys(("ckan", "opendatasoft", "socrata", "arcgis_hub", "dcat_us", "dcat_ap", "udata"), CATALOGUE),
    "gtfs": "agency_count route_count stop_count trip_count service_start service_end feed_version stop_count_near",
    "gtfs_rt": "header_timestamp header_age_seconds entity_count trip_update_count vehicle_count alert_count",
    "gbfs": "version last_updated system_id license_id station_count vehicle_count bikes_available feed_names",
    "siri": "version response_timestamp journey_count situation_count facility_count",
    "netex": "version publication_timestamp line_count journey_count valid_to",
    "datex2": "version publication_time situation_count parking_count",
    "open311": "service_count request_count requested_latest updated_latest median_days_to_close endpoint_count",
    "sensorthings": "thing_count datastream_count observation_latest",
    "openaq": "location_count observation_latest pm25_mean no2_mean",
    "ogc_api": "title collection_count feature_count",
    "ocds": "release_count record_count ocid_count release_latest license version",
    "feed": "item_count published_latest title",
    "ical": "event_count next_event",
    "algorithm_register": "entry_count entry_latest",
    **dict.fromkeys(("decidim", "consul", "oparl", "legistar"),
                    "version process_count open_process_count activity_latest next_meeting"),
    "security_txt": "contact_count expires canonical",
    "accessibility_statement": "statement_date standard contact",
}  # fmt: skip

TOPICS = {
    "air.stations", "climate.inventory", "connectivity.wifi", "democracy.meetings", "economy-culture.events",
    "energy.charging", "money.budget", "money.contracts", "nature.trees", "planning.permits", "safety.crime",
    "services.requests", "streets.traffic", "waste.collection", "water.quality",
}  # fmt: skip


@pytest.fixture(scope="module")
def capability() -> Framework:
    return load_frameworks(FOLDER)["capability"]


def measurements(rule: Rule) -> tuple[str, ...]:
    """The names a rule asks for."""
    match rule:
        case AtLeast() | AtMost():
            names = (rule.measurement,) if isinstance(rule.measurement, str) else rule.measurement
            return names if rule.of is None else (*names, rule.of)
        case Within():
            return (rule.measurement,) if isinstance(rule.measurement, str) else rule.measurement
        case Covers():
            return (rule.end,) if rule.start is None else (rule.start, rule.end)
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
    """Twenty areas and twenty-eight questions, and no area is an empty heading."""
    assert (len(capability.areas), len(capability.indicators)) == (20, 28)
    assert [area.id for area in capability.areas if not capability.of_area(area.id)] == []


def test_every_question_can_be_missing(capability: Framework) -> None:
    """Only a failed `published` makes a state `missing`, so a question without that test could never be a proven no."""
    assert [one.id for one in capability.indicators if Test.PUBLISHED not in one.tests] == []
    assert [one.id for one in capability.indicators if not one.tests[Test.PUBLISHED].rules] == []


def test_every_question_names_who_may_answer_it(capability: Framework) -> None:
    """A kind of the closed list, a topic of the vocabulary, or both."""
    assert {kind for one in capability.indicators for kind in one.kinds} <= set(KINDS)
    assert {one.topic for one in capability.indicators if one.topic} <= TOPICS
    assert [one.id for one in capability.indicators if not one.kinds and not one.topic] == []


def test_rules_ask_only_for_what_is_measured(capability: Framework) -> None:
    """A misspelt measurement would leave a test untested for ever, and nobody would notice."""
    names = {name for names in MEASURED.values() for name in names.split()}
    asked = {
        name
        for one in capability.indicators
        for test in one.tests.values()
        for rule in test.rules
        for name in measurements(rule)
    }
    assert asked - names == set()


def answerable(one: Indicator, kind: str) -> bool:
    """Whether a kind measures something of every rule of every test but those of other kinds' making."""
    names = set(MEASURED[kind].split())
    wanted = [set(measurements(rule)) for test in one.tests.values() for rule in test.rules if measurements(rule)]
    return all(names & group for group in wanted)


def test_one_kind_at_least_can_answer_each_question_in_full(capability: Framework) -> None:
    """Where sources answer by themselves, some kind of them measures everything that is asked."""
    lost = [
        one.id for one in capability.indicators if one.kinds and not any(answerable(one, kind) for kind in one.kinds)
    ]
    assert lost == []


def test_a_timetable_reading_speaks_no_longer_than_it_looked_ahead(capability: Framework) -> None:
    """The feed must hold the week after the reading; a reading that counted for longer could vouch for an ended one."""
    timetable = next(one for one in capability.indicators if one.id == "transit.timetable")
    covers = [rule for rule in timetable.tests[Test.FRESH].rules if isinstance(rule, Covers)]
    assert timetable.lifetime_days is not None and timetable.lifetime_days <= min(rule.days for rule in covers)


def test_a_place_to_report_lists_what_can_be_reported(capability: Framework) -> None:
    """That some part of such an interface answers is not enough: a file that only names addresses takes no report."""
    report = next(one for one in capability.indicators if one.id == "services.report")
    assert [measurements(rule) for rule in report.tests[Test.PUBLISHED].rules] == [("service_count",)]


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
    files = sorted(FOLDER.glob("*.yml"))
    assert files
    expected = "# yaml-language-server: $schema=../builder/store/schemas/framework.schema.json"
    assert [path.name for path in files if path.read_text(encoding="utf-8").splitlines()[0] != expected] == []
