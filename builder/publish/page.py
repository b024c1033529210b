"""A page before it is rendered, and the site it is made from: what the rooms of ``pages/`` receive and hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from builder.model.framework import Framework
from builder.model.measured import Measured
from builder.model.scorecard import Scorecard
from builder.model.standard import Standard
from builder.model.topic import Vocabulary
from builder.publish.listed import Listing
from builder.publish.peers import Peers


@dataclass(frozen=True, slots=True)
class Registry:
    """One public registry that sources were found in: its name, home and licence as it states it."""

    name: str
    link: str
    licence: str


@dataclass(frozen=True, slots=True)
class Site:
    """All that the pages may draw on: every scorecard by city id in order, the framework, the moment, the credits.

    ``listed`` holds, by city and source, what the registries still say of the rows where sources were found.
    ``peers`` holds by city who stands beside it; it stays whole where ``cards`` are only those to be drawn.
    ``vocabulary`` and ``measured`` are the words by which datasets are recognised and how right they are;
    ``standards`` those that figures stand beside.
    """

    cards: Mapping[str, Scorecard]
    framework: Framework
    now: datetime
    repository: str
    registries: tuple[Registry, ...] = ()
    listed: Mapping[str, Mapping[str, Listing]] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None
    measured: Measured | None = None
    standards: tuple[Standard, ...] = ()
    peers: Mapping[str, Peers] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be: its path from the site's root (ends in a slash, or empty for home), its frame and its content.

    ``title`` and ``description`` are plain text; ``context`` is what ``template`` shows.
    """

    path: str
    frame: str
    title: str
    description: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    slug: str = ""

    @property
    def root(self) -> str:
        """The relative way from this page to the site's root, such as ``../../``."""
        return "../" * self.path.count("/")
