"""Load the compiled catalogue; a few milliseconds, once a process.

Verdicts are worth what the rules are worth: a catalogue that is not the one that was released is not used.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from focus_validate.errors import InstallationError
from focus_validate.spec.checksum import CATALOGUE_SHA256
from focus_validate.spec.model import Catalogue

CATALOGUE_FILE = Path(__file__).parent / "catalogue-1.4.json"
_REMEDY = (
    "install focus-validate again, or run `python -m focus_validate.spec.build` if you changed its rules"
)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of FOCUS 1.4: datasets, columns, rules, flags, currencies, units, JSON schemas.

    Raises InstallationError when the file is missing or is not the one that was released.
    """
    try:
        text = CATALOGUE_FILE.read_bytes()
    except OSError as error:
        raise InstallationError(
            f"the rule catalogue {CATALOGUE_FILE} cannot be read ({error.strerror}); {_REMEDY}"
        ) from None
    if not is_released(text):
        raise InstallationError(
            f"the rule catalogue {CATALOGUE_FILE} was changed: its SHA-256 is not the released one; {_REMEDY}"
        )
    return msgspec.json.decode(text, type=Catalogue)


def is_released(text: bytes) -> bool:
    """Whether ``text`` is the catalogue that belongs to this code."""
    return hashlib.sha256(text).hexdigest() == CATALOGUE_SHA256
