"""The two nets over one dataset: a narrow one for presence and a wide one for absence (rule 9 of honesty)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from builder.judge.folding import field, fold, parts, unspaced
from builder.judge.terms import Finder, Terms, masked, unmasked
from builder.model.topic import Role

# Roles as plain integers: the enumeration's own arithmetic is ten times slower, and this is done for every word.
_NAMES, _ALONE, _SIGNS, _UNLESS, _HINTS = (
    int(one) for one in (Role.NAMES, Role.ALONE, Role.SIGNS, Role.UNLESS, Role.HINTS)
)
_SUBJECT = _ALONE | int(Role.THINGS)
_ANY = _NAMES | _SUBJECT | _HINTS
_WIDTH = len(Role)
_EVERY = (1 << _WIDTH) - 1
# How much the words of one field say, by their roles: 3 the name, 2 a subject, 1 a hint.
_STRENGTH = tuple(
    3 if roles & _NAMES else 2 if roles & _SUBJECT else 1 if roles & _HINTS else 0 for roles in range(1 << _WIDTH)
)
# Years, dates and version numbers of a title say when, not what.
_WHEN = re.compile(r"(\d+\w{0,2}|v\d+|[ivx]+|q[1-4]|h[12]|fy\d*|\w)")
# A part that is one abbreviation repeats what stands before it: "Public Open Space (POS)".
_SHORT = re.compile(r"[A-Z]{2,6}")
# The endings by which a place of its own script is told: city, ward, town, village, county, province.
_PLACE = re.compile(
    r"\S{1,8}?(?:特別市|广域市|市|区|區|町|村|县|縣|県|省|都|府|특별자치시|특별자치도|특별시|광역시|시|군|구|도|읍|면|동)"
)


@dataclass(frozen=True, slots=True)
class Record:
    """What the nets look at: the same for a dataset just read and for one kept in the results.

    ``described`` is the mask of what the words of the description do, as ``describe`` found it or ``remembered`` told.
    ``places`` are folded words that say where and not what: the names of the city whose list it is.
    """

    title: str
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    described: int = 0
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catch:
    """What the nets caught: topics by the narrow net (each is in the wide one too), and by the wide net.

    Both go from topic id to how much speaks for it: what stands in the title counts more than keywords, those more
    than the description. That orders candidates; it decides nothing.
    """

    narrow: dict[str, int]
    wide: dict[str, int]


class Nets:
    """A vocabulary's two nets."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._ids = [topic.id for topic in terms.topics]
        self._places = {id: position for position, id in enumerate(self._ids)}
        self._formats: dict[str, list[int]] = {}
        self._inspire: dict[str, list[int]] = {}
        for position, topic in enumerate(terms.topics):
            for name in topic.formats:
                self._formats.setdefault(name.upper(), []).append(position)
            for name in topic.themes.inspire:
                self._inspire.setdefault(fold(name), []).append(position)
        self._about = sum(masked(position, _ANY) for position in range(len(terms.topics)))

    def describe(self, description: str, languages: Iterable[str]) -> int:
        """The roles of the words in a description for all topics at once."""
        return self.terms.finder(languages).mask(field([description]))

    def kept(self, described: int) -> dict[str, str]:
        """What is kept of a description: by topic the letters of the roles, where they say more than what rules out."""
        return {self._ids[topic]: Role(roles).letters for topic, roles in unmasked(described) if roles != _UNLESS}

    def remembered(self, kept: Mapping[str, str]) -> int:
        """The mask of what was kept; topics that are no more are passed over."""
        return sum(masked(self._places[id], Role.of(letters)) for id, letters in kept.items() if id in self._places)

    def cast(self, record: Record, languages: Iterable[str]) -> Catch:
        """Look for every topic in one dataset."""
        finder = self.terms.finder(languages)
        title = finder.mask(field(parts(record.title)))
        keywords = finder.mask(field(list(record.keywords))) if record.keywords else 0
        described = record.described
        formats = {one for name in record.formats for one in self._formats.get(name.upper(), ())}
        themes = {one for name in record.themes for one in self._inspire.get(_theme(name), ())}

        narrow: dict[str, int] = {}
        wide: dict[str, int] = {}
        said = (title | keywords | described) & self._about
        for topic in {topic for topic, _ in unmasked(said)} | formats | themes:
            at = topic * _WIDTH
            t, k, d = title >> at & _EVERY, keywords >> at & _EVERY, described >> at & _EVERY
            weight = 4 * _STRENGTH[t] + 2 * _STRENGTH[k] + _STRENGTH[d] + (8 if topic in formats else 0)
            wide[self._ids[topic]] = weight
            if topic in formats or (t and self._says(topic, record, t, k, d, finder)):
                narrow[self._ids[topic]] = weight
        return Catch(narrow, wide)

    def _says(self, topic: int, record: Record, t: int, k: int, d: int, finder: Finder) -> bool:
        """Whether a dataset's own words say that it answers the topic; a description alone never does."""
        if t & _UNLESS:
            return False
        if t & _NAMES:
            return True
        if not t & _ANY:
            return False
        # Signs are common words, and a description has thirty of them: there they mean nothing.
        if t & _SUBJECT and (t | k) & _SIGNS:
            return True
        if k & _NAMES and not k & _UNLESS:
            return True
        if d & _NAMES:
            return True
        return bool(t & _ALONE) and self._bare(topic, record.title, record.places, finder)

    def _bare(self, topic: int, title: str, places: frozenset[str], finder: Finder) -> bool:
        """Whether the last part of a title that says anything says nothing but the topic.

        "Exampleton: trees" names the place first; but "Parks: benches" names the shelf first and is about benches.
        """
        for part in reversed(parts(title)):
            spans = finder.spans(field([part]), topic)
            if not self._silent(part, spans, places, finder):
                return False
            if spans:
                return True
        return False

    def _silent(self, part: str, spans: list[tuple[int, int]], places: frozenset[str], finder: Finder) -> bool:
        """Whether nothing is left of a part beside ``spans`` but words of no subject, dates, places, abbreviations."""
        left = list(field([part]))
        for start, end in spans:
            left[start:end] = " " * (end - start)
        rest = "".join(left)
        if unspaced(part):
            for word in finder.glued:
                rest = rest.replace(word, " ")
            rest = _PLACE.sub(" ", rest)
        capitals = {fold(word) for word in re.findall(r"\w+", part) if word[:1].isupper()}
        after_place = False
        for word in rest.split():
            if word in finder.places:
                after_place = True
            elif word in finder.general or word in places or _WHEN.fullmatch(word):
                continue
            elif not (after_place and word in capitals) and not _SHORT.fullmatch(part):
                return False
        return True


@lru_cache(maxsize=4096)
def _theme(name: str) -> str:
    """A theme folded: the same few stand in every record of a catalogue."""
    return fold(name)
