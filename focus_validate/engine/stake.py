"""Money at stake: what the rows cost that break a rule, exact, per invoice issuer and currency.

One query adds up: the database what DECIMAL holds without loss, Python the distinct longer numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from focus_validate.engine.expressions import IsNumber
from focus_validate.engine.grammars import SUMMABLE
from focus_validate.engine.judges.numbers import EXACT, plain, read
from focus_validate.result import Amount, MoneyAtStake, RuleAtStake

if TYPE_CHECKING:
    from focus_validate.engine.layers import Layers
    from focus_validate.engine.readers.table import Table
    from focus_validate.engine.render import Leaves
    from focus_validate.engine.session import Session

COST, ISSUER, CURRENCY = "BilledCost", "InvoiceIssuerName", "BillingCurrency"
MOST = 100
"""So many pairs of issuer and currency are told."""
_SCALE = 18
_EXACT = f"decimal(38, {_SCALE})"
_LONGEST = 100
_BATCH = 1_000


class _Sum(msgspec.Struct):
    """The running sum over the rows of one issuer and currency."""

    cost: Decimal = msgspec.field(default_factory=Decimal)
    rows: int = 0
    without: int = 0

    def add(self, rows: int, cost: Decimal | None) -> None:
        self.rows += rows
        if cost is None:
            self.without += rows
        else:
            self.cost = EXACT.add(self.cost, cost)

    def amount(self, issuer: str | None, currency: str | None) -> Amount:
        return Amount(
            invoice_issuer_name=issuer,
            billing_currency=currency,
            billed_cost=plain(self.cost),
            rows=self.rows,
            rows_without_cost=self.without,
        )


class _Line(msgspec.Struct, frozen=True):
    """Rows of one kind of cost: ``long`` is the text of a number that DECIMAL may not hold.

    ``found`` has rows and cost of all of them, and of those that each rule finds.
    """

    issuer: str | None
    currency: str | None
    is_number: bool
    long: str | None
    found: tuple[tuple[int, Decimal | None], ...]

    def cost(self, rows: int, short: Decimal | None) -> Decimal | None:
        """What ``rows`` of these rows cost; None if their cells tell no cost."""
        if not self.is_number:
            return None
        if self.long is None:
            return short or Decimal()
        value = read(self.long)
        if len(self.long) > _LONGEST or abs(value.adjusted()) > _LONGEST:
            return None
        return EXACT.multiply(value, Decimal(rows))


def money_at_stake(
    session: Session, writer: Leaves, layers: Layers, table: Table, broken: Mapping[str, str]
) -> MoneyAtStake | None:
    """The cost of the rows that break rules: ``broken`` has SQL, written by ``layers``, by the rule's id.

    None when there is no such rule or no column BilledCost.
    """
    if not broken or COST not in writer.fields:
        return None
    query = _query(writer, layers, table.relation, list(broken.values()))
    total: list[Amount] = []
    rules: dict[str, list[Amount]] = {rule: [] for rule in broken}
    left_out = 0
    for (issuer, currency), lines in groupby(
        _lines(session, query), lambda line: (line.issuer, line.currency)
    ):
        if len(total) == MOST:
            left_out += 1
            continue
        whole, *parts = _sums(lines, len(broken))
        total.append(whole.amount(issuer, currency))
        for rule, part in zip(broken, parts, strict=True):
            if part.rows:
                rules[rule].append(part.amount(issuer, currency))
    return MoneyAtStake(
        total=tuple(total),
        rules=tuple(RuleAtStake(rule=rule, amounts=tuple(amounts)) for rule, amounts in rules.items()),
        left_out=left_out,
    )


def _query(writer: Leaves, layers: Layers, relation: str, broken: Sequence[str]) -> str:
    """Rows and sums per issuer, currency and kind of cost: of all broken rows, then of each rule."""
    issuer, currency = (
        writer.text(column) if column in writer.fields else "null::varchar" for column in (ISSUER, CURRENCY)
    )
    cost = writer.text(COST)
    short, exact = _summable(writer)
    cells = [
        f"{issuer} as issuer",
        f"{currency} as currency",
        f"{writer.simple(IsNumber(COST))} as is_number",
        f"case when is_number and not {short} then {cost} end as long",
        f"case when is_number and {short} then {exact} end as cost",
        *(f"{sql} as f{number}" for number, sql in enumerate(broken)),
    ]
    flags = "columns('^f[0-9]+$')"
    sums = (
        f"count(*), sum(cost), count_if({flags}), sum(case when {flags} then cost end)"  # FILTER takes long
    )
    return (
        f"select issuer, currency, is_number, long, {sums}"
        f" from (select {', '.join(cells)} from {layers.source(relation)} as t)"
        f" where {' or '.join(f'f{number}' for number in range(len(broken)))}"
        " group by issuer, currency, is_number, long order by issuer nulls first, currency nulls first"
    )


def _summable(writer: Leaves) -> tuple[str, str]:
    """SQL for whether DECIMAL(38, 18) holds a cost and its sums, and for the cost as such."""
    field = writer.fields[COST]
    if field.kind in ("integer", "decimal") and (field.scale or 0) <= _SCALE:
        return f"abs({field.sql}) < 1000000000000", f"cast({field.sql} as {_EXACT})"
    text = writer.text(COST)
    return f"coalesce(regexp_full_match({text}, '{SUMMABLE}'), false)", f"try_cast({text} as {_EXACT})"


def _lines(session: Session, query: str) -> Iterator[_Line]:
    cursor = session.execute(query)
    while batch := cursor.fetchmany(_BATCH):
        for issuer, currency, is_number, long, rows, cost, *found in batch:
            rules = len(found) // 2
            sums = zip([rows, *found[:rules]], [cost, *found[rules:]], strict=True)
            yield _Line(issuer, currency, is_number, long, tuple(sums))


def _sums(lines: Iterator[_Line], rules: int) -> list[_Sum]:
    """The sum over all broken rows of one issuer and currency, then that of each rule."""
    sums = [_Sum() for _ in range(rules + 1)]
    for line in lines:
        for one, (rows, short) in zip(sums, line.found, strict=True):
            if rows:
                one.add(rows, line.cost(rows, short))
    return sums


def broken_groups(keys: Sequence[str], condition: str, wrong: str) -> str:
    """SQL that is true on the rows under ``condition`` whose group is one of those that ``wrong`` names."""
    equal = " and ".join(f"w.k{position} is not distinct from {key}" for position, key in enumerate(keys))
    return f"({condition} and exists (select 1 from {wrong} as w where {equal}))"
