"""ERRATA.md as code: where the rules to evaluate depart from the stored checks."""

from __future__ import annotations

from typing import Any

from . import reference
from .reference import Rule

SPECIAL = "Special"
"""Key of a check that ``special.py`` decides: {Special: name}; its columns and test stand there."""

UNOFFICIAL = {
    "PAYMENT_CURRENCY_DIFFERENCES": ("IND-InvoiceDetail-D-019-C", "IND-InvoiceDetail-D-020-C"),
    "PAYMENT_CURRENCY_AGGREGATION": ("IND-InvoiceDetail-D-021-C",),
    "PURCHASE_ORDER_NUMBER": ("IND-InvoiceDetail-D-024-C",),
    "PARTIAL_UPFRONT": ("CCT-ContractCommitment-D-029-C",),
}
PRESENT_TOGETHER = {
    "IND-InvoiceDetail-D-019-C": "PaymentCurrencyBilledCost",
    "IND-InvoiceDetail-D-020-C": "PaymentCurrency",
}

BUNDLE = frozenset(
    {
        "CAU-InvoiceDetailId-C-007-M",
        "CAU-BilledCost-C-007-C",
        "IND-BilledCost-C-010-C",
        "IND-BilledCost-C-013-C",
        "IND-BillingPeriodStart-C-005-M",
        "IND-BillingPeriodEnd-C-005-M",
        "IND-InvoiceDetailCreated-C-005-C",
        "BIP-BillingPeriodStatus-C-005-C",
        "IND-InvoiceIssueStatus-C-006-C",
    }
)
METADATA = frozenset(
    {
        "CAU-ChargeDescription-C-004-O",
        "CCT-ContractCommitmentDescription-C-004-O",
        "IND-InvoiceDetailDescription-C-004-O",
        "CAU-Tags-C-012-M",
        "CAU-AllocatedTags-C-011-M",
        "ATT-FocusColumnHandling-A-001-M",
        "ATT-CustomColumnHandling-A-014-M",
        "ATT-DatasetCompleteness-A-004-M",
        "ATT-DatasetConfiguration-A-004-C",
        "ATT-DeliveryHandling-A-007-O",
        "ATT-DeliveryHandling-A-010-M",
        "ATT-DeliveryHandling-A-011-C",
        "ATT-DeliveryHandling-A-012-C",
        "ATT-DeliveryHandling-A-013-M",
    }
)
PASS_WITHOUT_SKU_PRICE = frozenset(
    {
        "CAU-PricingQuantity-C-011-C",
        "CAU-ListUnitPrice-C-012-C",
        "CAU-ContractedUnitPrice-C-014-C",
        "CAU-PricingCategory-C-012-C",
        "CAU-PricingCurrencyContractedUnitPrice-C-011-C",
        "CAU-PricingCurrencyListUnitPrice-C-011-C",
        "CAU-CommitmentDiscountQuantity-C-016-C",
        "CAU-ConsumedQuantity-C-009-C",
        "CAU-SkuPriceDetails-C-004-C",
    }
)
PASS_WITH_SKU_PRICE = frozenset(
    {
        "CAU-ListUnitPrice-C-013-C",
        "CAU-ContractedUnitPrice-C-015-C",
        "CAU-PricingCurrencyListUnitPrice-C-012-C",
        "CAU-PricingCurrencyContractedUnitPrice-C-012-C",
    }
)
EXEMPTIONS = {"CAU-SkuPriceId-C-005-C": PASS_WITHOUT_SKU_PRICE, "CAU-SkuPriceId-C-004-C": PASS_WITH_SKU_PRICE}

ALWAYS_PASS = frozenset({"CAU-BillingAccountType-C-004-C"})
"""Beside the MAY rules: pass whatever the row holds."""

