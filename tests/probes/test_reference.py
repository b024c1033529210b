"""The reference pages are the probes' own docstrings, so each docstring tells all that a reader needs."""

from __future__ import annotations

import re

import pytest

from builder.model.reasons import Reason
from builder.probes import discover
from builder.publish.pages.probes import HEADINGS, reference

PROBES = discover()


@pytest.mark.parametrize("kind", sorted(PROBES))
def test_a_docstring_has_the_five_headings(kind: str) -> None:
    """A stranger finds the same five parts for every kind, in the same order, and none of them empty."""
    caption, body = reference(PROBES[kind])
    before, *parts = re.split(r"^## (.*)$", body, flags=re.MULTILINE)
    assert tuple(parts[::2]) == HEADINGS, (
        f"builder/probes/{kind}.py: the docstring has the headings {parts[::2]}; it is this kind's page under "
        f"/method/probes/, where readers look for {HEADINGS}: write each as '## {HEADINGS[0]}' on a line of its own"
    )
    assert all(len(part.strip()) > 30 for part in parts[1::2]), f"builder/probes/{kind}.py: a part says nothing"
    assert caption.endswith(".") and not before.strip(), (
        f"builder/probes/{kind}.py: before the first heading stands one sentence that says what is read, and no more"
    )


@pytest.mark.parametrize("kind", sorted(PROBES))
def test_a_docstring_names_measurements_and_reasons(kind: str) -> None:
    """Names stand in backticks, so that a reader finds them in the data; reasons are those of the closed list."""
    parts = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", reference(PROBES[kind])[1], re.M | re.S))
    assert re.search(r"`[a-z][a-z0-9_]+`", parts[HEADINGS[1]]), f"builder/probes/{kind}.py: no measurement is named"
    named = set(re.findall(r"`([a-z-]+)`", parts[HEADINGS[2]]))
    assert named & {reason.value for reason in Reason}, f"builder/probes/{kind}.py: no reason of the closed list"
