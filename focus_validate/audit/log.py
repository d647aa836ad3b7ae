"""Entries of the audit log and their hash.

The dbt package writes the log (its model ``focus_ai__audit_log``); what is said here is what its macro
``audit_entry_hash`` computes in the warehouse. Every value is the text that was hashed, so that a table, its
Parquet file and its CSV file are the same log.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

GENESIS = "0" * 64
"""``previous_hash`` of the first entry."""

_WHOLE = re.compile(r"([0-9]{1,18})(\.0+)?")


class Entry(NamedTuple):
    """One row of the log, as it stands: the text of each column, None for null."""

    sequence_number: str | None
    recorded_at: str | None
    action: str | None
    actor: str | None
    approved_by: str | None
    subject: str | None
    before: str | None
    after: str | None
    previous_hash: str | None
    entry_hash: str | None

    @property
    def number(self) -> int | None:
        """``sequence_number`` if it is a whole number; a carrier may have written it with decimals."""
        whole = _WHOLE.fullmatch(self.sequence_number or "")
        return int(whole[1]) if whole else None


COLUMNS = Entry._fields


def canonical_text(values: Iterable[str | None]) -> str:
    """Each value as ``length:value``, the length in code points; U+2400 for null."""
    return "".join("␀" if value is None else f"{len(value)}:{value}" for value in values)


def hash_of(entry: Entry, number: int) -> str:
    """``entry_hash`` that the entry must have if it is number ``number`` of the chain."""
    text = canonical_text((str(number), *entry[1:-1]))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
