"""What Python decides: strict JSON, rules inside JSON, units, exact numbers, intervals."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from focus_validate.engine.expressions import Judged, Operator
from focus_validate.engine.judges import numbers
from focus_validate.engine.judges.document import MAX_DEPTH, native_text, nesting, parse
from focus_validate.engine.judges.intervals import within_duration
from focus_validate.engine.judges.registry import Judges
from focus_validate.engine.judges.units import UnitRules
from focus_validate.spec.loader import load_catalogue

from .support import catalogue


def holds(test: str, *texts: str, columns: tuple[str, ...] = ("Details",), **arguments: Any) -> bool:
    made = catalogue()
    judged = Judged(test, columns, tuple(sorted(arguments.items())))
    return Judges(made, made.datasets[0]).judge(judged)(texts)


OBJECTS = [
    "{}",
    ' {"a" : 1 }\n',
    '{"a": null}',
    '{"\\ud83d\\ude00": "\\u0041"}',
    '{"a": "\\ud800"}',
    '{"a": 1E400}',
    '{"a": 1e99999999999999999999}',
    '{"a": ' + "9" * 5000 + "}",
    '{"a": -0.0e-0}',
    '{"": ""}',
]
NO_OBJECTS = [
    "",
    " ",
    "null",
    "1",
    '"{}"',
    "[]",
    "{",
    "{}}",
    "{'a': 1}",
    '{"a": 1,}',
    '{"a": NaN}',
    '{"a": Infinity}',
    '{"a": -Infinity}',
    '{"a": 01}',
    '{"a": +1}',
    '{"a": .5}',
    '{"a": 5.}',
    '{"a": True}',
    '{"a": "\n"}',
    '{"a": "\\x41"}',
    '{"a": "\\u00g0"}',
    "{a: 1}",
    "\ufeff{}",
    '{"a": 1} // x',
    '{"a" 1}',
    "{}\0",
]


@pytest.mark.parametrize("text", OBJECTS)
def test_json_objects(text: str) -> None:
    assert parse(text) is not None


@pytest.mark.parametrize("text", NO_OBJECTS)
def test_no_json_objects(text: str) -> None:
    assert parse(text) is None


@settings(max_examples=300)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=12,
    )
)
def test_every_serialised_object_is_one(value: Any) -> None:
    document = parse(json.dumps(value))
    assert (document is not None) == isinstance(value, dict)
    if document is not None:
        assert document.value == value
        assert not document.repeats


def test_depth_limit_counts_objects_and_arrays_outside_strings() -> None:
    def nested(levels: int) -> str:
        return '{"a": ' + "[" * (levels - 1) + '"[[[{{{\\""' + "]" * (levels - 1) + "}"

    assert parse(nested(MAX_DEPTH)) is not None
    assert parse(nested(MAX_DEPTH + 1)) is None
    assert parse('{"a": ' * 100_000 + "1" + "}" * 100_000) is None
    assert parse("{" + ", ".join(f'"k{n}": [[]]' for n in range(100)) + "}") is not None, "wide is not deep"


def test_repeated_keys_are_found_at_any_depth() -> None:
    document = parse('{"a": {"b": 1, "\\u0062": 2}, "c": 3}')
    assert document is not None
    assert (document.root_repeats, document.repeats) == (False, True)
    root = parse('{"a": 1, "a": 2}')
    assert root is not None
    assert (root.root_repeats, root.value) == (True, {"a": 2})


def test_nesting_counts_objects_only() -> None:
    assert [nesting(value) for value in ({}, {"a": [[{}]]}, {"a": {"b": {"c": {}}}}, [], 1)] == [
        1,
        2,
        4,
        0,
        0,
    ]


def test_native_objects_as_json() -> None:
    assert json.loads(native_text('{"a": null, "b": [{"c": null}, null]}', is_struct=True)) == {
        "b": [{}, None]
    }
    assert json.loads(native_text('{"a": null}', is_struct=False)) == {"a": None}
    document = parse(native_text('{"a": Infinity, "b": NaN}', is_struct=True))
    assert document is not None
    assert all(isinstance(value, Decimal) for value in document.value.values())


def test_native_objects_keep_equal_keys_and_every_digit() -> None:
    document = parse(native_text('{"a": "x", "a": "y"}', is_struct=False))
    assert document is not None
    assert document.root_repeats
    digits = "1.00000000000000000000000000001"
    assert native_text(f'{{"a": [{digits}]}}', is_struct=True) == f'{{"a":[{digits}]}}'


RULES: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("json_object", {}, ["{}", '{"a": 1, "a": 2}'], ["[]", "x"]),
    ("json_object_format", {}, ['{"a": {"b": [1]}}'], ['{"a": {"b": 1, "b": 1}}', "[]", "x"]),
    (
        "key_value",
        {},
        ['{"a": true, "b": null, "c": "x", "d": 1}'],
        ['{"a": {}}', '{"a": []}', '{"a": 1, "a": 1}', "1"],
    ),
    (
        "json_unique_keys",
        {"depth": "root"},
        ["{}", '{"a": {"b": 1, "b": 1}}', "no object"],
        ['{"a": 1, "a": 1}'],
    ),
    ("json_unique_keys", {"depth": "any"}, ["{}"], ['{"a": [{"b": 1, "b": 1}]}']),
    ("json_scalar_values", {}, ['{"a": 1}', "[]"], ['{"a": []}', '{"a": {}}']),
    (
        "json_array_same_type",
        {},
        ['{"a": [1, "x"]}', '{"a": [{}, {}, null]}'],
        ['{"a": [{}, 1]}', '{"a": [[{}, []]]}'],
    ),
    (
        "json_array_unique",
        {},
        ['{"a": [1, 1]}', '{"a": [{"b": 1}, {"b": true}]}'],
        ['{"a": [{"b": 1, "c": 2}, {"c": 2.0, "b": 1}]}', '{"a": [{}, {}]}'],
    ),
    ("json_array_no_null", {}, ['{"a": null}', '{"a": [0]}'], ['{"a": [null]}', '{"a": [{"b": [1, null]}]}']),
    ("json_max_nesting", {"levels": 3}, ['{"a": {"b": {"c": [[1]]}}}'], ['{"a": [{"b": {"c": {}}}]}']),
    ("json_keys_defined", {}, ['{"CoreCount": 1, "x_any": 1}', "[]"], ['{"corecount": 1}', '{"X_a": 1}']),
    (
        "json_keys_spelling",
        {},
        ['{"CoreCount": 1, "x_corecount": 1, "Cores": 1}'],
        ['{"core_count": 1}', '{"Core-Count": 1}'],
    ),
    (
        "json_keys_pascal",
        {},
        ['{"CoreCount": 1, "x_Any1": 1}'],
        ['{"a": 1}', '{"x_any": 1}', '{"A_B": 1}', '{"": 1}', '{"Ä": 1}'],
    ),
    (
        "json_value_types",
        {},
        ['{"CoreCount": 1.5, "DiskType": "SSD", "x_A": []}', '{"CoreCount": null}'],
        ['{"CoreCount": "1"}', '{"DiskType": 1}', '{"CoreCount": true}'],
    ),
    (
        "json_one_parent",
        {"array": "E", "child": "k", "parent": "c"},
        ['{"E": [{"k": "1", "c": "a"}, {"k": "1", "c": "a"}, {"k": "2", "c": "b"}]}', '{"E": 1}', "{}"],
        ['{"E": [{"k": "1", "c": "a"}, {"k": "1", "c": "b"}]}'],
    ),
    (
        "json_units",
        {"array": "E", "key": "u"},
        ['{"E": [{"u": "Hours"}, {"u": null}, {}]}'],
        ['{"E": [{"u": "hour"}]}'],
    ),
    (
        "json_ratio_range",
        {"path": ("I", "*", "C")},
        ['{"I": [{"C": 0}, {"C": 1.0}, {}]}', '{"I": 1}', "{}"],
        [
            '{"I": [{"C": 1.0000000000000000001}]}',
            '{"I": [{"C": "x"}]}',
            '{"I": [{"C": -0.1}]}',
            '{"I": [{"C": true}]}',
        ],
    ),
    (
        "json_wildcard_alone",
        {"array": "I"},
        ['{"I": [{"Values": ["*"]}, {"Values": ["a", "b"]}]}'],
        ['{"I": [{"Values": ["*", "a"]}]}'],
    ),
]


@pytest.mark.parametrize(("test", "arguments", "good", "bad"), RULES)
def test_json_rules(test: str, arguments: dict[str, Any], good: list[str], bad: list[str]) -> None:
    for text in good:
        assert holds(test, text, **arguments), text
    for text in bad:
        assert not holds(test, text, **arguments), text


def test_json_rules_over_two_columns() -> None:
    columns = ("Details", "Other")
    one = {"array": "E", "key": "k"}
    assert holds("json_element_equals_column", '{"E": [{"k": "a"}]}', "a", columns=columns, **one)
    assert not holds("json_element_equals_column", '{"E": [{"k": "a"}]}', "b", columns=columns, **one)
    assert holds("json_element_equals_column", '{"E": [{"k": "a"}, {"k": "c"}]}', "b", columns=columns, **one)
    assert holds("json_element_equals_column", '{"E": [{"k": 1}]}', "b", columns=columns, **one)
    assert holds("json_array_has_column", '{"E": [{"k": "a"}, {"k": "b"}]}', "b", columns=columns, **one)
    assert not holds("json_array_has_column", '{"E": [{"k": "a"}]}', "b", columns=columns, **one)
    assert holds("json_array_has_column", "[]", "b", columns=columns, **one)
    both = ("Details", "OtherDetails")
    assert holds("json_keys_disjoint", '{"a": 1}', '{"A": 1}', columns=both)
    assert not holds("json_keys_disjoint", '{"a": 1}', '{"b": 1, "\\u0061": 2}', columns=both)
    assert holds("json_keys_disjoint", "x", '{"a": 1}', columns=both)


def test_schema_numbers_are_exact() -> None:
    schema = {"schema": "AllocatedMethodDetailsObject"}
    assert holds("json_schema", '{"Elements": [{"AllocatedRatio": 1.0}]}', **schema)
    assert not holds("json_schema", '{"Elements": [{"AllocatedRatio": 1.00000000000000000000001}]}', **schema)
    assert holds("json_schema", '{"Elements": [{"AllocatedRatio": 1E-999}], "x_A": "\\ud800"}', **schema)


UNITS: dict[str, tuple[list[str], list[str]]] = {
    "base": (["Hours", "1000 Tokens", "é"], ["", "1000", "-/-", "100 "]),
    "data_size": (["GB", "GB-Hours", "Gifts"], ["gb", "GBs", "gigabyte", "MB/mb"]),
    "data_size_plural": (["GB", "gb"], ["GBs", "terabyte", "Terabytes"]),
    "large": (["EB", "EiB"], ["ZB", "zettabytes", "YiB-Hours"]),
    "time": (["Hours", "Hour", "Weeks"], ["hours", "hr", "MIN", "Seconds-days"]),
    "count": (["Tokens", "GB", "hours"], ["Widgets", "tokens"]),
    "capitalized": (["Widgets", "Ünits", "GB"], ["widgets", "1x", "ⓐ"]),
    "quantity": (["1000 Tokens", "x"], []),
    "compound": (["GB-Hours", "1000 Tokens"], ["GB Hours", "GB-", "-Hours", "0 Tokens", "01 Tokens"]),
    "ratio": (
        ["GB/Hour", "Units/3 Months", "Per/Hour"],
        ["GB/", "/Hour", "a/b/c", "GB /Hour", "GB/ Hour", "GB per Hour"],
    ),
    "compound_form": (
        ["GB-Hours", "Request-Tokens", "Core-Hours/Day"],
        ["GB-Hour", "Requests-Tokens", "Core-Hour/Day"],
    ),
    "ratio_quantity_form": (["Units/3 Months", "Unit/Month"], ["Unit/3 Months", "Units/3 Month"]),
    "ratio_compound_form": (["Core-Hours/Day"], ["Core-Hours/Days"]),
    "ratio_form": (["GB/Hour", "Tokens/Second"], ["Token/Second", "Tokens/Seconds", "GB/Hours"]),
    "simple_form": (["Seconds", "GB", "1000 Second"], ["Second", "Token"]),
    "quantity_form": (["1000 Tokens", "1000 Tokens/Hour", "Token"], ["1000 Token", "3 Month/Unit"]),
}


@pytest.mark.parametrize("rule", UNITS)
def test_unit_rules(rule: str) -> None:
    rules = UnitRules(load_catalogue().units)
    good, bad = UNITS[rule]
    assert [unit for unit in good if rules.broken(unit, [rule])] == []
    assert [unit for unit in bad if not rules.broken(unit, [rule])] == []


def test_unit_format_is_its_binding_rules() -> None:
    rules = UnitRules(load_catalogue().units)
    for unit in ("GB-Hours", "widgets", "1000 Token", "Requests-Tokens", "PB/Day", "Units/3 Months"):
        assert rules.follows_format(unit), unit
    for unit in ("", "gb", "hours", "GB Hours", "GB per Hour", "a/b/c", "ZB"):
        assert not rules.follows_format(unit), unit


NUMBER = st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,30})?(E-?[0-9]{1,3})?", fullmatch=True)


@given(NUMBER)
def test_numbers_are_read_exactly(text: str) -> None:
    assert Fraction(numbers.read(text)) == Fraction(text)
    assert Fraction(text) * 10 ** max(0, numbers.decimals_written(text)) % 1 == 0


@given(NUMBER, st.sampled_from(["<", "<=", "=", "<>", ">=", ">"]), NUMBER)
def test_comparisons_are_exact(left: str, operator: Operator, right: str) -> None:
    one, other = Fraction(left), Fraction(right)
    expected = {
        "<": one < other,
        "<=": one <= other,
        "=": one == other,
        "<>": one != other,
        ">=": one >= other,
        ">": one > other,
    }[operator]
    assert numbers.compare(left, operator, right) == expected


@settings(max_examples=400)
@given(NUMBER, NUMBER, NUMBER, st.none() | st.integers(-40, 60))
def test_products_are_exact(left: str, right: str, result: str, places: int | None) -> None:
    product, wanted = Fraction(left) * Fraction(right), Fraction(result)
    relative = Fraction(1, 10**9) * max(abs(wanted), abs(product) if places is None else 0)
    tolerance = relative if places is None else max(relative, Fraction(1, 2) * Fraction(10) ** -places)
    assert numbers.product_holds(left, right, result, places) == (abs(product - wanted) <= tolerance)


@given(st.integers(0, 10**30), st.integers(0, 40))
def test_limit_of_the_tolerance_is_within(digits: int, places: int) -> None:
    """result + half of the last place, exactly, passes; a digit further down does not."""
    result = f"{digits}.{'0' * (places or 1)}"
    assume(digits < 10**8)
    half = f"{digits}.{'0' * places}5"
    assert numbers.product_holds(half, "1", result, places)
    more = f"{half}{'0' * 100}1"
    relative = Fraction(1, 10**9) * digits
    assert numbers.product_holds(more, "1", result, places) == (Fraction(more) - digits <= relative)


def test_numbers_of_any_size_end_soon() -> None:
    huge, tiny = f"1E{10**15}", f"1E-{10**15}"
    assert numbers.compare(huge, ">", "1" * 5000)
    assert numbers.compare(tiny, ">", "0")
    assert numbers.compare(f"1E{'9' * 30}", ">", huge)
    assert not numbers.product_holds(huge, "1", tiny, 2)
    assert numbers.product_holds(huge, tiny, "1", 2)
    assert (
        numbers.product_holds("9" * 100_000, "9" * 100_000, str(numbers.read("9" * 100_000) ** 1), None)
        is False
    )
    assert numbers.product_holds(tiny, tiny, "0", 2)


DURATIONS = [
    ("Monthly", "1 Month", True),
    ("Monthly", "28 Days", True),
    ("Monthly", "27 Days", False),
    ("Quarterly", "2 Months", False),
    ("Semi-Annual", "2 Quarters", True),
    ("Annual", "1 Year", True),
    ("Annual", "11 Months", False),
    ("Annual", "365 Days", True),
    ("Annual", "52 Weeks", False),
    ("One-Time", "1 Day", True),
    ("Annual", "soon", True),
    ("Annual", "0 Days", True),
    ("Quarterly", "2135 Hours", False),
    ("Quarterly", "2136 Hours", True),
    ("Annual", "9" * 5000 + " Minutes", True),
]


@pytest.mark.parametrize(("interval", "duration", "fits"), DURATIONS)
def test_intervals(interval: str, duration: str, fits: bool) -> None:
    assert within_duration(interval, duration) == fits
