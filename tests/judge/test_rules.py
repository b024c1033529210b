"""The rules of the closed vocabulary, one by one, on small facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from builder.judge.facts import Facts, Read
from builder.judge.ruled import Ruled
from builder.judge.rules import evaluate
from builder.model.catalogue import Dataset
from builder.model.evidence import EXCERPT_LIMIT, Seen
from builder.model.observation import Observation
from builder.model.reasons import Outcome, Reason
from builder.model.scorecard import Thing
from builder.model.source import Source

from .facts import NOW, ago, capture, good, rule, source

PASSED, FAILED, CANT_TELL, UNTESTED = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL, Outcome.UNTESTED


def rules(
    plain: dict[str, Any],
    observation: Observation,
    *,
    of: Source | None = None,
    dataset: Dataset | None = None,
    licence: Observation | None = None,
) -> Ruled:
    """What one rule says of one reading."""
    of = of or source()
    elsewhere = Read(source("terms", "webpage"), licence, licence.at) if licence else None
    return evaluate(rule(plain), Facts(Thing(of, dataset), Read(of, observation, observation.at), elsewhere))


def record(**more: Any) -> Dataset:
    return Dataset.model_validate({"id": "trees", "title": "Trees", "pointer": "$.result[3]", **more})


DATASETS = {"rule": "at_least", "measurement": "dataset_count", "value": 1}
OPEN = {"rule": "at_least", "measurement": "open_license_share", "value": 0.9}
BARE = {"rule": "at_most", "measurement": "bare_count", "of": "dataset_count", "value": 0.1}
MONTH = {"rule": "within", "measurement": "modified_latest", "days": 30}
MINUTES = {"rule": "within", "measurement": "last_updated", "days": 10 / 1440}
WEEK = {"rule": "covers", "start": "service_start", "end": "service_end", "days": 7}


@pytest.mark.parametrize(
    ("plain", "measured", "outcome"),
    [
        (DATASETS, {"dataset_count": 1}, PASSED),
        (DATASETS, {"dataset_count": 0}, FAILED),
        (DATASETS, {}, UNTESTED),
        (OPEN, {"open_license_share": 0.9}, PASSED),
        (OPEN, {"open_license_share": 0.8999, "license_ids": {"CC-BY-NC-4.0": 1}, "dataset_count": 10}, FAILED),
        ({**DATASETS, "measurement": ("a", "b")}, {"a": 0, "b": 3}, PASSED),
        ({**DATASETS, "measurement": ("a", "b")}, {"b": 0}, FAILED),
        ({**DATASETS, "measurement": "names"}, {"names": ["one"]}, PASSED),
        ({**DATASETS, "measurement": "standard"}, {"standard": "WCAG 2.2"}, PASSED),
        ({**DATASETS, "measurement": "hsts"}, {"hsts": False}, FAILED),
        (BARE, {"bare_count": 1, "dataset_count": 10}, PASSED),
        (BARE, {"bare_count": 2, "dataset_count": 10}, FAILED),
        (BARE, {"bare_count": 0, "dataset_count": 0}, CANT_TELL),
        (BARE, {"bare_count": 0}, UNTESTED),
    ],
)
def test_amounts_pass_fail_or_stay_untested(plain: dict[str, Any], measured: dict[str, Any], outcome: Outcome) -> None:
    """A measured amount passes or fails; one that was not offered is a gap, and a share of nothing tells nothing."""
    assert rules(plain, good(NOW, **measured)).outcome is outcome


@pytest.mark.parametrize(
    ("plain", "measured", "outcome"),
    [
        (DATASETS, {"dataset_count": 1}, PASSED),
        (DATASETS, {"dataset_count": 0}, CANT_TELL),
        (OPEN, {"open_license_share": 0.95}, PASSED),
        (OPEN, {"open_license_share": 0.1}, CANT_TELL),
        (BARE, {"bare_count": 0, "dataset_count": 10}, PASSED),
        (BARE, {"bare_count": 9, "dataset_count": 10}, CANT_TELL),
        ({**BARE, "of": None, "value": 5}, {"bare_count": 1}, CANT_TELL),
        ({**BARE, "of": None, "value": 5}, {"bare_count": 9}, FAILED),
        (MONTH, {"modified_latest": "2020-01-01"}, CANT_TELL),
        (MONTH, {"modified_latest": "2026-05-31"}, PASSED),
        (WEEK, {"service_start": "2026-01-01", "service_end": "2026-06-02"}, CANT_TELL),
    ],
)
def test_an_incomplete_reading_proves_presence_never_absence(
    plain: dict[str, Any], measured: dict[str, Any], outcome: Outcome
) -> None:
    """What a part shows is there; what it does not show may be in the rest, and the words say which part was read."""
    ruled = rules(plain, good(NOW, complete=False, scope="the 295 tabular datasets", **measured))
    assert ruled.outcome is outcome
    if outcome is CANT_TELL or "share" in ruled.words:
        assert "the 295 tabular datasets" in ruled.words


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ("2026-06-01", PASSED),
        ("2026-05-02", PASSED),
        ("2026-05-02T12:00:00Z", PASSED),
        ("2026-05-02T11:59:00Z", FAILED),
        ("2026-05-01", FAILED),
        ("2026-06-02", CANT_TELL),
        ("2031-01-01T00:00:00Z", CANT_TELL),
        ("1989-12-31", CANT_TELL),
        ("1970-01-01T00:00:00Z", CANT_TELL),
        ("last week", CANT_TELL),
    ],
)
def test_a_future_or_ancient_date_proves_no_freshness(stated: str, outcome: Outcome) -> None:
    """Thirty days are counted back from the reading; a date after it or before 1990 is a mistake, not a proof."""
    assert rules(MONTH, good(NOW, modified_latest=stated)).outcome is outcome


def test_freshness_is_judged_as_of_the_reading() -> None:
    """A reading of 2022 that found that week's data found fresh data, whenever we judge it."""
    assert rules(MONTH, good(ago(1400), modified_latest=ago(1405).isoformat())).outcome is PASSED


