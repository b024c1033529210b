"""JSON Schemas: those committed are those that the nouns give today."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.model.kinds import KINDS
from builder.store import schemas


def test_committed_schemas_are_current(tmp_path: Path) -> None:
    """A schema in an editor or at a stranger's must not lag behind what the check accepts."""
    schemas.write(tmp_path)
    fresh = {path.name: path.read_bytes() for path in tmp_path.glob("*.json")}
    committed = {path.name: path.read_bytes() for path in schemas.FOLDER.glob("*.json")}
    behind = sorted(name for name in fresh.keys() | committed.keys() if fresh.get(name) != committed.get(name))
    assert not behind, (
        f"{', '.join(behind)} differ from what the nouns in builder/model give. Editors and other programs would check "
        "against the wrong shape. Run 'python -m builder.store.schemas' and commit what it writes."
    )
    assert fresh, "no schema was drawn"


@pytest.mark.parametrize("name", sorted(schemas.MODELS))
def test_a_schema_says_what_it_is(name: str) -> None:
    """Each names its dialect, a relative id that is its file's name, and refuses unknown fields."""
    drawn = json.loads((schemas.FOLDER / name).read_bytes())
    assert drawn["$schema"].endswith("2020-12/schema") and drawn["$id"] == name
    assert drawn["type"] == "object" and drawn["additionalProperties"] is False


def test_an_editor_can_offer_the_kinds() -> None:
    """The city schema lists every kind, so that an editor completes them."""
    assert schemas.schema("city.schema.json")["$defs"]["Source"]["properties"]["kind"]["enum"] == sorted(KINDS)


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    """The command that renews the schemas is quiet when they are current."""
    assert len(schemas.write(tmp_path)) == len(schemas.MODELS) and schemas.write(tmp_path) == []
