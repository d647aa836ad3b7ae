"""Equalities between the sheets of a pack: what would have to break for a figure to be wrong unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from focus_validate.close_pack.margin import effects
from focus_validate.close_pack.source import Source
from focus_validate.close_pack.tables import Condition, Figure, Table, Tie

Tables = dict[str, Table]


def all_ties(tables: Tables, source: Source) -> list[Tie]:
    """Every equality whose sheets are there."""
    return [
        *_margin(tables, source),
        *_bridge(tables, source),
        *_cost(tables, source),
        *_evidence(tables),
        *_journal(tables),
        *_checks(tables),
        *_attributed(tables, source),
    ]


def _margin(tables: Tables, source: Source) -> Iterator[Tie]:
    customers, lines, months = (tables[sheet] for sheet in ("Margin by customer", "Margin lines", "Trend"))
    month: tuple[Condition, ...] = (("month", "=", source.period.first_day),)
    for column, words in (
        ("revenue", "Revenue"),
        ("ai_cost_of_revenue", "AI cost of revenue"),
        ("gross_margin", "Gross margin"),
    ):
        for table, text, where in ((lines, "Margin lines", ()), (months, "Trend, the month", month)):
            yield _tie(
                words,
                ("Margin by customer", Figure(customers, column)),
                (text, Figure(table, column, where)),
                source.currency,
            )
    if "Unattributed" in tables:
        yield Tie(
            "Cost of nobody",
            "Margin lines, unattributed",
            tuple((1, Figure(lines, "effective_cost", (("customer", "=", name),))) for name in _NOBODY),
            "Unattributed",
            ((1, Figure(tables["Unattributed"], "reporting_effective_cost")),),
            currency=source.currency,
        )


_NOBODY = ("(unattributed)", "(no customer)")


def _bridge(tables: Tables, source: Source) -> Iterator[Tie]:
    if "Bridge" not in tables:
        return
    customers, bridge = tables["Margin by customer"], tables["Bridge"]
    for words, column, other in (
        ("Change of gross margin", "change", "gross_margin_change"),
        ("Gross margin", "gross_margin", "gross_margin"),
        ("Gross margin, month before", "previous_gross_margin", "previous_gross_margin"),
    ):
        yield _tie(
            words,
            ("Margin by customer", Figure(customers, column)),
            ("Bridge", Figure(bridge, other)),
            source.currency,
        )
    yield Tie(
        "Drivers of the change",
        "Bridge parts",
        ((1, Figure(tables["Bridge parts"], "amount")),),
        "Bridge, the drivers' columns",
        tuple((1, Figure(bridge, name)) for name in effects(source)),
        currency=source.currency,
    )


def _cost(tables: Tables, source: Source) -> Iterator[Tie]:
    """Cost by class and by cost center, tax and corrections included, is that of the margin lines."""
    lines = Figure(tables["Margin lines"], "effective_cost")
    for sheet in ("Cost by class", "Chargeback"):
        if sheet in tables:
            there = (sheet, Figure(tables[sheet], "total"))
            yield _tie("EffectiveCost", ("Margin lines", lines), there, source.currency)


def _journal(tables: Tables) -> Iterator[Tie]:
    """Debits are credits, in each currency."""
    journal = tables.get("Journal")
    for currency in journal.currencies() if journal else ():
        where: tuple[Condition, ...] = (("currency", "=", currency),)
        debit, credit = (Figure(journal, side, where) for side in ("debit", "credit"))  # type: ignore[arg-type]
        yield _tie("Journal balances", ("Journal, debits", debit), ("Journal, credits", credit), currency)


def _evidence(tables: Tables) -> Iterator[Tie]:
    """Amounts of the reconciliations against each other, by currency."""
    if "Invoices" not in tables or "Conservation" not in tables:
        return
    invoices, conservation = tables["Invoices"], tables["Conservation"]
    for currency in invoices.currencies():
        kept: tuple[Condition, ...] = (
            ("billing_currency", "=", currency),
            ("invoice_status", "<>", "Voided"),
        )
        checked: tuple[Condition, ...] = (
            ("billing_currency", "=", currency),
            ("check_name", "=", "InvoicedCost"),
        )
        yield _tie(
            "Invoices of the month",
            ("Invoices, not voided", Figure(invoices, "line_amount", kept)),
            ("Conservation, InvoicedCost", Figure(conservation, "evidence_amount", checked)),
            currency,
        )


_OPEN: dict[str, Callable[[Tables], tuple[str, Figure | None]]] = {
    "UsageConserved": lambda tables: (
        "Conservation, not exact",
        _count(tables, "Conservation", ("check_name", "<>", "InvoicedCost"), ("check_status", "<>", "Exact")),
    ),
    "InvoicedCostTied": lambda tables: (
        "Conservation, InvoicedCost that differs",
        _count(tables, "Conservation", ("check_name", "=", "InvoicedCost"), ("check_status", "=", "Differs")),
    ),
    "InvoiceLinesTied": lambda tables: (
        "Invoices, open lines",
        _count(
            tables, "Invoices", ("invoice_status", "<>", "Voided"), ("reconciliation_status", "=", "Open")
        ),
    ),
    "ChargesMatched": lambda tables: (
        "Unmatched charges, not awaiting",
        _sum(tables, "Unmatched charges", "findings", ("is_awaiting_invoice", "=", False)),
    ),
    "InvoicesReceived": lambda tables: (
        "Unmatched charges, awaiting",
        _sum(tables, "Unmatched charges", "findings", ("is_awaiting_invoice", "=", True)),
    ),
    "LedgerTied": lambda tables: (
        "General ledger, open",
        _count(tables, "General ledger", ("reconciliation_status", "=", "Open")),
    ),
    "RevenueTied": lambda tables: (
        "Revenue subledger, open",
        _count(tables, "Revenue subledger", ("reconciliation_status", "=", "Open")),
    ),
    "NoDuplicateInvoices": lambda tables: ("Duplicate invoices", _count(tables, "Duplicate invoices")),
    "EvidenceKept": lambda tables: (
        "Withdrawn evidence, unusual",
        _count(tables, "Withdrawn evidence", ("is_unusual", "=", True)),
    ),
    "AccrualsPriced": lambda tables: (
        "Accruals, without a price",
        _count(tables, "Accruals", ("entry_type", "=", "Accrual"), ("is_unpriced", "=", True)),
    ),
    "JournalMapped": lambda tables: (
        "Journal, lines without an account",
        _sum(tables, "Journal", "line_count", ("account_id", "=", "(unmapped)")),
    ),
    "MinimumsMet": lambda tables: (
        "Commitments, short",
        _count(tables, "Commitments", ("commitment_status", "=", "Short")),
    ),
    "RulesSound": lambda tables: ("Rule findings", _count(tables, "Rule findings")),
}


def _checks(tables: Tables) -> Iterator[Tie]:
    """The figure of each check against the rows of the sheet behind it."""
    if "Checklist" not in tables:
        return
    checklist = tables["Checklist"]
    for row in checklist.rows:
        name = str(row["check_name"])
        if name not in _OPEN or row["figure"] is None:
            continue
        text, figure = _OPEN[name](tables)
        if figure is not None:
            stated = Figure(checklist, "figure", (("check_name", "=", name),))
            yield Tie(f"Check {name}", "Checklist", ((1, stated),), text, ((1, figure),), kind="count")


def _attributed(tables: Tables, source: Source) -> Iterator[Tie]:
    """The share that the checklist misses is what the trend's share leaves."""
    checklist = tables.get("Checklist")
    month = Figure(tables["Trend"], "attributed_share", (("month", "=", source.period.first_day),))
    if checklist is not None and any(row["check_name"] == "UsageAttributed" for row in checklist.rows):
        stated = Figure(checklist, "figure", (("check_name", "=", "UsageAttributed"),))
        text = "1 - Trend, usage cost attributed"
        yield Tie(
            "Check UsageAttributed", text, ((-1, month),), "Checklist", ((1, stated),), kind="share", offset=1
        )


def _count(tables: Tables, sheet: str, *where: Condition) -> Figure | None:
    return Figure(tables[sheet], None, where) if sheet in tables else None


def _sum(tables: Tables, sheet: str, column: str, *where: Condition) -> Figure | None:
    return Figure(tables[sheet], column, where) if sheet in tables else None


def _tie(name: str, left: tuple[str, Figure], right: tuple[str, Figure], currency: str | None) -> Tie:
    return Tie(name, left[0], ((1, left[1]),), right[0], ((1, right[1]),), currency=currency)
