"""Tells pages that only pretend to be the one asked for: a missing page called good, a wall, a gate."""

from __future__ import annotations

import re

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._address import host
from builder.probes._html import Page
from builder.probes._text import clean

# Whole phrases, as sites in our cities' languages put them over a page that is not there.
_NOT_FOUND = re.compile(
    r"""
    (?:page|file|document|content)\ (?:was\ |could\ |is\ )?(?:not|cannot|can't)\ (?:be\ )?(?:found|exist)
    | (?:page|document)\ (?:you\ requested\ )?(?:does\ not|doesn't|no\ longer)\ exists?
    | \b404\W{1,5}(?:error|not\ found|page|file|fehler|erreur|seite)
    | (?:error|fehler|erreur|errore|virhe|fout|feil|fejl|erro|fel)\ 404\b
    | seite\ (?:wurde\ |konnte\ )?nicht\ (?:gefunden|vorhanden)
    | page\ (?:est\ )?(?:introuvable|non\ trouvée)
    | pagina\ (?:is\ |kan\ )?niet\ (?:gevonden|worden\ gevonden)
    | página\ (?:no\ encontrada|não\ encontrada|no\ existe)
    | pàgina\ no\ trobada
    | pagina\ non\ trovata
    | sivua\ ei\ (?:löydy|löytynyt)
    | sidan\ (?:hittades\ inte|kunde\ inte\ hittas|finns\ inte)
    | siden\ (?:blev\ ikke\ fundet|ble\ ikke\ funnet|finnes\ ikke|findes\ ikke)
    | lehte(?:külge)?\ ei\ leitud
    | strony?\ nie\ (?:została\ )?znalezion[oa]
    | stránka\ nenalezena
    | ページが見つかりません
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"before you continue|cookie consent|consent required|your privacy choices|bevor sie (?:fortfahren|weitermachen)"
    r"|avant de continuer|voordat je verdergaat|antes de continuar|prima di continuare|innan du fortsätter"
    r"|cookie[- ]?(?:einwilligung|zustimmung|muur|wall)|consentement",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^(?:consent|cmp|cookiewall)\.")
_GATE_TITLE = re.compile(
    r"^\W*(?:just a moment|attention required|checking your browser|verify(?:ing)? you are (?:a )?human|ddos-guard"
    r"|access denied|pardon our interruption|robot check|are you (?:a )?(?:robot|human)|security (?:check|verification)"
    r"|bot verification|human verification|request rejected|request unsuccessful)",
    re.IGNORECASE,
)
# A gate says little; a page about gates says more.
_GATE_WORDS = 1500
_NOT_FOUND_WORDS = 4000


def refuse_pretence(page: Page, answer: Answer) -> None:
    """Raise where the page is surely not the one asked for; says nothing of pages that only might not be.

    ``bot-challenge``: nothing but a gate against robots. ``forbidden``: nothing but a question about consent.
    ``not-found``: title or first heading say so in so many words, and little else is there.
    """
    length = len(page.words)
    if length < _GATE_WORDS and _GATE_TITLE.search(page.title or page.first_heading):
        raise Unreadable(Reason.BOT_CHALLENGE, f"A gate stands before the page: {_said(page)}", answer.capture)
    walled = _CONSENT_TITLE.search(page.title or page.first_heading) is not None
    if length < 2 * _GATE_WORDS and (walled or _CONSENT_HOST.match(host(answer.capture.final_url))):
        words = f"A question about consent stands before the page: {_said(page)}"
        raise Unreadable(Reason.FORBIDDEN, words, answer.capture)
    if length < _NOT_FOUND_WORDS and any(_NOT_FOUND.search(words) for words in (page.title, page.first_heading)):
        raise Unreadable(Reason.NOT_FOUND, f"It answered with a page that says: {_said(page)}", answer.capture)


def _said(page: Page) -> str:
    return clean(page.title or page.first_heading or "(no title)", 120)
