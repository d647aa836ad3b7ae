"""Counting rows: one query for all predicates, and a second one where Python had to decide close numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from focus_validate.engine.distinct import store
from focus_validate.engine.expressions import Expression, Number, Numbers, leaves
from focus_validate.engine.judges import numbers
from focus_validate.engine.layers import Answers, Layers, Lookup, Numeric, keys_of
from focus_validate.engine.readers.table import Field
from focus_validate.engine.render import Leaves

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

_BATCH = 10_000


class Counter:
    """Counts the rows of a table for which expressions hold."""

    def __init__(self, session: Session, writer: Leaves, answers: Answers, relation: str) -> None:
        self._session = session
        self._writer = writer
        self._answers = answers
        self._relation = relation

    def count(
        self, expressions: Iterable[Expression], further: Sequence[str] = ()
    ) -> tuple[dict[Expression, int], list[int]]:
        """The rows for each expression, and the values of ``further`` aggregates over raw cells."""
        wanted = list(dict.fromkeys(expressions))
        counts, extra, pending = self._run(wanted, further)
        if pending:
            for leaf in pending:
                self._answers.decided[leaf] = self._decide(leaf)
            affected = [each for each in wanted if not pending.isdisjoint(leaves(each))]
            counts.update(self._run(affected, ())[0])
        return counts, extra

    def _run(
        self, expressions: Sequence[Expression], further: Sequence[str]
    ) -> tuple[dict[Expression, int], list[int], set[Numeric]]:
        layers = Layers(self._writer, self._answers)
        written = {expression: layers.sql(expression) for expression in expressions}
        undecided = layers.undecided()
        aggregates = list(
            dict.fromkeys(f"count_if({sql})" for sql in [*written.values(), *undecided.values()])
        )
        position = {aggregate: number for number, aggregate in enumerate(aggregates)}
        query = (
            f"select {', '.join([*aggregates, *further, 'count(*)'])} from {layers.source(self._relation)}"
        )
        row = self._session.row(query)
        counts = {expression: row[position[f"count_if({sql})"]] for expression, sql in written.items()}
        pending = {leaf for leaf, sql in undecided.items() if row[position[f"count_if({sql})"]]}
        return counts, list(row[len(aggregates) : -1]), pending

    def _decide(self, leaf: Numeric) -> Lookup:
        """Decide a comparison exactly for the distinct numbers that SQL left open."""
        layers = Layers(self._writer, Answers())
        layers.sql(leaf)
        ((_, is_open),) = layers.undecided().items()
        keys = keys_of(leaf, self._writer)
        lookup = Lookup(f"decided_{len(self._answers.decided)}", tuple(keys.values()))
        self._session.execute(
            f"create table open_{lookup.table} as"
            f" select distinct {', '.join(f'{sql} as k{n}' for n, sql in enumerate(keys.values()))}"
            f" from {layers.source(self._relation)} where {is_open}"
        )
        reader = self._session.connection.cursor().execute(f"from open_{lookup.table}")
        store(self._session, lookup, len(keys), _verdicts(reader, leaf, self._writer.fields))
        return lookup


def _verdicts(reader: Any, leaf: Numeric, fields: Mapping[str, Field]) -> Iterator[tuple[Any, ...]]:
    while batch := reader.fetchmany(_BATCH):
        for keys in batch:
            yield (*keys, int(_holds(leaf, keys, fields)))


def _holds(leaf: Numeric, keys: Sequence[str], fields: Mapping[str, Field]) -> bool:
    if isinstance(leaf, Number):
        return numbers.compare(keys[0], leaf.operator, leaf.value)
    if isinstance(leaf, Numbers):
        return numbers.compare(keys[0], leaf.operator, keys[1])
    left, right, result, minor_units = keys
    kinds = [fields[column].kind for column in (leaf.left, leaf.right, leaf.result)]
    places: int | None = int(minor_units)
    if "float" in kinds:
        places = None
    elif kinds[2] == "decimal":
        places = fields[leaf.result].scale
    elif kinds[2] == "text":
        places = max(int(minor_units), numbers.decimals_written(result))
    return numbers.product_holds(left, right, result, places)
