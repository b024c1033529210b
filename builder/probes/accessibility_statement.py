"""Reads a web site's accessibility statement: when it was written or checked, what it measures by, whom to write to.

**What it asks.** The page at the address given, where robots.txt allows it. Where that page is no accessibility
statement but links to one, by the words or the address of the link, at most two such links are followed. At most 4 MB
a page; nothing on it is run.

**What it measures.**

- `statement_date` (date): the newest day that the statement names right after words for written, checked, updated or
  tested, and that is not in the future. Days are read in the languages of our cities; `03/04/2026` only where the
  page's language says which is the day. Absent where no such day is named in full: a month is no day.
- `standard` (list): the standards named, such as `WCAG 2.1`, `EN 301 549`, `Section 508`, `RGAA 4.1`, `BITV 2.0`;
  absent where none is.
- `contact` (list): the ways to get in touch that the statement itself offers, outside of the site's own frame:
  `email`, `form` (a link to a form or contact page), `phone`; absent where none was recognised. The addresses
  themselves are not kept.
- `title`: the statement's title, or its first heading.

**What each reason means here.** `ok`: a statement was read. `not-the-declared-format`: the page is no statement and
links to none that we recognise; that proves nothing about the rest of the site. `not-found`: the address, or the
statement it links to, is not there. `our-error`: the page is drawn by scripts, which we do not run.

**A worked example.** `https://city.example/` links to `/barrierefreiheit` as "Erklärung zur Barrierefreiheit". It says
"Diese Erklärung wurde am 3. März 2026 erstellt", names "BITV 2.0" and "EN 301 549" and has a link for e-mail:
`statement_date` 2026-03-03, `standard` `BITV 2.0`, `EN 301 549`, `contact` `email`.

**The standard.** The EU's model statement, [Implementing Decision (EU) 2018/1523](
https://eur-lex.europa.eu/eli/dec_impl/2018/1523/oj), and the statements that other laws ask for in the same spirit.
"""

from __future__ import annotations

import re

from builder.errors import Unreadable
from builder.model.capture import Answer, Request
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes._address import split
from builder.probes._asking import Asking
from builder.probes._dcat import as_of
from builder.probes._facts import Facts, next_address
from builder.probes._gates import refuse_pretence
from builder.probes._html import LIMIT_BYTES, Page, read_html
from builder.probes._prose_dates import days_in

VERSION = 1
DEADLINE_SECONDS = 60

_MOST_LINKS_FOLLOWED = 2
_CONTEXT = 120  # characters between the words "was prepared on" and the day
_MOST_PROSE = 200_000

