"""The command in a child process: a native library that crashes on a hostile file ends in one line, exit 2.

DuckDB and pyarrow read files in native code, and a crafted file may bring that down. The parent holds nothing
but the child: it passes signals on, says what a crash was, and removes the temporary folders that the child
left. Where the system has no fork, the work is done in the one process there is.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

UNUSABLE = 2
_PASSED_ON = (signal.SIGINT, signal.SIGTERM)


def guarded(work: Callable[[], int]) -> int:
    """The exit code of ``work``, which runs in a child process; 2 if a signal killed it."""
    if not hasattr(os, "fork"):
        return work()
    folders, told = os.pipe()
    alive, life = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)
    child = os.fork()
    if not child:
        os.close(folders)
        os.close(life)
        _be_child(work, told, alive)
    os.close(told)
    os.close(alive)
    for number in _PASSED_ON:
        signal.signal(number, lambda number, frame: _pass_on(child, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)
    status = os.waitpid(child, 0)[1]
    for number in _PASSED_ON:
        signal.signal(number, signal.SIG_IGN)
    _remove(folders)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else _crashed(-code)


def _be_child(work: Callable[[], int], told: int, alive: int) -> None:
    """Do the work and leave without Python's shutdown."""
    from focus_validate import temporary

    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)
    _write_no_core()
    temporary.created = lambda path: _tell(told, path)
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    os._exit(work())


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ctrl-C comes from the terminal and again from the parent: the first one counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _terminate(number: int, frame: FrameType | None) -> None:
    """Leave by an exception, so that temporary files are cleared away."""
    sys.exit(128 + number)


def _write_no_core() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end_with_parent(alive: int) -> None:
    """Nobody waits for the result any more once the parent was killed: its end of the pipe is closed then."""
    os.read(alive, 1)
    os._exit(UNUSABLE)


def _tell(told: int, path: str) -> None:
    os.write(told, os.fsencode(path) + b"\0")


def _pass_on(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def _remove(folders: int) -> None:
    """Remove the folders that the child told of and that it did not remove itself."""
    with os.fdopen(folders, "rb") as pipe:
        paths = [os.fsdecode(path) for path in pipe.read().split(b"\0") if path]
    for path in filter(os.path.isdir, paths):
        import shutil

        shutil.rmtree(path, ignore_errors=True)


def _crashed(number: int) -> int:
    name = signal.Signals(number).name
    reason = (
        "the system ended the check, probably for want of memory: lower --memory-limit"
        if number == signal.SIGKILL
        else f"reading the input crashed ({name}): it may be damaged or made to do so; write it again"
    )
    if sys.stderr is not None:
        sys.stderr.write(f"focus-validate: {reason}; nothing was written\n")
    return UNUSABLE
