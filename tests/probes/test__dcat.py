"""How a list of datasets, whatever its software, is measured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Capture, RecordedCopy
from builder.probes._dates import read_date
from builder.probes._dcat import Entry, Places, as_of, catalogue_reading, dataset_list, entry_id, measurements, quoted

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACES = Places(
    datasets="$.a[*]", distributions="$.a[*].d[*]", licence="$.a[*].l", publisher="$.a[*].p",
    data_modified="$.a[*].data", metadata_modified="$.a[*].meta", announced="$.n",
)  # fmt: skip


def entry(id: str, **fields: Any) -> Entry:
    capture = fields.pop("capture", 2)
    return Entry(id=id, title=id.upper(), pointer=f"$.a[?@.id=={quoted(id)}]", capture=capture, **fields)


def test_dates_of_data_come_before_dates_of_metadata() -> None:
    """Where any dataset says when its data changed, the newest such change is told, with its record and capture."""
    old, new = read_date("2025-01-01"), read_date("2026-11-01")
    found = measurements([entry("a", data_modified=old, capture=5), entry("b", metadata_modified=new)], PLACES, AT)
    latest = found["modified_latest"]
    assert (latest.value, latest.pointer, latest.capture) == ("2025-01-01", "$.a[?@.id=='a'].data", 5)
    assert found["modified_basis"].value == "data" and found["modified_within_year_share"].value == 0.5
    found = measurements([entry("b", metadata_modified=new)], PLACES, AT)
    assert (found["modified_latest"].pointer, found["modified_basis"].value) == ("$.a[?@.id=='b'].meta", "metadata")


def test_what_was_not_offered_is_absent() -> None:
    """Without dates, publishers or a total, the measurements of these are absent, not zero."""
    found = measurements([entry("a")], PLACES, AT)
    assert not {"modified_latest", "modified_basis", "modified_within_year_share"} & set(found)
    assert not {"publisher_count", "announced_count"} & set(found)
    assert found["license_ids"].value == {} and found["datasets_without_license"].value == 1


def test_shares_have_four_digits_and_count_everything() -> None:
    """A dataset without a licence is in the denominator, so one in three is 0.3333."""
    known, own = entry("a", stated="cc0", licence="CC0-1.0"), entry("b", stated="own terms")
    entries = [known, own, entry("c", formats=("PDF", None))]
    found = measurements(entries, PLACES, AT, announced=3)
    assert found["open_license_share"].value == 0.3333 and found["machine_readable_share"].value == 0.0
    assert found["license_ids"].value == {"cc0": 1, "own terms": 1} and found["distribution_count"].value == 2


def test_a_copy_that_knows_only_its_day_is_judged_at_the_end_of_it() -> None:
    """What changed on the very day of a recorded copy does not lie in its future."""
    midnight = datetime(2021, 1, 19, tzinfo=UTC)
    copy = RecordedCopy(link="https://a.example/copy", fidelity="as served", day_only=True)
    capture = Capture(url="https://a.example/", final_url="https://a.example/", status=200, at=midnight, copy_of=copy)
    changed = [entry("a", metadata_modified=read_date("2021-01-19T01:04:54Z"))]
    assert measurements(changed, PLACES, as_of(capture))["modified_within_year_share"].value == 1.0
    assert as_of(capture.model_copy(update={"copy_of": None})) == midnight


def test_the_list_is_sorted_and_each_id_stands_once() -> None:
    """The first of several entries with one id stands for them; addresses that are no links are left out."""
    first, second = dataset_list([entry("b", url="javascript:x"), entry("a", url="https://a.example/"), entry("b")])
    assert (first.id, first.url, second.id, second.url) == ("a", "https://a.example/", "b", None)


def test_nothing_listed_is_empty_and_announced_but_missing_is_malformed() -> None:
    """A catalogue that lists nothing is empty; one that announces datasets and lists none is broken."""
    assert catalogue_reading([], PLACES, AT, complete=True, scope="", announced=0).empty
    with pytest.raises(Unreadable, match="announces 7 datasets"):
        catalogue_reading([], PLACES, AT, complete=False, scope="", announced=7)


def test_ids_are_kept_or_made_from_the_record() -> None:
    """A stated id is kept in one line; without one, the same record always gives the same id."""
    assert entry_id(" a\u202eb ", {}) == "ab"
    assert entry_id(None, {"x": 1}) == entry_id("", {"x": 1}) != entry_id(None, {"x": 2})
    assert entry_id("x" * 501, {"x": 1}).startswith("unnamed-")


def test_pointers_quote_what_publishers_write() -> None:
    """Quotation marks, backslashes and control characters in an id cannot break out of a JSONPath."""
    assert quoted("it's\\\n") == "'it\\'s\\\\\\u000a'"


def test_promises_to_change_are_held_against_what_did() -> None:
    """Twice the stated span is allowed; without a promise, or with a date to come, a dataset is not counted."""
    kept = entry("a", frequency="R/P1M", data_modified=read_date("2026-09-21"))
    late = entry("b", frequency="weekly", data_modified=read_date("2026-11-01"))
    aside = [
        entry("c", frequency="as needed", data_modified=read_date("2020-01-01")),
        entry("d", frequency="daily"),
        entry("e", frequency="daily", data_modified=read_date("2027-01-01")),
    ]
    found = measurements([kept, late, *aside], PLACES, AT)
    assert (found["cadence_sample_size"].value, found["in_cadence_share"].value) == (2, 0.5)
    assert found["in_cadence_share"].unit == "1" and found["in_cadence_share"].pointer.startswith("$.a[*].data")
    assert not {"cadence_sample_size", "in_cadence_share"} & set(measurements(aside, PLACES, AT))


def test_a_described_dataset_says_what_it_is_and_whom_to_ask() -> None:
    """A title, eighty characters, a publisher and a contact; where no dataset names a contact nothing is claimed."""
    whole = entry("a", description="x" * 80, publisher="Parks", has_contact=True)
    short = entry("b", description="x" * 79, publisher="Parks", has_contact=True)
    silent = entry("c", description="x" * 80, publisher="Parks")
    found = measurements([whole, short, silent], PLACES, AT)
    assert (found["described_share"].value, found["contact_share"].value) == (0.3333, 0.6667)
    assert not {"described_share", "contact_share"} & set(measurements([silent], PLACES, AT))
    nobody = entry("d", description="x" * 80, has_contact=True)
    assert "described_share" not in measurements([nobody], PLACES, AT)
