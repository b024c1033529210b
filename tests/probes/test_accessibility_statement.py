"""What is read of an accessibility statement, found directly or by its link, in the languages of our cities."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import accessibility_statement

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SITE = "https://lindenford.example"
ENGLISH = """<!doctype html><html lang="en-GB"><title>Accessibility statement for lindenford.example</title>
<header><a href="/contact">Contact the council</a></header><main><h1>Accessibility statement</h1>
<p>The Accessibility Act of 14 July 2021 applies. This website partly complies with the Web Content Accessibility
Guidelines (WCAG) version 2.1 level AA and with EN 301 549 V3.2.1.</p>
<p>We will mend this by 31 December 2025. Tell us by e-mail: <a href="mailto:web@lindenford.example">the web team</a>
or <a href="/feedback-form">write to us</a>. Phone: 01234 567 890.</p>
<h2>Preparation of this accessibility statement</h2><p>This statement was prepared on 23 September 2024. It was last
reviewed on 2 March 2026. The next review is due on 2 March 2027.</p></main></html>"""


def wrapped(words: str, title: str, lang: str) -> str:
    """A statement of one paragraph."""
    return f"<!doctype html><html lang={lang}><title>{title}</title><body><p>{words}</p></body></html>"


def read(fake_web: Any, pages: dict[str, Any], url: str = f"{SITE}/") -> Reading:
    """Read a site's statement."""
    return asyncio.run(accessibility_statement.read(Target(url, NOW), fake_web(pages)))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_statement_is_read(fake_web: Any) -> None:
    """The newest day it was worked on, its standards and its own ways of contact; laws and plans do not count."""
    reading = read(fake_web, {f"{SITE}/access": ENGLISH}, f"{SITE}/access")
    assert plain(reading) == {
        "statement_date": "2026-03-02", "standard": ["EN 301 549", "WCAG 2.1"], "contact": ["email", "form", "phone"],
        "title": "Accessibility statement for lindenford.example",
    }  # fmt: skip
    assert reading.complete and "web@" not in str(reading)


@pytest.mark.parametrize(("words", "title", "lang"), [
    ("Diese Erklärung wurde am 3. März 2026 erstellt.", "Erklärung zur Barrierefreiheit", "de"),
    ("Stand: 03.03.2026", "Barrierefreiheitserklärung", "de"),
    ("Cette déclaration a été établie le 3 mars 2026.", "Déclaration d’accessibilité", "fr"),
    ("De verklaring is voor het laatst bijgewerkt op 03-03-2026.", "Toegankelijkheidsverklaring", "nl"),
    ("Esta declaración fue preparada el 3 de marzo de 2026.", "Declaración de accesibilidad", "es"),
    ("Última revisió de la declaració, revisada el 3 de març de 2026.", "Declaració d'accessibilitat", "ca"),
    ("La presente dichiarazione è stata redatta il 3 marzo 2026.", "Dichiarazione di accessibilità", "it"),
    ("Redogörelsen uppdaterades senast den 3 mars 2026.", "Tillgänglighetsredogörelse", "sv"),
    ("Seloste on laadittu 3.3.2026.", "Saavutettavuusseloste", "fi"),
    ("Erklæringen blev udarbejdet den 3. marts 2026.", "Tilgængelighedserklæring", "da"),
    ("Teatis on koostatud 3. märts 2026.", "Ligipääsetavuse teatis: WCAG", "et"),
    ("Oświadczenie sporządzono dnia 3 marca 2026.", "Deklaracja dostępności", "pl"),
])  # fmt: skip
def test_statements_in_many_languages(fake_web: Any, words: str, title: str, lang: str) -> None:
    """A statement is known by its title, and its day by the words around it, wherever it is written."""
    pages = {f"{SITE}/": wrapped(f"{words} WCAG 2.1", title, lang)}
    assert plain(read(fake_web, pages))["statement_date"] == "2026-03-03"


@pytest.mark.parametrize("link", [
    '<a href="/x/7">Erklärung zur Barrierefreiheit</a>', '<a href="/toegankelijkheid-verklaring">Lees meer</a>',
    '<a href="/x/7" aria-label="Accessibility statement"></a>', '<a href="/x/7">Accessibility</a>',
])  # fmt: skip
def test_the_statement_is_found_by_its_link(fake_web: Any, link: str) -> None:
    """From a front page the link is followed that says statement, in its words or its address, in any language."""
    front = f'<!doctype html><title>Lindenford</title><a href="/parks">Parks</a><footer>{link}</footer>'
    pages = {f"{SITE}/": front, f"{SITE}/x/7": ENGLISH, f"{SITE}/toegankelijkheid-verklaring": ENGLISH}
    assert read(fake_web, pages).measurements["statement_date"].capture == 1


