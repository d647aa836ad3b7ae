"""Load the compiled catalogue; a few milliseconds, once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from focus_validate.spec.model import Catalogue

CATALOGUE_FILE = Path(__file__).parent / "catalogue-1.4.json"


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of FOCUS 1.4: datasets, columns, rules, flags, currencies, units, JSON schemas."""
    return msgspec.json.decode(CATALOGUE_FILE.read_bytes(), type=Catalogue)
