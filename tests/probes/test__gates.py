"""Which pages only pretend to be the one asked for, in the languages of our cities, and which only sound so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture
from builder.probes._gates import refuse_pretence
from builder.probes._html import read_html

NOT_FOUND = {
    "en": ["Page not found", "Sorry, the page you were looking for could not be found", "We can't find that page"],
    "fr": ["Page introuvable", "La page demandée n’existe pas", "Erreur 404"],
    "es": ["Página no encontrada", "La página solicitada no existe", "No se ha encontrado la página"],
    "ca": ["Pàgina no trobada", "La pàgina que cerqueu no existeix", "No s'ha trobat la pàgina"],
    "de": ["Seite nicht gefunden", "Diese Seite existiert leider nicht", "Fehler 404"],
    "nl": ["Pagina niet gevonden", "Deze pagina bestaat niet (meer)", "We kunnen deze pagina niet vinden"],
    "it": ["Pagina non trovata", "La pagina richiesta non esiste", "Errore 404"],
    "pt": ["Página não encontrada", "A página não foi encontrada", "Não foi possível encontrar a página"],
    "fi": ["Sivua ei löytynyt", "Etsimääsi sivua ei valitettavasti löydy", "Virhe 404"],
    "sv": ["Sidan hittades inte", "Sidan du söker finns tyvärr inte", "Vi kan inte hitta sidan"],
    "da": ["Siden blev ikke fundet", "Siden findes desværre ikke", "Vi kan ikke finde siden"],
    "no": ["Siden ble ikke funnet", "Siden finnes ikke", "Fant ikke siden", "Sida finst ikkje"],
    "et": ["Lehte ei leitud", "Lehekülge ei leitud", "Viga 404"],
    "pl": ["Nie znaleziono strony", "Strona nie została znaleziona", "Strona o podanym adresie nie istnieje"],
    "cs": ["Stránka nenalezena", "Požadovaná stránka neexistuje", "Stránku se nepodařilo najít"],
    "ja": ["ページが見つかりません", "お探しのページは存在しません", "404 ページ"],
    "ko": ["페이지를 찾을 수 없습니다", "존재하지 않는 페이지입니다", "요청하신 페이지가 존재하지 않습니다"],
    "zh": ["页面不存在", "您访问的页面不存在", "找不到您要查看的網頁", "网页未找到"],
}
CONSENT = {
    "en": "Before you continue", "fr": "Avant de continuer", "es": "Antes de continuar", "ca": "Abans de continuar",
    "de": "Bevor Sie fortfahren", "nl": "Voordat je verdergaat", "it": "Prima di continuare",
    "pt": "Antes de continuar",
    "fi": "Ennen kuin jatkat", "sv": "Innan du fortsätter", "da": "Før du fortsætter", "no": "Før du fortsetter",
    "et": "Enne kui jätkad", "pl": "Zanim przejdziesz do serwisu", "cs": "Než budete pokračovat",
    "ja": "続行する前に", "ko": "계속하기 전에", "zh": "继续之前",
}  # fmt: skip
GATES = {
    "en": "Access denied", "fr": "Accès refusé", "es": "Acceso denegado", "ca": "Accés denegat",
    "de": "Zugriff verweigert", "nl": "Toegang geweigerd", "it": "Accesso negato", "pt": "Acesso negado",
    "fi": "Pääsy estetty", "sv": "Åtkomst nekad", "da": "Adgang nægtet", "no": "Tilgang nektet",
    "et": "Juurdepääs keelatud", "pl": "Odmowa dostępu", "cs": "Přístup odepřen", "ja": "アクセスが拒否されました",
    "ko": "액세스가 거부되었습니다", "zh": "访问被拒绝",
}  # fmt: skip


def verdict(title: str, matter: str = "") -> str:
    """The reason why a page of this title and matter is refused; blank where it is read."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    url = "https://lindenford.example/council"
    body = f"<!doctype html><title>{title}</title><h1>Lindenford</h1><p>{matter}</p>".encode()
    answer = Answer(Capture(url=url, final_url=url, status=200, at=at), body)
    try:
        refuse_pretence(read_html(answer), answer)
    except Unreadable as error:
        assert error.capture is answer.capture
        return str(error.reason)
    return ""


@pytest.mark.parametrize("title", [title for titles in NOT_FOUND.values() for title in titles])
def test_a_missing_page_called_good_is_known_in_every_language(title: str) -> None:
    """The words that sites put over a page that is not there; over a long text they may be about anything."""
    assert verdict(title) == verdict(f"{title} | Lindenford") == verdict(title.upper()) == "not-found"
    assert verdict(title, "word " * 1000) == ""


@pytest.mark.parametrize("title", CONSENT.values())
def test_a_question_about_consent_is_known_in_every_language(title: str) -> None:
    """It stands between us and the page, so nothing is said of the page."""
    assert verdict(title) == "forbidden" and verdict(title, "word " * 1000) == ""


@pytest.mark.parametrize("title", [*GATES.values(), "Un instant…", "Nur einen Moment …", "しばらくお待ちください..."])
def test_a_gate_against_robots_is_known_in_every_language(title: str) -> None:
    """Nor is anything said of a page behind a gate."""
    assert verdict(title) == "bot-challenge" and verdict(title, "word " * 1000) == ""


@pytest.mark.parametrize("title", [
    "Tafel 404", "Linie 404", "Artikel 404 Abgabenordnung", "Lost and found", "Un instant de culture", "Hetkinen Oy",
    "Siden er ikke statisk", "Sidan går inte av för hackor", "Dokument nicht barrierefrei", "Trouvé: un chat",
    "Page 404 du registre", "Cookies", "Datenschutz", "Rekisterit ja evästeet", "Nieuwe pagina", "Nová stránka",
    "見つかった猫", "新しいページ", "새 페이지", "新网页", "Aviso: la página nueva", "Pagina 12", "Zugriff auf Daten",
])  # fmt: skip
def test_titles_that_only_sound_so_are_read(title: str) -> None:
    """A missing page speaks against a city: a number, half a phrase or another word is not enough."""
    assert verdict(title) == ""
