"""Sentences for rules that have none of their own: generated from the shape of the check.

``summary`` says what a rule demands, ``message`` what is wrong and how to mend it; both are one line.
A rule's YAML file overrides either where the generated sentence would not read well.
"""

from __future__ import annotations

from typing import Any

from focus_validate.spec.checks import is_presence, present_column, single
from focus_validate.spec.model import Check

_MANY = 8  # beyond so many allowed values a sentence gives their number, not the list

_TYPE_SUMMARY = {
    "string": "{c} holds text.",
    "decimal": "{c} holds decimal numbers.",
    "datetime": "{c} holds a date with a time.",
    "json": "{c} holds a JSON object, native or as text.",
    "json_or_string": "{c} holds a JSON object, native or as text.",
}
_TYPE_MESSAGE = {
    "string": "{c} is not stored as text; export it as a string column, numeric ids included.",
    "decimal": "{c} has values that are no number; write a decimal type, or text such as -1234.5.",
    "datetime": "{c} has values that are no date and time; write a UTC timestamp, or text such as"
    " 2026-01-31T00:00:00Z.",
    "json": '{c} has values that are no JSON object; write one object such as {{"Key": "value"}}.',
    "json_or_string": '{c} has values that are no JSON object; write one object such as {{"Key": "value"}}.',
}
_FORMAT_SUMMARY = {
    "string": "{c} follows StringHandling.",
    "numeric": "{c} is written as NumericFormat has it: digits, one decimal point, minus sign, E notation.",
    "datetime": "{c} is written as YYYY-MM-DDTHH:mm:ssZ, in UTC.",
    "currency": "{c} is an ISO 4217 currency code.",
    "national_currency": "{c} is the code of a national currency.",
    "unit": "{c} follows UnitFormat.",
    "key_value": "{c} is a flat JSON object of keys and values.",
    "json_object": "{c} is a JSON object without duplicate keys.",
}
_FORMAT_MESSAGE = {
    "string": "{c} holds text, and any text passes; ATT-StringHandling rules report empty ones.",
    "numeric": "{c} has numbers in another notation; write -1234.5 or 1.5E-7, with no plus sign, blank,"
    " thousands separator, currency sign or lowercase e.",
    "datetime": "{c} is not written as YYYY-MM-DDTHH:mm:ssZ; convert it to UTC and write, for example,"
    " 2026-01-31T00:00:00Z.",
    "currency": "{c} is no ISO 4217 code; use three capital letters such as USD.",
    "national_currency": "{c} is no national currency; use the ISO 4217 code of one in use, such as USD.",
    "unit": "{c} does not follow UnitFormat; write, for example, GB, Hours, GB-Hours or 1000 Tokens.",
    "key_value": "{c} is no flat JSON object; write each key once, with a text, a number, true, false or"
    " null as its value.",
    "json_object": "{c} is no JSON object, or has a key twice; write one object with each key once.",
}
_ORDER = {
    ">=": ("no earlier than", "earlier than"),
    ">": ("later than", "no later than"),
    "<=": ("no later than", "later than"),
    "<": ("earlier than", "no earlier than"),
}


def condition(check: Check) -> str:
    """A check as the words that follow "where"."""
    key, argument = single(check)
    if key == "is_null":
        return f"{argument} is null"
    if key == "not_null":
        return f"{argument} has a value"
    if key == "equals":
        return f"{argument['column']} is {argument['value']}"
    if key == "not_equals":
        return f"{argument['column']} is not {argument['value']}"
    if key == "one_of":
        return f"{argument['column']} is {_or(argument['values'])}"
    if key == "same":
        return f"{argument[0]} equals {argument[1]}"
    if key == "matches":
        return f"{argument['column']} matches {argument['pattern']}"
    if key == "not" and "matches" in argument:
        return f"{argument['matches']['column']} does not match {argument['matches']['pattern']}"
    if key == "all":
        *others, last = [_part(part) for part in _conjuncts(check)]
        return f"{', '.join(others)} and {last}"
    if key == "any":
        return " or ".join(condition(part) for part in argument)
    raise ValueError(f"no words for the condition {check}")


