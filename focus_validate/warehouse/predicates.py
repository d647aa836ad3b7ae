"""Expressions as SQL over the typed columns of a warehouse table: exact, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase
from typing import Any as Anything
from typing import cast

from focus_validate.engine.expressions import (
    All,
    Any,
    AnyCase,
    Const,
    Exists,
    Expression,
    IsMoment,
    IsNumber,
    IsString,
    Judged,
    Leaf,
    Matches,
    Moments,
    Not,
    Null,
    Number,
    Numbers,
    OneOf,
    Product,
    SameText,
)
from focus_validate.engine.readers.table import Field, Kind
from focus_validate.warehouse.dialects import Dialect, portable

SEEN = "seen_value"
"""The column of the joined values that an ``Exists`` looks for."""


class UndecidableError(Exception):
    """SQL cannot decide an expression; the text says why."""


class Predicates:
    """Writes expressions over the columns of one table.

    What it writes is true or false, never null. ``lenient`` says what a product counts as that is too close
    to its tolerance for binary arithmetic: right, else wrong.
    """

    def __init__(self, dialect: Dialect, fields: Mapping[str, Field]) -> None:
        self._dialect = dialect
        self._fields = fields

    def sql(self, expression: Expression, lenient: bool = True) -> str:
        """``expression`` as a condition; raises UndecidableError."""
        if isinstance(expression, Const):
            return "true" if expression.value else "false"
        if isinstance(expression, Not):
            return self._opposite(expression.part, lenient)
        if isinstance(expression, All | Any):
            joiner = " and " if isinstance(expression, All) else " or "
            return f"({joiner.join(self.sql(part, lenient) for part in expression.parts)})"
        return self._leaf(expression, lenient)

    def _opposite(self, part: Expression, lenient: bool) -> str:
        if isinstance(part, Null):
            return f"{self._column(part.column)} is not null"
        return f"not ({self.sql(part, lenient)})"

    def _leaf(self, leaf: Leaf, lenient: bool) -> str:
        if isinstance(leaf, Null):
            return f"{self._column(leaf.column)} is null"
        if isinstance(leaf, Product):
            return self._product(leaf, lenient)
        if isinstance(leaf, Judged):
            return self._judged(leaf, lenient)
        if isinstance(leaf, IsString):
            raise UndecidableError("a warehouse column has one type")
        if isinstance(leaf, IsNumber):
            return self._dialect.is_number(self._column(leaf.column, "decimal"))
        if isinstance(leaf, IsMoment):
            return f"{self._column(leaf.column, 'timestamp')} is not null"
        if isinstance(leaf, Exists):
            return f"({self._column(leaf.column, 'text')} is null or {SEEN} is not null)"
        return f"coalesce({self._compared(leaf)}, false)"

    def _compared(self, leaf: OneOf | AnyCase | Matches | Number | Numbers | Moments | SameText) -> str:
        """A comparison; null where a cell is."""
        if isinstance(leaf, OneOf):
            values = ", ".join(map(self._dialect.literal, leaf.values))
            return f"{self._column(leaf.column, 'text')} in ({values})" if values else "false"
        if isinstance(leaf, AnyCase):
            words = ", ".join(map(self._dialect.literal, leaf.words))
            return f"{_lower(self._column(leaf.column, 'text'))} in ({words})"
        if isinstance(leaf, Matches):
            pattern = portable(leaf.pattern)
            if pattern is None:
                raise UndecidableError("its pattern means different things to different databases")
            return self._dialect.matches(self._column(leaf.column, "text"), pattern)
        if isinstance(leaf, Number):
            column = self._column(leaf.column, "decimal")
            value = self._dialect.number(leaf.value)
            return f"{self._dialect.is_number(column)} and {column} {leaf.operator} {value}"
        if isinstance(leaf, SameText):
            return f"{self._column(leaf.left, 'text')} = {self._column(leaf.right, 'text')}"
        kind: Kind = "decimal" if isinstance(leaf, Numbers) else "timestamp"
        left, right = self._column(leaf.left, kind), self._column(leaf.right, kind)
        compared = f"{left} {leaf.operator} {right}"
        if kind == "timestamp":
            return compared
        return f"{self._dialect.is_number(left)} and {self._dialect.is_number(right)} and {compared}"

    def _product(self, leaf: Product, lenient: bool) -> str:
        """Whether a product is within its tolerance, by more than the rounding of binary numbers or not."""
        scale = self._fields[leaf.result].scale
        if scale is None:
            raise UndecidableError(
                "its tolerance depends on the scale of the cost columns: give it with --scale"
            )
        left, right, result = (
            f"cast({self._column(column, 'decimal')} as {self._dialect.double})"
            for column in (leaf.left, leaf.right, leaf.result)
        )
        least = format(Decimal(leaf.tolerance.units).scaleb(-scale), "e")
        tolerance = f"greatest({leaf.tolerance.share} * abs({result}), {least})"
        slack = f"1e-14 * (abs({left} * {right}) + abs({result}) + {least})"
        sign = "+" if lenient else "-"
        return f"coalesce(abs({left} * {right} - {result}) <= {tolerance} {sign} {slack}, false)"

    def _judged(self, leaf: Judged, lenient: bool) -> str:
        if leaf.test == "choices":
            return self.sql(cast(Expression, dict[str, Anything](leaf.arguments)["expression"]), lenient)
        if leaf.test.startswith("unit"):
            raise UndecidableError("the grammar of units is decided outside SQL")
        if leaf.test.startswith(("json", "key_value")):
            raise UndecidableError("JSON documents are parsed strictly, outside SQL")
        raise UndecidableError("durations in words are compared outside SQL")

    def _column(self, name: str, kind: Kind | None = None) -> str:
        field = self._fields[name]
        if kind is not None and field.kind != kind:
            raise UndecidableError(
                "the type of custom columns is not known"
                if field.kind == "other"
                else f"it reads {name} as {kind}, which the column is not"
            )
        return field.sql


def _lower(text: str) -> str:
    """``text`` with its ASCII letters in lower case; ``lower`` would change others too."""
    return f"translate({text}, '{ascii_uppercase}', '{ascii_lowercase}')"
