"""How datasets are recognised: each topic's rule in words, and how often its nets were right, with the n behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.judge.gate import Gate
from builder.model.framework import Indicator
from builder.model.measured import POOLED, Measured, Row
from builder.model.topic import Topic
from builder.publish import words
from builder.publish.page import Page, Site


@dataclass(frozen=True, slots=True)
class Figures:
    """One row as it is read: the language in words, each figure with its n."""

    language: str
    right: str
    caught: str
    found: str
    counts: bool
    proves: bool


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic: its question, its rule, its figures in all languages together and in each."""

    id: str
    question: str
    counts: str
    not_counts: str
    pooled: Figures | None
    languages: tuple[Figures, ...]


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    questions = {one.topic: one for one in site.framework.indicators if one.topic}
    gate = Gate(site.measured)
    rows = [
        _row(topic, questions[topic.id], site.measured, gate)
        for topic in (site.vocabulary.topics if site.vocabulary else ())
        if topic.id in questions
    ]
    pooled = [row for row in (site.measured.rows if site.measured else ()) if row.language == POOLED]
    yield Page(
        path="method/topics/",
        frame="topics",
        title="How data sets are recognised",
        description="What counts as a data set about something, and how often our word lists were right.",
        template="topics.html",
        context={
            "topics": rows,
            "languages": len({language for topic in _topics(site) for language in topic.words}),
            "version": site.vocabulary.version if site.vocabulary else "",
            "sample": words.number(max((row.sample for row in pooled), default=0)),
            "right": _of(sum(row.right for row in pooled), sum(row.predicted for row in pooled)),
            "found": _of(sum(row.found for row in pooled), sum(row.positives for row in pooled)),
            "by_language": _by_language(site.measured),
        },
    )


def _topics(site: Site) -> Sequence[Topic]:
    return site.vocabulary.topics if site.vocabulary else ()


def _row(topic: Topic, asked: Indicator, measured: Measured | None, gate: Gate) -> TopicRow:
    rows = [row for row in (measured.rows if measured else ()) if row.topic == topic.id]
    # What a question's own kinds of source hold often lies outside of catalogues: no empty net proves it missing.
    figures = {row.language: _figures(row, gate, provable=not asked.kinds) for row in rows}
    pooled = figures.pop(POOLED, None)
    return TopicRow(topic.id, asked.question, topic.counts, topic.not_counts, pooled, tuple(figures.values()))


def _figures(row: Row, gate: Gate, *, provable: bool) -> Figures:
    single = row.language != POOLED
    return Figures(
        language=words.language(row.language) if single else "all",
        right=_of(row.right, row.predicted),
        caught=_of(row.caught, row.positives),
        found=_of(row.found, row.positives),
        counts=single and gate.presence(row.topic, [row.language]),
        proves=single and provable and gate.absence(row.topic, [row.language]),
    )


def _by_language(measured: Measured | None) -> list[tuple[str, str, str, str, str]]:
    """For each language over all topics: sample, precision, narrow and wide recall."""
    found: dict[str, list[Row]] = {}
    for row in measured.rows if measured else ():
        if row.language != POOLED:
            found.setdefault(row.language, []).append(row)

    def total(rows: Sequence[Row], part: str, whole: str) -> str:
        return _of(sum(getattr(row, part) for row in rows), sum(getattr(row, whole) for row in rows))

    ordered = sorted(found.items(), key=lambda pair: (-pair[1][0].sample, pair[0]))
    return [
        (
            words.language(language),
            words.number(rows[0].sample),
            total(rows, "right", "predicted"),
            total(rows, "caught", "positives"),
            total(rows, "found", "positives"),
        )
        for language, rows in ordered
    ]


def _of(part: int, whole: int) -> str:
    """A share with the n behind it, never broken across lines; rounded down, so that 95 % is never 94.6."""
    return f"{part * 100 // whole}\u00a0% of\u00a0{words.number(whole)}" if whole else "none yet"
