"""The companion files of the semantic layer: read by dbt in a user's project, asked through MetricFlow."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from .project import REPOSITORY, SOURCES, Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")

FOLDER = REPOSITORY / "semantic_layer"
LAYER = yaml.safe_load((FOLDER / "focus_ai_semantic_layer.yml").read_text(encoding="utf-8"))
MARTS = """
create schema main_focus_ai;
use main_focus_ai;
create table focus_ai__customer_gross_margin_monthly as
select * from (values
    (timestamp '2026-08-01', 'c1', 'Kestrel', 'small', false, 'docs', true, 900.10, 100.05, 800.05),
    (timestamp '2026-08-01', 'c2', 'Wren', 'small', false, 'docs', true, 0.00, 18.94, -18.94),
    (timestamp '2026-09-01', 'c1', 'Kestrel', 'small', false, 'docs', false, 890.00, 979.87, null),
    (timestamp '2026-09-01', 'c2', 'Wren', 'small', false, 'docs', false, 5.00, 18.67, -13.67)
) as t(accounting_period_start, customer_id, customer_name, customer_segment, is_internal, product_line,
    is_month_closed, revenue, ai_cost_of_revenue, gross_margin);
create table focus_ai__chargeback_monthly as
select * from (values
    (timestamp '2026-08-01', 'CC-1', 'docs', 'OpenAI', 'CostOfRevenue', 'Usage', 118.99, 0.00),
    (timestamp '2026-09-01', 'CC-1', 'docs', 'OpenAI', 'CostOfRevenue', 'Usage', 998.54, 0.50),
    (timestamp '2026-09-01', '(none)', 'docs', 'OpenAI', 'CostOfRevenue', 'Tax', 19.00, 0.00)
) as t(accounting_period_start, cost_center, product_line, service_provider_name, cost_class, charge_category,
    reporting_effective_cost, reporting_prior_period_effective_cost);
create table focus_ai__token_spend_daily as
select
    *, 'openai' as source_relation, 'OpenAI' as service_provider_name, 'Input Tokens' as sku_meter,
    'Input' as token_direction, 'Uncached' as token_cache_action, 'standard' as processing_tier,
    'docs' as product_line, 'a1' as agent_id, 'CostOfRevenue' as cost_class
from (values
    (timestamp '2026-08-03', 'c1', 'gpt-5', false, 1000000, 80.00),
    (timestamp '2026-08-31', null, 'gpt-5', false, 500000, 20.00),
    (timestamp '2026-08-31', 'c1', 'gpt-5', true, -10, -3.00),
    (timestamp '2026-09-02', 'c2', 'claude', false, 3000000, null)
) as t(day_start, customer_id, model_id, is_correction, tokens, reporting_effective_cost);
create table focus_ai__unattributed_spend as
select * from (values
    (timestamp '2026-08-01', 'openai', 'OpenAI', 'NoCustomer', 'Usage', false, 20.00),
    (timestamp '2026-08-01', 'openai', 'OpenAI', 'InvoiceLevelCharge', 'Tax', false, 19.00)
) as t(accounting_period_start, source_relation, service_provider_name, unattributed_reason, charge_category,
    is_prior_period, reporting_effective_cost);
