"""How fast focus-validate is: against a bare DuckDB scan and the official validator, on the same rows.

Every figure is that of a whole process, from start to exit. Ours and the scan run in turn, so that a machine
whose speed drifts slows both; what counts are the ratios of the medians. The official validator
(focus-validator 2.2.1, needs Python 3.12) is installed into an environment of its own below the work folder;
where Python 3.12 is absent the table says so. README.md in this folder says what each table means.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

import msgspec

import focus_validate
from focus_validate.spec.loader import load_catalogue

ROWS = 200_000
COLUMNS = 65
FILES = (("clean.parquet", 0), ("broken.parquet", 2), ("clean.csv", 0))
OFFICIAL = ["focus-validator==2.2.1", "pyarrow==21.0.0"]
SCAN = (
    "import duckdb, sys; path = sys.argv[1]; "
    "csv = f\"read_csv('{path}', all_varchar=true, header=true)\"; "
    "source = csv if path.endswith('.csv') else f\"'{path}'\"; "
    "print(duckdb.sql(f'select bit_xor(hash(columns(*))) from {source}').fetchall()[0][0])"
)
OURS = [sys.executable, "-m", "focus_validate"]


@dataclass(frozen=True)
class Measurement:
    """Medians of the wall and processor seconds of some runs of one command, and the largest peak memory."""

    wall: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.cpu:.2f} s), {self.megabytes:,.0f} MB"


def run_once(
    command: Sequence[str],
    cores: int | None = None,
    cwd: Path | None = None,
    output: IO[str] | None = None,
) -> Measurement:
    """Run ``command`` on ``cores`` processors; exit codes 0 and 1 are verdicts, others end the benchmark."""
    pinned = [*(["taskset", "-c", f"0-{cores - 1}"] if cores else []), *command]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            pinned, cwd=cwd, env=environment, stdout=output or subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if (code := os.waitstatus_to_exitcode(status)) not in (0, 1):
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise SystemExit(f"{' '.join(pinned)} ended with {code}: {said[-2000:]}")
    return Measurement(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(commands: Sequence[Sequence[str]], runs: int, cores: int | None = None) -> list[Measurement]:
    """Each command ``runs`` times, one after the other in each round, after a round that does not count."""
    rounds = [[run_once(command, cores) for command in commands] for _ in range(runs + 1)][1:]
    return [_median(each) for each in zip(*rounds, strict=True)]


def _median(found: Sequence[Measurement]) -> Measurement:
    return Measurement(
        statistics.median(each.wall for each in found),
        statistics.median(each.cpu for each in found),
        max(each.megabytes for each in found),
    )


def data_file(work: Path, name: str, rows: int, broken: int = 0, names_in_1_2: bool = False) -> Path:
    """The file, written if it is not there: in a process of its own, whose memory does not count as ours."""
    path = work / f"{rows}{'-1.2' if names_in_1_2 else ''}-{name}"
    if not path.exists():
        script = Path(__file__).with_name("make_data.py")
        command = [sys.executable, str(script), str(path), "--rows", str(rows), "--broken", str(broken)]
        subprocess.run([*command, *(["--names-in-1-2"] if names_in_1_2 else [])], check=True)
    return path


class Official:
    """The official validator in an environment of its own; it must run inside its site-packages."""

    def __init__(self, environment: Path) -> None:
        self._tool = environment / "bin" / "focus-validator"
        self._site = environment / "lib" / "python3.12" / "site-packages"

    @classmethod
    def installed(cls, work: Path) -> Official | None:
        """Installed below ``work`` if need be; None without Python 3.12."""
        python = shutil.which("python3.12")
        if (
            python is None
            or subprocess.run([python, "--version"], capture_output=True, check=False).returncode
        ):
            return None
        environment = work / "official"
        if not (environment / "lib" / "python3.12" / "site-packages" / "focus_validator").exists():
            subprocess.run([python, "-m", "venv", str(environment)], check=True)
            subprocess.run([str(environment / "bin" / "pip"), "install", "--quiet", *OFFICIAL], check=True)
        return cls(environment)

    def command(self, path: Path) -> list[str]:
        """Its rules of FOCUS 1.2, all applicability criteria declared, no download."""
        choices = "--validate-version 1.2 --focus-dataset CostAndUsage --applicability-criteria ALL"
        return [str(self._tool), *choices.split(), "--block-download", "--data-file", str(path)]

    def measure(self, path: Path, cores: int | None = None) -> tuple[Measurement, str]:
        """One run, and what it says of its own rules."""
        with tempfile.TemporaryFile("w+") as output:
            measured = run_once(self.command(path), cores, self._site, output)
            output.seek(0)
            said = output.read()
        found = re.search(r"Total: (\d+) \| Pass: (\d+) \| Fail: (\d+) \| Skipped: (\d+)", said)
        assert found is not None, said[:200]
        total, passed, failed, skipped = map(int, found.groups())
        return (
            measured,
            f"{total} rules: {passed + failed} judged, {failed} of them failed, {skipped} skipped",
        )


def check(path: Path, *options: str) -> list[str]:
    """Our command: the flags of all rules declared, as for the official validator, the report as JSON."""
    return [*OURS, "check", str(path), "--supports", "ALL", "--format", "json", *options]


def compared(
    work: Path, official: Official | None, runs: int, files: Sequence[tuple[str, int]], cores: int | None
) -> Iterator[list[str]]:
    """The rows of the comparison: the file, ours, the scan, the official validator and the ratios."""
    yield ["file", "focus-validate", "bare scan", "ratio", "official 2.2.1", "times faster", "its rules"]
    for name, broken in files:
        path = data_file(work, name, ROWS, broken)
        ours, scan = in_turn([check(path), [sys.executable, "-c", SCAN, str(path)]], runs, cores)
        row = [name, str(ours), str(scan), _ratio(ours, scan)]
        if official is None:
            yield [*row, "not measured (no Python 3.12)", "", ""]
        else:
            theirs, rules = official.measure(data_file(work, name, ROWS, broken, names_in_1_2=True), cores)
            yield [*row, str(theirs), _ratio(theirs, ours), rules]


def _ratio(one: Measurement, other: Measurement) -> str:
    """Of the wall seconds and, in brackets, of the processor seconds."""
    return f"{one.wall / other.wall:.1f} ({one.cpu / other.cpu:.1f})"


def by_rows(work: Path, runs: int) -> Iterator[list[str]]:
    """How the time grows with the rows."""
    yield ["rows", "focus-validate", "microseconds a row"]
    for rows in (100, 20_000, ROWS, 10 * ROWS):
        (found,) = in_turn([check(data_file(work, "clean.parquet", rows))], runs)
        yield [f"{rows:,}", str(found), f"{found.wall / rows * 1e6:.1f}" if rows >= ROWS else ""]


def by_rules(work: Path, runs: int) -> Iterator[list[str]]:
    """How the time grows with the rules: those of every fourth column, every second one, all."""
    yield ["rules", "focus-validate"]
    path = data_file(work, "clean.parquet", ROWS)
    dataset = next(each for each in load_catalogue().datasets if each.id == "CostAndUsage")
    names = [column.name for column in dataset.columns]
    with tempfile.TemporaryDirectory() as folder:
        for step in (4, 2, 1):
            kept = set(names[::step])
            part = Path(folder) / f"{step}.parquet"
            columns = ", ".join(f'"{name}"' for name in names if name in kept)
            _in_child(f"copy (select {columns} from '{path}') to '{part}' (row_group_size 50000)")
            (found,) = in_turn([check(part, "--selected", "--dataset", "CostAndUsage")], runs)
            yield [f"{_decided(part)} ({len(kept)} columns)", str(found)]


def _in_child(sql: str) -> None:
    """Run SQL in a process of its own: a child's peak memory starts from its parent's."""
    subprocess.run([sys.executable, "-c", f"import duckdb; duckdb.sql({sql!r})"], check=True)


def _decided(path: Path) -> int:
    """The rules that were decided by the rows of a file."""
    command = check(path, "--selected", "--dataset", "CostAndUsage")
    report = msgspec.json.decode(subprocess.run(command, capture_output=True, check=False).stdout)
    return sum(rule["status"] in ("pass", "warn", "fail") for rule in report["rules"])


def small(runs: int) -> Iterator[list[str]]:
    """What a person waits for at least."""
    yield ["command", "focus-validate"]
    for option in ("--version", "--help"):
        (found,) = in_turn([[*OURS, option]], runs)
        yield [option, str(found)]


def large(work: Path, rows: int) -> Iterator[list[str]]:
    """One run each on files larger than memory may be."""
    yield ["file", "size", "focus-validate"]
    for name in ("clean.parquet", "clean.csv"):
        path = data_file(work, name, rows)
        yield [f"{rows:,} rows, {name}", f"{path.stat().st_size / 1e9:.1f} GB", str(run_once(check(path)))]


def machine() -> str:
    """The facts of the machine and of what runs on it."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [model.group(1) if model else platform.machine(), f"{cores} cores", platform.system()]
    versions = [f"Python {platform.python_version()}", f"DuckDB {version('duckdb')}"]
    return ", ".join([*parts, *versions, f"load {os.getloadavg()[0]:.1f}"])


