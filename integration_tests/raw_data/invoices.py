"""What the providers invoiced: the cost known when the invoice was made, rounded to cents line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .billing import DailyBill, as_of
from .clock import DAY, at, iso
from .company import ANTHROPIC, Company
from .finance import grants, on_demand
from .money import ONE, cents, two_decimals, units
from .prices import WEB_SEARCH
from .tables import Table

VAT = "0.19"
SERVICE_CREDIT = units("-250.00")
_METER_OF = {WEB_SEARCH: "Web Search Requests", "other": "Other"}


class InvoiceLine(NamedTuple):
    """A line; `model` and `meter` None: the line covers all of them."""

    category: str  # FOCUS ChargeCategory
    description: str
    amount: int  # 10^-12, whole cents
    start: int
    end: int
    model: str | None = None
    meter: str | None = None
    tax_rate: str | None = None


class Invoice(NamedTuple):
    """Header and lines. `status` as FOCUS Invoice Detail has it."""

    invoice_id: str
    issuer: str
    account: str
    currency: str
    issued: int | None
    status: str
    start: int
    end: int
    lines: tuple[InvoiceLine, ...]
    created: int
    reference: str | None = None
    purchase_order: str | None = None


def invoices(company: Company, bills: list[DailyBill]) -> list[Invoice]:
    """All invoices of the three months; OpenAI's for October are not issued yet."""
    return [*_main(company, bills), *_emea(company, bills), *_claude(company, bills)]


def _main(company: Company, bills: list[DailyBill]) -> Iterator[Invoice]:
    """August was issued twice (the first voided); September was cut in two when it reached a threshold."""
    august, september, october, november = (at(2026, m, 1) for m in (8, 9, 10, 11))
    cut = at(2026, 9, 19)
    in_august = tuple(_lines_by_model(company, bills, august, september, at(2026, 9, 2)))

    def invoice(number: str, issued: int | None, status: str, start: int, end: int, lines, **more) -> Invoice:
        month = august if start < september else september if start < october else october
        month_end = september if month == august else october if month == september else november
        created = issued if issued is not None else end
        return Invoice(
            company.id(number),
            "OpenAI",
            company.main,
            "USD",
            issued,
            status,
            month,
            month_end,
            lines,
            created,
            **more,
        )

    yield invoice(
        "OAI-2026-08-01", at(2026, 9, 2), "Voided", august, september, in_august, purchase_order="PO-7713"
    )
    yield invoice(
        "OAI-2026-08-02",
        at(2026, 9, 3),
        "Issued",
        august,
        september,
        in_august,
        purchase_order="PO-7731",
        reference=company.id("OAI-2026-08-01"),
    )
    first = tuple(_lines_by_model(company, bills, september, cut, at(2026, 9, 20, 8)))
    rest = tuple(_lines_by_model(company, bills, cut, october, at(2026, 10, 3, 8)))
    credit = InvoiceLine(
        "Credit", "Service credit, incident of 3 September", SERVICE_CREDIT, september, october
    )
    yield invoice(
        "OAI-2026-09-01", at(2026, 9, 20, 9), "Issued", september, cut, first, purchase_order="PO-7731"
    )
    yield invoice(
        "OAI-2026-09-02",
        at(2026, 10, 3, 9),
        "Issued",
        cut,
        october,
        (*rest, credit),
        purchase_order="PO-7731",
    )
    yield invoice("OAI-2026-10-01", None, "Open", october, november, ())


def _lines_by_model(company: Company, bills: list[DailyBill], start: int, end: int, known_at: int):
    totals: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for bill in as_of(bills, known_at):
        if bill.account == company.main and start <= bill.day < end:
            for line in bill.lines:
                totals[line.model, None if line.model else _METER_OF[str(line.token_class)]] += line.amount
    for (model, meter), amount in sorted(totals.items(), key=lambda item: [str(part) for part in item[0]]):
        yield InvoiceLine("Usage", f"API usage: {model or meter}", cents(amount), start, end, model, meter)


