"""How a DCAT-AP catalogue is read: its three forms, its pages and its datasets."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import dcat_ap

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://a.example/catalog.ttl"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
"""
TREES = """
<https://a.example/trees> a dcat:Dataset ; dct:title "Bäume"@de, "Trees"@en ; dct:description "<b>All</b> of them" ;
    dcat:keyword "nature", "green" ; dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    dct:modified "2026-11-01T08:00:00+01:00" ; dct:issued "2020-01-01" ; dct:publisher [ foaf:name "Parks" ] ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
    dcat:contactPoint [ foaf:name "who@a.example" ] ; dcat:landingPage <https://a.example/page/trees> ;
    dcat:distribution <https://a.example/trees#csv>, <https://a.example/trees#pdf> .
<https://a.example/trees#csv> a dcat:Distribution ; dcat:accessURL <https://a.example/trees.csv> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> .
<https://a.example/trees#pdf> a dcat:Distribution ; dcat:downloadURL "https://a.example/trees.pdf" .
"""
NOISE = """
<https://a.example/noise> a dcat:Dataset ; dct:title "Noise" ; dct:license [ rdfs:label "See our terms" ] ;
    dct:rights "free for all" ; dct:publisher "Environment" .
[] a dcat:Dataset ; dct:title "Nameless" .
"""


def catalogue(*datasets: str, more: str = "") -> str:
    return PREFIXES + '<https://a.example/> a dcat:Catalog ; dct:title "A" . ' + "".join(datasets) + more


