"""The live client against servers that break every rule: each case ends as one reason, in time, within bounds."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Any

import pytest

from builder.gather.addresses import check_place
from builder.gather.client import Client
from builder.gather.exchange import Deadline
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.reasons import Outcome, Reason

from .conftest import NOW, Fetch, Server, plain

pytestmark = pytest.mark.anyio


async def _drip(writer: asyncio.StreamWriter, head: bytes) -> None:
    writer.write(head)
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _slow_body(writer: asyncio.StreamWriter) -> None:
    await _drip(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")


async def _slow_header(writer: asyncio.StreamWriter) -> None:
    await _drip(writer, b"HTTP/1.1 200 OK\r\nX-Slow: ")


async def _silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()


def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    return plain(body, "200 OK", "Content-Encoding: gzip")


_PACKED = gzip.compress(b"a,b\n" * 5_000)


@pytest.mark.parametrize(("route", "reason"), [
    (_slow_body, Reason.TIMEOUT),
    (_slow_header, Reason.TIMEOUT),
    (_silent, Reason.TIMEOUT),
    (_endless, Reason.TOO_LARGE),
    (_bomb(), Reason.TOO_LARGE),
    (plain(b"x" * 2_000_000), Reason.TOO_LARGE),
    (b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 5_000_000 + b"\r\n\r\n", Reason.PROTOCOL_ERROR),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nonly this", Reason.PROTOCOL_ERROR),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Reason.PROTOCOL_ERROR),
    (plain(_PACKED[:-20], "200 OK", "Content-Encoding: gzip"), Reason.PROTOCOL_ERROR),
    (plain(b"not packed at all", "200 OK", "Content-Encoding: gzip"), Reason.PROTOCOL_ERROR),
    (plain(gzip.compress(_PACKED), "200 OK", "Content-Encoding: gzip, gzip"), Reason.PROTOCOL_ERROR),
    (plain(b"\x8b\x03", "200 OK", "Content-Encoding: br"), Reason.PROTOCOL_ERROR),
    (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Reason.PROTOCOL_ERROR),
    (b"", Reason.PROTOCOL_ERROR),
    (plain(b"", "304 Not Modified"), Reason.PROTOCOL_ERROR),
    (plain(b"", "302 Found"), Reason.PROTOCOL_ERROR),
], ids=lambda value: value.value if isinstance(value, Reason) else None)  # fmt: skip
async def test_hostile_answers(server: Server, fetch: Fetch, route: Any, reason: Reason) -> None:
    """Slow, endless, exploding, truncated or meaningless answers each become one reason that blames nobody's data."""
    server.routes["/"] = route
    answer = await fetch(server.url(), seconds=0.6, limit_bytes=1_000_000)
    assert answer.reason is reason
    assert answer.reason.outcome is Outcome.CANT_TELL
    assert answer.body == b"" and answer.message


@pytest.mark.parametrize(("status", "reason"), [
    ("401 Who", Reason.AUTH_REQUIRED), ("403 Forbidden", Reason.FORBIDDEN), ("404 Not Found", Reason.NOT_FOUND),
    ("410 Gone", Reason.GONE), ("408 Request Timeout", Reason.TIMEOUT), ("418 Teapot", Reason.CLIENT_ERROR),
    ("429 Too Many Requests", Reason.RATE_LIMITED), ("451 Legal", Reason.FORBIDDEN),
    ("500 Oops", Reason.SERVER_ERROR), ("599 Oops", Reason.SERVER_ERROR), ("204 No Content", Reason.OK),
])  # fmt: skip
async def test_statuses(server: Server, fetch: Fetch, status: str, reason: Reason) -> None:
    """Every status becomes the reason that says whose fault it is, and is kept in the capture."""
    server.routes["/"] = plain(b"", status)
    answer = await fetch(server.url())
    assert (answer.reason, answer.capture.status) == (reason, int(status[:3]))