ONLY_WARN = frozenset(
    {
        "CAU-ContractAppliedObject-O-074-C",
        "CAU-AllocatedMethodDetailsObject-O-027-M",
        "IND-PaymentCurrencyInvoiceDetailId-C-004-M",
        "IND-ReferenceInvoiceId-C-004-C",
        "IND-ReferenceInvoiceId-C-005-C",
    }
)
WARN_UNDER_VIRTUAL_CURRENCY = frozenset({"CAU-PricingCurrency-C-003-M", "CCT-PricingCurrency-C-003-M"})

GROUPS_WITHOUT_MAY = (
    "CAU-AllocatedTags-C-002-M",
    "CAU-CommitmentDiscountQuantity-C-004-C",
    "CAU-ConsumedQuantity-C-005-C",
    "CAU-ListUnitPrice-C-003-M",
    "CAU-PricingCurrencyContractedUnitPrice-C-003-M",
    "CAU-SkuPriceDetails-C-003-C",
    "CAU-SkuPriceId-C-007-C",
    "CAU-Tags-C-000-C",
    "CCT-ContractCommitmentCost-C-003-C",
    "CCT-ContractCommitmentQuantity-C-003-C",
    "CCT-PricingCurrencyContractCommitmentCost-C-003-C",
    "IND-InvoiceIssueDate-C-000-M",
    "IND-PaymentDueDate-C-000-M",
    "IND-PurchaseOrderNumber-C-000-M",
)
"""Only their MAY children with a check are left out of the AND; conditions still reach these children."""

JSON_TYPES = (
    "CAU-CommitmentProgramEligibilityDetails-C-001-M",
    "CAU-Tags-C-018-M",
    "CAU-AllocatedMethodDetails-C-001-M",
    "CAU-AllocatedTags-C-015-M",
    "CAU-ContractApplied-C-004-M",
    "CAU-SkuPriceDetails-C-024-M",
    "CCT-ContractCommitmentApplicability-C-001-M",
)

SPECIALS = (
    "CAU-PricingQuantity-C-013-C",
    "CAU-SkuPriceDetails-C-002-O",
    "CAU-SkuPriceDetails-C-017-C",
    "CAU-SkuPriceDetails-C-020-M",
    "CAU-SkuPriceDetails-C-021-M",
    "IND-InvoiceDetailGrain-C-007-O",
    "IND-InvoiceDetailGrain-C-008-C",
    "IND-InvoiceDetailGrain-C-010-M",
    "IND-InvoiceDetailGrain-C-011-M",
    "CAU-ContractAppliedObject-O-072-M",
    "CAU-ContractAppliedObject-O-074-C",
    "CAU-ContractAppliedObject-O-078-O",
    "CAU-CommitmentProgramEligibilityDetailsObject-O-003-C",
    *(f"CCT-ContractCommitmentApplicabilityObject-O-{n:03}-M" for n in (5, 6, 7, 8)),
    *(f"CCT-ContractCommitmentApplicabilityObject-O-{n:03}-O" for n in (9, 10)),
    *(f"CCT-ContractCommitmentApplicabilityObject-O-{n:03}-C" for n in (11, 12)),
    "CAU-AllocatedMethodDetailsObject-O-027-M",
    "CAU-AllocatedMethodDetailsObject-O-028-O",
    "CAU-AllocatedTags-C-006-M",
    "IND-InvoiceDetailId-C-004-M",
    "IND-PaymentCurrencyInvoiceDetailId-C-004-M",
    "IND-ReferenceInvoiceId-C-004-C",
    "IND-ReferenceInvoiceId-C-005-C",
    "CCT-ContractCommitmentPaymentInterval-C-005-O",
    "CCT-ContractCommitmentDurationType-C-005-O",
)


def is_(column: str, value: Any) -> dict[str, Any]:
    return {"CheckValue": {"ColumnName": column, "Value": value}}


def not_(column: str, value: Any) -> dict[str, Any]:
    return {"CheckNotValue": {"ColumnName": column, "Value": value}}


