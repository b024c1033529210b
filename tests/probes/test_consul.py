"""What is read of a CONSUL platform, in samples made from its documentation and not recorded."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Reading, Target
from builder.probes import consul

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://decide.lindenford.example"


def connection(*items: dict[str, Any]) -> dict[str, Any]:
    """A list as the interface gives it."""
    return {"edges": [{"node": item} for item in items]}


def written(*times: Any) -> dict[str, Any]:
    """A list of things written at these times."""
    return connection(*({"id": number, "public_created_at": time} for number, time in enumerate(times)))


WRITTEN = {"data": {"proposals": written("2026-11-20 09:00:00 UTC", "2025-01-01 10:00:00 +0100"),
                    "debates": written("2026-11-20 11:00:00 +0200", None, "2027-01-01 00:00:00 UTC")}}  # fmt: skip
BUDGETS = {"data": {"budgets": connection({"id": 1, "phase": "finished"}, {"id": 2, "phase": "balloting"},
                                          {"id": 3, "phase": None})}}  # fmt: skip
UNKNOWN = {"errors": [{"message": "Field 'budgets' doesn't exist on type 'Query'"}]}


def read(fake_web: Any, *answers: Any, url: str = URL) -> Reading:
    """Read a platform that gives these answers in turn."""
    left = list(answers)
    return asyncio.run(consul.read(Target(url, NOW), fake_web({f"{URL}/graphql": lambda request: left.pop(0)})))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_platform_is_read(fake_web: Any) -> None:
    """Budgets are the processes, and the newest thing written that has happened is the last activity."""
    reading = read(fake_web, WRITTEN, BUDGETS)
    assert plain(reading) == {"activity_latest": "2026-11-20T09:00:00Z", "process_count": 3, "open_process_count": 1}
    assert reading.complete and reading.scope == "the last 5 of the proposals and debates, 3 budgets"
    assert reading.measurements["open_process_count"].capture == 1


@pytest.mark.parametrize("url", [URL + "/", URL + "/graphql", URL + "/proposals/12-a-bench", URL + "/budgets"])
def test_it_is_asked_at_its_interface_by_post(fake_web: Any, url: str) -> None:
    """Whatever address of the platform is given, its interface gets at most two lists in one question."""
    asked: list[Request] = []

    def answer(request: Request) -> Any:
        asked.append(request)
        return WRITTEN if len(asked) == 1 else BUDGETS

    asyncio.run(consul.read(Target(url, NOW), fake_web({f"{URL}/graphql": answer})))
    assert [json.loads(request.json_body or b"")["query"].count("edges") for request in asked] == [2, 1]


def test_an_older_version_offers_no_budgets(fake_web: Any) -> None:
    """A version that does not know budgets leaves their counts out, and is still read in whole."""
    reading = read(fake_web, WRITTEN, UNKNOWN)
    assert list(plain(reading)) == ["activity_latest"] and reading.complete
    assert reading.scope.endswith("budgets are not offered")


def test_budgets_that_cannot_be_read_leave_a_gap(fake_web: Any) -> None:
    """A fault at the second question is not the same as nothing being offered."""
    for answer in ((503, {}, b""), {"errors": [{"message": "Query has depth of 9"}]}):
        assert not read(fake_web, WRITTEN, answer).complete


def test_a_full_page_of_budgets_may_not_be_all(fake_web: Any) -> None:
    """As many budgets as fit one page may be followed by more."""
    many = {"data": {"budgets": connection(*[{"id": number, "phase": "finished"} for number in range(25)])}}
    assert not read(fake_web, WRITTEN, many).complete


def test_a_platform_with_nothing_on_it_is_empty(fake_web: Any) -> None:
    """No proposal, no debate, no budget: it answered, and holds nothing."""
    nothing = {"data": {"proposals": written(), "debates": written()}}
    assert read(fake_web, nothing, {"data": {"budgets": connection()}}).empty
    assert not read(fake_web, nothing, (503, {}, b"")).empty


@pytest.mark.parametrize(("answer", "reason"), [
    (b"<!doctype html><title>Decide</title>", "not-the-declared-format"),
    ({"errors": [{"message": "no such field"}]}, "api-error"),
    ({"data": {"decidim": {"version": "1"}}}, "not-the-declared-format"),
    (b"[]", "not-the-declared-format"),
    (b'{"data"', "malformed"),
    ((404, {}, b"none"), "not-found"),
])  # fmt: skip
def test_what_is_no_platform_is_refused(fake_web: Any, answer: Any, reason: str) -> None:
    """A page, complaints, other data and broken JSON each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, answer)
    assert caught.value.reason == reason and caught.value.capture is not None


@pytest.mark.parametrize("odd", [None, [], {"edges": None}, {"edges": [None, {"node": None}, {"node": []}]}, 7])
def test_odd_lists_never_surprise(fake_web: Any, odd: Any) -> None:
    """Whatever stands where a list should, what can be read is read."""
    reading = read(fake_web, {"data": {"proposals": written("2026-11-20"), "debates": odd}}, {"data": {"budgets": odd}})
    assert plain(reading)["activity_latest"] == "2026-11-20"
