"""Tells where we were sent on to a page that asks for a login: a closed door is no broken answer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason

_LOGIN = re.compile(
    r"(?:^|[./_-])(?:log|sign)[-_]?(?:in|on)(?:[./_-]|$)|(?:^|[./])(?:sso|saml2?|oauth2?|adfs|idp|openid-connect)(?:[./]|$)",
    re.IGNORECASE,
)
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|\?xml[^>]{0,200}>\s*<(?:!doctype\s+)?html)", re.IGNORECASE
)


def refuse_login(answer: Answer) -> None:
    """Raise ``auth-required`` where a redirect ended at a web page whose address is that of a login.

    A page of that kind at the address itself, or one that was asked for, is not meant: there the bytes decide.
    """
    capture = answer.capture
    if not capture.redirects or not _LOGIN.search(_where(capture.final_url)) or _LOGIN.search(_where(capture.url)):
        return
    begins = answer.body[:1024]
    if answer.file is not None:
        begins = answer.file.read(1024)
        answer.file.seek(0)
    if _PAGE.match(begins):
        raise Unreadable(Reason.AUTH_REQUIRED, "It sent us on to a page that asks for a login.", capture)


def _where(url: str) -> str:
    """Host and path of an address."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"
