"""A source: a public thing with an address; its kind names the protocol (DCAT Catalog, DataService, Distribution)."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Tier = Literal["city", "metropolitan", "regional", "national"]
TIERS: tuple[Tier, ...] = ("city", "metropolitan", "regional", "national")


class Found(BaseModel):
    """Where a source was found: the row of a public registry, a link pinned to a commit, and the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    registry: str
    row: str | None = None
    link: str
    on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="ISO date of the registry's snapshot")


class Source(BaseModel):
    """One public source of a city, as a person wrote it down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$", description="unique within the city; part of its address")
    kind: str
    url: str
    publisher: str
    tier: Tier
    found: Found | None = None
    filter: str | None = None
    marker: str | None = None
    same_as: str | None = None
    licence_from: str | None = None
    # Only names that say they hold an API's key: a city file must not be able to send a runner's other secrets away.
    key_env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*_(API|APP)_KEY$")
    near_km: float | None = Field(default=None, gt=0, le=200)
    note: str | None = None

    @property
    def key(self) -> str:
        """Names the reading, which cities may share: see ``source_key``."""
        return source_key(self.kind, self.url, self.filter)


def source_key(kind: str, url: str, filter: str | None) -> str:
    """Name one (kind, url, filter): readable, safe as a file name, and distinct by eight digits of its hash.

    >>> source_key("socrata", "https://data.example.org/", None)
    'socrata-data-example-org-043a9224'
    """
    digest = hashlib.sha256("\n".join((kind, url, filter or "")).encode()).hexdigest()[:8]
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://", "", url.lower())).strip("-")[:60].rstrip("-")
    return f"{kind}-{words}-{digest}"
