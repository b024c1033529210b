"""How map services are asked what they can do, and what is kept of the address that a person wrote."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.probes._asking import Asking
from builder.probes._capabilities import ask, capabilities_url

BASE = "https://maps.lindenford.example/ows"


@pytest.mark.parametrize(("given", "asked"), [
    (BASE, f"{BASE}?REQUEST=GetCapabilities&SERVICE=WFS"),
    (f"{BASE}?", f"{BASE}?REQUEST=GetCapabilities&SERVICE=WFS"),
    (f"{BASE}?map=/srv/a%20b.map&", f"{BASE}?map=/srv/a%20b.map&REQUEST=GetCapabilities&SERVICE=WFS"),
    (f"{BASE}?Service=WFS&Version=1.1.0", f"{BASE}?Service=WFS&Version=1.1.0&REQUEST=GetCapabilities"),
    (f"{BASE}?request=getCapabilities&service=wfs#top", f"{BASE}?request=getCapabilities&service=wfs"),
    (f"{BASE}?request=GetCapabilities", f"{BASE}?request=GetCapabilities&SERVICE=WFS"),
    (f"{BASE}?service=WFS&request=GetFeature&typeNames=a:b&outputFormat=json&map=x",
     f"{BASE}?service=WFS&map=x&REQUEST=GetCapabilities"),
])  # fmt: skip
def test_what_chooses_the_service_is_kept(given: str, asked: str) -> None:
    """Parameters that choose the service stay to the letter; those of another call go; nothing is said twice."""
    assert capabilities_url(given, "WFS") == asked


def test_the_address_to_the_letter_is_the_second_try(fake_web: Any) -> None:
    """Where nothing answers to the standard's question, the address given may; any other fault is the service's own."""
    asked = f"{BASE}?REQUEST=GetCapabilities&SERVICE=WFS"
    web = fake_web({asked: (404, {}, b""), BASE: b"<WFS_Capabilities/>"})
    answer, capture = asyncio.run(ask(Asking(web), BASE, "WFS"))
    assert answer.body == b"<WFS_Capabilities/>" and capture == 1
    with pytest.raises(Unreadable) as caught:
        asyncio.run(ask(Asking(fake_web({asked: (400, {}, b""), BASE: b"<html>"})), BASE, "WFS"))
    assert caught.value.reason == "client-error"
