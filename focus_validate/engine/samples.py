"""The first offending rows of each rule, in row order.

The first thousands of rows are looked at for all rules at once, and more of them for what these do not
settle; only what is left then needs a pass over the whole table, and one pass serves all rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from focus_validate.engine.counts import by_column
from focus_validate.engine.expressions import Expression
from focus_validate.engine.layers import Answers, Layers
from focus_validate.engine.readers.table import Table, literal
from focus_validate.engine.render import Leaves
from focus_validate.result import LONGEST_VALUE, Value

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

HEAD = 20_000
_HEADS = (2_000, HEAD)
"""So many first rows are searched before the whole table is."""
IDENTITIES = {
    "CostAndUsage": ("InvoiceId", "ResourceId", "ChargePeriodStart", "ChargePeriodEnd"),
    "InvoiceDetail": ("InvoiceId", "InvoiceDetailId", "BillingPeriodStart", "BillingPeriodEnd"),
    "ContractCommitment": ("ContractId", "ContractCommitmentId"),
    "BillingPeriod": ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodEnd"),
}
"""What names a row beside its number, per dataset."""
_PLAIN_KINDS = frozenset({"integer", "float", "boolean"})


class Cells(msgspec.Struct, frozen=True):
    """Cells of some rows by the number of the row, and the places in them of values and of names."""

    rows: dict[int, tuple[Any, ...]]
    values: dict[str, int]
    names: dict[str, int]

    def value(self, number: int, column: str) -> Value:
        """A cell as a sample shows it."""
        return _plain(self.rows[number][self.values[column]])

    def identity(self, number: int) -> dict[str, str]:
        """What names a row: the cells that are not null, by column."""
        cells = {column: _plain(self.rows[number][place]) for column, place in self.names.items()}
        return {column: cell for column, cell in cells.items() if isinstance(cell, str)}


class Sampler:
    """Finds the first ``limit`` rows for many expressions, by their number over all files."""

    def __init__(self, session: Session, writer: Leaves, answers: Answers, table: Table, limit: int) -> None:
        self._session = session
        self._writer = writer
        self._answers = answers
        self._table = table
        self._limit = limit

    def rows(self, totals: Mapping[Expression, int]) -> dict[Expression, list[int]]:
        """The first rows for which each expression holds; ``totals`` says how many there are."""
        found: dict[Expression, list[int]] = {}
        open_ones = list(totals)
        for relation in self._stages(_HEADS):
            found.update(self._search(open_ones, relation))
            open_ones = [each for each in open_ones if len(found[each]) < min(self._limit, totals[each])]
            if not open_ones:
                break
        return found

    def _stages(self, heads: Iterable[int]) -> Iterator[str]:
        """FROM items to search: ever more of the first rows, at last the whole table."""
        for rows in heads:
            yield f"(select * from {self._table.numbered} limit {rows})"
            if rows >= self._table.rows:
                return
        yield self._table.numbered

    def groups(
        self, wrong: str, keys: Sequence[str], condition: Expression, total: int
    ) -> list[tuple[Any, ...]]:
        """The number of the first row and the keys of the first groups that ``wrong`` (k0, k1, ...) names.

        ``keys`` are SQL over raw cells; ``condition`` says which rows belong to a group at all.
        """
        found: list[tuple[Any, ...]] = []
        for relation in self._stages((HEAD,)):
            found = self._search_groups(wrong, keys, condition, relation)
            if len(found) >= min(self._limit, total):
                break
        return found

    def cells(self, numbers: Collection[int], columns: Iterable[str], naming: Iterable[str]) -> Cells:
        """Of the rows with these numbers: the cells of ``columns``, and of ``naming``, which name a row."""
        values = {column: self._value(column) for column in columns}
        names = {column: _head(self._writer.text(column)) for column in naming}
        wanted = list(dict.fromkeys([*values.values(), *names.values()]))
        if not wanted:
            return Cells({}, {}, {})
        # Parquet has numbers of its own; DuckDB 1.5 loses rows where a filter stands over a limit on it
        last = f"where rn <= {max(numbers)}" if self._table.columnar else f"limit {max(numbers)}"
        found = self._session.execute(
            f"select rn, {', '.join(wanted)} from (select * from {self._table.numbered} {last})"
            " where rn in (select unnest($1::bigint[]))",
            [sorted(numbers)],
        ).fetchall()
        place = {sql: number for number, sql in enumerate(wanted, 1)}
        return Cells(
            {row[0]: row for row in found},
            {column: place[sql] for column, sql in values.items()},
            {column: place[sql] for column, sql in names.items()},
        )

    def _search(self, wanted: Sequence[Expression], relation: str) -> dict[Expression, list[int]]:
        """The first rows of ``relation`` for each expression."""
        simple = {each: self._answers.folded(each) for each in wanted}
        groups = self._answers.passes(dict.fromkeys(simple.values()))
        if len(groups) == 1:
            parts = by_column(groups[0], self._session.ways, list(self._writer.fields))
            several = self._session.together(*(partial(self._first_rows, part, relation) for part in parts))
        else:
            several = [self._first_rows(group, relation) for group in groups if group]
        found = {each: rows for part in several for each, rows in part.items()}
        return {each: found[folded] for each, folded in simple.items()}

    def _first_rows(self, expressions: Sequence[Expression], relation: str) -> dict[Expression, list[int]]:
        layers = Layers(self._writer, self._answers)
        flags = [f"{layers.sql(each)} as f{number}" for number, each in enumerate(expressions)]
        row = self._session.row(
            f"select min(case when columns('^f[0-9]+$') then rn end, {self._limit})"
            f" from (select rn, {', '.join(flags)} from {layers.source(relation)})"
        )
        return dict(zip(expressions, (items or [] for items in row), strict=True))

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

    def _value(self, column: str) -> str:
        """The cell as a sample shows it: numbers and booleans as they are, else the head of its text."""
        field = self._writer.fields[column]
        if field.kind in _PLAIN_KINDS:
            return field.sql
        text = self._writer.text(column)
        return _head(f"{text} || {literal(f' held in {field.zone}')}" if field.zone else text)


def _head(text: str) -> str:
    """SQL for the first characters of ``text``, one more than are shown."""
    return f"left({text}, {LONGEST_VALUE + 1})"


def _plain(value: Any) -> Value:
    """A value that JSON can hold and a person can read."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{value[:LONGEST_VALUE]}…"
    return value  # type: ignore[no-any-return]