def _part(check: Check) -> str:
    return f"({condition(check)})" if single(check)[0] == "any" else condition(check)


def _conjuncts(check: Check) -> list[Check]:
    key, argument = single(check)
    return [part for inner in argument for part in _conjuncts(inner)] if key == "all" else [check]


def _or(values: Any) -> str:
    texts = [str(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _where(when: Check | None) -> str:
    return "" if when is None else f" where {condition(when)}"


def summary(check: Check, when: Check | None) -> str:
    """What the check demands."""
    return _sentence(check, when, 0)


def message(check: Check, when: Check | None) -> str:
    """What is wrong where the check does not hold, and how to mend it."""
    return _sentence(check, when, 1)


def _sentence(check: Check, when: Check | None, which: int) -> str:
    key, argument = single(check)
    if is_presence(check):
        column = present_column(check)
        missing = f"The column {column} is missing; add it under exactly this name."
        return (f"The dataset has the column {column}.", missing)[which]
    if key == "type":
        return (_TYPE_SUMMARY, _TYPE_MESSAGE)[which][argument["is"]].format(c=argument["column"])
    if key == "format":
        return (_FORMAT_SUMMARY, _FORMAT_MESSAGE)[which][argument["as"]].format(c=argument["column"])
    if key == "all":
        return _all(argument, when)[which]
    if key in ("minimum", "maximum"):
        return _range(check)[which]
    sentences: tuple[str, str] = _SHAPES[key](argument, _where(when))
    return sentences[which]


def _is_null(column: str, where: str) -> tuple[str, str]:
    return f"{column} is null{where}.", f"{column} has a value{where}; leave it null there."


def _not_null(column: str, where: str) -> tuple[str, str]:
    mend = "give it a value there" if where else "give it a value in every row"
    return f"{column} has a value{where}.", f"{column} is null{where}; {mend}."


def _equals(argument: dict[str, Any], where: str) -> tuple[str, str]:
    column, value = argument["column"], argument["value"]
    return f"{column} is {value}{where}.", f"{column} is not {value}{where}; set it to {value}."


def _not_equals(argument: dict[str, Any], where: str) -> tuple[str, str]:
    column, value = argument["column"], argument["value"]
    return f"{column} is not {value}{where}.", f"{column} is {value}{where}; choose another of its values."


def _one_of(argument: dict[str, Any], where: str) -> tuple[str, str]:
    column, values = argument["column"], argument["values"]
    if len(values) > _MANY:
        listed, use = f"one of its {len(values)} allowed values", "one of its allowed values"
    else:
        listed = use = _or(values)
    return (
        f"{column} is {listed}{where}.",
        f"{column} has a value that is not allowed{where}; use {use}, in exactly this spelling.",
    )


def _bounds(parts: list[Check]) -> tuple[str, str] | None:
    """The two bounds of a closed range in words: inside, outside."""
    found: dict[str, Any] = dict(single(part) for part in parts)
    if set(found) != {"minimum", "maximum"}:
        return None
    low, high = found["minimum"], found["maximum"]
    strict = " (neither included)" if low.get("exclusive") else ""
    span = f"between {low['value']} and {high['value']}{strict}"
    return f"{low['column']} lies {span}", f"{low['column']} does not lie {span}"


def _all(parts: list[Check], when: Check | None) -> tuple[str, str]:
    bounds = _bounds(parts)
    if bounds:
        inside, outside = bounds
        return (
            f"{inside}{_where(when)}.",
            f"{outside}{_where(when)}; write the share as a number, 0.25 for 25 %.",
        )
    raise ValueError(f"no words for the check {parts}")


def _range(check: Check) -> tuple[str, str]:
    key, argument = single(check)
    column, value = argument["column"], argument["value"]
    if key == "minimum" and value == 0 and not argument.get("exclusive"):
        return f"{column} is zero or more.", f"{column} is negative; write zero or more."
    side = "at least" if key == "minimum" else "at most"
    return f"{column} is {side} {value}.", f"{column} is not {side} {value}; correct the amount."


def _compare(argument: dict[str, Any], where: str) -> tuple[str, str]:
    left, right = argument["left"], argument["right"]
    holds, broken = _ORDER[argument["operator"]]
    return f"{left} is {holds} {right}{where}.", f"{left} is {broken} {right}{where}; correct one of the two."


def _product(argument: dict[str, Any], where: str) -> tuple[str, str]:
    a, b = argument["factors"]
    result = argument["equals"]
    return (
        f"{result} equals {a} x {b}, within the tolerance.",
        f"{result} differs from {a} x {b} by more than the tolerance; compute it anew from both.",
    )


def _same(argument: list[str], where: str) -> tuple[str, str]:
    a, b = argument
    return f"{a} equals {b}{where}.", f"{a} differs from {b}{where}; make them equal."


def _distinct_count(argument: dict[str, Any], where: str) -> tuple[str, str]:
    one, of = argument["for_each"], argument["of"]
    return (
        f"Each {one} has one {of} only{where}.",
        f"The same {one} has several values of {of}{where}; use one {of} for each {one}.",
    )


def _no_duplicates(argument: str | list[str], where: str) -> tuple[str, str]:
    key = argument if isinstance(argument, str) else " + ".join(argument)
    return f"{key} occurs once only{where}.", f"The same {key} occurs more than once{where}; make it unique."


def _json_schema(argument: dict[str, Any], where: str) -> tuple[str, str]:
    column, schema = argument["column"], argument["schema"]
    return (
        f"The JSON in {column} fits the schema {schema}.",
        f"The JSON in {column} does not fit the schema {schema}; compare its keys and types with the schema.",
    )


_SHAPES: dict[str, Any] = {
    "is_null": _is_null,
    "not_null": _not_null,
    "equals": _equals,
    "not_equals": _not_equals,
    "one_of": _one_of,
    "compare": _compare,
    "product": _product,
    "same": _same,
    "distinct_count": _distinct_count,
    "no_duplicates": _no_duplicates,
    "json_schema": _json_schema,
}


def permission(check: Check, when: Check | None) -> str:
    """What a MAY rule permits."""
    key, argument = single(check)
    where = _where(when)
    if key == "is_null":
        return f"{argument} may be null{where}."
    if key == "same":
        return f"{argument[0]} may equal {argument[1]}{where}."
    if key == "column_present":
        return f"The dataset may have the column {argument}."
    raise ValueError(f"no words for the permission {check}")


def presence(column: str, flags: list[str], meanings: dict[str, str]) -> tuple[str, str]:
    """Summary and message of a presence rule that its own flags decide; ``meanings`` explains each flag."""
    names = ", ".join(flag for group in flags for flag in group.split("|"))
    why = " and ".join(" or ".join(meanings[flag] for flag in group.split("|")) for group in flags)
    return (
        f"The dataset has the column {column} where {why}.",
        f"The column {column} is missing although {why} ({names}); add it under exactly this name.",
    )


def group_summary(column: str, functions: set[str], when: Check | None) -> str:
    """What a composite demands."""
    if when == {"not_null": column}:
        return f"Where {column} has a value, its rules hold."
    what = "is null or has a value as its rules say" if functions == {"Nullability"} else "keeps its rules"
    return f"{column} {what}." if when is None else f"Where {condition(when)}, {column} {what}."


#: What a leaf without a check says in a report.
UNDECIDED = {
    "attest": "Data cannot show this; the vendor states it.",
    "metadata": "Needs the FOCUS metadata of the dataset.",
    "bundle": "Needs another dataset or an earlier delivery beside this file.",
}
GROUP_MESSAGE = "A rule of this group is broken; see its members."
PERMISSION_MESSAGE = "A permission; nothing breaks it."
