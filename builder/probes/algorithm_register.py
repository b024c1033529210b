"""Reads a register of the algorithms a city uses: how many it lists, how fully each is described, the newest entry.

**What it asks.** The address as given, where robots.txt allows it: JSON, CSV or a web page, whichever comes. Where a
page about algorithms links to a file of data (`.json`, `.csv`) that belongs to it, that one file is asked too, and read
in the page's stead. A source's `filter` is the name of one body in a register that many share, such as a national one:
only entries whose field for the body says exactly that, whatever its case, are read.

**What it measures.** A field is known by the words in its name, in the languages of the registers we know.

- `entry_count`: the entries (of the body, where there is a filter). On a web page only where its structure is plain:
  the rows of the one table that has a column of names, or its `article` elements.
- `entry_latest` (date or instant, UTC): the newest day on which an entry was added, registered or changed, not in the
  future; days on which an algorithm came into use do not count. Absent where no field says so.
- `fields_filled_share` (0 to 1): of all fields that any entry has, over all entries, those that say something. A word
  such as "unknown" says something.
- `purpose_share`, `data_share`, `responsible_share`, `legal_basis_share` (0 to 1): entries that say what it is for,
  which data it uses, who answers for it (a person, an office or a way to reach them), on which law it rests; absent
  where no entry has such a field, for it may bear a name we do not know.
- `documented_share` (0 to 1): entries that say all of the first three, which registers after the schema of Eurocities
  and the UK's standard have in common; absent where one of the three shares is. Of fields that hold fields (tiers),
  one level is looked into.

The reading is complete when all entries announced came. A page whose entries could not be counted, or that goes on to
further pages, gives a reading that is not complete.

**What each reason means here.** `empty`: a register in order without an entry, or without one of the body asked for.
`not-the-declared-format`: a page that speaks of no algorithms in its title or headings, JSON without a list of named
entries, a text that is no table, or the data of another interface (a catalogue's, for example) that speak of none.
`malformed`: broken JSON or CSV. `our-error`: a page drawn by scripts, which we do not run, and that says nothing
without them.

**A worked example.** `[{"name": "Bin routes", "purpose": "Shorter ways", "updated": "2026-05-01"}, {"name": "Permits",
"purpose": "", "updated": "2026-03-01"}]`: `entry_count` 2, `entry_latest` 2026-05-01, `fields_filled_share` 5 of 6,
`purpose_share` 0.5.

**The standard.** None binds them all. Close to it: the Dutch [Algoritmeregister](https://algoritmes.overheid.nl/), the
UK's Algorithmic Transparency Recording Standard, and the schema of Eurocities.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes import _entries
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dates import Moment, read_date
from builder.probes._dcat import as_of
from builder.probes._entries import Entry, fields_of, filled, in_csv, in_json, named, with_parts
from builder.probes._facts import Facts, Newest, next_address
from builder.probes._gates import refuse_pretence
from builder.probes._html import Page, decoded, looks_like_html, read_html
from builder.probes._json import read_json, text
from builder.probes._prose_dates import days_in
from builder.probes._text import counted

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 32 * 1024 * 1024
_PAGE_BYTES = 4 * 1024 * 1024
_ALGORITHM = re.compile(
    # In capitals only: "ai" is French for "have".
    r"algorit|algorithm|(?-i:\bAI\b|\bKI\b|\bIA\b)|tekoäly|artificial intelligence|künstliche intelligenz"
    r"|kunstmatige intelligentie|intelligence artificielle|inteligencia artificial|intel·ligència artificial"
    r"|アルゴリズム",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r'"(?:conformsTo|@context|@graph|@type|@iot\.\w+|ocid|service_request_id|license_id|last_updated|ttl|sensors)"\s*:'
)
_NEXT_PAGE = re.compile(r"[?&/](?:page|pagina|p|seite|sivu)[=/]2\b", re.IGNORECASE)
_SHARES = {
    "purpose_share": _entries.PURPOSES, "data_share": _entries.DATA, "responsible_share": _entries.RESPONSIBLE,
    "legal_basis_share": _entries.LEGAL,
}  # fmt: skip
_NOT = {"data_share": _entries.NOT_DATA | _entries.CHANGES}
_ESSENTIAL = ("purpose_share", "data_share", "responsible_share")


async def read(target: Target, web: Web) -> Reading:
    """Read the register at the target's address, or the file of data that its page links to."""
    split(target.url)
    asking = Asking(web)
    answer, position = await _ask(asking, target.url)
    words = decoded(answer)
    if not looks_like_html(words):
        reading = _data(target, answer, words, position)
        # Other interfaces list things with names and purposes too, and each has its marks.
        marked = _OF_OTHERS.search(words, 0, _PAGE_BYTES) is not None
        if marked and not (_ALGORITHM.search(words, 0, _PAGE_BYTES) or _ALGORITHM.search(target.url.upper())):
            said = "The answer is another interface's list, and speaks of no algorithms."
            raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, said, answer.capture)
        return reading
    if len(answer.body) > _PAGE_BYTES:
        raise Unreadable(Reason.TOO_LARGE, "The web page is larger than 4 MB.", answer.capture)
    page = read_html(answer)
    refuse_pretence(page, answer)
    speaks = any(_ALGORITHM.search(said) for said in (page.title, *page.headings))
    if not speaks and page.drawn_by_scripts:
        raise Unreadable(Reason.OUR_ERROR, "The page is drawn by scripts, which we do not run.", answer.capture)
    if not speaks:
        said = "The page speaks of no algorithms in its title or headings."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, said, answer.capture)
    if url := _data_link(page, answer):
        try:
            linked, at = await _ask(asking, url)
            if not looks_like_html(words := decoded(linked)):
                return _data(target, linked, words, at)
        except Unreadable:
            pass  # the page itself is still there
    return _page(target, page, position)


