"""What is read of a news feed, in every version of RSS and Atom that is still about."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import feed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://news.lindenford.example/feed"


def rss(*items: str, title: str = "News", version: str = "2.0") -> str:
    """An RSS feed of these items."""
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="{version}"><channel><title>{title}</title>{listed}</channel></rss>'


def rdf(namespace: str) -> str:
    """A feed of the RDF kind, whose items stand beside the channel."""
    return (f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title></channel>'
            "<item><dc:date>2026-11-20T18:00+01:00</dc:date></item><item/></rdf:RDF>")  # fmt: skip


def atom(entries: str, namespace: str = "http://www.w3.org/2005/Atom") -> str:
    """An Atom feed."""
    return f'<?xml version="1.0"?><feed xmlns="{namespace}"><title type="html">News</title>{entries}</feed>'


def read(web: Any, body: str | bytes) -> Reading:
    """Read a feed."""
    return asyncio.run(feed.read(Target(URL, NOW), web({URL: body})))


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


@pytest.mark.parametrize(("body", "format"), [
    (rss("<pubDate>Fri, 20 Nov 2026 18:00:00 +0100</pubDate>", ""), "RSS 2.0"),
    (rss("<pubDate>20 Nov 26 17:00 GMT</pubDate>", "", version="0.92"), "RSS 0.92"),
    (rdf("http://purl.org/rss/1.0/"), "RSS 1.0"),
    (rdf("http://my.netscape.com/rdf/simple/0.9/"), "RSS 0.90"),
    (atom("<entry><published>2026-11-20T17:00:00Z</published><updated>2026-11-21T09:00:00Z</updated></entry><entry/>"),
     "Atom 1.0"),
    (atom("<entry><updated>2026-11-20T17:00:00Z</updated></entry><entry/>"), "Atom 1.0"),
    (atom("<entry><issued>2026-11-20T17:00:00Z</issued></entry><entry/>", "http://purl.org/atom/ns#"), "Atom 0.3"),
])  # fmt: skip
def test_every_version_is_read(fake_web: Any, body: str, format: str) -> None:
    """Two items, of which one is dated; when it was published counts before when it was changed."""
    reading = read(fake_web, body)
    assert values(reading) == {
        "title": "News", "item_count": 2, "published_latest": "2026-11-20T17:00:00Z", "format": format}  # fmt: skip
    assert reading.complete and reading.scope == "all 2 items"


@pytest.mark.parametrize(("dates", "latest"), [
    (["<pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate>", "<pubDate>Tue, 03 Nov 2026 08:00:00 GMT</pubDate>"],
     "2026-11-03T08:00:00Z"),
    (["<pubDate>2026-11-03 08:00:00</pubDate>"], "2026-11-03T08:00:00Z"),
    (["<pubDate>2026-11-03</pubDate>"], "2026-11-03"),
    (["<pubDate>yesterday</pubDate>", "<pubDate/>", "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"], None),
])  # fmt: skip
def test_the_newest_date_counts(fake_web: Any, dates: list[str], latest: str | None) -> None:
    """In whatever order the items stand; words and the year 1970 are no dates, and then none is told."""
    assert values(read(fake_web, rss(*dates))).get("published_latest") == latest


def test_the_feeds_own_date_is_not_an_items(fake_web: Any) -> None:
    """When the list was made says nothing of when anything was published."""
    body = rss("<title>x</title>").replace("<item>", "<pubDate>Fri, 20 Nov 2026 18:00:00 GMT</pubDate><item>", 1)
    assert "published_latest" not in values(read(fake_web, body))


def test_a_title_is_made_safe_to_keep(fake_web: Any) -> None:
    """Markup and invisible characters go; the pointer says where it stood."""
    title = read(fake_web, rss("", title="&lt;b&gt;News&lt;/b&gt;\u202e &amp;amp; more\n")).measurements["title"]
    assert (title.value, title.pointer) == ("News & more", "/rss/channel/title")


@pytest.mark.parametrize("before", [b"\n", b" \r\n\t", b"\xef\xbb\xbf\n", b"\n\xef\xbb\xbf", b"\xef\xbb\xbf" * 2])
def test_white_space_before_the_declaration_is_passed_over_and_told(fake_web: Any, before: bytes) -> None:
    """XML forbids it, many publishing programs write it and every reader of feeds forgives it: so do we, in words."""
    body = b'<?xml version="1.0"?>' + rss("<title>x</title>").encode()
    reading = read(fake_web, before + body)
    assert values(reading) == values(read(fake_web, body)) and reading.complete
    assert "before the XML declaration" in reading.scope


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_alone_is_in_order(fake_web: Any, before: bytes) -> None:
    """Nothing is said of what the standard allows."""
    assert read(fake_web, before + rss("<title>x</title>").encode()).scope == "the one item listed"


def test_a_feed_without_items_is_empty(fake_web: Any) -> None:
    """It answered in its form, and holds nothing."""
    for body in (rss(), atom("")):
        reading = read(fake_web, body)
        assert reading.empty and values(reading)["item_count"] == 0


@pytest.mark.parametrize(("body", "reason"), [
    (b'<!DOCTYPE html><link rel="alternate" type="application/rss+xml" href="/feed">', "not-the-declared-format"),
    (b"<html><head/></html>", "not-the-declared-format"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "not-the-declared-format"),
    (b"<urlset/>", "not-the-declared-format"),
    (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><x/></rdf:RDF>', "not-the-declared-format"),
    (b"", "not-the-declared-format"),
    (b"<rss version='2.0'/>", "malformed"),
    (rss("<title>cut")[:50].encode(), "malformed"),
    (b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>',
     "malformed"),
])  # fmt: skip
def test_what_is_no_feed_is_refused(fake_web: Any, body: bytes, reason: str) -> None:
    """The page that links the feed is not the feed; entities are not expanded."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, body)
    assert caught.value.reason == reason and caught.value.capture is not None


def test_real_feeds_agree_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """Recorded feeds give the title, count and date that another program read in the same bytes."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    recorded = [entry for entry in entries if entry["protocol"].startswith(("RSS", "Atom"))]
    assert recorded
    for entry in recorded:
        found = values(read(fake_web, (shared / "wire" / entry["file"]).read_bytes()))
        expected = entry["expected"]
        assert (found["title"], found["item_count"]) == (expected["channel"], expected["items"])
        assert found["published_latest"] == max(expected["dates"])
