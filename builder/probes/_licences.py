"""Recognises open licences in what publishers write: ids, links and words in the languages of the portals we read."""

from __future__ import annotations

import re
from collections.abc import Callable

from builder.model.licences import OPEN_LICENCES, open_licence
from builder.probes._text import clean, without_markup

STATED_LIMIT = 200
# A longer text is terms of use, and a licence named somewhere in it may be the one that does not apply.
_RECOGNISED_LIMIT = 300

_CC_LINK = re.compile(r"creativecommons\.org/licen[sc]es/(by(?:-nc)?(?:-nd|-sa)?)(?:/(\d)[.-](\d))?")
_EU_CC = re.compile(r".*authority/licence/cc_?(by(?:_?nc)?(?:_?nd|_?sa)?|0)(?:_(\d)_(\d))?\b")
_VERSION = re.compile(r"(?<![\d.])([1-4])(?:[. ](\d))?(?![\d.])")

_NC = re.compile(r"\bnc\b|non ?commer|no ?comer|nicht ?komm|niet ?comm|pas d.utilisation commerciale|icke ?kommers")
_ND = re.compile(r"\bnd\b|no ?deriv|sans modification|pas de modification|keine bearbeitung|geen afgeleide|sin obra")
_SA = re.compile(
    r"\bsa\b|share ?a ?like|partage|compartir ?igual|compartil|gleichen bedingungen|gelijk ?delen"
    r"|dela ?lika"
)
_BY = re.compile(
    r"\bby\b|attribution|atribu|attribuzione|namensnennung|naamsvermelding|reconocimiento|reconeixement|paternit"
    r"|erkännande|navngivelse|navngivning|nimeä|uznanie autorstwa|uveďte"
)
_ZERO = re.compile(r"\bcc ?0\b|\bcc zero\b|\bcczero\b|creative commons zero|public domain dedication|\b1.0 universal")
# A licence beside one of these words may be the one that does not apply.
_DOUBT = re.compile(r"\bnot\b|\bexcept|\bunless\b|\bnicht unter\b|\bn'est\b|\bsauf\b|\bexcepto\b")
_MARK = re.compile(r"public domain mark|\bpdm\b")

