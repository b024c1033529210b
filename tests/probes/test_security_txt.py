"""What is read of a security.txt, signed or not, and what only looks like one."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.probes import security_txt

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST = "https://lindenford.example/.well-known/security.txt"
SECOND = "https://lindenford.example/security.txt"
FILE = b"""# Thank you for telling us.
contact: mailto:cert@lindenford.example
Contact:https://lindenford.example/report
EXPIRES: 2027-03-01T01:00:00+01:00
Canonical: https://lindenford.example/.well-known/security.txt
Policy: https://lindenford.example/policy
X-Lunch: at noon
"""
SIGNED = b"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Contact: mailto:cert@lindenford.example
- -Comment: a line that begins with a dash
Expires: 2027-03-01T00:00:00Z
-----BEGIN PGP SIGNATURE-----

Contact: nothing in here is a field
-----END PGP SIGNATURE-----
"""


def read(fake_web: Any, pages: dict[str, Any], url: str = "https://lindenford.example") -> Reading:
    """Read a site's file."""
    return asyncio.run(security_txt.read(Target(url, NOW), fake_web(pages)))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_file_is_read(fake_web: Any) -> None:
    """Fields count whatever their case and spacing; comments, unknown fields and the contacts' words are not kept."""
    reading = read(fake_web, {FIRST: FILE})
    assert plain(reading) == {
        "contact_count": 2, "expires": "2027-03-01T00:00:00Z", "canonical": [FIRST], "signed": False,
        "policy_count": 1,
    }  # fmt: skip
    assert reading.complete and "mailto" not in str(reading)


def test_a_signed_file_is_read(fake_web: Any) -> None:
    """Of a signed message only what was signed is read."""
    assert plain(read(fake_web, {FIRST: SIGNED})) == {
        "contact_count": 1, "expires": "2027-03-01T00:00:00Z", "signed": True, "policy_count": 0,
    }  # fmt: skip


def test_the_older_place_is_asked_where_the_first_has_nothing(fake_web: Any) -> None:
    """A missing file, or a page in its stead, leads to the second place, and its capture is the one named."""
    for nothing in ((404, {}, b"no"), b"<!DOCTYPE html><title>Welcome</title>"):
        reading = read(fake_web, {FIRST: nothing, SECOND: FILE})
        assert reading.measurements["contact_count"].capture == 1


def test_only_a_missing_file_leads_to_the_older_place(fake_web: Any) -> None:
    """A server with a fault of its own is not asked for the second place: it did not say that the first is empty."""
    web = fake_web({FIRST: (503, {}, b""), SECOND: FILE})
    with pytest.raises(Unreadable) as caught:
        asyncio.run(security_txt.read(Target("https://lindenford.example/", NOW), web))
    assert caught.value.reason is Reason.SERVER_ERROR and web.asked == [FIRST]


def test_an_address_of_a_file_is_read_as_given(fake_web: Any) -> None:
    """Somebody who names the file gets that one and no other."""
    web = fake_web({"https://lindenford.example/files/sec.txt": FILE})
    asyncio.run(security_txt.read(Target("https://lindenford.example/files/sec.txt", NOW), web))
    assert web.asked == ["https://lindenford.example/files/sec.txt"]


@pytest.mark.parametrize(("body", "reason"), [
    (b"", "not-the-declared-format"),
    (b" <html><body>Contact: us</body></html>", "not-the-declared-format"),
    (b"<p>caf\xe9</p>", "not-the-declared-format"),
    (b"\x89PNG\r\n\0\0", "not-the-declared-format"),
    (b"Not found\n", "not-the-declared-format"),
    (b"Name: Lindenford\n", "not-the-declared-format"),
    (FILE + b"Expires: 2028-01-01T00:00:00Z\n", "malformed"),
    (b"Contact: caf\xe9\n", "malformed"),
    (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "not-the-declared-format"),
    (b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + FILE, "malformed"),
    (b"Contact: a\n" * 30_000, "too-large"),
])  # fmt: skip
def test_what_is_no_security_txt_is_refused(fake_web: Any, body: bytes, reason: str) -> None:
    """Pages, other texts and pictures are something else; two ends, or bytes that are no text, are broken."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {FIRST: body, SECOND: (404, {}, b"")})
    assert caught.value.reason == reason and caught.value.capture is not None


def test_what_is_not_stated_is_absent(fake_web: Any) -> None:
    """Without an end, or with one that is no date, there is none; without a contact the count is nought."""
    assert plain(read(fake_web, {FIRST: b"Policy: https://lindenford.example/p\n"})) == {
        "contact_count": 0, "signed": False, "policy_count": 1}  # fmt: skip
    vague = read(fake_web, {FIRST: b"Contact: tel:+1\nExpires: next spring\n"})
    assert "expires" not in vague.measurements and "Expires" in vague.message


@settings(max_examples=150, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_damaged_files_never_surprise(fake_web: Any, data: st.DataObject) -> None:
    """Whatever bytes are changed, a file is read or refused with a reason, and nothing else happens."""
    body = bytearray(data.draw(st.sampled_from([FILE, SIGNED])))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    try:
        assert read(fake_web, {FIRST: bytes(body), SECOND: (404, {}, b"")}).scope == "the whole file"
    except Unreadable as error:
        assert error.message


def test_real_files_agree_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """Recorded files give the contacts, ends, places and signatures that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in entries if entry["protocol"] == "security.txt"]
    assert entries
    for entry in entries:
        expected = entry["expected"]
        reading = plain(read(fake_web, {FIRST: (shared / "wire" / entry["file"]).read_bytes()}))
        assert reading["contact_count"] == len(expected["contacts"])
        assert reading["policy_count"] == len(expected["policy"])
        assert reading.get("canonical", []) == expected["canonical"]
        assert reading["signed"] == expected["pgp_signed"]
        ends = reading.get("expires")
        assert (ends and datetime.fromisoformat(ends)) == (
            expected["expires"] and datetime.fromisoformat(expected["expires"]))  # fmt: skip
