"""Every change of a log is found and named; an untouched log is never accused."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.logs import ZEROS, content, log_of, plausible, sealed
from focus_validate.audit.log import COLUMNS, Entry
from focus_validate.audit.verify import Verdict, verify

TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
CONTENTS = st.tuples(*[TEXT] * 7)
LOGS = st.lists(CONTENTS, min_size=2, max_size=9).map(log_of)
Found = list[tuple[str, int | None, int | None]]


def breaks(entries: list[Entry]) -> Found:
    """Kind, first and last of each break."""
    return [(each.kind, each.first, each.last) for each in verify(entries).findings]


def test_a_known_hash() -> None:
    """What the warehouse computes, written down: neither side can change alone."""
    entry = sealed(1, ZEROS, "2026-10-05T08:00:00Z", "close", "ada", "bo", "2026-09", None, '{"é": "😀"}')
    assert entry.entry_hash == "059a31452375be27639f417eba2ce387f16ac0df7b999617beb25a0252140308"
    assert verify([entry]).intact


@given(LOGS, st.randoms(use_true_random=False))
def test_an_untouched_log_is_intact_in_any_order_of_rows(entries: list[Entry], chance: random.Random) -> None:
    head = entries[-1].entry_hash
    shuffled = list(entries)
    chance.shuffle(shuffled)
    verdict = verify(shuffled, head)
    assert verdict.intact
    assert verdict.head is not None
    assert (verdict.head.sequence_number, verdict.head.entry_hash) == (len(entries), head)
    assert verdict.expected_at == len(entries)


@given(st.data(), LOGS, st.sampled_from(COLUMNS), TEXT)
def test_any_edit_of_one_value_is_located(
    data: st.DataObject, entries: list[Entry], column: str, value: str | None
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    if value == getattr(entries[place], column):
        value = f"{value}x"
    edited = entries[place]._replace(**{column: value})
    found = breaks([*entries[:place], edited, *entries[place + 1 :]])
    if column == "sequence_number":
        assert found == [("reordered", edited.number, edited.number)]
    else:
        assert found == [("edited", place + 1, place + 1)]


@given(st.data(), LOGS, CONTENTS)
def test_an_entry_written_anew_hash_and_all_is_located(
    data: st.DataObject, entries: list[Entry], content: tuple[str | None, ...]
) -> None:
    """Unless it is the last one: only a head that was kept tells that."""
    place = data.draw(st.integers(0, len(entries) - 1))
    old = entries[place]
    forged = sealed(place + 1, str(old.previous_hash), *content)
    if forged == old:
        return
    log = [*entries[:place], forged, *entries[place + 1 :]]
    if place == len(entries) - 1:
        assert breaks(log) == []
        assert [each.kind for each in verify(log, old.entry_hash).findings] == ["cut_off"]
    else:
        assert breaks(log) == [("edited", place + 1, place + 1)]


@given(st.data(), LOGS)
def test_any_deletion_is_located(data: st.DataObject, entries: list[Entry]) -> None:
    first = data.draw(st.integers(0, len(entries) - 2))
    last = data.draw(st.integers(first, len(entries) - 2))
    assert breaks(entries[:first] + entries[last + 1 :]) == [("deleted", first + 1, last + 1)]


@given(st.data(), LOGS)
def test_a_deletion_is_located_when_the_rest_is_numbered_anew(
    data: st.DataObject, entries: list[Entry]
) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    rest = [_at(entry, number) for number, entry in enumerate(entries[place + 1 :], start=place + 1)]
    moved: Found = [("reordered", number, number) for number in range(place + 1, len(entries))]
    assert sorted(breaks(entries[:place] + rest)) == sorted([("deleted", place + 1, place + 1), *moved])


@given(st.data(), LOGS)
def test_a_tail_cut_off_is_found_by_the_head_that_was_kept_only(
    data: st.DataObject, entries: list[Entry]
) -> None:
    rest = entries[: data.draw(st.integers(0, len(entries) - 1))]
    assert verify(rest).intact
    (finding,) = verify(rest, entries[-1].entry_hash).findings
    assert (finding.kind, finding.first) == ("cut_off", len(rest))


@given(st.data(), LOGS, CONTENTS, st.booleans())
def test_any_insertion_is_located(
    data: st.DataObject, entries: list[Entry], content: tuple[str | None, ...], fitting: bool
) -> None:
    """With a hash that fits its place or one that does not."""
    place = data.draw(st.integers(0, len(entries) - 1))
    forged = sealed(place + 1, str(entries[place].previous_hash), *content)
    if not fitting:
        forged = forged._replace(entry_hash=ZEROS)
    if forged == entries[place]:
        return
    found = breaks([*entries[:place], forged, *entries[place:]])
    assert found == [("inserted", place + 1, place + 1)]


@given(st.data(), LOGS, CONTENTS, st.booleans())
def test_an_insertion_is_located_when_the_rest_is_numbered_anew(
    data: st.DataObject, entries: list[Entry], content: tuple[str | None, ...], fitting: bool
) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    forged = sealed(place + 1, str(entries[place].previous_hash), *content)
    if not fitting:
        forged = forged._replace(entry_hash=ZEROS)
    if forged == entries[place]:
        return
    rest = [_at(entry, number) for number, entry in enumerate(entries[place:], start=place + 2)]
    moved: Found = [("reordered", number, number) for number in range(place + 2, len(entries) + 2)]
    found = breaks([*entries[:place], forged, *rest])
    assert sorted(found) == sorted([("inserted", place + 1, place + 1), *moved])


@given(st.data(), LOGS)
def test_any_copy_is_located(data: st.DataObject, entries: list[Entry]) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    assert breaks([*entries, entries[place]]) == [("inserted", place + 1, place + 1)]


@given(st.data(), LOGS)
def test_any_swap_of_places_is_located(data: st.DataObject, entries: list[Entry]) -> None:
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    log = list(entries)
    log[first], log[second] = _at(log[first], second + 1), _at(log[second], first + 1)
    verdict = verify(log)
    assert {(each.kind, each.first) for each in verdict.findings} == {
        ("reordered", first + 1),
        ("reordered", second + 1),
    }
    assert {each.message for each in verdict.findings} == {
        f"was written as entry {first + 1}",
        f"was written as entry {second + 1}",
    }


@given(st.data(), LOGS)
def test_any_swap_of_contents_is_located(data: st.DataObject, entries: list[Entry]) -> None:
    """The places and the chain stay, what the entries tell is exchanged."""
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    log = list(entries)
    one, other = log[first], log[second]
    if one[1:-2] == other[1:-2]:
        return
    log[first] = Entry(one[0], *other[1:-2], *one[-2:])
    log[second] = Entry(other[0], *one[1:-2], *other[-2:])
    assert breaks(log) == [("edited", first + 1, first + 1), ("edited", second + 1, second + 1)]


def _at(entry: Entry, number: int) -> Entry:
    return entry._replace(sequence_number=str(number))


def test_a_swap_over_a_long_distance_is_located() -> None:
    log = log_of(content(1 + number % 28) for number in range(400))
    log[2], log[390] = _at(log[2], 391), _at(log[390], 3)
    assert breaks(log) == [("reordered", 3, 3), ("reordered", 391, 391)]


def test_a_log_of_many_entries_all_moved_is_judged_at_once() -> None:
    log = log_of(content(1 + number % 28) for number in range(20_000))
    found = breaks([_at(entry, number) for number, entry in enumerate(log[1:], start=1)])
    assert found[0][0] == "deleted" or ("deleted", 1, 1) in found
    assert len(found) == 20_000


@pytest.mark.parametrize("number", ["999999999999999999", "0", "-1", "1.5", "", "x", None])
def test_a_number_that_is_none_is_located(number: str | None) -> None:
    log = plausible()
    log[3] = log[3]._replace(sequence_number=number)
    (finding,) = verify(log).findings
    assert (finding.kind, finding.first, finding.message) == (
        "reordered",
        log[3].number,
        "was written as entry 4",
    )


def test_a_forged_entry_far_beyond_the_end_is_no_burden() -> None:
    log = [*plausible(), sealed(10**17, ZEROS, *content(1))]
    assert breaks(log) == [("deleted", 8, 10**17 - 1)]


def test_numbers_with_decimals_of_an_export_are_the_same_numbers() -> None:
    log = [entry._replace(sequence_number=f"{entry.sequence_number}.0") for entry in plausible()]
    assert verify(log).intact


def test_no_entries_are_intact_and_have_no_head() -> None:
    assert verify([]) == Verdict(entries=0, head=None, expected_at=None, findings=())


def test_the_expected_head_may_be_any_earlier_one() -> None:
    log = plausible()
    verdict = verify(log, log[2].entry_hash)
    assert verdict.intact
    assert verdict.expected_at == 3


def test_an_edited_entry_does_not_count_as_the_expected_head() -> None:
    """The hash stands there, but what it was made from is gone."""
    log = plausible()
    log[6] = log[6]._replace(actor="somebody else")
    kinds = [finding.kind for finding in verify(log, log[6].entry_hash).findings]
    assert kinds == ["edited", "cut_off"]


CHANGES: dict[str, Callable[[list[Entry]], Any]] = {
    "first entry": lambda log: log.pop(0),
    "empty text for null": lambda log: log.__setitem__(1, log[1]._replace(approved_by="")),
    "null for a value": lambda log: log.__setitem__(0, log[0]._replace(approved_by=None)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_small_changes_are_found(change: str) -> None:
    log = plausible()
    CHANGES[change](log)
    assert not verify(log).intact
