"""Rules without a machine check that data can decide all the same (ERRATA, dynamic rules)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from . import reference, rulings, schemas
from .jsontext import Array, Object, canonical, has_duplicate_key, native
from .numeric import Number
from .products import product_passes
from .table import WORD_BLANKS, Row, Table, object_of, text_of

UNITS = ("Minute", "Hour", "Day", "Week", "Month", "Quarter", "Year")
DURATION = re.compile(f"([1-9][0-9]*)[{WORD_BLANKS}]+({'|'.join(UNITS)})s?")
MONTHS = {"Month": 1, "Quarter": 3, "Year": 12}
MINUTES = {"Minute": 1, "Hour": 60, "Day": 1440, "Week": 10080}
INTERVALS = {"Monthly": (1, 28), "Quarterly": (3, 89), "Semi-Annual": (6, 181), "Annual": (12, 365)}
"""Payment interval: months, and days of its shortest span."""

Test = Callable[[Any, Row, Table], bool]
ALLOCATION_KEY = ("ResourceId", "ChargePeriodStart", "ChargePeriodEnd", "SkuPriceId", "AllocatedMethodId")


def key_of(value: object) -> object:
    """A cell as a group key: text, numbers and dates as they are, native objects by content, NaN as one."""
    if value != value:
        return "NaN", float
    return canonical(native(value)) if isinstance(value, (dict, list, Object)) else value


def is_key_value(root: Object) -> bool:
    return not root.has_duplicates() and not any(isinstance(v, (Object, Array)) for _, v in root.pairs)


def keys_unique(root: Object) -> bool:
    return not has_duplicate_key(root)


def in_json(column: str, test: Callable[[Object], bool]) -> tuple[set[str], Test]:
    """A test of the object in a column; text that is no JSON object passes."""

    def row_test(value: Any, row: Row, table: Table) -> bool:
        root = object_of(value)
        return root is None or test(root)

    return {column}, row_test


def unit_products(value: Any, row: Row, table: Table) -> bool:
    return product_passes("ListUnitPrice", "PricingQuantity", "ListCost", row, table) and product_passes(
        "ContractedUnitPrice", "PricingQuantity", "ContractedCost", row, table
    )


def commitment_is_resource(value: Any, row: Row, table: Table) -> bool:
    root, resource = object_of(value), row["ResourceId"]
    elements = root.values().get("Elements") if root else None
    if resource is None or not isinstance(elements, Array) or len(elements.items) != 1:
        return True
    element = elements.items[0]
    commitment = element.values().get("ContractCommitmentId") if isinstance(element, Object) else None
    return not isinstance(commitment, str) or commitment == text_of(resource)


def program_is_named(value: Any, row: Row, table: Table) -> bool:
    root = object_of(value)
    programs = [item.get("ProgramType") for item in schemas.items_of(root, "CommitmentPrograms")]
    return root is None or text_of(row["CommitmentDiscountType"]) in programs


def tags_apart(value: Any, row: Row, table: Table) -> bool:
    own, other = object_of(value), object_of(row["Tags"])
    return own is None or other is None or not set(own.values()) & set(other.values())


def occurs_in(column: str) -> Test:
    def test(value: Any, row: Row, table: Table) -> bool:
        return any(
            other[column] is not None and text_of(other[column]) == text_of(value) for other in table.rows
        )

    return test


def interval_fits(value: Any, row: Row, table: Table) -> bool:
    duration = row["ContractCommitmentDurationType"]
    match = DURATION.fullmatch(text_of(duration)) if duration is not None else None
    if match is None or text_of(value) not in INTERVALS:
        return True
    count, unit = int(match[1]), match[2]
    months, days = INTERVALS[text_of(value)]
    if unit in MONTHS:
        return months <= count * MONTHS[unit]
    return days * MINUTES["Day"] <= count * MINUTES[unit]


def unit_word_known(value: Any, row: Row, table: Table) -> bool:
    if not isinstance(value, str):
        return True
    rest = re.sub(f"^(-?[0-9]+([.][0-9]+)?)?[{WORD_BLANKS}]*", "", value)
    return rest in {f"{unit}{plural}" for unit in UNITS for plural in ("", "s")}


def properties(dataset: str, column: str) -> dict[str, tuple[set[str], Test]]:
    prefix, *numbers = {
        "SkuPriceDetails": ("CAU-SkuPriceDetails-C-", "002-O", "017-C", "020-M", "021-M"),
        "InvoiceDetailGrain": ("IND-InvoiceDetailGrain-C-", "007-O", "008-C", "010-M", "011-M"),
    }[column]
    defined = reference.defined_properties(dataset, column)
    tests: tuple[Callable[[Object], bool], ...] = (
        schemas.keys_pascal,
        lambda root: schemas.keys_prefixed(root, defined),
        lambda root: schemas.keys_spelled(root, defined),
        lambda root: schemas.properties_typed(root, defined),
    )
    return {prefix + number: in_json(column, test) for number, test in zip(numbers, tests, strict=True)}


def scope_rules() -> dict[str, tuple[set[str], Test]]:
    column = "ContractCommitmentApplicability"
    prefix = "CCT-ContractCommitmentApplicabilityObject-O-"
    names = reference.columns_of("CostAndUsage")

    def share(part: str) -> Callable[[Object], bool]:
        return lambda root: schemas.share_fits(root.values(), part)

    def shares(part: str) -> Callable[[Object], bool]:
        return lambda root: all(
            schemas.share_fits(item, part) for item in schemas.items_of(root, "Inclusions")
        )

    def dimensions(key: str) -> Callable[[Object], bool]:
        return lambda root: schemas.dimensions_known(root, key, names)

    def wildcards(key: str) -> Callable[[Object], bool]:
        return lambda root: schemas.wildcards_alone(root, key)

    tests = {
        "005-M": share("Cost"),
        "006-M": share("Usage"),
        "007-M": shares("Cost"),
        "008-M": shares("Usage"),
        "009-O": dimensions("Inclusions"),
        "010-O": dimensions("Exclusions"),
        "011-C": wildcards("Inclusions"),
        "012-C": wildcards("Exclusions"),
    }
    return {prefix + number: in_json(column, test) for number, test in tests.items()}


def row_rules() -> dict[str, tuple[set[str], Test]]:
    """Rule id to the columns that its check mentions and the test on a non-null own cell."""
    sku = {"PricingQuantity", "ListUnitPrice", "ContractedUnitPrice", "ListCost", "ContractedCost"}
    return {
        **properties("CostAndUsage", "SkuPriceDetails"),
        **properties("InvoiceDetail", "InvoiceDetailGrain"),
        **scope_rules(),
        "CAU-PricingQuantity-C-013-C": (sku, unit_products),
        "CAU-ContractAppliedObject-O-072-M": in_json("ContractApplied", schemas.commitments_unambiguous),
        "CAU-ContractAppliedObject-O-074-C": ({"ContractApplied", "ResourceId"}, commitment_is_resource),
        "CAU-ContractAppliedObject-O-078-O": in_json(
            "ContractApplied", lambda root: schemas.units_fit(root, "ContractCommitmentAppliedUnit")
        ),
        "CAU-AllocatedMethodDetailsObject-O-028-O": in_json(
            "AllocatedMethodDetails", lambda root: schemas.units_fit(root, "UsageUnit")
        ),
        "CAU-CommitmentProgramEligibilityDetailsObject-O-003-C": (
            {"CommitmentProgramEligibilityDetails", "CommitmentDiscountType"},
            program_is_named,
        ),
        "CAU-AllocatedTags-C-006-M": ({"AllocatedTags", "Tags"}, tags_apart),
        "IND-PaymentCurrencyInvoiceDetailId-C-004-M": (
            {"PaymentCurrencyInvoiceDetailId", "InvoiceDetailId"},
            occurs_in("InvoiceDetailId"),
        ),
        "IND-ReferenceInvoiceId-C-004-C": ({"ReferenceInvoiceId", "InvoiceId"}, occurs_in("InvoiceId")),
        "IND-ReferenceInvoiceId-C-005-C": ({"ReferenceInvoiceId", "InvoiceId"}, occurs_in("InvoiceId")),
        "CCT-ContractCommitmentPaymentInterval-C-005-O": (
            {"ContractCommitmentPaymentInterval", "ContractCommitmentDurationType"},
            interval_fits,
        ),
        "CCT-ContractCommitmentDurationType-C-005-O": ({"ContractCommitmentDurationType"}, unit_word_known),
    }


GROUP_RULES = {
    "CAU-AllocatedMethodDetailsObject-O-027-M": {"AllocatedMethodDetails", *ALLOCATION_KEY},
    "IND-InvoiceDetailId-C-004-M": {"InvoiceIssuerName", "InvoiceId", "InvoiceDetailId"},
}
ROW_RULES: dict[str, tuple[set[str], Test]] = {}


def rows_by_id() -> dict[str, tuple[set[str], Test]]:
    if not ROW_RULES:
        ROW_RULES.update(row_rules())
    return ROW_RULES


def columns(rule_id: str) -> set[str]:
    return set(GROUP_RULES[rule_id] if rule_id in GROUP_RULES else rows_by_id()[rule_id][0])


def is_group(check: Any) -> bool:
    return check.get(rulings.SPECIAL) in GROUP_RULES


def row_passes(rule_id: str, row: Row, table: Table) -> bool:
    own = reference_column(rule_id)
    return row[own] is None or rows_by_id()[rule_id][1](row[own], row, table)


def reference_column(rule_id: str) -> str:
    return rule_id.split("-")[1].removesuffix("Object")


def groups(rule_id: str, numbered: Iterable[tuple[int, Row]]) -> tuple[list[int], int]:
    if rule_id == "IND-InvoiceDetailId-C-004-M":
        return repeated(("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId"), numbered)
    return ratios(numbered)


def repeated(names: tuple[str, ...], numbered: Iterable[tuple[int, Row]]) -> tuple[list[int], int]:
    """CheckNoDuplicates over several columns; rows with a null among them stay out."""
    rows: dict[tuple[object, ...], list[int]] = {}
    for number, row in numbered:
        key = tuple(row[name] for name in names)
        if None not in key:
            rows.setdefault(key, []).append(number)
    return [found[0] for found in rows.values() if len(found) > 1], len(rows)


def ratios(numbered: Iterable[tuple[int, Row]]) -> tuple[list[int], int]:
    """Allocated ratios of one origin charge add up to 1 within 10^-6; rows that break the schema stay out."""
    firsts: dict[tuple[object, ...], int] = {}
    sums: dict[tuple[object, ...], Number] = {}
    for number, row in numbered:
        key = tuple(key_of(row[name]) for name in ALLOCATION_KEY)
        firsts.setdefault(key, number)
        root = object_of(row["AllocatedMethodDetails"])
        if root is None or not schemas.method_details(root):
            continue
        for item in schemas.items_of(root, "Elements"):
            sums[key] = plus(sums.get(key, Number(0, 0)), item["AllocatedRatio"])
    broken = [firsts[key] for key, total in sums.items() if total.distance(Number(1, 0)) > Number(1, -6)]
    return broken, len(sums)


def plus(total: Number, ratio: Any) -> Number:
    """A share of 10^-1000 and less cannot move the sum by the tolerance."""
    if not isinstance(ratio, Number) or ratio.exponent < -1000:
        return total
    exponent = min(total.exponent, ratio.exponent)
    return Number.of(
        total.coefficient * 10 ** (total.exponent - exponent)
        + ratio.coefficient * 10 ** (ratio.exponent - exponent),
        exponent,
    )
