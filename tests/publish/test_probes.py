"""The reference of probes: a page for every kind of the closed list, made from the docstring that the code carries."""

from __future__ import annotations

import pytest

from builder.model.kinds import KINDS
from builder.probes import discover
from builder.publish.markdown import render
from builder.publish.pages.probes import FAMILIES, HEADINGS, reference
from tests.publish import cards
from tests.publish.reading import Element, read, rendered

HOSTILE = """
## A & b

<script>1</script> ![x](https://evil.example/p.png) [y](javascript:1)

|a|
|-|
|1|

```
code
```
"""


@pytest.fixture(scope="module")
def pages() -> dict[str, Element]:
    """All pages of Exampleton's site that tell of probes."""
    return {path: read(html) for path, html in rendered(cards.site()).items() if path.startswith("method/probes/")}


def test_every_kind_has_its_page(pages: dict[str, Element]) -> None:
    """Those we cannot read too: a gap is told, and so is how to close it."""
    assert set(pages) == {"method/probes/", *(f"method/probes/{kind}/" for kind in KINDS)}
    assert set(FAMILIES) == {kind.family for kind in KINDS.values()}
    links = {link.attributes["href"] for link in pages["method/probes/"].all("a")}
    assert {f"../../method/probes/{kind}/" for kind in KINDS} <= links
    for kind in set(KINDS) - set(discover()):
        text = pages[f"method/probes/{kind}/"].text
        assert "We cannot read this yet." in text and "Add a kind of source in one file and one test" in text


@pytest.mark.parametrize("kind", sorted(discover()))
def test_a_page_shows_what_the_docstring_says(pages: dict[str, Element], kind: str) -> None:
    """Five headings that can be linked to, the caption, and nothing left of the Markdown."""
    page = pages[f"method/probes/{kind}/"]
    caption, _ = reference(discover()[kind])
    assert [one.text for one in page.all("h2")] == list(HEADINGS)
    assert page.all("h2")[0].attributes["id"] == "what-it-asks"
    assert page.all("p", "cp-lede")[0].text == caption
    assert "**" not in page.text and "## " not in page.text


def test_known_sources_are_counted_once(pages: dict[str, Element]) -> None:
    """A kind's row says how many different sources of it the city files name."""
    rows = {
        row.all("code")[0].text: row.all("td")[-1].text
        for row in pages["method/probes/"].all("tr")[1:]
        if row.all("code")
    }
    named = {source.source.key: source.source.kind for source in cards.full().sources}
    assert {kind: int(n) for kind, n in rows.items()} == {
        kind: list(named.values()).count(kind) for kind in KINDS
    }  # fmt: skip


def test_markdown_of_ours_is_safe_and_reachable() -> None:
    """No HTML passes, no picture is fetched from elsewhere, no link runs a script; tables scroll by the keyboard."""
    shown = str(render(HOSTILE))
    assert '<h2 id="a-b">' in shown and "<script>" not in shown and "<img" not in shown
    assert 'href="javascript' not in shown
    assert shown.count('tabindex="0"') == 2 and shown.count("</table></div>") == 1