def non_zero(column: str) -> dict[str, Any]:
    return {"NonZero": {"ColumnName": column}}


def one_each(a: str, b: str) -> dict[str, Any]:
    return {"CheckDistinctCount": {"ColumnAName": a, "ColumnBName": b, "ExpectedCount": 1}}


CHECKS: dict[str, dict[str, Any]] = {
    "CAU-CostAndUsage-D-097-C": {"ColumnPresent": {"ColumnName": "CommitmentProgramEligibilityDetails"}},
    "CAU-CostAndUsage-D-098-C": {"ColumnPresent": {"ColumnName": "InvoiceDetailId"}},
    "CAU-CommitmentDiscountStatus-C-003-C": is_("CommitmentDiscountStatus", None),
    "CAU-ResourceName-C-004-C": is_("ResourceName", None),
    "CAU-PricingCurrencyContractedUnitPrice-C-008-C": {
        "CheckGreaterOrEqualThanValue": {"ColumnName": "PricingCurrencyContractedUnitPrice", "Value": 0}
    },
    "CCT-ContractCommitmentPaymentUpfrontPercentage-C-007-C": {
        "Between": {"ColumnName": "ContractCommitmentPaymentUpfrontPercentage"}
    },
    "CCT-ContractCommitmentDurationType-C-002-M": {
        "FormatString": {"ColumnName": "ContractCommitmentDurationType"}
    },
    "CAU-AllocatedMethodDetailsObject-O-025-M": {"CheckJSONSchema": {"ColumnName": "AllocatedMethodDetails"}},
    "CAU-CommitmentProgramEligibilityDetailsObject-O-001-M": {
        "CheckJSONSchema": {"ColumnName": "CommitmentProgramEligibilityDetails"}
    },
    "CAU-SkuMeter-C-006-O": one_each("SkuId", "SkuMeter"),
    "CAU-CommitmentDiscountUnit-C-008-M": one_each("CommitmentDiscountId", "CommitmentDiscountUnit"),
    "CAU-SkuPriceDetails-C-013-O": one_each("SkuPriceId", "SkuPriceDetails"),
    "CAU-SkuPriceDetails-C-014-O": one_each("SkuPriceId", "SkuPriceDetails"),
    "IND-PaymentCurrencyBilledCost-C-005-M": {
        "CheckSameValue": {"ColumnAName": "PaymentCurrencyBilledCost", "ColumnBName": "BilledCost"}
    },
}
WHENS: dict[str, Any] = {
    "CAU-CommitmentDiscountStatus-C-004-C": {
        "AND": [not_("CommitmentDiscountId", None), is_("ChargeCategory", "Usage")]
    },
    "CAU-CommitmentDiscountQuantity-C-007-C": {
        "OR": [
            {"AND": [not_("ChargeCategory", "Usage"), not_("ChargeCategory", "Purchase")]},
            is_("CommitmentDiscountId", None),
        ]
    },
    "CAU-ConsumedQuantity-C-006-C": not_("ChargeClass", "Correction"),
    "CAU-PricingCurrencyContractedUnitPrice-C-012-C": not_("SkuPriceId", None),
    "CAU-Tags-C-003-C": not_("Tags", None),
    "IND-PaymentCurrencyInvoiceDetailId-C-005-C": non_zero("PaymentCurrencyBilledCost"),
    "CAU-ContractApplied-C-003-C": not_("ContractApplied", None),
    "CAU-ContractAppliedObject-O-074-C": {
        "AND": [is_("ChargeCategory", "Usage"), is_("CommitmentDiscountStatus", "Unused")]
    },
    "CAU-CommitmentProgramEligibilityDetailsObject-O-003-C": not_("CommitmentDiscountType", None),
    "CCT-ContractId-C-004-C": not_("ContractId", None),
    "CAU-BillingAccountType-C-005-C": None,
    "CAU-ResourceId-C-006-C": not_("ResourceId", None),
    "CAU-ResourceType-C-005-C": not_("ResourceId", None),
    "CAU-ServiceName-C-005-C": not_("ServiceCategory", "Other"),
    "IND-PaymentCurrencyBilledCost-C-005-M": {
        "AND": [
            {"SameText": {"ColumnAName": "PaymentCurrency", "ColumnBName": "BillingCurrency"}},
            non_zero("BilledCost"),
            non_zero("PaymentCurrencyBilledCost"),
        ]
    },
}


