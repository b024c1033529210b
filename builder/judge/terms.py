"""Compiles a vocabulary to one automaton for each set of languages: every word of every topic in one pass."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

import ahocorasick

from builder.judge.folding import fold, unspaced
from builder.model.topic import Role, Topic, Vocabulary, Words

# English stands beside every language: catalogues everywhere title some of their data in it.
_BESIDE = "en"


class Term(NamedTuple):
    """A folded word or phrase: ``key`` is what the automaton looks for, ``rest`` confirms what it cannot say.

    ``key`` carries the spaces that hold it to whole words; ``rest`` is set where a star stands inside a phrase.
    """

    key: str
    rest: str | None = None


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
    return Term(longest, pattern + end)


# How these letters are typed where a keyboard or a file name lacks them; without their marks they are found anyway.
_TYPED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@cache
def _phrase(pattern: str) -> re.Pattern[str]:
    """The expression of a phrase, compiled when one of its words is first met: most never are."""
    return re.compile(pattern)


_NOTHING = Words()
_FEW = 3  # languages
_WIDTH = len(Role)  # bits a topic takes in a mask


@dataclass(frozen=True, slots=True)
class _Hit:
    """What one key of the automaton stands for: the mask it sets at once, and phrases to confirm first."""

    length: int
    mask: int
    phrases: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Finder:
    """Finds the roles that a line of folded text has for each topic, and where."""

    automata: tuple[ahocorasick.Automaton, ...]
    general: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)
    glued: tuple[str, ...] = ()  # the general words of scripts without spaces, longest first

    def mask(self, line: str) -> int:
        """The roles of a line made by ``folding.field`` for all topics at once, six bits a topic in their order."""
        found = 0
        for automaton in self.automata:
            for end, hit in automaton.iter(line):
                found |= hit.mask
                for phrase, mask in hit.phrases:
                    # The key may stand anywhere in its phrase, so the phrase is looked for around it.
                    if _phrase(phrase).search(line, max(0, end - hit.length - 60)):
                        found |= mask
        return found

    def spans(self, line: str, topic: int) -> list[tuple[int, int]]:
        """Where in a line the words of one topic stand, those that rule it out left aside."""
        wanted = (Role.NAMES | Role.ALONE | Role.THINGS | Role.SIGNS) << (topic * _WIDTH)
        there = []
        for end, hit in chain.from_iterable(automaton.iter(line) for automaton in self.automata):
            if hit.mask & wanted:
                there.append((_word_start(line, end + 1 - hit.length), _word_end(line, end + 1)))
            for phrase, mask in hit.phrases:
                if mask & wanted:
                    there += [match.span() for match in _phrase(phrase).finditer(line)]
        return there


def _word_start(line: str, start: int) -> int:
    """Where the word begins that a star let end, the other way round."""
    if line[start] == " " or unspaced(line[start]):
        return start
    return line.rfind(" ", 0, start) + 1


def _word_end(line: str, end: int) -> int:
    """Where the word ends that a star let begin: a script without spaces has no such end."""
    if line[end - 1] == " " or unspaced(line[end - 1]):
        return end
    return max(end, line.find(" ", end))


def unmasked(mask: int) -> Iterator[tuple[int, int]]:
    """The topics, by position, that a mask has roles for, with those roles.

    >>> list(unmasked(int(Role.ALONE) | int(Role.NAMES) << 12))
    [(0, 2), (2, 1)]
    """
    every = (1 << _WIDTH) - 1
    while mask:
        topic = ((mask & -mask).bit_length() - 1) // _WIDTH
        yield topic, mask >> topic * _WIDTH & every
        mask &= ~(every << topic * _WIDTH)


def masked(topic: int, roles: int) -> int:
    """The mask of one topic's roles."""
    return roles << topic * _WIDTH


class Terms:
    """A vocabulary, ready to look for: one finder a set of languages, made when it is first needed."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.topics: tuple[Topic, ...] = vocabulary.topics
        self.languages = frozenset(language for topic in vocabulary.topics for language in topic.words)
        self.digest = hashlib.sha256(vocabulary.model_dump_json().encode()).hexdigest()
        self._finders: dict[frozenset[str], Finder] = {}
        self._automata: dict[frozenset[str], ahocorasick.Automaton] = {}
        self._by_language: dict[str, dict[Term, int]] = {}
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
        # Of few languages each has an automaton that it shares with other cities'; many in one are one pass, not many.
        alone = [frozenset({one}) for one in sorted(languages)] if len(languages) <= _FEW else [languages]
        general = frozenset(word for one in languages for word in map(fold, shared.general.get(one, ())))
        return Finder(
            tuple(self._automaton(one) for one in alone),
            general,
            frozenset(word for one in languages for word in map(fold, shared.places.get(one, ()))),
            tuple(sorted(filter(unspaced, general), key=lambda word: (-len(word), word))),
        )

    def _automaton(self, languages: frozenset[str]) -> ahocorasick.Automaton:
        if languages in self._automata:
            return self._automata[languages]
        keys: dict[str, dict[str | None, int]] = {}
        for language in sorted(languages):
            for compiled, mask in self._terms(language).items():
                held = keys.setdefault(compiled.key, {})
                held[compiled.rest] = held.get(compiled.rest, 0) | mask
        automaton = ahocorasick.Automaton()
        for key, held in keys.items():
            phrases = tuple((rest, mask) for rest, mask in held.items() if rest is not None)
            automaton.add_word(key, _Hit(len(key), held.get(None, 0), phrases))
        automaton.make_automaton()
        return self._automata.setdefault(languages, automaton)

    def _terms(self, language: str) -> dict[Term, int]:
        """The words of one language with the masks that they set, compiled when they are first needed."""
        if language not in self._by_language:
            masks: dict[Term, int] = {}
            for position, topic in enumerate(self.topics):
                for role, written in self._written(topic, language):
                    for spelling in {written, written.translate(_TYPED_OUT)}:
                        compiled = term(spelling)
                        if compiled is not None:
                            masks[compiled] = masks.get(compiled, 0) | masked(position, int(role))
            self._by_language[language] = masks
        return self._by_language[language]

    def _written(self, topic: Topic, language: str) -> Iterator[tuple[Role, str]]:
        groups = self.vocabulary.shared.groups
        own = topic.words.get(language, _NOTHING)
        written = [(role, word) for role in Role for word in getattr(own, str(role.name).lower())]
        # What the topic says for every language comes with the group's words of this one.
        for role, names in ((Role.SIGNS, topic.signs), (Role.UNLESS, topic.unless)):
            written += [(role, f"${name.removeprefix('$')}") for name in names]
        for role, word in written:
            if word.startswith("$"):
                yield from ((role, shared) for shared in groups[word[1:]].get(language, ()))
            else:
                yield role, word


def base(language: str) -> str:
    """The language without its region, and Norwegian by one name.

    >>> base("de-CH"), base("nb"), base("zh-Hant")
    ('de', 'no', 'zh')
    """
    short = language.partition("-")[0].lower()
    return "no" if short in {"nb", "nn"} else short
