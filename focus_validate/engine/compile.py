"""From the checks of the catalogue to expressions over the columns of one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from focus_validate.engine.expressions import (
    FALSE,
    TRUE,
    Const,
    Exists,
    Expression,
    IsMoment,
    IsNumber,
    IsString,
    Judged,
    Matches,
    Moments,
    Null,
    Number,
    Numbers,
    OneOf,
    Operator,
    Product,
    SameText,
    columns_of,
    conjunction,
    disjunction,
    leaves,
    negate,
)
from focus_validate.engine.judges.choices import is_choice
from focus_validate.engine.readers.table import Field
from focus_validate.spec.checks import single
from focus_validate.spec.model import Catalogue, Check, Dataset
from focus_validate.tolerance import USUAL, Tolerance

_OPPOSITE: dict[Operator, Operator] = {"<": ">=", "<=": ">", "=": "<>", "<>": "=", ">=": "<", ">": "<="}
_WITH_OFFSET = "2000-01-01T00:00:00+01:00"
_NUMERIC_KINDS = frozenset({"integer", "decimal", "float"})


class Compiler(msgspec.Struct, frozen=True):
    """Compiles checks for one dataset and one table.

    ``typed`` says that the carrier has physical types, which Type rules judge; in delimited text the grammar
    of the text stands in for them. ``tolerance`` is that of products. Columns of ``as_null`` are absent and
    read as null in conditions.
    """

    catalogue: Catalogue
    dataset: Dataset
    fields: Mapping[str, Field]
    typed: bool
    tolerance: Tolerance = USUAL
    as_null: frozenset[str] = frozenset()

    def condition(self, check: Check) -> Expression:
        """The rows where a condition holds: a numeric test is false on what is no number."""
        return self._compile(check, in_condition=True)

    def passes(self, check: Check, column: str | None = None) -> Expression:
        """The rows that pass a check; ``column`` is what ``*`` stands for.

        Numeric tests and comparisons pass on what is no number or date: type and format rules report that.
        """
        passes = self._compile(_named(check, column) if column else check, in_condition=False)
        if not is_choice(passes):
            return passes
        columns = tuple(dict.fromkeys(column for leaf in leaves(passes) for column in columns_of(leaf)))
        return Judged("choices", columns, (("expression", passes),))

    def _compile(self, check: Check, in_condition: bool) -> Expression:
        key, argument = single(check)
        if key in ("all", "any"):
            parts = [self._compile(part, in_condition) for part in argument]
            return conjunction(parts) if key == "all" else disjunction(parts)
        if key == "matches" and not in_condition and not self.is_text(argument["column"]):
            return self._matches_as_typed(**argument)
        if key == "not":
            return self._opposite(argument, in_condition)
        if key in _COMPARING:
            return _COMPARING[key](self, argument, in_condition)
        return _SIMPLE[key](self, argument)

    def _opposite(self, check: Check, in_condition: bool) -> Expression:
        key, argument = single(check)
        if key == "matches" and not in_condition and not self.is_text(argument["column"]):
            return TRUE
        return negate(self._compile(check, in_condition))

    def _matches_as_typed(self, column: str, pattern: str) -> Expression:
        """A pattern judges text alone, save that a moment of another zone reads as one with an offset."""
        return Const(self.fields[column].zone is None or re.fullmatch(pattern, _WITH_OFFSET) is not None)

    def null(self, column: str) -> Expression:
        """The cell is null; an absent column that reads as null always is."""
        return TRUE if column in self.as_null else Null(column)

    def one_of(self, column: str, values: tuple[str, ...]) -> Expression:
        """The cell's text is one of the values; false on null."""
        return FALSE if column in self.as_null else OneOf(column, values)

    def data_type(self, column: str) -> str:
        """The FOCUS data type of a column; String for one that FOCUS does not define."""
        return next((known.data_type for known in self.dataset.columns if known.name == column), "String")

    def allowed_values(self, column: str) -> tuple[str, ...]:
        """The allowed values of a FOCUS column."""
        return next(known.allowed_values or () for known in self.dataset.columns if known.name == column)

    def schema(self, column: str) -> str:
        """The name of the JSON schema of a FOCUS column."""
        return next(known.schema or "" for known in self.dataset.columns if known.name == column)

    def currencies(self, national: bool) -> tuple[str, ...]:
        """The currency codes that pass."""
        return tuple(known.code for known in self.catalogue.currencies if known.national or not national)

    def is_text(self, column: str) -> bool:
        """Whether the carrier holds the column as text."""
        return self.fields[column].kind == "text"


def _named(check: Check, column: str) -> Check:
    """``check`` with ``*`` replaced by ``column``."""

    def replace(part: Any) -> Any:
        if part == "*":
            return column
        if isinstance(part, dict):
            return {key: replace(value) for key, value in part.items()}
        return [replace(value) for value in part] if isinstance(part, list) else part

    return cast(Check, replace(check))


