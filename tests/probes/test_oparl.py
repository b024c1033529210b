"""What is read of a German council's OParl interface, from its system to its meetings and papers; samples invented."""

from __future__ import annotations

import asyncio
import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import _oparl, oparl

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = "https://rat.lindenford.example/oparl"
SINCE = "modified_since=2025-10-17T12%3A00%3A00Z"


def thing(kind: str, number: int, **more: Any) -> dict[str, Any]:
    """One object of OParl."""
    return {"id": f"{BASE}/{kind.lower()}/{number}", "type": f"https://schema.oparl.org/1.1/{kind}", **more}


def page(*items: dict[str, Any], following: str | None = None, total: int | None = None) -> dict[str, Any]:
    """One page of a list."""
    links = {"next": following} if following else {}
    return {"data": items, "pagination": {"totalElements": total} if total is not None else {}, "links": links}


SYSTEM = thing("System", 1, oparlVersion="https://schema.oparl.org/1.1/", license="https://licence.example/open",
               body=f"{BASE}/bodies")  # fmt: skip
BODY = thing("Body", 1, name="Stadt Lindenford", meeting=f"{BASE}/meetings", paper=f"{BASE}/papers")
MEETINGS = page(
    thing("Meeting", 1, start="2026-12-09T18:00:00+01:00", modified="2026-11-01T08:00:00+01:00"),
    thing("Meeting", 2, start="2026-12-02T18:00:00+01:00", modified="2026-11-19T08:00:00+01:00"),
    thing("Meeting", 3, start="2026-11-25T18:00:00+01:00", cancelled=True),
    thing("Meeting", 4, start="2026-11-24T18:00:00+01:00", deleted=True),
    thing("Meeting", 5, start="2026-11-18T18:00:00+01:00"),
)
PAPERS = page(thing("Paper", 1, date="2026-11-20", modified="2026-11-20T15:00:00Z"), thing("Paper", 2), total=2)
PAGES: dict[str, Any] = {
    f"{BASE}/system": SYSTEM, f"{BASE}/bodies": page(BODY), f"{BASE}/meetings": MEETINGS, f"{BASE}/papers": PAPERS,
}  # fmt: skip


