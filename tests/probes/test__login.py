"""How a page that asks for a login is told from an answer, and from a page that is only called so."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes._login import refuse_login

ASKED = "https://city.example/api/3/action/package_search"
LOGIN = "https://city.example/users/login?next=%2Fapi"
PAGE = b"<!DOCTYPE html><title>Sign in</title><input type=password>"


def sent_on(to: str, body: bytes = PAGE, asked: str = ASKED, spooled: bool = False) -> Answer:
    """The answer at the end of one redirect."""
    redirects = (to,) if to != asked else ()
    capture = Capture(url=asked, redirects=redirects, final_url=to, status=200, at=datetime(2026, 11, 21, tzinfo=UTC))
    return Answer(capture, b"", io.BytesIO(body)) if spooled else Answer(capture, body)


@pytest.mark.parametrize("to", [
    LOGIN,
    "https://city.example/signin",
    "https://login.provider.example/common/oauth2/authorize",
    "https://sso.city.example/adfs/ls/",
    "https://city.example/sign-in.html",
])  # fmt: skip
@pytest.mark.parametrize("spooled", [False, True])
def test_being_sent_on_to_a_login_is_a_closed_door(to: str, spooled: bool) -> None:
    """A web page at an address of a login, where something else was asked, is `auth-required`."""
    with pytest.raises(Unreadable) as caught:
        refuse_login(sent_on(to, spooled=spooled))
    assert caught.value.reason == "auth-required" and caught.value.capture is not None


@pytest.mark.parametrize("answer", [
    sent_on(ASKED),
    sent_on("https://www.city.example/api/3/action/package_search"),
    sent_on("https://city.example/blogging/online"),
    sent_on(LOGIN, b'{"success": true}'),
    sent_on(LOGIN, asked="https://city.example/login"),
])  # fmt: skip
def test_everything_else_is_left_to_its_bytes(answer: Answer) -> None:
    """A page without a redirect, another address, data at a login's address, and a login that was asked for pass."""
    refuse_login(answer)


def test_a_spooled_answer_stays_at_its_start() -> None:
    """Looking at how a file begins does not move it."""
    answer = sent_on(LOGIN, b"PK\x03\x04", spooled=True)
    refuse_login(answer)
    assert answer.file is not None and answer.file.tell() == 0
