"""Audit logs as the package writes them, built independently of the code that verifies them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from focus_validate.audit.log import Entry

ZEROS = "0" * 64


def sealed(number: int, previous_hash: str, *content: str | None) -> Entry:
    """An entry with the hash that it must have at a place; content: recorded_at to after."""
    values = [str(number), *content, previous_hash]
    text = "".join("␀" if value is None else str(len(value)) + ":" + value for value in values)
    return Entry(str(number), *content, previous_hash, hashlib.sha256(text.encode()).hexdigest())  # type: ignore[arg-type]


def log_of(contents: Iterable[tuple[str | None, ...]]) -> list[Entry]:
    """The chain of contents, in order."""
    entries: list[Entry] = []
    for number, content in enumerate(contents, start=1):
        entries.append(sealed(number, entries[-1].entry_hash if entries else ZEROS, *content))  # type: ignore[arg-type]
    return entries


def content(number: int) -> tuple[str | None, ...]:
    """What entry ``number`` of a plausible log tells."""
    after = json.dumps({"amount": f"{number}.500000000000", "note": 'naïve 😀, "quoted"\n'}, sort_keys=True)
    action, approver = ("approval", "Bo") if number % 2 else ("price_change", None)
    return (
        f"2026-10-{number:02}T08:00:00Z",
        action,
        "Ada, O'Neil",
        approver,
        f"request-{number}",
        None,
        after,
    )


def plausible(length: int = 7) -> list[Entry]:
    """A log of some entries."""
    return log_of(content(number) for number in range(1, length + 1))
