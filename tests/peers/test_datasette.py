"""Datasette, which publishes tables: its pages, calendars and news feeds, and what it is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from .conftest import Probed, Serving

NEWS = (
    "select id as atom_id, title as atom_title, at as atom_updated, 'https://exampleton.example/' || id as atom_link, "
    "title as atom_content from meetings"
)
DATES = "select title as event_name, at as event_dtstart, id as event_uid from meetings"


def test_datasette_is_read(
    environment: Callable[[str], Path],
    serving: Serving,
    probe: Callable[[str, str], Probed],
    port: int,
    tmp_path: Path,
) -> None:
    """It is not taken for another interface; where it serves a form that we read, that is read."""
    installed = environment("datasette")
    with sqlite3.connect(tmp_path / "city.db") as database:
        database.execute("create table meetings (id text primary key, title text, at text)")
        database.executemany("insert into meetings values (?, ?, ?)", [
            ("a", "Council", "2026-11-01T18:00:00+00:00"), ("b", "Planning", "2026-12-01T18:00:00+00:00"),
        ])  # fmt: skip
    database.close()
    command = [installed / "datasette", "serve", tmp_path / "city.db", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port):
        base = f"http://127.0.0.1:{port}"
        for kind in ("ogc_api", "wfs", "wms", "sensorthings", "openaq"):
            reason = probe(kind, f"{base}/")["reason"]
            assert reason in {"not-the-declared-format", "not-found"}, (kind, reason)
        assert probe("ckan", f"{base}/")["reason"] == "not-found"
        assert probe("wms", f"{base}/city.json")["reason"] == "not-the-declared-format"
        calendar = probe("ical", f"{base}/city.ics?sql={quote(DATES)}")
        assert (calendar["reason"], calendar["values"]["event_count"]) == ("ok", 2), calendar
        news = probe("feed", f"{base}/city.atom?sql={quote(NEWS)}")
        assert (news["reason"], news["values"]["item_count"]) == ("ok", 2), news
