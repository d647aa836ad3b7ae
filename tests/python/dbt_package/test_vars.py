"""Vars that become part of a query: what is not of their form stops the run; no quote gets into SQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .dbt_server import run_dbt

pytest.importorskip("dbt.adapters.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

NASTY = "0.1' or 1 = 1 --"
MACROS = {
    "focus_ai_reporting_currency": "reporting_currency()",
    "focus_ai_tax_is_cost_of_revenue_share": "irrecoverable_tax_share()",
    "focus_ai_correction_style": "correction_style()",
    "focus_ai_close_share_limit": "close_share_limit()",
    "focus_ai_close_tolerance_per_line_subunits": "invoice_line_tolerance('subunit')",
    "focus_ai_falling_margin_months": "falling_margin_months()",
    "focus_ai_concentration_share": "concentration_share()",
    "focus_ai_flash_days": "flash_days()",
    "focus_ai_revenue_basis": "revenue_basis()",
    "focus_ai_version": "focus_version()",
    "focus_ai_usage_price_share_limit": "usage_price_share_limit()",
    "focus_ai_withdrawn_share_limit": "withdrawn_share_limit()",
    "focus_ai_billing_account_names": "billing_account_name('id')",
    "focus_ai_payment_terms": "payment_terms('issuer')",
}


def compile_inline(macro: str, **variables: object) -> list[str]:
    inline = (
        f"select '{{{{ focus_ai.{macro} }}}}' as x" if macro.endswith("()") else f"{{{{ focus_ai.{macro} }}}}"
    )
    return ["--quiet", "compile", "--inline", inline, "--output", "json", "--vars", json.dumps(variables)]


def test_a_var_with_a_quote_stops_the_run_by_its_name(macros: Path) -> None:
    runs = run_dbt(macros, *(compile_inline(macro, **{var: NASTY}) for var, macro in MACROS.items()))
    for var, run in zip(MACROS, runs, strict=True):
        assert var in run.failed(), var


def test_names_of_accounts_are_quoted(macros: Path) -> None:
    names = {"a'; drop table t; --": "O'Brien"}
    (run,) = run_dbt(
        macros, compile_inline("billing_account_name('id')", focus_ai_billing_account_names=names)
    )
    compiled = json.loads(run.succeeded().output)["compiled"]
    assert "when 'a''; drop table t; --' then 'O''Brien'" in compiled