def apply_groups(rules: dict[str, Rule]) -> None:
    """Changes who calls whom; runs before the rules are linked."""

    def add(group: str, *children: str) -> None:
        if group in rules:
            rules[group].children.extend(children)

    add("CAU-CostAndUsage-D-001-M", "CAU-CostAndUsage-D-097-C")
    add("CAU-CostAndUsage-D-002-M", "CAU-InvoiceId-C-000-O")
    add(
        "CCT-ContractCommitment-D-002-M",
        "CCT-ContractCommitmentDiscountPercentage-C-000-M",
        "CCT-ContractCommitmentLastUpdated-C-000-M",
        "CCT-ContractCommitmentOfferCategory-C-000-M",
    )
    add("IND-InvoiceDetail-D-000-M", "IND-InvoiceDetail-D-003-M")
    numbers = ("020-C", "021-C", "022-M", "023-M", "024-C", "025-M", "026-C")
    add("IND-InvoiceDetail-D-002-M", *(f"IND-InvoiceDetail-D-{number}" for number in numbers))
    for rule in rules.values():
        rule.children = list(dict.fromkeys(rule.children))


def apply_checks(rules: dict[str, Rule], dataset: str) -> None:
    """Replaces checks and conditions, and lets the workbook win over value lists and ranges."""
    for rule_id in JSON_TYPES:
        if rule_id in rules:
            rules[rule_id].check = {"TypeObject": {"ColumnName": rules[rule_id].column}}
    for rule_id in SPECIALS:
        if rule_id in rules:
            rules[rule_id].check = {SPECIAL: rule_id}
    for rule_id, check in CHECKS.items():
        if rule_id in rules:
            rules[rule_id].check = check
    for rule_id, when in WHENS.items():
        if rule_id in rules:
            rules[rule_id].when = when
    if dataset == "CostAndUsage":
        rules["CAU-ServiceName-C-008-C"].when = {"NotOther": {"ColumnName": "ServiceSubcategory"}}
        rules["CAU-ServiceSubcategory-C-004-M"].check = {
            "SubcategoryFits": {"ColumnName": "ServiceSubcategory"}
        }
    for rule in rules.values():
        follow_workbook(rule, reference.columns_of(dataset))


def follow_workbook(rule: Rule, columns: dict[str, reference.Column]) -> None:
    column = columns.get(rule.column)
    if column is None or rule.children or not isinstance(rule.check, dict) or rule.function != "Validation":
        return
    items = rule.check.get("OR") or [rule.check]
    literal = all("CheckValue" in item for item in items)
    if literal and rule.when in (None, not_(column.name, None)) and column.allowed:
        rule.check = {"OneOf": {"ColumnName": column.name, "Values": column.allowed}}
    if "AND" in rule.check and column.bounds:
        low, high = column.bounds
        rule.check = {
            "AND": [
                {"CheckGreaterOrEqualThanValue": {"ColumnName": column.name, "Value": low}},
                {"CheckLessOrEqualThanValue": {"ColumnName": column.name, "Value": high}},
            ]
        }


def without_permissions(rules: dict[str, Rule]) -> None:
    """Leaves the MAY children with a check out of the AND of their groups; runs after the linking."""
    for group in GROUPS_WITHOUT_MAY:
        if group in rules:
            rules[group].children = [
                c for c in rules[group].children if not (rules[c].is_may and rules[c].static)
            ]
