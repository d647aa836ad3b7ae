"""Long tables of allowed combinations, decided on the distinct combinations that occur."""

from __future__ import annotations

from collections.abc import Mapping

from focus_validate.engine.expressions import All, Any, Const, Expression, Not, Null, OneOf, leaves

MANY = 10
"""From so many value lists on, a check over one or two columns is decided on distinct values."""


def is_choice(expression: Expression) -> bool:
    """Whether an expression is a long table of allowed values of one or two columns."""
    found = list(leaves(expression))
    columns = {leaf.column for leaf in found if isinstance(leaf, OneOf)}
    return len(found) >= MANY and len(columns) <= 2 and all(isinstance(leaf, OneOf) for leaf in found)


def holds(expression: Expression, cells: Mapping[str, str | None]) -> bool:
    """The value of an expression over value lists for one combination of texts."""
    if isinstance(expression, Const):
        return expression.value
    if isinstance(expression, Not):
        return not holds(expression.part, cells)
    if isinstance(expression, All):
        return all(holds(part, cells) for part in expression.parts)
    if isinstance(expression, Any):
        return any(holds(part, cells) for part in expression.parts)
    if isinstance(expression, OneOf):
        return cells[expression.column] in expression.values
    if isinstance(expression, Null):
        return cells[expression.column] is None
    raise TypeError(f"{expression} is no value list")
