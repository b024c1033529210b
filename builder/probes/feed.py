"""Reads a news feed (RSS or Atom): how many items it lists, and how new the newest is.

## What it asks

The address as given, once. The body decides what it is: a web page that links the feed is not the feed.

## What it measures

- `title`: of the feed, as stated, markup taken out.
- `item_count` (number): the items (RSS) or entries (Atom) in the feed. A feed lists its newest only; how many is the
  publisher's choice.
- `published_latest` (ISO 8601, UTC): the newest date on which an item says it was published (`pubDate`, `dc:date`,
  `published`, in Atom 0.3 `issued`); where none of them says so, the newest `updated` or `modified` of an item. The
  pointer names which. Dates of mail (RFC 822) and ISO dates are understood; a date without a zone is read as UTC.
  The feed's own date says when the list was made, and is not used.
- `format`: `RSS 0.91` to `RSS 2.0`, `RSS 1.0`, `Atom 1.0`, `Atom 0.3`.

The reading is complete when the feed was read to its end. White space or a second byte order mark before the XML
declaration, which XML forbids and many publishing programs write, is passed over as most readers of feeds do; the
scope then says so.

## What each reason means here

- `ok`: a feed with at least one item. `empty`: a feed without any.
- `not-the-declared-format`: a web page, or XML that is no feed. `malformed`: broken XML, or a feed without a channel.
- All other reasons are those of the exchange.

## A worked example

`<rss version="2.0"><channel><title>News</title><item><pubDate>Fri, 20 Nov 2026 18:00:00 +0100</pubDate></item>` and so
on: `title` News, `item_count` 1, `published_latest` 2026-11-20T17:00:00Z, `format` RSS 2.0.

## The standard

[RSS 2.0](https://www.rssboard.org/rss-specification) and its forerunners 0.9x,
[RSS 1.0](https://web.resource.org/rss/1.0/spec), [Atom, RFC 4287](https://www.rfc-editor.org/rfc/rfc4287).
"""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import anyio.lowlevel

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._facts import Facts, Newest
from builder.probes._text import without_markup
from builder.probes._xml import attribute, child, children, local_name, read_xml, words

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 16 * 1024 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
# A lone byte order mark is in order, and so is white space where no declaration follows.
_BEFORE_DECLARATION = re.compile(rb"(?!\xef\xbb\xbf<)(?:\xef\xbb\xbf|[ \t\r\n])+(?=<\?xml[ \t\r\n])")
_EVERY = 1000
_PUBLISHED = ("pubDate", "date", "published", "issued", "created")
_CHANGED = ("updated", "modified")


async def read(target: Target, web: Web) -> Reading:
    """Read the feed at the target's address."""
    answer, _ = await Asking(web).get(Request(target.url, accept=_ACCEPT, limit_bytes=LIMIT_BYTES))
    before = _BEFORE_DECLARATION.match(answer.body)
    if before:
        answer = replace(answer, body=answer.body[before.end() :])
    root = read_xml(answer, "rss", "RDF", "feed", "channel", what="a feed (RSS or Atom)")
    head, path, items, at = _parts(root, answer)
    facts = Facts()
    title = words(head, "title")
    facts.say_words("title", without_markup(title) if title else None, f"{path}/title")
    facts.say("item_count", len(items), at)
    (await _newest(items, at)).tell(facts, "published_latest")
    facts.say_words("format", _format(root), f"/{local_name(root)}", limit=40)
    count = len(items)
    scope = f"all {count:,} items" if count != 1 else "the one item listed"
    if before:
        scope += "; white space before the XML declaration, which XML forbids, was passed over"
    return Reading(
        facts, complete=True, scope=scope, empty=not items,
        message="" if items else "The feed is in order, but lists no item.",
    )  # fmt: skip


def _parts(root: Element, answer: Answer) -> tuple[Element, str, list[Element], str]:
    """What describes the feed, and its items, each with its path."""
    name = local_name(root)
    if name == "feed":
        return root, "/feed", children(root, "entry"), "/feed/entry"
    channel = root if name == "channel" else child(root, "channel")
    # In RSS 0.90 and 1.0 the items stand beside the channel, in all others inside it.
    beside = children(root, "item") if name == "RDF" else []
    if channel is None:
        if name == "RDF" and not beside:
            message = "The answer is RDF, but no feed (RSS 1.0)."
            raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, message, answer.capture)
        if name == "rss":
            raise Unreadable(Reason.MALFORMED, "The feed has no channel, as every RSS feed does.", answer.capture)
        return root, "/RDF", beside, "/RDF/item"
    path = "/channel" if channel is root else f"/{name}/channel"
    return channel, path, beside or children(channel, "item"), "/RDF/item" if beside else f"{path}/item"


async def _newest(items: list[Element], at: str) -> Newest:
    """The newest date of publishing of any item; where no item states one, of change."""
    newest = Newest()
    for names in (_PUBLISHED, _CHANGED):
        for number, item in enumerate(items):
            if number % _EVERY == 0:
                await anyio.lowlevel.checkpoint()
            for name in names:
                newest.see((read_date(words(stated)) for stated in children(item, name)), f"{at}/{name}")
        if newest.at:
            break
    return newest


def _format(root: Element) -> str:
    """The feed's format and version, from its root element."""
    name = local_name(root)
    namespace = str(root.tag).partition("}")[0].removeprefix("{")
    if name == "feed":
        return "Atom 0.3" if "purl.org/atom" in namespace else "Atom 1.0"
    if name == "RDF":
        channel = child(root, "channel")
        return "RSS 0.90" if channel is not None and "0.9" in str(channel.tag).partition("}")[0] else "RSS 1.0"
    return f"RSS {attribute(root, 'version') or ''}".strip()
