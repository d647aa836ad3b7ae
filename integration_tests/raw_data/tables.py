"""A raw table: where it lands, its columns in the source's own names, its rows as text (None is null)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

Row = Sequence[str | None]


class Table(NamedTuple):
    """One raw table of a source."""

    source: str
    name: str
    columns: str  # names with a space between
    rows: Iterable[Row]


class Writer:
    """Writes tables as `<folder>/<source>/<table>.csv`; rows of a table from several replicas follow on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[tuple[str, str], tuple] = {}
        self.counts: dict[tuple[str, str], int] = {}

    def write(self, table: Table) -> None:
        """Append a table's rows; an empty field is null."""
        key = (table.source, table.name)
        if key not in self._files:
            path = self._folder / table.source / f"{table.name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w", newline="", encoding="utf-8")
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns.split())
            self._files[key] = (file, writer)
            self.counts[key] = 0
        writer, width = self._files[key][1], len(table.columns.split())
        for row in table.rows:
            if len(row) != width:
                raise ValueError(f"{table.source}.{table.name}: {len(row)} values for {width} columns")
            writer.writerow(row)
            self.counts[key] += 1

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        for file, _writer in self._files.values():
            file.close()
