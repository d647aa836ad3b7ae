"""What can go wrong that is not a finding: each error is one line a user can act on."""

from __future__ import annotations


class FocusValidateError(Exception):
    """Base of every error this package raises on purpose.

    ``str(error)`` is one line: what is wrong, where, and how to mend it.
    """

    exit_code = 3


class InputError(FocusValidateError):
    """The data or the arguments could not be used (exit code 2)."""

    exit_code = 2


class MemoryLimitError(InputError):
    """The data needs more memory than the engine may use (exit code 2)."""


class UsageError(InputError):
    """An option or argument has no meaning here (exit code 2)."""


class InstallationError(FocusValidateError):
    """The installed program is not as it was released, so its verdicts would mean nothing (exit code 2)."""

    exit_code = 2
