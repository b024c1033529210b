"""JSON Schemas of the files that people and machines write, drawn from the nouns (``python -m builder.store.schemas``).

They are committed in ``schemas/`` so that editors and other programs can check a file without our code.
A schema knows the shape of one file only; ``cityproof check`` also knows the world around it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from builder.model.catalogue import Dataset
from builder.model.city import City
from builder.model.framework import Framework
from builder.model.kinds import KINDS
from builder.model.observation import CityFacts, LedgerLine
from builder.model.registry import Registries
from builder.model.standard import Standard
from builder.store import atomic

FOLDER = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[BaseModel]] = {
    "city.schema.json": City,
    "framework.schema.json": Framework,
    "standard.schema.json": Standard,
    "city-facts.schema.json": CityFacts,
    "dataset.schema.json": Dataset,
    "ledger-line.schema.json": LedgerLine,
    "registries.schema.json": Registries,
}

# Deep enough that each field of each noun has its line, and no file grows long.
_UNFOLDED = 4


def schema(name: str) -> dict[str, Any]:
    """Return one schema by its file's name, which is also its relative ``$id``."""
    drawn = MODELS[name].model_json_schema()
    source = drawn.get("$defs", {}).get("Source")
    if source is not None:
        # The nouns hold the kinds as a table; an editor wants them offered.
        source["properties"]["kind"]["enum"] = sorted(KINDS)
    return {"$schema": DIALECT, "$id": name, **drawn}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every schema below ``folder`` and return those that changed."""
    drawn = {folder / name: f"{_laid_out(schema(name))}\n".encode() for name in MODELS}
    return [path for path, content in drawn.items() if atomic.write(path, content)]


def _laid_out(value: Any, depth: int = 0) -> str:
    """Return JSON with a line for each member down to a few levels, and everything deeper in one line."""
    if not isinstance(value, dict) or not value or depth == _UNFOLDED:
        return orjson.dumps(value).decode()
    margin = "  " * (depth + 1)
    members = ",\n".join(
        f"{margin}{orjson.dumps(name).decode()}: {_laid_out(inner, depth + 1)}" for name, inner in value.items()
    )
    return "{\n" + members + "\n" + "  " * depth + "}"


if __name__ == "__main__":
    for changed in write():
        print(f"written: {changed.relative_to(FOLDER)}")
