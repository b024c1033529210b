"""What people judged and what was measured on it: ``frameworks/topics/reviews.jsonl`` and ``measured.json``."""

from __future__ import annotations

from pathlib import Path

import orjson
from pydantic import ValidationError

from builder.errors import Fault, FilesRefused, ResultsError
from builder.model.measured import Measured, Review
from builder.store import atomic, words
from builder.store.vocabulary import FOLDER

_REVIEWS = "reviews.jsonl"
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
    path = frameworks / FOLDER / _REVIEWS
    found: list[Review] = []
    faults: list[Fault] = []
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Review.model_validate_json(line))
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                field = ".".join(map(str, one["loc"])) or "line"
                faults.append(Fault(words.file_name(path), number, 1, field, str(one["msg"])))
    judged: dict[tuple[str, str], int] = {}
    for number, review in enumerate(found, 1):
        first = judged.setdefault((review.url, review.topic), number)
        if first != number and not faults:
            text = f"this dataset is judged on {review.topic} in line {first} already: keep one"
            faults.append(Fault(words.file_name(path), number, 1, "url", text))
    if faults:
        raise FilesRefused(faults)
    return found
