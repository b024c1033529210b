"""The wire: exactly the checked address is dialled, the certificate is the name's, and nothing else opens sockets."""

from __future__ import annotations

import ast
import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from builder.gather.client import Client
from builder.gather.transport import Transport
from builder.model.reasons import Reason

from .conftest import NOW, Fetch, Server, plain

pytestmark = pytest.mark.anyio

BUILDER = Path(__file__).parents[2] / "builder"
WIRES = {"httpx", "httpcore", "socket", "ssl", "requests", "aiohttp", "ftplib", "urllib.request", "http.client"}


def _client(transport: Transport) -> Client:
    return Client(transport, clock=lambda: NOW, spacing=0.0, retry_wait=0.01)


async def test_one_module_opens_connections() -> None:
    """A guard is only a guard when it is the only door: no other module imports anything that can dial."""
    offenders = {}
    for path in BUILDER.rglob("*.py"):
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        found = {wire for wire in WIRES for name in names if name == wire or name.startswith(wire + ".")}
        if found and path.relative_to(BUILDER).as_posix() != "gather/transport.py":
            offenders[path.relative_to(BUILDER).as_posix()] = sorted(found)
    assert not offenders, (
        f"{offenders} can reach the network past the address guard; ask through the Web protocol instead"
    )


async def test_a_resolver_that_changes_its_mind(server: Server, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once for each request: what was checked is dialled, and the next answer is refused."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]  # here the first stands for a public address, the second for an inner one

    async def resolve(host: str, port: int) -> list[str]:
        return answers.pop(0)

    monkeypatch.setattr("builder.gather.addresses.PORTS", {server.port})
    monkeypatch.setattr("builder.gather.transport.allowed_address", lambda address: address == "127.0.0.1")
    server.routes["/"] = plain(b"fine")
    client = _client(Transport(resolve=resolve))
    first = await fetch(server.url(host="rebind.example"), client=client)
    second = await fetch(server.url(host="rebind.example"), client=client)
    assert (first.reason, second.reason) == (Reason.OK, Reason.BLOCKED_ADDRESS)
    assert answers == [] and server.asked == ["/"]


@pytest.mark.parametrize("found", [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"], ["::1"], ["fe80::1%eth0"]])
async def test_any_inner_answer_refuses_all(found: list[str], fetch: Fetch) -> None:
    """One refused address among the answers refuses the name: who mixes them is up to no good."""

    async def resolve(host: str, port: int) -> list[str]:
        return found

    answer = await fetch("http://mixed.example/", client=_client(Transport(resolve=resolve)))
    assert answer.reason is Reason.BLOCKED_ADDRESS


async def test_the_next_address_gets_its_turn(server: Server, fetch: Fetch) -> None:
    """A dead first address does not hide a living second one, and Host stays the name."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    server.routes["/"] = plain(b"fine")
    transport = Transport(allow_private=True, resolve=resolve)
    answer = await fetch(server.url(host="two.example"), client=_client(transport))
    assert answer.body == b"fine"
    assert f"host: two.example:{server.port}" in server.requests[0].decode().lower()


async def test_a_resolver_that_never_answers(fetch: Fetch) -> None:
    """A name server that stays silent costs the deadline and no more."""

    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    answer = await fetch("http://slow.example/", client=_client(Transport(resolve=resolve)), seconds=0.2)
    assert answer.reason is Reason.TIMEOUT


async def test_names_without_an_address(fetch: Fetch) -> None:
    """A name the resolver does not know is a connection that could not be made."""

    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    answer = await fetch("http://gone.example/", client=_client(Transport(resolve=resolve)))
    assert answer.reason is Reason.CONNECTION_FAILED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for secure.example, made on the spot."""
    if shutil.which("openssl") is None:
        pytest.skip("the TLS tests need openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "3650", "-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example",
         "-keyout", key, "-out", cert],
        check=True, capture_output=True)  # fmt: skip
    return key, cert


@pytest.mark.parametrize(("host", "trusted", "reason"), [
    ("secure.example", True, Reason.OK),
    ("other.example", True, Reason.TLS_ERROR),
    ("secure.example", False, Reason.TLS_ERROR),
])  # fmt: skip
async def test_certificates(
    certificate: tuple[Path, Path], server: Server, fetch: Fetch, host: str, trusted: bool, reason: Reason
) -> None:
    """The certificate must be of the name asked for and signed by somebody we trust; there is no way around it.

    Of a good one the end is kept, as another program reads it.
    """
    key, cert = certificate
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=serving)
    port = listening.sockets[0].getsockname()[1]
    server.routes["/"] = plain(b"fine")

    async def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    context = ssl.create_default_context(cafile=cert) if trusted else None
    transport = Transport(allow_private=True, resolve=resolve, context=context)
    answer = await fetch(f"https://{host}:{port}/", client=_client(transport))
    listening.close()
    assert answer.reason is reason
    stated = subprocess.run(
        ["openssl", "x509", "-in", cert, "-noout", "-enddate"], check=True, capture_output=True, text=True
    ).stdout.strip()
    expires = answer.capture.certificate_expires
    assert expires is None if reason is not Reason.OK else f"notAfter={expires:%b %e %H:%M:%S %Y GMT}" == stated


async def test_silent_handshake_and_downgrade(certificate: tuple[Path, Path], server: Server, fetch: Fetch) -> None:
    """A handshake nobody answers ends with the deadline; a redirect from https to http is not followed."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    async def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    key, cert = certificate
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    mute = await asyncio.start_server(silent, "127.0.0.1", 0)
    secure = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=serving)
    ports = [listening.sockets[0].getsockname()[1] for listening in (mute, secure)]
    server.routes["/"] = plain(b"", "302 Found", f"Location: {server.url('/plain')}")
    context = ssl.create_default_context(cafile=cert)
    client = _client(Transport(allow_private=True, resolve=resolve, context=context))
    assert (await fetch(f"https://secure.example:{ports[0]}/", client=client, seconds=0.3)).reason is Reason.TIMEOUT
    downgraded = await fetch(f"https://secure.example:{ports[1]}/", client=client)
    mute.close()
    secure.close()
    assert downgraded.reason is Reason.TLS_ERROR and server.asked == ["/"]
