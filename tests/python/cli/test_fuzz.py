"""Broken files through the command line in a child process: an exit code of 0, 1 or 2, one line, no trace."""

from __future__ import annotations

import gzip
import io
import os
import random
from pathlib import Path

import pytest

from cli.conftest import PERIOD, PERIOD_COLUMNS, Run

TEXT = f"{PERIOD_COLUMNS}\n" + f"{PERIOD}\n" * 40


def parquet() -> bytes:
    arrow = pytest.importorskip("pyarrow.csv")
    writer = pytest.importorskip("pyarrow.parquet")
    buffer = io.BytesIO()
    writer.write_table(arrow.read_csv(io.BytesIO(TEXT.encode())), buffer)
    return buffer.getvalue()


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
@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_a_damaged_file_never_crashes_the_command(
    run: Run, tmp_path: Path, ending: str, damage: object
) -> None:
    whole = parquet() if ending == "parquet" else TEXT.encode()
    if ending == "csv.gz":
        whole = gzip.compress(whole, mtime=0)
    for seed in range(12):
        path = tmp_path / f"data.{ending}"
        path.write_bytes(damage(whole, random.Random(seed)))  # type: ignore[operator]
        done = run("check", path, "--dataset", "BillingPeriod", "--output", tmp_path / "r.json", timeout=20)
        told = f"seed {seed}: {done.returncode} {done.stderr}"
        assert done.returncode in (0, 1, 2), told
        assert done.stderr.count("\n") == 1, told
        assert "Traceback" not in done.stderr, told
        expected = {path.name} if done.returncode == 2 else {path.name, "r.json"}
        assert set(os.listdir(tmp_path)) == expected, told
        (tmp_path / "r.json").unlink(missing_ok=True)
