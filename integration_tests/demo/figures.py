"""Figures of a finished run, read from the marts that it built. Money is Decimal, exact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb


class Stage(NamedTuple):
    """Rows and money of one stage in one currency; None where the stage does not carry the measure."""

    name: str
    currency: str
    rows: int
    provider_reported_cost: Decimal | None
    billed_cost: Decimal | None
    effective_cost: Decimal | None


class Equality(NamedTuple):
    """Two sums that must be the same, to the last decimal."""

    name: str
    currency: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        """Exactly equal."""
        return self.left == self.right


class Month(NamedTuple):
    """What the margin of a month rests on."""

    start: datetime
    is_closed: bool
    complete_through: datetime
    attributed_share: Decimal
    priced_share: Decimal


class Margin(NamedTuple):
    """One customer in one month, product lines together, in the reporting currency."""

    customer_id: str
    name: str
    is_internal: bool
    start: datetime
    revenue: Decimal | None
    cost: Decimal | None
    gross_margin: Decimal | None
    other_cost: Decimal | None


class Tokens(NamedTuple):
    """A customer's tokens and cost of one model in one month."""

    start: datetime
    model: str
    input_tokens: int
    cache_read_tokens: int
    cost: Decimal
    first_day: datetime


# Margin lines that are of no customer.
NOBODY = ("(unattributed)", "(no customer)")
# The equalities of focus_ai__conservation_checks, in words.
_CHECKS = {
    "UsageCost": "bill as posted = usage + prepaid discount",
    "InvoicedCost": "invoices = BilledCost of the rows on them",
    "ClosedBilledCost": "closed months = frozen + corrected, billed",
    "ClosedEffectiveCost": "closed months = frozen + corrected, effective",
}


