"""A city beside its peers: who they are, which places it could hold among them, and what is known of both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.judge.comparison import Compared, PeerGroup, Places, compared, peer_groups, places
from builder.model.scorecard import Scorecard
from builder.publish import words
from builder.publish.text import clean

SHOWN = 8  # more would be a table to look down for the best, which is what there shall not be


@dataclass(frozen=True, slots=True)
class Peers:
    """A city's group, the places it could hold in it, and its peers nearest in population, the nearest first."""

    group: PeerGroup
    places: Places
    nearest: tuple[Scorecard, ...]

    @property
    def more(self) -> int:
        """How many peers are not among the nearest."""
        return len(self.group.cities) - 1 - len(self.nearest)


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One peer and what is known of both, in words."""

    id: str
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class PeersView:
    """The section "Beside its peers"; without peers only ``said``."""

    said: str
    lines: tuple[PeerLine, ...] = ()
    more: str = ""


def peers(cards: Mapping[str, Scorecard]) -> dict[str, Peers]:
    """By city; one that has no peers, or whose population is not known, is left out.

    Nothing is compared yet: that costs more, and only the pages that are drawn need it.
    """
    found = {}
    for group in peer_groups(card.city for card in cards.values()):
        held = places([cards[id] for id in group.cities])
        ordered = sorted((cards[id] for id in group.cities), key=lambda card: (_people(card), card.city.id))
        for at, card in enumerate(ordered):
            found[card.city.id] = Peers(group, held[card.city.id], _nearest(ordered, at))
    return found


def digests(found: Mapping[str, Peers]) -> dict[str, str]:
    """By city one hash over all that its page and its twin say that rests on other cities."""
    shown = {card.city.id: card for one in found.values() for card in one.nearest}
    told = {
        id: _digest(f"{id} {card.city.name}", *(answer.state for answer in card.answers)) for id, card in shown.items()
    }
    return {
        id: _digest(repr((one.group.country, one.group.low, one.places)), *(told[card.city.id] for card in one.nearest))
        for id, one in found.items()
    }


def beside(card: Scorecard, found: Peers | None) -> PeersView:
    """The section of a city's page: the group, the range of places, and a line for each of the nearest peers."""
    if card.city.population is None:
        return PeersView("We do not know how many people live here, so nobody can say which cities are its peers.")
    if found is None:
        return PeersView("It has none here yet: we look at no other city of its size in its country.")
    group = found.group
    cities = f"{words.number(len(group.cities))} cities in {words.country_within(group.country)} with {_band(group)}"
    return PeersView(
        f"We look at {cities}, this one included. {_range(found.places)}",
        tuple(_line(peer, compared(card, peer)) for peer in found.nearest),
        words.number(found.more) if found.more else "",
    )


def _nearest(ordered: Sequence[Scorecard], at: int) -> tuple[Scorecard, ...]:
    # The nearest few lie among so many on either side: no need to look at the whole group for each of its cities.
    around = [*ordered[max(0, at - SHOWN) : at], *ordered[at + 1 : at + 1 + SHOWN]]
    here = _people(ordered[at])
    return tuple(sorted(around, key=lambda card: (abs(_people(card) - here), card.city.id))[:SHOWN])


def _people(card: Scorecard) -> int:
    return card.city.population.value if card.city.population else 0


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _band(group: PeerGroup) -> str:
    if group.high is None:
        return f"{words.number(group.low)} people or more"
    if group.low == 0:
        return f"fewer than {words.number(group.high)} people"
    return f"{words.number(group.low)} to {words.number(group.high)} people"


def _range(held: Places) -> str:
    of = words.number(held.of)
    if (held.best, held.worst) == (1, held.of):
        return f"Nothing can be said yet about its place: once everything is known it could be any from 1 to {of}."
    best, worst = words.number(held.best), words.number(held.worst)
    if held.best == held.worst:
        return f"Whatever is still unknown, it can hold no other place than {best} of {of}."
    return f"Once everything is known it could hold any place from {best} to {worst} of {of}."


def _line(peer: Scorecard, both: Compared) -> PeerLine:
    if both.value_one is None or both.value_other is None:
        said = "no question is known of both"
    else:
        questions = words.count(len(both.shared), "question")
        said = f"{words.percent(both.value_other)}, here {words.percent(both.value_one)}, over {questions}"
    return PeerLine(peer.city.id, clean(peer.city.name), said)
