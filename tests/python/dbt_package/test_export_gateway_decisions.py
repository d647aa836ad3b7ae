"""The export of a gateway's decisions: what the bytes are, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from .dbt_server import Run
from .test_export import Exporter

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

DECISIONS = """\
select * from (values
    ('customer', 'b "x"', timestamp '2026-10-01', 'deny', 1234567890.123456789012::decimal(38, 12)),
    ('agent', 'a', timestamp '2026-11-01', 'allow', null),
    ('agent', 'a', timestamp '2026-10-01', 'warn', 0::decimal(38, 12))
) as t (scope, scope_id, valid_from, decision, spent)
"""
JSON = (
    '[\n\t{"scope":"agent","scope_id":"a","valid_from":"2026-10-01T00:00:00Z","decision":"warn",'
    '"spent":0.000000000000},\n'
    '\t{"scope":"agent","scope_id":"a","valid_from":"2026-11-01T00:00:00Z","decision":"allow","spent":null},\n'
    '\t{"scope":"customer","scope_id":"b \\"x\\"","valid_from":"2026-10-01T00:00:00Z","decision":"deny",'
    '"spent":1234567890.123456789012}\n]\n'
)
CSV = (
    "scope,scope_id,valid_from,decision,spent\n"
    "agent,a,2026-10-01T00:00:00Z,warn,0.000000000000\n"
    "agent,a,2026-11-01T00:00:00Z,allow,\n"
    'customer,"b ""x""",2026-10-01T00:00:00Z,deny,1234567890.123456789012\n'
)


@pytest.fixture(scope="module")
def exporter(tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    exporter = Exporter(tmp_path_factory.mktemp("decisions"), gateway_decisions=DECISIONS)
    exporter.unbuilt = export(exporter)
    exporter.dbt("run").succeeded()
    export(exporter, formats=["json", "csv", "parquet"]).succeeded()
    return exporter


def export(exporter: Exporter, **arguments: object) -> Run:
    arguments["directory"] = "out"
    return exporter.dbt("run-operation", "focus_ai_export_gateway_decisions", "--args", json.dumps(arguments))


@pytest.mark.parametrize(("format_", "text"), [("json", JSON), ("csv", CSV)])
def test_text_is_ordered_and_plain(exporter: Exporter, format_: str, text: str) -> None:
    assert written(exporter, format_).read_bytes() == text.encode()


def test_parquet_keeps_order_and_types(exporter: Exporter) -> None:
    with duckdb.connect() as connection:
        relation = connection.sql(f"from read_parquet('{written(exporter, 'parquet')}')")
        assert [str(kind) for kind in relation.types][2:] == ["TIMESTAMP", "VARCHAR", "DECIMAL(38,12)"]
        assert [row[3] for row in relation.fetchall()] == ["warn", "allow", "deny"]


def test_a_mart_that_is_not_built_is_named(exporter: Exporter) -> None:
    assert "focus_ai__gateway_decisions is not built yet; run `dbt build" in exporter.unbuilt.failed()


def test_an_unknown_format_is_refused(exporter: Exporter) -> None:
    output = export(exporter, formats=["xml"]).failed()
    assert (
        "focus_ai_export_gateway_decisions: format 'xml' is unknown; choose from json, csv, parquet" in output
    )


def written(exporter: Exporter, format_: str) -> Path:
    return exporter.folder / "out" / f"gateway_decisions.{format_}"
