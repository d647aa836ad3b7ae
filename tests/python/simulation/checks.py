"""The package's rows against the truth, and against themselves: each check gives what does not hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb

from simulation import truth
from simulation.company import ACCOUNTS, ANTHROPIC_CLASSES, Company
from simulation.payers import Charge, payer
from simulation.truth import Amounts, Truth

FOCUS = "main_focus.focus_ai__cost_and_usage"
CONSUMPTION = "main_focus_ai_intermediate.int_focus_ai__consumption"
PRICED = "main_focus_ai_intermediate.int_focus_ai__priced"
OVERRIDDEN = "main_focus_ai_intermediate.int_focus_ai__overridden"
POSTED = "main_focus_ai_intermediate.int_focus_ai__posted"
ROUNDING = "main_focus_ai_intermediate.int_focus_ai__invoice_rounding"
REVENUE = "main_focus_ai_intermediate.int_focus_ai__revenue_by_month"
OTHER_COSTS = "main_focus_ai_intermediate.int_focus_ai__other_costs_by_month"
PERIODS = "main_focus_ai_intermediate.int_focus_ai__accounting_periods"
SUBLEDGER = "main_focus_ai.focus_ai__revenue_subledger_reconciliation"
MONTHLY = "main_focus_ai.focus_ai__customer_gross_margin_monthly"
DETAIL = "main_focus_ai.focus_ai__customer_gross_margin_detail"
COST_MEASURES = (
    "ai_cost_of_revenue",
    "prior_period_ai_cost",
    "unclassified_ai_cost",
    "operating_ai_cost",
    "prior_period_other_ai_cost",
    "excluded_tax",
)

TOKEN_NAMES = {"uncached_input": "uncached_input_tokens", "output": "output_tokens"}
"""Token classes as a bill of Anthropic names them."""

Warehouse = duckdb.DuckDBPyConnection
Check = Callable[[Company, Truth, Warehouse], Iterator[str]]


def unequal(expected: dict[Any, Any], actual: dict[Any, Any]) -> Iterator[str]:
    """Where two tables of amounts differ; what is missing is 0."""
    for key in sorted(expected.keys() | actual.keys(), key=str):
        if expected.get(key, 0) != actual.get(key, 0):
            told = " ".join(f"{part:%Y-%m-%d}" if isinstance(part, datetime) else str(part) for part in key)
            yield f"{told}: expected {expected.get(key, 0)}, found {actual.get(key, 0)}"


def sums(connection: Warehouse, columns: str, amount: str, relation: str) -> Amounts:
    rows = connection.execute(f"select {columns}, sum({amount}) from {relation} group by all").fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows if row[-1]}


def totals(connection: Warehouse) -> Amounts:
    """What does not depend on the style of corrections: sums of each period, by what they are of."""
    key = f"""{_COST_KEY}, coalesce("x_CustomerId", ''), coalesce("SkuPriceId", '')"""
    return {
        (metric, *names): amount
        for metric in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity")
        for names, amount in sums(connection, key, f'"{metric}"', FOCUS).items()
    }


# -- the bill --------------------------------------------------------------------------------------------

_DAY = """date_trunc('day', "ChargePeriodStart")"""
_OF_A_DAY = """"ChargePeriodEnd" - "ChargePeriodStart" <= interval 1 day"""
"""Of the bill: what only an invoice says is of its whole service window."""
_COST_KEY = """
    "x_AccountingPeriodStart", "InvoiceIssuerName", "BillingAccountId", "BillingCurrency", "ChargeCategory"
"""


def cost_of_usage_and_purchases(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Every day of every account costs its bill, in the period that it was known in (R4, R6, R13)."""
    for metric, measure in (("BilledCost", truth.billed_cost), ("EffectiveCost", truth.effective_cost)):
        expected: dict[Any, Decimal] = defaultdict(Decimal)
        for (period, _service, *key), amount in books.posted(measure).items():
            expected[(period, *key)] += amount
        found = sums(
            connection,
            f"{_COST_KEY}, {_DAY}",
            f'"{metric}"',
            f"""{FOCUS} where "ChargeCategory" in ('Usage', 'Purchase') and {_OF_A_DAY}""",
        )
        yield from (f"{metric} {line}" for line in unequal(expected, found))


