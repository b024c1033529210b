"""How dates of all sorts become plain ISO dates, and which prove nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.probes._dates import read_date


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-07-22", "2020-07-22"),
        ("20200722", "2020-07-22"),
        ("2020/07/22", "2020-07-22"),
        ("2022-07-23T03:05:15.000Z", "2022-07-23T03:05:15Z"),
        ("2023-01-30T11:15:06.596410", "2023-01-30T11:15:06.59641Z"),
        ("2022-07-23 05:06:26+02:00", "2022-07-23T03:06:26Z"),
        ("2022-07-23t03:06:26.500z", "2022-07-23T03:06:26.5Z"),
        ("2022-07-23 05:06:26 +0200", "2022-07-23T03:06:26Z"),
        ("2022-07-23 03:06:26 UTC", "2022-07-23T03:06:26Z"),
        ("2016-08-22Z", "2016-08-22"),
        ("2016-08-22+02:00", "2016-08-22"),
        ("Mon, 30 Jan 2023 11:16:14 GMT", "2023-01-30T11:16:14Z"),
        (1658545515, "2022-07-23T03:05:15Z"),
        (1658545515000, "2022-07-23T03:05:15Z"),
        ("1658545515000", "2022-07-23T03:05:15Z"),
        ("2099-01-01", "2099-01-01"),
    ],
)
def test_reads_what_publishers_write(written: object, read: str) -> None:
    """ISO, HTTP and epoch dates come out as ISO 8601 in UTC; a date in the future is kept."""
    moment = read_date(written)
    assert moment is not None and moment.iso == read


@pytest.mark.parametrize(
    "written",
    [
        None, "", True, {}, [], "R/P1D", "2020-07", "03/04/2020", "2020-13-01", "2020-02-30", "yesterday", "1970-01-01",
        0, "0001-01-01T00:00:00", "9999-12-31T23:59:59-23:00", 1e300, float("inf"), float("nan"), -5, "x" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_sure_date_is_none(written: object) -> None:
    """Intervals, doubtful orders, impossible days and defaults that nobody filled in prove nothing."""
    assert read_date(written) is None


def test_the_future_is_within_no_span() -> None:
    """A span of days ends now: yesterday lies within it, tomorrow and the day before it began do not."""
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    inside = {
        day: moment.within(365, at)
        for day in ("2025-11-21", "2025-11-22", "2026-11-21", "2026-11-22")
        if (moment := read_date(day))
    }
    assert inside == {"2025-11-21": False, "2025-11-22": True, "2026-11-21": True, "2026-11-22": False}
