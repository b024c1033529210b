"""Our web client beside curl: 2,000 addresses over 500 names on loopback, each answered after 200 to 250 ms.

Run it as ``python benchmarks/fetch.py [ROUNDS]``. The same for both: addresses, server, a fresh connection for each
request, at most 300 at once, no time between requests, bodies of 23 KB read to their end, no TLS, no name server
(both are told where every name leads). Not the same: we never ask one host twice at once, which curl cannot promise;
we check every address, hash every body and keep a record of each exchange, which curl does not do.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from measuring import Cost, cost, least, row

URLS, NAMES, AT_ONCE = 2000, 500, 300
BODY = 23_000
BUDGET_RATIO, BUDGET_MIB = 2.0, 256


class _Server(asyncio.Protocol):
    """Answers any request after 200 ms and up to 50 more, the same time for the same address, then closes."""

    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % BODY
        + random.Random(1).randbytes(BODY)
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.head = b""

    def data_received(self, data: bytes) -> None:
        self.head += data
        if b"\r\n\r\n" in self.head:
            wait = 0.2 + random.Random(self.head.partition(b"\r\n")[0]).random() * 0.05
            asyncio.get_running_loop().call_later(wait, self.reply)

    def reply(self) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        if not self.transport.is_closing():
            self.transport.write(self.answer)
            self.transport.close()


async def serve() -> None:
    """Listen on a free port of loopback, say which, and answer until stopped."""
    server = await asyncio.get_running_loop().create_server(_Server, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def addresses(port: int) -> list[str]:
    """Every address to ask, hosts in turn."""
    return [f"http://n{number % NAMES}.example.org:{port}/{number}" for number in range(URLS)]


async def ask(port: int) -> None:
    """Ask every address with our own client and say how long the asking alone took."""
    from builder.gather.client import Client
    from builder.gather.exchange import Deadline
    from builder.gather.transport import Transport
    from builder.model.capture import Request

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    transport = Transport(allow_private=True, resolve=resolve)
    client = Client(transport, clock=lambda: datetime.now(UTC), spacing=0, concurrency=AT_ONCE)
    reasons: Counter[str] = Counter()

    async def one(url: str) -> None:
        exchange = await client.fetch(Request(url), deadline=Deadline(60))
        reasons[exchange.reason.value if len(exchange.body) in (0, BODY) else "half"] += 1

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, addresses(port)))
    print(f"{time.perf_counter() - began:.3f} {time.process_time() - used:.3f}")
    transport.close()
    if reasons != {"ok": URLS}:
        raise SystemExit(f"not every address was answered: {dict(reasons)}")


def curl(port: int, folder: Path) -> list[str]:
    """The command that asks the same of curl; every name is led to loopback, every body read and dropped."""
    listed = folder / "curl.txt"
    listed.write_text("".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in addresses(port)))
    return ["curl", "--disable", "--silent", "--fail", "--no-keepalive", "--parallel", "--parallel-immediate",
            "--parallel-max", str(AT_ONCE), "--connect-to", f"::127.0.0.1:{port}", "--config", str(listed)]  # fmt: skip


def main(rounds: int) -> None:
    """Ask in turn with both, and print the least of each figure and the ratios."""
    if shutil.which("curl") is None:
        raise SystemExit("this benchmark needs curl")
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline())
    ours: list[Cost] = []
    theirs: list[Cost] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(rounds):
                theirs.append(cost(curl(port, Path(folder)), quiet=True))
                ours.append(cost([sys.executable, __file__, "ask", str(port)]))
    finally:
        server.terminate()
        server.wait()
    best, peer = least(ours), least(theirs)
    walls, cpus = zip(*(map(float, one.said.split()) for one in ours), strict=True)
    print(f"{URLS} addresses, {NAMES} names, {AT_ONCE} at once, the least of {rounds} rounds")
    print(row("curl --parallel", peer))
    print(row("our client, whole process", best, peer))
    print(row("our client, the asking alone", Cost(min(walls), min(cpus), best.peak), peer))
    print(f"budget: the asking <= {BUDGET_RATIO}x wall, <= {BUDGET_MIB} MiB")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["ask", port]:
            asyncio.run(ask(int(port)))
        case [rounds]:
            main(int(rounds))
        case _:
            main(5)
