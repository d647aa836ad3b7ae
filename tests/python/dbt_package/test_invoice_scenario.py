"""After a close, on the demo data: a refund, a late, a voided and overlapping invoices, a late grant."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from .project import Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

# OpenAI's European organisation: August was closed on 2026-09-04, September on 2026-10-06.
ACCOUNT = "(select billing_account_id from provider_invoices.invoices where invoice_id = 'OAI-EU-2026-08')"
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (f"2026-{month:02}-01T00:00:00Z" for month in (8, 9, 10, 11))
INVOICES = [  # id, adjusted invoice, billing period, created
    ("EU-REFUND", "OAI-EU-2026-08", OCTOBER, NOVEMBER, "2026-10-15T08:00:00Z"),
    ("EU-LATE", None, SEPTEMBER, OCTOBER, "2026-10-20T08:00:00Z"),
    ("EU-OCT-1", None, OCTOBER, NOVEMBER, "2026-10-13T08:00:00Z"),
    ("EU-OCT-2", None, OCTOBER, NOVEMBER, "2026-10-25T08:00:00Z"),
]
LINES = [  # id, invoice, type, amount, service window, tax rate
    ("EU-REFUND-1", "EU-REFUND", "Usage", "-20.00", AUGUST, SEPTEMBER, None),
    ("EU-REFUND-2", "EU-REFUND", "Tax", "-3.80", AUGUST, SEPTEMBER, "0.19"),
    ("EU-LATE-1", "EU-LATE", "Adjustment", "1.00", SEPTEMBER, OCTOBER, None),
    ("EU-OCT-1-1", "EU-OCT-1", "Usage", "300.00", OCTOBER, "2026-10-14T00:00:00Z", None),
    ("EU-OCT-2-1", "EU-OCT-2", "Usage", "300.00", "2026-10-12T00:00:00Z", "2026-10-24T00:00:00Z", None),
]
LATE_GRANT = """
insert into finance.prepaid_grants by name
select 'late_grant' as grant_id, source_relation, billing_account_id, '2026-08-10T00:00:00Z' as purchased_at,
       '2026-12-01T00:00:00Z' as expires_at, '1000.00' as face_amount, currency, '1000.00' as paid_amount,
       '2026-09-15T00:00:00Z' as recorded_at
