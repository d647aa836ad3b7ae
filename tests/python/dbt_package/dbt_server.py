"""dbt for the tests: started once, and what it read of a project serves the next project that is the same.

dbt needs seconds to start and to read a project. As a script this is a server that has dbt imported and forks
for each list of commands, so that no run sees another's state. What dbt keeps of a parse is copied into a
project with the same settings and vars before it starts; dbt itself compares it to the files.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

TIME_LIMIT = 1200  # seconds for a list of commands
INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")
# Few variables: dbt looks through all of them for secrets each time it logs a line.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name in INHERITED} | {
    "DBT_LOG_LEVEL_FILE": "none",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_USE_COLORS": "false",
}
STATE = Path("target") / "partial_parse.msgpack"


class Run(NamedTuple):
    """What a dbt command returned and printed."""

    code: int
    output: str

    def succeeded(self) -> Run:
        """Assert success; the output is the message."""
        assert self.code == 0, self.output
        return self

    def failed(self) -> str:
        """Assert failure; the output."""
        assert self.code != 0, self.output
        return self.output


def run_dbt(folder: Path, *calls: Sequence[str]) -> list[Run]:
    """Run dbt in a project's folder with each list of arguments, one after the other in one process."""
    process = _server()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([str(folder), calls]) + "\n")
    process.stdin.flush()
    runs = json.loads(process.stdout.readline())
    assert len(runs) == len(calls), f"dbt was killed after {runs}"
    return [Run(*run) for run in runs]


@functools.cache
def _server() -> subprocess.Popen[str]:
    """The server of this process; it ends with it."""
    process = subprocess.Popen(
        [sys.executable, "-I", __file__],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def serve() -> None:
    """Run the calls of each line of standard input in a fork; answer each line with one."""
    import dbt.adapters.duckdb
    import dbt.cli.main
    import dbt.task.build  # noqa: F401

    with tempfile.TemporaryDirectory() as kept:
        for line in sys.stdin:
            answer = Path(kept) / "answer.json"
            answer.write_text("[]")
            if (child := os.fork()) == 0:
                _run_calls(*json.loads(line), Path(kept), answer)
                os._exit(0)
            os.waitpid(child, 0)
            print(answer.read_text(), flush=True)


def _run_calls(folder: str, calls: list[list[str]], kept: Path, answer: Path) -> None:
    """Write (code, output) of each call; one parse serves all calls with the same vars."""
    from dbt.cli.main import dbtRunner

    os.chdir(folder)
    signal.alarm(TIME_LIMIT)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    runs: list[tuple[int, str]] = []
    manifests: dict[str | None, Any] = {}
    uses = Counter(map(_vars, calls))
    for call in calls:
        variables = _vars(call)
        state = kept / hashlib.sha256(_settings(variables)).hexdigest()
        if state.is_file():
            STATE.parent.mkdir(exist_ok=True)
            shutil.copyfile(state, STATE)
        if uses[variables] > 1 and variables not in manifests:
            parse = ["parse", *(["--vars", variables] if variables else [])]
            manifests[variables] = _invoke(dbtRunner(), parse)[0].result
        done, printed = _invoke(dbtRunner(manifest=manifests.get(variables)), call)
        runs.append((0 if done.success else 1, printed + str(done.exception or "")))
        answer.write_text(json.dumps(runs))
        if STATE.is_file() and not state.is_file():
            shutil.copyfile(STATE, state)


def _invoke(runner: Any, call: list[str]) -> tuple[Any, str]:
    """dbt's result, and everything that came out of the process."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        result = runner.invoke(call)
        sys.stdout.flush()
        sys.stderr.flush()
        printed.seek(0)
        return result, printed.read()


def _vars(call: Sequence[str]) -> str | None:
    return call[call.index("--vars") + 1] if "--vars" in call else None


def _settings(variables: str | None) -> bytes:
    files = [Path(name).read_bytes() for name in ("dbt_project.yml", "profiles.yml")]
    return b"\0".join([*files, (variables or "").encode()])


if __name__ == "__main__":
    serve()
