"""Labelling 100,000 dataset records beside one regular expression a topic, the usual way to look for words.

Run it as ``python benchmarks/topics.py [RECORDS]``. The same for both: the records (made of the vocabulary's own words,
half of them English and half in its other languages), the words, and one line of JSON in and out for each. Not the
same: the peer only says which topics' words stand in title and keywords; ours also folds accents and hyphens, reads the
description, weighs the roles of the words and uses every core.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
from measuring import cost, row

from builder.model.topic import Vocabulary
from builder.store.vocabulary import load_vocabulary
from builder.wiring_topics import classified

PROJECT = Path(__file__).parents[1]


def records(vocabulary: Vocabulary, count: int) -> Iterator[bytes]:
    """Records of a title, four keywords and a description of some thirty words, one in two about a topic."""
    chance = random.Random(7)  # the same number gives the same records
    written = [
        (language, [word.strip("*").replace("*", "") for role in words for word in role[1] if not word.startswith("$")])
        for topic in vocabulary.topics
        for language, words in topic.words.items()
    ]
    english = [one for one in written if one[0] == "en"]
    plain = {language: list(words) or ["data"] for language, words in vocabulary.shared.general.items()}
    for number in range(count):
        language, words = chance.choice(english if number % 4 < 2 else written)
        words = words or ["x"]
        other = plain.get(language, ["data"])
        title = [chance.choice(words)] if number % 2 else [chance.choice(other), "quux"]
        prose = [chance.choice(words) if chance.random() < 0.1 else chance.choice(other) for _ in range(30)]
        keywords = [chance.choice(words), *(chance.choice(other) for _ in range(3))]
        named = " ".join([*title, chance.choice(other), "2024"])
        told = {"title": named, "keywords": keywords, "description": " ".join(prose)}
        yield orjson.dumps({"id": number, "language": language, **told})


def ours(file: Path) -> None:
    """Label them as ``cityproof classify`` does."""
    with file.open("rb") as lines, open("/dev/null", "wb") as out:
        for batch in classified(
            PROJECT / "frameworks", ((f"{number}", line) for number, line in enumerate(lines)), PROJECT / ".cache"
        ):
            out.write(batch)


def theirs(file: Path) -> None:
    """Look for each topic's words with one expression."""
    topics = {
        topic.id: re.compile(
            "|".join(
                re.escape(word.strip("*"))
                for words in topic.words.values()
                for word in (*words.names, *words.alone, *words.things)
            ),
            re.IGNORECASE,
        )
        for topic in load_vocabulary(PROJECT / "frameworks", PROJECT / ".cache").topics
    }
    with file.open("rb") as lines, open("/dev/null", "wb") as out:
        for line in lines:
            record = orjson.loads(line)
            text = " ".join([record["title"], *record["keywords"]])
            found = [id for id, words in topics.items() if words.search(text)]
            out.write(orjson.dumps({"id": record["id"], "labels": found}) + b"\n")


def main() -> None:
    """Make the records and time both, each as a program of its own; or be one of them."""
    if len(sys.argv) == 3 and sys.argv[1] in ("ours", "theirs"):
        {"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sample = max(1, count // 50)  # the peer is slow: a part of the records is enough to know how slow
    made = list(records(load_vocabulary(PROJECT / "frameworks", PROJECT / ".cache"), count))
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "all.jsonl", Path(folder) / "some.jsonl"
        whole.write_bytes(b"\n".join(made) + b"\n")
        part.write_bytes(b"\n".join(made[:sample]) + b"\n")
        us = cost([sys.executable, __file__, "ours", whole])
        them = cost([sys.executable, __file__, "theirs", part])
    print(row(f"ours, {count:,} records", us))
    print(row(f"one expression a topic, {sample:,}", them))
    each = (us.wall / count) / (them.wall / sample)
    print(f"a record takes {each:.3f} times as long; {100_000 * us.wall / count:.1f} s for 100,000 (budget 10 s)")


if __name__ == "__main__":
    main()
