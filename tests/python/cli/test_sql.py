"""``focus-validate sql`` from the command line: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from cli.conftest import Run

BASIC = ("sql", "--dialect", "postgres", "--dataset", "BillingPeriod", "--table", "focus.periods")


def test_it_prints_a_script(run: Run) -> None:
    done = run(*BASIC)
    assert done.returncode == 0
    assert done.stderr == ""
    assert all(sqlglot.parse(done.stdout, read="postgres"))
    assert 'from "focus"."periods"' in done.stdout


def test_the_file_holds_what_would_be_printed(run: Run, tmp_path: Path) -> None:
    done = run(*BASIC, "--output", "periods.sql")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "periods.sql").read_text(encoding="utf-8") == run(*BASIC, "--output", "-").stdout


def test_the_command_for_the_rest_repeats_the_choices(run: Run) -> None:
    text = " ".join(run(*BASIC, "--supports", "ALL", "--selected").stdout.replace("\n--", "").split())
    assert "check EXPORT.parquet --dataset BillingPeriod --supports ALL --selected" in text


def test_absent_columns_fail(run: Run) -> None:
    text = run(*BASIC, "--columns", "BillingPeriodStart, BillingPeriodEnd", "--supports", "ALL").stdout
    assert "'BIP-BillingPeriod-D-004-M' as rule_id" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--table", "a..b"), "'a..b' is no table name: write db.schema.table"),
        (("--columns", "A,B,A"), "'A' stands twice in --columns"),
        (("--columns", "A,,B"), "'' is no column name in --columns"),
        (("--dataset", "auto"), "--dataset auto needs data: name one of CostAndUsage"),
        (("--dataset", "Costs"), "unknown dataset 'Costs'"),
        (("--supports", "TAGS"), "unknown flag 'TAGS' in --supports"),
        (("--dialect", "oracle"), "'oracle' is not one of"),
        (("--scale", "99"), "99 is not in the range"),
        (("--output", "missing/x.sql"), "the folder missing does not exist"),
    ],
)
def test_what_cannot_be_used_is_one_line(arguments: tuple[str, ...], message: str, run: Run) -> None:
    done = run(*BASIC, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
