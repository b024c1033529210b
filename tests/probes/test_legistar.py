"""What is read of a council's Legistar interface: the next meeting, the matters and how lately anything moved."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import legistar

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = "https://legistar.example/v1/lindenford"


def event(day: str, changed: str | None = None, **more: Any) -> dict[str, Any]:
    """One meeting as Legistar writes it."""
    return {"EventId": 1, "EventDate": f"{day}T00:00:00", "EventTime": "6:00 PM", "EventAgendaStatusName": "Final",
            "EventLastModifiedUtc": changed, **more}  # fmt: skip


EVENTS = [
    event("2026-12-09"),
    event("2026-11-25", EventAgendaStatusName="Cancelled"),
    event("2026-11-26", EventComment="CANCELED - no quorum"),
    event("2026-12-02", "2026-11-19T15:04:05.123"),
    event("2026-10-28", "2026-10-29T08:00:00"),
]
MATTERS = [{"MatterId": 2, "MatterLastModifiedUtc": "2026-11-20T23:46:47.397"}, {"MatterId": 1}]


def read(web: Any, url: str = BASE, key: str | None = None) -> Reading:
    """Read a council."""
    return asyncio.run(legistar.read(Target(url, NOW, key=key), web))


def served(web: Any, events: Any = EVENTS, matters: Any = MATTERS) -> Any:
    """A web that answers both calls, whatever their parameters."""
    return web({f"{BASE}/events": events, f"{BASE}/matters": matters}, forgiving=True)


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


@pytest.mark.parametrize("url", [BASE, f"{BASE}/", f"{BASE}/events?$top=5", f"{BASE}/matters/17", f"{BASE}/bodies"])
def test_meetings_and_matters_are_read(fake_web: Any, url: str) -> None:
    """The first meeting ahead that is not called off is next; the newest change of anything is the activity."""
    web = served(fake_web)
    reading = read(web, url)
    assert values(reading) == {
        "meeting_count": 5, "next_meeting": "2026-12-02", "meeting_latest": "2026-12-09", "process_count": 2,
        "activity_latest": "2026-11-20T23:46:47.397Z",
    }  # fmt: skip
    assert reading.complete and reading.scope == "all 5 events, all 2 matters"
    assert web.asked[0] == f"{BASE}/events?%24orderby=EventDate+desc&%24top=1000"
    assert reading.measurements["activity_latest"].capture == 1


def test_matters_are_no_meetings(fake_web: Any) -> None:
    """What stands among the meetings and is none is neither counted nor next; a file of matters tells no meeting."""
    mixed = [*EVENTS, {"MatterId": 3, "date": "2026-11-22"}]
    found = values(read(served(fake_web, mixed)))
    assert (found["meeting_count"], found["next_meeting"]) == (5, "2026-12-02")
    url = "https://clerk.example/matters.json"
    alone = values(read(fake_web({url: MATTERS}), url))
    assert set(alone) == {"activity_latest"}


def test_a_meeting_today_is_still_ahead(fake_web: Any) -> None:
    """Only the day is known, and the day is not over."""
    assert values(read(served(fake_web, [event("2026-11-21"), event("2026-11-20")])))["next_meeting"] == "2026-11-21"
    past = values(read(served(fake_web, [event("2026-11-20")], [])))
    assert "next_meeting" not in past and past["activity_latest"] == "2026-11-20"


def test_a_list_that_was_cut_has_no_count_of_matters(fake_web: Any) -> None:
    """A thousand is what one answer holds: how many there really are, nobody says."""
    reading = read(served(fake_web, EVENTS, [{"MatterId": n} for n in range(1000)]))
    assert "process_count" not in values(reading) and not reading.complete
    assert reading.scope == "all 5 events, the newest 1,000 matters"


def test_without_matters_the_meetings_stay(fake_web: Any) -> None:
    """A council that publishes its calendar only is read as far as that goes."""
    reading = read(served(fake_web, EVENTS, (404, {}, b"")))
    assert values(reading)["next_meeting"] == "2026-12-02" and not reading.complete
    assert reading.scope == "all 5 events; not read: matters (not-found)"
    assert values(reading)["activity_latest"] == "2026-11-19T15:04:05.123Z"


def test_a_token_is_sent_where_there_is_one(fake_web: Any) -> None:
    """Some councils give their interface to those with a token only."""
    web = served(fake_web)
    read(web, key="secret")
    assert all("token=secret" in asked for asked in web.asked)


@pytest.mark.parametrize("url", [
    f"{BASE}/events?$top=5&token=secret", f"{BASE}?token=secret", "https://clerk.example/list.json?Token=secret&a=1",
    "https://clerk.example/list.json?%74oken=secret&a=1",
])  # fmt: skip
def test_a_token_in_the_address_is_not_passed_on(fake_web: Any, url: str) -> None:
    """What is asked is kept and published; whoever has a token names the variable that holds it."""
    pages = {f"{BASE}/events": EVENTS, f"{BASE}/matters": MATTERS, "https://clerk.example/list.json": EVENTS}
    web = fake_web(pages, forgiving=True)
    reading = read(web, url)
    assert values(reading)["next_meeting"] == "2026-12-02"
    assert web.asked and not any("secret" in asked for asked in web.asked)
    assert "secret" not in repr(reading)


def test_a_file_of_meetings_is_read_as_it_is(fake_web: Any) -> None:
    """The newer form states instants and how many meetings there are; of those past, the newest is the activity."""
    url = "https://clerk.example/meetings.json"
    listed = [{"meetingId": "a", "date": "2026-11-25T16:00:00+00:00", "status": "Scheduled"},
              {"meetingId": "b", "date": "2026-11-21T12:30:00+00:00", "status": "Cancelled"},
              {"meetingId": "c", "date": "2026-11-18T16:00:00+00:00", "status": None}]  # fmt: skip
    reading = read(fake_web({url: {"data": listed, "meta": {"count": 2809}}}), url)
    assert values(reading) == {
        "meeting_count": 3, "next_meeting": "2026-11-25T16:00:00Z", "meeting_latest": "2026-11-25T16:00:00Z",
        "activity_latest": "2026-11-18T16:00:00Z",
    }  # fmt: skip
    assert not reading.complete and reading.scope == "the newest 3 events"
    assert reading.measurements["next_meeting"].pointer == "$.data[*].date"
    matters = read(fake_web({url: MATTERS}), url)
    assert "process_count" not in values(matters) and not matters.complete


def test_a_council_with_nothing_is_empty(fake_web: Any) -> None:
    """Empty lists are in order, and hold nothing."""
    reading = read(served(fake_web, [], []))
    assert reading.empty and values(reading) == {"meeting_count": 0, "process_count": 0}


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html>Calendar</html>", "not-the-declared-format"),
    ({"value": 7}, "not-the-declared-format"),
    ([{"name": "x"}], "not-the-declared-format"),
    ([7], "not-the-declared-format"),
    ({"Message": "Invalid client"}, "api-error"),
    (b'[{"EventDate"', "malformed"),
    ((403, {}, b"Token is required"), "forbidden"),
])  # fmt: skip
def test_what_is_no_council_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """The public calendar page is not the interface; each has its reason."""
    with pytest.raises(Unreadable) as caught:
        read(served(fake_web, body))
    assert caught.value.reason == reason and caught.value.capture is not None


def test_a_real_calendar_agrees_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """A recorded list of meetings gives the next one as of its own time, and as many as it holds."""
    body = (shared / "wire" / "json_calendar" / "chi_citycouncil.legistar.json").read_bytes()
    url = "https://a.example/chi_citycouncil.legistar.json"
    now = datetime(2023, 10, 1, tzinfo=UTC)
    reading = asyncio.run(legistar.read(Target(url, now), fake_web({url: body})))
    listed = json.loads(body)["data"]
    stated = [datetime.fromisoformat(item["date"]) for item in listed if item["status"] != "Cancelled"]
    found = values(reading)
    assert found["meeting_count"] == len(listed)
    assert datetime.fromisoformat(found["next_meeting"]) == min(date for date in stated if date >= now)
    assert datetime.fromisoformat(found["activity_latest"]) == max(date for date in stated if date < now)
    assert datetime.fromisoformat(found["meeting_latest"]) == max(stated)
