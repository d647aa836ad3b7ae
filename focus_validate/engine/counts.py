"""Counting rows: one query for all predicates, and a second one where Python had to decide close numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from focus_validate.engine.distinct import store
from focus_validate.engine.expressions import (
    FALSE,
    TRUE,
    All,
    Expression,
    IsMoment,
    IsNumber,
    Matches,
    Not,
    Number,
    Numbers,
    conjunction,
    leaves,
)
from focus_validate.engine.judges import numbers
from focus_validate.engine.layers import Answers, Layers, Lookup, Numeric, keys_of
from focus_validate.engine.readers.table import Field
from focus_validate.engine.render import Leaves

if TYPE_CHECKING:
    from focus_validate.engine.session import Session

_BATCH = 10_000
_MOST = 1_000
"""Expressions of one query: what it costs to plan one grows with the square of their number."""


class Counter:
    """Counts the rows of a table for which expressions hold."""

    def __init__(self, session: Session, writer: Leaves, answers: Answers, relation: str, rows: int) -> None:
        self._session = session
        self._writer = writer
        self._answers = answers
        self._relation = relation
        self._rows = rows

    def count(
        self, expressions: Iterable[Expression], further: Sequence[str] = ()
    ) -> tuple[dict[Expression, int], list[int]]:
        """The rows for each expression, and the values of ``further`` aggregates over raw cells.

        Constants cost nothing. A pattern that only texts outside their grammar reach waits for a second pass,
        which clean data does not need: no row passes its guard.
        """
        simple = {each: self._answers.folded(each) for each in dict.fromkeys(expressions)}
        counts: dict[Expression, int] = {TRUE: self._rows, FALSE: 0}
        guards = {each: guard for each in simple.values() if (guard := _rare_guard(each)) is not None}
        first = [each for each in simple.values() if each not in guards and each not in counts]
        found, extra = self._settled([*first, *guards.values()], further)
        counts.update(found)
        counts.update({each: 0 for each, guard in guards.items() if not counts[guard]})
        second = [each for each in guards if each not in counts]
        if second:
            counts.update(self._settled(second, ())[0])
        return {each: counts[folded] for each, folded in simple.items()}, extra

    def _settled(
        self, expressions: Iterable[Expression], further: Sequence[str]
    ) -> tuple[dict[Expression, int], list[int]]:
        """Counts, with another pass for what SQL left open."""
        wanted = list(dict.fromkeys(expressions))
        counts, extra, pending = self._passes(wanted, further)
        if pending:
            for leaf in pending:
                self._answers.decided[leaf] = self._decide(leaf)
            affected = [each for each in wanted if not pending.isdisjoint(leaves(each))]
            counts.update(self._passes(affected, ())[0])
        return counts, extra

    def _passes(
        self, expressions: Sequence[Expression], further: Sequence[str]
    ) -> tuple[dict[Expression, int], list[int], set[Numeric]]:
        counts: dict[Expression, int] = {}
        extra: list[int] = []
        pending: set[Numeric] = set()
        groups = self._answers.passes(expressions)
        parts = [group[start : start + _MOST] for group in groups for start in range(0, len(group), _MOST)]
        for number, part in enumerate(parts or [[]]):
            found, more, left_open = self._run(part, () if number else further)
            counts.update(found)
            extra += more
            pending |= left_open
        return counts, extra, pending

    def _run(
        self, expressions: Sequence[Expression], further: Sequence[str]
    ) -> tuple[dict[Expression, int], list[int], set[Numeric]]:
        layers = Layers(self._writer, self._answers)
        positive = dict.fromkeys(each.part if isinstance(each, Not) else each for each in expressions)
        written = {expression: layers.sql(expression) for expression in positive}
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
        counts.update({each: self._rows - counts[each.part] for each in expressions if isinstance(each, Not)})
        pending = {leaf for leaf, sql in undecided.items() if row[position[f"count_if({sql})"]]}
        return counts, list(row[len(aggregates) : -1]), pending

    def _decide(self, leaf: Numeric) -> Lookup:
        """Decide a comparison exactly for the distinct numbers that SQL left open."""
        layers = Layers(self._writer, Answers())
        layers.sql(leaf)
        ((_, is_open),) = layers.undecided().items()
        keys = keys_of(leaf, self._writer)
        lookup = Lookup(f"decided_{len(self._answers.decided)}", keys)
        self._session.execute(
            f"create table open_{lookup.table} as"
            f" select distinct {', '.join(f'{sql} as k{n}' for n, sql in enumerate(keys))}"
            f" from {layers.source(self._relation)} where {is_open}"
        )
        reader = self._session.connection.cursor().execute(f"from open_{lookup.table}")
        verdicts = _verdicts(reader, leaf, self._writer.fields)
        self._answers.judged += store(self._session, lookup, len(keys), verdicts)[1]
        return lookup


def _rare_guard(expression: Expression) -> Expression | None:
    """What holds for every row that reaches a pattern, if that is "the text is outside its grammar"."""
    if not isinstance(expression, All):
        return None
    cheap = [part for part in expression.parts if not any(isinstance(leaf, Matches) for leaf in leaves(part))]
    rare = any(isinstance(part, Not) and isinstance(part.part, IsNumber | IsMoment) for part in cheap)
    return conjunction(cheap) if rare and len(cheap) < len(expression.parts) else None


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
