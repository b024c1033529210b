"""Reads one web page made for people: what it is called, in which language, and whether words we look for are there.

**What it asks.** The page at the address as given, once, at most 4 MB, and only where the site's robots.txt allows it.
Nothing on the page is run.

**What it measures.**

- `title`: the page's `<title>`, on one line; absent where it has none.
- `language`: the language tag its root states (`de`, `en-GB`), as stated; absent where none is.
- `marker_found` (yes or no): whether the words of the source's `marker` stand in the title or anywhere a reader sees
  them, whatever their case and spacing; absent where the source names no marker.

The reading is not complete where the page is an empty frame that scripts fill in a browser, or where we were sent from
the page on to the site's front page: then the words may be missing because we did not see the page.

**What each reason means here.** `not-found`: the server says so, or it answers with a page whose title or first
heading says in so many words, in one of eighteen languages, that there is no such page, and that holds little else (a
"soft 404"). `forbidden`: nothing but a question about consent was shown. `bot-challenge`: nothing but a gate against
robots. `not-the-declared-format`: no web page at all, but a PDF or JSON for example. `too-large`: more than 4 MB or
300,000 tags. `robots-disallowed`: the site asks programs to stay away, so we did.

**A worked example.** `https://city.example/council` with the marker `Minutes` answers `<html lang="en"><title>The
council</title>... <h2>Minutes of 3 May</h2>`: `title` is `The council`, `language` `en`, `marker_found` yes.

**The standard.** [HTML](https://html.spec.whatwg.org/), language tags by BCP 47, robots.txt by RFC 9309.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from builder.model.capture import Capture, Request
from builder.model.observation import Reading, Target
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._facts import Facts
from builder.probes._gates import refuse_pretence
from builder.probes._html import LIMIT_BYTES, Page, read_html

VERSION = 1
DEADLINE_SECONDS = 60

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


async def read(target: Target, web: Web) -> Reading:
    """Read the page at the target's address."""
    split(target.url)
    answer, position = await Asking(web).get(Request(target.url, accept=ACCEPT, limit_bytes=LIMIT_BYTES))
    page = read_html(answer)
    refuse_pretence(page, answer)
    facts = Facts()
    facts.say_words("title", page.title, "title", position)
    facts.say("language", page.language, "html/@lang", position)
    if target.marker and (wanted := _folded(target.marker)):
        facts.say("marker_found", wanted in _folded(f"{page.title}\n{page.words}"), "the words of the page", position)
    doubts = _doubts(page, answer.capture)
    return Reading(facts, complete=not doubts, scope="; ".join(["the page", *doubts]))


def _doubts(page: Page, capture: Capture) -> list[str]:
    """Why what was seen may not be all, or not the page meant."""
    doubts = []
    if page.drawn_by_scripts:
        doubts.append("its words are drawn by scripts, which we do not run")
    asked, got = urlsplit(capture.url), urlsplit(capture.final_url)
    if capture.redirects and asked.path.strip("/") and not got.path.strip("/") and not got.query:
        doubts.append("we were sent on to the site's front page")
    return doubts


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
