"""What is read of an organisation's published software, in samples made from the interfaces' documentation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.capture import Request
from builder.model.observation import Measurement, Reading, Target
from builder.probes import source_code

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORGS = "https://api.github.com/orgs/Lindenford/repos"
USERS = "https://api.github.com/users/Lindenford/repos"
GROUP = "https://gitlab.lindenford.example/api/v4/groups/city%2Fit/projects"


def repository(number: int, licence: str | None = "MIT", **more: Any) -> dict[str, Any]:
    """One repository as GitHub lists it."""
    stated = {"key": "x", "spdx_id": licence} if licence else None
    return {"id": number, "name": f"r{number}", "fork": False, "archived": False, "license": stated,
            "pushed_at": f"2026-01-{number % 28 + 1:02}T10:00:00Z"} | more  # fmt: skip


LISTED = [
    repository(1), repository(2, None, archived=True), repository(3, "NOASSERTION"),
    repository(4, fork=True, pushed_at="2026-11-01T00:00:00Z"), repository(5, "EUPL-1.2"),
]  # fmt: skip
PROJECTS = [
    {"id": 1, "name": "a", "archived": False, "last_activity_at": "2026-03-01T09:00:00.500Z"},
    {"id": 2, "name": "b", "archived": True, "last_activity_at": "2025-03-01T09:00:00Z"},
    {"id": 3, "name": "c", "last_activity_at": "2026-10-01T09:00:00Z", "forked_from_project": {"id": 9}},
]


def read(fake_web: Any, pages: dict[str, Any], url: str = "https://github.com/Lindenford", **more: Any) -> Reading:
    """Read an organisation; a list of pages is given by the number asked for."""

    def numbered(page: Any) -> Any:
        if not isinstance(page, tuple) or isinstance(page[0], int):
            return page
        return lambda request: page[int(request.params["page"]) - 1] if int(request.params["page"]) <= len(page) else []

    web = fake_web({address: numbered(page) for address, page in pages.items()}, forgiving=True)
    return asyncio.run(source_code.read(Target(url, NOW, **more), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


@pytest.mark.parametrize("url", [
    "https://github.com/Lindenford", "https://www.github.com/Lindenford/", "https://github.com/orgs/Lindenford",
    "https://github.com/Lindenford/trees", ORGS, f"{ORGS}?per_page=3",
])  # fmt: skip
def test_an_organisation_is_read(fake_web: Any, url: str) -> None:
    """Forks count apart, archived ones count, and only a licence that was recognised is one, whatever the address."""
    reading = read(fake_web, {ORGS: LISTED}, url)
    assert plain(reading) == {
        "repository_count": 4, "archived_count": 1, "fork_count": 1, "licensed_share": 0.5,
        "pushed_latest": "2026-01-06T10:00:00Z",
    }  # fmt: skip
    assert reading.complete and reading.scope == "5 repositories"


def test_a_person_s_account_is_read_where_there_is_no_organisation(fake_web: Any) -> None:
    """What is no organisation may be an account; where it is neither, it is not found."""
    assert plain(read(fake_web, {ORGS: (404, {}, b"{}"), USERS: LISTED}))["repository_count"] == 4
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {ORGS: (404, {}, b"{}"), USERS: (404, {}, b"{}")})
    assert caught.value.reason == "not-found"


@pytest.mark.parametrize("url", [
    "https://gitlab.lindenford.example/city/it", "https://gitlab.lindenford.example/groups/city/it/", GROUP,
])  # fmt: skip
def test_a_gitlab_group_is_read(fake_web: Any, url: str) -> None:
    """A group's list says nothing of licences, so there is no share of them."""
    assert plain(read(fake_web, {GROUP: PROJECTS}, url)) == {
        "repository_count": 2, "archived_count": 1, "fork_count": 1, "pushed_latest": "2026-03-01T09:00:00.5Z",
    }  # fmt: skip


def test_all_pages_are_read(fake_web: Any) -> None:
    """A full page is followed by the next; repositories that a shifting list repeats count once."""
    first = [repository(number) for number in range(100)]
    second = [repository(99), repository(100, pushed_at="2026-06-01T00:00:00Z")]
    reading = read(fake_web, {ORGS: (first, second)})
    assert plain(reading)["repository_count"] == 101 and reading.complete
    assert reading.measurements["pushed_latest"].capture == 1


def test_a_server_that_repeats_its_page_is_left(fake_web: Any) -> None:
    """Where the next page brings nothing new, the list is at its end."""
    reading = read(fake_web, {ORGS: [repository(number) for number in range(100)]})
    assert plain(reading)["repository_count"] == 100 and reading.complete


def test_a_later_page_that_fails_leaves_a_gap(fake_web: Any) -> None:
    """What came before is kept, and the scope says why the rest is missing."""
    first = [repository(number) for number in range(100)]
    reading = read(fake_web, {ORGS: (first, (403, {}, b"limit"))})
    assert plain(reading)["repository_count"] == 100 and not reading.complete
    assert "would not let us in" in reading.scope


