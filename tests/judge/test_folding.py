"""Text as the nets see it: the same word in whatever case, accents, hyphens and joins it comes."""

from __future__ import annotations

import pytest

from builder.judge.folding import field, fold, parts


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Straßenbäume", "strassenbaume"),
        ("STREET_TREES-2024", "street trees 2024"),
        ("BikeShareStations", "bike share stations"),
        ("Træer på Østerbro", "traeer pa osterbro"),
        ("l’arbre d'alignement", "l arbre d alignement"),
        ("\u0141awa, \u0130stanbul", "lawa istanbul"),
        ("\u0415\u0308 в городе", "ё в городе"),
        ("駐車場（がら空き）", "駐車場 がら空き"),
        ("가로수_현황", "가로수 현황"),
        ("ﬁle ２０２４", "file 2024"),
        ("", ""),
        ("—!?", ""),
    ],
)
def test_one_word_has_one_form(written: str, folded: str) -> None:
    """Case, accents of Latin letters, hyphens, camel case, wide digits and ligatures do not matter; other marks do."""
    assert fold(written) == folded


def test_a_title_is_cut_where_it_sets_parts_apart() -> None:
    """Dashes between spaces, colons and brackets part; a hyphen inside a word does not."""
    assert parts("Parking: real-time – City of X (KML)") == ["Parking", "real-time", "City of X", "KML"]
    assert parts("") == []


def test_no_phrase_crosses_from_one_part_to_the_next() -> None:
    """A bar stands between parts, so "street | trees" is not "street trees"."""
    assert field(["Street", "Trees"]) == " street | trees "
    assert " street trees " not in field(["Street", "Trees"])
