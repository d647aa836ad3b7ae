"""One query over a table, built in layers, so that what many predicates share is computed once.

The innermost layer has the shared leaves, while columns are still as the file encodes them; above it are
joined the texts that Python has judged, then come the numbers as DOUBLE, then the comparisons of numbers, and
on top what the caller selects. A costly pattern that a cheap test guards is not shared but evaluated on the
few rows that pass the guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from focus_validate.engine.expressions import (
    TRUE,
    All,
    Any,
    Const,
    Exists,
    Expression,
    IsNumber,
    Judged,
    Leaf,
    Matches,
    Not,
    Number,
    Numbers,
    Product,
    leaves,
    replaced,
)
from focus_validate.engine.render import Leaves

Numeric = Number | Numbers | Product


class Lookup(msgspec.Struct, frozen=True):
    """A table of judged texts: ``keys`` are SQL over raw cells, equal to its columns k0, k1, ...

    Its column ``bits`` is not null in rows that were judged.
    """

    table: str
    keys: tuple[str, ...]


MANY_JUDGED = 200_000
"""With more judged texts than this, no query joins more than one table of them, for the sake of memory."""


class Answers(msgspec.Struct):
    """What was decided outside SQL.

    ``broken`` maps a judged leaf to the lookup and the bit that is set for texts that break it, ``listed``
    one that few texts break to an expression that names them (no entry in both: no text breaks it).
    ``decided`` maps a numeric leaf to the lookup whose bits are 1 where it holds. ``stored``
    counts the texts in each lookup.
    """

    broken: dict[Leaf, tuple[Lookup, int]] = msgspec.field(default_factory=dict)
    listed: dict[Leaf, Expression] = msgspec.field(default_factory=dict)
    decided: dict[Leaf, Lookup] = msgspec.field(default_factory=dict)
    stored: dict[Lookup, int] = msgspec.field(default_factory=dict)

    def passes(self, expressions: Iterable[Expression]) -> list[list[Expression]]:
        """The expressions of each pass: all in one, unless there are very many judged texts."""
        if sum(self.stored.values()) <= MANY_JUDGED:
            return [list(expressions)]
        groups: dict[frozenset[Lookup], list[Expression]] = {frozenset(): []}
        for expression in expressions:
            groups.setdefault(frozenset(self._lookups(expression)), []).append(expression)
        return list(groups.values())

    def _lookups(self, expression: Expression) -> Iterator[Lookup]:
        for leaf in leaves(expression):
            if leaf in self.broken:
                yield self.broken[leaf][0]
            elif leaf in self.decided:
                yield self.decided[leaf]

    def folded(self, expression: Expression) -> Expression:
        """``expression`` without the judged leaves that no text breaks, or only few texts."""
        return replaced(
            expression, lambda leaf: self.settled(leaf) if isinstance(leaf, Judged | Exists) else None
        )

    def settled(self, leaf: Judged | Exists) -> Expression | None:
        """What a judged leaf is without a look at a lookup; None if it needs one."""
        return None if leaf in self.broken else self.listed.get(leaf, TRUE)


class Layers:
    """Collects the leaves of the expressions given to ``sql``; then ``source`` is the FROM item they read."""

    def __init__(self, writer: Leaves, answers: Answers) -> None:
        self._writer = writer
        self._answers = answers
        self._joins: dict[Lookup, str] = {}
        self._shared: dict[Leaf, str] = {}
        self._doubles: dict[str, str] = {}
        self._numeric: dict[Numeric, str] = {}

    def sql(self, expression: Expression) -> str:
        """``expression`` as SQL that is true or false, over the columns of ``source``."""
        if isinstance(expression, Const):
            return "true" if expression.value else "false"
        if isinstance(expression, Not):
            return f"not {self.sql(expression.part)}"
        if isinstance(expression, All):
            return self._guarded(expression.parts, " and ", otherwise="false")
        if isinstance(expression, Any):
            return self._guarded(expression.parts, " or ", otherwise="true")
        return self._leaf(expression)

    def _guarded(self, parts: Iterable[Expression], joiner: str, otherwise: str) -> str:
        """The parts joined; those with a pattern are left to rows that the others do not decide."""
        cheap = [part for part in parts if not _is_costly(part)]
        costly = [part for part in parts if _is_costly(part)]
        written = joiner.join(self.sql(part) for part in cheap)
        if not costly:
            return f"({written})"
        rest = joiner.join(self.sql(part) for part in costly)
        if not cheap:
            return f"({rest})"
        guard = written if otherwise == "false" else f"not ({written})"
        return f"case when {guard} then {rest} else {otherwise} end"

    def _leaf(self, leaf: Leaf) -> str:
        if isinstance(leaf, Judged | Exists):
            return self._judged(leaf)
        if isinstance(leaf, Number | Numbers | Product):
            return self._number(leaf)
        if isinstance(leaf, Matches):
            return self._writer.simple(leaf)
        return self._share(leaf)

    def _share(self, leaf: Leaf) -> str:
        return self._shared.setdefault(leaf, f"a{len(self._shared)}")

    def _judged(self, leaf: Judged | Exists) -> str:
        settled = self._answers.settled(leaf)
        if settled is not None:
            return self.sql(settled)
        lookup, bit = self._answers.broken[leaf]
        return f"((coalesce({self._join(lookup)}, 0) & {1 << bit}) = 0)"

    def _join(self, lookup: Lookup) -> str:
        return self._joins.setdefault(lookup, f"j{len(self._joins)}")

    def _number(self, leaf: Numeric) -> str:
        alias = self._numeric.setdefault(leaf, f"x{len(self._numeric)}")
        for column in _operands(leaf):
            self._share(IsNumber(column))
            self._doubles.setdefault(column, f"d{len(self._doubles)}")
        lookup = self._answers.decided.get(leaf)
        return (
            f"coalesce({alias}, false)"
            if lookup is None
            else f"coalesce({alias}, {self._join(lookup)} = 1, false)"
        )

    def undecided(self) -> dict[Numeric, str]:
        """For each comparison of numbers without answers, SQL that is true where SQL cannot decide it."""
        answered = self._answers.decided
        return {leaf: f"{alias} is null" for leaf, alias in self._numeric.items() if leaf not in answered}

    def source(self, relation: str) -> str:
        """The FROM item: ``relation`` with every column that the SQL written so far reads."""
        is_number = {column: self._shared[IsNumber(column)] for column in self._doubles}
        shared = [f"{self._writer.simple(leaf)} as {alias}" for leaf, alias in self._shared.items()]
        layers = [
            [
                f"{self._writer.number_as(column, is_number[column])} as {alias}"
                for column, alias in self._doubles.items()
            ],
            [
                f"{self._writer.numeric(leaf, is_number, self._doubles)} as {alias}"
                for leaf, alias in self._numeric.items()
            ],
        ]
        source = self._joined(_with(relation, shared))
        for columns in layers:
            source = _with(source, columns)
        return source

    def _joined(self, relation: str) -> str:
        if not self._joins:
            return relation
        bits = ", ".join(f"{alias}t.bits as {alias}" for alias in self._joins.values())
        joins = " ".join(
            f"left join {lookup.table} as {alias}t on {_equal(lookup, alias)}"
            for lookup, alias in self._joins.items()
        )
        return f"(select input.*, {bits} from (select * from {relation}) as input {joins})"


def _with(source: str, columns: Sequence[str]) -> str:
    """``source`` with further columns."""
    return f"(select *, {', '.join(columns)} from {source})" if columns else source


def _equal(lookup: Lookup, alias: str) -> str:
    return " and ".join(
        f"{key} is not distinct from {alias}t.k{position}" for position, key in enumerate(lookup.keys)
    )


def _operands(leaf: Numeric) -> tuple[str, ...]:
    if isinstance(leaf, Number):
        return (leaf.column,)
    if isinstance(leaf, Numbers):
        return leaf.left, leaf.right
    return leaf.left, leaf.right, leaf.result


def _is_costly(expression: Expression) -> bool:
    return any(isinstance(leaf, Matches) for leaf in leaves(expression))


def keys_of(leaf: Numeric, writer: Leaves) -> tuple[str, ...]:
    """What Python needs to decide a comparison, as SQL: the numbers as text, for products the minor units."""
    keys = [writer.text(column) for column in _operands(leaf)]
    if isinstance(leaf, Product):
        keys.append(f"cast({writer.currency_places(leaf.currency)} as varchar)")
    return tuple(keys)
