"""How a few links are drawn by lot and tried, and what their answers mean."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.reasons import Reason
from builder.probes._asking import Asking
from builder.probes._dcat import Distribution, Entry
from builder.probes._links import FIRST_BYTES, LINKS, Sample, addresses, link_measurements, sample_links

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def listed(*urls: str) -> list[Entry]:
    return [Entry(url, url, "$", 0, distributions=(Distribution(download=url),)) for url in urls]


def tried(web: Any, entries: list[Entry], at: datetime = AT) -> Sample:
    return asyncio.run(sample_links(Asking(web), entries, "ckan-a", at))


def test_what_each_answer_means(fake_web: Any) -> None:
    """Answers and large files work, missing ones are broken; refusals and silence say nothing and leave the count."""
    answers = {
        "http://a.example/works": b"x", "http://b.example/large": b"x" * (FIRST_BYTES + 1),
        "http://c.example/missing": (404, {}, b""), "http://d.example/gone": (410, {}, b""),
        "http://e.example/refused": (403, {}, b""), "http://f.example/fault": (500, {}, b""),
        "http://g.example/late": Unreadable(Reason.TIMEOUT, "late"),
        "http://h.example/shut": Unreadable(Reason.ROBOTS_DISALLOWED, "robots"),
    }  # fmt: skip
    web = fake_web(answers)
    sample = tried(web, listed(*answers))
    assert {url[-5:]: works for url, works in sample.told.items()} == {
        "works": True, "large": True, "ssing": False, "/gone": False,
    }  # fmt: skip
    facts = link_measurements(sample)
    assert facts["link_sample_size"].value == 4 and facts["link_working_share"].value == 0.5
    assert facts["link_working_share"].pointer == "the status of 4 of 8 links drawn by lot"
    assert web.captures[facts["link_working_share"].capture].url in sample.told


def test_robots_txt_governs_every_link_and_little_is_read() -> None:
    """Each link is asked as a page that we crawl, for its first bytes only."""
    asked = []

    class Web:
        async def get(self, request: Any) -> Any:
            asked.append(request)
            raise Unreadable(Reason.ROBOTS_DISALLOWED, "no")

    tried(Web(), listed("http://a.example/1"))
    assert [(request.crawl, request.limit_bytes) for request in asked] == [(True, FIRST_BYTES)]


def test_the_lot_is_the_same_all_month_and_another_the_next(fake_web: Any) -> None:
    """At most thirty links are drawn, by the source and the month alone, whatever the order of the catalogue."""
    urls = [f"http://a.example/{number}" for number in range(200)]
    webs = [fake_web(dict.fromkeys(urls, b"x")) for _ in range(3)]
    tried(webs[0], listed(*urls))
    tried(webs[1], listed(*reversed(urls)), datetime(2026, 11, 1, tzinfo=UTC))
    tried(webs[2], listed(*urls), datetime(2026, 12, 1, tzinfo=UTC))
    assert webs[0].asked == webs[1].asked and len(set(webs[0].asked)) == LINKS
    assert set(webs[2].asked) != set(webs[0].asked)


def test_a_silent_host_is_not_bothered_a_third_time(fake_web: Any) -> None:
    """Two links that tell nothing are enough to leave a host alone, while others are still tried."""
    shut = {f"http://shut.example/{number}": (503, {}, b"") for number in range(20)}
    web = fake_web({**shut, "http://open.example/1": b"x"})
    sample = tried(web, listed(*shut, "http://open.example/1"))
    assert sample.told == {"http://open.example/1": True} and len(web.asked) == 3


def test_where_nothing_tells_anything_we_stop(fake_web: Any) -> None:
    """Five silent hosts in a row are more likely our own fault; then nothing is measured, in a replay for example."""
    web = fake_web({})
    sample = tried(web, listed(*(f"http://h{number}.example/" for number in range(30))))
    assert len(web.asked) == 5 and link_measurements(sample) == {}


@pytest.mark.parametrize("url", ["ftp://a.example/x", "javascript:x", "/x.csv", "http://" + "a" * 2000, "http://a\nb"])
def test_only_addresses_of_the_web_are_drawn(url: str) -> None:
    """Other schemes, relative and absurd addresses are no links that we can try."""
    assert addresses([url, None, " https://a.example/ "]) == {"https://a.example/"}


def test_an_address_that_is_none_harms_nothing(fake_web: Any) -> None:
    """A link that only looks like one is passed over."""
    web = fake_web({"http://a.example/": b"x"})
    assert tried(web, listed("http://[", "http://a.example:port/", "http://a.example/")).told == {
        "http://a.example/": True
    }


def test_the_share_of_one_kind_of_address() -> None:
    """Among some of the links the share may differ; of links that nobody told anything about there is none."""
    sample = Sample({"a": True, "b": False, "c": True})
    assert sample.working_share({"a", "c"}) == 1.0 and sample.working_share({"d"}) is None
