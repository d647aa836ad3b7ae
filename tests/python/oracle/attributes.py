"""Attribute rules: each once per dataset, summed over the columns that are under the attribute."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from . import jsontext, moments, reference, rulings, special
from .jsontext import Array, Object
from .numeric import NUMBER
from .reference import Column, Rule
from .schemas import SCHEMAS
from .table import WORD_BLANKS, fits_type, object_of, text_of
from .units import ascii_lower, broken_facets

if TYPE_CHECKING:
    from .evaluator import Run

PLACEHOLDERS = (
    *("n/a", "na", "none", "null", "nil", "unknown", "not applicable", "not available"),
    *("-", "--", "tbd", "undefined"),
)
CURRENCY_COLUMNS = ("BillingCurrency", "PricingCurrency")
UNIT_COLUMNS = ("PricingUnit", "ConsumedUnit", "CommitmentDiscountUnit", "ContractCommitmentUnit")
KEY_VALUE_COLUMNS = ("Tags", "AllocatedTags", "SkuPriceDetails", "InvoiceDetailGrain")
JSON_COLUMNS = tuple(SCHEMAS)
SAMPLES = 5

Breaks = Callable[[Any], bool]
Found = tuple[str, int, int, tuple[Any, ...]]

NUMERIC_FACETS = {
    "002": r"[\[\]{};:|]",
    "005": r"[0-9.][eE][+-]?[0-9]",
    "007": r"[*/^()=%<>×÷√−]|[^eE][+-]",
    "008": r"[^0-9eE+\-*/^()=%<>.,;:'_\[\]{}|×÷√−]|(^|[^0-9.])[eE]|[eE](\Z|[^+\-0-9])",
    "009": r"[,;:'_]|\..*\.|(^|[^0-9])\.|\.(\Z|[^0-9])",
    "010": r"^\+",
    "011": r"^\(.*\)\Z|[0-9.]-\Z|^−",
    "016": r"[eE][(−]",
    "017": r"[0-9.][eE]\+",
}
OFFSET = "2026-01-01T00:00:00+01:00"
"""What a moment reads like that a carrier holds in another zone than UTC."""
DATE_FACETS: dict[str, Callable[[str], bool]] = {
    "001": moments.breaks_utc,
    "002": moments.breaks_iso,
    "004": moments.breaks_parts,
    "005": moments.breaks_digits,
    "006": moments.breaks_utc,
    "008": moments.breaks_iso,
}
CUSTOM_NAME_FACETS: dict[str, Callable[[str], bool]] = {
    "003": lambda rest: not re.fullmatch("[A-Z][A-Za-z0-9]*", rest),
    "004": lambda rest: not re.fullmatch("[A-Za-z0-9]+", rest),
    "005": lambda rest: bool(re.search("[^A-Za-z0-9]", rest)),
    "007": lambda rest: bool(re.search("[A-Z]{2}", rest)),
    "008": lambda rest: len(rest) > 48,
}
UNDECIDED_UNITS = ("010", "014")


def verdict(rule: Rule, run: Run) -> Found:
    """Status, violations, checked and samples (row, column) of an attribute rule on one dataset."""
    if rule.id in rulings.METADATA:
        return "skip", 0, 0, ()
    _, attribute, _, number, _ = rule.id.split("-")
    decide = ATTRIBUTES.get(attribute)
    found = decide(number, run) if decide else None
    return found or ("attest", 0, 0, ())


def bound(run: Run, belongs: Callable[[Column], bool]) -> list[str]:
    """Columns of the dataset under an attribute that the table has."""
    return sorted(name for name, column in run.library.items() if belongs(column) and name in run.present)


def over(columns: Iterable[str], run: Run, breaks: Callable[[str, Any], bool], status: str = "fail") -> Found:
    """Sum over columns of the non-null cells, and of those that break."""
    columns = list(columns)
    if not columns:
        return "skip", 0, 0, ()
    broken: list[tuple[int, str]] = []
    checked = 0
    for number, row in enumerate(run.table.rows, 1):
        for name in columns:
            if row[name] is not None:
                checked += 1
                if breaks(name, row[name]):
                    broken.append((number, name))
    return (status if broken else "pass"), len(broken), checked, tuple(broken[:SAMPLES])


def numeric(number: str, run: Run) -> Found | None:
    def breaks(name: str, value: Any) -> bool:
        if number == "012":
            return not fits_type("TypeDecimal", run.table.physical(name), value)
        if not run.table.holds_text(name) or NUMBER.fullmatch(value):
            return False
        if number == "003":
            return True
        return number in NUMERIC_FACETS and bool(re.search(NUMERIC_FACETS[number], value, re.DOTALL))

    return over(bound(run, lambda column: column.data_type == "Decimal"), run, breaks)


def date_time(number: str, run: Run) -> Found | None:
    def breaks(name: str, value: Any) -> bool:
        if run.table.physical(name) == "zoned":
            return DATE_FACETS[number](OFFSET)
        return run.table.holds_text(name) and DATE_FACETS[number](value)

    return over(bound(run, lambda column: column.data_type == "Date/Time"), run, breaks)


def currency(number: str, run: Run) -> Found | None:
    def breaks(name: str, value: Any) -> bool:
        if number == "001":
            return isinstance(value, str) and not re.fullmatch("[A-Z]{3}", value)
        return text_of(value) not in reference.currencies()

    found = over(bound(run, lambda column: column.name in CURRENCY_COLUMNS), run, breaks)
    if found[0] == "fail" and "VIRTUAL_CURRENCY_SUPPORTED" in run.supports:
        billing = over(bound(run, lambda column: column.name == "BillingCurrency"), run, breaks)
        return ("fail" if billing[1] else "warn"), *found[1:]
    return found


def key_value(number: str, run: Run) -> Found | None:
    def breaks(name: str, value: Any) -> bool:
        root = object_of(value)
        if number == "001" or root is None:
            return number == "001" and root is None
        if number == "002":
            return root.has_duplicates()
        return any(isinstance(inner, (Object, Array)) for _, inner in root.pairs)

    return over(bound(run, lambda column: column.name in KEY_VALUE_COLUMNS), run, breaks)


JSON_FACETS: dict[str, Callable[[str, Object], bool]] = {
    "003": lambda name, root: jsontext.has_duplicate_key(root),
    "004": lambda name, root: False,
    "006": lambda name, root: any(map(jsontext.mixes_types, jsontext.arrays(root))),
    "007": lambda name, root: any(map(jsontext.repeats_object, jsontext.arrays(root))),
    "008": lambda name, root: any(map(jsontext.holds_null, jsontext.arrays(root))),
    "009": lambda name, root: not SCHEMAS[name](root),
    "011": lambda name, root: jsontext.object_depth(root) > 3,
}


def json_object(number: str, run: Run) -> Found | None:
    def breaks(name: str, value: Any) -> bool:
        root = object_of(value)
        if root is None:
            return number == "001"
        return number != "001" and JSON_FACETS[number](name, root)

    status = "warn" if number == "011" else "fail"
    return over(bound(run, lambda column: column.name in JSON_COLUMNS), run, breaks, status)


def unit(number: str, run: Run) -> Found | None:
    if number in UNDECIDED_UNITS:
        return None

    def breaks(name: str, value: Any) -> bool:
        return run.table.holds_text(name) and number in broken_facets(value)

    return over(bound(run, lambda column: column.name in UNIT_COLUMNS), run, breaks, "warn")


def null_handling(number: str, run: Run) -> Found | None:
    if number != "002":
        return None
    columns = bound(run, lambda column: column.data_type == "String" and column.nullable)
    found = over(columns, run, lambda name, value: is_placeholder(value))
    empties = over(columns, run, lambda name, value: value == "")
    return ("warn" if found[1] and not empties[1] else found[0]), *found[1:]


def is_placeholder(value: Any) -> bool:
    return isinstance(value, str) and (value == "" or ascii_lower(value) in PLACEHOLDERS)


def string_handling(number: str, run: Run) -> Found | None:
    tests: dict[str, Breaks] = {
        "007": lambda value: value == "",
        "015": lambda value: isinstance(value, str) and value != "" and not value.strip(WORD_BLANKS),
    }
    if number not in tests:
        return None
    columns = bound(run, lambda column: column.data_type == "String" and not column.nullable)
    return over(columns, run, lambda name, value: tests[number](value), "warn")


def focus_columns(number: str, run: Run) -> Found | None:
    if number != "011":
        return "pass", 0, sum(name in run.library for name in run.table.header), ()
    columns = bound(run, lambda column: column.name.endswith("Category"))
    return over(columns, run, lambda name, value: text_of(value) not in run.library[name].allowed)


def custom_columns(number: str, run: Run) -> Found | None:
    custom = sorted(name for name in run.table.header if name not in run.library)
    prefixed = [name for name in custom if name.startswith("x_")]
    if number == "002":
        broken = len(custom) - len(prefixed)
        return ("fail" if broken else "pass"), broken, len(custom), ()
    if number == "012":
        return (
            over(custom, run, lambda name, value: is_placeholder(value), "warn")
            if custom
            else ("pass", 0, 0, ())
        )
    if number in CUSTOM_NAME_FACETS:
        broken = sum(CUSTOM_NAME_FACETS[number](name[2:]) for name in prefixed)
        return ("warn" if broken else "pass"), broken, len(prefixed), ()
    return None


def completeness(number: str, run: Run) -> Found | None:
    if number != "009":
        return None
    flags = [name in run.library for name in run.table.header]
    parts = [[name for name in run.table.header if (name in run.library) == focus] for focus in (True, False)]
    fits = flags == sorted(flags, reverse=True) and all(map(alphabetical, parts))
    return ("pass" if fits else "warn"), int(not fits), 1, ()


def alphabetical(names: list[str]) -> bool:
    return names in (sorted(names), sorted(names, key=ascii_lower))


def delivery(number: str, run: Run) -> Found | None:
    if number != "002":
        return None
    rows: dict[object, list[int]] = {}
    for line, row in enumerate(run.table.rows, 1):
        key = tuple(special.key_of(row[name]) for name in run.table.header)
        rows.setdefault(key, []).append(line)
    broken = sorted(found[0] for found in rows.values() if len(found) > 1)
    return (
        ("warn" if broken else "pass"),
        len(broken),
        len(rows),
        tuple((line, None) for line in broken[:SAMPLES]),
    )


ATTRIBUTES: dict[str, Callable[[str, Run], Found | None]] = {
    "NumericFormat": numeric,
    "DateTimeFormat": date_time,
    "CurrencyFormat": currency,
    "KeyValueFormat": key_value,
    "JsonObjectFormat": json_object,
    "UnitFormat": unit,
    "NullHandling": null_handling,
    "StringHandling": string_handling,
    "FocusColumnHandling": focus_columns,
    "CustomColumnHandling": custom_columns,
    "DatasetCompleteness": completeness,
    "DeliveryHandling": delivery,
}
