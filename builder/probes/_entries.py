"""Finds the entries of a register in JSON or CSV, and knows by their fields' names what each field is about."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._json import count, mapping, not_what_was_asked, records, text

Entry = dict[str, Any]

MOST_ENTRIES = 50_000
_MOST_FIELDS = 20
_DEEPEST = 3  # envelopes around the list
_WORD = re.compile(r"[^\W\d_]+")
_TOTALS = ("total", "count", "totalCount", "total_count", "totalElements", "nhits", "totalResults")
_BLANK = re.compile(r"[\s\-–—_.]*")

# By the words that stand in a field's name, in the languages of our cities and of the registers we know.
NAMES = frozenset({
    "algorithm", "algoritme", "bezeichnung", "intitulé", "naam", "name", "namn", "navn", "nazwa", "nimi", "nom",
    "nombre", "nome", "název", "tittel", "titel", "title", "titre", "titulo", "título", "títol", "名称", "名前", "이름",
})  # fmt: skip
BODIES = frozenset({
    "afdeling", "agency", "authority", "behörde", "body", "department", "gemeente", "municipality", "organisatie",
    "organisation", "organisationseinheit", "organismo", "organization", "publisher", "service",
})  # fmt: skip
PURPOSES = frozenset({
    "aim", "but", "cel", "doel", "eesmärk", "finalidad", "finalidade", "finalitat", "finalità", "finalité", "formål",
    "goal", "objectif", "objectiu", "objetivo", "obiettivo", "propòsit", "propósito", "purpose", "scopo", "syfte",
    "tarkoitus", "účel", "zweck", "ändamål", "用途", "目的", "利用目的", "목적", "이용목적",
})  # fmt: skip
DATA = frozenset({
    "andmed", "bronnen", "dades", "dados", "dane", "data", "databron", "databronnen", "dataset", "datasets", "daten",
    "dati", "datos", "données", "gegevens", "sourcedata", "tietolähteet", "データ", "利用データ", "数据",
    "數據", "데이터",
})  # fmt: skip
# "Data" is also Italian, Catalan and Portuguese for a day; and what protects data says nothing of which they are.
NOT_DATA = frozenset({
    "actualització", "aggiornamento", "assessment", "atualização", "bescherming", "dpia", "fim", "fine", "início",
    "inizio", "privacy", "protecció", "protección", "protection", "protezione", "proteção", "pubblicazione",
    "publicació", "publicação",
})  # fmt: skip
RESPONSIBLE = BODIES | frozenset({
    "ansvarlig", "ansvarig", "contact", "contacte", "contactgegevens", "contacto", "contato", "contatto", "kontakt",
    "odpovědný", "odpowiedzialny", "owner", "responsabile", "responsable", "responsible", "responsibility",
    "responsável", "vastuu", "vastutaja", "verantwoordelijk", "verantwoordelijke", "verantwortlich", "担当", "担当課",
    "负责人", "담당부서", "담당자",
})  # fmt: skip
LEGAL = frozenset({
    "grondslag", "juridique", "juridische", "lawful", "legal", "légale", "rechtsgrundlage", "wettelijke",
})  # fmt: skip
CHANGES = frozenset({
    "aangepast", "added", "bijgewerkt", "changed", "create", "created", "date", "datum", "dt", "gepubliceerd",
    "geregistreerd", "gewijzigd", "modified", "publication", "published", "registered", "toegevoegd", "update",
    "updated", "wijziging",
})  # fmt: skip
_ABOUT = PURPOSES | DATA | RESPONSIBLE | LEGAL | CHANGES | frozenset({
    "algorithm", "algorithme", "algorithmus", "algoritme", "algoritmo", "algoritmi", "beschreibung", "beschrijving",
    "beskrivning", "category", "categorie", "descripción", "description", "descrição", "impact", "kuvaus", "risk",
    "status", "supplier", "system", "vendor",
})  # fmt: skip
# When an algorithm came into use says nothing of when its entry was written.
NOT_CHANGES = frozenset({
    "begin", "begindatum", "deployment", "einddatum", "einde", "end", "from", "ingangsdatum", "since", "start",
    "startdatum", "until",
})  # fmt: skip


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words in a field's name, however they are joined.

    >>> sorted(words_of("legalBasis")), sorted(words_of("Juridische_basis (wet)"))
    (['basis', 'legal'], ['basis', 'juridische', 'wet'])
    """
    shown = name[:200]
    # A capital begins a word where a small letter stands before it, or follows it: sourceData, XMLData.
    apart = "".join(
        f" {sign}" if sign.isupper() and (shown[at - 1 : at].islower() or shown[at + 1 : at + 2].islower()) else sign
        for at, sign in enumerate(shown)
    )
    return frozenset(word.casefold() for word in _WORD.findall(apart))


