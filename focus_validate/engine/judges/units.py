"""UnitFormat: a unit taken apart, and which sub-rules it breaks.

A unit is ``[quantity ] numerator [/ [quantity ] denominator]`` with bases joined by hyphens. All words are
compared exactly; a listed unit in another spelling is found without regard to the case of ASCII letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import msgspec

from focus_validate.spec.model import Units

_QUANTITY = re.compile(r"[1-9][0-9]* ")
_PER = re.compile(r"(?:^|[ -])per(?:$|[ -])", re.IGNORECASE | re.ASCII)
_LETTER = re.compile(r"[A-Za-z]|[^\x00-\x7f]")
_BLANK = re.compile(r"[ \t\n\f\r]")

FORMAT_RULES = ("base", "data_size", "data_size_plural", "large", "time", "compound", "ratio")
"""The sub-rules that a unit must keep to follow UnitFormat at all; the others are advice."""


class Unit(msgspec.Struct, frozen=True):
    """The parts of one unit text: bases of the numerator and denominator, and which quantities are given.

    ``bases`` are all base units, ``words`` the same in lower case.
    """

    text: str
    sides: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    bases: tuple[str, ...]
    words: tuple[str, ...]
    has_quantity: bool
    has_denominator_quantity: bool

    @property
    def is_ratio(self) -> bool:
        """Whether there is a denominator."""
        return len(self.parts) > 1


@lru_cache(maxsize=512)
def read_unit(text: str) -> Unit:
    """``text`` taken apart as far as it goes."""
    quantity = _QUANTITY.match(text)
    sides = tuple((text[quantity.end() :] if quantity else text).split("/"))
    denominators = [_QUANTITY.match(side) for side in sides[1:]]
    bare = [
        sides[0],
        *(
            side[match.end() :] if match else side
            for side, match in zip(sides[1:], denominators, strict=True)
        ),
    ]
    parts = tuple([tuple(side.split("-")) for side in bare])
    bases = tuple([base for part in parts for base in part])
    return Unit(
        text=text,
        sides=sides,
        parts=parts,
        bases=bases,
        words=tuple(map(_lower, bases)),
        has_quantity=bool(quantity),
        has_denominator_quantity=bool(denominators and denominators[0]),
    )


class UnitRules:
    """The sub-rules of UnitFormat over the vocabulary of the catalogue."""

    def __init__(self, units: Units) -> None:
        self._sizes = frozenset(units.data_size)
        self._singular = frozenset(units.time) | frozenset(units.count)
        self._plural = frozenset(units.time.values()) | frozenset(units.count.values())
        self._times = frozenset(units.time) | frozenset(units.time.values())
        self._counts = frozenset(units.count) | frozenset(units.count.values())
        self._large_words = frozenset(units.larger)
        self._size_words = {word for word, unit in units.spellings.items() if unit in units.data_size}
        self._size_plurals = self._size_words - {_lower(size) for size in units.data_size}
        self._time_words = {word for word, unit in units.spellings.items() if unit in units.time}
        self._listed_words = self._size_words | self._large_words | self._time_words
        self._tests: dict[str, Callable[[Unit], bool]] = {
            "base": lambda unit: bool(_LETTER.search(unit.text)),
            "data_size": lambda unit: self._size_words.isdisjoint(unit.words) or not self._wrong_sizes(unit),
            "data_size_plural": lambda unit: self._size_plurals.isdisjoint(self._wrong_sizes(unit)),
            "large": lambda unit: self._large_words.isdisjoint(unit.words),
            "time": lambda unit: self._time_words.isdisjoint(unit.words) or not self._has_wrong_time(unit),
            "count": lambda unit: not self._free(unit),
            "capitalized": lambda unit: all(map(_is_capitalized, self._free(unit))),
            "quantity": lambda unit: True,
            "compound": _compound_holds,
            "ratio": _ratio_holds,
            "compound_form": self._compound_form,
            "ratio_quantity_form": self._ratio_quantity_form,
            "ratio_compound_form": self._ratio_compound_form,
            "ratio_form": self._ratio_form,
            "simple_form": self._simple_form,
            "quantity_form": self._quantity_form,
        }

    def broken(self, text: str, rules: Iterable[str]) -> list[str]:
        """Those of the sub-rules that ``text`` breaks."""
        unit = read_unit(text)
        return [rule for rule in rules if not self._tests[rule](unit)]

    def follows_format(self, text: str) -> bool:
        """Whether ``text`` keeps every sub-rule that is more than advice."""
        return not self.broken(text, FORMAT_RULES)

    def _wrong_sizes(self, unit: Unit) -> list[str]:
        """The words of data sizes in another spelling than the listed one."""
        pairs = zip(unit.bases, unit.words, strict=True)
        return [word for base, word in pairs if word in self._size_words and base not in self._sizes]

    def _has_wrong_time(self, unit: Unit) -> bool:
        pairs = zip(unit.bases, unit.words, strict=True)
        return any(word in self._time_words and base not in self._times for base, word in pairs)

    def _free(self, unit: Unit) -> list[str]:
        """The base units that are no listed ones, in whatever spelling."""
        pairs = zip(unit.bases, unit.words, strict=True)
        return [
            base
            for base, word in pairs
            if base and word not in self._listed_words and base not in self._counts
        ]

    def _compound_form(self, unit: Unit) -> bool:
        compounds = [part for part in unit.parts if len(part) > 1]
        return not any(
            any(base in self._plural for base in part[:-1]) or part[-1] in self._singular
            for part in compounds
        )

    def _ratio_quantity_form(self, unit: Unit) -> bool:
        if not (unit.is_ratio and unit.has_denominator_quantity):
            return True
        return unit.parts[0][-1] not in self._singular and unit.parts[1][-1] not in self._singular

    def _ratio_compound_form(self, unit: Unit) -> bool:
        if not self._is_plain_ratio(unit) or len(unit.parts[0]) < 2:
            return True
        return unit.parts[1][-1] not in self._plural

    def _ratio_form(self, unit: Unit) -> bool:
        if not self._is_plain_ratio(unit) or len(unit.parts[0]) > 1:
            return True
        return unit.parts[0][0] not in self._singular and unit.parts[1][-1] not in self._plural

    def _is_plain_ratio(self, unit: Unit) -> bool:
        return unit.is_ratio and not unit.has_denominator_quantity

    def _simple_form(self, unit: Unit) -> bool:
        if unit.is_ratio or unit.has_quantity or len(unit.bases) > 1:
            return True
        return unit.bases[0] not in self._singular

    def _quantity_form(self, unit: Unit) -> bool:
        return not unit.has_quantity or unit.parts[0][-1] not in self._singular


def _compound_holds(unit: Unit) -> bool:
    blanks = any(_BLANK.search(base) for base in unit.bases)
    empty = any(len(part) > 1 and "" in part for part in unit.parts)
    return not blanks and not empty


def _ratio_holds(unit: Unit) -> bool:
    if _PER.search(unit.text):
        return False
    if not unit.is_ratio:
        return True
    numerator, *denominators = unit.sides
    beside = _BLANK.match(numerator[-1:]) or any(_BLANK.match(side) for side in denominators)
    return len(denominators) == 1 and all(unit.sides) and not beside


def _is_capitalized(base: str) -> bool:
    return unicodedata.category(base[0]) == "Lu"


def _lower(text: str) -> str:
    """ASCII letters in lower case, everything else as it is."""
    return text.lower() if text.isascii() else "".join(m.lower() if m.isascii() else m for m in text)