def read(web: Any, url: str = f"{BASE}/system", filter: str | None = None) -> Reading:
    """Read a council."""
    return asyncio.run(oparl.read(Target(url, NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


def changed(file: str, **more: Any) -> dict[str, Any]:
    """The pages, with some fields of one of them replaced."""
    pages = copy.deepcopy(PAGES)
    pages[f"{BASE}/{file}"].update(more)
    return pages


def test_a_council_is_read_from_its_system(fake_web: Any) -> None:
    """Bodies, papers and meetings; what is called off or deleted is not next."""
    reading = read(fake_web(PAGES))
    assert values(reading) == {
        "version": "https://schema.oparl.org/1.1/", "license": "https://licence.example/open", "body_count": 1,
        "process_count": 2, "meeting_count": 4, "next_meeting": "2026-12-02T17:00:00Z",
        "meeting_latest": "2026-12-09T17:00:00Z", "activity_latest": "2026-11-20T15:00:00Z",
    }  # fmt: skip
    assert reading.complete and reading.scope == "all meetings: 4; all papers: 2"
    where = {name: measured.capture for name, measured in reading.measurements.items()}
    assert (where["next_meeting"], where["activity_latest"], where["version"]) == (2, 3, 0)


@pytest.mark.parametrize(("url", "absent"), [
    ("bodies", {"version"}), ("meetings", {"version", "process_count"}), ("papers", {"version", "next_meeting"}),
])  # fmt: skip
def test_any_address_of_it_is_read_for_what_it_offers(fake_web: Any, url: str, absent: set[str]) -> None:
    """A list on its own gives its figures, and the rest is absent."""
    reading = read(fake_web(PAGES), f"{BASE}/{url}")
    assert not absent & set(values(reading)) and reading.complete == (url == "bodies")


def test_a_body_alone_and_bodies_in_the_system_are_read(fake_web: Any) -> None:
    """Some servers write the body's address or the bodies themselves where a list should be."""
    assert values(read(fake_web({**PAGES, f"{BASE}/body": BODY}), f"{BASE}/body"))["process_count"] == 2
    assert values(read(fake_web(changed("system", body=[BODY]))))["process_count"] == 2
    direct = {**changed("system", body=[f"{BASE}/body"]), f"{BASE}/body": BODY}
    assert values(read(fake_web(direct)))["body_count"] == 1


def test_long_lists_are_asked_for_what_changed_lately(fake_web: Any) -> None:
    """The first page tells how many there are, the rest is asked for by its date of change."""
    pages = changed("papers", links={"next": f"{BASE}/papers?page=2"}, pagination={"totalElements": 4210})
    pages[f"{BASE}/papers?{SINCE}"] = page(thing("Paper", 9, modified="2026-11-21T08:00:00Z"), PAPERS["data"][0])
    reading = read(fake_web(pages))
    assert values(reading)["process_count"] == 4210
    assert values(reading)["activity_latest"] == "2026-11-21T08:00:00Z"
    assert not reading.complete
    assert reading.scope == "all meetings: 4; some papers: 3, after the first page those changed lately"


def test_a_server_without_that_filter_is_read_in_order(fake_web: Any) -> None:
    """A refusal of the filter is no fault: the pages are then read one after the other."""
    pages = changed("papers", links={"next": "papers?page=2"}, pagination={})
    pages |= {f"{BASE}/papers?{SINCE}": (400, {}, b""), f"{BASE}/papers?page=2": page(thing("Paper", 3))}
    reading = read(fake_web(pages))
    assert values(reading)["process_count"] == 3 and reading.complete


def test_pages_without_end_are_not_read_for_ever(fake_web: Any) -> None:
    """After some pages we stop, and then nobody knows how many there are."""
    pages = changed("papers", links={"next": f"{BASE}/papers?page=1"}, pagination={})
    for number in range(1, 40):
        following = f"{BASE}/papers?page={number + 1}"
        pages[f"{BASE}/papers?page={number}"] = page(thing("Paper", 100 + number), following=following)
    web = fake_web(pages)
    reading = read(web)
    assert len(web.asked) < 20 and "process_count" not in values(reading) and not reading.complete


def test_a_page_that_fails_leaves_what_came_before(fake_web: Any) -> None:
    """The scope names what ended it."""
    pages = changed("papers", links={"next": f"{BASE}/papers?page=2"}, pagination={})
    pages |= {f"{BASE}/papers?{SINCE}": (500, {}, b"")}
    reading = read(fake_web(pages))
    assert not reading.complete and reading.scope == "all meetings: 4; some papers: 2 (server-error)"


def test_parts_that_cannot_be_read_are_named(fake_web: Any) -> None:
    """A system whose lists are out of reach still tells its version."""
    gone = {**PAGES, f"{BASE}/meetings": (404, {}, b"")}
    assert read(fake_web(gone)).scope == "all papers: 2; not read: meetings (not-found)"
    alone = read(fake_web({f"{BASE}/system": SYSTEM}))
    assert set(values(alone)) == {"version", "license"} and not alone.complete and not alone.empty
    assert alone.scope == "the system; not read: bodies (not-captured)"
    bare = read(fake_web({**PAGES, f"{BASE}/bodies": page(thing("Body", 1, meeting="ftp://x", paper=7))}))
    assert bare.scope == "the system; not read: meetings (no address stated), papers (no address stated)"


def test_one_of_many_bodies_may_be_wanted(fake_web: Any) -> None:
    """A county's system holds many councils; a filter names the one that is meant."""
    others = [thing("Body", n, name=f"Dorf {n}", meeting=f"{BASE}/none", paper=f"{BASE}/none") for n in range(2, 12)]
    pages = {**PAGES, f"{BASE}/bodies": page(*others, BODY)}
    found = read(fake_web(pages), filter="Stadt Lindenford")
    assert values(found)["process_count"] == 2 and values(found)["body_count"] == 11 and found.complete
    assert "not listed" in read(fake_web(pages), filter="Stadt Nirgends").scope
    assert "6 more bodies" in read(fake_web({**pages, f"{BASE}/none": page()})).scope


def test_not_more_is_asked_than_anybody_needs(fake_web: Any, monkeypatch: Any) -> None:
    """The number of questions has a limit, whatever the lists say."""
    monkeypatch.setattr(_oparl, "MOST_ASKED", 3)
    reading = read(fake_web(PAGES))
    assert reading.scope == "all meetings: 4; not read: papers (too-large)"


def test_a_system_without_anything_is_empty(fake_web: Any) -> None:
    """No body, or a body whose lists are empty, holds nothing."""
    assert read(fake_web({**PAGES, f"{BASE}/bodies": page()})).empty
    assert read(fake_web(PAGES | {f"{BASE}/meetings": page()}), f"{BASE}/meetings").empty


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html>Ratsinformation</html>", "not-the-declared-format"),
    ([], "not-the-declared-format"),
    ({"name": "x"}, "not-the-declared-format"),
    ({"data": [{"name": "x"}]}, "not-the-declared-format"),
    (thing("Error", 1, message="no such object"), "api-error"),
    (b'{"type": ', "malformed"),
])  # fmt: skip
def test_what_is_no_council_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """Each has its reason, and the exchange that showed it."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({f"{BASE}/system": body}))
    assert caught.value.reason == reason and caught.value.capture is not None


def test_papers_are_no_meetings(fake_web: Any) -> None:
    """A list of meetings that also holds papers counts the meetings alone, whatever it announces; papers tell none."""
    mixed = page(*MEETINGS["data"], thing("Paper", 9, start="2026-11-22T08:00:00Z"), total=5)
    found = values(read(fake_web(PAGES | {f"{BASE}/meetings": mixed})))
    assert (found["meeting_count"], found["next_meeting"]) == (4, "2026-12-02T17:00:00Z")
    alone = values(read(fake_web({f"{BASE}/papers": PAPERS}), f"{BASE}/papers"))
    assert "meeting_count" not in alone and "next_meeting" not in alone and alone["process_count"] == 2


def test_the_latest_meeting_is_told_only_of_a_whole_list(fake_web: Any) -> None:
    """What lies on pages that were not read may be later."""
    first = page(*MEETINGS["data"], following=f"{BASE}/meetings?page=2", total=900)
    found = values(read(fake_web(PAGES | {f"{BASE}/meetings": first, f"{BASE}/meetings?{SINCE}": page()})))
    assert found["next_meeting"] == "2026-12-02T17:00:00Z" and "meeting_latest" not in found
