"""A small catalogue and a report on it, built by hand: every status, awkward values, several columns."""

from __future__ import annotations

import msgspec

from focus_validate.result import ColumnResult, InputFile, Report, RuleResult, Sample, Summary, Tool
from focus_validate.spec.loader import load_catalogue
from focus_validate.spec.model import Catalogue, Column, Dataset, Flag, Rule

REAL = load_catalogue()
ESCAPES = "\x1b]0;owned\x07[red]x[/red]‮evil\r\n=cmd|' /C calc'!A0"


def column(name: str, introduced: str = "1.0", level: str = "Mandatory", **facts: object) -> Column:
    return Column(
        name=name,
        dataset="CostAndUsage",
        introduced=introduced,
        feature_level=level,
        **{
            "data_type": "String",
            "value_format": "String",
            "allows_nulls": False,
            "summary": f"The {name}.",
            **facts,
        },
    )


def rule(
    id_: str, column_: str, check: dict[str, object] | None, keyword: str = "MUST", **facts: object
) -> Rule:
    return Rule(
        id=id_,
        dataset="CostAndUsage",
        column=column_,
        keyword=keyword,
        check=check,
        **{
            "function": "Validation",
            "level": "fail" if keyword.startswith("MUST") else "warn",
            "decision": "data" if check else "attest",
            "summary": f"Demand of {id_}.",
            "message": f"Message of {id_}.",
            **facts,
        },
    )


COLUMNS = (
    column("BilledCost", data_type="Decimal", value_format="NumericFormat"),
    column("ChargeCategory", allowed_values=("Usage", "Purchase", "Tax")),
    column(
        "ContractApplied", "1.3", "Conditional", condition="contract commitments exist", allows_nulls=True
    ),
    column("HostProviderName", "1.3"),
    column("ServiceName"),
)
RULES = (
    rule(
        "CAU-CostAndUsage-D-000-M",
        "CostAndUsage",
        None,
        function="Composite",
        decision="data",
        children=("CAU-CostAndUsage-D-003-M", "CAU-BilledCost-C-002-M"),
    ),
    rule(
        "CAU-CostAndUsage-D-003-M",
        "CostAndUsage",
        {"column_present": "HostProviderName"},
        function="Presence",
    ),
    rule(
        "CAU-CostAndUsage-D-004-C",
        "CostAndUsage",
        {"column_present": "ContractApplied"},
        flags=("CONTRACT_COMMITMENTS_SUPPORTED",),
        function="Presence",
    ),
    rule("CAU-BilledCost-C-001-M", "BilledCost", {"type": {"column": "BilledCost", "is": "decimal"}}),
    rule("CAU-BilledCost-C-002-M", "BilledCost", {"format": {"column": "BilledCost", "as": "numeric"}}),
    rule("CAU-BilledCost-C-006-M", "BilledCost", None),
    rule(
        "CAU-ChargeCategory-C-003-M",
        "ChargeCategory",
        {"one_of": {"column": "ChargeCategory", "values": ["Usage", "Purchase", "Tax"]}},
        when={"not_null": "ServiceName"},
        conditions=({"any": [{"equals": {"column": "BilledCost", "value": 0}}, {"is_null": "ServiceName"}]},),
        ruling="The official machine check lacks the null guard.",
        parents=("CAU-CostAndUsage-D-000-M",),
    ),
    rule("CAU-ServiceName-C-004-M", "ServiceName", {"not_null": "ServiceName"}, keyword="MUST NOT"),
    rule("CAU-ServiceName-C-005-C", "ServiceName", {"no_duplicates": "ServiceName"}, keyword="SHOULD"),
    rule(
        "CAU-HostProviderName-C-001-M",
        "HostProviderName",
        {"type": {"column": "HostProviderName", "is": "string"}},
    ),
)
DATASET = Dataset(id="CostAndUsage", name="Cost and Usage", summary="Charges.", columns=COLUMNS, rules=RULES)
CATALOGUE = Catalogue(
    focus_version="1.4",
    flags=(
        Flag(
            name="CONTRACT_COMMITMENTS_SUPPORTED", official=True, summary="contract commitments are offered"
        ),
        Flag(name="TAGGING_SUPPORTED", official=True, summary="tags can be set"),
        Flag(name="PARTIAL_UPFRONT", official=False, summary="Partial Upfront payment models are offered"),
    ),
    datasets=(DATASET,),
    currencies=REAL.currencies,
    units=REAL.units,
    schemas={},
)


