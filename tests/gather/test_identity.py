"""Who we say we are, and how gently we ask: what a server's owner can rely on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from builder.gather.identity import PRODUCT, USER_AGENT
from builder.gather.manners import Turns

PAGES = Path(__file__).parents[2] / "site_src" / "pages"


def test_the_user_agent_leads_to_the_page_about_opting_out() -> None:
    """Whoever finds us in a log finds a page that quotes this very name and says how to be left alone."""
    name, _, address = USER_AGENT.rstrip(")").partition(" (+")
    page = PAGES / f"{urlsplit(address).path.split('/cityproof/', 1)[1].strip('/')}.md"
    text = page.read_text(encoding="utf-8")
    assert name.startswith(f"{PRODUCT}/") and address in text and "make it stop" in text


def test_one_page_a_second_unless_told_otherwise() -> None:
    """Politeness is the default; only a test or a demo on this machine asks faster."""
    assert Turns().spacing >= 1.0
