"""Counting rows: one query for all predicates, and a second one where Python had to decide close numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
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
    columns_of,
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
"""Expressions of one query."""
_LEAST = 50
"""Leaves that are worth a query of their own."""
_FEW_ROWS = 1_000_000
"""Up to here planning takes its time, and several queries are planned side by side; beyond, reading does."""


class Counter:
    """Counts the rows of a table for which expressions hold, each expression once.

    The first query also finds the number of distinct ``keys`` (SQL over raw cells), if there are any.
    """

    def __init__(
        self, session: Session, writer: Leaves, answers: Answers, relation: str, rows: int, keys: str | None
    ) -> None:
        self.distinct_keys: int | None = None
        self._session = session
        self._writer = writer
        self._answers = answers
        self._relation = relation
        self._rows = rows
        self._keys = keys
        self._counts: dict[Expression, int] = {TRUE: rows, FALSE: 0}

    def count(self, expressions: Iterable[Expression]) -> dict[Expression, int]:
        """The rows for each expression.

        Constants cost nothing. A pattern that only texts outside their grammar reach waits for a second pass,
        which clean data does not need: no row passes its guard.
        """
        simple = {each: self._answers.folded(each) for each in dict.fromkeys(expressions)}
        counts = self._counts
        new = [each for each in dict.fromkeys(simple.values()) if each not in counts]
        guards = {each: guard for each in new if (guard := _rare_guard(each)) is not None}
        self._settle([each for each in new if each not in guards] + list(guards.values()))
        counts.update({each: 0 for each, guard in guards.items() if not counts[guard]})
        self._settle(guards)
        return {each: counts[folded] for each, folded in simple.items()}

    def _settle(self, expressions: Iterable[Expression]) -> None:
        """Count what is not counted, with another pass for what SQL left open."""
        wanted = [each for each in dict.fromkeys(expressions) if each not in self._counts]
        pending = self._passes(wanted)
        if pending:
            for leaf in pending:
                self._answers.decided[leaf] = self._decide(leaf)
            self._passes([each for each in wanted if not pending.isdisjoint(leaves(each))])

    def _passes(self, expressions: Sequence[Expression]) -> set[Numeric]:
        """Count the rows of expressions; the comparisons that SQL cannot decide for some row."""
        groups = self._answers.passes(expressions)
        together = self._session.together if len(groups) == 1 else _one_by_one
        pending: set[Numeric] = set()
        for counts, left_open in together(*(partial(self._run, *part) for part in self._parts(groups))):
            self._counts.update(counts)
            pending |= left_open
        return pending

    def _parts(
        self, groups: Sequence[Sequence[Expression]]
    ) -> Iterator[tuple[Sequence[Expression], str | None]]:
        """The expressions of each query, and the keys to find in it."""
        ways = self._session.ways if len(groups) == 1 and self._rows <= _FEW_ROWS else 1
        keys, self._keys = self._keys, None
        if keys and ways > 1:
            yield [], keys
            keys = None
        for group in groups:
            for part in by_column(group, max(ways, -(-len(group) // _MOST)), list(self._writer.fields)):
                yield part, keys
                keys = None
        if keys:
            yield [], keys

    def _run(
        self, expressions: Sequence[Expression], keys: str | None
    ) -> tuple[dict[Expression, int], set[Numeric]]:
        layers = Layers(self._writer, self._answers)
        positive = dict.fromkeys(each.part if isinstance(each, Not) else each for each in expressions)
        written = {expression: layers.sql(expression) for expression in positive}
        undecided = layers.undecided()
        flags = {sql: n for n, sql in enumerate(dict.fromkeys([*written.values(), *undecided.values()]))}
        *found, distinct = self._session.row(_query(list(flags), keys, layers.source(self._relation)))
        if keys:
            self.distinct_keys = distinct
        counts = {expression: found[flags[sql]] for expression, sql in written.items()}
        counts.update({each: self._rows - counts[each.part] for each in expressions if isinstance(each, Not)})
        return counts, {leaf for leaf, sql in undecided.items() if found[flags[sql]]}

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
        reader = self._session.cursor().execute(f"from open_{lookup.table}")
        verdicts = _verdicts(reader, leaf, self._writer.fields)
        self._answers.stored[lookup] = store(self._session, lookup, len(keys), verdicts)[1]
        return lookup


def _one_by_one(*works: Callable[[], Any]) -> list[Any]:
    """Very many judged texts are joined to one query at a time, for the sake of memory."""
    return [work() for work in works]


def _query(flags: Sequence[str], keys: str | None, source: str) -> str:
    """The rows for each flag, then the distinct keys; flags get names, for it costs much to read SQL."""
    counts = "count_if(columns('^f[0-9]+$')), " if flags else ""
    named = "".join(f", {sql} as f{number}" for number, sql in enumerate(flags))
    return (
        f"select {counts}{f'count(distinct {keys})' if keys else 'null'} from (select *{named} from {source})"
    )


def by_column(expressions: Sequence[Expression], ways: int, columns: Sequence[str]) -> list[list[Expression]]:
    """The expressions in up to so many parts of about the same length, which have few columns in common.

    What is tested stands at the end of an expression, behind the conditions.
    """
    place = {column: number for number, column in enumerate(columns)}
    read = {each: [place[columns_of(leaf)[0]] for leaf in leaves(each)] for each in expressions}
    most = max(sum(map(len, read.values())) / ways, _LEAST)
    parts: list[list[Expression]] = []
    filled = 0
    for each in sorted(expressions, key=lambda each: read[each][-1:]):
        if filled >= most * len(parts):
            parts.append([])
        parts[-1].append(each)
        filled += len(read[each])
    return parts


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
    return numbers.product_holds(left, right, result, places, leaf.tolerance)
