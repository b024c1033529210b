"""Reads a security.txt: how many ways it gives to report a weakness, when it runs out, where it says it belongs.

**What it asks.** `/.well-known/security.txt`, and where there is none `/security.txt`, below the address given when its
path is empty or ends in `/`; an address that names a file is read as given. At most 256 kB,
eight times what the standard advises, and of those the first thousand lines.

**What it measures.**

- `contact_count`: the `Contact` fields, each one way to get in touch; 0 where the file has none. What they say (an
  e-mail address, a form) is not kept.
- `expires` (instant, UTC): the `Expires` field; absent where there is none or it is no date.
- `canonical` (list): the addresses where the file says it belongs; absent where it names none.
- `signed` (yes or no): whether it comes as a signed message (OpenPGP). The signature itself is not checked.
- `policy_count`: the `Policy` fields: links to what the city asks of those who look for weaknesses.

**What each reason means here.** `not-found`: neither address has the file. `not-the-declared-format`: a web page (many
sites answer every address with one), or a text without any field of the standard. `malformed`: more than one
`Expires`, so that nobody can tell when it runs out, or bytes that are no text. `too-large`: longer than such a file
can be.

**A worked example.** `Contact: mailto:cert@city.example`, `Contact: https://city.example/report`, `Expires:
2027-03-01T00:00:00Z` gives `contact_count` 2 and `expires` 2027-03-01T00:00:00Z; no `canonical`, since none is stated.

**The standard.** [RFC 9116](https://www.rfc-editor.org/rfc/rfc9116). It asks for one `Expires`; a file from before the
standard without one is read, and simply has none.
"""

from __future__ import annotations

import re

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import with_standard_path
from builder.probes._asking import Asking
from builder.probes._dates import read_date
from builder.probes._facts import Facts
from builder.probes._text import cleaned

VERSION = 1
DEADLINE_SECONDS = 60

LIMIT_BYTES = 256 * 1024
_MOST_LINES = 1000
# In the order in which RFC 9116 section 3 names them.
_PLACES = (".well-known/security.txt", "security.txt")
_FIELDS = frozenset({
    "acknowledgments", "canonical", "contact", "csaf", "encryption", "expires", "hiring", "policy",
    "preferred-languages",
})  # fmt: skip
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:[ \t]*(\S.*)")
_SIGNED, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
# What ends the look at the first place: the file may still be at the second.
_NOT_HERE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.NOT_THE_DECLARED_FORMAT, Reason.NOT_CAPTURED})


async def read(target: Target, web: Web) -> Reading:
    """Read the file at the first place that has one."""
    asking = Asking(web)
    first: Unreadable | None = None
    for url in dict.fromkeys(with_standard_path(target.url, place) for place in _PLACES):
        try:
            answer, position = await asking.get(Request(url, accept="text/plain, */*;q=0.5", limit_bytes=LIMIT_BYTES))
            return _reading(answer, position)
        except Unreadable as fault:
            first = first or fault
            if fault.reason not in _NOT_HERE:
                raise
    assert first is not None  # there is at least one place
    raise first


def _reading(answer: Answer, position: int) -> Reading:
    lines, signed = _lines(answer)
    fields: dict[str, list[str]] = {}
    for line in lines:
        if found := _known(line):
            fields.setdefault(found[1].lower(), []).append(found[2].strip())
    if not fields:
        words = "The answer is a text without any field of a security.txt."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)
    stated = fields.get("expires", [])
    if len(stated) > 1:
        words = f"It has {len(stated)} Expires fields; the standard allows one."
        raise Unreadable(Reason.MALFORMED, words, answer.capture)
    expires = read_date(stated[0]) if stated else None
    facts = Facts()
    facts.say("contact_count", len(fields.get("contact", [])), "Contact", position)
    facts.say("expires", expires.iso if expires else None, "Expires", position)
    facts.say("canonical", list(cleaned(tuple(fields.get("canonical", [])), 500)) or None, "Canonical", position)
    facts.say("signed", signed, "the first line", position)
    facts.say("policy_count", len(fields.get("policy", [])), "Policy", position)
    message = "Its Expires field is no date that can be read." if stated and not expires else ""
    return Reading(facts, complete=True, scope="the whole file", message=message)


def _known(line: str) -> re.Match[str] | None:
    """A field of the standard, if the line is one."""
    found = _FIELD.fullmatch(line.strip())
    return found if found and found[1].lower() in _FIELDS else None


def _lines(answer: Answer) -> tuple[list[str], bool]:
    """The lines that hold fields, and whether the file is a signed message."""
    try:
        words = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The standard asks for UTF-8; a page or a picture is something else altogether, and that says more.
        words = answer.body.decode("latin-1")
        if any(_known(line) for line in words.splitlines()[:_MOST_LINES]):
            raise Unreadable(Reason.MALFORMED, "The text is not in UTF-8.", answer.capture) from None
    if words.lstrip().startswith("<") or "\0" in words:
        words = "The answer is a web page or no text; a security.txt was expected."
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)
    lines = words.splitlines()[:_MOST_LINES]
    marks = [line.strip() for line in lines]
    if _SIGNED not in marks:
        return lines, False
    begin = marks.index(_SIGNED) + 1
    if _SIGNATURE not in marks[begin:]:
        raise Unreadable(Reason.MALFORMED, "The signed message breaks off before its signature.", answer.capture)
    end = marks.index(_SIGNATURE, begin)
    # Lines that begin with a dash are escaped with another inside of a signed message (RFC 4880 section 7.1).
    return [line.removeprefix("- ") for line in lines[begin:end]], True
