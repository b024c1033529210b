"""The colours can be read by everybody, in both palettes, with and without scripts."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

STATES = ("present", "partial", "missing", "unknown", "not_applicable", "seen")


@pytest.fixture(scope="module")
def blocks(root: Path) -> list[dict[str, str]]:
    """The three blocks of colours in site.css: light, dark by choice, dark by the system."""
    css = (root / "site_src" / "assets" / "site.css").read_text("utf-8")
    found = re.findall(r"\{\s*color-scheme: (?:light|dark);(.*?)\}", css, re.DOTALL)
    assert len(found) == 3
    return [dict(re.findall(r"(--cp-[\w-]+):\s*([^;]+);", block)) for block in found]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_both_dark_blocks_are_the_same(blocks: list[dict[str, str]]) -> None:
    """Dark by choice and dark by the system without scripts look alike; light names the same colours."""
    light, chosen, by_system = blocks
    assert chosen == by_system
    assert light.keys() == chosen.keys()


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
def test_text_has_contrast(blocks: list[dict[str, str]], palette: int) -> None:
    """Every text colour has 4.5:1 on every ground it may stand on, the hatching's lines included."""
    colours = blocks[palette]
    grounds = ("--cp-ground", "--cp-surface", "--cp-sunken")
    pairs = list(product(("--cp-text", "--cp-muted", "--cp-link"), grounds))
    pairs += [(f"--cp-{state}", ground) for state in STATES for ground in (f"--cp-{state}-bg", *grounds[:2])]
    pairs += [("--cp-on-brand", "--cp-brand"), ("--cp-seen", "--cp-seen-line"), ("--cp-text", "--cp-seen-line")]
    weak = {pair: round(contrast(*(colours[one] for one in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
def test_edges_and_focus_can_be_seen(blocks: list[dict[str, str]], palette: int) -> None:
    """The edge of a form field and the focus ring have 3:1 on the grounds around them."""
    colours = blocks[palette]
    for edge, ground in product(("--cp-line-strong", "--cp-focus"), ("--cp-ground", "--cp-surface", "--cp-sunken")):
        assert contrast(colours[edge], colours[ground]) >= 3, (edge, ground)