def test_the_likeliest_link_is_followed_first(fake_web: Any) -> None:
    """A link that says statement goes before one that only says accessibility; at most two are followed."""
    front = ('<!doctype html><a href="#main">Accessibility: skip</a><a href="/ramps">Accessibility of buildings</a>'
             '<a href="/lifts">Lifts, accessibility</a><a href="/s">Accessibility statement</a>')  # fmt: skip
    web = fake_web({f"{SITE}/": front, f"{SITE}/s": (404, {}, b""), f"{SITE}/ramps": "<p>Ramps</p>"})
    with pytest.raises(Unreadable) as caught:
        asyncio.run(accessibility_statement.read(Target(f"{SITE}/", NOW), web))
    assert web.asked == [f"{SITE}/", f"{SITE}/s", f"{SITE}/ramps"] and caught.value.reason == "not-found"


def test_a_statement_drawn_by_scripts_is_our_gap(fake_web: Any) -> None:
    """A linked page that only scripts fill may well be the statement: that we cannot read it is our fault."""
    empty = "<!doctype html><title>App</title><script></script>"
    front = f'<!doctype html><title>Home</title><p>{"word " * 60}</p><a href="/s">Accessibility statement</a>'
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {f"{SITE}/": front, f"{SITE}/s": empty})
    assert caught.value.reason == "our-error"
    assert caught.value.capture is not None and caught.value.capture.url == f"{SITE}/s"


def test_what_is_not_stated_is_absent(fake_web: Any) -> None:
    """A month is no day, a planned day is not when it was written, and silence on contact is no contact."""
    words = "Prepared in March 2026. Reviewed on 3 March 2031. The law of 1 May 2019 was changed."
    assert plain(read(fake_web, {f"{SITE}/": wrapped(words, "Accessibility statement", "en")})) == {
        "title": "Accessibility statement"}  # fmt: skip


@pytest.mark.parametrize(("words", "standards"), [
    ("WCAG 2.2 and WCAG", ["WCAG 2.2"]), ("Section 508 of the Act", ["Section 508"]),
    ("RGAA version 4.1.2, BITV 2.0", ["BITV 2.0", "RGAA 4.1.2"]), ("EN&nbsp;301&nbsp;549", ["EN 301 549"]),
    ("Web Content Accessibility Guidelines 2.0", ["WCAG 2.0"]), ("JIS X 8341-3:2016", ["JIS X 8341-3"]),
    ("section 5080 of the road", None),
])  # fmt: skip
def test_standards_by_their_names(fake_web: Any, words: str, standards: list[str] | None) -> None:
    """Each standard is named once, with the version that stands beside it."""
    page = wrapped(words, "Accessibility statement", "en")
    assert plain(read(fake_web, {f"{SITE}/": page})).get("standard") == standards


@pytest.mark.parametrize(("page", "reason"), [
    ("<!doctype html><title>Parks</title><p>Parks and trees</p>", "not-the-declared-format"),
    ("<!doctype html><h1>Accessibility</h1><p>Ramps at the town hall</p>", "not-the-declared-format"),
    ("<!doctype html><title>App</title><div></div><script></script>", "our-error"),
    ("<!doctype html><title>Page not found</title>", "not-found"),
    ("<!doctype html><title>Just a moment...</title>", "bot-challenge"),
    ("%PDF-1.4", "not-the-declared-format"),
])  # fmt: skip
def test_what_is_no_statement_is_refused(fake_web: Any, page: str, reason: str) -> None:
    """Other pages, missing ones, gates and frames for scripts each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, {f"{SITE}/": page})
    assert caught.value.reason == reason and caught.value.capture is not None


@settings(max_examples=100, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_damaged_statements_never_surprise(fake_web: Any, data: st.DataObject) -> None:
    """Whatever bytes are changed, a statement is read or refused with a reason, and nothing else happens."""
    body = bytearray(ENGLISH.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 200))] = data.draw(st.binary(max_size=12))
    try:
        assert read(fake_web, {f"{SITE}/": bytes(body)}).scope == "the statement"
    except Unreadable as error:
        assert error.message
