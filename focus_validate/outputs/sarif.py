"""SARIF 2.1.0: findings for code scanning services.

A rule that is broken is one result. Rows are no lines of text (a CSV field may hold line breaks, Parquet has
no lines), so the rows stand in the message and in ``properties``, not in a region.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from focus_validate.outputs.console import chosen_rules
from focus_validate.result import Amount, InputFile, Report, RuleResult
from focus_validate.spec.model import Dataset
from focus_validate.text import amounts_of, count, escape, idle_reason, message_of, rows_of, show_amounts

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LEVELS = {"MUST": "error", "MUST NOT": "error", "SHOULD": "warning", "SHOULD NOT": "warning"}


def render_sarif(report: Report, dataset: Dataset) -> str:
    """The report as a SARIF log with one run; rules and results in catalogue order."""
    broken = [
        rule for rule in report.rules if rule.kind == "leaf" and rule.status in ("fail", "warn", "waived")
    ]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(report, dataset, broken)},
                "invocations": [
                    {"executionSuccessful": True, "toolConfigurationNotifications": _notifications(report)}
                ],
                "columnKind": "unicodeCodePoints",
                "artifacts": [_artifact(source) for source in report.inputs],
                "results": [_result(report, rule, number) for number, rule in enumerate(broken)],
                "properties": _with_money(
                    {
                        "focusVersion": report.focus_version,
                        "dataset": report.dataset,
                        **({"madeFor": report.made_for} if report.made_for else {}),
                    },
                    report.money_at_stake.total if report.money_at_stake else (),
                ),
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _driver(report: Report, dataset: Dataset, broken: list[RuleResult]) -> dict[str, Any]:
    summaries = {rule.id: rule.summary for rule in dataset.rules}
    return {
        "name": report.tool.name,
        "semanticVersion": report.tool.version,
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": summaries.get(rule.id, rule.message)},
                "help": {"text": f"focus-validate explain {rule.id}"},
                "defaultConfiguration": {"level": _LEVELS.get(rule.keyword, "note")},
                "properties": {"column": rule.column, "keyword": rule.keyword},
            }
            for rule in broken
        ],
    }


def _notifications(report: Report) -> list[dict[str, Any]]:
    """What is no finding of a rule: idle waivers, which fail the run; what was not asked for; NaN."""
    idle = [f"waiver of {waiver.rule}: {idle_reason(waiver)}" for waiver in report.idle_waivers()]
    unasked = {
        "mandatory columns absent and not asked for": report.not_asked_for,
        "columns deselected": report.deselected(),
        "rules left out on purpose": (chosen_rules(report),) if report.left_out() else (),
        "NaN or infinity": tuple(
            f"{each.column} in {count(each.cells, 'row')}" for each in report.not_finite
        ),
    }
    return [
        *({"level": "error", "message": {"text": escape(text)}} for text in idle),
        *(
            {"level": "warning", "message": {"text": f"{what}: {', '.join(names)}"}}
            for what, names in unasked.items()
            if names
        ),
    ]


def _result(report: Report, rule: RuleResult, number: int) -> dict[str, Any]:
    files = list(dict.fromkeys(sample.file for sample in rule.samples if sample.file))
    amounts = amounts_of(report, rule)
    text = "\n".join(filter(None, (escape(message_of(rule)), rows_of(rule), show_amounts(amounts))))
    column = {"name": rule.column, "fullyQualifiedName": f"{report.dataset}.{rule.column}"}
    result: dict[str, Any] = {
        "ruleId": rule.id,
        "ruleIndex": number,
        "level": "warning" if rule.status == "warn" else "error",
        "message": {"text": text},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}}, "logicalLocations": [column]}
            for path in (files or [report.inputs[0].path])
        ],
        "partialFingerprints": {"ruleAndDataset/v1": f"{report.dataset}/{rule.id}"},
        "properties": _with_money(
            {"violations": rule.violations, "checked": rule.checked, "samples": rule.samples}, amounts
        ),
    }
    if rule.status == "waived":
        result["suppressions"] = [{"kind": "external", "justification": rule.reason or "waived"}]
    return result


def _with_money(properties: dict[str, Any], amounts: Sequence[Amount]) -> dict[str, Any]:
    """``properties`` and what the rows cost that they are about, if that is known."""
    return properties | ({"moneyAtStake": amounts} if amounts else {})


def _artifact(source: InputFile) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": _uri(source.path)}}
    if source.bytes is not None:
        artifact["length"] = source.bytes
    if source.sha256 is not None:
        artifact["hashes"] = {"sha-256": source.sha256}
    return artifact


def _uri(path: str) -> str:
    if address := _ADDRESS.match(path):
        return address[0] + quote(path[address.end() :])
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
