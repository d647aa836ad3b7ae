"""Presence rules: flags first, then the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rulings
from .reference import Rule

if TYPE_CHECKING:
    from .evaluator import Run

PRICE_LISTS = {f"CAU-CostAndUsage-D-{number}-C" for number in ("058", "059", "060", "061")}
PROGRAM = "CAU-CostAndUsage-D-097-C"
UPFRONT = "CCT-ContractCommitment-D-029-C"


def verdict(rule: Rule, run: Run) -> tuple[str, int, int]:
    if not declared(rule, run):
        return "not_applicable", 0, 0
    if rule.is_may or run.selected or rule.check["ColumnPresent"]["ColumnName"] in run.present:
        return "pass", 0, 1
    if not needed(rule, run):
        return "pass", 0, 1
    return ("fail" if rule.is_must else "warn"), 1, 1


def declared(rule: Rule, run: Run) -> bool:
    supports = set(run.supports)
    if rule.id in PRICE_LISTS and "NEGOTIATED_PRICING_SUPPORTED" in supports:
        supports.add("PUBLIC_PRICE_LIST_SUPPORTED")
    if rule.id == PROGRAM and "COMMITMENT_PROGRAM" in supports:
        supports.add("COMMITMENT_DISCOUNT_SUPPORTED")
    return rule.flags <= supports


def needed(rule: Rule, run: Run) -> bool:
    """Whether absence is a failure; conditions without an official flag have to be stated or seen."""
    stated_by = [flag for flag, rules in rulings.UNOFFICIAL.items() if rule.id in rules]
    if not stated_by or stated_by[0] in run.supports:
        return True
    if rule.id in rulings.PRESENT_TOGETHER:
        return rulings.PRESENT_TOGETHER[rule.id] in run.present
    if rule.id == UPFRONT:
        return any(row.get("ContractCommitmentPaymentModel") == "Partial Upfront" for row in run.table.rows)
    return False
