"""Broken files through the command line in a child process: an exit code of 0, 1 or 2, one line, no trace."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard

from cli.conftest import PERIOD, PERIOD_COLUMNS, Run

SEEDS = int(os.environ.get("FOCUS_FUZZ_SEEDS", "5"))
TEXT = f"{PERIOD_COLUMNS}\n" + f"{PERIOD}\n" * 40


def parquet() -> bytes:
    writer = pytest.importorskip("pyarrow.parquet")
    buffer = io.BytesIO()
    writer.write_table(table(), buffer, row_group_size=15)
    return buffer.getvalue()


def arrow() -> bytes:
    feather = pytest.importorskip("pyarrow.feather")
    buffer = io.BytesIO()
    feather.write_feather(table(), buffer, compression="uncompressed")
    return buffer.getvalue()


def table() -> Any:
    """The text with types: moments as timestamps, the rest as text."""
    csv = pytest.importorskip("pyarrow.csv")
    return csv.read_csv(io.BytesIO(TEXT.encode()))


def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.duckdb")
        with duckdb.connect(str(path)) as connection:
            columns = ", ".join(f'"{name}" varchar' for name in PERIOD_COLUMNS.split(","))
            connection.execute(f"create table periods ({columns})")
            marks = ", ".join("?" * len(PERIOD.split(",")))
            connection.executemany(f"insert into periods values ({marks})", [PERIOD.split(",")] * 40)
        return path.read_bytes()


def json_lines() -> bytes:
    row = dict(zip(PERIOD_COLUMNS.split(","), PERIOD.split(","), strict=True))
    return (json.dumps(row) + "\n").encode() * 40


WHOLE: dict[str, Callable[[], bytes]] = {
    "csv": TEXT.encode,
    "csv.gz": lambda: gzip.compress(TEXT.encode(), mtime=0),
    "csv.zst": lambda: zstandard.compress(TEXT.encode()),
    "jsonl": json_lines,
    "jsonl.gz": lambda: gzip.compress(json_lines(), mtime=0),
    "parquet": parquet,
    "arrow": arrow,
    "duckdb": database,
}


def flip(content: bytes, dice: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
    return bytes(broken)


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def splice(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + dice.randbytes(dice.randint(1, 30)) + content[place + dice.randint(0, 30) :]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut, splice])
@pytest.mark.parametrize("ending", WHOLE)
def test_a_damaged_file_never_crashes_the_command(
    run: Run, tmp_path: Path, ending: str, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    whole = WHOLE[ending]()
    (tmp_path / "temp").mkdir()
    path = tmp_path / f"data.{ending}"
    arguments = ["check", path, "--dataset", "BillingPeriod", "--output", tmp_path / "r.json"]
    arguments += [
        "--temp-directory",
        tmp_path / "temp",
        *(["--table", "periods"] if ending == "duckdb" else []),
    ]
    for seed in range(SEEDS):
        path.write_bytes(damage(whole, random.Random(seed)))
        done = run(*arguments, timeout=20)
        told = f"seed {seed}: {done.returncode} {done.stderr}"
        assert done.returncode in (0, 1, 2), told
        assert done.stderr.count("\n") == 1, told
        assert "Traceback" not in done.stderr, told
        expected = {path.name, "temp"} if done.returncode == 2 else {path.name, "temp", "r.json"}
        assert set(os.listdir(tmp_path)) == expected, told
        assert os.listdir(tmp_path / "temp") == [], told
        (tmp_path / "r.json").unlink(missing_ok=True)