def result(
    id_: str, status: str, violations: int | None = 0, checked: int | None = 1200, **facts: object
) -> RuleResult:
    source = next(entry for entry in RULES if entry.id == id_)
    return RuleResult(
        id=id_,
        column=source.column,
        keyword=source.keyword,
        kind="composite" if source.is_composite else "leaf",
        status=status,
        violations=violations,
        checked=checked,
        message=source.message,
        ruling=source.ruling,
        **facts,
    )


NUMBERS = (Sample(17, "1,234.50"), Sample(903, "NULL"))

BROKEN = Report(
    schema_version=1,
    tool=Tool("focus-validate", "0.1.0"),
    focus_version="1.4",
    dataset="CostAndUsage",
    inputs=(InputFile("export.csv", 4096, "0" * 64, 1200),),
    supports=(),
    options={"fail_on": "must"},
    summary=Summary(
        rules=9, passed=1, fail=4, warn=1, waived=0, skip=1, not_applicable=1, attest=1, conformant=False
    ),
    columns=(
        ColumnResult(name="BilledCost", status="fail", present=True, nulls=0),
        ColumnResult(name="ChargeCategory", status="fail", present=True, nulls=3),
        ColumnResult(name="ContractApplied", status="not_applicable", present=True, nulls=7),
        ColumnResult(name="HostProviderName", status="fail", present=False, nulls=None),
        ColumnResult(name="ServiceName", status="warn", present=True, nulls=1200),
    ),
    rules=(
        result("CAU-CostAndUsage-D-000-M", "fail", None, None),
        result("CAU-CostAndUsage-D-003-M", "fail", 1, 1),
        result(
            "CAU-CostAndUsage-D-004-C",
            "not_applicable",
            reason="flag CONTRACT_COMMITMENTS_SUPPORTED not declared",
        ),
        result("CAU-BilledCost-C-001-M", "fail", 3, samples=NUMBERS),
        result("CAU-BilledCost-C-002-M", "fail", 3, samples=NUMBERS),
        result("CAU-BilledCost-C-006-M", "attest", None, None, reason="the vendor must attest it"),
        result(
            "CAU-ChargeCategory-C-003-M",
            "fail",
            4,
            samples=(Sample(1, "usage"), Sample(2, "NULL"), Sample(3, ESCAPES), Sample(4, "x" * 3000)),
        ),
        result("CAU-ServiceName-C-004-M", "pass"),
        result("CAU-ServiceName-C-005-C", "warn", 2, 40, samples=(Sample(5, "AmazonEC2"),)),
        result(
            "CAU-HostProviderName-C-001-M",
            "skip",
            reason="column HostProviderName is absent (CAU-CostAndUsage-D-003-M)",
        ),
    ),
    header=("BilledCost", "ChargeCategory", "ContractApplied", "ServiceName", "ProviderName", "x_Team"),
)
CLEAN = msgspec.structs.replace(
    BROKEN,
    summary=Summary(
        rules=3, passed=2, fail=0, warn=0, waived=0, skip=0, not_applicable=0, attest=1, conformant=True
    ),
    columns=(ColumnResult(name="BilledCost", status="pass", present=True, nulls=0),),
    rules=(
        result("CAU-BilledCost-C-001-M", "pass"),
        result("CAU-BilledCost-C-002-M", "pass"),
        result("CAU-BilledCost-C-006-M", "attest", None, None, reason="the vendor must attest it"),
    ),
    header=("BilledCost",),
)
