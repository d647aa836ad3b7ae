"""DuckDB without the relation API of its Python package.

``import duckdb`` loads that API besides the engine: more time than many a small file takes to check. The
package's extension module has what is needed here, connections and errors, and they are the same objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
else:
    try:
        import _duckdb as duckdb
    except ImportError:  # a release that packs it in another way
        import duckdb

__all__ = ["duckdb", "held_elsewhere"]

_HELD = ("set lock on file", "being used by another process")


def held_elsewhere(message: str) -> bool:
    """Whether a database file cannot be opened because another process has it open to write."""
    return any(words in message for words in _HELD)
