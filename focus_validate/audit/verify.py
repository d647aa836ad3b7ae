"""Is the chain of an audit log whole, and if not: which entry was edited, deleted, inserted or moved.

An entry's hash covers its place, its content and the hash of the entry before it. So an entry that is found
at another place still says where it was written, and the entry after it says what it was. What nothing inside
the log can tell is whether entries at its end are missing, or whether everything from some entry on was
written anew: for that a hash that was kept elsewhere has to be found in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from focus_validate.audit.log import GENESIS, Entry, canonical_text, hash_of

Kind = Literal["edited", "deleted", "inserted", "reordered", "cut_off"]

_REACH = 64
"""So many places away an entry is looked for when its neighbours do not tell where it was written."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One break of the chain.

    ``first`` and ``last`` are sequence numbers: of the entry as it stands in the log, of the missing ones for
    deleted, of the last entry left for cut_off; None where an entry has no readable number.
    """

    kind: Kind
    first: int | None
    last: int | None
    message: str


class Head(msgspec.Struct, frozen=True):
    """The last entry of the chain: what to keep elsewhere."""

    sequence_number: int
    recorded_at: str | None
    entry_hash: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. ``expected_at`` is the number of the entry with the expected hash, None without one."""

    entries: int
    head: Head | None
    expected_at: int | None
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """No break was found."""
        return not self.findings


def verify(entries: Sequence[Entry], expected_head: str | None = None) -> Verdict:
    """Judge the ``entries`` of a log, in any order.

    ``expected_head`` is the entry_hash of an entry that was the last one once (lower-case hexadecimal): the
    log may have grown since, but must still hold it.
    """
    chain = _Chain(entries)
    findings = sorted(chain.findings(), key=lambda finding: (finding.first is None, finding.first or 0))
    place = chain.place_of(expected_head)
    if expected_head is not None and place is None:
        findings.append(_cut_off(chain, expected_head))
    return Verdict(entries=len(entries), head=chain.head(), expected_at=place, findings=tuple(findings))


class _Chain:
    """The entries by the place in the chain that each claims.

    ``sound`` has, per place, the entry whose hash fits the place; ``edited`` the entry that stands at a place
    which no sound entry has, though its hash does not fit; ``surplus`` are the entries left over.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.sound: dict[int, Entry] = {}
        self.edited: dict[int, Entry] = {}
        self.surplus: list[Entry] = []
        places = _Places(entries)
        unsound = []
        rivals: dict[int, list[Entry]] = {}
        for entry in sorted(
            entries, key=lambda entry: (entry.number is None, entry.number or 0, canonical_text(entry))
        ):
            place = places.written(entry)
            if place is None:
                unsound.append(entry)
            else:
                rivals.setdefault(place, []).append(entry)
        for place, claimants in rivals.items():
            self._settle(place, claimants, rivals)
        self._place(unsound)
        self.length = max([0, *self.sound, *self.edited])

    def _settle(self, place: int, claimants: list[Entry], rivals: dict[int, list[Entry]]) -> None:
        """Of the entries for one place the one that its neighbours vouch for is the chain's."""
        named_next = {entry.previous_hash for entry in rivals.get(place + 1, ())}
        hashes_before = {entry.entry_hash for entry in rivals.get(place - 1, ())} or {GENESIS}
        chosen = max(
            claimants,
            key=lambda entry: (
                entry.entry_hash in named_next,
                entry.previous_hash in hashes_before,
                entry.number == place,
            ),
        )
        claimants.remove(chosen)
        self.sound[place] = chosen
        self.surplus.extend(claimants)

    def _place(self, unsound: Iterable[Entry]) -> None:
        """An entry whose hash fits nowhere has the place where it stands, if that is free and no gap away."""
        end = max([0, *self.sound])
        for entry in unsound:
            number = entry.number
            if number is None or not 1 <= number <= end + 1 or number in self.sound or number in self.edited:
                self.surplus.append(entry)
            else:
                self.edited[number] = entry
                end = max(end, number)

    def findings(self) -> Iterator[Finding]:
        for place in self.edited:
            yield _finding("edited", place, "its content is not what its entry_hash was made from")
        for place, entry in self.sound.items():
            if entry.number != place:
                yield _finding("reordered", entry.number, f"was written as entry {place}")
        for entry in self.surplus:
            yield _finding("inserted", entry.number, "does not belong to the chain: " + self._surplus(entry))
        yield from self._missing()
        yield from self._broken_links()

    def _surplus(self, entry: Entry) -> str:
        if entry in self.sound.values():
            return "it is a copy of another entry"
        if entry.number in self.sound or entry.number in self.edited:
            return "there is another entry of that number"
        return "its entry_hash fits no place in it"

    def _missing(self) -> Iterator[Finding]:
        places = sorted({0} | self.sound.keys() | self.edited.keys())
        for before, place in pairwise(places):
            if place - before > 1:
                yield _finding("deleted", before + 1, "missing", last=place - 1)

    def _broken_links(self) -> Iterator[Finding]:
        """Sound neighbours that do not fit: one was written anew, hash and all.

        The later one tells what the earlier one was, unless it is itself under suspicion.
        """
        suspect = None
        for place in sorted(self.sound, reverse=True):
            entry, before = self.sound[place], self.sound.get(place - 1)
            expected = GENESIS if place == 1 else before.entry_hash if before else entry.previous_hash
            if entry.previous_hash == expected or suspect == place:
                continue
            if place == 1:
                yield _finding("edited", 1, "its previous_hash is not that of the first entry of a chain")
                continue
            suspect = place - 1
            yield _finding(
                "edited",
                suspect,
                f"was replaced, with an entry_hash that fits: entry {place} was written after another one "
                f"(or entry {place} was replaced)",
            )

    def head(self) -> Head | None:
        entry = self.sound.get(self.length) or self.edited.get(self.length)
        if entry is None or entry.entry_hash is None:
            return None
        return Head(self.length, entry.recorded_at, entry.entry_hash)

    def place_of(self, entry_hash: str | None) -> int | None:
        return next((place for place, entry in self.sound.items() if entry.entry_hash == entry_hash), None)


class _Places:
    """Finds at which place of the chain an entry was written."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._number_of = {entry.entry_hash: entry.number for entry in entries} | {GENESIS: 0}
        self._number_after = {entry.previous_hash: entry.number for entry in entries}
        self._shift = 0

    def written(self, entry: Entry) -> int | None:
        """The place for which the entry's hash was made, None if there is none near."""
        for place in self._candidates(entry):
            if place >= 1 and hash_of(entry, place) == entry.entry_hash:
                if entry.number is not None:
                    self._shift = place - entry.number
                return place
        return None

    def _candidates(self, entry: Entry) -> Iterator[int]:
        """Likely places first: as it stands, moved like the one before, where its neighbours say, near by."""
        number = entry.number
        if number is not None:
            yield number
            yield number + self._shift
        before = self._number_of.get(entry.previous_hash)
        after = self._number_after.get(entry.entry_hash)
        if before is not None:
            yield before + 1
        if after is not None:
            yield after - 1
        if number is not None:
            for distance in range(1, _REACH + 1):
                yield number - distance
                yield number + distance


def _finding(kind: Kind, first: int | None, message: str, last: int | None = None) -> Finding:
    return Finding(kind=kind, first=first, last=last or first, message=message)


def _cut_off(chain: _Chain, expected_head: str) -> Finding:
    message = (
        f"no entry of the chain has the expected hash {expected_head}: entries at the end are missing, or "
        "the log was written anew"
    )
    return _finding("cut_off", chain.length, message)