@pytest.mark.parametrize(
    ("behind", "outcome"), [(600, PASSED), (601, FAILED), (0, PASSED), (-300, PASSED), (-7200, CANT_TELL)]
)
def test_minutes_are_counted_to_the_second(behind: int, outcome: Outcome) -> None:
    """Ten minutes are ten minutes; a clock a little ahead is forgiven, one that is hours ahead tells nothing."""
    said = (NOW - timedelta(seconds=behind)).isoformat()
    assert rules(MINUTES, good(NOW, last_updated=said)).outcome is outcome


@pytest.mark.parametrize(("said", "outcome"), [("2026-05-30T08:00:00Z", FAILED), ("2026-06-01T08:00:00Z", CANT_TELL)])
def test_a_copy_that_states_only_its_day_cannot_show_minutes(said: str, outcome: Outcome) -> None:
    """Within one day nobody knows how many minutes passed; two days are too many whatever the hour."""
    midnight = NOW.replace(hour=0)
    copy = capture(midnight, copy="https://example.org/copy", day_only=True)
    assert rules(MINUTES, good(midnight, captures=(copy,), last_updated=said)).outcome is outcome


def test_the_newest_of_several_times_counts() -> None:
    """Kinds name their time differently; one fresh time is proof enough."""
    plain = {**MONTH, "measurement": ("requested_latest", "updated_latest")}
    assert rules(plain, good(NOW, requested_latest="2020-01-01", updated_latest="2026-05-30")).outcome is PASSED
    assert rules(plain, good(NOW, requested_latest="2020-01-01")).outcome is FAILED


@pytest.mark.parametrize(
    ("start", "end", "outcome"),
    [
        ("2026-01-01", "2026-06-08", PASSED),
        ("2026-01-01", "2026-06-07", FAILED),
        ("2026-06-02", "2026-12-31", FAILED),
        ("1900-01-01", "2026-12-31", CANT_TELL),
        ("soon", "2026-12-31", CANT_TELL),
        (None, "2026-12-31", UNTESTED),
    ],
)
def test_a_span_holds_the_day_and_the_week_after(start: str | None, end: str, outcome: Outcome) -> None:
    """A timetable that has ended, or has not begun, does not hold the coming week."""
    measured = {"service_end": end} | ({"service_start": start} if start else {})
    assert rules(WEEK, good(NOW, **measured)).outcome is outcome


def test_a_span_without_a_start_has_begun() -> None:
    """Something that only states when it runs out is in force until then."""
    plain = {"rule": "covers", "end": "expires", "days": 0}
    assert rules(plain, good(NOW, expires="2026-06-01T00:00:00Z")).outcome is PASSED
    assert rules(plain, good(NOW, expires="2026-05-31T23:00:00Z")).outcome is FAILED


@pytest.mark.parametrize(
    ("licence", "outcome"),
    [
        ("cc-by-4.0", PASSED),
        ("https://creativecommons.org/licenses/by/4.0/", PASSED),
        ("https://opendatacommons.org/licenses/odbl/1-0/", PASSED),
        ("https://creativecommons.org/licenses/by-nc/4.0/", FAILED),
        ("CC-BY-NC-ND-4.0", FAILED),
        ("proprietary", FAILED),
        ("our terms of use", CANT_TELL),
        ("notspecified", UNTESTED),
        (None, UNTESTED),
    ],
)
def test_a_source_is_open_by_what_it_states(licence: str | None, outcome: Outcome) -> None:
    """Open, known not to be, or words we do not recognise, which are no failing; none read is a gap."""
    measured = {"license_id": licence} if licence else {}
    assert rules({"rule": "open_licence"}, good(NOW, **measured), of=source("f", "gbfs")).outcome is outcome


