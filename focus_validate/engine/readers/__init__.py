"""Readers: from what a user names to a table that queries can read, or one clear error."""

from focus_validate.engine.readers.source import open_source
from focus_validate.engine.readers.table import Field, Kind, Table

__all__ = ["Field", "Kind", "Table", "open_source"]
