"""The raw tables that the company's loaders write: their columns, and how they come into DuckDB."""

from __future__ import annotations

import calendar
import json
from datetime import datetime
from pathlib import Path

import duckdb

Row = tuple[str | None, ...]

_COLUMNS = {
    "openai.costs": """
        organization_id start_time end_time amount_value amount_currency line_item project_id
        api_key_id quantity quantity_unit group_by loaded_at
    """,
    "openai.completions_usage": """
        organization_id start_time end_time input_tokens input_cached_tokens output_tokens
        num_model_requests project_id api_key_id model batch service_tier group_by loaded_at
    """,
    "openai.bucket_loads": "organization_id endpoint group_by start_time end_time result_count loaded_at",
    "openai.projects": "id name organization_id",
    "openai.project_api_keys": "id name project_id",
    "anthropic.cost_report": """
        organization_id starting_at ending_at amount currency cost_type description model
        context_window inference_geo service_tier token_type workspace_id group_by loaded_at
    """,
    "anthropic.messages_usage": """
        organization_id starting_at ending_at uncached_input_tokens
        cache_creation_ephemeral_5m_input_tokens cache_creation_ephemeral_1h_input_tokens
        cache_read_input_tokens output_tokens server_tool_use_web_search_requests api_key_id
        workspace_id model context_window service_tier inference_geo group_by loaded_at
    """,
    "anthropic.bucket_loads": """
        organization_id endpoint group_by starting_at ending_at result_count loaded_at
    """,
    "anthropic.workspaces": "id name organization_id",
    "anthropic.api_keys": "id name workspace_id",
    "litellm.LiteLLM_SpendLogs": """
        request_id api_key spend prompt_tokens completion_tokens startTime endTime model model_id
        custom_llm_provider user metadata cache_hit request_tags team_id end_user session_id status
        agent_id loaded_at
    """,
    "litellm.LiteLLM_ProxyModelTable": "model_id model_name model_info",
    "stripe.invoice": """
        id customer_id currency status created finalized_at status_transitions_finalized_at
        status_transitions_voided_at livemode is_deleted
    """,
    "stripe.invoice_line_item": "id invoice_id amount currency period_start period_end metadata",
    "stripe.credit_note": "id invoice_id created status voided_at",
    "stripe.credit_note_line_item": "id credit_note_id amount invoice_line_item_id",
    "attribution.customers": "customer_id customer_name segment is_internal currency recorded_at",
    "attribution.customer_identifiers": """
        customer_id identifier_type identifier effective_from effective_to recorded_at
    """,
    "attribution.agents": "agent_id agent_name product_line workflow_id cost_center recorded_at",
    "attribution.attribution_rules": """
        rule_id priority match_type match_value source_relation customer_id product_line agent_id
        workflow_id cost_center cost_class effective_from effective_to recorded_at
    """,
    "attribution.override_requests": """
        request_id match_credential_id match_customer_id charge_period_from charge_period_to
        customer_id is_reclass reason requested_by requested_at approved_by approved_at recorded_at
        withdraws_request_id
    """,
    "attribution.shared_cost_rules": """
        rule_id match_leftover_reason match_customer_id method receivers receiver_customer_ids
        effective_from effective_to recorded_at
    """,
    "provider_invoices.invoices": """
        invoice_id invoice_issuer_name billing_account_id currency issue_date status
        billing_period_start billing_period_end reference_invoice_id created_at updated_at payment_terms
    """,
    "provider_invoices.invoice_lines": """
        invoice_line_id invoice_id line_type amount service_start service_end tax_rate
    """,
    "finance.contract_prices": """
        price_id source_relation billing_account_id model_id token_class currency pricing_unit
        unit_price effective_from effective_to recorded_at recorded_by
    """,
    "finance.fx_rates": "month from_currency to_currency rate_type rate recorded_at",
    "finance.prepaid_grants": """
        grant_id source_relation billing_account_id purchased_at expires_at face_amount currency
        paid_amount invoice_id invoice_line_id recorded_at
    """,
    "finance.other_costs": """
        accounting_period_start cost_type currency amount recorded_at other_cost_id customer_id
    """,
    "finance.journal_accounts": """
        account_map_id entity_id charge_category debit_account credit_account accrual_account
        effective_from recorded_at
    """,
    "finance.revenue_subledger": """
        entry_id posting_date billing_customer_id invoice_id currency amount posted_at
    """,
    "finance.budgets": """
        budget_id scope scope_id period_start period_end currency amount warn_at_ratio deny_at_ratio
        recorded_at
    """,
    "general_ledger.gl_entries": "entry_id posting_date account currency amount vendor reference",
    "finance.close_log": """
        company_id accounting_period_start invoice_issuer_name billing_period_start action closed_at
        closed_by reviewed_by reason
    """,
}
COLUMNS = {table: columns.split() for table, columns in _COLUMNS.items()}


def iso(moment: datetime) -> str:
    """As the raw tables write a moment."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def epoch(moment: datetime) -> str:
    """Seconds since 1970, UTC."""
    return str(calendar.timegm(moment.timetuple()))


def load(tables: dict[str, list[Row]], database: Path) -> None:
    """The raw tables as they are now, each anew."""
    with duckdb.connect(str(database)) as connection:
        for table, rows in tables.items():
            schema, name = table.split(".")
            columns = ", ".join(f"'{column}': 'varchar'" for column in COLUMNS[table])
            file = database.with_name("rows.json")
            file.write_text(
                "\n".join(json.dumps(dict(zip(COLUMNS[table], row, strict=True))) for row in rows)
            )
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"""create or replace table {schema}."{name}" as
                select * from read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})"""
            )
