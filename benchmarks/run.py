"""Compare focus-validate with a bare DuckDB scan and with the official validator, on the same files.

Everything is measured as a whole process, in turn, in one run; the figures to quote are the ratios of the
medians. The official validator (focus-validator 2.2.1, needs Python 3.12) is installed into an environment
of its own below the work folder; where Python 3.12 is absent the table says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

OFFICIAL = ["focus-validator==2.2.1", "pyarrow==21.0.0"]
SCAN = (
    "import duckdb, sys; path = sys.argv[1]; "
    "csv = f\"read_csv('{path}', all_varchar=true, header=true)\"; "
    "source = csv if path.endswith('.csv') else f\"'{path}'\"; "
    "print(duckdb.sql(f'select bit_xor(hash(columns(*))) from {source}').fetchall()[0][0])"
)


@dataclass(frozen=True)
class Measurement:
    """Median wall seconds and the largest peak memory (MB) of some runs of one command."""

    seconds: float
    megabytes: float


def measure(command: list[str], runs: int, cwd: Path | None = None) -> Measurement:
    """Run ``command`` ``runs`` times; exit codes 0 and 1 are verdicts, anything else stops the benchmark."""
    seconds, megabytes = [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        megabytes.append(usage.ru_maxrss / 1024)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return Measurement(statistics.median(seconds), max(megabytes))


def make_data(path: Path, rows: int, broken: int) -> None:
    """Write the file in a process of its own: a child's peak memory starts from its parent's at the fork."""
    script = Path(__file__).with_name("make_data.py")
    command = [sys.executable, str(script), str(path), "--rows", str(rows), "--broken", str(broken)]
    subprocess.run(command, check=True)


def official_validator(work: Path) -> tuple[list[str], Path] | None:
    """The official validator's command and the folder it must run in, or None without Python 3.12."""
    python = shutil.which("python3.12")
    if python is None or subprocess.run([python, "--version"], capture_output=True, check=False).returncode:
        return None
    environment = work / "official"
    site = environment / "lib" / "python3.12" / "site-packages"
    if not (site / "focus_validator").exists():
        subprocess.run([python, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(environment / "bin" / "pip"), "install", "--quiet", *OFFICIAL], check=True)
    command = [str(environment / "bin" / "focus-validator"), "--validate-version", "1.2", "--block-download"]
    return [*command, "--focus-dataset", "CostAndUsage", "--data-file"], site


def main() -> None:
    """Command line: ``python benchmarks/run.py [--rows N] [--runs N] [--work FOLDER]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work"))
    parser.add_argument("--without-official", action="store_true")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    official = None if arguments.without_official else official_validator(work)

    table = Table(
        title=f"{arguments.rows:,} rows x 65 columns, median of {arguments.runs} runs, whole process"
    )
    for heading in ("file", "focus-validate", "bare scan", "ratio", "official 2.2.1", "times faster"):
        table.add_column(heading, justify="left" if heading == "file" else "right")
    for name, broken in (("clean.parquet", 0), ("broken.parquet", 2), ("clean.csv", 0)):
        path = work / f"{arguments.rows}-{name}"
        if not path.exists():
            make_data(path, arguments.rows, broken)
        ours = measure(
            [sys.executable, "-m", "focus_validate", "check", str(path), "--format", "json"], arguments.runs
        )
        scan = measure([sys.executable, "-c", SCAN, str(path)], arguments.runs)
        row = [name, describe(ours), describe(scan), f"{ours.seconds / scan.seconds:.1f}"]
        if official is None:
            row += ["not measured (no Python 3.12)", ""]
        else:
            command, site = official
            theirs = measure([*command, str(path)], 1, cwd=site)
            row += [describe(theirs), f"{theirs.seconds / ours.seconds:.0f}x"]
        table.add_row(*row)
    Console(width=110).print(table)


def describe(measurement: Measurement) -> str:
    """``1.23 s, 170 MB``."""
    return f"{measurement.seconds:.2f} s, {measurement.megabytes:.0f} MB"


if __name__ == "__main__":
    main()
