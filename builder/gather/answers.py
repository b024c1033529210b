"""What a status means: every HTTP status becomes one reason, and gates against robots are told from plain refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping

from builder.model.reasons import Reason

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_STATUSES = {
    401: Reason.AUTH_REQUIRED,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    407: Reason.AUTH_REQUIRED,
    408: Reason.TIMEOUT,  # the server gave up waiting: nothing is said about the thing itself
    410: Reason.GONE,
    425: Reason.SERVER_ERROR,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,
}

# Pages that stand in front of a site and ask "are you a person?". Marks of the gate, not of the firm behind it:
# ordinary pages of the same firms hold their scripts too.
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required|checking your browser|verify(?:ing)? you are (?:a )?human"
    rb"|ddos-guard|please wait\.\.\. \| cloudflare|access denied|pardon our interruption|robot check)"
    rb"|_incapsula_resource|incapsula incident id|cf-challenge|cf_chl_opt|px-captcha|datadome|g-recaptcha|h-captcha"
    rb"|errors\.edgesuite\.net|awswafintegration",
    re.IGNORECASE,
)
# A gate that answers 200 is only believed when nothing but the gate is there.
_GATE_ALONE = re.compile(rb"<title>\s*just a moment|_incapsula_resource|cf_chl_opt|awswafintegration", re.IGNORECASE)
_GATE_BYTES = 16_384


def reason_of(status: int, headers: Mapping[str, str], body: bytes) -> Reason:
    """The reason for an answer that arrived whole; ``headers`` with lower-case names, ``body`` or its beginning.

    >>> reason_of(404, {}, b"").value, reason_of(403, {"cf-mitigated": "challenge"}, b"").value
    ('not-found', 'bot-challenge')
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return Reason.BOT_CHALLENGE
    if headers.get("x-amzn-waf-action", "").lower() in {"challenge", "captcha"}:
        return Reason.BOT_CHALLENGE
    if status in {401, 403, 405, 406, 429, 503} and _CHALLENGE.search(body[:262_144]):
        return Reason.BOT_CHALLENGE
    if 200 <= status < 300:
        html = "html" in headers.get("content-type", "").lower()
        return Reason.BOT_CHALLENGE if html and len(body) <= _GATE_BYTES and _GATE_ALONE.search(body) else Reason.OK
    if status in _STATUSES:
        return _STATUSES[status]
    if 400 <= status < 500:
        return Reason.CLIENT_ERROR
    if 500 <= status < 600:
        return Reason.SERVER_ERROR
    return Reason.PROTOCOL_ERROR  # 1xx, 304 without our asking, a redirect to nowhere, a number of nobody's
