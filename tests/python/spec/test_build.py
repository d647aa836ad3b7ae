"""A malformed YAML file is refused in one line that says where and what."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from focus_validate.spec.build import DATASETS, SOURCE, CatalogueError, build, encode

DATASET = """\
dataset: Demo
name: Demo
summary: A dataset.

rules:
- {id: DEM-D-001-M, keyword: MUST, function: Presence, check: {column_present: Colour}}
- {id: DEM-D-000-M, keyword: MUST, flags: [TAGGING_SUPPORTED], children: [DEM-D-001-M, DEM-C-000-M]}
"""
COLUMN = """\
column: Colour
summary: The colour.
data_type: String
value_format: Allowed Values
feature_level: Mandatory
allows_nulls: true
introduced: '1.4'
allowed_values: [Red, Green]

rules:
- {id: DEM-C-000-M, keyword: MUST, when: {not_null: Colour}, children: [DEM-C-001-M]}
- {id: DEM-C-001-M, keyword: MUST, function: Validation, check: {one_of: {column: Colour, values: allowed}}}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A catalogue of one dataset with one column, four times."""
    for name in ("flags.yaml", "units.yaml", "iso4217.txt"):
        shutil.copy(SOURCE / name, tmp_path)
    (tmp_path / "attributes").mkdir()
    for folder in DATASETS:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "_dataset.yaml").write_text(DATASET)
        (tmp_path / folder / "Colour.yaml").write_text(COLUMN)
    return tmp_path


def test_a_small_catalogue_is_linked(source: Path) -> None:
    catalogue = build(source)
    rules = {rule.id: rule for rule in catalogue.datasets[0].rules}
    leaf, presence = rules["DEM-C-001-M"], rules["DEM-D-001-M"]
    assert leaf.check == {"one_of": {"column": "Colour", "values": ["Red", "Green"]}}
    assert leaf.conditions == ({"not_null": "Colour"},)
    assert leaf.parents == ("DEM-C-000-M",)
    assert (leaf.flags, presence.flags) == ((), ("TAGGING_SUPPORTED",))
    assert (leaf.decision, leaf.level) == ("data", "fail")
    assert leaf.summary == "Colour is Red or Green."


@pytest.mark.slow
def test_both_yaml_parsers_read_the_same() -> None:
    """The C parser takes texts that the Python one refuses; the files must not lean on it."""
    for path in SOURCE.rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert yaml.safe_load(text) == yaml.load(text, Loader=yaml.CSafeLoader), path


def test_the_same_yaml_gives_the_same_bytes(source: Path) -> None:
    assert encode(build(source)) == encode(build(source))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("Colour", "allows_nulls", "allows_null", "billing_period/Colour.yaml: unknown key allows_null"),
        ("Colour", "function: Val", "funktion: Val", "DEM-C-001-M: unknown key funktion"),
        ("Colour", "{one_of:", "{oneof:", "DEM-C-001-M: unknown check oneof"),
        ("Colour", "values: allowed", "value: Red", "DEM-C-001-M: one_of has an unknown argument value"),
        ("Colour", "not_null: Colour", "not_null: Color", "DEM-C-000-M: unknown column Color"),
        (
            "Colour",
            "children: [DEM-C-001-M]",
            "children: [DEM-C-002-M]",
            "DEM-C-000-M: names DEM-C-002-M, which does not exist",
        ),
        ("Colour", "children: [DEM-C-001-M]", "children: [DEM-D-000-M]", "DEM-D-000-M: is its own parent"),
        ("Colour", "id: DEM-C-001-M", "id: DEM-C-000-M", "DEM-C-000-M: stands twice"),
        (
            "Colour",
            "check: {one_of: {column: Colour, values: allowed}}",
            "ruling: Later.",
            "DEM-C-001-M: a rule has either children, or a check, or a decision",
        ),
        (
            "Colour",
            "check: {one_of: {column: Colour, values: allowed}}",
            "decision: attest",
            "DEM-C-001-M: needs a summary",
        ),
        ("_dataset", "TAGGING_SUPPORTED", "TAGS", "DEM-D-000-M: unknown flag TAGS"),
        ("_dataset", "column_present: Colour", "column_present: Color", "DEM-D-001-M: unknown column Color"),
        (
            "_dataset",
            "{column_present: Colour}",
            "{special: {name: colour_wheel}}",
            "DEM-D-001-M: unknown special check colour_wheel",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(source: Path, file: str, old: str, new: str, message: str) -> None:
    path = source / "billing_period" / f"{file}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(CatalogueError) as caught:
        build(source)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
