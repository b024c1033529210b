"""Compiles a vocabulary to one automaton for each set of languages: every word of every topic in one pass."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import ahocorasick

from builder.judge.folding import fold, unspaced
from builder.model.topic import Role, Topic, Vocabulary

# English stands beside every language: catalogues everywhere title some of their data in it.
_BESIDE = "en"


@dataclass(frozen=True, slots=True)
class Term:
    """A folded word or phrase: ``key`` is what the automaton looks for, ``rest`` confirms what it cannot say.

    ``key`` carries the spaces that hold it to whole words; ``rest`` is set where a star stands inside a phrase.
    """

    key: str
    rest: re.Pattern[str] | None = None


@cache
def term(written: str) -> Term | None:
    """Compile one word as people write it; None where nothing of it is left.

    >>> term("Street tree*"), term("*baum").key, term("街路樹").key
    (Term(key=' street tree', rest=None), 'baum ', '街路樹')
    """
    chunks = [" ".join(fold(chunk).split()) for chunk in written.split("*")]
    open_start, open_end = written.startswith("*"), written.endswith("*")
    glued = unspaced(written)
    pieces = [chunk for chunk in chunks if chunk]
    if not pieces:
        return None
    start = "" if open_start or glued else " "
    end = "" if open_end or glued else " "
    if len(pieces) == 1:
        return Term(f"{start}{pieces[0]}{end}")
    # "miejsk* drzew*": a star inside lets the first word end as it likes, then the next begins.
    inner = [chunk for chunk in written.split("*") if chunk.strip()]
    pattern = start
    for here, following in zip(inner, [*inner[1:], ""], strict=True):
        pattern += re.escape(fold(here))
        if following:
            pattern += r"\w*" + (" " if following.startswith(" ") else "")
    longest = max(pieces, key=len)
    return Term(longest, re.compile(pattern + end))


@dataclass(slots=True)
class Finder:
    """Finds the roles that a line of folded text has for each topic, and where."""

    automaton: ahocorasick.Automaton
    general: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)

    def roles(self, line: str) -> dict[int, int]:
        """Topic (by position) to the roles, as an integer, that a line made by ``folding.field`` has for it."""
        found: dict[int, int] = {}
        for end, payload in self.automaton.iter(line):
            for rest, start, owners in payload:
                if rest is None or _confirmed(rest, line, end + 1 - start):
                    for topic, role in owners:
                        found[topic] = found.get(topic, 0) | role
        return found

    def spans(self, line: str, topic: int) -> list[tuple[int, int]]:
        """Where in a line the words of one topic stand, those that rule it out left aside."""
        there = []
        for end, payload in self.automaton.iter(line):
            for rest, start, owners in payload:
                if any(owner == topic and role != int(Role.UNLESS) for owner, role in owners):
                    if rest is None:
                        there.append((end + 1 - start, end + 1))
                    else:
                        there += [match.span() for match in rest.finditer(line)]
        return there


def _confirmed(rest: re.Pattern[str], line: str, start: int) -> bool:
    # The key may stand anywhere in its phrase: the phrase is looked for around it, not in the whole line.
    return rest.search(line, max(0, start - 60)) is not None


class Terms:
    """A vocabulary, ready to look for: one finder a set of languages, made when it is first needed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.topics: tuple[Topic, ...] = vocabulary.topics
        self.languages = frozenset(language for topic in vocabulary.topics for language in topic.words)
        self.digest = hashlib.sha256(vocabulary.model_dump_json().encode()).hexdigest()
        self._finders: dict[frozenset[str], Finder] = {}
        self._asked: dict[tuple[str, ...], Finder] = {}

    def finder(self, languages: Iterable[str]) -> Finder:
        """The finder for some languages (BCP 47); for none, or where one is not in the vocabulary, that of all."""
        asked = tuple(languages)
        if asked in self._asked:
            return self._asked[asked]
        wanted = frozenset(base(one) for one in asked if one)
        if not wanted or not wanted <= self.languages:
            wanted = self.languages
        wanted |= {_BESIDE} & self.languages
        if wanted not in self._finders:
            self._finders[wanted] = self._compiled(wanted)
        return self._asked.setdefault(asked, self._finders[wanted])

    def _compiled(self, languages: frozenset[str]) -> Finder:
        shared = self.vocabulary.shared
        owners: dict[Term, list[tuple[int, int]]] = {}
        for position, topic in enumerate(self.topics):
            for role, written in self._written(topic, languages):
                compiled = term(written)
                if compiled is not None and (position, int(role)) not in owners.setdefault(compiled, []):
                    owners[compiled].append((position, int(role)))
        keys: dict[str, list[tuple[re.Pattern[str] | None, int, tuple[tuple[int, int], ...]]]] = {}
        for compiled, held in owners.items():
            keys.setdefault(compiled.key, []).append((compiled.rest, len(compiled.key), tuple(held)))
        automaton = ahocorasick.Automaton()
        for key, payload in keys.items():
            automaton.add_word(key, tuple(payload))
        automaton.make_automaton()
        return Finder(
            automaton,
            frozenset(word for one in languages for word in map(fold, shared.general.get(one, ()))),
            frozenset(word for one in languages for word in map(fold, shared.places.get(one, ()))),
        )

    def _written(self, topic: Topic, languages: frozenset[str]) -> Iterator[tuple[Role, str]]:
        groups = self.vocabulary.shared.groups
        every = ((Role.SIGNS, topic.signs), (Role.UNLESS, topic.unless))
        for role, names in every:
            for name in names:
                for language in languages:
                    yield from ((role, word) for word in groups[name.removeprefix("$")].get(language, ()))
        for language in languages & topic.words.keys():
            words = topic.words[language]
            for role in Role:
                for written in getattr(words, str(role.name).lower()):
                    if written.startswith("$"):
                        yield from ((role, word) for word in groups[written[1:]].get(language, ()))
                    else:
                        yield role, written


def base(language: str) -> str:
    """The language without its region, and Norwegian by one name.

    >>> base("de-CH"), base("nb"), base("zh-Hant")
    ('de', 'no', 'zh')
    """
    short = language.partition("-")[0].lower()
    return "no" if short in {"nb", "nn"} else short
