"""Generated sentences read as sentences."""

from __future__ import annotations

from typing import Any

import pytest

from focus_validate.spec import words

USAGE = {"equals": {"column": "ChargeCategory", "value": "Usage"}}
NO_CORRECTION = {"not_equals": {"column": "ChargeClass", "value": "Correction"}}
A, B, C = ({"is_null": name} for name in "ABC")
BOTH = {"one_of": {"column": "ChargeCategory", "values": ["Usage", "Purchase"]}}


@pytest.mark.parametrize(
    ("check", "phrase"),
    [
        ({"is_null": "A"}, "A is null"),
        ({"not_null": "A"}, "A has a value"),
        (USAGE, "ChargeCategory is Usage"),
        (NO_CORRECTION, "ChargeClass is not Correction"),
        (
            {"all": [BOTH, NO_CORRECTION]},
            "ChargeCategory is Usage or Purchase and ChargeClass is not Correction",
        ),
        ({"all": [{"all": [A, B]}, C]}, "A is null, B is null and C is null"),
        ({"any": [A, B]}, "A is null or B is null"),
        ({"all": [{"any": [A, B]}, C]}, "(A is null or B is null) and C is null"),
    ],
)
def test_conditions(check: dict[str, Any], phrase: str) -> None:
    assert words.condition(check) == phrase


@pytest.mark.parametrize(
    ("check", "when", "summary", "message"),
    [
        ({"not_null": "A"}, None, "A has a value.", "A is null; give it a value in every row."),
        (
            {"is_null": "A"},
            USAGE,
            "A is null where ChargeCategory is Usage.",
            "A has a value where ChargeCategory is Usage; leave it null there.",
        ),
        (
            {"one_of": {"column": "A", "values": ["x", "y", "z"]}},
            None,
            "A is x, y or z.",
            "A has a value that is not allowed; use x, y or z, in exactly this spelling.",
        ),
        (
            {"one_of": {"column": "A", "values": list("abcdefghij")}},
            None,
            "A is one of its 10 allowed values.",
            "A has a value that is not allowed; use one of its allowed values, in exactly this spelling.",
        ),
        (
            {"minimum": {"column": "A", "value": 0}},
            None,
            "A is zero or more.",
            "A is negative; write zero or more.",
        ),
        (
            {"compare": {"left": "A", "operator": ">=", "right": "B"}},
            None,
            "A is no earlier than B.",
            "A is earlier than B; correct one of the two.",
        ),
        (
            {"distinct_count": {"for_each": "A", "of": "B", "count": 1}},
            None,
            "Each A has one B only.",
            "The same A has several values of B; use one B for each A.",
        ),
    ],
)
def test_sentences(check: dict[str, Any], when: Any, summary: str, message: str) -> None:
    assert words.summary(check, when) == summary
    assert words.message(check, when) == message


def test_presence_names_the_reason_and_the_flag() -> None:
    summary, message = words.presence("Tags", ["TAGGING_SUPPORTED"], {"TAGGING_SUPPORTED": "tags can be set"})
    assert summary == "The dataset has the column Tags where tags can be set."
    assert "although tags can be set (TAGGING_SUPPORTED)" in message


def test_a_shape_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        words.condition({"special": {"name": "header_order"}})
