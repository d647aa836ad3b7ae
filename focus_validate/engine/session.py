"""One DuckDB connection per run: bounded, offline, and unable to touch any file but the input."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence, Set
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from focus_validate.engine.readers.table import literal
from focus_validate.errors import InputError
from focus_validate.options import Options
from focus_validate.temporary import temporary_folder

if TYPE_CHECKING:
    import duckdb

    from focus_validate.engine.readers.table import Table

MEMORY_LIMIT = "500MB"
MAX_THREADS = 8

_HARMFUL = {
    "in_clause",  # as a MARK join a long IN list loses the order of rows
    "distinct_aggregate_rewrite",  # keeps a copy of every column of every row to count distinct rows
    "grouping_sets",  # keeps such a copy to read it once for each set
    "late_materialization",  # reads the first rows twice and sorts them
    "projection_pullup",  # computes what many predicates share once for each of them
    "projection_placement",
}
"""Optimizers of the engine that cost the queries here more than they save, or do harm."""


class Session:
    """A context manager around the connection; ``table`` is set once the input is open.

    Settings are made, then external access is taken away, then the configuration is locked: no query can undo
    it, whatever a file holds. What does not fit in memory is spilled to a folder that is removed afterwards.
    """

    def __init__(self, options: Options) -> None:
        from focus_validate.engine.duck import duckdb

        self.table: Table | None = None
        self._options = options
        self._folder = temporary_folder(options.temp_directory)
        self.folder = Path(self._folder.name)
        self.connection = duckdb.connect(":memory:")

    def lock(self, paths: Sequence[Path]) -> None:
        """Make the settings, allow ``paths`` and nothing else to be read, and allow no further setting."""
        from focus_validate.engine.duck import duckdb

        try:
            known = {row[0] for row in self.connection.execute("from duckdb_optimizers()").fetchall()}
            for setting in _settings(self._options, paths, self.folder, known):
                self.connection.execute(f"set {setting}")
        except duckdb.Error as error:
            raise InputError(f"the engine cannot be set up: {str(error).splitlines()[0]}") from None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.close()
        self._folder.cleanup()

    def interrupt(self) -> None:
        """Stop the running query, from another thread; no query running is no error."""
        from focus_validate.engine.duck import duckdb

        with contextlib.suppress(duckdb.Error):
            self.connection.interrupt()

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement; errors that stem from the input or the limits become InputError."""
        from focus_validate.engine.duck import duckdb

        try:
            return self.connection.execute(sql, parameters)
        except duckdb.Error as error:
            self._explain(error)
            raise

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        found = self.execute(sql).fetchone()
        assert found is not None
        return found

    def _explain(self, error: duckdb.Error) -> None:
        from focus_validate.engine.duck import duckdb

        if isinstance(error, duckdb.OutOfMemoryException):
            limit = self._options.memory_limit or MEMORY_LIMIT
            raise InputError(
                f"{limit} of memory are too little for this input; raise --memory-limit or lower --threads"
            ) from None
        if isinstance(error, duckdb.InterruptException) and self.table is not None:
            self.table.finish()
            raise KeyboardInterrupt from None
        about_input = (
            duckdb.InvalidInputException,
            duckdb.IOException,
            duckdb.ConversionException,
            duckdb.FatalException,
        )
        damaged_parquet = type(error) is duckdb.Error
        if (isinstance(error, about_input) or damaged_parquet) and self.table is not None:
            self.table.explain(str(error))


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _settings(options: Options, paths: Sequence[Path], spill: Path, known: Set[str]) -> list[str]:
    """The settings of a session; ``known`` are the names of the optimizers that the engine has."""
    threads = options.threads or min(_processors(), MAX_THREADS)
    allowed = ", ".join(literal(str(path)) for path in paths)
    return [
        f"memory_limit = {literal(options.memory_limit or MEMORY_LIMIT)}",
        f"threads = {int(threads)}",
        f"temp_directory = {literal(str(spill))}",
        "timezone = 'UTC'",
        "preserve_insertion_order = true",
        f"disabled_optimizers = {literal(','.join(sorted(_HARMFUL & known)))}",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "python_enable_replacements = false",
        "enable_progress_bar = false",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ]
