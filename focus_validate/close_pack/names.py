"""Who a row is about: names as they are, or stable ids in their place."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable

WITHHELD = "(withheld)"
_DIGITS = 10
_SHORTEST = 3
"""Names of fewer letters are not looked for inside texts: they would be found everywhere."""


class Names:
    """How customers, and texts that may name one, are shown.

    Hidden, a customer is ``Customer 4f9a2c71b0``: the start of a keyed hash (HMAC-SHA-256) of its id, the
    same in every pack made with the same key. Without a key, who guesses an id can check the guess.

    Args:
        customers: id and name of every customer that is known, also of those that the pack does not show.
        hide: whether to hide them.
        key: the key of the hash.
    """

    def __init__(self, customers: Iterable[tuple[str, str]], *, hide: bool = False, key: bytes = b"") -> None:
        self._names = known = dict(customers)
        self.hide = hide
        self._key = key
        self._same = Counter(known.values())
        self._known = _any_of({*known, *known.values()}) if hide else None

    def customer(self, customer_id: str | None, name: str | None = None) -> str | None:
        """A customer as it is shown, by its known name if none is given; ``(unattributed)`` stays."""
        if customer_id is None or customer_id.startswith("("):
            return customer_id
        if self.hide:
            return f"Customer {self._hash(customer_id)}"
        name = name or self._names.get(customer_id, customer_id)
        return f"{name} ({customer_id})" if self._same[name] > 1 and name != customer_id else name

    def private(self, value: str | None) -> str | None:
        """An id that may tell who it is of: a project, a key, an agent."""
        if value is None or not self.hide:
            return value
        return f"#{self._hash(value)}"

    def free(self, text: str | None) -> str | None:
        """A text that people wrote; withheld as a whole if a customer is named in it."""
        if text is None or self._known is None or not self._known.search(text):
            return text
        return WITHHELD

    def _hash(self, value: str) -> str:
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the words, in any case, not inside a longer word."""
    longest_first = sorted(
        (word for word in words if len(word) >= _SHORTEST), key=lambda word: (-len(word), word)
    )
    named = [re.escape(word) for word in longest_first if not word.startswith("(")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(named)})(?!\w)", re.IGNORECASE) if named else None