from finance.prepaid_grants limit 1
"""
MODELS = [
    "focus_ai__invoice_detail",
    "focus_ai__conservation",
    "focus_ai__conservation_checks",
    "focus_ai__invoice_reconciliation",
    "focus_ai__invoice_match_findings",
    "focus_ai__prepaid_roll_forward",
    "focus_ai__journal_entries",
]
# August's invoice of OpenAI, booked before August was closed, is voided and issued anew.
VOIDED, REISSUED, VOIDED_AT = "OAI-2026-08-02", "OAI-2026-08-03", "2026-10-15T00:00:00Z"
VOID = (
    f"""insert into provider_invoices.invoices by name
    select * replace (
        '{REISSUED}' as invoice_id, '{VOIDED}' as reference_invoice_id, '2026-10-16T00:00:00Z' as created_at,
        '2026-10-16T00:00:00Z' as issue_date, '2026-10-16T00:00:00Z' as updated_at
    ) from provider_invoices.invoices where invoice_id = '{VOIDED}'""",
    f"""insert into provider_invoices.invoice_lines by name
    select * replace ('{REISSUED}' as invoice_id) from provider_invoices.invoice_lines
    where invoice_id = '{VOIDED}'""",
    f"""update provider_invoices.invoices set status = 'Voided', updated_at = '{VOIDED_AT}'
    where invoice_id = '{VOIDED}'""",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Project:
    """The models, built with all their data tests on the demo data and what came after the closes."""
    from raw_data.load import load_duckdb  # importable once `demo_data` has been made

    project = Project(tmp_path_factory.mktemp("scenario") / "project")
    load_duckdb(demo_data, project.folder / "raw.duckdb")
    with duckdb.connect(str(project.folder / "raw.duckdb")) as connection:
        for statement in (LATE_GRANT, *VOID):
            connection.execute(statement)
        connection.executemany(
            f"""insert into provider_invoices.invoices by name
            select $1 as invoice_id, $2 as reference_invoice_id, $3 as billing_period_start,
                   $4 as billing_period_end, $5 as created_at, $5 as updated_at, $5 as issue_date,
                   'OpenAI' as invoice_issuer_name, {ACCOUNT} as billing_account_id, 'EUR' as currency,
                   'Net 30' as payment_terms, 'Issued' as status""",
            INVOICES,
        )
        connection.executemany(
            """insert into provider_invoices.invoice_lines by name
            select $1 as invoice_line_id, $2 as invoice_id, $3 as line_type, $4 as amount,
                   $5 as service_start, $6 as service_end, $7 as tax_rate, $3 as description""",
            LINES,
        )
    selected = ["--select", *(f"+{model}" for model in MODELS), "--indirect-selection", "cautious"]
    sources = ["openai", "anthropic", "finance", "provider_invoices"]
    project.dbt("build", *selected, "--exclude-resource-type", "unit_test", sources=sources).succeeded()
    return project


def line(project: Project, line_id: str) -> tuple[object, ...]:
    (row,) = project.query(
        f"""select reconciliation_status, difference_reason, matched_row_count > 0
        from main_focus_ai.focus_ai__invoice_reconciliation where invoice_line_id = '{line_id}'"""
    )
    return row


def focus_rows(project: Project, description: str, columns: str) -> list[tuple[object, ...]]:
    return project.query(
        f"""select {columns} from main_focus.focus_ai__cost_and_usage
        where "ChargeDescription" = '{description}' and "BillingCurrency" = 'EUR'"""
    )


def test_usage_and_closed_periods_are_conserved(project: Project) -> None:
    rows = project.query(
        """select check_name, count(*) from main_focus_ai.focus_ai__conservation_checks
        where check_status = 'Exact' and check_name <> 'InvoicedCost' group by 1 order by 1"""
    )
    assert rows == [("ClosedBilledCost", 6), ("ClosedEffectiveCost", 6), ("UsageCost", 9)]


def test_a_refund_is_a_correction_on_its_own_invoice(project: Project) -> None:
    columns = '"ChargeClass", "BilledCost", "ListCost", "InvoiceId", "x_CorrectedInvoiceId", "SkuPriceId"'
    refund = ("Correction", Decimal(-20), Decimal(-20), "EU-REFUND", "OAI-EU-2026-08", None)
    assert focus_rows(project, "Usage", columns) == [refund]
    assert line(project, "EU-REFUND-1") == ("Tied", None, True)


def test_the_tax_of_a_refund_taxes_the_refund(project: Project) -> None:
    (row,) = focus_rows(project, "Tax", '"BilledCost", "ListCost", "ContractedCost", "InvoiceId"')
    assert row == (Decimal("-3.8"), Decimal("-3.8"), Decimal("-3.8"), "EU-REFUND")
    assert line(project, "EU-REFUND-2") == ("Tied", None, True)


def test_a_late_invoice_is_posted_in_the_open_period_without_its_id(project: Project) -> None:
    columns = (
        '"ChargeClass", month("BillingPeriodStart"), month("x_CorrectedBillingPeriodStart"), "InvoiceId"'
    )
    row = ("Correction", 10, 9, None)
    assert focus_rows(project, "Adjustment", columns) == [row]
    assert line(project, "EU-LATE-1") == ("Open", "Timing", False)


def test_days_on_two_invoices_stand_on_none(project: Project) -> None:
    days = project.query(
        """select distinct charge_period_start::date::varchar, hit_count
        from main_focus_ai.focus_ai__invoice_match_findings
        where match_status = 'Ambiguous' order by 1"""
    )
    assert days == [("2026-10-12", 2), ("2026-10-13", 2)]
    assert line(project, "EU-OCT-1-1")[0] == "Open"
    assert line(project, "EU-OCT-2-1")[0] == "Open"


def test_a_late_grant_corrects_the_closed_period(project: Project) -> None:
    rows = project.query(
        """select accounting_period_start::date::varchar, bought_face, drawn_face, corrected_bought_face,
               corrected_drawn_face, closing_face
        from main_focus_ai.focus_ai__prepaid_roll_forward
        where grant_id = 'late_grant' and accounting_period_start < '2026-10-01' order by 1"""
    )
    assert rows == [("2026-08-01", 0, 0, 0, 0, 0), ("2026-09-01", 0, 0, 1000, 1000, 0)]


def documents(project: Project, invoice_id: str) -> list[tuple[object, ...]]:
    return project.query(
        f"""select month(accounting_period_start), journal_type, posting_date::varchar, sum(debit_subunits)
        from main_focus_ai.focus_ai__journal_entries where reference = '{invoice_id}'
        group by all order by all"""
    )


def test_a_closed_journal_keeps_an_invoice_that_is_voided_later(project: Project) -> None:
    """The open month takes it back and books what was issued in its place; nothing is accrued in between."""
    ((cents,),) = project.query(
        f"""select cast(sum(amount::decimal(38, 2)) * 100 as bigint) from provider_invoices.invoice_lines
        where invoice_id = '{VOIDED}'"""
    )
    assert documents(project, VOIDED) == [
        (8, "Invoice", "2026-08-31", cents),
        (10, "InvoiceVoid", VOIDED_AT[:10], cents),
    ]
    assert documents(project, REISSUED) == [(10, "Invoice", "2026-10-16", cents)]
    accrued = project.query(
        """select distinct month(accounting_period_start) from main_focus_ai.focus_ai__accruals
        where entry_type = 'Accrual' and accrual_basis = 'NotInvoiced' and billing_currency = 'USD'
            and invoice_issuer_name = 'OpenAI' order by 1"""
    )
    assert accrued == [(10,)]


def test_a_late_invoice_is_booked_when_it_comes(project: Project) -> None:
    assert documents(project, "EU-LATE") == [(10, "Invoice", "2026-10-20", 100)]


def test_the_journal_books_every_cost(project: Project) -> None:
    """In each month that has ended, to the last decimal."""
    differences = project.query(
        """with booked as (
            select accounting_period_start, vendor, currency, sum(exact_amount) as amount
            from main_focus_ai_intermediate.int_focus_ai__journal_postings
            where coalesce(reference, '') <> 'Estimate' group by all
        ), cost as (
            select "x_AccountingPeriodStart" as accounting_period_start, "InvoiceIssuerName" as vendor,
                "BillingCurrency" as currency,
                sum(if("CommitmentDiscountStatus" is null, "BilledCost", "EffectiveCost")) as amount
            from main_focus.focus_ai__cost_and_usage group by all
        )
        select * from booked inner join cost using (accounting_period_start, vendor, currency)
        where booked.amount <> cost.amount and accounting_period_start < '2026-11-01'"""
    )
    assert differences == []
