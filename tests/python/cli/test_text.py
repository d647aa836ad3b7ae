from __future__ import annotations

import pytest

from cli.fakes import ESCAPES
from focus_validate.result import LONGEST_VALUE
from focus_validate.text import count, cut, did_you_mean, escape, join_words, nearest, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-1.5, "-1.5"),
        ("", "''"),
        (" ", "' '"),
        ("\xa0", "'\\xa0'"),
        ("null", "'null'"),
        ("\x1b[31m", "'\\x1b[31m'"),
        ("a\u202eb", "'a\\u202eb'"),
        ("\u200b", "'\\u200b'"),
        ("line\nbreak", "'line\\nbreak'"),
        ("Zürich 日本", "'Zürich 日本'"),
    ],
)
def test_a_value_is_shown_quoted_and_escaped(value: object, shown: str) -> None:
    assert show(value) == shown


def test_a_long_value_is_cut_and_its_length_told() -> None:
    assert show("x" * 10_000, 10) == "'xxxxxxxxxx'... (10,000 characters)"
    assert cut("x" * 10_000, 10) == "xxxxxxxxxx... (10,000 characters)"


def test_the_length_of_a_value_that_samples_cut_is_not_known() -> None:
    sample = "x" * LONGEST_VALUE + "…"
    assert show(sample, 10) == "'xxxxxxxxxx'... (more than 10,000 characters)"
    assert cut(sample, 10) == "xxxxxxxxxx... (more than 10,000 characters)"


def test_the_cut_counts_what_is_shown() -> None:
    assert show("\x00" * 40, 10) == "'\\x00\\x00'... (40 characters)"


@pytest.mark.parametrize("text", [ESCAPES, "\x9b31m", "\u2066a\u2069", "\ufeff", "\ud800"])
def test_escaped_text_prints(text: str) -> None:
    assert escape(text).isprintable()


def test_text_that_prints_is_left_alone() -> None:
    assert escape("Zürich [red] 日本") == "Zürich [red] 日本"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("billed_cost", "BilledCost"),
        ("Billed Cost", "BilledCost"),
        ("BiledCost", "BilledCost"),
        ("zzz", None),
    ],
)
def test_near_misses_are_named(word: str, meant: str | None) -> None:
    assert nearest(word, ["BilledCost", "ListCost"]) == meant


def test_a_suggestion_is_only_made_when_there_is_one() -> None:
    assert did_you_mean("usage", ["Usage"]) == " (did you mean Usage?)"
    assert did_you_mean("zzz", ["Usage"]) == ""


def test_counts_and_lists_read_well() -> None:
    assert [count(1, "row"), count(1204, "row")] == ["1 row", "1,204 rows"]
    assert [join_words([]), join_words(["a"]), join_words(["a", "b", "c"])] == ["", "a", "a, b and c"]