@pytest.mark.parametrize(("head", "body"), [
    ("cf-mitigated: challenge", b""),
    ("x-amzn-waf-action: captcha", b""),
    ("Content-Type: text/html", b"<html><title>Just a moment...</title>"),
    ("Content-Type: text/html", b"<html><iframe src='/_Incapsula_Resource?x'>"),
])  # fmt: skip
@pytest.mark.parametrize("status", ["403 Forbidden", "503 Busy", "200 OK"])
async def test_gates_against_robots(server: Server, fetch: Fetch, status: str, head: str, body: bytes) -> None:
    """A page that asks whether we are human is a gate, never the city's answer, whatever its status says."""
    server.routes["/"] = plain(body, status, head)
    assert (await fetch(server.url())).reason is Reason.BOT_CHALLENGE


async def test_good_answer(server: Server, fetch: Fetch) -> None:
    """A packed answer arrives unpacked, with the hash and size of what was said and only the headers worth keeping."""
    body = b'{"ok": true}'
    server.routes["/api"] = plain(
        gzip.compress(body), "200 OK", "Content-Encoding: gzip", "Content-Type: application/json; charset=utf-8",
        "Set-Cookie: a=b", "ETag: W/1")  # fmt: skip
    answer = await fetch(server.url("/api?a=1#part"), params={"q": "*:*"})
    assert (answer.reason, answer.body) == (Reason.OK, body)
    capture = answer.capture
    assert capture.url == capture.final_url == server.url("/api?a=1&q=%2A%3A%2A")
    assert (capture.media_type, capture.bytes, capture.at) == ("application/json", len(body), NOW)
    assert capture.sha256 == hashlib.sha256(body).hexdigest()
    assert sorted(capture.headers) == ["content-type", "etag"]