"""


def test_every_column_is_one_of_its_mart() -> None:
    for model in LAYER["semantic_models"]:
        mart = re.search(r"'(focus_ai__\w+)'", model["model"])[1]  # type: ignore[index]
        path = next((REPOSITORY / "models" / "marts").rglob(f"{mart}.yml"))
        described = yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["columns"]
        known = {column["name"] for column in described}
        parts = [*model.get("entities", []), *model["dimensions"], *model["measures"]]
        words = set(
            re.findall(r"[a-z]\w+", " ".join(re.sub("'.*?'", "", p.get("expr", p["name"])) for p in parts))
        )
        assert words - {"case", "when", "then", "else", "end", "is", "null", "not", "and", "abs"} <= known, (
            mart
        )


def test_every_metric_is_described_and_listed() -> None:
    listed = set(
        re.findall(r"^\| `(\w+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    names = {metric["name"] for metric in LAYER["metrics"]}
    parts = {part["name"] for metric in LAYER["metrics"] for part in metric["type_params"].get("metrics", [])}
    assert listed == names - parts
    assert all(metric["description"].strip() and metric["label"] for metric in LAYER["metrics"])


@pytest.mark.slow
class TestInAProject:
    @pytest.fixture(scope="class")
    @staticmethod
    def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
        project = Project(tmp_path_factory.mktemp("semantic") / "project")
        (project.folder / "models").mkdir()
        for file in FOLDER.glob("focus_ai_*"):
            shutil.copy(file, project.folder / "models")
        with duckdb.connect(str(project.folder / "raw.duckdb")) as connection:
            connection.execute(MARTS)
        file = project.folder / "dbt_project.yml"
        file.write_text(file.read_text() + f"vars: {{focus_ai_sources: [{', '.join(SOURCES)}]}}\n")
        project.dbt("run", "--select", "focus_ai_time_spine").succeeded()
        return project

    @pytest.fixture(scope="class")
    @staticmethod
    def ask(project: Project) -> Any:
        """Ask MetricFlow; rows as text by column."""
        program = Path(sys.executable).parent / "mf"
        if not program.is_file():
            pytest.skip("needs dbt-metricflow")

        def query(metrics: str, group_by: str) -> list[dict[str, str]]:
            done = subprocess.run(
                [
                    *(str(program), "query", "--metrics", metrics, "--group-by", group_by),
                    *("--order", group_by, "--csv", "answer.csv"),
                ],
                cwd=project.folder,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stdout[-3000:]
            with (project.folder / "answer.csv").open(newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))

        return query

    def test_dbt_reads_it(self, project: Project) -> None:
        manifest = json.loads((project.folder / "target" / "semantic_manifest.json").read_text())
        assert {model["name"] for model in manifest["semantic_models"]} == {
            model["name"] for model in LAYER["semantic_models"]
        }
        assert {metric["name"] for metric in manifest["metrics"]} == {
            each["name"] for each in LAYER["metrics"]
        }

    def test_the_figures_are_those_of_the_marts(self, ask: Any) -> None:
        """September is not covered by the bills, and a day of it has no rate: null, not the rest."""
        names = (
            "cost revenue cost_of_revenue gross_margin gross_margin_share attributed_share tokens usage_cost"
        )
        rows = ask(",".join(f"focus_ai_{name}" for name in names.split()), "metric_time__month")
        found = [{key.removeprefix("focus_ai_"): value for key, value in row.items()} for row in rows]
        assert [row.pop("metric_time__month")[:7] for row in found] == ["2026-08", "2026-09"]
        august, september = (
            {name: float(value) if value else None for name, value in row.items()} for row in found
        )
        assert august == pytest.approx(
            {
                "cost": 118.99,
                "revenue": 900.1,
                "cost_of_revenue": 118.99,
                "gross_margin": 781.11,
                "gross_margin_share": 781.11 / 900.1,
                "attributed_share": 0.8,
                "tokens": 1499990,
                "usage_cost": 100,
            }
        )
        assert september == {
            "cost": pytest.approx(1018.04),
            "revenue": 895,
            "cost_of_revenue": pytest.approx(998.54),
            "gross_margin": None,
            "gross_margin_share": None,
            "attributed_share": None,
            "tokens": 3000000,
            "usage_cost": None,
        }

    def test_cost_and_revenue_meet_at_the_customer(self, ask: Any) -> None:
        rows = ask("focus_ai_revenue,focus_ai_usage_cost", "customer")
        assert {row["customer"]: row["focus_ai_revenue"] for row in rows if row["customer"]} == {
            "c1": "1790.1",
            "c2": "5.0",
        }
