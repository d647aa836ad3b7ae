"""The generator: the same bytes everywhere, as many rows as promised, loaded as text."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from .reader import REPOSITORY, Data

pytestmark = pytest.mark.slow

INTEGRATION_TESTS = REPOSITORY / "integration_tests"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(folder.glob("*/*.csv"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def generate(folder: Path, *options: str, hash_seed: str = "1") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "raw_data", "--out", str(folder), *options],
        cwd=INTEGRATION_TESTS,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_same_bytes_whatever_the_hash_seed_time_zone_and_locale(demo_data: Path, tmp_path: Path) -> None:
    assert generate(tmp_path).returncode == 0
    assert digests(tmp_path) == digests(demo_data)


def test_rows_are_as_many_as_promised(data: Data) -> None:
    promised = {
        "openai.costs": 11_000,
        "openai.completions_usage": 9_000,
        "anthropic.cost_report": 4_500,
        "anthropic.messages_usage": 6_000,
        "litellm.LiteLLM_SpendLogs": 40_000,
        "attribution.customers": 25,
        "attribution.customer_identifiers": 70,
        "attribution.agents": 8,
        "attribution.attribution_rules": 60,
        "attribution.shared_cost_rules": 3,
        "attribution.override_requests": 9,
    }
    for table, rows in promised.items():
        assert len(data[table]) == pytest.approx(rows, rel=0.02), table
    assert len(data["openai.projects"]) + len(data["openai.project_api_keys"]) == 40
    assert len(data["anthropic.workspaces"]) + len(data["anthropic.api_keys"]) == 24


def test_a_scale_multiplies_companies_that_share_no_account_or_customer(tmp_path: Path) -> None:
    done = generate(tmp_path, "--scale", "2")
    assert done.returncode == 0, done.stderr
    assert "openai.costs" in done.stdout
    data = Data(tmp_path)
    assert len({row["organization_id"] for row in data["openai.costs"]}) == 4
    assert len({row["customer_id"] for row in data["attribution.customers"]}) == 50
    for table, key in (
        ("attribution.agents", "agent_id"),
        ("attribution.attribution_rules", "rule_id"),
        ("provider_invoices.invoices", "invoice_id"),
        ("stripe.invoice", "id"),
        ("litellm.LiteLLM_SpendLogs", "request_id"),
        ("finance.prepaid_grants", "grant_id"),
        ("finance.contract_prices", "price_id"),
    ):
        values = [row[key] for row in data[table]]
        assert len(values) == len(set(values)), table


def test_the_loader_gives_text_columns_in_the_source_spelling(demo_data: Path, tmp_path: Path) -> None:
    sys.path.insert(0, str(INTEGRATION_TESTS))
    try:
        from raw_data.load import load_duckdb
    finally:
        sys.path.remove(str(INTEGRATION_TESTS))
    database = tmp_path / "new" / "raw.duckdb"
    load_duckdb(demo_data, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        types = connection.execute("select distinct data_type from information_schema.columns").fetchall()
        assert types == [("VARCHAR",)]
        columns = connection.execute("describe litellm.LiteLLM_SpendLogs").fetchall()
        assert {"startTime", "user", "request_tags"} <= {column[0] for column in columns}
        counted = connection.execute(
            "select count(*), count(end_user) from litellm.LiteLLM_SpendLogs"
        ).fetchall()
    rows = Data(demo_data)["litellm.LiteLLM_SpendLogs"]
    assert counted == [(len(rows), sum(row["end_user"] != "" for row in rows))]


def test_no_data_no_load(tmp_path: Path) -> None:
    sys.path.insert(0, str(INTEGRATION_TESTS))
    try:
        from raw_data.load import load_duckdb
    finally:
        sys.path.remove(str(INTEGRATION_TESTS))
    with pytest.raises(FileNotFoundError, match="run `python -m raw_data --out"):
        load_duckdb(tmp_path / "nothing", tmp_path / "raw.duckdb")
