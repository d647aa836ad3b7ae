"""The steps of the demo: each one commands that a user could type, quiet unless they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from raw_data.__main__ import write as write_raw_data
from raw_data.load import load_duckdb
from rich.console import Console
from rich.markup import escape

from focus_validate.result import Report

from .dbt_session import DbtSession

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DATASETS = ("cost_and_usage", "invoice_detail", "billing_period", "contract_commitment")
FORMATS = ("csv", "parquet")
LAST_LINES, LINE_WIDTH = 40, 400
INHERITED = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "SYSTEMROOT", "USERPROFILE")


class StepError(Exception):
    """A step failed; the text is one line that says which, and where its log is."""


class Run:
    """One run of the demo into a folder. The files of an earlier run are replaced."""

    def __init__(self, output: Path, console: Console) -> None:
        self.output = output
        self.database = output / "focus_ai.duckdb"
        self.reports = output / "reports"
        self.logs = output / "logs"
        self._console = console
        # Few variables: dbt looks through all of them for secrets each time it logs a line (5 s of a build).
        self._environment = {name: value for name, value in os.environ.items() if name in INHERITED} | {
            "FOCUS_AI_DUCKDB": str(self.database),
            "DBT_TARGET_PATH": str(output / "dbt_target"),
            "DBT_LOG_PATH": str(self.logs),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def all(self) -> list[tuple[Path, Report]]:
        """Every step; the validator's report on each exported file."""
        self._clear()
        self._step("raw data", self._raw_data)
        with DbtSession(self._environment) as self._dbt:
            self._step("dbt deps", self._deps)
            self._step("dbt build", self._build)
            self._step("export", self._export)
        return self._step("validate", self._validate)

    def exports(self) -> list[Path]:
        """The exported files, whether they are there yet or not."""
        return [self.output / f"{dataset}.{format_}" for dataset in DATASETS for format_ in FORMATS]

    def _clear(self) -> None:
        for path in (self.database, *self.exports()):
            path.unlink(missing_ok=True)
        for folder in (self.reports, self.logs, self.output / "raw"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)

    def _step(self, name: str, work: Callable[[], tuple[object, str]]) -> object:
        started = time.monotonic()
        with self._console.status(f"{name} ..."):
            result, summary = work()
        self._console.print(
            f"  [bold]{name:10}[/bold] {summary:72} {time.monotonic() - started:5.1f} s", soft_wrap=True
        )
        return result

    def _raw_data(self) -> tuple[None, str]:
        counts = write_raw_data(self.output / "raw")
        load_duckdb(self.output / "raw", self.database)
        sources = len({source for source, _ in counts})
        return (
            None,
            f"{sum(counts.values()):,} rows in {len(counts)} raw tables of {sources} sources, in DuckDB",
        )

    def _deps(self) -> tuple[None, str]:
        self._run_dbt("dbt deps", ["deps"])
        return None, "the package installed into integration_tests, as a user does"

    def _build(self) -> tuple[None, str]:
        # Unit tests try the package's logic on made-up rows; `make test` runs them. Here the data is tested.
        self._run_dbt("dbt build", ["build", "--exclude-resource-type", "unit_test"])
        results = json.loads((self.output / "dbt_target" / "run_results.json").read_text())["results"]
        kinds = Counter(result["unique_id"].split(".")[0] for result in results)
        return None, f"{kinds['model']} models built, {kinds['test']} data tests passed"

    def _export(self) -> tuple[None, str]:
        arguments = json.dumps({"directory": str(self.output)})
        self._run_dbt("export", ["run-operation", "focus_ai_export", "--args", arguments])
        missing = [path.name for path in self.exports() if not path.is_file()]
        if missing:
            raise StepError(f"export wrote no {', '.join(missing)}; log: {self.logs / 'export.log'}")
        return None, f"{len(DATASETS)} FOCUS datasets as CSV and Parquet"

    def _validate(self) -> tuple[list[tuple[Path, Report]], str]:
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            reports = list(pool.map(self._check, self.exports()))
        conformant = sum(report.conformant for report in reports)
        rules = sum(report.summary.rules for report in reports)
        return (
            list(zip(self.exports(), reports, strict=True)),
            f"{conformant} of {len(reports)} files conformant to FOCUS 1.4, {rules:,} verdicts",
        )

    def _check(self, path: Path) -> Report:
        report = self.reports / f"{path.name}.json"
        command = [BIN / "focus-validate", "check", path.name, "--supports", "ALL", "--format", "json"]
        done = subprocess.run(
            [str(part) for part in [*command, "--output", report]],
            cwd=self.output,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        # 1 is a verdict (a MUST rule failed), not a failed step.
        self._logged(f"focus-validate check {path.name}", done.stdout, done.returncode in (0, 1))
        return msgspec.json.decode(report.read_bytes(), type=Report)

    def _run_dbt(self, name: str, arguments: list[str]) -> None:
        printed, succeeded = self._dbt.invoke(arguments)
        self._logged(name, printed, succeeded)

    def _logged(self, name: str, printed: str, succeeded: bool) -> None:
        log = self.logs / f"{name.split()[-1].replace('/', '_')}.log"
        log.write_text(printed, encoding="utf-8")
        if not succeeded:
            lines = printed.rstrip().splitlines()
            self._console.print(
                escape("\n".join(line[:LINE_WIDTH] for line in lines[-LAST_LINES:])), soft_wrap=True
            )
            raise StepError(f"{name} failed; the whole log: {log}")
