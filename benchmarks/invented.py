"""Invented cities in any number: copies of the committed cities that have facts, under new names and addresses.

The same number gives the same files. No host in them exists: each address gets the ending ``.example``.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import orjson
import yaml

from builder.model.source import source_key

_HOST = re.compile(r"^(    (?:url|same_as|licence_from): https?://)([^/:\s]+)", re.MULTILINE)


def invent(project: Path, folder: Path, number: int) -> None:
    """Write a project of its own into ``folder``: our prose, and ``number`` cities with their results in ``data/``.

    Raises ``ValueError`` where ``project`` holds no city with facts.
    """
    for name in ("data/cities", "data/results/runs"):
        (folder / name).mkdir(parents=True)
    shutil.copy(project / "mkdocs.yml", folder)
    shutil.copytree(project / "site_src", folder / "site_src")
    shutil.copytree(project / "frameworks", folder / "data/frameworks")
    ledger = [orjson.loads(line) for path in sorted((project / "results/runs").glob("*.jsonl"))
              for line in path.read_bytes().splitlines()]  # fmt: skip
    models = [
        (city.read_text("utf-8"), facts.read_text("utf-8"))
        for facts in sorted((project / "results").glob("[!.]*-*.json"))
        if (city := project / "cities" / f"{facts.stem}.yml").exists()
    ]
    if not models:
        raise ValueError(f"{project / 'results'} holds no facts of any city")
    chance, lines = random.Random(number), []
    for count in range(number):
        city, facts = chance.choice(models)
        old = yaml.load(city, yaml.CSafeLoader)
        id = f"{(old['subdivision'] or old['country']).lower()}-invented-{count:05}"
        city = city.replace(f"\nid: {old['id']}\n", f"\nid: {id}\n").replace(
            f"\n  en: {old['names']['en']}\n", f"\n  en: Invented {count:05}\n"
        )
        facts = facts.replace(f'"{old["id"]}"', f'"{id}"')
        for host in sorted({found[1] for found in _HOST.findall(city)}):
            new = f"c{count:05}.{host}.example"
            city, facts = city.replace(f"://{host}", f"://{new}"), facts.replace(f"://{host}", f"://{new}")
        city = re.sub(r"\n  value: \d+\n", f"\n  value: {chance.randrange(20_000, 5_000_000)}\n", city)
        (folder / "data/cities" / f"{id}.yml").write_text(city, "utf-8")
        (folder / "data/results" / f"{id}.json").write_text(facts, "utf-8")
        keys = {
            source_key(was["kind"], was["url"], was.get("filter")): source_key(
                now["kind"], now["url"], now.get("filter")
            )
            for was, now in zip(old["sources"], yaml.load(city, yaml.CSafeLoader)["sources"], strict=True)
        }
        lines += [{**line, "source": keys[line["source"]]} for line in ledger if line["source"] in keys]
    lines.sort(key=lambda line: (line["run"], line["source"], line["at"]))
    content = b"".join(orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE) for line in lines)
    (folder / "data/results/runs/2026-11.jsonl").write_bytes(content)
