"""What each check must see: one wrong cell in a warehouse whose books hold."""

from __future__ import annotations

import duckdb

from simulation import checks, mart_checks
from simulation.checks import Check
from simulation.company import Company
from simulation.truth import Truth

FOCUS_ROW = f"update {checks.FOCUS} set {{}} where rowid = (select min(rowid) from {checks.FOCUS} where {{}})"
OF_A_BILL = """"ChargeCategory" = 'Usage' and "BilledCost" <> 0 and "x_CorrectionReason" is null"""
A_PICO = "0.000000000001"

TAMPERINGS: dict[Check, str] = {
    checks.cost_of_usage_and_purchases: FOCUS_ROW.format(
        f'"BilledCost" = "BilledCost" + {A_PICO}', OF_A_BILL
    ),
    checks.cost_of_each_day: FOCUS_ROW.format(f'"EffectiveCost" = "EffectiveCost" + {A_PICO}', OF_A_BILL),
    checks.tokens_of_each_day: f"""update {checks.FOCUS} set "ConsumedQuantity" = "ConsumedQuantity" + 1
        where "ConsumedUnit" = 'Tokens'""",
    checks.rules_of_rows: FOCUS_ROW.format(f'"ListCost" = "ListCost" + {A_PICO}', OF_A_BILL),
    checks.period_of_each_day: FOCUS_ROW.format(
        '"x_AccountingPeriodStart" = "ChargePeriodStart" - interval 90 day', OF_A_BILL
    ),
    checks.draws_on_credit: FOCUS_ROW.format(
        f'"EffectiveCost" = "EffectiveCost" + {A_PICO}', """"CommitmentDiscountStatus" = 'Used'"""
    ),
    checks.invoice_of_each_day: FOCUS_ROW.format(
        '"InvoiceDetailId" = null', f'{OF_A_BILL} and "InvoiceId" is not null'
    ),
    checks.tax_credits_and_refunds: FOCUS_ROW.format(
        '"BilledCost" = 0', """"ChargeCategory" in ('Tax', 'Credit') and "BilledCost" <> 0"""
    ),
    checks.invoices_tie: f"update {checks.ROUNDING} set billed_cost = billed_cost + 1",
    checks.revenue_of_each_line: f"update {checks.REVENUE} set amount = amount + {A_PICO} where rowid = 0",
    checks.subledger_ties: f"update {checks.SUBLEDGER} set reconciliation_status = 'Open' where rowid = 0",
    checks.other_cost_of_each_month: f"delete from {checks.OTHER_COSTS} where rowid = 0",
    checks.margin_in_reporting_currency: f"""update {checks.MONTHLY}
        set ai_cost_of_revenue = ai_cost_of_revenue + {A_PICO}, operating_ai_cost = 0 where rowid = 0""",
    checks.margins_are_known: f"""update {checks.MONTHLY} set gross_margin = gross_margin + {A_PICO}
        where gross_margin is not null""",
    checks.attributed_and_not: """delete from main_focus_ai.focus_ai__unattributed_spend
        where effective_cost <> 0""",
    checks.shares_are_one: f"""update {checks.POSTED} set allocated_ratio = allocated_ratio - {A_PICO}
        where posting_kind = 'Original' and allocated_ratio is not null""",
    checks.calls_share_what_was_counted: f"""update {checks.CONSUMPTION} set quantity = quantity + 100
        where is_observed and token_class <> 'request' and ledger_version = 'current'
            and source_relation = 'anthropic' and attribution_method_id = 'EndUser'""",
    checks.payers_of_each_key: f"update {checks.OVERRIDDEN} set customer_id = 'nobody'",
    checks.only_news_correct: FOCUS_ROW.format(
        """"x_SourceRelation" = 'another', "x_CorrectionReason" = 'RestatedAccount',
            "x_CorrectedBillingPeriodStart" = "BillingPeriodStart\"""",
        OF_A_BILL,
    ),
    checks.reclasses_move_no_money: FOCUS_ROW.format(
        '"BilledCost" = "BilledCost" * 2', """"x_CorrectionReason" = 'Reclass' and "BilledCost" <> 0"""
    ),
    mart_checks.journal_balances: "delete from main_focus_ai.focus_ai__journal_entries where rowid = 0",
    mart_checks.ledger_reconciles: f"""update {mart_checks.LEDGER} set difference_reason = 'Unknown'
        where difference_reason <> 'Unknown'""",
    mart_checks.budgets_spend_what_it_costs: f"update {mart_checks.BUDGETS} set spent = spent + {A_PICO}",
}


def unseen(company: Company, books: Truth, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Checks that find nothing wrong with what was made wrong; where there is nothing to change, none."""
    blind = []
    for check, statement in TAMPERINGS.items():
        connection.begin()
        row = connection.execute(statement).fetchone()
        if row and row[0] and not any(check(company, books, connection)):
            blind.append(check.__name__)
        connection.rollback()
    return blind