def cost_of_each_day(company: Company, _: Truth, connection: Warehouse) -> Iterator[str]:
    """Open and closed rows together are the bill of the day, prepaid usage at face value."""
    found = sums(
        connection,
        f""""x_SourceRelation", "BillingAccountId", "BillingCurrency", {_DAY}""",
        """case when "CommitmentDiscountStatus" = 'Used' then "CommitmentDiscountQuantity"
            else "EffectiveCost" end""",
        f"""{FOCUS}
        where "ChargeCategory" = 'Usage' and coalesce("CommitmentDiscountStatus", 'Used') = 'Used'
            and {_OF_A_DAY}""",
    )
    yield from unequal(company.bill_by_day(), found)


def tokens_of_each_day(company: Company, _: Truth, connection: Warehouse) -> Iterator[str]:
    """The tokens of a bill that counts them stand in the rows."""
    found = sums(
        connection,
        f""""x_SourceRelation", "BillingAccountId", {_DAY}""",
        '"ConsumedQuantity"',
        f"""{FOCUS} where "ConsumedUnit" = 'Tokens'""",
    )
    expected = company.tokens_by_day()
    yield from unequal(expected, {key: int(found.get(key, 0)) for key in expected})


RULES = {
    "a correction names an earlier billing period": """
        "ChargeClass" = 'Correction' and ("x_CorrectedBillingPeriodStart" is null
            or "x_CorrectionReason" is null
            or "x_CorrectedBillingPeriodStart" >= "BillingPeriodStart")""",
    "a correction of usage keeps its charge period": """
        "ChargeClass" = 'Correction' and "ChargeCategory" = 'Usage' and "CommitmentDiscountStatus" is null
        and "ChargePeriodEnd" - "ChargePeriodStart" <= interval 1 day
        and date_trunc('month', "ChargePeriodStart") <> "x_CorrectedBillingPeriodStart\"""",
    "a row that is no correction stands in its own billing period": """
        "ChargeClass" is null and date_trunc('month', "ChargePeriodStart") <> "BillingPeriodStart\"""",
    "list cost is unit price x quantity": """
        "PricingQuantity" is not null and "ListUnitPrice" is not null and "ListCost"
        <> cast("ListUnitPrice" as decimal(20, 12)) * cast("PricingQuantity" as decimal(18, 6))""",
    "contracted cost is unit price x quantity": """
        "PricingQuantity" is not null and "ContractedUnitPrice" is not null and "ContractedCost"
        <> cast("ContractedUnitPrice" as decimal(20, 12)) * cast("PricingQuantity" as decimal(18, 6))""",
}