async def _ask(asking: Asking, url: str) -> tuple[Answer, int]:
    return await asking.get(
        Request(url, accept="application/json, text/csv, text/html, */*;q=0.5", limit_bytes=LIMIT_BYTES)
    )


def _data(target: Target, answer: Answer, words: str, position: int) -> Reading:
    if words.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        entries, pointer, more = in_json(answer, read_json(answer))
    else:
        entries, more = in_csv(answer, words)
        pointer = "the rows"
    everything = len(entries)
    if target.filter:
        entries = _of_body(entries, target.filter)
    facts = Facts()
    facts.say("entry_count", len(entries), pointer, position)
    _tell_fields(facts, entries, pointer, position, answer)
    scope = counted(len(entries), "entry", "entries")
    if target.filter:
        scope += f" of {target.filter!r} among {everything:,}"
    return Reading(
        facts, complete=not more, scope=scope + (", and there are more" if more else ""),
        empty=not entries and not more,
        message="" if entries else "The register is in order, but lists no such entry.",
    )  # fmt: skip


def _of_body(entries: list[Entry], wanted: str) -> list[Entry]:
    """The entries of one body: by its fields for bodies; where there are none, by any field that says just that."""
    fields = named(fields_of(entries), _entries.BODIES)
    name = _plain(wanted)
    return [
        entry for entry in entries
        if any(_plain(text(entry.get(field)) or "") == name for field in (fields or entry))
    ]  # fmt: skip


def _tell_fields(facts: Facts, entries: list[Entry], pointer: str, position: int, answer: Answer) -> None:
    fields = fields_of(entries)
    if not fields:
        return
    full = sum(filled(value) for entry in entries for value in entry.values())
    facts.say("fields_filled_share", full / (len(fields) * len(entries)), pointer, position, unit="1")
    # What an entry is about may be said a level deeper.
    whole = [with_parts(entry) for entry in entries]
    saying: dict[str, list[bool]] = {}
    names: list[str] = []
    for name, words in _SHARES.items():
        if about := named(fields_of(whole), words, but=_NOT.get(name, frozenset())):
            said = saying[name] = [any(filled(entry.get(field)) for field in about) for entry in whole]
            names += about[:2] if name in _ESSENTIAL else []
            facts.say(name, sum(said) / len(said), f"{pointer}: {', '.join(about[:5])}", position, unit="1")
    if saying.keys() >= set(_ESSENTIAL):
        documented = sum(map(all, zip(*(saying[name] for name in _ESSENTIAL), strict=True)))
        facts.say("documented_share", documented / len(entries), f"{pointer}: {', '.join(names)}", position, unit="1")
    newest, at = Newest(), as_of(answer.capture)
    for field in named(fields, _entries.CHANGES, but=_entries.NOT_CHANGES):
        moments = (_moment(entry.get(field)) for entry in entries)
        newest.see((one for one in moments if one and one.instant <= at), f"{pointer}: {field}", position)
    newest.tell(facts, "entry_latest")


def _moment(value: object) -> Moment | None:
    """A day as interfaces write it, or as people do where that leaves no doubt."""
    if found := read_date(value):
        return found
    days = days_in(value[:60], None) if isinstance(value, str) else []
    return read_date(days[0].date.isoformat()) if days else None


def _page(target: Target, page: Page, position: int) -> Reading:
    """A page made for people: counted only where a count can be right, and never where only one body's is wanted."""
    facts = Facts()
    further = any(_NEXT_PAGE.search(link.href) for link in page.links)
    tables = [table for table in page.tables if table.rows and named(table.headings, _entries.NAMES)]
    if target.filter or page.drawn_by_scripts:
        rows, pointer = None, ""
    elif len(tables) == 1:
        rows, pointer = tables[0].rows, "the rows of the table"
    elif not page.tables and page.articles > 1:
        rows, pointer = page.articles, "the articles of the page"
    else:
        rows, pointer = None, ""
    facts.say("entry_count", rows, pointer, position)
    facts.say_words("title", page.title or page.first_heading, "title", position)
    if rows is None:
        return Reading(facts, complete=False, scope="a page for people; its entries could not be counted")
    more = ", and there are further pages" if further else ""
    return Reading(
        facts, complete=not further and bool(tables), scope=f"{counted(rows, 'entry', 'entries')} on the page{more}"
    )


def _data_link(page: Page, answer: Answer) -> str | None:
    """The one file of data that belongs to the page: by its words or address, else because there is no other."""
    found: dict[str, bool] = {}
    for link in page.links:
        url = next_address(link.href, answer)
        if url and urlsplit(url).path.lower().endswith((".json", ".csv")):
            about = _ALGORITHM.search(f"{link.words} {link.href}") is not None
            found[url] = found.get(url, False) or about
    sure = [url for url, about in found.items() if about]
    return (sure or list(found))[0] if len(sure) == 1 or len(found) == 1 else None


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
