"""What every part of a pack is made from: the marts, the month, the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from focus_validate.close_pack.marts import Marts, Row, as_text
from focus_validate.close_pack.names import Names
from focus_validate.close_pack.period import Period
from focus_validate.errors import InputError
from focus_validate.text import escape, join_words


@dataclass(frozen=True)
class Source:
    """The marts of one month. ``currency`` is the reporting currency of the company."""

    marts: Marts
    period: Period
    names: Names
    currency: str

    def rows(self, sql: str, private: Sequence[str] = (), free: Sequence[str] = ()) -> list[Row]:
        """The rows of a query over marts; ``$period``, ``$previous`` and ``$next`` are starts of periods.

        ``customer_id`` and ``customer_name`` become ``customer``; the columns ``private`` and ``free`` are
        shown as :class:`Names` says.
        """
        rows = self.marts.rows(
            sql,
            period=self.period.begins,
            previous=self.period.previous.begins if self.period.previous else None,
            next=self.period.ends,
        )
        return [self._named(row, private, free) for row in rows]

    def _named(self, row: Row, private: Sequence[str], free: Sequence[str]) -> Row:
        if "customer_id" in row:
            name = as_text(row.get("customer_name"))
            row = {"customer": self.names.customer(as_text(row["customer_id"]), name), **row}
        shown = {name: self.names.private(as_text(row[name])) for name in private}
        written = {name: self.names.free(as_text(row[name])) for name in free}
        return row | shown | written


def open_source(marts: Marts, period_name: str, *, hide: bool, key: bytes) -> Source:
    """Everything that the parts need.

    Raises:
        InputError: the marts hold nothing of the period.
    """
    period = _period(marts, period_name)
    currencies = marts.rows(
        """
        select distinct reporting_currency as currency
        from {focus_ai__customer_gross_margin_monthly} order by 1
        """
    )
    if len(currencies) != 1:
        raise InputError("the margin mart holds several reporting currencies: build it anew with one")
    return Source(marts, period, _names(marts, hide=hide, key=key), str(currencies[0]["currency"]))


def _period(marts: Marts, name: str) -> Period:
    """The period of that name, with the one before it."""
    if not marts.has("focus_ai__accounting_periods"):
        raise InputError("the marts hold no focus_ai__accounting_periods, which names their periods")
    rows = marts.rows(
        """
        select distinct
            periods.accounting_period as name, periods.first_day,
            periods.accounting_period_start as begins, periods.accounting_period_end as ends
        from {focus_ai__accounting_periods} as periods
        inner join {focus_ai__customer_gross_margin_monthly} as margins
            on periods.accounting_period_start = margins.accounting_period_start
        order by periods.accounting_period_start
        """
    )
    previous = None
    for row in rows:
        period = Period(**row, previous=previous)  # type: ignore[arg-type]
        if period.name == name:
            return period
        previous = replace(period, previous=None)
    known = [str(row["name"]) for row in rows]
    span = f"they hold {join_words(known) if len(known) < 4 else f'{known[0]} to {known[-1]}'}"
    raise InputError(f"the marts hold no margin of {escape(name)}: {span if known else 'they are empty'}")


def _names(marts: Marts, *, hide: bool, key: bytes) -> Names:
    """Names of all customers: also of those that stand in no margin line yet are named in texts."""
    sql = "select distinct customer_id, customer_name from {focus_ai__customer_gross_margin_monthly}"
    if marts.has("focus_ai__customers"):
        sql += " union select distinct customer_id, customer_name from {focus_ai__customers}"
    customers = marts.rows(f"{sql} order by 1, 2")
    return Names(
        ((str(row["customer_id"]), str(row["customer_name"] or row["customer_id"])) for row in customers),
        hide=hide,
        key=key,
    )
