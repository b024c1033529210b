"""What people judged and what was measured on it: ``frameworks/topics/reviews.jsonl`` and ``measured.json``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import orjson
from pydantic import ValidationError

from builder.errors import Fault, FilesRefused, ResultsError
from builder.model.measured import Measured, Review
from builder.store import atomic, words
from builder.store.vocabulary import FOLDER

REVIEWS = "reviews.jsonl"
_MEASURED = "measured.json"
_PRETTY = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def load_measured(frameworks: Path) -> Measured | None:
    """Return the measurement of the vocabulary, None while there is none; raises ``ResultsError`` on a damaged file."""
    path = frameworks / FOLDER / _MEASURED
    try:
        return Measured.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ResultsError(f"{path}: is damaged: run 'cityproof measure' again") from error


def write_measured(frameworks: Path, measured: Measured) -> bool:
    """Write the measurement, one row a line; returns whether the file changed."""
    head = measured.model_dump(mode="json", exclude={"rows"})
    lines = [orjson.dumps(row.model_dump(mode="json")).decode() for row in measured.rows]
    text = orjson.dumps(head, option=orjson.OPT_SORT_KEYS).decode()[:-1]
    body = ",\n".join(lines)
    return atomic.write(frameworks / FOLDER / _MEASURED, f'{text},"rows":[\n{body}\n]}}\n'.encode())


def load_reviews(frameworks: Path) -> list[Review]:
    """Return every verdict in file order; raises ``FilesRefused`` with every line that cannot be read."""
    reviews, faults = read_reviews(frameworks / FOLDER / REVIEWS)
    if faults:
        raise FilesRefused(faults)
    return reviews


def read_reviews(path: Path, *, indicators: Collection[str] | None = None) -> tuple[list[Review], list[Fault]]:
    """Return every verdict that can be read, in file order, and every fault; a file that is not there has none.

    ``indicators`` are the ids that a verdict may be about (None: do not look).
    """
    name = words.file_name(path)
    found: list[Review] = []
    faults: list[Fault] = []
    judged: dict[tuple[str, str], int] = {}
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return [], []
    for number, line in enumerate(lines, 1):
        try:
            review = Review.model_validate_json(line)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                field = words.field(one["loc"]) if one["loc"] else "line"
                faults.append(Fault(name, number, 1, field, words.message(str(one["msg"]))))
            continue
        found.append(review)
        if indicators is not None and review.topic not in indicators:
            guess = words.did_you_mean(review.topic, indicators)
            text = f"no framework has an indicator '{review.topic}'{guess}"
            faults.append(Fault(name, number, _column(line, review.topic), "topic", words.message(text)))
        try:
            date.fromisoformat(review.on)
        except ValueError:
            text = f"found {words.quoted(review.on)}, which is not a day of the calendar"
            faults.append(Fault(name, number, _column(line, review.on), "on", words.message(text)))
        first = judged.setdefault((review.url, review.topic), number)
        if first != number:
            text = f"this dataset is judged on {review.topic} in line {first} already: keep one"
            faults.append(Fault(name, number, _column(line, review.url), "url", words.message(text)))
    return found, faults


def _column(line: bytes, value: str) -> int:
    """Where a value begins in a line of JSON, counted from 1; the line's beginning where it is written with escapes."""
    return line.decode("utf-8", "replace").find(f'"{value}"') + 1 or 1
