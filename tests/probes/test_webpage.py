"""What is said of one page: its name, its language and the words looked for, and when it is not the page at all."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import webpage

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://lindenford.example/council"
PAGE = "<!doctype html><html lang=de><title>Der Rat</title><h1>Sitzungen</h1><p>Protokoll vom\n 3. Mai</p></html>"
LONG = "Wort " * 1000


def read(fake_web: Any, body: Any, marker: str | None = None, url: str = URL) -> Reading:
    """Read one page."""
    return asyncio.run(webpage.read(Target(url, NOW, marker=marker), fake_web({url: body})))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_page_is_read(fake_web: Any) -> None:
    """Title and language as stated; without a marker nothing is said of one."""
    reading = read(fake_web, PAGE)
    assert plain(reading) == {"title": "Der Rat", "language": "de"} and reading.complete


@pytest.mark.parametrize(("marker", "found"), [
    ("protokoll vom 3. mai", True), ("der rat", True), ("Haushalt", False), ("<p>", False),
])  # fmt: skip
def test_the_marker_is_looked_for_as_a_reader_would(fake_web: Any, marker: str, found: bool) -> None:
    """In the title and the words, whatever their case and spacing, never in the markup."""
    assert plain(read(fake_web, PAGE, marker))["marker_found"] is found


def test_what_is_not_stated_is_absent(fake_web: Any) -> None:
    """A piece of a page without title and language has neither."""
    assert plain(read(fake_web, "<div class='x'>Meetings</div>")) == {}


@pytest.mark.parametrize(("body", "reason"), [
    ("<html><title>Page not found | Lindenford</title><p>Sorry.</p></html>", "not-found"),
    ("<html><title>Lindenford</title><h1>Sivua ei löytynyt</h1></html>", "not-found"),
    ("<html><title>404 - Not found</title></html>", "not-found"),
    ("<html><title>Before you continue</title><p>We use cookies. Accept all?</p></html>", "forbidden"),
    ("<html><title>Access denied</title><p>Reference 18.2</p></html>", "bot-challenge"),
    ("<html><title>Just a moment...</title></html>", "bot-challenge"),
    ("%PDF-1.7", "not-the-declared-format"),
    ('{"title": "x"}', "not-the-declared-format"),
    ("", "not-the-declared-format"),
    ("<p>" + "x" * 5_000_000, "too-large"),
])  # fmt: skip
def test_what_is_not_the_page_is_refused(fake_web: Any, body: str, reason: str) -> None:
    """A page that says it is none, a wall, a gate and other formats each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, body)
    assert caught.value.reason == reason and caught.value.capture is not None


@pytest.mark.parametrize("body", [
    "<html><title>Route 404: bus to the harbour</title></html>",
    f"<html><title>Page not found: a novel</title><p>{LONG}</p></html>",
    f"<html><title>Access denied: how to appeal</title><p>{LONG}</p></html>",
    f"<html><title>Cookie consent</title><p>{LONG}</p></html>",
    "<html><title>Lost and found</title></html>",
])  # fmt: skip
def test_pages_that_only_sound_so_are_read(fake_web: Any, body: str) -> None:
    """Only what is surely no page is called missing: a number, a long text or other words are not enough."""
    assert read(fake_web, body).complete


def test_a_page_drawn_by_scripts_proves_no_absence(fake_web: Any) -> None:
    """Where scripts would draw the words, not having found them means little, and the reading says so."""
    reading = read(fake_web, "<html><title>App</title><div></div><script src=a.js></script></html>", "Minutes")
    assert plain(reading)["marker_found"] is False and not reading.complete and "scripts" in reading.scope


def test_being_sent_to_the_front_page_proves_no_absence(fake_web: Any) -> None:
    """A page whose address leads to the front page may be gone; it is neither called missing nor whole."""

    class SentOn(fake_web):  # type: ignore[misc]
        async def get(self, request: Any) -> Any:
            answer = await super().get(request)
            front = {"redirects": ("https://lindenford.example/",), "final_url": "https://lindenford.example/"}
            return type(answer)(answer.capture.model_copy(update=front), answer.body)

    reading = asyncio.run(webpage.read(Target(URL, NOW), SentOn({URL: PAGE})))
    assert not reading.complete and "front page" in reading.scope


def test_real_pages_are_pages(shared: Path, fake_web: Any) -> None:
    """Recorded city pages are read with the titles that another program read, and none is taken for a gate."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in entries if entry["protocol"] == "HTML city page"]
    assert entries
    for entry in entries:
        values = plain(read(fake_web, (shared / "wire" / entry["file"]).read_bytes()))
        assert values.get("title", "") == " ".join(entry["expected"]["title"].split())
        assert values.get("language") == entry["expected"]["lang"]