def named(fields: Iterable[str], words: frozenset[str], but: frozenset[str] = frozenset()) -> list[str]:
    """The fields whose names hold one of the words, and none of the others; at most twenty, which is enough."""
    found = (field for field in fields if (said := words_of(field)) & words and not said & but)
    return list(islice(found, _MOST_FIELDS))


def fields_of(entries: list[Entry]) -> list[str]:
    """Every field that any entry has, in the order of first appearance."""
    return list(dict.fromkeys(field for entry in entries for field in entry))


def with_parts(entry: Entry) -> Entry:
    """An entry with the parts of its fields beside them, as ``field.part``: the UK's standard keeps them in tiers."""
    parts = {f"{name}.{part}": said for name, value in entry.items() for part, said in mapping(value).items()}
    return entry | parts if parts else entry


def filled(value: object) -> bool:
    """Whether a field says something: blanks, dashes, empty lists and nothing at all do not."""
    if isinstance(value, str):
        return not _BLANK.fullmatch(value)
    return value is not None and value != [] and value != {}


def in_json(answer: Answer, data: dict[str, Any] | list[Any]) -> tuple[list[Entry], str, bool]:
    """The entries in JSON, a pointer to them, and whether more are announced than came.

    They are the longest list of objects that have names, at most three envelopes in. An empty list counts only where
    it is the whole answer, or the only list in it. Raises ``Unreadable`` where there is no such list.
    """
    lists = list(_lists(data, "$", 0))
    likely = [(pointer, found) for pointer, found in lists if _like_entries(found)]
    around = mapping(data)
    # An error's list of details is empty too.
    if not likely and len(lists) == 1 and not lists[0][1] and not (around.get("error") or around.get("errors")):
        likely = lists
    if not likely:
        raise not_what_was_asked(answer, data, "list of entries with names")
    pointer, found = max(likely, key=lambda one: len(one[1]))
    announced = max((number for key in _TOTALS if (number := count(around.get(key))) is not None), default=0)
    more = announced > len(found) or bool(text(around.get("next"))) or len(found) > MOST_ENTRIES
    return records(found)[:MOST_ENTRIES], pointer, more


def _lists(value: object, pointer: str, depth: int) -> Iterable[tuple[str, list[Any]]]:
    if isinstance(value, list):
        yield pointer, value
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            yield from _lists(inner, f"{pointer}.{key}" if re.fullmatch(r"\w+", key) else f"{pointer}[*]", depth + 1)


def _like_entries(found: list[Any]) -> bool:
    items = [item for item in found[:1000] if isinstance(item, dict)]
    # Stations and streets have names too; what a register says of a system, of what it does or for whom, they do not.
    if not any(named(item, _ABOUT) for item in items):
        return False
    return sum(bool(named(item, NAMES)) for item in items) * 2 >= len(found[:1000])


def in_csv(answer: Answer, words: str) -> tuple[list[Entry], bool]:
    """The rows of a CSV by its header, and whether there are more than we read.

    Raises ``Unreadable``: ``not-the-declared-format`` for a text without a header that names names, ``malformed`` for
    what the standard library's csv refuses.
    """
    first = words.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(words.replace("\0", "")), delimiter=delimiter)
    entries: list[Entry] = []
    header: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = cells
                if len(header) < 2 or not named(header, NAMES):
                    said = "The answer is no JSON, no web page and no table with names."
                    raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, said, answer.capture)
                continue
            if len(entries) == MOST_ENTRIES:
                return entries, True
            entries.append({name: cell for name, cell in zip(header, cells, strict=False) if name})
    except csv.Error as error:
        raise Unreadable(Reason.MALFORMED, f"The CSV is broken: {error}", answer.capture) from None
    if not header:
        raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, "The answer is empty.", answer.capture)
    return entries, False
