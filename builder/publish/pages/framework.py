"""The framework's own page: its version, what changed and why, every question with its tests and weight."""

from __future__ import annotations

from collections.abc import Iterator

from builder.publish import words
from builder.publish.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """One page for the framework the site was judged with."""
    framework = site.framework
    yield Page(
        path=f"frameworks/{framework.id}/",
        frame="framework",
        slug=framework.id,
        title=framework.name,
        description=f"{framework.name}, version {framework.version}: every question, its tests and its weight.",
        template="framework.html",
        context={
            "framework": framework,
            "day": words.day,
            "count": words.count,
            "by_dataset": sum(one.topic is not None for one in framework.indicators),
            "by_people": sum(one.by_people for one in framework.indicators),
            "areas": [
                (
                    area,
                    [
                        (one, [(words.TEST_WORDS[test], rule.words) for test, rule in one.tests.items()])
                        for one in framework.of_area(area.id)
                    ],
                )
                for area in framework.areas
            ],
        },
    )
