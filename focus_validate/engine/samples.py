"""The first offending rows of each rule, in row order.

The first thousands of rows are looked at for all rules at once, and more of them for what these do not
settle; only what is left then needs a pass over the whole table, and one pass serves all rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from focus_validate.engine.expressions import Expression
from focus_validate.engine.layers import Answers, Layers
from focus_validate.engine.readers.table import Table, literal
from focus_validate.engine.render import Leaves
from focus_validate.result import Value

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

HEAD = 20_000
_HEADS = (2_000, HEAD)
"""So many first rows are searched before the whole table is."""
LONGEST = 10_000
IDENTITIES = {
    "CostAndUsage": ("InvoiceId", "ResourceId", "ChargePeriodStart", "ChargePeriodEnd"),
    "InvoiceDetail": ("InvoiceId", "InvoiceDetailId", "BillingPeriodStart", "BillingPeriodEnd"),
    "ContractCommitment": ("ContractId", "ContractCommitmentId"),
    "BillingPeriod": ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodEnd"),
}
"""What names a row beside its number, per dataset."""
_PLAIN_KINDS = frozenset({"integer", "float", "boolean"})


class Found(msgspec.Struct, frozen=True):
    """One offending row over all files, and the value shown."""

    number: int
    value: Value


class Wanted(msgspec.Struct, frozen=True):
    """Rows to find: the ``total`` ones for which ``expression`` holds, with the cell of ``column``."""

    expression: Expression
    column: str | None
    total: int


class Sampler:
    """Finds the first ``limit`` rows for many expressions."""

    def __init__(self, session: Session, writer: Leaves, answers: Answers, table: Table, limit: int) -> None:
        self._session = session
        self._writer = writer
        self._answers = answers
        self._table = table
        self._limit = limit

    def rows(self, wanted: Sequence[Wanted]) -> dict[Wanted, list[Found]]:
        """The first rows of each."""
        if not self._limit or not wanted:
            return {each: [] for each in wanted}
        found: dict[Wanted, list[Found]] = {}
        open_ones = list(wanted)
        for rows, relation in self._stages(_HEADS):
            found.update(self._search(open_ones, relation, head=rows <= HEAD))
            open_ones = [each for each in open_ones if len(found[each]) < min(self._limit, each.total)]
            if not open_ones:
                break
        return found

    def _stages(self, heads: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Rows and FROM items to search: ever more of the first rows, at last the whole table."""
        for rows in heads:
            yield rows, f"(select * from {self._table.numbered} limit {rows})"
            if rows >= self._table.rows:
                return
        yield self._table.rows, self._table.numbered

    def groups(
        self, wrong: str, keys: Sequence[str], condition: Expression, total: int
    ) -> list[tuple[Any, ...]]:
        """The number of the first row and the keys of the first groups that ``wrong`` (k0, k1, ...) names.

        ``keys`` are SQL over raw cells; ``condition`` says which rows belong to a group at all.
        """
        if not self._limit:
            return []
        found: list[tuple[Any, ...]] = []
        for _, relation in self._stages((HEAD,)):
            found = self._search_groups(wrong, keys, condition, relation)
            if len(found) >= min(self._limit, total):
                break
        return found

    def identities(self, numbers: Collection[int], dataset: str) -> dict[int, dict[str, str]]:
        """What names the rows with these numbers: the cells that are not null, by column."""
        columns = [column for column in IDENTITIES.get(dataset, ()) if column in self._writer.fields]
        if not numbers or not columns:
            return {}
        found = self._cells(numbers, [_bounded(self._writer.text(column)) for column in columns])
        return {
            number: {column: cell for column, cell in zip(columns, row, strict=True) if cell is not None}
            for number, row in found.items()
        }

    def _cells(self, numbers: Collection[int], cells: Sequence[str]) -> dict[int, tuple[Any, ...]]:
        """What SQL says of the rows with these numbers."""
        found = self._session.execute(
            f"select rn, {', '.join(cells)} from (select * from {self._table.numbered} limit {max(numbers)})"
            " where rn in (select unnest($1::bigint[]))",
            [sorted(numbers)],
        )
        return {number: tuple(row) for number, *row in found.fetchall()}

    def _search(self, wanted: Sequence[Wanted], relation: str, head: bool) -> dict[Wanted, list[Found]]:
        found: dict[Wanted, list[Found]] = {}
        search = self._search_head if head else self._search_once
        for group in self._answers.passes(dict.fromkeys(each.expression for each in wanted)):
            found.update(search([each for each in wanted if each.expression in group], relation))
        return found

    def _search_head(self, wanted: Sequence[Wanted], relation: str) -> dict[Wanted, list[Found]]:
        """Numbers first, then the cells of the rows found: the first rows are quickly read twice."""
        if not wanted:
            return {}
        layers = Layers(self._writer, self._answers)
        select = [
            f"min(case when {layers.sql(each.expression)} then rn end, {self._limit})" for each in wanted
        ]
        row = self._session.row(f"select {', '.join(select)} from {layers.source(relation)}")
        numbers = dict(zip(wanted, (items or [] for items in row), strict=True))
        every = {number for items in numbers.values() for number in items}
        values = list(dict.fromkeys(self._value(each.column) for each in wanted))
        cells = self._cells(every, values) if every else {}
        return {
            each: [
                Found(number, _plain(cells[number][values.index(self._value(each.column))]))
                for number in items
            ]
            for each, items in numbers.items()
        }

    def _search_once(self, wanted: Sequence[Wanted], relation: str) -> dict[Wanted, list[Found]]:
        if not wanted:
            return {}
        layers = Layers(self._writer, self._answers)
        select = [
            f"arg_min({{'r': rn, 'v': {self._value(each.column)}}}, rn, {self._limit})"
            f" filter (where {layers.sql(each.expression)})"
            for each in wanted
        ]
        row = self._session.row(f"select {', '.join(select)} from {layers.source(relation)}")
        return {
            each: [Found(item["r"], _plain(item["v"])) for item in items or []]
            for each, items in zip(wanted, row, strict=True)
        }

    def _search_groups(
        self, wrong: str, keys: Sequence[str], condition: Expression, relation: str
    ) -> list[tuple[Any, ...]]:
        layers = Layers(self._writer, self._answers)
        where = layers.sql(condition)
        names = ", ".join(f"w.k{position}" for position in range(len(keys)))
        equal = " and ".join(f"{key} is not distinct from w.k{position}" for position, key in enumerate(keys))
        return self._session.rows(
            f"select min(rn) as first, {names} from {layers.source(relation)} as t"
            f" join {wrong} as w on {equal} where {where} group by {names} order by first limit {self._limit}"
        )

    def _value(self, column: str | None) -> str:
        """The cell as a sample shows it: numbers and booleans as they are, all else as bounded text."""
        if column is None:
            return "null"
        field = self._writer.fields[column]
        if field.kind in _PLAIN_KINDS:
            return field.sql
        text = self._writer.text(column)
        return _bounded(f"{text} || {literal(f' held in {field.zone}')}" if field.zone else text)


def _bounded(text: str) -> str:
    """SQL for ``text`` cut to its first LONGEST characters."""
    return f"case when length({text}) > {LONGEST} then left({text}, {LONGEST}) || '…' else {text} end"


def _plain(value: Any) -> Value:
    """A value that JSON can hold."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value  # type: ignore[no-any-return]
