"""dbt commands one after the other in one process: dbt takes seconds to start and to read a project."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
QUIET = ["--quiet", "--log-level-file", "none"]


class DbtSession:
    """A child process that runs dbt in integration_tests with the given environment variables."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def __enter__(self) -> DbtSession:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "demo.dbt_session"],
            cwd=PROJECT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def invoke(self, arguments: list[str]) -> tuple[str, bool]:
        """Run one command: what it printed, and whether it succeeded."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            return f"dbt ended with exit code {self._process.wait()}", False
        printed, succeeded = json.loads(answer)
        return printed, succeeded


def serve() -> None:
    """Run the commands of standard input, one JSON list a line; answer each with one line."""
    from dbt.cli.main import dbtRunner

    manifest = None
    answers = sys.stdout
    for line in sys.stdin:
        arguments = json.loads(line)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            if arguments[0] != "deps" and manifest is None:
                parsed = dbtRunner().invoke([*QUIET, "parse"])
                manifest = parsed.result if parsed.success else None
            done = dbtRunner(manifest=manifest).invoke([*QUIET, *arguments])
        print(
            json.dumps([printed.getvalue() + str(done.exception or ""), done.success]),
            file=answers,
            flush=True,
        )


if __name__ == "__main__":
    serve()
