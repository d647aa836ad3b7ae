"""Writing a report to a file: refused early when it cannot work, never half written."""

from __future__ import annotations

import glob
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from focus_validate.errors import InputError, UsageError
from focus_validate.text import escape

_PREFIX = ".focus-validate-"


class Target:
    """A file to be written at the end of a run.

    :meth:`check` is called before the long work and finds what would make the writing fail. :meth:`write`
    writes a temporary file in the same folder and renames it, so that the name holds the old content or the
    whole new one. A device or a pipe (``/dev/stdout``) is written to directly.
    """

    def __init__(self, path: str, *, make_folder: bool = False) -> None:
        self.path = Path(path)
        self._make_folder = make_folder
        self._name = escape(path)

    def check(self, inputs: Sequence[str]) -> None:
        """Raise when the file cannot be written or is one of the ``inputs``."""
        try:
            self._check(inputs)
        except OSError as error:
            raise self._refused(error) from error

    def write(self, content: str | bytes) -> None:
        """Replace the file's content by ``content`` (text as UTF-8) in one step."""
        content = content.encode() if isinstance(content, str) else content
        try:
            if self._is_device():
                self.path.write_bytes(content)
            else:
                self._replace(content)
        except OSError as error:
            raise self._refused(error) from error

    def _check(self, inputs: Sequence[str]) -> None:
        if self.path.is_dir():
            raise UsageError(f"output {self._name} is a directory: name a file in it")
        if self._is_device():
            return
        if self.path.is_symlink():
            raise UsageError(f"output {self._name} is a symbolic link: name the file itself")
        for source in inputs:
            self._keep(source)
        folder = self.path.parent
        if self._make_folder and not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            raise UsageError(f"output {self._name}: the folder {escape(str(folder))} does not exist")
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise UsageError(f"output {self._name} is write-protected")
        with tempfile.NamedTemporaryFile(dir=folder, prefix=_PREFIX):
            pass

    def _replace(self, content: bytes) -> None:
        if self._make_folder:
            self.path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=_PREFIX, delete=False) as temporary:
            try:
                temporary.write(content)
                temporary.flush()
                os.fsync(temporary.fileno())
                os.chmod(temporary.name, self._mode())
                os.replace(temporary.name, self.path)
            except BaseException:
                Path(temporary.name).unlink(missing_ok=True)
                raise

    def _keep(self, source: str) -> None:
        """Refuse to overwrite an input: a file, one that a pattern matches, one in a folder."""
        if os.path.isdir(source):
            if self.path.resolve().is_relative_to(Path(source).resolve()):
                raise UsageError(f"output {self._name} lies in the input folder: name a file elsewhere")
            return
        for file in [source] if os.path.exists(source) else glob.glob(source, recursive=True):
            if self.path.exists() and os.path.samefile(self.path, file):
                raise UsageError(f"output {self._name} is an input: name another file")

    def _refused(self, error: OSError) -> InputError:
        return InputError(f"cannot write {self._name}: {error.strerror}")

    def _is_device(self) -> bool:
        try:
            mode = self.path.stat().st_mode
        except OSError:
            return False
        return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)

    def _mode(self) -> int:
        if self.path.exists():
            return stat.S_IMODE(self.path.stat().st_mode)
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
