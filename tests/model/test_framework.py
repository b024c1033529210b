"""A framework as people write it: a closed set of rules, tests that may ask other things of datasets, and one story."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from builder.model.framework import Ahead, AnyOf, Described, Framework, Rule, Secure, TestRule, Within

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
ANSWERS = {"rule": "answers"}


def plain(**changed: Any) -> dict[str, Any]:
    """The smallest framework that is right."""
    asked = {"words": "It is there.", "rules": [ANSWERS]}
    trees = {
        "id": "nature.trees", "question": "Trees?", "why": "Shade.", "good": "A list.", "kinds": ["ckan"],
        "tests": {"published": asked}, "weight": 1, "weight_why": "So.",
    }  # fmt: skip
    return {
        "id": "small", "version": "0.2", "name": "Small", "summary": "One question.",
        "areas": [{"id": "nature", "name": "Nature", "summary": "Trees."}], "indicators": [trees],
        "changes": [{"version": "0.2", "on": "2026-11-22", "what": "All.", "why": "First."}],
        **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ({"rule": "ahead", "measurement": "next_event", "days": 14}, Ahead),
        ({"rule": "described", "characters": 80}, Described),
        ({"rule": "secure"}, Secure),
        ({"rule": "within", "days": 30}, Within),
        ({"rule": "any_of", "rules": [ANSWERS, {"rule": "within", "days": 30}]}, AnyOf),
    ],
)
def test_a_rule_is_known_by_its_name(written: dict[str, Any], kind: type) -> None:
    """Each rule of the closed vocabulary is told by the word after `rule`."""
    assert isinstance(RULE.validate_python(written), kind)


@pytest.mark.parametrize(
    "written",
    [
        {"rule": "guess"},
        {"rule": "described", "characters": 0},
        {"rule": "within", "days": 0},
        {"rule": "secure", "measurement": "hsts"},
        {"rule": "any_of", "rules": [ANSWERS]},
        {"rule": "any_of", "rules": [ANSWERS, {"rule": "any_of", "rules": [ANSWERS, ANSWERS]}]},
    ],
)
def test_no_rule_is_made_up(written: dict[str, Any]) -> None:
    """An unknown rule or field is refused; one alternative is none, and alternatives hold no alternatives."""
    with pytest.raises(ValidationError):
        RULE.validate_python(written)


def test_rules_for_datasets_stand_in_only_where_they_are_written() -> None:
    """Without rules of their own, datasets are asked what sources are; an empty list asks them nothing."""
    shared = TestRule.model_validate({"words": "x", "rules": [ANSWERS]})
    assert shared.asked(of_dataset=True) == shared.asked(of_dataset=False) == shared.rules
    apart = TestRule.model_validate({"words": "x", "rules": [ANSWERS], "dataset_rules": []})
    assert apart.asked(of_dataset=True) == () and apart.asked(of_dataset=False) == apart.rules


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"version": "0.3"}, "begins with the newest version"),
        ({"areas": [{"id": "water", "name": "Water", "summary": "Wet."}]}, "area that is not listed: nature"),
        ({"indicators": plain()["indicators"] * 2}, "indicator named twice: nature.trees"),
    ],
)
def test_a_framework_is_whole(changed: dict[str, Any], words: str) -> None:
    """Its story begins with its own version, its questions belong to its areas, and nothing stands there twice."""
    assert Framework.model_validate(plain()).indicators[0].area == "nature"
    with pytest.raises(ValidationError, match=words):
        Framework.model_validate(plain(**changed))