async def test_what_we_say(server: Server, fetch: Fetch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """We name ourselves and a page about us, offer gzip only, and take nothing from proxies or password files."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.routes["/"] = plain(b"x", "200 OK", "Set-Cookie: a=b")
    assert (await fetch(server.url(), accept="text/csv")).reason is Reason.OK
    said = server.requests[0].decode().lower()
    assert "user-agent: cityproof/" in said and "(+https://" in said
    assert "accept-encoding: gzip\r\n" in said and "connection: close" in said and "accept: text/csv" in said
    assert "authorization" not in said and "cookie" not in said


async def test_a_question_with_a_body_is_posted(server: Server, fetch: Fetch) -> None:
    """JSON goes out as a POST that says what it is, and the capture keeps it so that anybody can ask the same."""
    server.routes["/api"] = plain(b'{"data": {}}')
    answer = await fetch(server.url("/api"), json_body=b'{"query": "{ version }"}')
    said = server.requests[0].decode().lower()
    assert said.startswith("post /api ") and "content-type: application/json\r\n" in said
    assert server.bodies == [b'{"query": "{ version }"}']
    assert answer.capture.posted == '{"query": "{ version }"}'
    assert (await fetch(server.url("/api"))).capture.posted is None
    assert server.requests[1].startswith(b"GET ") and b"content-type" not in server.requests[1].lower()


async def test_a_key_goes_to_its_own_server_only(server: Server, fetch: Fetch) -> None:
    """A header with a key is kept through a redirect within the server, never sent to another, and kept nowhere."""
    server.routes["/a"] = plain(b"", "302 Found", "Location: /b")
    server.routes["/b"] = plain(b"", "302 Found", f"Location: {server.url('/c', host='localhost')}")
    server.routes["/c"] = plain(b"", "302 Found", f"Location: {server.url('/d')}")
    server.routes["/d"] = plain(b"fine")
    answer = await fetch(server.url("/a"), headers={"X-API-Key": "secret-key"})
    assert answer.reason is Reason.OK and server.asked == ["/a", "/b", "/c", "/d"]
    assert [b"secret-key" in request for request in server.requests] == [True, True, False, False]
    assert "secret-key" not in answer.capture.model_dump_json()


@pytest.mark.parametrize(("status", "method"), [("301", "POST"), ("302", "POST"), ("308", "POST"), ("303", "GET")])
async def test_a_redirect_keeps_the_question(server: Server, fetch: Fetch, status: str, method: str) -> None:
    """A posted question goes on to where it is sent; only 303, which says to read a page, turns it into a GET."""
    server.routes["/api"] = plain(b"", f"{status} Elsewhere", "Location: /new")
    server.routes["/new"] = plain(b"{}")
    answer = await fetch(server.url("/api"), json_body=b"{}")
    assert server.requests[1].decode().startswith(f"{method} /new ")
    assert server.bodies == [b"{}", b"{}" if method == "POST" else b""]
    assert answer.capture.posted == "{}" and answer.capture.final_url == server.url("/new")


async def test_two_gzip_members(server: Server, fetch: Fetch) -> None:
    """Two packed members in a row are one answer, as the format allows; neither may be lost."""
    server.routes["/"] = plain(gzip.compress(b"one,") + gzip.compress(b"two"), "200 OK", "Content-Encoding: gzip")
    assert (await fetch(server.url())).body == b"one,two"


async def test_large_answers_lie_in_a_file(server: Server, fetch: Fetch) -> None:
    """A spooled answer is handed over as a file positioned at its start, not as bytes in memory."""
    server.routes["/"] = plain(b"x" * 1_500_000)
    answer = await fetch(server.url(), spool=True)
    assert answer.body == b"" and answer.file is not None
    assert len(answer.file.read()) == answer.capture.bytes == 1_500_000


async def test_redirects_are_recorded(server: Server, fetch: Fetch) -> None:
    """Each hop is written down, and the last address is the one that answered."""
    server.routes["/a"] = plain(b"", "301 Moved", "Location: /b")
    server.routes["/b"] = plain(b"", "307 Moved", f"Location: {server.url('/c')}")
    server.routes["/c"] = plain(b"here")
    answer = await fetch(server.url("/a"))
    assert answer.body == b"here"
    assert answer.capture.redirects == (server.url("/b"), server.url("/c"))
    assert (answer.capture.url, answer.capture.final_url) == (server.url("/a"), server.url("/c"))


async def test_redirect_loop(server: Server, fetch: Fetch) -> None:
    """A loop ends after five hops: six requests were made, five redirects are recorded."""
    server.routes["/"] = plain(b"", "302 Found", "Location: /")
    answer = await fetch(server.url())
    assert answer.reason is Reason.TOO_MANY_REDIRECTS
    assert len(answer.capture.redirects) == 5 and len(server.asked) == 6


@pytest.mark.parametrize(("location", "reason"), [
    ("file:///etc/passwd", Reason.BLOCKED_SCHEME), ("javascript:alert(1)", Reason.BLOCKED_SCHEME),
    ("data:text/plain,x", Reason.BLOCKED_SCHEME), ("http://127.0.0.1/", Reason.BLOCKED_ADDRESS),
    ("http://169.254.169.254/latest/", Reason.BLOCKED_ADDRESS), ("http://[::1]/", Reason.BLOCKED_ADDRESS),
    ("http://user:hush@public.example/", Reason.BLOCKED_ADDRESS), ("http://2130706433/", Reason.BLOCKED_ADDRESS),
    ("http://a b/", Reason.PROTOCOL_ERROR), ("http://public.example:99999/", Reason.PROTOCOL_ERROR),
    ("http://[", Reason.PROTOCOL_ERROR), ("/\x1b[31m", Reason.PROTOCOL_ERROR),
    ("/" + "a" * 9000, Reason.PROTOCOL_ERROR),
])  # fmt: skip
async def test_redirects_go_through_every_check(
    server: Server, fetch: Fetch, location: str, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A redirect to an inner address or to another scheme is refused as if a person had written it."""
    server.routes["/"] = plain(b"", "302 Found", f"Location: {location}")
    answer = await fetch(server.url(), client=_as_public(server, monkeypatch))
    assert answer.reason is reason
    assert len(server.asked) == 1
    assert "hush" not in repr(answer)
    assert all(hop.isprintable() and len(hop) < 300 for hop in (*answer.capture.redirects, answer.capture.final_url))


def _as_public(server: Server, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A guarded client for which this one server, by its port, counts as public."""
    real = check_place

    def check(host: str, port: int, *, userinfo: bool, allow_private: bool) -> None:
        real(host, port, userinfo=userinfo, allow_private=allow_private or port == server.port)

    monkeypatch.setattr("builder.gather.transport.check_place", check)
    monkeypatch.setattr("builder.gather.transport.allowed_address", lambda address: True)
    return Client(Transport(), clock=lambda: NOW, spacing=0.0, retry_wait=0.01)


@pytest.mark.parametrize(("url", "reason"), [
    ("http://2130706433/", Reason.BLOCKED_ADDRESS), ("http://0x7f.1/", Reason.BLOCKED_ADDRESS),
    ("http://127.1/", Reason.BLOCKED_ADDRESS), ("http://[::1]/", Reason.BLOCKED_ADDRESS),
    ("http://[::ffff:10.0.0.1]/", Reason.BLOCKED_ADDRESS), ("http://0.0.0.0/", Reason.BLOCKED_ADDRESS),
    ("http://100.64.0.1/", Reason.BLOCKED_ADDRESS), ("http://localhost/", Reason.BLOCKED_ADDRESS),
    ("http://me:hush@93.184.216.34/", Reason.BLOCKED_ADDRESS), ("http://93.184.216.34:22/", Reason.BLOCKED_ADDRESS),
    ("http://93.184.216.34:99999/", Reason.PROTOCOL_ERROR), ("http://[::1/", Reason.PROTOCOL_ERROR),
    ("http://" + "a" * 70 + ".org/", Reason.PROTOCOL_ERROR), ("http://xn--a.org/", Reason.PROTOCOL_ERROR),
    ("http://a..org/", Reason.PROTOCOL_ERROR), ("gopher://example.org/", Reason.BLOCKED_SCHEME),
    ("", Reason.BLOCKED_SCHEME), ("example.org", Reason.BLOCKED_SCHEME), ("http://", Reason.PROTOCOL_ERROR),
])  # fmt: skip
async def test_refused_addresses(url: str, reason: Reason, fetch: Fetch) -> None:
    """What a city file may hold, but nobody should dial, is refused with its reason and no password shown."""
    client = Client(Transport(), clock=lambda: NOW, spacing=0.0, retry_wait=0.01)
    answer = await fetch(url, client=client)
    assert answer.reason is reason
    assert answer.capture.status is None and "hush" not in repr(answer)


async def test_three_attempts_at_most(server: Server, fetch: Fetch) -> None:
    """A server with a fault of its own is asked three times, and the first good answer ends it."""
    server.routes["/bad"] = plain(b"", "502 Bad Gateway")
    server.routes["/better"] = [plain(b"", "500 Oops"), plain(b"", "503 Busy"), plain(b"fine")]
    assert (await fetch(server.url("/bad"))).reason is Reason.SERVER_ERROR
    assert (await fetch(server.url("/better"))).body == b"fine"
    assert server.asked == ["/bad"] * 3 + ["/better"] * 3


async def test_no_second_attempt_for_answers(server: Server, fetch: Fetch) -> None:
    """What the source says about itself is believed the first time."""
    for path, status in (("/a", "404 Not Found"), ("/b", "403 Forbidden"), ("/c", "400 Bad Request")):
        server.routes[path] = plain(b"", status)
        await fetch(server.url(path))
    assert server.asked == ["/a", "/b", "/c"]


async def test_retry_after_is_kept(server: Server, fetch: Fetch) -> None:
    """A host that asks for a second gets it before we come back."""
    server.routes["/"] = [plain(b"", "429 Slow down", "Retry-After: 1"), plain(b"fine")]
    assert (await fetch(server.url())).body == b"fine"
    assert server.times[1] - server.times[0] >= 1.0


async def test_long_retry_after_ends_the_visit(server: Server, fetch: Fetch) -> None:
    """A host that wants us back in an hour is not asked again in this run, not even for another page."""
    client = Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0, retry_wait=0.01)
    server.routes["/"] = plain(b"", "429 Slow down", "Retry-After: Sun, 01 Mar 2026 13:00:00 GMT")
    assert (await fetch(server.url(), client=client)).reason is Reason.RATE_LIMITED
    assert (await fetch(server.url("/other"), client=client)).reason is Reason.RATE_LIMITED
    assert server.asked == ["/"]


async def test_connection_failed(fetch: Fetch) -> None:
    """Nobody listening, and a name that does not exist, are both a connection that could not be made."""
    listening = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    assert (await fetch(f"http://127.0.0.1:{port}/")).reason is Reason.CONNECTION_FAILED
    assert (await fetch("http://nowhere.invalid/")).reason is Reason.CONNECTION_FAILED


async def test_a_host_that_nobody_reaches_has_no_robots_to_blame(fetch: Fetch) -> None:
    """A page there failed to connect as everything else there would; that its robots.txt could not be read is less."""
    assert (await fetch("http://nowhere.invalid/", crawl=True)).reason is Reason.CONNECTION_FAILED


async def test_one_request_at_a_time_for_each_host(server: Server) -> None:
    """Many sources at one host wait for one another and keep their distance; the wait is not held against them."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    client = Client(Transport(allow_private=True, resolve=resolve), clock=lambda: NOW, spacing=0.15)
    server.routes["/"] = plain(b"fine")
    url = server.url("/", host="portal.example")
    answers = await asyncio.gather(*(client.fetch(Request(url), deadline=Deadline(0.3)) for _ in range(5)))
    assert [answer.reason for answer in answers] == [Reason.OK] * 5
    assert server.most_open == 1
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert min(gaps) > 0.1


async def test_our_own_fault_is_ours(server: Server, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception nobody foresaw becomes `our-error`, never a traceback and never the city's failing."""

    def broken(*args: Any) -> Any:
        raise KeyError("surprise")

    monkeypatch.setattr("builder.gather.client.kept_headers", broken)
    server.routes["/"] = plain(b"fine")
    answer = await fetch(server.url())
    assert (answer.reason, answer.message) == (Reason.OUR_ERROR, "our own program failed: KeyError")


async def test_robots_are_asked_for_pages_only(server: Server, fetch: Fetch) -> None:
    """A crawled page is left alone when robots.txt says so; a documented interface is asked without it."""
    server.routes["/robots.txt"] = plain(b"User-agent: *\nDisallow: /data/\nAllow: /data/ok\n")
    server.routes["/data/x"] = server.routes["/data/ok"] = plain(b"fine")
    client = Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0)
    assert (await fetch(server.url("/data/x"), client=client, crawl=True)).reason is Reason.ROBOTS_DISALLOWED
    assert (await fetch(server.url("/data/ok"), client=client, crawl=True)).body == b"fine"
    assert (await fetch(server.url("/data/x"), client=client)).body == b"fine"
    assert server.asked == ["/robots.txt", "/data/ok", "/data/x"]


@pytest.mark.parametrize(("answer", "reason"), [
    (plain(b"", "404 Not Found"), Reason.OK),
    (plain(b"", "403 Forbidden"), Reason.OK),
    (plain(b"", "500 Oops"), Reason.ROBOTS_UNAVAILABLE),
    (plain(b"", "302 Found", "Location: file:///x"), Reason.ROBOTS_UNAVAILABLE),
    (plain(b"User-agent: *\nAllow: /\n" + b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"), Reason.OK),
    (plain(b"User-agent: cityproof\nDisallow: /\n"), Reason.ROBOTS_DISALLOWED),
    (plain(b"\xff\xfe<html>not robots at all"), Reason.OK),
], ids=["none", "forbidden", "fault", "elsewhere", "beyond 500 KiB", "by name", "not robots"])  # fmt: skip
async def test_what_robots_txt_means(server: Server, fetch: Fetch, answer: bytes, reason: Reason) -> None:
    """No robots.txt allows all, a broken server forbids all, and only its first 500 KiB are read."""
    server.routes |= {"/robots.txt": answer, "/": plain(b"fine")}
    assert (await fetch(server.url(), crawl=True)).reason is reason
