"""Looks at how safely a web site is reached: by https or plain http, until when its certificate holds, and HSTS.

**What it asks.** The address given, once with `https` and once with plain `http` in front. The ports 80
and 443 give way to each form's own; any other port is kept in both. What the pages say does not matter, only how they
came; so an answer of any status counts, also a "not found".

**What it measures.**

- `redirects_to_https` (yes or no): whether the plain form ended at an `https` address. Absent where no plain form was
  served: a refused connection at port 80 leaves nothing to be led away from, and is no fault.
- `certificate_expires` (instant, UTC): when the certificate of the server that answered the `https` form, after all
  redirects, runs out. It was checked to be of that name and signed by somebody whom browsers trust.
- `hsts` (yes or no): whether that answer tells browsers to use https only (`Strict-Transport-Security` with a `max-age`
  above 0). `hsts_max_age` (`s`): for how long.

The reading is complete when both forms answered, or the `https` form did and no plain form is served. Where only the
plain form answered, it says `redirects_to_https` no, and the scope names what was wrong with the `https` form.

**What each reason means here.** `ok`: at least one form answered. `tls-error`: the certificate has run out, is of
another name, or is signed by nobody we trust. `connection-failed`: neither form could be connected to. All reasons are
those of the `https` form.

**A worked example.** `http://city.example/` answers `301` to `https://www.city.example/`, whose certificate ends on
1 March and which sends `Strict-Transport-Security: max-age=31536000`: `redirects_to_https` yes, `certificate_expires`
2027-03-01T12:00:00Z, `hsts` yes, `hsts_max_age` 31536000.

**The standard.** HTTP over TLS ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 4.2.2) and HTTP Strict
Transport Security ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797)).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from builder.errors import Unreadable
from builder.model.capture import Capture, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._dates import iso_instant
from builder.probes._facts import Facts
from builder.probes._html import LIMIT_BYTES
from builder.probes._paging import why

VERSION = 1
DEADLINE_SECONDS = 60

_MAX_AGE = re.compile(r"(?:^|;)\s*max-age\s*=\s*\"?(\d{1,12})\"?\s*(?:;|$)", re.IGNORECASE)


async def read(target: Target, web: Web) -> Reading:
    """Ask both forms of the address; raises the fault of the ``https`` form where neither answered."""
    asking = _Both(web)
    safe, fault = await asking.answered(_form(target.url, "https"))
    plain, plain_fault = await asking.answered(_form(target.url, "http"))
    facts = Facts()
    if plain and _is_https(plain[0].final_url):
        facts.say("redirects_to_https", True, "final_url", plain[1])
    elif plain and 200 <= (plain[0].status or 0) < 300:
        facts.say("redirects_to_https", False, "final_url", plain[1])
    if safe is None:
        assert fault is not None
        if "redirects_to_https" not in facts or facts["redirects_to_https"].value:
            raise fault
        return Reading(facts, complete=False, scope=f"the plain http form; the https form did not answer: {why(fault)}")
    capture, position = safe
    if capture.certificate_expires:
        facts.say("certificate_expires", iso_instant(capture.certificate_expires), "certificate: notAfter", position)
    header = capture.headers.get("strict-transport-security", "")
    age = int(found[1]) if (found := _MAX_AGE.search(header)) else 0
    facts.say("hsts", age > 0, "header: Strict-Transport-Security", position)
    facts.say("hsts_max_age", age or None, "header: Strict-Transport-Security", position, unit="s")
    refused = plain_fault is not None and plain_fault.reason is Reason.CONNECTION_FAILED
    if refused:
        scope = "the https form; no plain http form is served"
    elif "redirects_to_https" in facts:
        scope = "the https form and the plain http form"
    else:
        scope = f"the https form; the plain http form did not answer{f': {why(plain_fault)}' if plain_fault else ''}"
    return Reading(facts, complete=refused or "redirects_to_https" in facts, scope=scope)


class _Both:
    """Asks and keeps the capture of whatever answered, whether or not its status was a good one."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._captures = 0

    async def answered(self, url: str) -> tuple[tuple[Capture, int] | None, Unreadable | None]:
        """The capture of the answer and its position, or None; and the fault, if there was one."""
        fault: Unreadable | None = None
        try:
            answer = await self._web.get(Request(url, limit_bytes=LIMIT_BYTES))
            capture: Capture | None = answer.capture
        except Unreadable as error:
            fault, capture = error, error.capture
        if capture is None:
            return None, fault
        position, self._captures = self._captures, self._captures + 1
        # One that sends from https on to plain http did answer, but leaves us on a line that is not safe.
        unsafe = fault is not None and fault.reason is Reason.TLS_ERROR
        if capture.status is None or unsafe:
            return None, fault
        return (capture, position), fault


def _form(url: str, scheme: str) -> str:
    """The address in one of its two forms; a port stays only where it is not the other form's default."""
    parts = split(url)
    default = {"http": 80, "https": 443}
    netloc = parts.netloc
    if parts.port in default.values():
        netloc = netloc.rpartition(":")[0]
    return urlunsplit((scheme, netloc, parts.path or "/", parts.query, ""))


def _is_https(url: str) -> bool:
    return urlsplit(url).scheme == "https"