_ACCESSIBILITY = (
    r"accessibilit|accesibilidad|acessibilidade|barrierefreiheit|barrierearm|digitale?[ -]toegankelijkheid"
    r"|toegankelijkheid|tillgänglighet|tillganglighet|saavutettavuus|tilgængelighed|tilgaengelighed|tilgjengelighet"
    r"|universell[ -]utforming|ligipääsetavus|ligipaasetavus|juurdepääsetavus|dostępno|dostepnos|přístupnost"
    r"|pristupnost|irisgarritasun|akadálymentes|akadalymentes|prístupnosť|dostopnost|pristupačnost|προσβασιμότητα|достъпност"
    r"|piekļūstamīb|prieinamum|aðgengi|inrochtaineacht|アクセシビリティ"
)
_ANY = re.compile(_ACCESSIBILITY, re.IGNORECASE)
# A statement about it, and not a page on ramps and lifts.
_STATEMENT = re.compile(
    rf"(?:statement|declaration|declaraci|declaraç|déclaration|declaratie|dichiarazione|erklärung|erklaerung|verklaring"
    rf"|deklaracj|prohlášení|prohlaseni|vyhlásen|izjav|δήλωση|декларация|redogörelse|redogorelse|erklæring|erklaering"
    rf"|seloste|nyilatkozat|adierazpen|yfirlýsing)[^.\n]{{0,40}}(?:{_ACCESSIBILITY})"
    rf"|(?:{_ACCESSIBILITY})[^.\n]{{0,20}}(?:statement|erklärung|erklaerung|verklaring|redogörelse|redogorelse|erklæring"
    rf"|erklaering|seloste|nyilatkozat|adierazpen|policy|yfirlýsing|方針)"
    rf"|déclaration[- _]de[- _]conformité|accessibilité\s*:\s*(?:non|partiellement|totalement|pas)",
    re.IGNORECASE,
)
_LAW = re.compile(r"2016/2102|2018/1523|besluit digitale toegankelijkheid", re.IGNORECASE)
_STANDARDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("WCAG", re.compile(r"\bWCAG\b[\s-]*(?:version\s*)?(\d\.\d)?", re.IGNORECASE)),
    ("WCAG", re.compile(r"Web Content Accessibility Guidelines\W{0,3}(?:\(?WCAG\)?\W{0,3})?(?:version\s*)?(\d\.\d)?",
                        re.IGNORECASE)),
    ("EN 301 549", re.compile(r"\bEN[\s-]*301[\s-]*549\b()", re.IGNORECASE)),
    ("Section 508", re.compile(r"\bSection\s+508\b()", re.IGNORECASE)),
    ("RGAA", re.compile(r"\bRGAA\b[\s-]*(?:version\s*)?(\d(?:\.\d){0,2})?", re.IGNORECASE)),
    ("BITV", re.compile(r"\bBITV\b[\s-]*(\d\.\d)?")),
    ("JIS X 8341-3", re.compile(r"\bJIS\s*X\s*8341-3\b()")),
)  # fmt: skip
_MADE = re.compile(
    r"prepar|review|updated|revis|created|drafted|tested|assess|audit|evaluat"
    r"|erstellt|überprüf|aktualisier|überarbeitet|geprüft|bewert|getestet|\bstand\b"
    r"|établi|mise?s? à jour|actualis|réalisé|vérifi"
    r"|opgesteld|bijgewerkt|herzien|gecontroleerd|onderzo"
    r"|elabor|actualiz|actualitz|redatt|aggiorn|effettuat|atualiza"
    r"|upprätta|uppdatera|granska|bedöm|senast"
    r"|laadittu|päivitetty|tarkistettu|arvioitu"
    r"|udarbejdet|opdatere|revidere|gennemgå|utarbeidet|oppdatert"
    r"|koosta|uuenda|läbi vaada|hinnat|sporządz|aktualiz|przegląd|vypracov|pripravlj|sastavlj|ažurira"
    r"|eguneratu|berrikusi|készült|felülvizsgál|revizuit|parengt|atnaujin|sagatavo|pārskat|atjaunin|καταρτ|ενημερ"
    r"|作成|更新|改定",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.!?]\s+(?=[^\W\d_])")
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[\w-]{1,63}\.\w", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:phone|tel|telefon|téléphone|puhelin|telefoon|teléfono)\w{0,6}\W{0,6}\+?\d[\d\s()/.-]{5,}", re.IGNORECASE
)
_FORM = re.compile(
    r"contact|feedback|kontakt|contatt|contacto|palaute|yhteyde|återkoppl|formul|tilbakemeld"
    r"|お問い合わせ",
    re.IGNORECASE,
)  # fmt: skip


async def read(target: Target, web: Web) -> Reading:
    """Read the statement at the target's address, or the one it links to."""
    split(target.url)
    asking = Asking(web)
    page, answer, position = await _page(asking, target.url)
    if _is_statement(page):
        return _reading(page, answer, position)
    missed: Unreadable | None = None
    drawn = answer if page.drawn_by_scripts else None
    for url in _links(page, answer):
        try:
            page, linked, position = await _page(asking, url)
        except Unreadable as fault:
            missed = missed or fault
            continue
        if _is_statement(page):
            return _reading(page, linked, position)
        drawn = drawn or (linked if page.drawn_by_scripts else None)
    if missed:
        raise missed
    if drawn:
        raise Unreadable(Reason.OUR_ERROR, "The page is drawn by scripts, which we do not run.", drawn.capture)
    words = "The page is no accessibility statement, and links to none that we recognise."
    raise Unreadable(Reason.NOT_THE_DECLARED_FORMAT, words, answer.capture)


