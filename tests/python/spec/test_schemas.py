"""The JSON schemas of the object columns, case by case."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from focus_validate.spec.loader import load_catalogue

SCHEMAS = load_catalogue().schemas
ELEMENT = {"ContractId": "c", "ContractCommitmentId": "k"}
COST = {**ELEMENT, "ContractCommitmentAppliedCost": 1.5}
QUANTITY = {**ELEMENT, "ContractCommitmentAppliedQuantity": 2, "ContractCommitmentAppliedUnit": "Hours"}
IN = {"Dimension": "ServiceName", "Operator": "In", "Values": ["a"]}
SOME = {"InclusionOperator": "And", "Inclusions": [IN]}


def valid(name: str, document: Any) -> bool:
    return bool(jsonschema_rs.validator_for(SCHEMAS[name]).is_valid(document))


def test_schemas_are_valid_2020_12() -> None:
    assert set(SCHEMAS) == {
        "AllocatedMethodDetailsObject",
        "CommitmentProgramEligibilityDetailsObject",
        "ContractAppliedObject",
        "ContractCommitmentApplicabilityObject",
    }
    for schema in SCHEMAS.values():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ([COST], True),
        ([QUANTITY], True),
        ([COST, QUANTITY], True),
        ([{**COST, "ContractCommitmentAppliedQuantity": None, "ContractCommitmentAppliedUnit": None}], True),
        ([{**QUANTITY, "ContractCommitmentAppliedCost": None}], True),
        ([{**COST, "x_Note": [1]}], True),
        ([], False),
        ([ELEMENT], False),
        ([{**COST, **QUANTITY}], False),
        ([{**COST, "ContractCommitmentAppliedUnit": "Hours"}], False),
        ([{**ELEMENT, "ContractCommitmentAppliedQuantity": 2}], False),
        ([{**ELEMENT, "ContractCommitmentAppliedCost": "1.5"}], False),
        ([{**ELEMENT, "ContractCommitmentAppliedCost": None}], False),
        ([{"ContractId": "c", "ContractCommitmentAppliedCost": 1}], False),
        ([{**COST, "ContractId": 7}], False),
        ([{**COST, "Note": 1}], False),
        ([{**COST, "x_note": 1}], False),
        (["c"], False),
    ],
)
def test_contract_applied(elements: list[Any], expected: bool) -> None:
    assert valid("ContractAppliedObject", {"Elements": elements}) is expected
    assert valid("ContractAppliedObject", {"Elements": elements, "x_Source": 1}) is expected
    assert not valid("ContractAppliedObject", {"Elements": elements, "Source": 1})


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"AllocatedRatio": 0}, True),
        ({"AllocatedRatio": 1}, True),
        ({"AllocatedRatio": 0.5, "UsageUnit": "Hours", "UsageQuantity": 3}, True),
        ({"AllocatedRatio": 0.5, "UsageUnit": None, "UsageQuantity": None}, True),
        ({"AllocatedRatio": 0.5, "UsageUnit": "Hours"}, True),
        ({"AllocatedRatio": 0.5, "UsageQuantity": 3}, False),
        ({"AllocatedRatio": 0.5, "UsageQuantity": 3, "UsageUnit": None}, False),
        ({"AllocatedRatio": 1.01}, False),
        ({"AllocatedRatio": -0.1}, False),
        ({"AllocatedRatio": "0.5"}, False),
        ({"UsageUnit": "Hours"}, False),
        ({"AllocatedRatio": 1, "Ratio": 1}, False),
    ],
)
def test_allocated_method_details(element: dict[str, Any], expected: bool) -> None:
    assert valid("AllocatedMethodDetailsObject", {"Elements": [element]}) is expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"CommitmentPrograms": [{"ProgramType": "Savings Plan"}]}, True),
        ({"CommitmentPrograms": [{"ProgramType": "a", "x_Term": 1}], "x_Note": None}, True),
        ({"CommitmentPrograms": []}, False),
        ({"CommitmentPrograms": [{}]}, False),
        ({"CommitmentPrograms": [{"ProgramType": None}]}, False),
        ({"CommitmentPrograms": [{"ProgramType": "a", "Term": 1}]}, False),
        ({}, False),
    ],
)
def test_commitment_programs(document: dict[str, Any], expected: bool) -> None:
    assert valid("CommitmentProgramEligibilityDetailsObject", document) is expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"IsGlobalScope": True}, True),
        ({"IsComplexScope": True}, True),
        ({"IsGlobalScope": True, "IsComplexScope": False, "Inclusions": []}, True),
        (SOME, True),
        ({**SOME, "IsGlobalScope": False}, True),
        ({**SOME, "Applicability": {"Cost": 0.5, "Usage": 1}}, True),
        ({**SOME, "Exclusions": [IN], "ExclusionOperator": "Or"}, True),
        ({"IsGlobalScope": True, "Exclusions": [IN], "ExclusionOperator": "Or"}, True),
        ({"IsGlobalScope": True, "IsComplexScope": True}, False),
        ({"IsGlobalScope": True, "Inclusions": [IN]}, False),
        ({"IsGlobalScope": True, "InclusionOperator": "And"}, False),
        ({}, False),
        ({"IsGlobalScope": False}, False),
        ({"Inclusions": [IN]}, False),
        ({"InclusionOperator": "And"}, False),
        ({"InclusionOperator": "And", "Inclusions": []}, False),
        ({"InclusionOperator": "Xor", "Inclusions": [IN]}, False),
        ({**SOME, "Exclusions": [IN]}, False),
        ({**SOME, "Exclusions": [], "ExclusionOperator": "Or"}, False),
        ({**SOME, "Applicability": {"Cost": 2}}, False),
        ({**SOME, "Applicability": {"x_Cost": 1}}, False),
        ({**SOME, "Scope": 1}, False),
        ({**SOME, "x_Scope": 1}, True),
    ],
)
def test_applicability(document: dict[str, Any], expected: bool) -> None:
    assert valid("ContractCommitmentApplicabilityObject", document) is expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Applicability": {"Usage": 0}}, True),
        ({"Values": ["*"]}, True),
        ({"Operator": "Exists", "Values": ["*"]}, True),
        ({"Operator": "Contains", "Values": ["*"]}, True),
        ({"Operator": "Exists", "Values": ["a"]}, False),
        ({"Operator": "DoesNotExist", "Values": ["a"]}, False),
        ({"Operator": "StartsWith", "Values": ["*"]}, False),
        ({"Values": ["*", "a"]}, False),
        ({"Values": []}, False),
        ({"Values": [1]}, False),
        ({"Operator": "Equals"}, False),
        ({"x_Note": 1}, False),
    ],
)
def test_applicability_rules(change: dict[str, Any], expected: bool) -> None:
    document = {"InclusionOperator": "And", "Inclusions": [{**IN, **change}]}
    assert valid("ContractCommitmentApplicabilityObject", document) is expected
