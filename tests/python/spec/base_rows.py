"""For each dataset a row that breaks no rule."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

HERE = Path(__file__).parent
Row = dict[str, "str | None"]


def base_rows() -> dict[str, Row]:
    """By dataset; that of Cost and Usage is the first of the differences' conforming file."""
    with (HERE.parent / "differences" / "conforming.csv").open(encoding="utf-8", newline="") as stream:
        first = next(csv.DictReader(stream))
    rows: dict[str, Row] = yaml.safe_load((HERE / "base_rows.yaml").read_text("utf-8"))
    return {"CostAndUsage": {name: cell or None for name, cell in first.items()}, **rows}


def quoted(cell: object) -> str:
    """A CSV field: null is empty, all else stands in quotes."""
    return "" if cell is None else '"' + str(cell).replace('"', '""') + '"'