def read(web: Any, url: str = URL, filter: str | None = None) -> Reading:
    return asyncio.run(dcat_ap.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_what_the_catalogue_lists(fake_web: Any) -> None:
    """Datasets, distributions, licences by name or address, and the newest change with its own pointer."""
    reading = read(fake_web({URL: catalogue(TREES, NOISE)}))
    assert reading.complete and reading.scope == "all 3 datasets"
    assert values(reading) == {
        "dataset_count": 3, "distribution_count": 2, "datasets_without_distribution": 2,
        "license_ids": {"See our terms": 1, "https://creativecommons.org/licenses/by/4.0/": 1},
        "datasets_without_license": 1, "open_license_share": 0.3333, "machine_readable_share": 0.3333,
        "publisher_count": 2, "modified_latest": "2026-11-01T07:00:00Z", "modified_basis": "metadata",
        "modified_within_year_share": 0.3333,
        "cadence_sample_size": 1, "in_cadence_share": 1.0, "contact_share": 0.3333, "described_share": 0.0,
    }  # fmt: skip
    assert reading.measurements["modified_latest"].pointer == "<https://a.example/trees>/dct:modified"


def test_lists_datasets_in_the_common_form(fake_web: Any) -> None:
    """English comes first, vocabularies are shortened to their codes, no e-mail is kept, and nameless ones have ids."""
    reading = read(fake_web({URL: catalogue(TREES, NOISE)}))
    noise, trees, nameless = reading.datasets or ()
    assert (trees.title, trees.licence, trees.formats) == ("Trees", "CC-BY-4.0", ("CSV", "PDF"))
    assert (trees.keywords, trees.themes, trees.frequency) == (("green", "nature"), ("ENVI",), "MONTHLY")
    assert trees.url == "https://a.example/page/trees" and trees.has_contact and trees.description_length == 11
    assert (noise.licence, noise.url) == ("See our terms", "https://a.example/noise")
    assert nameless.id.startswith("unnamed-") and "@a.example" not in json.dumps(trees.model_dump())
    again = read(fake_web({URL: catalogue(NOISE)})).datasets or ()
    assert nameless.id in {dataset.id for dataset in again}


def page(number: int, next: str | None, *, of: int, total: int = 3) -> str:
    dataset = f'<https://a.example/d{number}> a dcat:Dataset ; dct:title "D" .'
    view = f"<https://a.example/catalog.ttl?page={number}> a hydra:PagedCollection ; hydra:totalItems {total} ; "
    link = f"hydra:nextPage <{next}> ; " if next else ""
    return catalogue(dataset, more=f"{view} {link} hydra:lastPage <https://a.example/catalog.ttl?page={of}> .")


def test_reads_page_after_page(fake_web: Any) -> None:
    """Each page names the next; it is asked at the server that gave the first, whatever the page calls it."""
    web = fake_web({URL: page(1, "http://inner.example/catalog.ttl?page=2", of=3),
                    URL + "?page=2": page(2, URL + "?page=3", of=3), URL + "?page=3": page(3, None, of=3)})  # fmt: skip
    reading = read(web)
    assert reading.complete and reading.scope == "all 3 datasets" and values(reading)["announced_count"] == 3
    assert [capture.url for capture in web.captures] == [URL, URL + "?page=2", URL + "?page=3"]


def test_pages_are_counted_where_only_the_last_is_named(fake_web: Any) -> None:
    """With the last page's number known, the pages before it follow by number."""
    web = fake_web({URL: page(1, None, of=2, total=2), URL + "?page=2": page(2, None, of=2, total=2)})
    assert read(web).complete


@pytest.mark.parametrize("next", [URL, URL + "?page=2", "https://b.example/catalog.ttl", "http://[", "x" * 3000])
def test_pages_that_lead_nowhere_end_the_reading(next: str, fake_web: Any) -> None:
    """A page that names itself, one that is missing or no address at all: what was read is kept and not complete."""
    reading = read(fake_web({URL: page(1, next, of=1)}))
    assert not reading.complete and reading.scope.startswith("1 of the 3 datasets announced")


def test_the_standard_names_are_tried(fake_web: Any) -> None:
    """At a portal's own address the file is looked for under its three usual names."""
    web = fake_web({"https://a.example/catalog.rdf": (404, {}, b""), "https://a.example/catalog.ttl": catalogue(TREES)})
    assert read(web, "https://a.example/").complete


def test_a_filter_names_one_publisher(fake_web: Any) -> None:
    """On a shared catalogue only one publisher's datasets count, and the announced total is not theirs."""
    total = "<https://a.example/#c> hydra:totalItems 3 ."
    reading = read(fake_web({URL: catalogue(TREES, NOISE, more=total)}), filter="Parks")
    assert reading.complete and values(reading)["dataset_count"] == 1 and "announced_count" not in values(reading)


def test_links_are_tried_and_points_given(fake_web: Any) -> None:
    """With the answers of both links, working share and points are there; the title's page is no distribution."""
    links = {"https://a.example/trees.csv": b"id", "https://a.example/trees.pdf": (404, {}, b"")}
    found = values(read(fake_web({URL: catalogue(TREES), **links})))
    assert (found["link_sample_size"], found["link_working_share"]) == (2, 0.5)
    # keywords and themes 60; half have a working accessURL 25, half a downloadURL 10 that is broken; half a format 10,
    # from the vocabulary 2.5, free 10, readable 10; licences 10 + 5; contact 20, publisher 10; issued 5, modified 5
    assert found["mqa_points"] == 60 + 35 + 32.5 + 15 + 30 + 10


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><title>Sign in</title></html>", "not-the-declared-format"),
        (PREFIXES + '<#x> dct:title "a book" .', "not-the-declared-format"),
        (catalogue(TREES)[:-9], "malformed"),
        (catalogue(more="<#c> hydra:totalItems 7 ."), "malformed"),
        ({"@context": "https://b.example/c", "@type": "Catalog"}, "blocked-address"),
        (
            {"@context": "https://project-open-data.example/v1.1/schema/catalog.jsonld", "dataset": []},
            "not-the-declared-format",
        ),
        ({"error": {"code": 499, "message": "Token required"}}, "api-error"),
        ((403, {}, b""), "forbidden"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """Pages, other RDF, broken RDF, and announced datasets that are not listed are told apart."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({URL: body}))
    assert caught.value.reason == reason


def test_an_empty_catalogue_is_empty(fake_web: Any) -> None:
    """A catalogue without a dataset is in the right form and holds nothing."""
    assert read(fake_web({URL: catalogue()})).empty


@pytest.mark.parametrize("file", [
    "demo_ckan_org.catalog.ttl", "demo_ckan_org.catalog.rdf", "demo_ckan_org.catalog.jsonld",
    "vanves_gpso.datagouv.rdf", "gob_es.dataset.ttl",
])  # fmt: skip
def test_agrees_with_an_independent_reading(file: str, shared: Path, fake_web: Any) -> None:
    """On recorded catalogues in all three forms our counts are those of another reader."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    expected = next(item["expected"] for item in manifest if item["file"] == f"dcat_ap/{file}")
    reading = read(fake_web({URL: (shared / "wire/dcat_ap" / file).read_bytes()}))
    found = values(reading)
    assert found["dataset_count"] == expected["datasets"] == len(reading.datasets or ())
    assert found["distribution_count"] == expected["distributions"]
    licensed = expected["datasets_with_licence_on_dataset_or_any_distribution"]
    assert found["dataset_count"] - found["datasets_without_license"] == licensed
    newest = datetime.fromisoformat(expected["newest_dataset_modified"])
    newest = newest if newest.tzinfo else newest.replace(tzinfo=UTC)
    assert datetime.fromisoformat(found["modified_latest"]) == newest
    totals = expected["hydra_total_items"]
    assert ([str(found["announced_count"])] if totals else totals) == totals
    assert reading.complete == (int(totals[0]) == found["dataset_count"] if totals else bool(expected["catalogs"]))


@settings(max_examples=120, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_no_damage_breaks_the_probe(data: st.DataObject, fake_web: Any) -> None:
    """Bytes cut, overwritten or doubled anywhere give a reading or a reason."""
    body = catalogue(TREES, NOISE, more="<#c> hydra:totalItems 3 ; hydra:next <?page=2> .").encode()
    at, to = (data.draw(st.integers(0, len(body))) for _ in range(2))
    junk = data.draw(
        st.sampled_from([b"", b"\x00", b"\xff\xfe", b'"', b"<", b"[ ", b" . ", b"^^", b"@en-", b"\\u", body])
    )
    try:
        reading = read(fake_web({URL: body[:at] + junk + body[to:]}))
    except Unreadable as refused:
        assert refused.reason.outcome != "passed" and "\n" not in refused.message
        return
    for dataset in reading.datasets or ():
        dataset.model_dump_json()
