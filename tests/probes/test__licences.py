"""Which licence a publisher's words name, and when we are not sure."""

from __future__ import annotations

import pytest

from builder.probes._licences import is_open, licence_id, stated_licence


@pytest.mark.parametrize(
    ("stated", "id"),
    [
        ("cc-by", "CC-BY"),
        ("cc-zero", "CC0-1.0"),
        ("odc-odbl", "ODbL-1.0"),
        ("uk-ogl", "OGL-UK"),
        ("other-pd", "other-pd"),
        ("Public Domain", "other-pd"),
        ("Public Domain U.S. Government", "US-PD"),
        ("Creative Commons 1.0 Universal (Public Domain Dedication)", "CC0-1.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Creative Commons Attribution | Share Alike 4.0 International", "CC-BY-SA-4.0"),
        ("Creative Commons Namensnennung 4.0", "CC-BY-4.0"),
        ("Creative Commons Atribuição", "CC-BY"),
        ("Open Data Commons Public Domain Dedication and License", "PDDL-1.0"),
        ("Licence Ouverte v2.0 (Etalab)", "etalab-2.0"),
        ("Licence Ouverte (Etalab)", "etalab"),
        ("<p>Soumis à la licence Etalab</p>", "etalab"),
        ("dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("Open Government Licence v3.0", "OGL-UK-3.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/at/", "CC-BY-SA-3.0"),
        ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "CC-BY-4.0"),
        ("https://spdx.org/licenses/CC0-1.0.html", "CC0-1.0"),
        ("http://www.opendefinition.org/licenses/cc-by", "CC-BY"),
    ],
)
def test_recognises_open_licences(stated: str, id: str) -> None:
    """Ids, links and names in several languages lead to one id, which is open."""
    assert licence_id(stated) == id and is_open(id)


@pytest.mark.parametrize("stated", ["CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nd/4.0/", "CC BY-NC-SA"])
def test_recognises_licences_that_are_not_open(stated: str) -> None:
    """Non-commercial and no-derivatives licences are known by name and are not open."""
    assert (licence_id(stated) or "").startswith("CC-BY-N") and not is_open(licence_id(stated))


@pytest.mark.parametrize(
    "stated",
    [
        None, "", "notspecified", "other-at", "See Terms of Use", "Open Government Licence – Vancouver",
        "https://hub.arcgis.com/api/v2/datasets/134b_15/license", "https://city.example/data/license.json",
        "This is not licensed under CC BY 4.0", "CC0, attribution (BY) required", "CC BY 3.0 and CC BY 4.0",
        "not in the public domain", "Terms: " + "x " * 300 + "CC BY 4.0",
    ],
)  # fmt: skip
def test_says_nothing_when_unsure(stated: str | None) -> None:
    """A city's own terms, a contradiction or a long text is no recognised licence."""
    assert licence_id(stated) is None and not is_open(stated)


def test_several_statements_must_agree() -> None:
    """The version wins over the name without it; two different licences cancel each other."""
    exact = "https://creativecommons.org/licenses/by/4.0/"
    assert licence_id("cc-by", exact, "Creative Commons Attribution") == "CC-BY-4.0"
    assert licence_id("cc-by", "https://creativecommons.org/licenses/by-nc/4.0/") is None


def test_keeps_the_publishers_words() -> None:
    """What was stated is kept without markup and e-mail, and cut with a mark; blank markup states nothing."""
    assert stated_licence("<p></p>", None, "<b>Own</b> terms") == "Own terms"
    assert stated_licence("<p> </p>") is None and len(stated_licence("x" * 500) or "") == 200
