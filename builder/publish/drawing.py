"""Draws the cities' own pages: only of those whose inputs changed, and in two processes when there are many."""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path

from jinja2 import Environment
from pydantic import TypeAdapter, ValidationError

from builder.publish import api, peers
from builder.publish.frame import Frame
from builder.publish.page import Site
from builder.publish.pages import city
from builder.publish.render import render
from builder.publish.tree import Made, Stamp, Tree

MANY = 200  # from here on a second process saves more than it costs
_BUILDER = Path(__file__).parents[1]
_PACKAGES = ("Jinja2", "MarkupSafe", "babel", "orjson", "pydantic")

Digests = Mapping[str, str]
Left = tuple[str, dict[str, Stamp]]  # what a city was drawn from, and how its files were left

_FORM = TypeAdapter(dict[str, Left])


def code_digest() -> str:
    """One hash over the program itself and what it draws with: another program may draw the same facts otherwise."""
    whole = hashlib.sha256("\n".join([sys.version, *(f"{name} {version(name)}" for name in _PACKAGES)]).encode())
    for path in sorted(_BUILDER.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            data = path.read_bytes()
            whole.update(f"{path.relative_to(_BUILDER).as_posix()} {len(data)}\n".encode())
            whole.update(data)
    return whole.hexdigest()


def draw(site: Site, inputs: Digests, frames: Mapping[str, Frame], templates: Environment, tree: Tree) -> None:
    """Write the page and the twin of every city of ``site`` into ``tree``.

    ``inputs`` has a digest of all that each city was judged from. A city whose inputs, peers, frame, program and common
    parts are those of the last build, and whose files still lie there as that build left them, is not drawn again.
    """
    common = hashlib.sha256()
    for part in (code_digest(), repr(frames[city.FRAME]), site.framework.model_dump_json(), site.now.isoformat(),
                 site.repository, *(one.model_dump_json() for one in site.standards)):  # fmt: skip
        common.update(f"{len(part)} {part}\n".encode())
    base = common.hexdigest()
    beside = peers.digests(site.peers)

    def whole(id: str, digest: str) -> str:
        listed = sorted(site.listed.get(id, {}).items())
        return hashlib.sha256(f"{base} {digest} {listed!r} {beside.get(id)}".encode()).hexdigest()

    digests = {id: whole(id, digest) for id, digest in inputs.items()}
    memory = _Memory(tree.remembers("cities.json"))
    stale = [id for id, digest in digests.items() if not memory.keeps(id, digest, tree)]

    def write(ids: Iterable[str]) -> None:
        some = replace(site, cards={id: site.cards[id] for id in ids})
        for page in city.pages(some):
            tree.write(f"{page.path}index.html", render(page, frames, templates).encode())
        for path, data in api.city_twins(some):
            tree.write(path, data)

    _in_two(write, stale, tree)
    memory.keep({id: (digest, {path: tree.stamp(path) for path in files(id)}) for id, digest in digests.items()})


def files(id: str) -> tuple[str, str]:
    """The files that are drawn for one city: its page and its twin."""
    return f"cities/{id}/index.html", f"api/v1/cities/{id}.json"


class _Memory:
    """What the last build drew each city from, and how it left the files, in one file of the cache."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._known = _FORM.validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            self._known = {}

    def keeps(self, id: str, digest: str, tree: Tree) -> bool:
        """Whether this city's files are there as they would be drawn; then the tree counts them as unchanged."""
        before, stamps = self._known.get(id, ("", {}))
        return before == digest and tuple(stamps) == files(id) and tree.keep(stamps)

    def keep(self, known: dict[str, Left]) -> None:
        """Remember for the next build."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_name(f".{self._path.name}.half")
        half.write_bytes(_FORM.dump_json(known))
        half.replace(self._path)


def _in_two(write: Callable[[Iterable[str]], None], ids: Collection[str], tree: Tree) -> None:
    """Do the work here, or half of it in a second process, which inherits all that was read and judged so far."""
    every = list(ids)
    # A copy of a process that has other threads may find their locks held for ever, as when a site is being served.
    if len(every) < MANY or sys.platform != "linux" or threading.active_count() > 1:
        write(every)
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    second = context.Process(target=_second, args=(there, write, every[1::2], tree), daemon=True)
    second.start()
    there.close()
    write(every[::2])
    try:
        told = here.recv()
    except EOFError:
        raise RuntimeError("the second process of the build ended before its work was done") from None
    finally:
        second.join()
    if isinstance(told, BaseException):
        raise told
    tree.absorb(told)


def _second(pipe: Connection, write: Callable[[Iterable[str]], None], ids: list[str], tree: Tree) -> None:
    before = tree.made()
    try:
        write(ids)
        told: Made | Exception = tree.made() - before
    except Exception as error:
        told = error
    pipe.send(told)
    pipe.close()