async def _page(asking: Asking, url: str) -> tuple[Page, Answer, int]:
    answer, position = await asking.get(Request(url, accept="text/html, */*;q=0.5", limit_bytes=LIMIT_BYTES))
    page = read_html(answer)
    refuse_pretence(page, answer)
    return page, answer, position


def _is_statement(page: Page) -> bool:
    """A page headed as a statement; or as one on accessibility that also names a standard or the law."""
    heads, prose = [page.title, *page.headings], page.matter[:_MOST_PROSE]
    if any(_STATEMENT.search(words) for words in (page.title, page.first_heading)):
        return True
    return any(_ANY.search(words) for words in heads) and bool(_standards(prose) or _LAW.search(prose))


def _links(page: Page, answer: Answer) -> list[str]:
    """The addresses that likely lead to the statement, the likeliest first; none twice, and not the page itself."""
    sure, likely = [], []
    for link in page.links:
        if link.href.startswith("#"):
            continue
        url = next_address(link.href, answer)
        if url is None or url.partition("#")[0] == answer.capture.final_url:
            continue
        both = f"{link.words}\n{link.href}".replace("-", " ").replace("_", " ")
        if _STATEMENT.search(both):
            sure.append(url)
        elif _ANY.search(both):
            likely.append(url)
    return list(dict.fromkeys([*sure, *likely]))[:_MOST_LINKS_FOLLOWED]


def _reading(page: Page, answer: Answer, position: int) -> Reading:
    facts = Facts()
    prose = page.matter[:_MOST_PROSE]
    days = [day for day in _made(prose, page.language) if day <= as_of(answer.capture).date().isoformat()]
    facts.say("statement_date", max(days, default=None), "the day after words such as 'was prepared on'", position)
    facts.say("standard", _standards(prose) or None, "the words of the statement", position)
    facts.say("contact", _contacts(page) or None, "the words and links of the statement", position)
    facts.say_words("title", page.title or page.first_heading, "title", position)
    return Reading(facts, complete=not page.drawn_by_scripts, scope="the statement")


def _made(prose: str, language: str | None) -> list[str]:
    """The days that stand, in their own sentence, right after words for written or checked."""
    made, after = [], 0
    for day in days_in(prose, language):
        before = prose[max(after, day.start - _CONTEXT) : day.start]
        after = day.end
        # German and the Nordic languages say "erstellt" behind the day; the sentence ends soon after.
        behind = _SENTENCE_ENDS.split(prose[day.end : day.end + 40].partition("\n")[0])[0]
        if _MADE.search(_SENTENCE_ENDS.split(before)[-1]) or _MADE.match(behind.strip(" ,;")):
            made.append(day.date.isoformat())
    return made


def _standards(prose: str) -> list[str]:
    """The standards named, sorted, with their versions; one without a version only where it never has one."""
    found = {
        f"{name} {match[1]}" if match[1] else name for name, pattern in _STANDARDS for match in pattern.finditer(prose)
    }
    return sorted(one for one in found if not any(other.startswith(f"{one} ") for other in found))


def _contacts(page: Page) -> list[str]:
    own = [link for link in page.links if not link.framed]
    prose = page.matter[:_MOST_PROSE]
    hrefs = [link.href.lower() for link in own]
    ways = {
        "email": any(href.startswith("mailto:") for href in hrefs) or bool(_EMAIL.search(prose)),
        "form": any(
            _FORM.search(f"{link.words}\n{link.href}") for link in own if not link.href.lower().startswith("mailto:")
        ),
        "phone": any(href.startswith("tel:") for href in hrefs) or bool(_PHONE.search(prose)),
    }
    return [way for way, offered in ways.items() if offered]
