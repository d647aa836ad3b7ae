"""The judge for each test that Python decides: from the texts of its columns to pass or violation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from focus_validate.engine.expressions import Judged
from focus_validate.engine.judges import json_tests
from focus_validate.engine.judges.choices import holds
from focus_validate.engine.judges.document import Document, nesting, parse
from focus_validate.engine.judges.intervals import within_duration
from focus_validate.engine.judges.units import FORMAT_RULES, UnitRules
from focus_validate.spec.model import Catalogue, Dataset, Property

Judge = Callable[[tuple[Any, ...]], bool]
"""From the texts of the columns to pass (true) or violation."""


class DocumentJudge(msgspec.Struct, frozen=True):
    """Judges the JSON object that a text is; what is none passes, unless the test is strict."""

    test: json_tests.DocumentTest
    strict: bool = False

    def __call__(self, texts: tuple[Any, ...]) -> bool:
        """Whether the text passes."""
        document = parse(texts[0])
        return not self.strict if document is None else self.test(document)


class UnitJudge(msgspec.Struct, frozen=True):
    """Judges a unit by some sub-rules of UnitFormat."""

    units: UnitRules
    rules: tuple[str, ...]

    def __call__(self, texts: tuple[Any, ...]) -> bool:
        """Whether the text passes."""
        return not self.units.broken(texts[0], self.rules)


FLAT_OBJECT_PASSES = frozenset(
    {
        "json_object",
        "json_object_format",
        "json_unique_keys",
        "json_scalar_values",
        "json_array_same_type",
        "json_array_unique",
        "json_array_no_null",
        "json_max_nesting",
        "key_value",
    }
)
"""Tests that every flat JSON object without repeated keys passes, so that SQL can decide the clear cases."""


class Judges:
    """Makes the judges of one dataset."""

    def __init__(self, catalogue: Catalogue, dataset: Dataset) -> None:
        self._catalogue = catalogue
        self._dataset = dataset
        self._units = UnitRules(catalogue.units)

    def judge(self, judged: Judged) -> Judge:
        """The judge of one expression."""
        arguments: dict[str, Any] = dict(judged.arguments)
        if judged.test == "choices":
            return lambda texts: holds(arguments["expression"], dict(zip(judged.columns, texts, strict=True)))
        if judged.test == "unit":
            return UnitJudge(self._units, FORMAT_RULES)
        if judged.test == "unit_rule":
            return UnitJudge(self._units, (str(arguments["rule"]),))
        if judged.test == "interval_within_duration":
            return lambda texts: within_duration(texts[0], texts[1])
        if judged.test == "json_keys_disjoint":
            return lambda texts: json_tests.share_no_key(texts[0], texts[1])
        if judged.test == "json_object":
            return DocumentJudge(lambda document: True, strict=True)
        return self._document_judge(judged, arguments)

    def _document_judge(self, judged: Judged, arguments: dict[str, Any]) -> Judge:
        if judged.test in _STRICT:
            return DocumentJudge(_STRICT[judged.test], strict=True)
        if len(judged.columns) == 2:
            pair = _PAIRS[judged.test](arguments["array"], arguments["key"])
            return lambda texts: (document := parse(texts[0])) is None or pair(document, texts[1])
        return DocumentJudge(self._test(judged, arguments))

    def _test(self, judged: Judged, arguments: dict[str, Any]) -> json_tests.DocumentTest:
        name, column = judged.test, judged.columns[0]
        if name in _PLAIN:
            return _PLAIN[name]
        if name in _WITH_PROPERTIES:
            return _WITH_PROPERTIES[name](self._properties(column))
        if name == "json_unique_keys":
            return _unique_at_root if arguments["depth"] == "root" else _unique_anywhere
        if name == "json_max_nesting":
            return lambda document: nesting(document.value) <= arguments["levels"]
        if name == "json_schema":
            return json_tests.fits_schema(self._catalogue.schemas[arguments["schema"]])
        if name == "json_one_parent":
            return json_tests.each_child_has_one_parent(
                arguments["array"], arguments["child"], arguments["parent"]
            )
        if name == "json_units":
            return json_tests.elements_follow(
                arguments["array"], arguments["key"], self._units.follows_format
            )
        if name == "json_ratio_range":
            return json_tests.ratio_in_range(arguments["path"])
        if name == "json_wildcard_alone":
            return json_tests.wildcard_stands_alone(arguments["array"])
        if name == "json_dimension_is_column":
            return json_tests.dimensions_are_columns(arguments["array"], self._cost_and_usage_columns())
        raise KeyError(f"no judge for {name}")

    def _properties(self, column: str) -> dict[str, Property]:
        return next(known.defined_properties or {} for known in self._dataset.columns if known.name == column)

    def _cost_and_usage_columns(self) -> frozenset[str]:
        dataset = next(known for known in self._catalogue.datasets if known.id == "CostAndUsage")
        return frozenset(column.name for column in dataset.columns)


def refusals(judges: Sequence[Judge]) -> Callable[[tuple[Any, ...]], int]:
    """From the texts of the columns to one bit for each judge that refuses them.

    A text is taken apart once for all its judges: there may be one for each row.
    """
    documents = [judge for judge in judges if isinstance(judge, DocumentJudge)]
    units = [judge for judge in judges if isinstance(judge, UnitJudge)]
    if len(documents) == len(judges):
        return _document_refusals(documents)
    if len(units) == len(judges):
        return _unit_refusals(units)
    return lambda texts: sum(1 << bit for bit, judge in enumerate(judges) if not judge(texts))


def _document_refusals(judges: Sequence[DocumentJudge]) -> Callable[[tuple[Any, ...]], int]:
    tests = [(1 << bit, judge.test) for bit, judge in enumerate(judges)]
    no_document = sum(1 << bit for bit, judge in enumerate(judges) if judge.strict)

    def refused(texts: tuple[Any, ...]) -> int:
        document = parse(texts[0])
        if document is None:
            return no_document
        return sum(bit for bit, test in tests if not test(document))

    return refused


def _unit_refusals(judges: Sequence[UnitJudge]) -> Callable[[tuple[Any, ...]], int]:
    units, wanted = judges[0].units, tuple({rule: None for judge in judges for rule in judge.rules})
    asked = [(1 << bit, frozenset(judge.rules)) for bit, judge in enumerate(judges)]

    def refused(texts: tuple[Any, ...]) -> int:
        broken = units.broken(texts[0], wanted)
        return sum(bit for bit, rules in asked if not rules.isdisjoint(broken)) if broken else 0

    return refused


def _unique_at_root(document: Document) -> bool:
    return not document.root_repeats


def _unique_anywhere(document: Document) -> bool:
    return not document.repeats


_STRICT: dict[str, json_tests.DocumentTest] = {
    "key_value": json_tests.follows_key_value_format,
    "json_object_format": _unique_anywhere,
}
_PLAIN: dict[str, json_tests.DocumentTest] = {
    "json_scalar_values": json_tests.has_scalar_values,
    "json_array_same_type": json_tests.arrays_hold_one_type,
    "json_array_unique": json_tests.arrays_hold_no_object_twice,
    "json_array_no_null": json_tests.arrays_hold_no_null,
    "json_keys_pascal": json_tests.keys_are_pascal_case,
}
_WITH_PROPERTIES = {
    "json_keys_defined": json_tests.keys_are_defined,
    "json_keys_spelling": json_tests.keys_are_spelled_right,
    "json_value_types": json_tests.values_have_defined_types,
}
_PAIRS = {
    "json_element_equals_column": json_tests.lone_element_equals,
    "json_array_has_column": json_tests.some_element_equals,
}
