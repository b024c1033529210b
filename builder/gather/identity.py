"""Who we say we are: the one User-Agent, whose page explains the program and how to opt out."""

from __future__ import annotations

from builder import __version__

PRODUCT = "Cityproof"
USER_AGENT = f"{PRODUCT}/{__version__} (+https://cityproof.github.io/cityproof/contribute/robots/)"
