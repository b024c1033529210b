"""Results: what is written comes back, unchanged facts change no file, and no crash leaves half a file."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from builder.errors import Busy, ResultsError
from builder.model.capture import Capture
from builder.model.catalogue import Dataset
from builder.model.observation import CityFacts, Measurement, Observation, SourceFacts
from builder.model.reasons import Outcome, Reason
from builder.store.results import Results

AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def _facts(count: int = 7, city: str = "xk-exampleton") -> CityFacts:
    capture = Capture(url="https://x.example/", final_url="https://x.example/", status=None, at=AT)
    good = Observation(
        kind="ckan",
        url="https://x.example/",
        probe="ckan/1",
        at=AT,
        outcome=Outcome.PASSED,
        reason=Reason.OK,
        complete=True,
        measurements={
            "dataset_count": Measurement(value=count, pointer="$.result.count"),
            "open_license_share": Measurement(value=1.0, unit="1", pointer="$.result"),
            "license_ids": Measurement(value={"cc-by": 3, "": 1}, pointer="$.result"),
        },
        captures=(capture,),
    )
    return CityFacts(city=city, sources={"portal": SourceFacts(good=good), "buses": SourceFacts()})


def _datasets(*ids: str) -> list[Dataset]:
    return [Dataset(id=id, title=f"Title {id}", pointer=f"$.result[{n}]") for n, id in enumerate(ids)]


def test_facts_come_back_as_they_were_written(tmp_path: Path) -> None:
    """A city's facts survive the disk: whole shares stay shares, absent answers stay absent."""
    results = Results(tmp_path / "results")
    assert results.city("xk-exampleton") is None and results.cities() == {}
    assert results.write_city(_facts()) is True
    assert results.city("xk-exampleton") == _facts()
    assert results.cities() == {"xk-exampleton": _facts()}


def test_unchanged_facts_change_no_file(tmp_path: Path) -> None:
    """Writing the same facts again touches nothing, so that git shows only what moved."""
    results = Results(tmp_path)
    results.write_city(_facts())
    path = tmp_path / "xk-exampleton.json"
    os.utime(path, (1, 1))
    assert results.write_city(_facts()) is False and path.stat().st_mtime == 1
    assert results.write_city(_facts(8)) is True
    assert sorted(os.listdir(tmp_path)) == ["xk-exampleton.json"]


def test_the_file_is_made_for_people_and_git(tmp_path: Path) -> None:
    """Sorted keys, two spaces, a last newline, and nothing that only says nothing."""
    Results(tmp_path).write_city(_facts())
    text = (tmp_path / "xk-exampleton.json").read_text()
    assert text.startswith('{\n  "city": "xk-exampleton",\n') and text.endswith("}\n") and '"version": 1' in text
    assert '"filter"' not in text and '"status": null' in text
    Results(tmp_path).write_city(_facts(8))
    changed = set((tmp_path / "xk-exampleton.json").read_text().splitlines()) ^ set(text.splitlines())
    assert len(changed) == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "damaged"),
        (b'{"city": "xk-exam', "damaged"),
        (b"\0\0\0", "damaged"),
        (b'{"city": "xk-exampleton", "sources": {}, "stray": 1}', "stray"),
        (b'{"city": "xk-exampleton", "version": 9}', "form 9"),
        (b'{"city": "xk-other", "version": 1}', "xk-other"),
    ],
)
def test_a_damaged_file_is_named_with_its_cure(content: bytes, expected: str, tmp_path: Path) -> None:
    """A file that machines did not write whole is refused with its name and what to do, never half believed."""
    (tmp_path / "xk-exampleton.json").write_bytes(content)
    with pytest.raises(ResultsError, match=expected) as refused:
        Results(tmp_path).city("xk-exampleton")
    assert "xk-exampleton.json" in str(refused.value) and "from git" in str(refused.value)


