"""The city page: what it has, what is missing, what nobody has checked yet, and the proof of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from builder.model.city import Population
from builder.model.kinds import KINDS
from builder.model.scorecard import AreaCard, Looked, Scorecard
from builder.publish import words
from builder.publish.clauses import Clauses
from builder.publish.listed import SITE, Listing, sentence
from builder.publish.measures import Says, says, share
from builder.publish.page import Page, Site
from builder.publish.pages.claims import Claim, Proof, Readings, claim, reading
from builder.publish.peers import Peers, PeersView, beside
from builder.publish.searched import asking, searched
from builder.publish.text import clean, safe_url, short_url

FRAME = "city"

# The four lists of "at a glance", in the order a citizen asks: mark keys, heading, what it means.
GLANCE = (
    (("present", "partial"), "What it has", "Proved, with the date of the proof."),
    (("missing",), "What is missing", "Proved too: we looked everywhere we say, or twice."),
    (("seen",), "Last seen, too old to count", "Somebody saw it then. The city may have moved on: not counted."),
    (("unknown",), "What we do not know yet", "Gaps in our knowledge, not in the city."),
    (("not_applicable",), "What does not apply", "Left out of every count, with the reason."),
)


@dataclass(frozen=True, slots=True)
class Glance:
    """One list of the overview."""

    mark: str
    heading: str
    meaning: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area of the page and its claims."""

    id: str
    name: str
    summary: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One known source: what it is, where, whose, where it was found and when it was last read."""

    id: str
    kind_id: str
    kind: str
    url: str | None
    shown: str
    publisher: str
    tier: str
    found: str
    found_url: str | None
    found_on: str
    listed: str
    reading: str
    note: str
    says: Says | None
    searched: str = ""


@dataclass(frozen=True, slots=True)
class CityView:
    """Everything the template ``city.html`` shows."""

    id: str
    name: str
    own_names: tuple[tuple[str, str], ...]
    code: str
    country: str
    subdivision: str
    population: str
    site: str | None
    site_shown: str
    site_listed: str
    as_of: str
    sentence: str
    score_line: str
    tally: tuple[tuple[str, str, int], ...]
    total: int
    glance: tuple[Glance, ...]
    areas: tuple[AreaView, ...]
    readings: tuple[tuple[int, Proof], ...]
    peers: PeersView
    sources: tuple[SourceRow, ...]
    framework: str
    framework_version: str
    wrong_url: str
    know_url: str
    link_url: str
    edit_url: str


def pages(site: Site) -> Iterator[Page]:
    """One page for each city."""
    clauses = Clauses(site.standards)
    for card in site.cards.values():
        yield Page(
            path=f"cities/{card.city.id}/",
            frame=FRAME,
            slug=card.city.id,
            title=clean(card.city.name),
            description=words.sentence(card),
            template="city.html",
            context={
                "city": view(
                    card, site.repository, site.listed.get(card.city.id, {}), site.peers.get(card.city.id), clauses
                )
            },
        )


def view(
    card: Scorecard,
    repository: str,
    listed: Mapping[str, Listing] | None = None,
    peers: Peers | None = None,
    clauses: Clauses | None = None,
) -> CityView:
    """Turn a scorecard into the city page; ``repository`` is the project's address on its code host.

    ``listed`` says by source what the registries still hold, ``peers`` which cities stand beside it,
    ``clauses`` to which clauses of standards a figure speaks.
    """
    listed = listed or {}
    city = card.city
    ask, found = asking(card), searched(card)
    readings = Readings()
    areas = tuple(_area(area, card, ask, readings) for area in card.areas)
    claims = [one for area in areas for one in area.claims]
    counts = words.tally(card)
    most = share(sum(looked.good is not None for looked in card.sources))
    return CityView(
        id=city.id,
        name=clean(city.name),
        own_names=tuple((code, clean(name)) for code, name in city.names.items() if code != "en" and name != city.name),
        code=city.country,
        country=words.country(city.country),
        subdivision=city.subdivision or "",
        population=_population(card),
        site=safe_url(city.site),
        site_shown=short_url(city.site) if city.site else "",
        site_listed=_site_listed(listed.get(SITE)),
        as_of=words.day(card.now),
        sentence=words.sentence(card),
        score_line=words.score_line(card.score),
        tally=tuple((key, words.STATE_WORDS[key], n) for key, n in counts.items() if n),
        total=sum(counts.values()),
        glance=tuple(
            Glance(marks[0], heading, meaning, chosen)
            for marks, heading, meaning in GLANCE
            if (chosen := tuple(one for one in claims if one.mark in marks)) or marks[0] in ("present", "missing")
        ),
        areas=areas,
        readings=tuple(readings),
        peers=beside(card, peers),
        sources=tuple(
            replace(
                _source(looked, listed.get(looked.source.id), city.population, most, clauses),
                searched=found.get(looked.source.id, ""),
            )
            for looked in card.sources
        ),
        framework=card.framework.id,
        framework_version=card.framework.version,
        wrong_url=issue(repository, "wrong.yml", f"{clean(city.name)}: ", claim=f"cities/{city.id}/"),
        know_url=issue(repository, "link.yml", f"{clean(city.name)}: ", city=city.id),
        # It stands beside every open question, so it is short.
        link_url=issue(repository, "link.yml", city=city.id),
        edit_url=f"{repository}/blob/main/cities/{city.id}.yml",
    )


def issue(repository: str, form: str, title: str = "", **fields: str) -> str:
    """Address of an issue form with its fields filled in; without a title it begins with the form's own."""
    titled = {"title": title} if title else {}
    return f"{repository}/issues/new?" + urlencode({"template": form, **titled, **fields})


def _population(card: Scorecard) -> str:
    people = card.city.population
    if people is None:
        return ""
    year = f" in {people.year}" if people.year else ", year not stated"
    return f"{words.number(people.value)}{year}, by {clean(people.source)}"


def _area(area: AreaCard, card: Scorecard, ask: int, readings: Readings) -> AreaView:
    claims = tuple(claim(answer, card, ask, readings) for answer in area.answers)
    return AreaView(area.area.id, area.area.name, area.area.summary, claims)


def _site_listed(listing: Listing | None) -> str:
    told = sentence(listing, None)
    return f"in the public list of {clean(listing.registry)}: {told}" if listing and told else ""


def _source(
    looked: Looked, listing: Listing | None, population: Population | None, most: int, clauses: Clauses | None
) -> SourceRow:
    source, found = looked.source, looked.source.found
    listed = sentence(listing, found.on) if found else ""
    same_day = found is not None and listing is not None and listing.on.isoformat() == found.on
    return SourceRow(
        id=source.id,
        kind_id=source.kind,
        kind=KINDS[source.kind].words,
        url=safe_url(source.url),
        shown=short_url(source.url),
        publisher=clean(source.publisher),
        tier=words.TIER_WORDS[source.tier],
        found=clean(f"{found.registry}, row {found.row}" if found.row else found.registry) if found else "",
        found_url=safe_url(found.link) if found else None,
        found_on=words.day(found.on) if found and not (listed and same_day) else "",
        listed=listed,
        reading=reading(looked),
        note=clean(source.note or "", 200),
        says=says(looked, population, most, clauses),
    )
