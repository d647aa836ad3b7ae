"""The FOCUS models' column definitions against the rule catalogue: names, order, types."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from focus_validate.spec.loader import load_catalogue

from .project import REPOSITORY

MODELS = sorted((REPOSITORY / "models" / "focus").glob("focus_ai__*.yml"))
TYPES = {
    "String": {"string"},
    "JSON": {"string"},
    "Date/Time": {"timestamp"},
    "Decimal": {"decimal(38,12)", "decimal(38,6)"},
}
CUSTOM = re.compile(r"x_(?:[A-Z][a-z0-9]+)+")


def columns(path: Any) -> list[dict[str, Any]]:
    (model,) = yaml.safe_load(path.read_text())["models"]
    assert model["config"]["contract"] == {"enforced": True}
    return list(model["columns"])


def dataset_name(path: Any) -> str:
    return "".join(word.capitalize() for word in path.stem.removeprefix("focus_ai__").split("_"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_focus_columns_are_those_of_the_specification_in_alphabetical_order(path: Any) -> None:
    (dataset,) = (d for d in load_catalogue().datasets if d.id == dataset_name(path))
    names = [column["name"] for column in columns(path)]
    defined = [name for name in names if not name.startswith("x_")]
    assert defined == sorted(column.name for column in dataset.columns)
    assert names[: len(defined)] == defined, "our own columns stand last"


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_types_are_those_of_the_specification(path: Any) -> None:
    (dataset,) = (d for d in load_catalogue().datasets if d.id == dataset_name(path))
    types = {column["name"]: column["data_type"] for column in columns(path)}
    wrong = {c.name: types[c.name] for c in dataset.columns if types[c.name] not in TYPES[c.data_type]}
    assert wrong == {}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_own_columns_are_named_as_custom_columns_must_be(path: Any) -> None:
    own = [column["name"] for column in columns(path) if column["name"].startswith("x_")]
    assert own == sorted(own)
    assert [name for name in own if not CUSTOM.fullmatch(name) or len(name) > 50] == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_column_is_quoted_and_described(path: Any) -> None:
    assert [c["name"] for c in columns(path) if not c.get("quote") or not c.get("description")] == []
