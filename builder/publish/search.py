"""The search index: one file with every city under every name and spelling, areas, questions and prose pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import orjson

from builder.model.city import City
from builder.model.framework import Framework
from builder.publish.text import clean

# Letters that Unicode does not take apart into a plain letter and a mark, as people type them who lack the key.
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "ẞ": "SS", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th",
     "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ħ": "h", "Ħ": "H", "ı": "i", "ŧ": "t", "Ŧ": "T", "ŋ": "n",
     "Ŋ": "N", "ə": "e", "Ə": "E", "ʻ": "", "ʼ": "", "’": ""}
)  # fmt: skip
_GERMAN = str.maketrans({"ä": "ae", "Ä": "Ae", "ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue"})


def names(cities: Iterable[City], framework: Framework, pages: Iterable[tuple[str, str]] = ()) -> bytes:
    """The content of ``/names.json``; ``pages`` are (address from the root, title).

    ``{"cities": [[id, country, population, name, other names...]], "areas": [[id, name]],
    "questions": [[id, question]], "pages": [[address, title]]}``; population 0 where none is stated.
    """
    return orjson.dumps(
        {
            "cities": [
                [city.id, city.country, city.population.value if city.population else 0, *spellings(city)]
                for city in sorted(cities, key=lambda city: city.id)
            ],
            "areas": [[area.id, area.name] for area in framework.areas],
            "questions": [[one.id, one.question] for one in framework.indicators],
            "pages": sorted([address, title] for address, title in pages),
        }
    )


def spellings(city: City) -> tuple[str, ...]:
    """All names of a city, the English one first, and how each is typed in plain letters where folding does not tell.

    A spelling that the search takes for the same as an earlier one (case and accents do not count) is left out.
    """
    every = [city.name, *city.names.values()]
    every += [name.translate(_PLAIN) for name in every]
    every += [name.translate(_GERMAN) for language, name in city.names.items() if language.split("-")[0] == "de"]
    told: dict[str, str] = {}
    for name in map(clean, every):
        told.setdefault(fold(name), name)
    return tuple(told.values())


def fold(text: str) -> str:
    """What two spellings have in common, exactly as the search box folds: no marks, no case, punctuation as one space.

    >>> fold("Saint-Étienne")
    'saint etienne'
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))
    spaced = "".join(" " if unicodedata.category(c).startswith("P") else c for c in bare.lower())
    return re.sub(r"\s+", " ", spaced).strip()