def _emea(company: Company, bills: list[DailyBill]) -> Iterator[Invoice]:
    """One line a month, and value added tax."""
    for number, (start, end) in enumerate(
        ((at(2026, 8, 1), at(2026, 9, 1)), (at(2026, 9, 1), at(2026, 10, 1))), 8
    ):
        issued = end + 2 * DAY + 8 * 3_600
        usage = sum(
            line.amount
            for bill in as_of(bills, issued)
            if bill.account == company.emea and start <= bill.day < end
            for line in bill.lines
        )
        net = cents(usage)
        tax = cents(net // ONE * units(VAT) + net % ONE * units(VAT) // ONE)
        yield Invoice(
            company.id(f"OAI-EU-2026-{number:02d}"),
            "OpenAI",
            company.emea,
            "EUR",
            issued,
            "Issued",
            start,
            end,
            (
                InvoiceLine("Usage", "API usage", net, start, end),
                InvoiceLine("Tax", "VAT 19 %", tax, start, end, tax_rate=VAT),
            ),
            issued,
        )


def _claude(company: Company, bills: list[DailyBill]) -> Iterator[Invoice]:
    """Credit is invoiced when it is bought; what it did not cover, after the month."""
    for grant in grants(company):
        if grant.invoice_id:
            month = at(2026, int(iso(grant.purchased)[5:7]), 1)
            yield Invoice(
                grant.invoice_id,
                "Anthropic",
                company.claude,
                "USD",
                grant.purchased,
                "Issued",
                month,
                _next_month(month),
                (
                    InvoiceLine(
                        "Purchase", "Prepaid credit", units(grant.paid), grant.purchased, grant.expires
                    ),
                ),
                grant.purchased,
            )
    for start, end in ((at(2026, 8, 1), at(2026, 9, 1)), (at(2026, 9, 1), at(2026, 10, 1))):
        issued = end + DAY + 8 * 3_600
        known = [bill for bill in as_of(bills, issued) if bill.provider == ANTHROPIC]
        amount = sum(v for day, v in on_demand(known, grants(company)).items() if start <= day < end)
        if amount:
            yield Invoice(
                company.id(f"ANT-USE-{iso(start)[:7]}"),
                "Anthropic",
                company.claude,
                "USD",
                issued,
                "Issued",
                start,
                end,
                (InvoiceLine("Usage", "API usage beyond prepaid credit", cents(amount), start, end),),
                issued,
            )


def _next_month(month: int) -> int:
    return at(2026, int(iso(month)[5:7]) + 1, 1)


def tables(all_invoices: Iterable[Invoice]) -> Iterator[Table]:
    """The tables of the provider_invoices source."""
    listed = list(all_invoices)
    yield Table(
        "provider_invoices",
        "invoices",
        "invoice_id invoice_issuer_name billing_account_id currency issue_date due_date "
        "payment_terms status billing_period_start billing_period_end reference_invoice_id "
        "purchase_order_number created_at updated_at",
        (
            (
                invoice.invoice_id,
                invoice.issuer,
                invoice.account,
                invoice.currency,
                iso(invoice.issued) if invoice.issued is not None else None,
                iso(invoice.issued + 30 * DAY) if invoice.issued is not None else None,
                "Net 30",
                invoice.status,
                iso(invoice.start),
                iso(invoice.end),
                invoice.reference,
                invoice.purchase_order,
                iso(invoice.created),
                iso(invoice.created + (DAY if invoice.status == "Voided" else 0)),
            )
            for invoice in listed
        ),
    )
    yield Table(
        "provider_invoices",
        "invoice_lines",
        "invoice_line_id invoice_id line_type description amount service_start service_end "
        "sub_account_id model_id sku_meter tax_rate updated_at",
        (
            (
                f"{invoice.invoice_id}-{number}",
                invoice.invoice_id,
                line.category,
                line.description,
                two_decimals(line.amount),
                iso(line.start),
                iso(line.end),
                None,
                line.model,
                line.meter,
                line.tax_rate,
                iso(invoice.created),
            )
            for invoice in listed
            for number, line in enumerate(invoice.lines, 1)
        ),
    )
