"""What the rules on JSON columns ask of one document, by the name of the special check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from focus_validate.engine.judges.document import (
    Document,
    arrays,
    canonical,
    elements,
    parse,
)
from focus_validate.spec.model import Property

if TYPE_CHECKING:
    import jsonschema_rs

DocumentTest = Callable[[Document], bool]
_PASCAL_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def has_scalar_values(document: Document) -> bool:
    """No object and no array as a value of the root object."""
    return not any(isinstance(value, dict | list) for value in document.value.values())


def follows_key_value_format(document: Document) -> bool:
    """KeyValueFormat: no key twice, no object or array as a value."""
    return not document.root_repeats and has_scalar_values(document)


def arrays_hold_one_type(document: Document) -> bool:
    """An array with an object has nothing but objects (nulls are another rule's)."""
    return not any(
        any(isinstance(each, dict) for each in array)
        and not all(isinstance(each, dict) or each is None for each in array)
        for array in arrays(document.value)
    )


def arrays_hold_no_object_twice(document: Document) -> bool:
    """No array has two equal objects."""
    for array in arrays(document.value):
        objects = [canonical(each) for each in array if isinstance(each, dict)]
        if len(set(objects)) < len(objects):
            return False
    return True


def arrays_hold_no_null(document: Document) -> bool:
    """No array has a null element."""
    return not any(None in array for array in arrays(document.value))


def keys_are_pascal_case(document: Document) -> bool:
    """Every root key, without x_, is an upper-case letter with letters and digits behind it."""
    return all(map(_is_pascal_case, document.value))


def _is_pascal_case(key: str) -> bool:
    name = key.removeprefix("x_")
    return name[:1] in _PASCAL_FIRST and name.isascii() and name.isalnum()


def keys_are_defined(properties: Mapping[str, Property]) -> DocumentTest:
    """Every root key is FOCUS-defined or starts with x_."""
    return lambda document: all(key in properties or key.startswith("x_") for key in document.value)


def keys_are_spelled_right(properties: Mapping[str, Property]) -> DocumentTest:
    """No root key is a FOCUS-defined one but for case and separators."""
    spellings = {_letters(name): name for name in properties}

    def test(document: Document) -> bool:
        return all(key in properties or _letters(key) not in spellings for key in document.value)

    return test


def _letters(key: str) -> str:
    return "".join(mark.lower() for mark in key if mark.isascii() and mark.isalnum())


def values_have_defined_types(properties: Mapping[str, Property]) -> DocumentTest:
    """Values of FOCUS-defined keys are numbers or strings as FOCUS says; null passes."""
    types = {name: Decimal if known.type == "Numeric" else str for name, known in properties.items()}

    def test(document: Document) -> bool:
        values = document.value.items()
        return all(value is None or isinstance(value, types[key]) for key, value in values if key in types)

    return test


def fits_schema(schema: Any) -> DocumentTest:
    """The document is valid against a JSON schema."""

    @cache
    def compiled() -> jsonschema_rs.Validator:
        import jsonschema_rs

        return jsonschema_rs.validator_for(schema)

    def test(document: Document) -> bool:
        validator = compiled()
        try:
            return validator.is_valid(document.value)
        except (ValueError, UnicodeError):  # a lone surrogate, which no other language's text can hold
            return validator.is_valid(_without_surrogates(document.value))

    return test


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(inner) for key, inner in value.items()}
    return [_without_surrogates(inner) for inner in value] if isinstance(value, list) else value


def each_child_has_one_parent(array: str, child: str, parent: str) -> DocumentTest:
    """No child value stands beside two different parent values."""

    def test(document: Document) -> bool:
        parents: dict[str, str] = {}
        for each in elements(document, array):
            inner, outer = each.get(child), each.get(parent)
            if (
                isinstance(inner, str)
                and isinstance(outer, str)
                and parents.setdefault(inner, outer) != outer
            ):
                return False
        return True

    return test


def lone_element_equals(array: str, key: str) -> Callable[[Document, str], bool]:
    """If the array has one element, its key (a string) equals the other column's text."""

    def test(document: Document, other: str) -> bool:
        found = document.value.get(array)
        if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
            return True
        value = found[0].get(key)
        return not isinstance(value, str) or value == other

    return test


def some_element_equals(array: str, key: str) -> Callable[[Document, str], bool]:
    """At least one element's key equals the other column's text."""
    return lambda document, other: any(each.get(key) == other for each in elements(document, array))


def elements_follow(array: str, key: str, test: Callable[[str], bool]) -> DocumentTest:
    """The key of each element, if it is a string, passes ``test``."""

    def holds(document: Document) -> bool:
        texts = (each.get(key) for each in elements(document, array))
        return all(test(text) for text in texts if isinstance(text, str))

    return holds


def ratio_in_range(path: tuple[str, ...]) -> DocumentTest:
    """What stands at the path (``*`` is every element) is a number from 0 to 1; nothing there passes."""

    def test(document: Document) -> bool:
        found = _at(document.value, path)
        return all(isinstance(value, Decimal) and 0 <= value <= 1 for value in found)

    return test


def _at(value: Any, path: tuple[str, ...]) -> list[Any]:
    if not path:
        return [value]
    step, *rest = path
    if step == "*":
        return (
            [found for each in value for found in _at(each, tuple(rest))] if isinstance(value, list) else []
        )
    return _at(value[step], tuple(rest)) if isinstance(value, dict) and step in value else []


def wildcard_stands_alone(array: str) -> DocumentTest:
    """A Values list that has ``*`` has nothing else."""

    def test(document: Document) -> bool:
        lists = (each.get("Values") for each in elements(document, array))
        return not any(isinstance(values, list) and "*" in values and len(values) > 1 for values in lists)

    return test


def dimensions_are_columns(array: str, columns: frozenset[str]) -> DocumentTest:
    """Each Dimension is a Column ID of Cost and Usage or a custom one."""

    def test(document: Document) -> bool:
        names = (each.get("Dimension") for each in elements(document, array))
        return all(name in columns or name.startswith("x_") for name in names if isinstance(name, str))

    return test


def share_no_key(left: str, right: str) -> bool:
    """The two texts, if both are JSON objects, have no root key in common."""
    one, other = parse(left), parse(right)
    return one is None or other is None or not one.value.keys() & other.value.keys()
