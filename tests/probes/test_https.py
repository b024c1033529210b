"""How a web site is reached: the plain form, the safe form, and what is said when one of them does not answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.probes import https

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENDS = datetime(2027, 3, 1, 12, tzinfo=UTC)
PLAIN, SAFE = "http://lindenford.example/", "https://lindenford.example/"
YEAR = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


class Lines:
    """A web in which each address answers with a capture as given, or not at all."""

    def __init__(self, answers: dict[str, dict[str, Any] | Reason]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def get(self, request: Request) -> Answer:
        self.asked.append(request.url)
        made = self._answers[request.url]
        given = made if isinstance(made, dict) else {"status": None, "reason": made}
        reason = given.pop("reason", Reason.OK)
        capture = Capture(**{"url": request.url, "final_url": request.url, "status": 200, "at": NOW} | given)
        if reason is not Reason.OK:
            raise Unreadable(reason, f"{request.url}: {reason}", capture)
        return Answer(capture, b"")


def sent_on(**more: Any) -> dict[str, Any]:
    """The plain form's answer where it leads to the safe one."""
    return {"final_url": SAFE, "redirects": (SAFE,), "certificate_expires": ENDS} | more


def read(answers: dict[str, Any], url: str = SAFE) -> Reading:
    """Look at a site."""
    return asyncio.run(https.read(Target(url, NOW), Lines(answers)))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_well_kept_site() -> None:
    """Plain http leads to https, the certificate's end is known, browsers are told to stay; each names its exchange."""
    reading = read({SAFE: {"certificate_expires": ENDS, "headers": YEAR}, PLAIN: sent_on()})
    assert plain(reading) == {
        "redirects_to_https": True, "certificate_expires": "2027-03-01T12:00:00Z", "hsts": True,
        "hsts_max_age": 31536000,
    }  # fmt: skip
    assert reading.complete
    assert {name: one.capture for name, one in reading.measurements.items()}["redirects_to_https"] == 1
    assert reading.measurements["certificate_expires"].capture == 0


@pytest.mark.parametrize(("header", "on"), [
    ("max-age=0", False), ("includeSubDomains", False), ("", False), ('includeSubDomains; Max-Age="600"', True),
    ("max-age=forever", False), ("s-max-age=9", False),
])  # fmt: skip
def test_hsts_is_on_only_for_some_time(header: str, on: bool) -> None:
    """A header with no time, or with none left, switches it off."""
    answers = {SAFE: {"headers": {"strict-transport-security": header}}, PLAIN: sent_on()}
    assert plain(read(answers))["hsts"] is on


def test_a_plain_site_beside_the_safe_one() -> None:
    """Where the plain form answers by itself nobody is led to safety."""
    assert plain(read({SAFE: {"certificate_expires": ENDS}, PLAIN: {}}))["redirects_to_https"] is False


def test_no_plain_form_is_no_fault() -> None:
    """A refused port 80 leaves nothing to be led away from: nothing is said of redirects, and nothing is missing."""
    reading = read({SAFE: {"certificate_expires": ENDS}, PLAIN: Reason.CONNECTION_FAILED})
    assert plain(reading) == {"certificate_expires": "2027-03-01T12:00:00Z", "hsts": False}
    assert reading.complete and reading.scope == "the https form; no plain http form is served"


def test_a_plain_form_that_we_could_not_read_is_unknown() -> None:
    """A slow or forbidden plain form says nothing about where it leads, and the reading is not whole."""
    for answer in (Reason.TIMEOUT, {"status": 403, "reason": Reason.FORBIDDEN}):
        reading = read({SAFE: {}, PLAIN: answer})
        assert "redirects_to_https" not in reading.measurements and not reading.complete


def test_any_status_shows_the_line() -> None:
    """A page that is missing or closed still came over a line that can be looked at."""
    closed = {"status": 403, "reason": Reason.FORBIDDEN}
    reading = read({SAFE: {**closed, "certificate_expires": ENDS, "headers": YEAR}, PLAIN: {**closed, **sent_on()}})
    assert plain(reading)["redirects_to_https"] is True and plain(reading)["hsts"] is True


def test_a_site_without_https_says_so() -> None:
    """Where only the plain form answers, that is seen; what was wrong with the other is named."""
    reading = read({SAFE: Reason.TLS_ERROR, PLAIN: {}})
    assert plain(reading) == {"redirects_to_https": False} and not reading.complete
    assert "no safe connection could be made" in reading.scope


@pytest.mark.parametrize("plain_form", [
    Reason.CONNECTION_FAILED, Reason.TLS_ERROR, {"redirects": (SAFE,), "status": None, "reason": Reason.TLS_ERROR},
])  # fmt: skip
def test_a_site_that_nobody_can_reach_is_refused(plain_form: Any) -> None:
    """Where neither form answers, the reason is that of the safe one."""
    with pytest.raises(Unreadable) as caught:
        read({SAFE: Reason.TLS_ERROR, PLAIN: plain_form})
    assert caught.value.reason is Reason.TLS_ERROR


def test_being_sent_from_safe_to_plain_is_not_safe() -> None:
    """A safe form that sends on to the plain one gives no certificate to praise."""
    reading = read({SAFE: {"status": 302, "reason": Reason.TLS_ERROR, "certificate_expires": ENDS}, PLAIN: {}})
    assert plain(reading) == {"redirects_to_https": False}


@pytest.mark.parametrize(("url", "safe", "plain_form"), [
    ("http://lindenford.example", SAFE, PLAIN),
    ("https://lindenford.example:443/de/", SAFE + "de/", PLAIN + "de/"),
    ("http://lindenford.example:80", SAFE, PLAIN),
    ("http://lindenford.example:8080/", "https://lindenford.example:8080/", "http://lindenford.example:8080/"),
])  # fmt: skip
def test_both_forms_of_any_address(url: str, safe: str, plain_form: str) -> None:
    """Whichever form a person wrote, both are asked at their own ports."""
    web = Lines({safe: {}, plain_form: {}})
    asyncio.run(https.read(Target(url, NOW), web))
    assert web.asked == [safe, plain_form]