class Figures:
    """Read access to the database of a run."""

    def __init__(self, database: Path) -> None:
        self._connection = duckdb.connect(str(database), read_only=True)
        schemas = self._rows(
            "select distinct table_schema from information_schema.tables "
            "where starts_with(table_schema, 'main_focus')"
        )
        self._connection.execute(f"set search_path = '{','.join(sorted(schema for (schema,) in schemas))}'")
        ((self.currency,),) = self._rows(
            "select distinct reporting_currency from focus_ai__customer_gross_margin_monthly"
        )

    def __enter__(self) -> Figures:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple]:
        return self._connection.execute(sql, parameters).fetchall()

    def stages(self) -> list[Stage]:
        """From the provider's bill to the invoices, by currency."""
        return [
            Stage(*row)
            for row in self._rows(
                """
                select
                    stage_name, billing_currency, row_count,
                    provider_reported_cost, billed_cost, effective_cost
                from focus_ai__conservation
                order by billing_currency desc, stage_number
                """
            )
        ]

    def equalities(self) -> list[Equality]:
        """The equalities of MONEY.md R4, and that attribution and margins lose nothing."""
        sums = self._rows(
            "select check_name, billing_currency, sum(evidence_amount), sum(focus_amount) "
            "from focus_ai__conservation_checks group by all"
        )
        found = {(name, currency): Equality(_CHECKS[name], currency, *both) for name, currency, *both in sums}
        checks = [
            found[name, currency]
            for name in _CHECKS
            for currency in sorted({currency for _, currency in found}, reverse=True)
            if (name, currency) in found
        ]
        attribution = self._rows(
            """
            select focus.currency, attributed + coalesce(unattributed, 0), total
            from (
                select "BillingCurrency" as currency, sum("EffectiveCost") as total
                from focus_ai__cost_and_usage group by all
            ) as focus
            left join (
                select currency, sum(effective_cost) as unattributed
                from focus_ai__unattributed_spend group by all
            ) using (currency)
            left join (
                select currency, sum(effective_cost) as attributed
                from int_focus_ai__cost_in_reporting_currency where unattributed_reason is null group by all
            ) using (currency)
            order by currency desc
            """
        )
        margins = self._rows(
            """
            select
                (select sum(
                    ai_cost_of_revenue + prior_period_ai_cost + unclassified_ai_cost + operating_ai_cost
                    + prior_period_other_ai_cost + excluded_tax
                ) from focus_ai__customer_gross_margin_monthly),
                (select sum(reporting_effective_cost) from int_focus_ai__cost_in_reporting_currency)
            """
        )
        return [
            *checks,
            *(Equality("attributed + unattributed = EffectiveCost", *row) for row in attribution),
            *(
                Equality(f"margin lines = EffectiveCost, all in {self.currency}", self.currency, *row)
                for row in margins
            ),
        ]

    def months(self) -> list[Month]:
        """The accounting months, oldest first."""
        return [
            Month(*row)
            for row in self._rows(
                """
                select
                    margin.accounting_period_start, bool_and(is_month_closed), min(complete_through),
                    min(attributed_share), min(priced.share)
                from focus_ai__customer_gross_margin_monthly as margin
                left join (
                    select
                        accounting_period_start,
                        cast(sum(volume) filter (is_priced) / sum(volume) as decimal(7, 6)) as share
                    from (
                        select *, abs(reporting_effective_cost) as volume
                        from int_focus_ai__cost_in_reporting_currency
                        where charge_category = 'Usage' and not is_prior_period
                    ) as usage
                    group by all
                ) as priced using (accounting_period_start)
                group by all
                order by 1
                """
            )
        ]

    def margins(self) -> list[Margin]:
        """Every customer and month, what has no customer too. A sum with an unknown part is None."""
        return [
            Margin(*row)
            for row in self._rows(
                """
                select
                    customer_id, customer_name, coalesce(is_internal, false), accounting_period_start,
                    case when count(revenue) = count(*) then sum(revenue) end,
                    case when count(ai_cost_of_revenue) = count(*) then sum(ai_cost_of_revenue) end,
                    case when count(gross_margin) = count(*) then sum(gross_margin) end,
                    sum(unclassified_ai_cost + operating_ai_cost)
                from focus_ai__customer_gross_margin_monthly
                group by all
                order by customer_id, accounting_period_start
                """
            )
        ]

    def corrections(self) -> tuple[Decimal, Decimal]:
        """Prior-period revenue and prior-period AI cost of all months: in no margin above."""
        ((revenue, cost),) = self._rows(
            "select sum(prior_period_revenue), sum(prior_period_ai_cost + prior_period_other_ai_cost) "
            "from focus_ai__customer_gross_margin_monthly"
        )
        return revenue, cost

    def unattributed(self) -> list[tuple[str, Decimal]]:
        """What nobody can be charged for, by reason, largest first; no tax, in the reporting currency."""
        return self._rows(
            """
            select unattributed_reason, sum(reporting_effective_cost)
            from focus_ai__unattributed_spend
            where charge_category <> 'Tax'
            group by all
            order by 2 desc, 1
            """
        )

    def tokens(self, customer_id: str) -> list[Tokens]:
        """What a customer used of each model, by month, corrections left out."""
        return [
            Tokens(*row)
            for row in self._rows(
                """
                select
                    accounting_period_start, model_id,
                    cast(coalesce(sum(tokens) filter (token_direction = 'Input'), 0) as bigint),
                    cast(coalesce(sum(tokens) filter (token_cache_action = 'Read'), 0) as bigint),
                    sum(reporting_effective_cost), min(day_start)
                from focus_ai__token_spend_daily
                where customer_id = ? and not is_correction and model_id is not null
                group by all
                order by 1, 5 desc, 2
                """,
                [customer_id],
            )
        ]

    def requests(self) -> dict[tuple[str, datetime], int]:
        """Requests of each customer that is not internal, by month, where every one is known."""
        return {
            (customer, start): count
            for customer, start, count in self._rows(
                """
                select customer_id, accounting_period_start, cast(sum(request_count) as bigint)
                from focus_ai__customer_gross_margin_monthly
                where not coalesce(is_internal, false)
                group by all
                having count(request_count) = count(*) and sum(request_count) > 0
                """
            )
        }
