"""Measuring the nets: what counts as predicted, right, there and found, and what counts once."""

from __future__ import annotations

from typing import Any

from builder.judge.matching import cast
from builder.judge.measuring import labelled, measure, reviewed, sayings
from builder.judge.nets import Catch, Record
from builder.model.catalogue import Dataset
from builder.model.city import City, Pin, Reject
from builder.model.measured import Review, Row
from builder.model.source import Source

from .words import nets

NETS = nets()
TREES = "nature.trees"


def rows(*records: dict[str, Any]) -> dict[str, Row]:
    """The rows about trees by language, from records with a title and labels."""
    plain = ({"language": "en", "publisher": str(number), **one} for number, one in enumerate(records))
    return {row.language: row for row in measure(labelled(NETS, plain), [TREES], "2026-11-21")}


def figures(row: Row) -> tuple[int, int, int, int, int]:
    return row.predicted, row.right, row.positives, row.found, row.caught


def test_labelled_records_tell_precision_and_recall() -> None:
    """One right catch, one wrong, one that only the wide net has, one that neither has."""
    found = rows(
        {"title": "Street trees", "labels": [TREES]},
        {"title": "Trees"},
        {"title": "Trees felled", "labels": [TREES]},
        {"title": "Green things", "labels": [TREES]},
        {"title": "Budget"},
    )
    assert figures(found["en"]) == figures(found["*"]) == (2, 1, 3, 2, 1)
    assert found["en"].sample == 5


def test_languages_are_measured_apart_and_together() -> None:
    """A row for each language in which there is something to say, and one for all."""
    found = rows({"title": "Trees", "labels": [TREES]}, {"title": "Bäume", "language": "de-AT", "labels": [TREES]})
    assert {name: figures(row) for name, row in found.items()} == {
        "en": (1, 1, 1, 1, 1), "de": (1, 1, 1, 1, 1), "*": (2, 2, 2, 2, 2)
    }  # fmt: skip


def test_yearly_copies_count_once_and_only_if_all_are_right() -> None:
    """Twenty years of one list are one case, and one wrong year spoils it."""
    series = [{"title": f"Street trees {year}", "labels": [TREES], "publisher": "a"} for year in range(2001, 2021)]
    assert figures(rows(*series)["en"]) == (1, 1, 1, 1, 1)
    assert figures(rows(*series, {"title": "Street trees 2022", "publisher": "a"})["en"]) == (1, 0, 1, 1, 1)


def test_a_review_tells_only_what_it_was_asked() -> None:
    """A catch without a verdict is not judged; what a net proposed tells nothing of what the nets miss."""
    url = "https://data.example.org/{}"
    verdicts = [("a", "right", "list"), ("b", "wrong", "net"), ("c", "right", "net"), ("gone", "right", "list")]
    reviews = [
        Review(url=url.format(id), title=id, topic=TREES, verdict=verdict, why="so", on="2026-11-21", found=how)
        for id, verdict, how in verdicts
    ]
    catch = NETS.cast(Record("Street trees"), ["en"])
    catches = {url.format(id): catch for id in "abcd"}
    judged = list(reviewed(reviews, catches, dict.fromkeys(catches, "en")))
    assert len(judged) == 3
    row = measure(judged, [TREES], "2026-11-21")[0]
    assert figures(row) == (3, 2, 1, 1, 1)


def test_pins_and_rejections_of_datasets_are_verdicts() -> None:
    """A pin is right and tells recall only where the nets missed it; a rejection is wrong; a review stands as it is."""
    portal = Source(id="portal", kind="ckan", url="https://data.example.org/", publisher="x", tier="city")
    titles = {"a": "Street trees", "b": "Green things", "c": "Street trees felled", "d": "Street trees old"}
    page = "https://d.example/{}"
    listed = {id: Dataset(id=id, title=title, url=page.format(id), pointer="$") for id, title in titles.items()}
    say = {"indicator": TREES, "source": "portal", "by": "ana", "on": "2026-11-01"}
    city = City(
        id="ie-a", names={"en": "A"}, languages=("en",), country="IE", location=(53, -8), sources=(portal,),
        pins=(*(Pin(**say, dataset=id) for id in "ab"), Pin(**say, dataset="gone"), Pin(**say)),
        rejects=tuple(Reject(**say, dataset=id, why="Felled.") for id in "cd"),
    )  # fmt: skip
    old = Review(url=page.format("d"), title="x", topic=TREES, verdict="right", why="so", on="2026-11-01", found="net")
    rejecting = city.model_copy(update={"pins": (), "rejects": (Reject(**say, dataset="a", why="Not ours."),)})
    said = list(sayings([rejecting, city], {portal.key: listed}, NETS, [old]))
    assert [(one.url[-1], one.verdict, one.found) for one in said] == [
        ("a", "right", "net"), ("b", "right", "list"), ("c", "wrong", "net")
    ]  # fmt: skip
    catches = {one.url or "": cast(NETS, one, ["en"]) for one in listed.values()}
    row = measure(reviewed([old, *said], catches, dict.fromkeys(catches, "en")), [TREES], "2026-11-21")[0]
    assert figures(row) == (3, 2, 1, 0, 0)


def test_topics_that_are_not_ours_are_left_out() -> None:
    """A label from another list of questions is no row of this one."""
    judged = labelled(NETS, [{"title": "Trees", "language": "en", "labels": ["x.y"]}])
    assert measure(judged, ["nothing.here"], "2026-11-21") == ()
    assert Catch({}, {}) is not None