def test_numbers_that_json_cannot_say_are_refused_before_writing(tmp_path: Path) -> None:
    """Not-a-number never becomes null in a file: the old file stays."""
    results = Results(tmp_path)
    results.write_city(_facts())
    bad = Measurement(value=float("nan"), pointer="$")
    good = _facts().sources["portal"].good
    assert good is not None
    broken = good.model_copy(update={"measurements": {"x": bad}})
    with pytest.raises(ValueError, match="measurements"):
        results.write_city(CityFacts(city="xk-exampleton", sources={"portal": SourceFacts(good=broken)}))
    assert results.city("xk-exampleton") == _facts()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a\0b", "A"])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    """A name that is not an id cannot become a path."""
    results = Results(tmp_path)
    for use in (results.city, results.datasets):
        with pytest.raises(ValueError, match="cannot be a file name"):
            use(name)


def test_dataset_lists_are_sorted_lines(tmp_path: Path) -> None:
    """One dataset a line, by id, and what is empty is left out; the order of arrival does not matter."""
    results = Results(tmp_path)
    digest = results.write_datasets("ckan-x", _datasets("b", "a"), True, date(2026, 1, 1))
    path = tmp_path / "catalogues" / "ckan-x.jsonl"
    assert path.read_text().splitlines()[0] == '{"id":"a","pointer":"$.result[1]","title":"Title a"}'
    assert [one.id for one in results.datasets("ckan-x")] == ["a", "b"]
    assert results.write_datasets("ckan-x", reversed(_datasets("b", "a")), True, date(2026, 1, 2)) == digest
    assert results.datasets("never-read") == []


def test_what_a_complete_reading_lacks_is_gone_since_that_day(tmp_path: Path) -> None:
    """A vanished dataset keeps its line with the first day it was missed, and loses the mark when it returns."""
    results = Results(tmp_path)
    results.write_datasets("k", _datasets("a", "b"), True, date(2026, 1, 1))
    without = results.write_datasets("k", _datasets("a"), True, date(2026, 1, 2))
    assert [(one.id, one.gone_since) for one in results.datasets("k")] == [("a", None), ("b", "2026-01-02")]
    assert results.write_datasets("k", _datasets("a"), True, date(2026, 1, 3)) == without
    assert results.datasets("k")[1].gone_since == "2026-01-02"
    results.write_datasets("k", _datasets("a", "b"), True, date(2026, 1, 4))
    assert [one.gone_since for one in results.datasets("k")] == [None, None]


def test_an_incomplete_reading_makes_nothing_vanish(tmp_path: Path) -> None:
    """Half a reading proves presence, never absence."""
    results = Results(tmp_path)
    whole = results.write_datasets("k", _datasets("a", "b", "c"), True, date(2026, 1, 1))
    results.write_datasets("k", _datasets("a", "b"), True, date(2026, 1, 2))
    again = results.write_datasets("k", _datasets("a"), False, date(2026, 1, 3))
    assert [(one.id, one.gone_since) for one in results.datasets("k")] == [
        ("a", None), ("b", None), ("c", "2026-01-02"),
    ]  # fmt: skip
    assert again != whole


def test_an_id_listed_twice_is_one_line(tmp_path: Path) -> None:
    """A portal that repeats an id gives the same list whichever row comes first."""
    rows = [Dataset(id="a", title="One", pointer="$[0]"), Dataset(id="a", title="Two", pointer="$[1]")]
    one, two = Results(tmp_path / "1"), Results(tmp_path / "2")
    day = date(2026, 1, 1)
    assert one.write_datasets("k", rows, True, day) == two.write_datasets("k", rows[::-1], True, day)
    assert len(one.datasets("k")) == 1


def test_a_damaged_line_is_named_by_number(tmp_path: Path) -> None:
    """A dataset list that was cut short says in which line, and is not overwritten by the next reading."""
    results = Results(tmp_path)
    results.write_datasets("k", _datasets("a", "b"), True, date(2026, 1, 1))
    path = tmp_path / "catalogues" / "k.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ResultsError, match=r"k\.jsonl:2: is damaged"):
        results.write_datasets("k", _datasets("a"), True, date(2026, 1, 2))


def _write_for_ever(folder: Path) -> None:
    for count in itertools.count():
        for city in ("xk-a", "xk-b"):
            sources = {f"s{number}": SourceFacts() for number in range(count % 400)}
            Results(folder).write_city(CityFacts(city=city, sources=sources))


def test_a_writer_killed_at_any_moment_leaves_whole_files(tmp_path: Path) -> None:
    """Killed at fifty random moments while writing as fast as it can, a writer never leaves half a file."""
    results = Results(tmp_path)
    moments = random.Random(21)
    for _ in range(50):
        writer = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(tmp_path,))
        writer.start()
        time.sleep(moments.uniform(0.001, 0.02))
        writer.kill()
        writer.join()
        assert set(results.cities()) <= {"xk-a", "xk-b"}
    assert set(results.cities()) == {"xk-a", "xk-b"}
    last = CityFacts(city="xk-a", sources={"last": SourceFacts()})
    assert results.write_city(last) is True and results.city("xk-a") == last
    assert not (tmp_path / ".xk-a.json.writing").exists()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second writer is told who holds the folder; when the first ends, nothing of the lock is left."""
    results = Results(tmp_path / "results")
    with results.lock("the nightly run"):
        with pytest.raises(Busy, match=r"written by the nightly run, process \d+ since \d{4}-"), results.lock("me"):
            pass
        results.write_city(_facts())
    with results.lock("me"):
        pass
    assert os.listdir(tmp_path / "results") == ["xk-exampleton.json"]


HOLDER = """
import sys, time
from pathlib import Path
from builder.store.results import Results
with Results(Path(sys.argv[1])).lock("a run that dies"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_dead_writers_lock_is_taken_over(tmp_path: Path) -> None:
    """While the other process lives its lock holds; once it is killed the lock bars nobody."""
    results = Results(tmp_path)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline()
    with pytest.raises(Busy, match="a run that dies"), results.lock("me"):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert (tmp_path / ".lock").exists()
    with results.lock("me"):
        results.write_city(_facts())
    assert results.city("xk-exampleton") == _facts()


def test_a_link_in_place_of_the_lock_empties_nothing(tmp_path: Path) -> None:
    """A lock that is a link to some other file is refused in one line, and the other file stays as it was."""
    (tmp_path / "precious").write_text("kept")
    (tmp_path / ".lock").symlink_to("precious")
    with pytest.raises(ResultsError, match="is a link"), Results(tmp_path).lock("somebody"):
        raise AssertionError("never held")
    assert (tmp_path / "precious").read_text() == "kept"