def test_a_licence_may_be_stated_elsewhere() -> None:
    """The source that `licence_from` names states it, and its exchange is the proof."""
    terms = good(ago(3), license_id="ODbL-1.0")
    ruled = rules({"rule": "open_licence"}, good(NOW), of=source("feed", "gtfs"), licence=terms)
    assert ruled.outcome is PASSED
    assert [(one.source, one.capture.at) for one in ruled.evidence if isinstance(one, Seen)] == [("terms", ago(3))]


@pytest.mark.parametrize(
    ("licence", "complete", "outcome"),
    [
        ("CC-BY-4.0", True, PASSED),
        ("CC-BY-NC-4.0", True, FAILED),
        ("see our website", True, CANT_TELL),
        (None, True, FAILED),
        (None, False, FAILED),
    ],
)
def test_a_dataset_is_open_by_its_record(licence: str | None, complete: bool, outcome: Outcome) -> None:
    """The record itself was read, so that it states no licence was seen, however much of the catalogue was not."""
    ruled = rules({"rule": "open_licence"}, good(NOW, complete=complete), dataset=record(licence=licence))
    assert ruled.outcome is outcome


@pytest.mark.parametrize(
    ("formats", "outcome"),
    [(("CSV", "PDF"), PASSED), (("PDF",), FAILED), (("HTML", "PDF"), FAILED), (("ZIP",), CANT_TELL), ((), UNTESTED)],
)
def test_a_pdf_is_never_readable_by_programs(formats: tuple[str, ...], outcome: Outcome) -> None:
    """A known form for data passes, forms for people fail, and an archive may hold anything."""
    assert rules({"rule": "machine_readable"}, good(NOW), dataset=record(formats=formats)).outcome is outcome


@pytest.mark.parametrize(("kind", "outcome"), [("gtfs", PASSED), ("ckan", PASSED), ("webpage", FAILED)])
def test_a_kind_is_readable_by_its_form(kind: str, outcome: Outcome) -> None:
    """A feed that answers in its own form is data; a page for people is not."""
    assert rules({"rule": "machine_readable"}, good(NOW), of=source("s", kind)).outcome is outcome


@pytest.mark.parametrize(
    ("modified", "basis", "outcome"),
    [
        ("2026-05-20", "data", PASSED),
        ("2020-05-20", "data", FAILED),
        ("2020-05-20", "metadata", CANT_TELL),
        ("2026-05-20", "metadata", PASSED),
        (None, "data", UNTESTED),
    ],
)
def test_a_dataset_is_fresh_by_its_record(modified: str | None, basis: str, outcome: Outcome) -> None:
    """Where a catalogue dates only descriptions, an old date does not show that the data is old."""
    assert rules(MONTH, good(NOW, modified_basis=basis), dataset=record(modified=modified)).outcome is outcome


def test_a_catalogues_figures_are_not_its_datasets() -> None:
    """That the portal holds 900 datasets says nothing about one of them."""
    assert rules(DATASETS, good(NOW, dataset_count=900), dataset=record()).outcome is UNTESTED


def test_every_claim_shows_where_it_was_read() -> None:
    """The proof is the exchange, the place in it and a short excerpt; a dataset's is its own record."""
    [proof] = rules(DATASETS, good(NOW, dataset_count=3)).evidence
    assert isinstance(proof, Seen)
    assert (proof.source, proof.pointer, proof.excerpt) == ("portal", "$.dataset_count", "dataset_count: 3")
    [proof] = rules({"rule": "answers"}, good(NOW), dataset=record(title="T" * 300)).evidence
    assert isinstance(proof, Seen)
    assert proof.pointer == "$.result[3]" and len(proof.excerpt) == EXCERPT_LIMIT
    assert len(rules(BARE, good(NOW, bare_count=1, dataset_count=10)).evidence) == 2


@pytest.mark.parametrize("plain", [{"rule": "answers"}, DATASETS])
def test_a_lost_exchange_is_our_fault(plain: dict[str, Any]) -> None:
    """Facts whose exchange was not kept can prove nothing, and that is no failing of the source."""
    ruled = rules(plain, good(NOW, captures=(), dataset_count=0))
    assert (ruled.outcome, ruled.reason) == (CANT_TELL, Reason.OUR_ERROR)