def rules_of_rows(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """What must hold of every row by itself, and of the ids of all."""
    for rule, broken in RULES.items():
        if count := _count(connection, f"{FOCUS} where {broken}"):
            yield f"{rule}: {count} rows do not"
    if twice := _count(connection, FOCUS) - _count(
        connection, f'(select distinct "x_ChargeId" from {FOCUS})'
    ):
        yield f"{twice} x_ChargeId are not unique"


def _count(connection: Warehouse, relation: str) -> int:
    (count,) = connection.execute(f"select count(*) from {relation}").fetchall()[0]
    return int(count)


def period_of_each_day(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """What corrects nothing stands in the accounting period of its day (R11)."""
    for day, period in connection.execute(
        f"""select distinct {_DAY}, "x_AccountingPeriodStart" from {FOCUS}
        where "x_CorrectedBillingPeriodStart" is null and {_OF_A_DAY}"""
    ).fetchall():
        if period != books.now.calendar.start_of_day(day):
            yield f"{day:%Y-%m-%d} in {period}"


# -- prepaid credit --------------------------------------------------------------------------------------


def draws_on_credit(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """First expiring credit first, each day at what was paid for it (R6)."""
    relation = f"""{FOCUS} where "CommitmentDiscountStatus" = 'Used'"""
    key = f""""CommitmentDiscountId", {_DAY}"""
    faces = sums(connection, key, '"CommitmentDiscountQuantity"', relation)
    costs = sums(connection, key, '"EffectiveCost"', relation)
    yield from (f"face of {line}" for line in unequal(truth.draws(books.now), faces))
    yield from (f"cost of {line}" for line in unequal(truth.draw_costs(books.now), costs))


# -- provider invoices -----------------------------------------------------------------------------------


def invoice_of_each_day(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """On-demand usage stands on the one line that fits it, and on none where several do (R9)."""
    accounts = {account.id: account for account, _ in books.now.bill}
    rows = connection.execute(
        f"""select distinct "BillingAccountId", {_DAY}, "InvoiceId",
            "InvoiceDetailId" from {FOCUS}
        where "ChargeCategory" = 'Usage' and "ChargeClass" is null and "CommitmentDiscountStatus" is null"""
    ).fetchall()
    for account_id, day, *found in rows:
        line = truth.invoice_line_of(books.now, accounts[account_id], day)
        if tuple(found) != (line or (None, None)):
            yield f"usage of {account_id} on {day:%Y-%m-%d} stands on {found}, not on {line}"


def tax_credits_and_refunds(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """What only invoices tell is posted like the bill, in both costs (R7)."""
    expected: dict[Any, Decimal] = defaultdict(Decimal)
    for measure in (truth.invoice_only, truth.refunds):
        for (period, _month, *key), amount in books.posted(measure).items():
            expected[(period, *key)] += amount
    for metric in ("BilledCost", "EffectiveCost"):
        found = sums(
            connection,
            """"x_AccountingPeriodStart", "InvoiceIssuerName", "BillingAccountId", "BillingCurrency",
                "ChargeCategory\"""",
            f'"{metric}"',
            f"""{FOCUS} where "ChargeCategory" in ('Tax', 'Credit')
                or ("ChargeCategory" = 'Usage' and not ({_OF_A_DAY}))""",
        )
        yield from (f"{metric} {line}" for line in unequal(expected, found))


def invoices_tie(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Rows and rounding add up to the line, unless it is beyond the tolerance or no row stands on it (R8)."""
    matched = {
        (invoice, line): (count, cost)
        for invoice, line, count, cost in connection.execute(
            f"""select "InvoiceId", "InvoiceDetailId", count(*), sum("BilledCost") from {FOCUS}
            where "InvoiceId" is not null and "x_AdjustmentReason" is null group by all"""
        ).fetchall()
    }
    rounding = sums(connection, "origin_invoice_id, origin_invoice_line_id", "billed_cost", ROUNDING)
    for invoice_id, line in truth.owed_lines(books.now):
        count, cost = matched.pop((invoice_id, line.id), (0, Decimal(0)))
        rounded = rounding.pop((invoice_id, line.id), Decimal(0))
        if count and abs(line.amount - cost) <= truth.TOLERANCE:
            if cost + rounded != line.amount:
                yield f"{line.id} is {line.amount}; its rows are {cost}, rounding {rounded}"
        elif abs(rounded) > truth.TOLERANCE or (not count and rounded):
            yield f"{line.id} is {line.amount}; {count} rows are {cost}, rounding {rounded}"
    yield from (f"{count} rows stand on {line}, which nobody owes" for line, (count, _) in matched.items())
    yield from (f"{amount} is left of the rounding of {line}" for line, amount in rounding.items())


# -- revenue, other costs and rates ----------------------------------------------------------------------


def revenue_of_each_line(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """A line is earned over its service period, and posted in the period that it was known in (R11, R15)."""
    found = sums(
        connection,
        "accounting_period_start, service_month, revenue_line_id, invoice_id, billing_customer_id, currency",
        "amount",
        REVENUE,
    )
    yield from unequal(books.posted(truth.revenue), found)


def other_cost_of_each_month(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Entries count in the period that they were known in."""
    found = sums(connection, "accounting_period_start, service_month, currency", "amount", OTHER_COSTS)
    yield from unequal(books.posted(truth.other_costs), found)


def margin_in_reporting_currency(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Each row is converted once at the rate of its period, as closed (R15, R17); margins only sum."""
    months = [
        month
        for (month,) in connection.execute(
            f"select distinct accounting_period_start from {MONTHLY}"
        ).fetchall()
    ]
    sources = {
        " + ".join(
            COST_MEASURES
        ): f"""select "x_AccountingPeriodStart", "BillingCurrency", "EffectiveCost" from {FOCUS}""",
        "revenue + prior_period_revenue": f"select accounting_period_start, currency, amount from {REVENUE}",
        "other_cost_of_revenue + prior_period_other_cost_of_revenue": f"""
            select accounting_period_start, currency, amount from {OTHER_COSTS}""",
    }
    for measures, rows in sources.items():
        expected: dict[datetime, Decimal | None] = dict.fromkeys(months, Decimal(0))
        for period, currency, amount in connection.execute(rows).fetchall():
            if period in expected:
                value = truth.converted(amount, books.rate(period, currency))
                before = expected[period]
                expected[period] = None if value is None or before is None else before + value
        found = dict(
            connection.execute(
                f"""select accounting_period_start,
                    case when count(*) = count({measures}) then sum({measures}) end
                from {MONTHLY} group by 1"""
            ).fetchall()
        )
        yield from (
            f"{measures} of {month:%Y-%m}: expected {expected[month]}, found {found[month]}"
            for month in months
            if expected[month] != found[month]
        )


def subledger_ties(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """A subledger that is right differs by rounding only."""
    for row in connection.execute(
        f"""select accounting_period_start, invoice_id, currency, subledger_amount, revenue_amount,
            difference_reason
        from {SUBLEDGER} where reconciliation_status = 'Open'"""
    ).fetchall():
        yield f"{row}"


def margins_are_known(_: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """A month that is closed has its margin, unless a rate is missing: revenue less cost of revenue."""
    for period, line, *_amounts in connection.execute(
        f"""select accounting_period_start, customer_id, revenue, ai_cost_of_revenue, gross_margin
        from {MONTHLY}
        where (is_month_closed or gross_margin is not null)
            and gross_margin is distinct from revenue - ai_cost_of_revenue"""
    ).fetchall():
        yield f"{line} in {period:%Y-%m}"


# -- who pays --------------------------------------------------------------------------------------------


def attributed_and_not(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """What is attributed and what is not are all of the cost; margins leave nothing out (R17)."""
    is_open = """"x_LeftoverReason" is not null or ("x_CustomerId" is null
        and coalesce("x_CostClass", 'Unclassified') in ('CostOfRevenue', 'Unclassified'))"""
    key = '"x_AccountingPeriodStart", "BillingCurrency"'
    total = sums(connection, key, '"EffectiveCost"', FOCUS)
    attributed = sums(connection, key, '"EffectiveCost"', f"{FOCUS} where not ({is_open})")
    not_attributed = sums(
        connection,
        "accounting_period_start, currency",
        "effective_cost",
        "main_focus_ai.focus_ai__unattributed_spend",
    )
    both = {
        key: attributed.get(key, Decimal(0)) + not_attributed.get(key, Decimal(0))
        for key in attributed.keys() | not_attributed.keys()
    }
    yield from unequal(total, both)
    measured = sums(connection, "accounting_period_start, currency", " + ".join(COST_MEASURES), DETAIL)
    yield from (f"margin detail {line}" for line in unequal(total, measured))


def shares_are_one(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """The parts of a charge are all of it: their ratios add up to exactly 1 (R18)."""
    for charge, period, total in connection.execute(
        f"""select sku_charge_id, accounting_period_start, sum(allocated_ratio) from {POSTED}
        where posting_kind = 'Original' group by all
        having sum(allocated_ratio) <> 1
            or (count(allocated_ratio) > 0 and count(*) <> count(allocated_ratio))"""
    ).fetchall():
        yield f"ratios of charge {charge} in {period:%Y-%m} add up to {total}"


def calls_share_what_was_counted(company: Company, _: Truth, connection: Warehouse) -> Iterator[str]:
    """Tokens go to the customers of the calls, never more than the provider counted; the rest stays (R3).

    In whole tokens for each usage record; of the account whose bill names no keys, so that usage tells.
    """
    account = next(account for account in ACCOUNTS if account.source == "anthropic")
    found = sums(
        connection,
        "usage_period_start, credential_id, token_class, customer_id",
        "quantity",
        f"""{CONSUMPTION} where ledger_version = 'current' and is_observed and token_class <> 'request'
        and source_relation = '{account.source}' and attribution_method_id = 'EndUser'""",
    )
    seen: dict[Any, int] = defaultdict(int)
    for call in company.calls:
        if call.source == account.source:
            for token_class, tokens in call.tokens.items():
                seen[call.day, call.key, token_class, call.customer] += tokens
                seen[call.day, call.key, token_class] += tokens
    for (day, key, token_class, *customer), tokens in seen.items():
        billed = {
            cell.place
            for cell in company.bill.get((account, day), [])
            if ANTHROPIC_CLASSES[cell.item] == TOKEN_NAMES.get(token_class)
        }
        counted = [
            usage.tokens[token_class]
            for usage in company.usage.get((account, day), [])
            if usage.key == key and usage.place in billed
        ]
        if customer and customer[0]:
            all_seen, total = seen[day, key, token_class], sum(counted)
            expected = Decimal(tokens) * total / max(all_seen, total) if total else Decimal(0)
            actual = found.pop((day, key, token_class, customer[0]), Decimal(0))
            if abs(actual - expected) > len(counted):
                yield f"{token_class} of {customer[0]} by {key} on {day:%Y-%m-%d}: {expected}, found {actual}"
    yield from (f"{tokens} tokens of no call: {names}" for names, tokens in found.items())


def payers_of_each_key(company: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """Rules, overrides and reclasses decide who pays for a key (R14), where the gateway saw no call of it.

    Before cost is shared; of the account whose bill names keys.
    """
    account = next(account for account in ACCOUNTS if account.by_key)
    with_calls = {(call.key, call.day) for call in company.calls if call.source == account.source}
    for place, key, day, customer in connection.execute(
        f"""select distinct sub_account_id, credential_id, charge_period_start, customer_id
        from (select * exclude (credential_id) from {OVERRIDDEN}) as overridden
        inner join {PRICED} as priced using (ledger_version, sku_charge_id)
        where ledger_version = 'current' and billing_account_id = '{account.id}'
            and charge_category = 'Usage' and credential_id is not null"""
    ).fetchall():
        expected = payer(books, Charge(place, key, day))
        if (key, day) not in with_calls and customer != expected:
            yield f"{customer} pays for {key} in {place} on {day:%Y-%m-%d}, not {expected}"


def only_news_correct(company: Company, books: Truth, connection: Warehouse) -> Iterator[str]:
    """A rule, price or share that changes later posts nothing in a closed period (R14).

    Of sources without credit, whose draws on a day hang on the days before.
    """
    newest: dict[Any, datetime] = {}
    for (source, day), moment in company.news.items():
        key = source, books.now.calendar.start_of_day(day)
        newest[key] = max(moment, newest.get(key, moment))
    with_credit = {grant.account.source for grant in company.grants}
    for source, day, reason in connection.execute(
        f"""select distinct "x_SourceRelation", {_DAY}, "x_CorrectionReason" from {FOCUS}
        where "x_CorrectedBillingPeriodStart" is not null and "x_CorrectionReason" <> 'Reclass'
            and "ChargeCategory" = 'Usage' and {_OF_A_DAY}"""
    ).fetchall():
        period = books.now.calendar.start_of_day(day)
        close = company.closes.get(period)
        if source not in with_credit and (
            close is None or newest.get((source, period), close.at) <= close.at
        ):
            yield f"{reason} of {source} on {day:%Y-%m-%d}, which nothing new is known of"


def reclasses_move_no_money(_: Company, __: Truth, connection: Warehouse) -> Iterator[str]:
    """A reclass takes from one and gives to another: nothing in sum, and nothing of it is invoiced (R14)."""
    for metric in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"):
        moved = sums(
            connection,
            """"x_AccountingPeriodStart", "BillingAccountId", "ChargePeriodStart\"""",
            f'"{metric}"',
            f"""{FOCUS} where "x_CorrectionReason" = 'Reclass'""",
        )
        yield from (f"{metric} {line}" for line in unequal({}, moved))


CHECKS: tuple[Check, ...] = (
    cost_of_usage_and_purchases,
    cost_of_each_day,
    tokens_of_each_day,
    rules_of_rows,
    period_of_each_day,
    draws_on_credit,
    invoice_of_each_day,
    tax_credits_and_refunds,
    invoices_tie,
    revenue_of_each_line,
    subledger_ties,
    other_cost_of_each_month,
    margin_in_reporting_currency,
    margins_are_known,
    attributed_and_not,
    shares_are_one,
    calls_share_what_was_counted,
    payers_of_each_key,
    only_news_correct,
    reclasses_move_no_money,
)
