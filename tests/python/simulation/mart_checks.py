"""What finance reads against the rows and the truth: the journal, the general ledger's extract, budgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import NamedTuple

from simulation import truth
from simulation.checks import FOCUS, PERIODS, Check, Warehouse, sums
from simulation.company import Company
from simulation.facts import Budget
from simulation.truth import Truth

LEDGER = "main_focus_ai.focus_ai__general_ledger_reconciliation"
BUDGETS = "main_focus_ai.focus_ai__budget_status"

# -- the journal -----------------------------------------------------------------------------------------


def journal_balances(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """Debit is credit in every entry; up to each month that ended the accounts hold the cost up to it."""
    journal = "main_focus_ai.focus_ai__journal_entries"
    for (entry,) in connection.execute(
        f"""select journal_id from {journal} group by 1
        having sum(debit_subunits) <> sum(credit_subunits) or sum(exact_amount) <> 0"""
    ).fetchall():
        yield f"entry {entry} does not balance"
    booked = sums(
        connection,
        "accounting_period_start, currency",
        "exact_amount",
        f"{journal} where account_id in ('1400', '5000', '5090') and coalesce(reference, '') <> 'Estimate'",
    )
    cost = sums(
        connection,
        '"x_AccountingPeriodStart", "BillingCurrency"',
        """case when "CommitmentDiscountStatus" is null then "BilledCost" else "EffectiveCost" end""",
        FOCUS,
    )
    ended = [
        period
        for (period,) in connection.execute(
            f"""select accounting_period_start from {PERIODS}
            where has_ended or closed_at is not null"""
        ).fetchall()
    ]
    for period in ended:
        for currency in ("USD", "EUR"):
            up_to = [
                sum(
                    (amount for key, amount in table.items() if key[0] <= period and key[1] == currency),
                    Decimal(0),
                )
                for table in (cost, booked)
            ]
            if up_to[0] != up_to[1]:
                yield f"cost up to {period:%Y-%m} is {up_to[0]} {currency}, booked {up_to[1]}"


# -- the general ledger's extract ------------------------------------------------------------------------


class Side(NamedTuple):
    """What the ledger, or the rows, say of an invoice in a period."""

    count: int = 0
    amount: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


NOTHING = Side()


def ledger_reconciles(company: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Nothing of the ledger or of the rows is left out, and each difference has the reason that it has."""
    rows = {
        tuple(key): Side(*side)
        for *key, count, amount, credit, tax in connection.execute(
            f"""select "x_AccountingPeriodStart", "InvoiceIssuerName", "BillingCurrency", "InvoiceId",
                count(*), sum("BilledCost"),
                coalesce(sum("BilledCost") filter ("ChargeCategory" = 'Credit'), 0),
                coalesce(sum("BilledCost") filter ("ChargeCategory" = 'Tax'), 0)
            from {FOCUS} group by 1, 2, 3, 4"""
        ).fetchall()
        for side in [(count, amount, credit, tax)]
    }
    issuers = {vendor for _, vendor, _, _ in rows}
    entries: dict[tuple[object, ...], Side] = {}
    for entry in company.ledger:
        if entry.vendor in issuers:
            period = books.now.calendar.start_of_date(entry.posting_date)
            key = (period, entry.vendor, entry.currency, entry.reference)
            count, amount, *_ = entries.get(key, NOTHING)
            entries[key] = Side(count + 1, amount + entry.amount)
    found = {
        tuple(key): tuple(said)
        for *key, difference, status, reason in connection.execute(
            f"""select accounting_period_start, vendor, currency, invoice_id,
                difference, reconciliation_status, difference_reason from {LEDGER}"""
        ).fetchall()
        for said in [(difference, status, reason)]
    }
    for key in found.keys() | rows.keys() | entries.keys():
        invoice = key[1:]
        booked, cost = (
            [side for other, side in sides.items() if other[1:] == invoice] for sides in (entries, rows)
        )
        expected = _difference(entries.get(key, NOTHING), rows.get(key, NOTHING), key[3], booked, cost)
        if found.get(key) != expected:
            yield f"{key}: expected {expected}, found {found.get(key)}"


