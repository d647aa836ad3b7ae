"""Temporary folders: for what does not fit in memory and for files that are written anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

from focus_validate.errors import InputError


def _nobody(path: str) -> None:
    pass


created: Callable[[str], None] = _nobody
"""Told of every folder: who can remove it if this process ends before it does."""


def temporary_folder(parent: str | None) -> tempfile.TemporaryDirectory[str]:
    """A new folder in ``parent``, or where the system wants it; a context manager that removes it."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="focus-validate-", dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        where = parent or tempfile.gettempdir()
        raise InputError(
            f"cannot write temporary files to {where}: {error.strerror}; set --temp-directory"
        ) from None
    created(folder.name)
    return folder
