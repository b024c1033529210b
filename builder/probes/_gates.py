"""Tells pages that only pretend to be the one asked for: a missing page called good, a wall, a gate."""

from __future__ import annotations

import re

from builder.errors import Unreadable
from builder.model.capture import Answer
from builder.model.reasons import Reason
from builder.probes._address import host
from builder.probes._html import Page
from builder.probes._text import clean

# Whole phrases, as sites in our cities' languages put them over a page that is not there. A page that is called missing
# speaks against a city, so what could be said of anything else (a book, a bus, a person) is not among them.
_NOT_FOUND = re.compile(
    r"""
    (?:page|file|document|content)\ (?:you\ (?:are|were)\ looking\ for\ )?
        (?:was\ |could\ |is\ )?(?:not|cannot|can't|couldn't)\ (?:be\ )?(?:found|exist)
    | (?:page|document)\ (?:you\ requested\ )?(?:does\ not|doesn't|no\ longer)\ exists?
    | \bwe\ (?:can't|cannot|couldn't|could\ not)\ find\ (?:that|the|this|your)\ page
    | \b404\W{1,5}(?:error|not\ found|page|file|fehler|erreur|errore|erro|seite|fout|fel|fejl|feil|virhe|viga|błąd|chyba
        |página|pagina|pàgina|sivua|sidan|siden|stránka|エラー|ページ|오류|페이지|错误|錯誤|页面|頁面|網頁|网页)
    | (?:\b(?:error|fehler|erreur|errore|virhe|fout|feil|fejl|erro|fel|viga|błąd|chyba)|エラー|오류|错误|錯誤)\ ?404\b
    | seite\ (?:wurde\ |konnte\ |ist\ )?(?:leider\ )?nicht\ (?:gefunden|vorhanden)
    | seite\ (?:existiert|gibt\ es)\ (?:leider\ )?nicht
    | page\ (?:demandée\ |recherchée\ )?(?:est\ )?(?:introuvable|inexistante|non\ trouvée)
    | page\ (?:demandée\ |recherchée\ )?n['’](?:existe|a\ )\ ?(?:pas|plus)
    | pagina\ (?:is\ |kan\ |werd\ )?(?:helaas\ )?niet\ (?:gevonden|worden\ gevonden)
    | pagina\ bestaat\ (?:helaas\ )?niet | \bkunnen\ (?:de|deze)\ pagina\ niet\ vinden
    | página\ (?:solicitada\ |que\ bus\w+\ )?no\ (?:encontrada|existe|se\ (?:ha\ )?(?:encuentra|encontr\w+))
    | \bno\ se\ (?:ha\ )?(?:encuentra|encontró|encontrado|pudo\ encontrar)\ la\ página
    | pàgina\ (?:sol·licitada\ |que\ (?:cerqueu|busqueu|cerques)\ )?no\ (?:trobada|existeix|s['’]ha\ trobat)
    | \bno\ s['’]ha\ trobat\ la\ pàgina
    | página\ (?:solicitada\ |pretendida\ )?não\ (?:foi\ )?(?:encontrada|existe) | página\ inexistente
    | \bnão\ (?:foi\ possível\ encontrar|encontr[aá]mos)\ a\ página
    | pagina\ (?:richiesta\ )?(?:non\ (?:è\ stata\ |è\ )?(?:trovata|esiste)|inesistente)
    | sivua\ ei\ (?:valitettavasti\ )?(?:löydy|löytynyt|ole\ olemassa) | sivu\ ei\ ole\ olemassa
    | sidan\ (?:du\ (?:söker|letar\ efter)\ )?(?:(?:hittades|finns)\ (?:tyvärr\ )?(?:inte|ej)
        |kunde\ (?:tyvärr\ )?inte\ hittas|går\ (?:tyvärr\ )?inte\ att\ hitta)
    | \b(?:hittar|hitta)\ inte\ sidan | \binte\ hitta\ sidan
    | siden\ (?:du\ (?:leter\ etter|leder\ efter|søker)\ )?(?:
        (?:finnes|findes|eksisterer)\ (?:dessverre\ |desværre\ )?ikke
        |(?:blev|ble|er)\ (?:dessverre\ |desværre\ )?ikke\ (?:fundet|funnet)
        |kunne\ ikke\ (?:findes|finnes|bli\ funnet))
    | \b(?:kan\ ikke\ finde|fant\ ikke|finner\ ikke|finder\ ikke)\ siden
    | \bsida\ (?:finst|finnes|vart)\ ikkje | \b(?:fann|finn)\ ikkje\ sida
    | \bleh(?:te|ekülge)\ ei\ (?:leitud|leita|eksisteeri) | \bleh(?:te|ekülge)\ ei\ ole\ olemas
    | stron[ay]?\ nie\ (?:została\ )?znalezion[oa] | strona\ (?:o\ podanym\ adresie\ )?nie\ istnieje
    | \bnie\ (?:znaleziono|odnaleziono)\ (?:szukanej\ |żądanej\ |podanej\ )?strony
    | stránka\ (?:nenalezena|neexistuje|nebyla\ nalezena) | \bstránku\ (?:se\ nepodařilo|nelze)\ (?:najít|nalézt)
    | (?:ページ|ファイル)[はが](?:[見み]つかり|存在し|あり)ませ?ん
    | 페이지를\ ?찾(?:을\ ?수\ ?없|지\ ?못)
    | 페이지(?:가|는)\ ?(?:존재하지\ ?않|없습니다) | (?:존재하지\ ?않는|없는)\ ?페이지
    | (?:页面|頁面|网页|網頁)(?:未找到|找不到|不存在|没有找到|沒有找到|无法找到|無法找到|已被?删除|已被?刪除)
    | (?:找不到|没有找到|沒有找到|未找到)[^。，\s]{0,10}(?:页面|頁面|网页|網頁)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"before you continue|cookie consent|consent required|your privacy choices|bevor sie (?:fortfahren|weitermachen)"
    r"|avant de continuer|voordat (?:je|u) verder ?gaat|antes de continuar|abans de continuar|prima di continuare"
    r"|ennen kuin jatkat|innan du fortsätter|før du (?:fortsætter|fortsetter)|enne jätkamist|enne kui jätkad"
    r"|zanim przejdziesz|zanim kontynuujesz|než budete pokračovat|než začnete"
    r"|続行する前に|계속하기 전에|[继繼][续續]之?前"
    r"|cookie[- ]?(?:einwilligung|zustimmung|muur|wall|toestemming|samtycke|samtykke)|consentement"
    r"|consentimiento de cookies|consentiment de (?:galetes|cookies)|consenso (?:ai|all'uso dei) cookie"
    r"|consentimento de cookies|evästesuostumus|küpsiste nõusolek|zgoda na (?:pliki )?cookie"
    r"|souhlas s\w* (?:\w+ )?cookie"
    r"|cookie\s?の?(?:使用に関する)?同意|쿠키 (?:사용 )?동의|cookie\s?(?:的)?同意",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^(?:consent|cmp|cookiewall)\.")
_GATE_TITLE = re.compile(
    r"^\W*(?:just a moment|attention required|checking your browser|verify(?:ing)? you are (?:a )?human|ddos-guard"
    r"|access denied|pardon our interruption|robot check|are you (?:a )?(?:robot|human)|security (?:check|verification)"
    r"|bot verification|human verification|request rejected|request unsuccessful"
    r"|zugriff verweigert|accès refusé|acceso denegado|accés denegat|toegang geweigerd|accesso negato|acesso negado"
    r"|pääsy (?:estetty|kielletty|evätty)|åtkomst nekad|adgang nægtet|tilgang nektet|juurdepääs keelatud|odmowa dostępu"
    r"|přístup (?:odepřen|zamítnut)|アクセスが?拒否|(?:액세스|접근)가? ?거부"
    r"|(?:拒绝|拒絕)(?:访问|存取)|(?:访问|訪問)被拒"
    # What one large guard says in each language, and nothing else with it.
    r"|(?:nur einen moment|un instant|un momento|um momento|een moment geduld|een ogenblik geduld|hetkinen"
    r"|ett ögonblick|et øjeblik|et øyeblikk|üks hetk|chwileczkę|okamžik"
    r"|しばらくお待ちください|잠시만 기다리십시오|请稍候|請稍候)\W*$)",
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