def _literal(value: object) -> str | None:
    """The decimal literal of a number in a check; None for text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return f"{value:f}" if isinstance(value, float) else str(value)


def _equals(compiler: Compiler, argument: dict[str, Any], in_condition: bool) -> Expression:
    number = _literal(argument["value"])
    if number is not None:
        return _number(argument["column"], "=", number, in_condition)
    return compiler.one_of(argument["column"], (str(argument["value"]),))


def _not_equals(compiler: Compiler, argument: dict[str, Any], in_condition: bool) -> Expression:
    number = _literal(argument["value"])
    if number is not None:
        return _number(argument["column"], "<>", number, in_condition)
    return negate(compiler.one_of(argument["column"], (str(argument["value"]),)))


def _minimum(compiler: Compiler, argument: dict[str, Any], in_condition: bool) -> Expression:
    operator: Operator = ">" if argument.get("exclusive") else ">="
    return _number(argument["column"], operator, _literal(argument["value"]) or "0", in_condition)


def _maximum(compiler: Compiler, argument: dict[str, Any], in_condition: bool) -> Expression:
    operator: Operator = "<" if argument.get("exclusive") else "<="
    return _number(argument["column"], operator, _literal(argument["value"]) or "0", in_condition)


def _number(column: str, operator: Operator, value: str, in_condition: bool) -> Expression:
    if in_condition:
        return Number(column, operator, value)
    return negate(Number(column, _OPPOSITE[operator], value))


def _one_of(compiler: Compiler, argument: dict[str, Any], in_condition: bool) -> Expression:
    column = argument["column"]
    values = argument.get("values") or compiler.allowed_values(column)
    numbers = [number for number in map(_literal, values) if number is not None]
    if not numbers:
        return compiler.one_of(column, tuple(values))
    equal = disjunction(Number(column, "=", number) for number in numbers)
    return equal if in_condition else disjunction([negate(IsNumber(column)), equal])


def _same(compiler: Compiler, argument: list[str]) -> Expression:
    return _compared(compiler, argument[0], "=", argument[1])


def _differs(compiler: Compiler, argument: list[str]) -> Expression:
    return _compared(compiler, argument[0], "<>", argument[1])


def _compare(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    return _compared(compiler, argument["left"], argument["operator"], argument["right"])


def _compared(compiler: Compiler, left: str, operator: Operator, right: str) -> Expression:
    """The two compare so, or one of them is null (no number, no date): expressed as "not the opposite"."""
    data_type = compiler.data_type(left)
    if data_type == "Decimal":
        return negate(Numbers(left, _OPPOSITE[operator], right))
    if data_type == "Date/Time":
        return negate(Moments(left, _OPPOSITE[operator], right))
    if operator == "<>":
        return negate(SameText(left, right))
    return disjunction([Null(left), Null(right), SameText(left, right)])


def _product(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    left, right = argument["factors"]
    result = argument["equals"]
    currency = "BillingCurrency" if "BillingCurrency" in compiler.fields else None
    no_number = [negate(IsNumber(column)) for column in (left, right, result)]
    return disjunction([*no_number, Product(left, right, result, currency, compiler.tolerance)])


def _type(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    column, wanted = argument["column"], argument["is"]
    kind = compiler.fields[column].kind
    if wanted == "string":
        all_strings = compiler.fields[column].is_string is None
        return Const(kind == "text") if all_strings else IsString(column)
    if wanted == "decimal":
        return IsNumber(column) if kind == "text" and not compiler.typed else Const(kind in _NUMERIC_KINDS)
    if wanted == "datetime":
        return IsMoment(column) if kind in ("text", "timestamp") else FALSE
    if kind in ("text", "json"):
        return Judged("json_object", (column,))
    return Const(kind == "object")


def _format(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    column, wanted = argument["column"], argument["as"]
    if wanted == "string":
        return TRUE
    if wanted == "numeric":
        return IsNumber(column) if compiler.is_text(column) else TRUE
    if wanted == "datetime":
        return IsMoment(column) if compiler.is_text(column) else Const(compiler.fields[column].zone is None)
    if wanted in ("currency", "national_currency"):
        return OneOf(column, compiler.currencies(national=wanted == "national_currency"))
    if wanted == "unit" and not compiler.is_text(column):
        return TRUE
    return Judged({"json_object": "json_object_format"}.get(wanted, wanted), (column,))


def _json_schema(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    column = argument["column"]
    return Judged("json_schema", (column,), (("schema", argument.get("schema") or compiler.schema(column)),))


def _special(compiler: Compiler, argument: dict[str, Any]) -> Expression:
    name = argument["name"]
    if name == "unit_rule" and not compiler.is_text(argument["column"]):
        return TRUE
    if name == "value_exists":
        return Exists(argument["column"], argument["in"])
    columns = [argument["column"]] if "column" in argument else list(argument["columns"])
    if "other" in argument:
        columns.append(argument["other"])
    arguments = {key: _hashable(value) for key, value in argument.items() if key not in _PLACES}
    return Judged(name, tuple(columns), tuple(sorted(arguments.items())))


_PLACES = frozenset({"name", "column", "columns", "other"})


def _hashable(value: Any) -> object:
    return tuple(value) if isinstance(value, list) else value


_COMPARING: dict[str, Callable[[Compiler, Any, bool], Expression]] = {
    "equals": _equals,
    "not_equals": _not_equals,
    "minimum": _minimum,
    "maximum": _maximum,
    "one_of": _one_of,
}
_SIMPLE: dict[str, Callable[[Compiler, Any], Expression]] = {
    "is_null": lambda compiler, column: compiler.null(column),
    "not_null": lambda compiler, column: negate(compiler.null(column)),
    "same": _same,
    "differs": _differs,
    "compare": _compare,
    "product": _product,
    "type": _type,
    "format": _format,
    "matches": lambda _, argument: Matches(argument["column"], argument["pattern"]),
    "json_schema": _json_schema,
    "special": _special,
}
