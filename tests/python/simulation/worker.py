"""dbt that stays: one process and one parse for many commands on the same project."""

from __future__ import annotations

import json
import subprocess
import sys

from dbt_package.dbt_server import ENVIRONMENT
from dbt_package.project import Project

_LOOP = """
import contextlib, gc, io, json, sys
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

manifest = None
for line in sys.stdin:
    told = []

    def listen(event):
        if event.info.level in ("info", "warn", "error"):
            told.append(event.info.msg)

    with contextlib.redirect_stdout(io.StringIO()):
        result = dbtRunner(manifest=manifest, callbacks=[listen]).invoke(json.loads(line))
        if manifest is None:
            manifest = result.result
    DuckDBConnectionManager.close_all_connections()
    gc.collect()  # the file is free for others from here on
    print(json.dumps([result.success, [*told, str(result.exception or "")]]), flush=True)
"""


class Worker:
    """Runs dbt commands one after the other in the folder of a project.

    variables   of all commands; what is on and off is decided by these, once
    """

    def __init__(self, project: Project, variables: dict[str, object]) -> None:
        self._variables = variables
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LOOP],
            cwd=project.folder,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.run("parse")

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def run(self, *arguments: str, **variables: object) -> str:
        """Run a command that must succeed, with further vars; what it told."""
        success, told = self.try_to(*arguments, **variables)
        assert success, told
        return told

    def try_to(self, *arguments: str, **variables: object) -> tuple[bool, str]:
        """Run a command; whether it succeeded, and what it told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command = [*arguments, "--vars", json.dumps(self._variables | variables)]
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        success, told = json.loads(self._process.stdout.readline())
        return success, "\n".join(told)
