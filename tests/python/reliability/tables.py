"""Small tables that conform, as files of every kind."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from spec.base_rows import Row, base_rows

from focus_validate import Report, validate

PERIOD: Row = {**base_rows()["BillingPeriod"], "BillingPeriodStatus": "Closed", "InvoiceIssuerName": "Acme"}
CHARGE: Row = base_rows()["CostAndUsage"]
COMMAND = [sys.executable, "-m", "focus_validate"]


def csv_text(rows: Iterable[Row], newline: str = "\n") -> str:
    """Null as an empty field, everything else in quotes."""
    rows = list(rows)
    stream = io.StringIO()
    csv.writer(stream, lineterminator=newline).writerow(rows[0])
    for row in rows:
        cells = ("" if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in row.values())
        stream.write(",".join(cells) + newline)
    return stream.getvalue()


def json_lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def write(path: Path, rows: Iterable[Row]) -> Path:
    text = json_lines(rows) if ".jsonl" in path.name else csv_text(rows)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def failed(report: Report) -> list[str]:
    return [rule.id for rule in report.failures()]


def checked(path: Path, **choices: object) -> Report:
    return validate(path, **choices)  # type: ignore[arg-type]


def most_megabytes(*arguments: str) -> int:
    """The most memory that a command held, measured from outside; it comes to a verdict."""
    script = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode;"
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    code, megabytes = map(int, done.stdout.split())
    assert code in (0, 1), done.stderr
    return megabytes
