"""Predicates over one row, free of any SQL dialect and of any carrier.

Every expression is two-valued: a leaf says itself what it is on null. Equal expressions are equal objects, so
that what many rules ask is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

import msgspec

from focus_validate.tolerance import Tolerance

Operator = Literal["<", "<=", "=", "<>", ">=", ">"]


class _Node(msgspec.Struct, frozen=True, cache_hash=True):
    """Part of an expression: a key of many dictionaries."""


class Const(_Node, frozen=True):
    """Always true or always false."""

    value: bool


class Null(_Node, frozen=True):
    """The cell is null."""

    column: str


class OneOf(_Node, frozen=True):
    """The cell's text is one of the values; false on null."""

    column: str
    values: tuple[str, ...]


class AnyCase(_Node, frozen=True):
    """The cell's text is one of the words, whatever the case of its ASCII letters; false on null."""

    column: str
    words: tuple[str, ...]


class Matches(_Node, frozen=True):
    """The cell's whole text matches a RE2 pattern; false on null."""

    column: str
    pattern: str


class IsString(_Node, frozen=True):
    """The cell of a text column is a string and not, as in JSON Lines, the text of something else."""

    column: str


class IsNumber(_Node, frozen=True):
    """The cell is a number: NumericFormat's grammar in text, a finite value in a numeric column."""

    column: str


class IsMoment(_Node, frozen=True):
    """The cell is an instant: DateTimeFormat's strict form with a real date in text, or a timestamp."""

    column: str


class Number(_Node, frozen=True):
    """The cell is a number that compares so with ``value``, a decimal literal; false on anything else."""

    column: str
    operator: Operator
    value: str


class Numbers(_Node, frozen=True):
    """Both cells are numbers that compare so; exact, false on anything else."""

    left: str
    operator: Operator
    right: str


class Moments(_Node, frozen=True):
    """Both cells are instants that compare so; false on anything else."""

    left: str
    operator: Operator
    right: str


class SameText(_Node, frozen=True):
    """Both cells have the same text; false if one is null."""

    left: str
    right: str


class Product(_Node, frozen=True):
    """``left * right`` is ``result`` within the tolerance; false unless all are numbers.

    ``currency`` is the column whose minor units set the tolerance, None if the table has none.
    """

    left: str
    right: str
    result: str
    currency: str | None
    tolerance: Tolerance


class Judged(_Node, frozen=True):
    """What Python decides on the distinct texts of some columns; true if one of them is null.

    ``test`` names the judge, ``arguments`` are its parameters as a sorted tuple of pairs.
    """

    test: str
    columns: tuple[str, ...]
    arguments: tuple[tuple[str, object], ...] = ()


class Exists(_Node, frozen=True):
    """The cell's text occurs in column ``where`` of some row; true on null."""

    column: str
    where: str


class Not(_Node, frozen=True):
    """The part does not hold."""

    part: Expression


class All(_Node, frozen=True):
    """Every part holds."""

    parts: tuple[Expression, ...]


class Any(_Node, frozen=True):
    """At least one part holds."""

    parts: tuple[Expression, ...]


Leaf: TypeAlias = (
    Null
    | OneOf
    | AnyCase
    | Matches
    | IsString
    | IsNumber
    | IsMoment
    | Number
    | Numbers
    | Moments
    | SameText
    | Product
    | Judged
    | Exists
)
Expression: TypeAlias = Const | Leaf | Not | All | Any

TRUE = Const(True)
FALSE = Const(False)


def negate(part: Expression) -> Expression:
    """``part`` does not hold."""
    if isinstance(part, Const):
        return Const(not part.value)
    return part.part if isinstance(part, Not) else Not(part)


def conjunction(parts: Iterable[Expression]) -> Expression:
    """Every part holds; constants, repetitions and nesting are folded, "not null" where texts are named."""
    kept: dict[Expression, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, All) else (part,):
            if inner == FALSE:
                return FALSE
            if inner != TRUE:
                kept[inner] = None
    for part in list(kept):
        if isinstance(part, OneOf):
            kept.pop(Not(Null(part.column)), None)
    if not kept:
        return TRUE
    return next(iter(kept)) if len(kept) == 1 else All(tuple(kept))


def disjunction(parts: Iterable[Expression]) -> Expression:
    """At least one part holds; constants, repetitions and nesting are folded."""
    kept: dict[Expression, None] = {}
    for part in parts:
        for inner in part.parts if isinstance(part, Any) else (part,):
            if inner == TRUE:
                return TRUE
            if inner != FALSE:
                kept[inner] = None
    if not kept:
        return FALSE
    return next(iter(kept)) if len(kept) == 1 else Any(tuple(kept))


def violation(conditions: Iterable[Expression], passes: Expression) -> Expression:
    """Where the conditions hold and ``passes`` does not.

    A disjunction is opened, so that its parts guard each other.
    """
    refused = [negate(part) for part in passes.parts] if isinstance(passes, Any) else [negate(passes)]
    return conjunction([*conditions, *refused])


def replaced(expression: Expression, substitute: Callable[[Leaf], Expression | None]) -> Expression:
    """``expression`` with the leaves for which ``substitute`` gives an expression replaced by it, folded."""
    if isinstance(expression, Not):
        return negate(replaced(expression.part, substitute))
    if isinstance(expression, All):
        return conjunction(replaced(part, substitute) for part in expression.parts)
    if isinstance(expression, Any):
        return disjunction(replaced(part, substitute) for part in expression.parts)
    if isinstance(expression, Const):
        return expression
    other = substitute(expression)
    return expression if other is None else other


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The leaves of an expression, left to right, with repetitions."""
    if isinstance(expression, Not):
        yield from leaves(expression.part)
    elif isinstance(expression, All | Any):
        for part in expression.parts:
            yield from leaves(part)
    elif not isinstance(expression, Const):
        yield expression


def columns_of(leaf: Leaf) -> tuple[str, ...]:
    """The columns whose cells a leaf reads."""
    if isinstance(leaf, Numbers | Moments | SameText):
        return leaf.left, leaf.right
    if isinstance(leaf, Product):
        factors = (leaf.left, leaf.right, leaf.result)
        return factors if leaf.currency is None else (*factors, leaf.currency)
    if isinstance(leaf, Judged):
        return leaf.columns
    return (leaf.column,)
