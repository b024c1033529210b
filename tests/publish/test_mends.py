"""Mends cut what no page of ours can use, and speak up when the theme has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.publish.mends import MENDS, mend


def test_every_rendered_page_is_mended(rendered: Path) -> None:
    """Each mend finds its place in each page of the installed theme: prose, frames and 404."""
    pages = sorted(rendered.rglob("*.html"))
    assert pages
    for path in pages:
        text = mend(path.read_text("utf-8"), path.name)
        assert "__drawer" not in text
        assert text.count('class="md-skip"') == 1


@pytest.mark.parametrize("one", MENDS, ids=lambda one: one.what)
def test_a_mend_that_no_longer_matches_is_named(one: object, rendered: Path) -> None:
    """Where the theme's line has gone, the build stops and says which mend and which page."""
    text = (rendered / "404.html").read_text("utf-8")
    gone = one.pattern.sub("", text)  # type: ignore[attr-defined]
    with pytest.raises(InputError, match=r"found 0 times in 404\.html") as caught:
        mend(gone, "404.html")
    assert one.what in str(caught.value)  # type: ignore[attr-defined]
