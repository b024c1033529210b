"""The sitemap names every page by its full address, and a day only where facts have one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring

from builder.publish.sitemap import sitemap

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize("base", ["https://city.example/", "https://city.example/x/y/"])
def test_addresses_are_whole_and_days_are_those_of_facts(base: str) -> None:
    """Sorted, under whatever address the site has; a page without facts has no day."""
    read = datetime(2026, 5, 3, 4, 5, tzinfo=UTC)
    made = sitemap(base, ["cities/fr-paris/", "", "a&b/ü/"], {"cities/fr-paris/": read})
    urls = fromstring(made).findall("s:url", SPACE)
    assert [url.findtext("s:loc", None, SPACE) for url in urls] == [
        base,
        f"{base}a%26b/%C3%BC/",
        f"{base}cities/fr-paris/",
    ]
    assert [url.findtext("s:lastmod", None, SPACE) for url in urls] == [None, None, "2026-05-03"]
