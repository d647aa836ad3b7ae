"""One DuckDB connection per run: bounded, offline, and unable to touch any file but the input."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from focus_validate.ahead import opened
from focus_validate.engine.readers.table import literal
from focus_validate.errors import InputError, MemoryLimitError
from focus_validate.options import Options
from focus_validate.temporary import temporary_folder
from focus_validate.text import first_line

if TYPE_CHECKING:
    import duckdb

    from focus_validate.engine.readers.table import Table

MEMORY_LIMIT = "640MB"
MAX_THREADS = 8
MOST_WAYS = 4
_AGAIN = 0.02
"""Seconds between attempts to stop queries."""

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
        self.table: Table | None = None
        self._options = options
        self._folder = temporary_folder(options.temp_directory)
        self.folder = Path(self._folder.name)
        self.threads = options.threads or min(_processors(), MAX_THREADS)
        self.connection = opened()
        self._own = threading.local()
        self._cursors = {self.connection}
        self._stopped = False
        self._attached = False

    def lock(self, paths: Sequence[Path]) -> None:
        """Make the settings, allow ``paths`` and nothing else to be read, and allow no further setting."""
        from focus_validate.duck import duckdb

        try:
            known = {row[0] for row in self.connection.execute("from duckdb_optimizers()").fetchall()}
            for setting in _settings(self._options, self.threads, paths, self.folder, known):
                self.connection.execute(f"set {setting}")
        except duckdb.Error as error:
            raise InputError(f"the engine cannot be set up: {first_line(error)}") from None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and remove what was spilled; memory is freed while the caller goes on.

        It has to wait where an open file matters to others: a database, a spilled one, any on Windows.
        """
        self._stopped = True
        self.interrupt()
        if self._attached or any(self.folder.glob("*")) or os.name == "nt":
            self.connection.close()
        else:
            threading.Thread(target=self.connection.close, name="closing").start()
        self._folder.cleanup()

    def attach(self, file: Path, name: str) -> None:
        """Make a database file known under ``name``, to read it; it is let go when the session is closed."""
        self._attached = True
        self.connection.execute(f"attach {literal(str(file))} as {name} (read_only)")

    def interrupt(self) -> None:
        """Stop the running queries, from another thread; no query running is no error."""
        from focus_validate.duck import duckdb

        for cursor in list(self._cursors):
            with contextlib.suppress(duckdb.Error):
                cursor.interrupt()

    @property
    def ways(self) -> int:
        """How many queries should read the table side by side: planning them takes as long as reading."""
        return min(self.threads, MOST_WAYS) if self.table is not None and self.table.columnar else 1

    def together(self, *works: Callable[[], Any]) -> list[Any]:
        """The results of ``works``, done side by side where that is worth it.

        The first error stops them all and is raised.
        """
        if self.ways == 1 or len(works) < 2:
            return [work() for work in works]
        results: dict[int, Any] = {}
        errors: list[BaseException] = []
        todo = iter(enumerate(works))
        cursors = [self._cursor, *(self.cursor() for _ in works[1 : self.ways])]
        busy = set(cursors)

        def run(cursor: duckdb.DuckDBPyConnection) -> None:
            self._own.cursor = cursor
            try:
                for number, work in todo:
                    results[number] = work()
            except BaseException as error:
                errors.append(error)
                self._stopped = True
            busy.discard(cursor)
            while errors and busy:  # again and again: a query that is about to begin is not interrupted
                self.interrupt()
                time.sleep(_AGAIN)

        self._cursors.update(cursors)
        threads = [threading.Thread(target=run, args=(cursor,), name="query") for cursor in cursors[1:]]
        for thread in threads:
            thread.start()
        run(cursors[0])
        for thread in threads:
            thread.join()
        self._cursors.difference_update(cursors[1:])
        if errors:  # a work that works together itself may report its error after those that it stopped
            raise next((error for error in errors if not isinstance(error, KeyboardInterrupt)), errors[0])
        return [results[number] for number in range(len(works))]

    @property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """What this thread's queries run on."""
        found: duckdb.DuckDBPyConnection = getattr(self._own, "cursor", self.connection)
        return found

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for a result that is read while other queries run."""
        return self._cursor.cursor()

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Run one statement; errors that stem from the input or the limits become InputError."""
        from focus_validate.duck import duckdb

        try:
            if self._stopped:
                raise duckdb.InterruptException
            return self._cursor.execute(sql, parameters)
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
        from focus_validate.duck import duckdb

        if isinstance(error, duckdb.OutOfMemoryException):
            limit = self._options.memory_limit or MEMORY_LIMIT
            raise MemoryLimitError(
                f"{limit} of memory are too little for this input; raise --memory-limit"
                + (" or lower --threads" if self.threads > 1 else "")
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


def _settings(
    options: Options, threads: int, paths: Sequence[Path], spill: Path, known: Set[str]
) -> list[str]:
    """The settings of a session; ``known`` are the names of the optimizers that the engine has."""
    allowed = ", ".join(literal(str(path)) for path in paths)
    return [
        f"memory_limit = {literal(options.memory_limit or MEMORY_LIMIT)}",
        f"threads = {threads}",
        f"temp_directory = {literal(str(spill))}",
        "global timezone = 'UTC'",  # cursors too
        "preserve_insertion_order = true",
        f"disabled_optimizers = {literal(','.join(sorted(_HARMFUL & known)))}",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "global python_enable_replacements = false",
        "enable_progress_bar = false",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ]
