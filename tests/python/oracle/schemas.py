"""The four object schemas of FOCUS 1.4, written out as code, and the rules inside JSON columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .jsontext import Array, Json, Object
from .numeric import ONE, ZERO, Number
from .units import breaks_format

CUSTOM_KEY = re.compile(r"x_[A-Z][a-zA-Z0-9]*")
OPERATORS = (
    "In",
    "NotIn",
    "StartsWith",
    "NotStartsWith",
    "Contains",
    "NotContains",
    "EndsWith",
    "Exists",
    "DoesNotExist",
)
WILDCARD_OPERATORS = ("In", "Contains", "Exists", "DoesNotExist")


def only_keys(item: Object, known: Iterable[str], custom: bool = True) -> bool:
    known = set(known)
    return all(key in known or (custom and CUSTOM_KEY.fullmatch(key)) for key in item.values())


def is_text(value: Json) -> bool:
    return isinstance(value, str)


def is_share(value: Json) -> bool:
    return isinstance(value, Number) and ZERO <= value <= ONE


def elements_valid(root: Object, key: str, valid: Callable[[Object], bool]) -> bool:
    """Root holds a list of at least one element under ``key``, each valid, and only custom keys beside it."""
    items = root.values().get(key)
    if not only_keys(root, [key]) or not isinstance(items, Array) or not items.items:
        return False
    return all(isinstance(item, Object) and valid(item) for item in items.items)


def contract_applied(root: Object) -> bool:
    return elements_valid(root, "Elements", applied_element)


def applied_element(item: Object) -> bool:
    cost, quantity, unit = (f"ContractCommitmentApplied{part}" for part in ("Cost", "Quantity", "Unit"))
    values = item.values()
    if not only_keys(item, ["ContractId", "ContractCommitmentId", cost, quantity, unit]):
        return False
    if not is_text(values.get("ContractId")) or not is_text(values.get("ContractCommitmentId")):
        return False
    by_cost = (
        isinstance(values.get(cost), Number) and values.get(quantity) is None and values.get(unit) is None
    )
    by_usage = (
        isinstance(values.get(quantity), Number) and is_text(values.get(unit)) and values.get(cost) is None
    )
    return by_cost != by_usage


def method_details(root: Object) -> bool:
    return elements_valid(root, "Elements", method_element)


def method_element(item: Object) -> bool:
    values = item.values()
    unit, quantity = values.get("UsageUnit"), values.get("UsageQuantity")
    return (
        only_keys(item, ["AllocatedRatio", "UsageUnit", "UsageQuantity"])
        and is_share(values.get("AllocatedRatio"))
        and (unit is None or is_text(unit))
        and (quantity is None or (isinstance(quantity, Number) and is_text(unit)))
    )


def program_eligibility(root: Object) -> bool:
    return elements_valid(
        root,
        "CommitmentPrograms",
        lambda item: only_keys(item, ["ProgramType"]) and is_text(item.values().get("ProgramType")),
    )


def applicability(root: Object) -> bool:
    values = root.values()
    known = ["IsGlobalScope", "IsComplexScope", "Applicability", "InclusionOperator", "ExclusionOperator"]
    if not only_keys(root, [*known, "Inclusions", "Exclusions"]):
        return False
    flags = [values.get(key, False) for key in ("IsGlobalScope", "IsComplexScope")]
    operators = [values[key] for key in ("InclusionOperator", "ExclusionOperator") if key in values]
    if not all(isinstance(flag, bool) for flag in flags) or not all(op in ("And", "Or") for op in operators):
        return False
    if "Applicability" in values and not shares(values["Applicability"]):
        return False
    lists = [values[key] for key in ("Inclusions", "Exclusions") if key in values]
    if not all(isinstance(rules, Array) and all(scope_rule(rule) for rule in rules.items) for rules in lists):
        return False
    return scope_fits(values, flags)


def scope_fits(values: dict[str, Json], flags: list[Json]) -> bool:
    inclusions, exclusions = values.get("Inclusions"), values.get("Exclusions")
    included = isinstance(inclusions, Array) and len(inclusions.items) > 0
    if all(flags):
        return False
    if any(flags) and (included or "InclusionOperator" in values):
        return False
    if not any(flags) and not (included and "InclusionOperator" in values):
        return False
    if "Exclusions" in values:
        return isinstance(exclusions, Array) and len(exclusions.items) > 0 and "ExclusionOperator" in values
    return True


def shares(value: Json) -> bool:
    return (
        isinstance(value, Object)
        and only_keys(value, ["Cost", "Usage"], custom=False)
        and all(is_share(share) for share in value.values().values())
    )


def scope_rule(rule: Json) -> bool:
    if not isinstance(rule, Object) or not only_keys(
        rule, ["Dimension", "Operator", "Values", "Applicability"], custom=False
    ):
        return False
    values = rule.values()
    operator, listed = values.get("Operator"), values.get("Values")
    if not is_text(values.get("Dimension")) or operator not in OPERATORS:
        return False
    if not isinstance(listed, Array) or not listed.items or not all(is_text(item) for item in listed.items):
        return False
    if "Applicability" in values and not shares(values["Applicability"]):
        return False
    if "*" in listed.items and (len(listed.items) > 1 or operator not in WILDCARD_OPERATORS):
        return False
    return operator not in ("Exists", "DoesNotExist") or listed.items == ("*",)


SCHEMAS: dict[str, Callable[[Object], bool]] = {
    "ContractApplied": contract_applied,
    "AllocatedMethodDetails": method_details,
    "CommitmentProgramEligibilityDetails": program_eligibility,
    "ContractCommitmentApplicability": applicability,
}


def items_of(root: Json, key: str) -> Iterator[dict[str, Json]]:
    """The objects in the list under ``key``, as dictionaries; nothing where there is no such list."""
    listed = root.values().get(key) if isinstance(root, Object) else None
    for item in listed.items if isinstance(listed, Array) else ():
        if isinstance(item, Object):
            yield item.values()


def units_fit(root: Object, key: str) -> bool:
    return not any(
        isinstance(unit := item.get(key), str) and breaks_format(unit) for item in items_of(root, "Elements")
    )


def commitments_unambiguous(root: Object) -> bool:
    contracts: dict[str, str] = {}
    for item in items_of(root, "Elements"):
        commitment, contract = item.get("ContractCommitmentId"), item.get("ContractId")
        if (
            isinstance(commitment, str)
            and isinstance(contract, str)
            and contracts.setdefault(commitment, contract) != contract
        ):
            return False
    return True


def share_fits(holder: dict[str, Json], key: str) -> bool:
    inner = holder.get("Applicability")
    return not isinstance(inner, Object) or key not in inner.values() or is_share(inner.values()[key])


def dimensions_known(root: Object, key: str, columns: Iterable[str]) -> bool:
    columns = set(columns)
    names = [item.get("Dimension") for item in items_of(root, key)]
    return all(not isinstance(name, str) or name in columns or name.startswith("x_") for name in names)


def wildcards_alone(root: Object, key: str) -> bool:
    lists = [item.get("Values") for item in items_of(root, key)]
    return not any(
        isinstance(values, Array) and "*" in values.items and len(values.items) > 1 for values in lists
    )


def spelled(key: str) -> str:
    return re.sub("[^a-z0-9]", "", key.lower())


def keys_pascal(root: Object) -> bool:
    return all(re.fullmatch("[A-Z][A-Za-z0-9]*", key.removeprefix("x_")) for key in root.values())


def keys_prefixed(root: Object, defined: dict[str, str]) -> bool:
    return all(key in defined or key.startswith("x_") for key in root.values())


def keys_spelled(root: Object, defined: dict[str, str]) -> bool:
    near = {spelled(key) for key in defined}
    return all(key in defined or spelled(key) not in near for key in root.values())


def properties_typed(root: Object, defined: dict[str, str]) -> bool:
    types = {"Numeric": Number, "String": str}
    found = [(value, types[defined[key]]) for key, value in root.values().items() if key in defined]
    return all(value is None or isinstance(value, wanted) for value, wanted in found)
