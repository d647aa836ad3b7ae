"""A strict JSON reader (ECMA 404) that keeps duplicate keys and limits the depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from .numeric import JSON_NUMBER, Number, from_text, number_of

DEPTH = 64
BLANKS = " \t\n\r"
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
HEX = set("0123456789abcdefABCDEF")


@dataclass(frozen=True)
class Object:
    """An object as written: pairs in order, duplicate keys kept."""

    pairs: tuple[tuple[str, Json], ...]

    def values(self) -> dict[str, Json]:
        """Key to value; of a key that occurs twice, the last one."""
        return dict(self.pairs)

    def has_duplicates(self) -> bool:
        return len(self.values()) < len(self.pairs)


@dataclass(frozen=True)
class Array:
    """An array as written."""

    items: tuple[Json, ...]


Json: TypeAlias = "Object | Array | Number | str | bool | None"


class NotJsonError(ValueError):
    """The text is no JSON, or it is nested deeper than 64."""


class Reader:
    """Recursive descent over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> Json:
        value = self.value(1)
        self.blanks()
        if self.at != len(self.text):
            raise NotJsonError
        return value

    def blanks(self) -> None:
        while self.peek() and self.peek() in BLANKS:
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, text: str) -> bool:
        self.blanks()
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise NotJsonError

    def value(self, depth: int) -> Json:
        self.blanks()
        if self.peek() in ("{", "["):
            if depth > DEPTH:
                raise NotJsonError
            return self.object(depth) if self.peek() == "{" else self.array(depth)
        if self.peek() == '"':
            return self.string()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.take(word):
                return value
        match = JSON_NUMBER.match(self.text, self.at)
        if not match:
            raise NotJsonError
        self.at = match.end()
        return from_text(match.group())

    def object(self, depth: int) -> Object:
        self.expect("{")
        pairs: list[tuple[str, Json]] = []
        if self.take("}"):
            return Object(())
        while True:
            self.blanks()
            key = self.string()
            self.expect(":")
            pairs.append((key, self.value(depth + 1)))
            if self.take("}"):
                return Object(tuple(pairs))
            self.expect(",")

    def array(self, depth: int) -> Array:
        self.expect("[")
        items: list[Json] = []
        if self.take("]"):
            return Array(())
        while True:
            items.append(self.value(depth + 1))
            if self.take("]"):
                return Array(tuple(items))
            self.expect(",")

    def string(self) -> str:
        if self.peek() != '"':
            raise NotJsonError
        self.at += 1
        parts: list[str] = []
        while True:
            char = self.peek()
            self.at += 1
            if char == '"':
                return joined("".join(parts))
            if char == "" or char < " ":
                raise NotJsonError
            parts.append(self.escape() if char == "\\" else char)

    def escape(self) -> str:
        char = self.peek()
        self.at += 1
        if char in ESCAPES and char:
            return ESCAPES[char]
        digits = self.text[self.at : self.at + 4]
        if char != "u" or len(digits) != 4 or not set(digits) <= HEX:
            raise NotJsonError
        self.at += 4
        return chr(int(digits, 16))


def joined(text: str) -> str:
    """Escaped surrogate pairs as the one character that they stand for."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def native(value: object) -> Json:
    """The JSON form of a struct, map or list of a typed carrier."""
    if isinstance(value, Object):
        return value
    if isinstance(value, dict):
        return Object(tuple((str(key), native(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return Array(tuple(native(item) for item in value))
    if value is None or isinstance(value, (bool, str)):
        return value
    number = number_of(value) if isinstance(value, (int, float, Decimal)) else None
    return number if number is not None else str(value)


def parse_object(value: object) -> Object | None:
    """The object that a cell holds; None when it holds none (or is nested deeper than 64)."""
    if isinstance(value, str):
        try:
            parsed = Reader(value).document()
        except NotJsonError:
            return None
    else:
        parsed = native(value)
    return parsed if isinstance(parsed, Object) else None


def walk(value: Json) -> Iterator[Json]:
    """The value and all values inside it."""
    yield value
    for inner in children(value):
        yield from walk(inner)


def children(value: Json) -> tuple[Json, ...]:
    if isinstance(value, Object):
        return tuple(inner for _, inner in value.pairs)
    return value.items if isinstance(value, Array) else ()


def object_depth(value: Json) -> int:
    """Levels of objects, arrays not counted; 1 for a flat object."""
    below = max((object_depth(inner) for inner in children(value)), default=0)
    return below + isinstance(value, Object)


def canonical(value: Json) -> object:
    """A form that is equal for equal values: numbers by value, keys in any order."""
    if isinstance(value, Object):
        return "object", frozenset((key, canonical(inner)) for key, inner in value.values().items())
    if isinstance(value, Array):
        return "array", tuple(canonical(inner) for inner in value.items)
    return type(value).__name__, value


def has_duplicate_key(value: Json) -> bool:
    return any(isinstance(part, Object) and part.has_duplicates() for part in walk(value))


def arrays(value: Json) -> Iterator[Array]:
    for part in walk(value):
        if isinstance(part, Array):
            yield part


def mixes_types(array: Array) -> bool:
    """An object beside an element that is neither object nor null."""
    kinds = {isinstance(item, Object) for item in array.items if item is not None}
    return kinds == {True, False}


def repeats_object(array: Array) -> bool:
    forms = [canonical(item) for item in array.items if isinstance(item, Object)]
    return len(set(forms)) < len(forms)


def holds_null(array: Array) -> bool:
    return None in array.items