def show(title: str, table: Iterator[list[str]]) -> None:
    """A table in Markdown, row by row as it is measured."""
    print(f"\n**{title}**\n", flush=True)
    for number, cells in enumerate(table):
        print(f"| {' | '.join(cells)} |", flush=True)
        if not number:
            print("|" + "|".join([" --- "] + [" ---: "] * (len(cells) - 1)) + "|", flush=True)


def main() -> None:
    """Command line: ``python benchmarks/run.py [--runs N] [--work FOLDER] [--large ROWS]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each of our commands")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work"))
    parser.add_argument("--without-official", action="store_true")
    parser.add_argument(
        "--large", type=int, metavar="ROWS", help="memory with so many rows, and nothing else"
    )
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    compileall.compile_dir(Path(focus_validate.__file__).parent, quiet=2)  # as an installed package is
    print(f"{machine()}. Wall seconds (processor seconds), peak memory.")
    if arguments.large:
        show("Memory", large(work, arguments.large))
        return
    official = None if arguments.without_official else Official.installed(work)
    title = f"{ROWS:,} rows x {COLUMNS} columns"
    show(f"{title}, all cores", compared(work, official, arguments.runs, FILES, None))
    if shutil.which("taskset"):
        for cores in (2, 1):
            pinned = compared(work, official, min(3, arguments.runs), FILES[:1], cores)
            show(f"{title}, pinned to {cores} core{'s' * (cores > 1)}", pinned)
    show("Rows (clean Parquet)", by_rows(work, min(3, arguments.runs)))
    show("Rules (clean Parquet)", by_rules(work, min(3, arguments.runs)))
    show("Answers at once", small(arguments.runs))


if __name__ == "__main__":
    main()
