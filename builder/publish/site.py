"""The build: people's files and machines' facts in, the whole public site out; reads disk only and knows no clock."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import yaml

from builder.errors import InputError
from builder.judge.card import judge
from builder.judge.gate import Gate
from builder.judge.known import Known
from builder.judge.nets import Nets
from builder.judge.terms import Terms
from builder.model.city import City
from builder.model.framework import Framework
from builder.model.kinds import CATALOGUE_KINDS
from builder.model.observation import LedgerLine
from builder.probes import discover
from builder.publish import api, drawing, frame, links, prose, search, sitemap
from builder.publish.listed import listings
from builder.publish.matched import Lists
from builder.publish.page import Registry, Site
from builder.publish.pages import city
from builder.publish.render import environment, pages, render
from builder.publish.tree import BuildReport, Tree
from builder.store.ledger import Ledger
from builder.store.measurement import load_measured
from builder.store.people import load_cities, load_frameworks
from builder.store.results import Results
from builder.store.schemas import FOLDER as SCHEMAS
from builder.store.vocabulary import load_vocabulary

FRAMEWORK = "capability"


def build(
    project: Path,
    *,
    cities: Path,
    results: Path,
    frameworks: Path,
    out: Path,
    base_url: str,
    now: datetime | None = None,
) -> BuildReport:
    """Judge every city and render the whole site into ``out``; only what changed is written.

    ``now`` defaults to the end of the ledger's newest run, so a build of the same input is the same bytes.
    Raises ``FilesRefused`` for faults in people's files, ``ResultsError`` for damaged results, else ``InputError``.
    """
    site, inputs = load(project, cities=cities, results=results, frameworks=frameworks, now=now)
    cache = project / ".cache"
    rendered = prose.render_prose(project, base_url=base_url, cache=cache)
    frames, templates = frame.cut(rendered), environment()
    tree = Tree(out, cache)
    known = links.targets(site.cards, site.framework)
    # Our own prose names our own cities; over somebody else's cities its words stay and those links go.
    ours = cities.resolve() == (project / "cities").resolve()
    for path, data in prose.prose_pages(rendered, known, refuse=ours).items():
        tree.write(path, data)
    drawing.draw(site, inputs, frames, templates, tree)
    addresses = [f"cities/{id}/" for id in site.cards]
    for page in pages(site, besides=city.pages):
        tree.write(f"{page.path}index.html", render(page, frames, templates).encode())
        addresses.append(page.path)
    for path, data in api.shared_twins(site):
        tree.write(path, data)
    for file in sorted([*SCHEMAS.glob("*.json"), *api.SCHEMAS.glob("*.json")]):
        tree.write(f"api/v1/schemas/{file.name}", file.read_bytes())
    tree.write(
        "names.json", search.names((card.city for card in site.cards.values()), site.framework, prose.titles(rendered))
    )
    tree.write("sitemap.xml", sitemap.sitemap(base_url, [*addresses, *prose.addresses(rendered)], _dates(site)))
    return tree.finish()


def load(
    project: Path, *, cities: Path, results: Path, frameworks: Path, now: datetime | None = None
) -> tuple[Site, dict[str, str]]:
    """Read and judge everything: the site before any page is drawn, and a digest of what each city is judged from."""
    written = load_frameworks(frameworks)
    people, framework = load_cities(cities, written), _framework(written, frameworks)
    store, ledger = Results(results), Ledger(results)
    moment = now or ledger.end()
    if moment is None:
        raise InputError(f"{results / 'runs'}: no run is recorded yet: run 'cityproof gather', or give --now")
    lines: dict[str, list[LedgerLine]] = {}
    for line in ledger.lines():
        lines.setdefault(line.source, []).append(line)
    readable = frozenset(discover())
    gate = Gate(load_measured(frameworks))
    lists = Lists(store, Nets(Terms(load_vocabulary(frameworks))), people.values())
    cards, inputs = {}, {}
    for id, one in people.items():
        known = _known(one, store, lists, gate, lines)
        cards[id] = judge(one, known, framework, moment, readable)
        inputs[id] = _digest(one, known)
    credits = yaml.safe_load((project / "site_src" / "registries.yml").read_text(encoding="utf-8"))
    site = Site(
        cards,
        framework,
        moment,
        prose.repository(project),
        tuple(Registry(**row) for row in credits),
        listings(store.registries(), lines),
    )
    return site, inputs


def _known(one: City, store: Results, lists: Lists, gate: Gate, lines: dict[str, list[LedgerLine]]) -> Known:
    catalogues = [source.key for source in one.sources if source.kind in CATALOGUE_KINDS]
    matches = {key: found for key in catalogues if (found := lists.matches(key)) is not None}
    return Known(
        facts=store.city(one.id),
        datasets={key: lists.datasets(key) for key in matches},
        ledger={source.key: lines.get(source.key, []) for source in one.sources},
        matches=matches,
        gate=gate,
    )


def _digest(one: City, known: Known) -> str:
    """One hash over everything that a city is judged from."""
    whole = hashlib.sha256()
    matches = [known.matches[key] for key in sorted(known.matches)]
    for noun in (one, *([known.facts] if known.facts else ()), *matches):
        whole.update(f"{noun.model_dump_json()}\n".encode())
    for lists in (known.datasets, known.ledger):
        for key, nouns in lists.items():
            whole.update(f"{key} {len(nouns)}\n".encode())
            for noun in nouns:
                whole.update(f"{noun.model_dump_json()}\n".encode())
    return whole.hexdigest()


def _framework(found: dict[str, Framework], folder: Path) -> Framework:
    if FRAMEWORK not in found:
        raise InputError(f"{folder}: there is no {FRAMEWORK}.yml, the framework that scorecards are judged with")
    return found[FRAMEWORK]


def _dates(site: Site) -> dict[str, datetime]:
    """When the facts of each city page were last read: the only dates a sitemap may carry."""
    return {
        f"cities/{id}/": max(read)
        for id, card in site.cards.items()
        if (read := [looked.last_read for looked in card.sources if looked.last_read])
    }
