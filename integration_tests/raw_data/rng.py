"""Pseudo-random whole numbers that are the same on every machine and Python version (splitmix64)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


def digest(*key: object, size: int = 8) -> bytes:
    """Stable digest of a key; `size` bytes."""
    return blake2b("|".join(map(str, key)).encode(), digest_size=size).digest()


class Rng:
    """A stream of its own for each key, so that a new table does not change the others."""

    __slots__ = ("_state",)

    def __init__(self, *key: object) -> None:
        self._state = int.from_bytes(digest(*key), "big")

    def below(self, bound: int) -> int:
        """A whole number in [0, bound)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return (z ^ (z >> 31)) % bound

    def between(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, per_mille: int) -> bool:
        """True in `per_mille` of 1,000 draws."""
        return self.below(1000) < per_mille

    def vary(self, value: int, percent: int) -> int:
        """`value`, up to `percent` more or less."""
        return value * self.between(1000 - 10 * percent, 1000 + 10 * percent) // 1000

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[T, int]]) -> T:
        """One of the (option, weight) pairs' options."""
        left = self.below(sum(weight for _, weight in options))
        for option, weight in options:
            if left < weight:
                return option
            left -= weight
        raise AssertionError("weights changed")


def hex_id(*key: object, length: int = 16) -> str:
    """An id such as a vendor gives: hexadecimal, the same for the same key."""
    return digest(*key, size=(length + 1) // 2).hex()[:length]
