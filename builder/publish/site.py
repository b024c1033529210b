"""The build: people's files and machines' facts in, the whole public site out; reads disk only and knows no clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml

from builder.publish import api, drawing, frame, links, prose, search, sitemap
from builder.publish.everything import framework_of, read
from builder.publish.listed import listings
from builder.publish.page import Registry, Site
from builder.publish.pages import city
from builder.publish.peers import peers
from builder.publish.render import environment, pages, render
from builder.publish.tree import BuildReport, Tree
from builder.store.schemas import FOLDER as SCHEMAS
from builder.store.standards import load_standards


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
    everything = read(cities=cities, results=results, frameworks=frameworks, now=now, cache=project / ".cache")
    framework = framework_of(frameworks)
    cards, inputs = {}, {}
    for id, one in everything.people.items():
        known = everything.known(one)
        cards[id] = everything.card(one, framework, known)
        inputs[id] = everything.digest(one, known)
    credits = yaml.safe_load((project / "site_src" / "registries.yml").read_text(encoding="utf-8"))
    site = Site(
        cards,
        framework,
        everything.moment,
        prose.repository(project),
        tuple(Registry(**row) for row in credits),
        listings(everything.results.registries(), everything.ledger),
        everything.vocabulary,
        everything.measured,
        load_standards(frameworks),
        peers=peers(cards),
    )
    return site, inputs


def _dates(site: Site) -> dict[str, datetime]:
    """When the facts of each city page were last read: the only dates a sitemap may carry."""
    return {
        f"cities/{id}/": max(read)
        for id, card in site.cards.items()
        if (read := [looked.last_read for looked in card.sources if looked.last_read])
    }
