"""What is read of a Decidim platform, in samples made from its documentation and not recorded."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Measurement, Reading, Target
from builder.probes import decidim

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://take-part.lindenford.example"
PROCESSES: dict[str, Any] = {"data": {
    "decidim": {"version": "0.29.2"},
    "participatoryProcesses": [
        {"id": "1", "startDate": "2026-03-01", "endDate": "2026-06-30", "publishedAt": "2026-02-01T09:00:00+01:00",
         "updatedAt": "2026-11-02T10:00:00+01:00"},
        {"id": "2", "startDate": "2026-10-01", "endDate": None, "publishedAt": "2026-09-20T09:00:00Z",
         "updatedAt": None},
        {"id": "3", "startDate": "2026-10-01", "endDate": "2026-11-21", "publishedAt": None},
        {"id": "4", "startDate": "2027-01-01", "endDate": "2027-02-01", "publishedAt": "2027-01-01T00:00:00Z"},
        {"id": "5", "startDate": None, "endDate": None},
    ]}}  # fmt: skip


def component(*times: str, more: bool = False, withdrawn: bool = False) -> dict[str, Any]:
    """A meetings component with meetings at these times."""
    edges = [{"node": {"startTime": time, "isWithdrawn": withdrawn}} for time in times]
    return {"meetings": {"pageInfo": {"hasPreviousPage": more}, "edges": edges}}


def meetings(*components: dict[str, Any]) -> dict[str, Any]:
    """The answer to the question for meetings."""
    return {"data": {"participatoryProcesses": [{"components": list(components)}, {"components": []}]}}


MEETINGS = meetings(component("2026-11-20T18:00:00+01:00", "2026-12-10T17:00:00Z"), {},
                    component("2026-12-03T18:00:00+01:00"),
                    component("2026-11-25T18:00:00+01:00", withdrawn=True))  # fmt: skip


def read(fake_web: Any, *answers: Any, url: str = URL + "/") -> Reading:
    """Read a platform that gives these answers in turn."""
    left = list(answers)
    return asyncio.run(decidim.read(Target(url, NOW), fake_web({f"{URL}/api": lambda request: left.pop(0)})))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_platform_is_read(fake_web: Any) -> None:
    """Processes and open ones are counted, the last activity has happened, the next meeting is the first to come."""
    reading = read(fake_web, PROCESSES, MEETINGS)
    assert plain(reading) == {
        "version": "0.29.2", "process_count": 5, "open_process_count": 2,
        "activity_latest": "2026-11-20T17:00:00Z", "meeting_count": 4, "next_meeting": "2026-12-03T17:00:00Z",
    }  # fmt: skip
    assert reading.complete and reading.scope == "5 participatory processes; 4 meetings"
    assert reading.measurements["next_meeting"].capture == 1
    assert reading.measurements["activity_latest"].pointer.endswith("startTime")


@pytest.mark.parametrize("url", [URL, URL + "/", URL + "/api", URL + "/api/", URL + "/processes/park?locale=en"])
def test_it_is_asked_at_its_interface_by_post(fake_web: Any, url: str) -> None:
    """Whatever address of the platform is given, its interface gets two questions in GraphQL."""
    asked: list[Request] = []

    def answer(request: Request) -> Any:
        asked.append(request)
        return PROCESSES if len(asked) == 1 else MEETINGS

    asyncio.run(decidim.read(Target(url, NOW), fake_web({f"{URL}/api": answer})))
    queries = [json.loads(request.json_body or b"")["query"] for request in asked]
    assert "startDate endDate" in queries[0] and "startTime isWithdrawn" in queries[1]


def test_an_older_version_is_asked_without_the_newer_field(fake_web: Any) -> None:
    """A version that does not know whether a meeting was withdrawn is asked again without that."""
    unknown = {"errors": [{"message": "Field 'isWithdrawn' doesn't exist on type 'Meeting'"}]}
    reading = read(fake_web, PROCESSES, unknown, MEETINGS)
    assert plain(reading)["meeting_count"] == 4 and reading.measurements["next_meeting"].capture == 2


def test_meetings_that_cannot_be_read_do_not_spoil_the_rest(fake_web: Any) -> None:
    """Without meetings the processes still count, and the reading says what is missing."""
    for answers in ((b"<html>busy</html>",), ((503, {}, b""),), ({"errors": [{"message": "too complex"}]},) * 2):
        reading = read(fake_web, PROCESSES, *answers)
        assert plain(reading)["process_count"] == 5 and "next_meeting" not in reading.measurements
        assert not reading.complete and "meetings not read" in reading.scope


def test_more_meetings_than_asked_for_are_not_all(fake_web: Any) -> None:
    """Where a component holds more meetings than came, the reading is not whole."""
    reading = read(fake_web, PROCESSES, meetings(component("2026-12-03T18:00:00Z", more=True)))
    assert not reading.complete and reading.scope.endswith("the newest 1 meeting")


def test_a_platform_without_processes_is_empty(fake_web: Any) -> None:
    """A working platform with nothing on it answered, and holds nothing; a hidden version is absent."""
    reading = read(fake_web, {"data": {"decidim": {"version": None}, "participatoryProcesses": []}}, meetings())
    assert reading.empty and plain(reading)["process_count"] == 0 and "version" not in reading.measurements


@pytest.mark.parametrize(("answer", "reason"), [
    (b"<!doctype html><title>Take part</title>", "not-the-declared-format"),
    ({"errors": [{"message": "Field 'participatoryProcesses' doesn't exist on type 'Query'"}]}, "api-error"),
    ({"data": None, "errors": [{"message": "no"}]}, "api-error"),
    ({"data": {"site": {}}}, "not-the-declared-format"),
    ({"hello": "world"}, "not-the-declared-format"),
    (b'{"data": {', "malformed"),
    ((404, {}, b"none"), "not-found"),
])  # fmt: skip
def test_what_is_no_platform_is_refused(fake_web: Any, answer: Any, reason: str) -> None:
    """A page, complaints, other data and broken JSON each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, answer)
    assert caught.value.reason == reason and caught.value.capture is not None


ODD = st.sampled_from(
    [None, True, [], {}, [None], 1e18, -1, "9999-12-31T23:59:59-14:00", "x", "2026-12-01", {"edges": 3}]
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_damaged_answers_never_surprise(fake_web: Any, data: st.DataObject) -> None:
    """Whatever stands where in either answer, a platform is read or refused with a reason."""

    def damaged(value: Any) -> Any:
        if data.draw(st.integers(0, 12)) == 0:
            return data.draw(ODD)
        if isinstance(value, dict):
            return {key: damaged(inner) for key, inner in value.items()}
        return [damaged(inner) for inner in value] if isinstance(value, list) else value

    try:
        reading = read(fake_web, damaged(PROCESSES), damaged(MEETINGS), damaged(MEETINGS))
    except Unreadable as error:
        assert error.message
        return
    for measured in reading.measurements.values():
        Measurement.model_validate_json(measured.model_dump_json())