@pytest.mark.parametrize(("url", "page", "header"), [
    ("https://github.com/Lindenford", ORGS, "Authorization"),
    ("https://gitlab.lindenford.example/city/it", GROUP, "PRIVATE-TOKEN"),
])  # fmt: skip
def test_a_key_goes_in_a_header(fake_web: Any, url: str, page: str, header: str) -> None:
    """A key is sent where each interface wants it and never in the address; without one nothing is sent."""
    asked: list[Request] = []

    def answer(request: Request) -> Any:
        asked.append(request)
        return PROJECTS

    for key in ("s3cret", None):
        read(fake_web, {page: answer}, url, key=key)
    assert "s3cret" in asked[0].headers[header] and not asked[1].headers
    assert not any("s3cret" in f"{request.url}{dict(request.params)}" for request in asked)


def test_only_forks_is_empty(fake_web: Any) -> None:
    """An organisation that only copied others' work has published none of its own."""
    reading = read(fake_web, {ORGS: [repository(1, fork=True)]})
    assert reading.empty and plain(reading) == {"repository_count": 0, "archived_count": 0, "fork_count": 1}
    assert read(fake_web, {ORGS: []}).empty


@pytest.mark.parametrize(("page", "reason"), [
    (b"<!doctype html><title>Sign in</title>", "not-the-declared-format"),
    ({"message": "Bad credentials"}, "api-error"),
    ([{"title": "no repository"}], "not-the-declared-format"),
    ([1, 2], "not-the-declared-format"),
    (b'[{"id": 1', "malformed"),
    ((429, {}, b""), "rate-limited"),
])  # fmt: skip
def test_what_is_no_list_is_refused(fake_web: Any, page: Any, reason: str) -> None:
    """Pages, complaints, other lists and broken JSON each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {ORGS: page})
    assert caught.value.reason == reason and caught.value.capture is not None


def test_an_address_without_a_name_is_refused(fake_web: Any) -> None:
    """The front page of a code host is nobody's organisation."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {}, "https://github.com/")
    assert caught.value.reason == "not-the-declared-format"


ODD = st.sampled_from([None, True, [], {}, [None], 1e18, -1, "9999-12-31T23:59:59-14:00", "x", {"spdx_id": 3}])


@settings(max_examples=150, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(sorted(LISTED[0])), ODD), max_size=6))
def test_odd_values_never_surprise(fake_web: Any, changes: list[tuple[int, str, Any]]) -> None:
    """Whatever stands where in a list, it is read or refused with a reason."""
    listed = [dict(one) for one in LISTED]
    for at, name, value in changes:
        listed[at][name] = value
    try:
        reading = read(fake_web, {ORGS: listed})
    except Unreadable as error:
        assert error.message
        return
    for measured in reading.measurements.values():
        Measurement.model_validate_json(measured.model_dump_json())


def test_a_file_is_read_as_given(fake_web: Any) -> None:
    """An address of a JSON file is a list itself, for no organisation's name has a dot."""
    url = "https://a.example/x/answer.json"
    listed = [{"id": 1, "name": "a", "pushed_at": "2026-11-01T00:00:00Z", "license": {"spdx_id": "MIT"}}]
    reading = asyncio.run(source_code.read(Target(url, NOW), fake_web({url: listed}, forgiving=True)))
    assert reading.measurements["repository_count"].value == 1 and reading.complete


def test_one_publiccode_file_is_read(fake_web: Any) -> None:
    """It describes one piece of software; dates and versions stay as written."""
    url = "https://a.example/publiccode.yml"
    body = "publiccodeYmlVersion: 0.4\nname: Bins\nreleaseDate: 2026-04-15\nlegal:\n  license: EUPL-1.2\n"
    reading = asyncio.run(source_code.read(Target(url, NOW), fake_web({url: body})))
    assert {name: fact.value for name, fact in reading.measurements.items()} == {
        "name": "Bins", "version": "0.4", "repository_count": 1, "licensed_share": 1.0,
        "released_latest": "2026-04-15",
    }  # fmt: skip
    assert not reading.complete


@pytest.mark.parametrize(("body", "reason"), [
    ("<!doctype html><p>Not here", "not-the-declared-format"), ("- a\n- b\n", "not-the-declared-format"),
    ("publiccodeYmlVersion: [0.4", "malformed"), ("[" * 5000, "malformed"), (b"\xff\xfe\x00", "malformed"),
])  # fmt: skip
def test_what_is_no_publiccode_file_is_refused(body: Any, reason: str, fake_web: Any) -> None:
    """Another file is something else, and broken YAML is broken."""
    url = "https://a.example/publiccode.yml"
    with pytest.raises(Unreadable) as caught:
        asyncio.run(source_code.read(Target(url, NOW), fake_web({url: body})))
    assert caught.value.reason == reason