@pytest.mark.parametrize("lost", ["dataset_count", "bare_count"])
def test_half_a_proof_is_none(lost: str) -> None:
    """A share of which one part's exchange was lost claims nothing, in neither direction."""
    read = good(ago(1), bare_count=3, dataset_count=801)
    gone = read.measurements[lost].model_copy(update={"capture": 7})
    ruled = rules(BARE, read.model_copy(update={"measurements": {**read.measurements, lost: gone}}))
    assert (ruled.outcome, ruled.reason, ruled.evidence) == (CANT_TELL, Reason.OUR_ERROR, ())


@pytest.mark.parametrize(
    ("plain", "measured", "words"),
    [
        (
            DATASETS,
            {"dataset_count": 295},
            "On 31 May 2026 the number of datasets listed was 295; we ask for at least 1.",
        ),
        (
            {"rule": "at_least", "measurement": "modified_within_year_share", "value": 0.1},
            {"modified_within_year_share": 0.625},
            "On 31 May 2026 the share of datasets changed within a year was 62.5 %; we ask for at least 10 %.",
        ),
        (
            {**BARE, "measurement": "datasets_without_distribution"},
            {"datasets_without_distribution": 3, "dataset_count": 801},
            "On 31 May 2026 there were 3 datasets that name no download and no service among 801 datasets listed "
            "(0.4 %); we allow at most 10 %.",
        ),
        (
            {"rule": "at_least", "measurement": "standard", "value": 1},
            {"standard": ["BITV 2.0", "EN 301 549"]},
            "On 31 May 2026 it named its standard: BITV 2.0 and EN 301 549.",
        ),
        (
            {"rule": "at_least", "measurement": "has_fares", "value": 1},
            {"has_fares": False},
            "On 31 May 2026 the answer to “fares in the data” was no.",
        ),
        (
            MONTH,
            {"modified_latest": "2026-05-20T08:00:00Z"},
            "The day of the newest change was 20 May 2026; we read it on 31 May 2026 and allow 30 days between the "
            "two.",
        ),
        (
            MINUTES,
            {"last_updated": "2026-05-31T11:55:00Z"},
            "The time of the live data was 31 May 2026, 11:55 UTC; we read it on 31 May 2026, 12:00 UTC and allow "
            "10 minutes between the two.",
        ),
        (
            WEEK,
            {"service_start": "2026-05-01", "service_end": "2026-06-30"},
            "It runs from 1 May 2026 to 30 June 2026; we ask that it cover the day on which we read it, 31 May 2026, "
            "and the 7 days after it.",
        ),
        ({"rule": "answers"}, {}, "On 31 May 2026 it answered in the form it declares."),
        (MONTH, {}, "Our reading does not show the day of the newest change."),
    ],
)
def test_each_rule_says_figure_limit_and_day(plain: dict[str, Any], measured: dict[str, Any], words: str) -> None:
    """What a rule says can be quoted: plain words, the figure, what we ask, and the day of the reading."""
    assert rules(plain, good(ago(1), **measured)).words == words


@pytest.mark.parametrize(
    ("ids", "outcome"),
    [
        ({"CC-BY-4.0": 5, "CC-BY-NC-4.0": 5}, FAILED),
        ({"CC-BY-4.0": 5}, FAILED),  # the others state none at all
        ({"CC-BY-4.0": 5, "notspecified": 5}, FAILED),
        ({"CC-BY-4.0": 5, "https://data.example.org/datasets/1/license.json": 5}, CANT_TELL),
        ({"CC-BY-4.0": 5, "See Terms of Use": 4, "CC-BY-NC-4.0": 1}, CANT_TELL),
        ({"CC-BY-4.0": 5, "See Terms of Use": 3, "CC-BY-NC-4.0": 2}, FAILED),
        (None, CANT_TELL),
    ],
)
def test_a_licence_that_we_do_not_know_is_no_no(ids: dict[str, int] | None, outcome: Outcome) -> None:
    """A link to a licence text that nobody read may lead to an open one: it fails only where even that would not do."""
    told = {"open_license_share": 0.5, "dataset_count": 10, **({} if ids is None else {"license_ids": ids})}
    ruled = rules(OPEN, good(ago(1), **told))
    assert ruled.outcome is outcome
    assert "was 50 %; we ask for at least 90 %" in ruled.words


def test_a_count_over_a_part_says_which_part() -> None:
    """A figure of an incomplete reading never stands without what was read."""
    read = good(ago(1), complete=False, scope="the first 50 of 900", dataset_count=50)
    assert rules(DATASETS, read).words.endswith("; we ask for at least 1. Only a part was read: the first 50 of 900.")
