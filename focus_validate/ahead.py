"""A database that opens while the rest of the program still loads.

Loading DuckDB and opening a database takes a quarter of the time that checking a small file takes, and most
of it needs no Python: a thread does it meanwhile.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


class _Opening(threading.Thread):
    """Opens a database; without one, the error shows when the next attempt meets it."""

    def __init__(self) -> None:
        super().__init__(name="opening", daemon=True)
        self.connection: duckdb.DuckDBPyConnection | None = None

    def run(self) -> None:
        from contextlib import suppress

        with suppress(Exception):
            self.connection = _connected()


_openings: list[_Opening] = []


def open_ahead() -> None:
    """Begin to open a database for the first ``opened``."""
    opening = _Opening()
    opening.start()
    _openings.append(opening)


def opened() -> duckdb.DuckDBPyConnection:
    """A new database in memory: the one that was opened ahead, else one that is opened now."""
    if _openings:
        opening = _openings.pop()
        opening.join()
        if opening.connection is not None:
            return opening.connection
    return _connected()


def _connected() -> duckdb.DuckDBPyConnection:
    from focus_validate.duck import duckdb

    return duckdb.connect(":memory:")
