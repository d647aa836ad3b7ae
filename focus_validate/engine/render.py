"""Expressions as SQL: how each leaf is written, with what differs between databases in one class each.

Numbers: a comparison is decided in DOUBLE where the two sides are far enough apart for its rounding not to
matter, else in DECIMAL(38, 18) where both sides fit, else it is null, which means "Python decides exactly".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from focus_validate.engine.expressions import (
    AnyCase,
    IsMoment,
    IsNumber,
    IsString,
    Leaf,
    Matches,
    Moments,
    Null,
    Number,
    Numbers,
    OneOf,
    Product,
    SameText,
)
from focus_validate.engine.grammars import MOMENT, NUMBER, SHORT_NUMBER
from focus_validate.engine.readers.table import Field, literal

_FEW = 4
_MAX_PRECISION = 38
_WHOLE_DIGITS = {
    "tinyint": 3,
    "utinyint": 3,
    "smallint": 5,
    "usmallint": 5,
    "integer": 10,
    "uinteger": 10,
    "bigint": 19,
    "ubigint": 20,
}
_NANOSECONDS = frozenset({"timestamp_ns", "timestamptz_ns"})
_BLANK = r"\s+"
_EXACT = "decimal(38, 18)"
_APART = 1e-12
"""Doubles that differ by more than this share of the larger one differ for certain."""


class Dialect:
    """DuckDB; other databases override what they write differently."""

    name = "duckdb"

    def full_match(self, text: str, pattern: str) -> str:
        """Whether the whole of ``text`` matches a RE2 pattern; null on null."""
        return f"regexp_full_match({text}, {literal(pattern)})"

    def double(self, text: str) -> str:
        """``text`` as DOUBLE, null where it is out of range."""
        return f"try_cast({text} as double)"

    def is_finite(self, number: str) -> str:
        """Whether a floating number is neither NaN nor infinite."""
        return f"isfinite({number})"

    def text(self, field: Field) -> str:
        """The cell as text: raw in text columns, JSON of nested values, ISO 8601 of timestamps."""
        if field.kind == "text" and not field.type.startswith("enum"):
            return field.sql
        if field.kind in ("object", "list"):
            return f"cast(to_json({field.sql}) as varchar)"
        if field.kind == "timestamp":
            return self.timestamp_text(field)
        if field.kind == "decimal" and field.type == f"decimal({field.scale},{field.scale})":
            return f"regexp_replace(cast({field.sql} as varchar), '^(-?)[.]', '\\10.')"  # DuckDB writes .5
        return f"cast({field.sql} as varchar)"

    def timestamp_text(self, field: Field) -> str:
        """A timestamp in UTC as YYYY-MM-DDTHH:MM:SS, a fraction if there is one, and Z."""
        precise = f"cast({field.sql} as {'timestamp_ns' if field.type in _NANOSECONDS else 'timestamp'})"
        return f"replace(cast({precise} as varchar), ' ', 'T') || 'Z'"

    def listed(self, text: str, values: Sequence[str]) -> str:
        """Whether a text is one of the values; false on null. One function call, for encoded columns."""
        return f"coalesce({self.place(text, values)}, 0) > 0"

    def place(self, text: str, values: Sequence[str]) -> str:
        """Where a text stands among values, from 1; null if nowhere."""
        return f"list_position([{', '.join(map(literal, values))}], {text})"

    def byte_length(self, text: str) -> str:
        """The length of a text in bytes."""
        return f"strlen({text})"

    def position(self, text: str, part: str) -> str:
        """Where ``part`` begins in ``text``, from 1; 0 if nowhere."""
        return f"strpos({text}, {literal(part)})"


class Leaves(msgspec.Struct, frozen=True):
    """Writes the leaves of expressions for one table.

    Numeric leaves read columns that the layers of a query provide: whether a cell is a number, and the number
    as DOUBLE. ``minor_units`` are those of the currencies that do not have 2. ``encoded`` says that columns
    hold repeated texts once: a function of one column then runs once for each of them, a pattern or a CASE
    does not.
    """

    dialect: Dialect
    fields: Mapping[str, Field]
    minor_units: Mapping[int, tuple[str, ...]]
    encoded: bool = False

    def text(self, column: str) -> str:
        """The cell of a column as text."""
        return self.dialect.text(self.fields[column])

    def simple(self, leaf: Leaf) -> str:
        """A leaf that reads raw cells only; true or false, never null."""
        if isinstance(leaf, Null):
            return f"{self.fields[leaf.column].sql} is null"
        if isinstance(leaf, OneOf):
            return self._one_of(self.text(leaf.column), leaf.values)
        if isinstance(leaf, AnyCase):
            return self._any_case(self.text(leaf.column), leaf.words)
        if isinstance(leaf, Matches):
            return self._matches(self.text(leaf.column), leaf.pattern)
        if isinstance(leaf, IsString):
            return f"coalesce({self.fields[leaf.column].is_string}, false)"
        if isinstance(leaf, IsNumber):
            return self._is_number(self.fields[leaf.column])
        if isinstance(leaf, IsMoment):
            return self._is_moment(self.fields[leaf.column])
        if isinstance(leaf, SameText):
            return f"coalesce({self.text(leaf.left)} = {self.text(leaf.right)}, false)"
        if isinstance(leaf, Moments):
            return self._moments(leaf)
        raise TypeError(f"{leaf} is no simple leaf")

    def _matches(self, text: str, pattern: str) -> str:
        matches = self.dialect.full_match(text, pattern)
        if pattern == _BLANK:  # a blank text sorts before "!": that spares most texts the pattern
            return f"case when {text} < '!' then {matches} else false end"
        return f"coalesce({matches}, false)"

    def _any_case(self, text: str, words: tuple[str, ...]) -> str:
        """The lower case is listed and has as many bytes: other letters than ASCII would have more."""
        lower, length = f"lower({text})", self.dialect.byte_length
        same_length = f"{length(lower)} = {length(text)}"
        if self.encoded:
            return f"coalesce({same_length} and {self.dialect.place(lower, words)} > 0, false)"
        listed = f"{lower} in ({', '.join(map(literal, words))})"
        longest = max(map(len, words))
        return f"case when {length(text)} <= {longest} and {listed} then {same_length} else false end"

    def _one_of(self, text: str, values: tuple[str, ...]) -> str:
        """A few values are compared one by one; for many, an automaton reads the text once."""
        if len(values) == 1:
            return f"{text} is not distinct from {literal(values[0])}"
        if self.encoded:
            return self.dialect.listed(text, values)
        if len(values) <= _FEW:
            return f"coalesce({text} in ({', '.join(map(literal, values))}), false)"
        pattern = "|".join(re.escape(value) for value in values)
        return f"coalesce({self.dialect.full_match(text, pattern)}, false)"

    def _is_number(self, field: Field) -> str:
        if field.kind == "text":
            return f"coalesce({self.dialect.full_match(self.dialect.text(field), NUMBER)}, false)"
        if field.kind == "float":
            return f"coalesce({self.dialect.is_finite(field.sql)}, false)"
        return f"{field.sql} is not null" if field.kind in ("integer", "decimal") else "false"

    def _is_moment(self, field: Field) -> str:
        if field.kind == "text":
            return f"coalesce({self.dialect.full_match(self.dialect.text(field), MOMENT)}, false)"
        return f"{field.sql} is not null" if field.kind == "timestamp" else "false"

    def _moments(self, leaf: Moments) -> str:
        """Texts in the strict form sort as the instants do; two timestamps are compared as such."""
        left, right = self.fields[leaf.left], self.fields[leaf.right]
        both = f"{self._is_moment(left)} and {self._is_moment(right)}"
        if left.kind == right.kind == "text":
            compared = f"{self.text(leaf.left)} {leaf.operator} {self.text(leaf.right)}"
        elif left.type == right.type:
            compared = f"{left.sql} {leaf.operator} {right.sql}"
        else:
            compared = f"{self._nanoseconds(left)} {leaf.operator} {self._nanoseconds(right)}"
        return f"case when {both} then {compared} else false end"

    def _nanoseconds(self, field: Field) -> str:
        """An instant as a whole number, so that all kinds of timestamps compare."""
        if field.type in _NANOSECONDS:
            return f"cast(epoch_ns({field.sql}) as hugeint)"
        return f"cast(epoch_us(try_cast({field.sql} as timestamp)) as hugeint) * 1000"

    def number_as(self, column: str, is_number: str) -> str:
        """A number as DOUBLE; null on anything else, and where text is out of DOUBLE's range.

        A FLOAT is the number that it is written as: 0.1, not the 0.10000000149 next to it.
        """
        field = self.fields[column]
        as_text = field.kind == "text" or field.type == "float"
        value = self.dialect.double(self.text(column)) if as_text else f"cast({field.sql} as double)"
        return f"case when {is_number} then {value} end"

    def numeric(
        self, leaf: Number | Numbers | Product, is_number: Mapping[str, str], double: Mapping[str, str]
    ) -> str:
        """A leaf over numbers: true, false, or null where Python must decide."""
        if isinstance(leaf, Number):
            return self._number(leaf, is_number[leaf.column], double[leaf.column])
        if isinstance(leaf, Numbers):
            return self._numbers(leaf, is_number, double)
        return self._product(leaf, is_number, double)

    def _number(self, leaf: Number, is_number: str, double: str) -> str:
        limit = float(leaf.value)
        if not limit and self.fields[leaf.column].kind != "text":  # typed numbers do not underflow to zero
            return f"{is_number} and {double} {leaf.operator} 0"
        margin = _APART * max(1.0, abs(limit))
        exact = self._exactly(self.text(leaf.column), leaf.operator, literal(leaf.value))
        return (
            f"case when not {is_number} then false"
            f" when abs({double} - {limit!r}) > {margin!r} then {double} {leaf.operator} {limit!r}"
            f" else {exact} end"
        )

    def _numbers(self, leaf: Numbers, is_number: Mapping[str, str], double: Mapping[str, str]) -> str:
        left, right = double[leaf.left], double[leaf.right]
        both = f"{is_number[leaf.left]} and {is_number[leaf.right]}"
        common = common_decimal(self.fields[leaf.left], self.fields[leaf.right])
        if common is not None:
            values = [f"cast({self.fields[column].sql} as {common})" for column in (leaf.left, leaf.right)]
            return f"case when {both} then {values[0]} {leaf.operator} {values[1]} else false end"
        texts = self.text(leaf.left), self.text(leaf.right)
        return (
            f"case when not ({both}) then false"
            f" when {texts[0]} = {texts[1]} then {str(leaf.operator in ('=', '<=', '>=')).lower()}"
            f" when {self._in_range(left, right)}"
            f" and abs({left} - {right}) > {_APART!r} * greatest(abs({left}), abs({right}))"
            f" then {left} {leaf.operator} {right}"
            f" else {self._exactly(texts[0], leaf.operator, texts[1])} end"
        )

    def _exactly(self, left: str, operator: str, right: str) -> str:
        """Two texts compared as DECIMAL; null where one of them is too long for it or has an exponent."""
        short = " and ".join(self.dialect.full_match(text, SHORT_NUMBER) for text in (left, right))
        values = [f"try_cast({text} as {_EXACT})" for text in (left, right)]
        return f"case when {short} then {values[0]} {operator} {values[1]} end"

    def _in_range(self, *doubles: str) -> str:
        return " and ".join(f"abs({double}) < 1e300" for double in doubles)

    def _product(self, leaf: Product, is_number: Mapping[str, str], double: Mapping[str, str]) -> str:
        """Most products are so close that the share alone admits them, whatever the places."""
        left, right, result = (double[column] for column in (leaf.left, leaf.right, leaf.result))
        numbers = " and ".join(is_number[column] for column in (leaf.left, leaf.right, leaf.result))
        places = self.places(leaf) if self.fields[leaf.result].kind == "text" else None
        unknown = "false" if places is None else f"{places} is null"
        tolerance = self._tolerance(leaf, f"{left} * {right}", result)
        difference = f"abs({left} * {right} - {result})"
        slack = f"(1e-14 * (abs({left} * {right}) + abs({result}) + {tolerance}) + 1e-300)"
        return (
            f"case when not ({numbers}) then false"
            f"{self._clearly_within(leaf, result, difference)}"
            f" when {unknown} or not ({self._in_range(left, right, result, f'({left} * {right})')}) then null"
            f" when {difference} < {tolerance} - {slack} then true"
            f" when {difference} > {tolerance} + {slack} then false end"
        )

    def _tolerance(self, leaf: Product, product: str, result: str) -> str:
        units, share = map(float, (leaf.tolerance.units, leaf.tolerance.share))
        relative = f"{share!r} * abs({result})"
        places = self.places(leaf)
        if places is None:
            return f"greatest({relative}, {share!r} * abs({product}))"
        return f"greatest({relative}, {units!r} * pow(10.0, -({places})))"

    def _clearly_within(self, leaf: Product, result: str, difference: str) -> str:
        """A branch for what is well within the share; a share close to the precision of doubles has none."""
        share = float(leaf.tolerance.share)
        if share < _APART:
            return ""
        usual = f"abs({result}) between 1e-200 and 1e300"
        return f" when {usual} and {difference} < {0.9 * share!r} * abs({result}) then true"

    def places(self, leaf: Product) -> str | None:
        """d of the tolerance as SQL (null for a number in E notation); None if a column is floating."""
        if any(self.fields[column].kind == "float" for column in (leaf.left, leaf.right, leaf.result)):
            return None
        field = self.fields[leaf.result]
        if field.kind == "decimal":
            return str(field.scale)
        if field.kind != "text":
            return self.currency_places(leaf.currency)
        point = self.dialect.position(self.text(leaf.result), ".")
        written = f"case when {point} > 0 then length({self.text(leaf.result)}) - {point} else 0 end"
        plain = f"greatest({written}, {self.currency_places(leaf.currency)})"
        return f"case when {self.dialect.position(self.text(leaf.result), 'E')} = 0 then {plain} end"

    def currency_places(self, column: str | None) -> str:
        """The minor units of the row's currency as SQL; 2 if it is unknown."""
        if column is None:
            return "2"
        cases = " ".join(
            f"when {self.text(column)} in ({', '.join(literal(code) for code in codes)}) then {units}"
            for units, codes in sorted(self.minor_units.items())
        )
        return f"case {cases} else 2 end" if cases else "2"


def common_decimal(left: Field, right: Field) -> str | None:
    """The DECIMAL type that holds the values of both columns without loss; None if there is none."""
    widths = [_WHOLE_DIGITS.get(field.type, _decimal_digits(field)) for field in (left, right)]
    scales = [field.scale or 0 for field in (left, right)]
    if None in widths:
        return None
    precision = max(width for width in widths if width is not None) + max(scales)
    return f"decimal({precision}, {max(scales)})" if precision <= _MAX_PRECISION else None


def _decimal_digits(field: Field) -> int | None:
    """Digits before the point of a DECIMAL(precision, scale)."""
    if field.kind != "decimal":
        return None
    precision, scale = re.findall(r"[0-9]+", field.type)
    return int(precision) - int(scale)
