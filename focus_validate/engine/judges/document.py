"""JSON as ECMA 404 defines it, read strictly, with what a lenient parser would hide."""

from __future__ import annotations

import json
import re
import threading
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec

MAX_DEPTH = 64
"""Levels of objects and arrays, the root being one; text nested deeper is no JSON here."""

_JSON_BLANKS = " \t\n\r"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class Document(msgspec.Struct, frozen=True):
    """A JSON object: ``value`` with numbers as Decimal, and whether a key occurs twice.

    ``root_repeats`` speaks of the root object, ``repeats`` of any object. The last of two equal keys counts.
    """

    value: dict[str, Any]
    root_repeats: bool
    repeats: bool


class _NotJsonError(ValueError):
    pass


class _Reader:
    """A JSON decoder, made once, that remembers the objects in which a key occurs twice."""

    def __init__(self) -> None:
        self.repeated: list[dict[str, Any]] = []
        self.decode = json.JSONDecoder(
            object_pairs_hook=self._build, parse_int=_number, parse_float=_number, parse_constant=_refuse
        ).decode

    def _build(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            self.repeated.append(built)
        return built


_readers = threading.local()


@lru_cache(maxsize=512)
def parse(text: str) -> Document | None:
    """The JSON object that ``text`` is; None if it is none or is nested too deep."""
    inner = text.strip(_JSON_BLANKS)
    if inner[:1] != "{" or inner[-1:] != "}":
        return None
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        return None
    reader: _Reader | None = getattr(_readers, "reader", None)
    if reader is None:
        reader = _readers.reader = _Reader()
    reader.repeated = []
    try:
        value = reader.decode(text)
    except (ValueError, RecursionError):
        return None
    repeated = reader.repeated
    return Document(value, any(each is value for each in repeated), bool(repeated))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond any arithmetic
        huge = "-" not in text.lower().partition("e")[2]
        return Decimal("Infinity") if huge else Decimal(0)


def _refuse(constant: str) -> Any:
    raise _NotJsonError(constant)


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


class _Members(list[tuple[str, Any]]):
    """The members of an object as they are written, equal keys included."""


class _Literal(str):
    """A number as it is written, so that no digit of a DECIMAL is lost."""


_BEYOND_DOUBLE = _Literal("1E309")


def native_text(text: str, is_struct: bool) -> str:
    """What a database wrote for a native object, as JSON; a map may hold a key twice.

    Infinity and NaN, which JSON cannot write, become a number beyond DOUBLE. Null members of a struct are
    left out: a struct cannot lack a key that another row has, it can only be null there.
    """

    def written(value: Any) -> str:
        if isinstance(value, _Members):
            members = [
                f"{encode(key)}:{written(inner)}"
                for key, inner in value
                if inner is not None or not is_struct
            ]
            return f"{{{','.join(members)}}}"
        if isinstance(value, list):
            return f"[{','.join(map(written, value))}]"
        return value if isinstance(value, _Literal) else encode(value)

    encode = _plain.encode
    return written(_native.decode(text))


_plain = json.JSONEncoder(ensure_ascii=False)
_native = json.JSONDecoder(
    object_pairs_hook=_Members,
    parse_int=_Literal,
    parse_float=_Literal,
    parse_constant=lambda _: _BEYOND_DOUBLE,
)


def arrays(value: Any) -> list[list[Any]]:
    """Every array in a JSON value, at any depth."""
    found: list[list[Any]] = []
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, list):
            found.append(each)
            pending.extend(each)
        elif isinstance(each, dict):
            pending.extend(each.values())
    return found


def nesting(value: Any) -> int:
    """How deep objects nest in a JSON value; arrays are no level."""
    if isinstance(value, dict):
        return 1 + max(map(nesting, value.values()), default=0)
    return max(map(nesting, value), default=0) if isinstance(value, list) else 0


def canonical(value: Any) -> Any:
    """A hashable form that is equal for equal JSON values: numbers by value, keys in any order."""
    if isinstance(value, dict):
        return "object", frozenset((key, canonical(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return "array", tuple(canonical(inner) for inner in value)
    return type(value).__name__, value


def elements(document: Document, array: str) -> list[dict[str, Any]]:
    """The objects of the array under a root key; none if there is no such array."""
    found = document.value.get(array)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
