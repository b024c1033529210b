"""Reads how often a dataset says that it changes, in the words and codes of catalogues, as a number of days."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_YEAR, _HALF, _QUARTER, _MONTH = 366.0, 184.0, 92.0, 31.0

# Words fold to plain lower-case letters before they are looked up. A word that two countries read differently stands
# for the longer of its two spans ("biweekly"), so that nobody is blamed for our reading.
_WORDS: dict[float, str] = {
    1: (
        "daily, every day, each day, day, nightly, daily nightly, weekdays, business daily, every weekday, weekday, "
        "daily 2, twice a day, per day, once a day, quotidien, quotidienne, journalier, quotidiennement, chaque jour, "
        "tous les jours, diario, diaria, diariamente, diari, taglich, werktaglich, dagelijks, giornaliero, quotidiano, "
        "giornaliera, paivittain, dagligen, daglig, daglig oppdatering, igapaevane, iga paev, codziennie, dzienna, "
        "denne, denni, 毎日, 日次, 매일, 일간, 일, 每日, 每天"
    ),
    3: "semiweekly, weekly 2, weekly 3, three times a week, twice a week, three times per week, threetimesaweek",
    7: (
        "weekly, every week, week, once a week, per week, hebdomadaire, chaque semaine, semanal, semanalmente, "
        "setmanal, wochentlich, wekelijks, settimanale, viikoittain, varje vecka, veckovis, ugentlig, ukentlig, "
        "iganadalane, tygodniowo, co tydzien, tygodniowa, tydenni, tydne, 毎週, 週次, 매주, 주간, 每周, 每週"
    ),
    14: (
        "biweekly, fortnightly, every two weeks, every 2 weeks, bihebdomadaire, quinzomadaire, quincenal, quinzenal, "
        "zweiwochentlich, 14 taglich, tweewekelijks, bisettimanale, quindicinale, 隔週"
    ),
    16: "semimonthly, monthly 2, monthly 3, twice a month, three times a month, bimensuel",
    _MONTH: (
        "monthly, every month, month, once a month, per month, mensuel, mensuelle, chaque mois, mensual, mensualmente, "
        "mensal, mensalmente, monatlich, maandelijks, mensile, kuukausittain, manadsvis, manatlig, varje manad, "
        "manedlig, manedsvis, igakuine, miesiecznie, co miesiac, miesieczna, mesicni, mesicne, 毎月, 月次, 매월, 월간, "
        "월, 每月"
    ),
    62: (
        "bimonthly, every two months, every 2 months, bimestriel, bimestral, bimestrale, zweimonatlich, "
        "tweemaandelijks, 隔月"
    ),
    _QUARTER: (
        "quarterly, every quarter, quarter, four times a year, trimestriel, trimestrielle, trimestral, "
        "trimestralmente, vierteljahrlich, quartalsweise, per kwartaal, elk kwartaal, kwartaal, driemaandelijks, "
        "trimestrale, neljannesvuosittain, kvartalsvis, kvartal, kvartaalne, kwartalnie, kwartalna, ctvrtletni, "
        "ctvrtletne, 四半期, 분기, 每季度, 每季"
    ),
    123: "three times a year, annual 3, threetimesayear, quadrimestriel, cuatrimestral, quadrimestrale, quadrimestral",
    _HALF: (
        "semiannual, semiannually, semi annual, semi annually, half yearly, biannual, biannually, twice a year, "
        "twice yearly, every six months, every 6 months, annual 2, semestriel, semestrielle, semestral, semestrale, "
        "halbjahrlich, halfjaarlijks, puolivuosittain, halvarsvis, halvarlig, halvarlig oppdatering, poolaasta, "
        "polrocznie, polroczna, pololetni, pololetne, 半年, 반기, 每半年"
    ),
    _YEAR: (
        "annual, annually, yearly, every year, year, once a year, per year, each year, annuel, annuelle, annuellement, "
        "chaque annee, anual, anualmente, jahrlich, jaarlijks, annuale, vuosittain, arligen, arlig, arsvis, aarlig, "
        "iga aastane, igaaastane, iga aasta, rocznie, co rok, roczna, rocni, rocne, 毎年, 年次, 매년, 연간, 년, 每年"
    ),
    2 * _YEAR: (
        "biennial, biennially, every two years, every 2 years, bisannuel, bienal, biennale, zweijahrlich, tweejaarlijks"
    ),
    3 * _YEAR: "triennial, every three years, every 3 years, triennal, trienal, triennale, dreijahrlich",
    4 * _YEAR: "quadrennial, every four years, every 4 years",
    5 * _YEAR: "quinquennial, every five years, every 5 years, quinquennal, quinquenal, quinquennale",
    10 * _YEAR: "decennial, every ten years, every 10 years, decennal, decenal, decennale",
    20 * _YEAR: "bidecennial",
    30 * _YEAR: "tridecennial",
}
_DAYS = {word: days for days, words in _WORDS.items() for word in words.split(", ")}

# Of these a longer text says nothing certain: "daily or as needed", "not updated", "annually, in season".
_UNSURE = re.compile(
    r"\b(as|needed|required|or|not|no|never|irregular\w*|season|varies|various|static|historical|ad hoc)\b"
)
_ISO = re.compile(r"(?:R\d*/)?P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?")
_EVERY = re.compile(r"\bevery (\d{1,3}) (day|week|month|year)s?\b")
# In a sentence these may be any day or year.
_ONLY_ALONE = frozenset({"day", "weekday", "weekdays", "week", "month", "quarter", "year"})
_UNITS = {"day": 1.0, "week": 7.0, "month": _MONTH, "year": _YEAR}
_LINK = re.compile(r"https?://\S+?[/#]([\w-]+)/?")


@lru_cache(maxsize=4096)  # a catalogue repeats the same dozen words ten thousand times
def period_days(stated: str) -> float | None:
    """The span in days between two changes that a dataset promises; None where it promises none that can be kept.

    Understood are ISO 8601 (``R/P1M``), the words of the European frequency list and of Dublin Core as links or bare
    (``ANNUAL_2``), those of ISO 19115, and plain words in the languages of our cities, also inside a short sentence.
    Irregular, as needed, never and unknown are no promise. What changes several times a day or all the time is none
    either: such live data changes without its record in a catalogue.

    >>> period_days("R/P1M"), period_days("jährlich"), period_days("as needed"), period_days("hourly")
    (31.0, 366.0, None, None)
    """
    words = stated.strip()
    if link := _LINK.fullmatch(words):
        words = link[1]
    if (iso := _ISO.fullmatch(words)) and any(iso.groups()):
        years, months, weeks, days = (float(part or 0) for part in iso.groups())
        span = years * _YEAR + months * _MONTH + weeks * 7 + days
        return span if 1 <= span <= 100 * _YEAR else None
    folded = _fold(words)
    if folded in _DAYS:
        return _DAYS[folded]
    return None if _UNSURE.search(folded) else _in_a_sentence(folded)


def _in_a_sentence(folded: str) -> float | None:
    """The one span that a sentence names; two different ones leave it open."""
    if every := _EVERY.search(folded):
        return int(every[1]) * _UNITS[every[2]] or None
    tokens = folded.split()
    found = {_DAYS[token] for token in tokens if token in _DAYS and token not in _ONLY_ALONE}
    return found.pop() if len(found) == 1 and len(tokens) <= 12 else None


def _fold(words: str) -> str:
    """Lower case, without accents and signs: ``Bi-weekly`` and ``biweekly``, ``ANNUAL_2`` and ``annual 2``."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("ø", "o").replace("å", "a").replace("ł", "l"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    joined = re.sub(r"(?<=\bbi)-|(?<=\bsemi)-", "", unicodedata.normalize("NFC", letters))
    return " ".join(re.sub(r"[\W_]+", " ", joined).split())
