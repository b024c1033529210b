"""Conditions: when an answer may be asked after later, in which words, and which "unchanged" is not believed."""

from __future__ import annotations

import pytest

from builder.gather.conditions import Condition, conditions_of, contradicts, sayable

from .conftest import NOW

DATED = "Sun, 01 Mar 2026 11:00:00 GMT"
SENT = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(("headers", "expected"), [
    ({"etag": '"a1"', "last-modified": DATED}, {"If-None-Match": '"a1"'}),
    ({"etag": 'W/"a1"'}, {"If-None-Match": 'W/"a1"'}),
    ({"last-modified": DATED}, {"If-Modified-Since": DATED}),
    ({"last-modified": DATED, "etag": "a1"}, {"If-Modified-Since": DATED}),
    ({"etag": '"a1", "a2"'}, {}),
    ({"etag": '""'}, {}),
    ({"etag": '"a1"\r\nX-Other: 1'}, {}),
    ({"etag": '"\u00e9"'}, {}),
    ({"last-modified": "yesterday"}, {}),
    ({"last-modified": "Sun, 99 Mar 2026 11:00:00 GMT"}, {}),
    ({"last-modified": "Sun, 01 Mar 2026 11:59:30 GMT", "date": SENT}, {}),
    ({"last-modified": DATED, "date": "Sun, 01 Mar 2026 11:00:30 GMT"}, {}),
    ({"last-modified": "Sun, 01 Mar 2026 11:59:30 GMT", "date": "Sun, 01 Mar 2026 13:00:00 GMT"},
     {"If-Modified-Since": "Sun, 01 Mar 2026 11:59:30 GMT"}),
    ({"etag": '"a1"', "cache-control": "private, No-Store"}, {}),
    ({"etag": '"a1"', "cache-control": "no-cache, max-age=0"}, {"If-None-Match": '"a1"'}),
    ({"etag": '"a1"', "vary": "Accept, *"}, {}),
    ({"etag": '"a1"', "vary": "Accept-Encoding, User-Agent, Cookie"}, {"If-None-Match": '"a1"'}),
    ({}, {}),
])  # fmt: skip
def test_which_answers_may_be_asked_after(headers: dict[str, str], expected: dict[str, str]) -> None:
    """A well-formed mark, else a date that had rested a minute; never against no-store or an answer that varies."""
    found = conditions_of(200, headers, NOW)
    assert found == expected
    assert sayable(found) is bool(expected)


@pytest.mark.parametrize("status", [203, 204, 206, 301, 304, 404])
def test_only_whole_good_answers_are_asked_after(status: int) -> None:
    """A part, an error page or somebody's changed copy is no body to build on."""
    assert conditions_of(status, {"etag": '"a1"'}, NOW) == {}


@pytest.mark.parametrize("headers", [
    {}, {"If-None-Match": "*"}, {"If-None-Match": '"a"', "If-Modified-Since": DATED}, {"Authorization": '"a"'},
    {"If-None-Match": '"a"\r\nHost: b'}, {"If-Modified-Since": "now"},
])  # fmt: skip
def test_nothing_else_is_said_to_a_server(headers: dict[str, str]) -> None:
    """What lies on disk may have been tampered with: only the two conditions, in their own form, leave this machine."""
    assert not sayable(headers)


@pytest.mark.parametrize(("condition", "told", "expected"), [
    ({"If-None-Match": '"a"'}, {"etag": '"a"'}, False),
    ({"If-None-Match": 'W/"a"'}, {"etag": '"a"'}, False),
    ({"If-None-Match": '"a-gzip"'}, {"etag": '"a"'}, False),
    ({"If-None-Match": '"a--gzip"'}, {"etag": 'W/"a;gzip"'}, False),
    ({"If-None-Match": '"a"'}, {}, False),
    ({"If-None-Match": '"a"'}, {"etag": '"b"', "last-modified": DATED}, True),
    ({"If-Modified-Since": SENT}, {"last-modified": SENT, "etag": '"b"'}, False),
    ({"If-Modified-Since": SENT}, {"last-modified": DATED}, True),
])  # fmt: skip
def test_an_answer_about_another_version(condition: dict[str, str], told: dict[str, str], expected: bool) -> None:
    """A 304 that names another mark, or the date of an older file put back, does not speak of the body we have."""
    assert contradicts(told, Condition("https://a.example/", condition)) is expected