def _difference(
    booked: Side, cost: Side, invoice: object, all_booked: list[Side], all_cost: list[Side]
) -> tuple[Decimal, str, str | None]:
    """Difference, status and reason; ``all_``: of the invoice in all periods."""
    difference = booked.amount - cost.amount
    if difference == 0:
        return difference, "Tied", None
    if _is_rounding(difference):
        return difference, "WithinTolerance", "Rounding"
    total = sum((side.amount for side in all_booked), Decimal(0)) - sum(
        (side.amount for side in all_cost), Decimal(0)
    )
    reasons = {
        "NotInvoiced": invoice is None and not booked.count,
        "NoReference": invoice is None,
        "Timing": _is_rounding(total),
        "Credit": cost.credit != 0 and _is_rounding(difference + cost.credit),
        "Tax": cost.tax != 0 and _is_rounding(difference + cost.tax),
        "NotInLedger": not all_booked,
        "NotInCost": not all_cost,
        "Unknown": True,
    }
    return difference, "Open", next(reason for reason, holds in reasons.items() if holds)


def _is_rounding(amount: Decimal) -> bool:
    return abs(amount) <= truth.TOLERANCE


# -- budgets ---------------------------------------------------------------------------------------------


class Spend(NamedTuple):
    """A row of cost, without tax."""

    source: str
    day: datetime
    currency: str
    period: datetime
    customer: str | None
    model: str | None
    cost: Decimal


def budgets_spend_what_it_costs(company: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Spent is the cost of the scope's days, in the budget's currency; state and decision follow from it."""
    rows = [
        Spend(*row)
        for row in connection.execute(
            f"""select "x_SourceRelation", date_trunc('day', "ChargePeriodStart"), "BillingCurrency",
                "x_AccountingPeriodStart", "x_CustomerId",
                first("SkuPriceDetails"->>'x_ModelId') over (partition by "SkuPriceId"), "EffectiveCost"
            from {FOCUS} where "ChargeCategory" <> 'Tax' order by 1, 2, 3"""
        ).fetchall()
    ]
    found = {
        budget_id: row
        for budget_id, *row in connection.execute(
            f"""select budget_id, spent, estimated_unbilled_cost, forecast_cost, state, decision
            from {BUDGETS}"""
        ).fetchall()
    }
    for budget in company.budgets.values():
        expected = _spent(books, budget, rows)
        spent, unbilled, forecast, *said = found[budget.id]
        if spent != expected:
            yield f"{budget}: expected {expected}, found {spent}"
        used = None if spent is None or unbilled is None else spent + unbilled
        if tuple(said) != (state := _state_and_decision(budget, used, forecast)):
            yield f"{budget}, used {used}, forecast {forecast}: expected {state}, found {said}"


def _spent(books: Truth, budget: Budget, rows: list[Spend]) -> Decimal | None:
    own = [
        row
        for row in rows
        if budget.start <= row.day < budget.end
        and budget.scope_id == (row.customer if budget.scope == "customer" else row.model)
    ]
    spent: Decimal | None = Decimal(0)
    for (_, day, currency), of_a_day in groupby(own, key=lambda row: row[:3]):
        amount = _in_currency(books, budget.currency, day, currency, list(of_a_day))
        spent = None if spent is None or amount is None else spent + amount
    return spent


def _in_currency(
    books: Truth, currency: str, day: datetime, cost_currency: str, rows: list[Spend]
) -> Decimal | None:
    """By the rates of the margin marts; where one is missing, by the last known of the day."""
    total = sum((row.cost for row in rows), Decimal(0))
    if total == 0 or currency == cost_currency:
        return total
    converted = [truth.converted(row.cost, books.rate(row.period, cost_currency)) for row in rows]
    known = [amount for amount in converted if amount is not None]
    in_dollars = (
        sum(known, Decimal(0))
        if len(known) == len(rows)
        else truth.converted(total, books.last_rate(day, cost_currency))
    )
    if currency == "USD" or in_dollars is None:
        return in_dollars
    rate = books.last_rate(day, currency)
    return None if rate is None else (in_dollars / rate).quantize(Decimal("1e-6"), ROUND_HALF_UP)


def _state_and_decision(budget: Budget, used: Decimal | None, forecast: Decimal | None) -> tuple[str, str]:
    if used is None:
        return "Unknown", "warn"
    decisions = {"deny": budget.deny_at, "warn": budget.warn_at, "allow": Decimal(0)}
    decision = next(
        decision
        for decision, ratio in decisions.items()
        if decision == "allow" or (ratio is not None and used >= budget.amount * ratio)
    )
    states = {
        "Exceeded": used > budget.amount,
        "Warning": decision != "allow",
        "Unknown": forecast is None,
        "AtRisk": forecast is not None and forecast > budget.amount,
        "OnTrack": True,
    }
    return next(state for state, holds in states.items() if holds), decision


CHECKS: tuple[Check, ...] = (journal_balances, ledger_reconciles, budgets_spend_what_it_costs)
