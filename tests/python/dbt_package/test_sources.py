"""The switch of sources: combinations parse and build, mistakes get one clear line, tables are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import REPOSITORY, SOURCES, Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

COSTS = [
    "organization_id",
    "start_time",
    "end_time",
    "amount_value",
    "amount_currency",
    "line_item",
    "project_id",
    "api_key_id",
    "quantity",
    "quantity_unit",
    "group_by",
    "loaded_at",
]
A_COST = {
    "organization_id": "org",
    "start_time": "1785542400",
    "end_time": "1785628800",
    "amount_value": "1.25",
    "amount_currency": "usd",
    "line_item": "gpt-5-2025-08-07, input",
    "project_id": "proj",
    "api_key_id": "key",
    "quantity": "1000000",
    "quantity_unit": "tokens",
    "group_by": "line_item",
    "loaded_at": "2026-08-02T06:00:00Z",
}
PROJECTS = ["id", "name", "organization_id"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def openai_tables(project: Project, without: tuple[str, ...] = (), schema: str = "openai") -> None:
    columns = [column for column in COSTS if column not in without]
    project.raw_table(f"{schema}.costs", columns, [[A_COST[column] for column in columns]])
    project.raw_table(f"{schema}.projects", PROJECTS, [["proj", "Production", "org"]])


STAGED = ["--select", "+stg_focus_ai__openai_costs", "--exclude-resource-type", "test", "unit_test"]


def test_promise_20_without_a_source_nothing_is_built(project: Project) -> None:
    run = project.dbt("build").succeeded()
    assert "Nothing to do" in run.output
    assert project.query("select * from information_schema.tables") == []


def test_nothing_deprecated_is_used(project: Project) -> None:
    project.dbt("parse", "--warn-error-options", '{"error": ["Deprecations"]}', sources=SOURCES).succeeded()


def test_an_unknown_source_is_named_with_what_is_allowed(project: Project) -> None:
    output = project.dbt("parse", sources=["openai", "antropic"]).failed()
    assert "unknown source 'antropic' in var focus_ai_sources; allowed: openai, anthropic," in output


def test_a_list_of_sources_must_be_a_list(project: Project) -> None:
    output = project.dbt("parse", sources="openai").failed()
    assert "var focus_ai_sources must be a list, for example [openai, anthropic]; it is: openai" in output


def test_a_table_that_is_not_there_is_named_with_the_remedy(project: Project) -> None:
    output = project.dbt("build", *STAGED, sources=["openai"]).failed()
    assert 'source \'openai\' is on, but table "raw"."openai"."costs" does not exist.' in output
    assert "Point vars focus_ai_openai_schema and focus_ai_openai_database to it" in output


def test_a_missing_required_column_is_named_with_its_table(project: Project) -> None:
    openai_tables(project, without=("amount_value",))
    output = project.dbt("build", *STAGED, sources=["openai"]).failed()
    assert (
        '"openai"."costs" lacks required column amount_value; it has: amount_currency, api_key_id' in output
    )


def test_a_missing_optional_column_is_null(project: Project) -> None:
    openai_tables(project, without=("quantity", "quantity_unit", "api_key_id", "group_by"))
    project.dbt("build", *STAGED, sources=["openai"]).succeeded()
    assert project.query(
        "select provider_reported_cost::varchar, provider_quantity, credential_id, sub_account_name "
        "from main_focus_ai_staging.stg_focus_ai__openai_costs"
    ) == [("1.250000000000", None, None, "Production")]


def test_invoices_without_payment_terms_are_told_what_mends_it(project: Project) -> None:
    """FOCUS wants the terms of every invoice; the raw column may be missing where a var says them."""
    month = {"billing_period_start": "2026-08-01", "billing_period_end": "2026-09-01"}
    invoice = {"invoice_id": "in", "invoice_issuer_name": "OpenAI", "billing_account_id": "org"}
    invoice |= {"currency": "USD", "issue_date": "2026-09-01", "status": "Issued"} | month
    line = {"invoice_line_id": "1", "invoice_id": "in", "line_type": "Usage", "amount": "1"}
    line |= {"description": "Usage", "tax_rate": "0", "service_start": None, "service_end": None}
    project.raw_table("provider_invoices.invoices", invoice, [invoice.values()])
    project.raw_table("provider_invoices.invoice_lines", line, [line.values()])
    build = ["build", "--exclude-resource-type", "unit_test", "--select", "+focus_ai__invoice_detail"]
    output = project.dbt(*build, sources=["provider_invoices"]).failed()
    assert "focus_ai_payment_terms_are_on_the_invoice_or_in_var_focus_ai_payment_terms" in output
    terms = {"focus_ai_payment_terms": {"OpenAI": "Net 30"}}
    project.dbt(*build, sources=["provider_invoices"], **terms).succeeded()
    detail = 'select "PaymentTerms" from main_focus.focus_ai__invoice_detail'
    assert project.query(detail) == [("Net 30",)]


@pytest.mark.parametrize("type_", ["double", "decimal(18,6)", "varchar"])
def test_amounts_of_any_type_become_the_same_money(project: Project, type_: str) -> None:
    openai_tables(project)
    project.query(f"alter table openai.costs alter amount_value type {type_}")
    project.query("alter table openai.costs alter loaded_at type timestamptz using loaded_at::timestamptz")
    project.query("alter table openai.costs alter start_time type bigint using start_time::bigint")
    project.dbt("build", *STAGED, sources=["openai"]).succeeded()
    assert project.query(
        "select provider_reported_cost::varchar, loaded_at::varchar, charge_period_start::varchar "
        "from main_focus_ai_staging.stg_focus_ai__openai_costs"
    ) == [("1.250000000000", "2026-08-02 06:00:00", "2026-08-01 00:00:00")]


@pytest.mark.parametrize(
    ("mark", "deleted"),
    [
        ("_fivetran_deleted boolean default false", "true"),
        ("_sdc_deleted_at timestamp", "'2026-08-03'"),
        ('"_AB_CDC_DELETED_AT" varchar', "'2026-08-03T00:00:00Z'"),
    ],
)
def test_rows_that_the_connector_marks_as_deleted_are_gone(project: Project, mark: str, deleted: str) -> None:
    openai_tables(project)
    project.query(f"alter table openai.costs add column {mark}")
    gone = A_COST | {"project_id": "gone", "amount_value": "99"}
    project.insert("openai.costs", **gone)
    project.query(f"update openai.costs set {mark.split()[0]} = {deleted} where project_id = 'gone'")
    project.dbt(
        "build",
        "--select",
        "+stg_focus_ai__openai_costs",
        "--exclude-resource-type",
        "unit_test",
        sources=["openai"],
    ).succeeded()
    assert project.query(
        "select sub_account_id, provider_reported_cost::varchar "
        "from main_focus_ai_staging.stg_focus_ai__openai_costs"
    ) == [("proj", "1.250000000000")]


def test_tables_are_found_in_another_schema(project: Project) -> None:
    openai_tables(project, schema="raw_llm")
    project.dbt("build", *STAGED, sources=["openai"], focus_ai_openai_schema="raw_llm").succeeded()
    assert project.query("select count(*) from main_focus_ai_staging.stg_focus_ai__openai_costs") == [(1,)]


def test_a_model_of_the_user_joins_an_input(project: Project) -> None:
    openai_tables(project)
    models = project.folder / "models"
    models.mkdir()
    contract = (REPOSITORY / "models" / "input" / "focus_ai__billed_cost.sql").read_text()
    columns = [line.split("'")[1] for line in contract.splitlines() if line.startswith("    '")]
    values = {
        "source_relation": "'my_gateway'",
        "charge_key": "'my-1'",
        "provider_reported_cost": "'0.1'",
        "loaded_at": "'2026-08-02'",
    }
    (models / "my_bill.sql").write_text(
        "select " + ", ".join(f"{values.get(column, 'null')} as {column}" for column in columns)
    )
    select = ["--select", "+focus_ai__billed_cost", "--exclude-resource-type", "test", "unit_test"]
    extra = {"focus_ai_extra_billed_cost_models": ["my_bill"]}
    project.dbt("build", *select, sources=["openai"], **extra).succeeded()
    input_ = "main_focus_ai_staging.focus_ai__billed_cost"
    rows = f"select source_relation, provider_reported_cost::varchar from {input_}"
    assert sorted(project.query(rows)) == [("my_gateway", "0.100000000000"), ("openai", "1.250000000000")]

    # Alone, without a source of the package, it makes the input exist.
    project.dbt("build", *select, sources=[], **extra).succeeded()
    assert project.query(rows) == [("my_gateway", "0.100000000000")]


def test_extra_models_must_be_a_list(project: Project) -> None:
    output = project.dbt("parse", sources=["openai"], focus_ai_extra_billed_cost_models="my_bill").failed()
    assert "var focus_ai_extra_billed_cost_models must be a list of model names; it is: my_bill" in output
