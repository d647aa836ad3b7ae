"""What databases write differently: names, literals, counts and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from focus_validate.errors import UsageError
from focus_validate.text import escape

_BLANKS = " \t\n\f\r"  # RE2's \s
_NAME_PART = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


class Dialect:
    """DuckDB; the others override what they write differently.

    ``text``, ``decimal`` and ``timestamp`` are the types that columns are taken to have.
    """

    name = "duckdb"
    text = "varchar"
    decimal = "decimal"
    timestamp = "timestamp"
    double = "double"
    quote = '"'

    def identifier(self, name: str) -> str:
        """``name``, exactly as it stands, as a quoted identifier."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def folded(self, name: str) -> str:
        """What an unquoted name in a statement means."""
        return name

    def literal(self, text: str) -> str:
        """``text`` as a string literal."""
        return "'" + text.replace("'", "''") + "'"

    def number(self, value: str) -> str:
        """A decimal literal that compares exactly with decimals."""
        return value

    def is_number(self, column: str) -> str:
        """Whether a decimal is neither null nor NaN; never null."""
        return f"{column} is not null"

    def count_if(self, condition: str) -> str:
        """How many rows fulfil a condition; 0 if there is no row (DuckDB's ``count_if`` is null then)."""
        return f"count(*) filter (where {condition})"

    def matches(self, text: str, pattern: str) -> str:
        """Whether the whole of ``text`` matches a portable pattern; null on null."""
        return f"regexp_full_match({text}, {self.literal(pattern)})"

    def table(self, name: str) -> str:
        """A table name with its parts quoted: ``db.schema.table``; parts in double quotes are exact.

        Raises UsageError if it is no name.
        """
        parts, end = [], -1
        for match in _NAME_PART.finditer(name):
            if match.start() != end + 1 or (end >= 0 and name[end] != "."):
                break
            exact, unquoted = match.groups()
            parts.append(exact.replace('""', '"') if exact else self.folded(unquoted))
            end = match.end()
        if end != len(name) or not all(part.isprintable() and part.strip() for part in parts):
            raise UsageError(
                f"--table '{escape(name)}' is no table name: write db.schema.table, with a part that has a "
                'dot in double quotes, as in db."my.schema".table'
            )
        return ".".join(self.identifier(part) for part in parts)


class _Escaping(Dialect):
    """Databases whose string literals know backslash escapes."""

    escapes: ClassVar[dict[str, str]] = {
        "\\": "\\\\",
        "'": "\\'",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\f": "\\f",
    }

    def literal(self, text: str) -> str:
        return "'" + "".join(self.escapes.get(mark, mark) for mark in text) + "'"


class Snowflake(_Escaping):
    """Folds unquoted names to upper case; patterns are anchored at both ends."""

    name = "snowflake"
    decimal = "number"
    timestamp = "timestamp_ntz"

    def folded(self, name: str) -> str:
        """Upper case."""
        return name.upper()

    def count_if(self, condition: str) -> str:
        """``count_if``, but 0 for certain if there is no row."""
        return f"count(case when {condition} then 1 end)"

    def matches(self, text: str, pattern: str) -> str:
        """``regexp_like`` is anchored at both ends."""
        return f"regexp_like({text}, {self.literal(f'({pattern})')})"


class Spark(_Escaping):
    """Spark SQL and Databricks, with the default spark.sql.parser.escapedStringLiterals = false."""

    name = "spark"
    text = "string"
    quote = "`"
    escapes: ClassVar[dict[str, str]] = {**_Escaping.escapes, "\f": "\\u000c"}  # \f would be the letter f

    def count_if(self, condition: str) -> str:
        """0 if there is no row."""
        return f"count_if({condition})"

    def matches(self, text: str, pattern: str) -> str:
        """Java's ``$`` also stands before a line end, ``\\z`` does not."""
        whole = rf"^({pattern})\z"
        return f"{text} rlike {self.literal(whole)}"


class BigQuery(_Escaping):
    """Names in backticks, with backslash escapes; decimal literals would be floating."""

    name = "bigquery"
    text = "string"
    decimal = "numeric"
    double = "float64"

    def identifier(self, name: str) -> str:
        """Backticks and backslashes are escaped with a backslash."""
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def number(self, value: str) -> str:
        """Without the type name it would be a binary number."""
        return f"bignumeric {self.literal(value)}"

    def count_if(self, condition: str) -> str:
        """The function has no underscore."""
        return f"countif({condition})"

    def matches(self, text: str, pattern: str) -> str:
        """RE2, in which ``$`` is the end of the text."""
        return f"regexp_contains({text}, {self.literal(f'^({pattern})$')})"


class Postgres(Dialect):
    """Folds unquoted names to lower case; numeric may be NaN or infinite."""

    name = "postgres"
    text = "text"
    decimal = "numeric"
    double = "double precision"

    def folded(self, name: str) -> str:
        """Lower case."""
        return name.lower()

    def is_number(self, column: str) -> str:
        """NaN and infinity less themselves are NaN."""
        return f"coalesce({column} - {column} = 0, false)"

    def matches(self, text: str, pattern: str) -> str:
        """``$`` is the end of the text."""
        return f"{text} ~ {self.literal(f'^({pattern})$')}"


DIALECTS: dict[str, type[Dialect]] = {
    dialect.name: dialect for dialect in (Snowflake, Spark, Dialect, BigQuery, Postgres)
}


def portable(pattern: str) -> str | None:
    """A RE2 pattern in what all databases read alike, without a backslash; None if that is not possible."""
    parts = list(_portable_parts(pattern))
    return None if None in parts else "".join(part for part in parts if part is not None)


def _portable_parts(pattern: str) -> Iterator[str | None]:
    for token in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|\(\?|.", pattern, re.DOTALL):
        if token[0] == "\\":
            yield _escaped(token[1])
        elif len(token) > 1 and token[0] == "[":
            yield _set(token[1:-1])
        elif token in ("(?:", "."):
            yield "(" if token == "(?:" else "[^\n]"
        else:
            yield None if token in ("(?", "^", "$", "[") else token


def _escaped(mark: str) -> str | None:
    if mark == "s":
        return f"[{_BLANKS}]"
    return None if mark.isalnum() or mark in "^[]\\" else f"[{mark}]"


def _set(inner: str) -> str | None:
    inner = inner.replace("\\s", _BLANKS)
    unclear = "\\" in inner or "[" in inner or "&&" in inner or inner.startswith(("]", "^]"))
    return None if unclear else f"[{inner}]"