# Where a licence lives on the web: beginnings of links, without scheme and `www.`.
_LINKS: tuple[tuple[str, str], ...] = (
    (r"creativecommons\.org/publicdomain/zero/1", "CC0-1.0"),
    (r"creativecommons\.org/publicdomain/mark/1", "CC-PDM-1.0"),
    (r"opendatacommons\.org/(licenses/)?pddl|opendefinition\.org/licenses/odc-pddl", "PDDL-1.0"),
    (r"opendatacommons\.org/(licenses/)?odbl|opendefinition\.org/licenses/odc-odbl", "ODbL-1.0"),
    (r"opendatacommons\.org/(licenses/)?by|opendefinition\.org/licenses/odc-by", "ODC-By-1.0"),
    (r"opendefinition\.org/licenses/cc-zero", "CC0-1.0"),
    (r"opendefinition\.org/licenses/cc-by-sa", "CC-BY-SA"),
    (r"opendefinition\.org/licenses/cc-by\b", "CC-BY"),
    (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/1", "OGL-UK-1.0"),
    (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/2", "OGL-UK-2.0"),
    (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/3", "OGL-UK-3.0"),
    (
        r"nationalarchives\.gov\.uk/doc/open-government-licence"
        r"|reference\.data\.gov\.uk/id/open-government-licence",
        "OGL-UK",
    ),
    (r"(open|ouvert)\.canada\.ca/(en/open-government-licence|fr/licence-du-gouvernement)", "OGL-Canada-2.0"),
    (r"etalab\.gouv\.fr/\S*(licence-?ouverte|open-?licen[cs]e)-?v?2|github\.com/etalab/licence-ouverte", "etalab-2.0"),
    (r"etalab\.gouv\.fr/\S*(licence[-_]?ouverte|open_licen|pages/licence)|data\.gouv\.fr/licence-ouverte", "etalab"),
    (r"govdata\.de/dl-de/by-2|dcat-ap\.de/def/licenses/dl-by-de/2", "DL-DE-BY-2.0"),
    (r"govdata\.de/dl-de/zero-2|dcat-ap\.de/def/licenses/dl-zero-de/2", "DL-DE-ZERO-2.0"),
    (r"data\.norge\.no/nlod/(no|en)/1", "NLOD-1.0"),
    (r"data\.norge\.no/nlod", "NLOD-2.0"),
    (r"dati\.gov\.it/iodl/2|formez\.it/iodl/2", "IODL-2.0"),
    (r"usa\.gov/(government-works|publicdomain)", "US-PD"),
    (r"kogl\.or\.kr/info/licensetype1", "KOGL-1"),
)
# The whole of a short statement, without punctuation: `licen[cs]e` is written both ways.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"(other )?(works? in the )?public domain|other pd|domaine public|domin?io p[úu]blico|gemeinfrei|pubblico dominio"
     r"|outra dom[íi]nio p[úu]blico|public domain no instrument named", "other-pd"),
    (r"other open|other \(?open\)?|autre ouverte|andere offene lizenz", "other-open"),
    (r"public domain u.?s.? government|u.?s.? public domain|us pd|u.?s.? government works?( public domain)?", "US-PD"),
    (r"public domain mark( 1(\.0)?)?", "CC-PDM-1.0"),
    (r"(odc )?pddl( ?v?1(\.0)?)?"
     r"|(open data commons )?public domain dedication and licen[cs]e( \(?pddl\)?)?( v?1(\.0)?)?"
     r"|odc pddl.*", "PDDL-1.0"),
    (r"(odc )?odbl( ?v?1(\.0)?)?|odc odbl.*|(open data commons )?open database licen[cs]e( \(?odbl\)?)?( v?1(\.0)?)?",
     "ODbL-1.0"),
    (r"odc by( 1(\.0)?)?|(open data commons )?attribution licen[cs]e( v?1(\.0)?)?"
     r"|open data commons attribution licen[cs]e.*",
     "ODC-By-1.0"),
    (r"(uk )?open government licen[cs]e( ogl)? v(ersion )?3(\.0)?( united kingdom)?|ogl uk 3(\.0)?|uk ogl v?3(\.0)?",
     "OGL-UK-3.0"),
    (r"(uk )?open government licen[cs]e( ogl)? v(ersion )?2(\.0)?|ogl uk 2(\.0)?", "OGL-UK-2.0"),
    (r"uk open government licen[cs]e( ogl)?|uk ogl|ogl uk|open government licen[cs]e( ogl)? uk", "OGL-UK"),
    (r"open government licen[cs]e canada( v?(ersion )?2(\.0)?)?|ogl canada( 2(\.0)?)?|ca ogl lgo"
     r"|licence du gouvernement ouvert canada", "OGL-Canada-2.0"),
    (r"(fr )?(lov2|etalab 2(\.0)?)"
     r"|(soumis .{0,20})?licence ouverte( open licen[cs]e)?( etalab)? v?(ersion )?2(\.0)?( etalab)?"
     r"|open licen[cs]e v?(ersion )?2(\.0)?( etalab)?", "etalab-2.0"),
    (r"etalab 1(\.0)?|licence ouverte( open licen[cs]e)?( etalab)? v?(ersion )?1(\.0)?( etalab)?", "etalab-1.0"),
    (r"fr lo|etalab|(soumis à la |sous )?licen[cs]e (ouverte )?(open licen[cs]e )?(d.)?etalab"
     r"|licence ouverte( open licen[cs]e)?"
     r"|open licen[cs]e etalab", "etalab"),
    (r"(dl de by 2(\.| )0)|(datenlizenz deutschland namensnennung|data licence germany attribution)( version)? 2(\.0)?",
     "DL-DE-BY-2.0"),
    (r"(dl de zero 2(\.| )0)|(datenlizenz deutschland zero"
     r"|data licence germany zero)( version)? 2(\.0)?", "DL-DE-ZERO-2.0"),
    (r"nlod( 2(\.0)?)?|(norsk lisens for offentlige data"
     r"|norwegian licence for open government data)( nlod)?( 2(\.0)?)?",
     "NLOD-2.0"),
    (r"iodl( v?2(\.0)?)?|italian open data licen[cs]e v?2(\.0)?", "IODL-2.0"),
    (r"kogl( type)? 1", "KOGL-1"),
)  # fmt: skip
_LINK_RULES = tuple((re.compile(pattern), id) for pattern, id in _LINKS)
_WORD_RULES = tuple((re.compile(pattern), id) for pattern, id in _WORDS)


def stated_licence(*stated: str | None) -> str | None:
    """The first of the publisher's statements that says something, as one clean line of at most 200 characters."""
    return next((line for words in stated if words and (line := clean(without_markup(words), STATED_LIMIT))), None)


def licence_id(*stated: str | None) -> str | None:
    """Recognise one licence in a publisher's id, link and words (any order); None when unsure.

    The id is that of ``builder.model.licences`` when it is open, or a Creative Commons id with ``NC`` or ``ND``.
    Statements of different licences cancel each other; of one licence with and without its version, the version wins.

    >>> licence_id("cc-by", "https://creativecommons.org/licenses/by/4.0/")
    'CC-BY-4.0'
    >>> licence_id("See Terms of Use") is None
    True
    """
    found = {id for words in stated if words for id in _recognise(words)}
    # "CC-BY" beside "CC-BY-4.0" is the same thing said less exactly.
    exact = {id for id in found if not any(_is_version_of(other, id) for other in found)}
    return exact.pop() if len(exact) == 1 else None


def is_open(id: str | None) -> bool:
    """Whether a recognised id is that of an open licence (Open Definition 2.1)."""
    return open_licence(id) is not None


def _is_version_of(exact: str, plain: str) -> bool:
    return re.fullmatch(re.escape(plain) + r"-\d.*", exact) is not None


def _recognise(words: str) -> set[str]:
    line = clean(without_markup(words), _RECOGNISED_LIMIT + 1).casefold()
    if not line or len(line) > _RECOGNISED_LIMIT:
        return set()
    if exact := open_licence(line):
        return {exact}
    links = re.findall(r"(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,}/[^\s<>\"')]*)", line)
    by_link = {id for link in links if (id := _by_link(link))}
    if by_link:
        return by_link
    for link in links:
        line = line.replace(link, " ")
    plain = " ".join(re.sub(r"[^\w.' ]+|_|https?|www\.", " ", line).replace("'", " ").split()).strip(". ")
    by_words = {id for rule, id in _WORD_RULES if rule.fullmatch(plain)}
    return by_words or _creative_commons(plain)


def _by_link(link: str) -> str | None:
    if found := _CC_LINK.match(link) or _EU_CC.match(link):
        elements = found[1].replace("_", "-").replace("nc", "-nc").replace("sa", "-sa").replace("nd", "-nd")
        if found[1] == "0":
            return "CC0-1.0"
        version = f"{found[2]}.{found[3]}" if found[2] else None
        return _cc_id(elements.replace("--", "-"), version)
    if spdx := re.match(r"spdx\.org/licenses/([a-z0-9.-]+?)(\.html|\.json)?$", link):
        return open_licence(spdx[1])
    return next((id for rule, id in _LINK_RULES if rule.match(link)), None)


def _creative_commons(plain: str) -> set[str]:
    if not re.search(r"\bcc\b|\bcc0\b|\bcc ?by\b|\bccby\b|\bcczero\b|creative ?commons", plain):
        return set()
    if _DOUBT.search(plain):
        return set()
    plain = re.sub(r"\bccby", "cc by ", plain)
    has: Callable[[re.Pattern[str]], bool] = lambda pattern: pattern.search(plain) is not None  # noqa: E731
    if has(_MARK):
        return {"CC-PDM-1.0"}
    if has(_ZERO):
        # "CC0" beside words of attribution is a contradiction, not a licence.
        return set() if has(_NC) or has(_ND) or re.search(r"\bby\b", plain) else {"CC0-1.0"}
    if not has(_BY):
        return set()
    elements = "by" + ("-nc" if has(_NC) else "") + ("-nd" if has(_ND) else "-sa" if has(_SA) else "")
    versions = {f"{found[1]}.{found[2] or 0}" for found in _VERSION.finditer(plain)}
    return {_cc_id(elements, versions.pop() if len(versions) == 1 else None)} if len(versions) < 2 else set()


def _cc_id(elements: str, version: str | None) -> str:
    id = f"CC-{elements.upper()}"
    return f"{id}-{version}" if version else id


# A rule that names an unknown id would count nothing as open and say nothing about it.
assert {id for _, id in (*_LINKS, *_WORDS)} <= set(OPEN_LICENCES), "a licence rule names an id the model does not know"
