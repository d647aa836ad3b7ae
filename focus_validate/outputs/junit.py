"""JUnit XML: a suite per column, a test case per rule; what CI servers show as a test report.

A SHOULD rule that is broken is a passed case with a note, unless warnings count (``--fail-on warn``). What
the failing rows cost stands in the properties of the suite of BilledCost. Waivers that expired or cover
nothing fail the run, so they are a suite of failures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from focus_validate.result import MoneyAtStake, Report, RuleResult, WaiverResult
from focus_validate.spec.model import Dataset
from focus_validate.text import amounts_of, escape, idle_reason, message_of, rows_of, show_amounts, show_name

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report, dataset: Dataset) -> str:
    """The report as JUnit XML, rules in catalogue order."""
    strict = report.options.get("fail_on") == "warn"
    columns: dict[str, list[RuleResult]] = {}
    for rule in report.rules:
        if rule.kind == "leaf":
            columns.setdefault(rule.column, []).append(rule)
    root = ET.Element("testsuites", name=f"FOCUS {report.focus_version} {dataset.name}")
    for column, rules in columns.items():
        suite = ET.SubElement(root, "testsuite", name=column)
        if column == "BilledCost" and report.money_at_stake:
            _total(suite, report.money_at_stake)
        for rule in rules:
            _case(suite, rule, dataset, strict, show_amounts(amounts_of(report, rule)))
        _tally(suite)
    if idle := report.idle_waivers():
        _waivers(root, idle)
    _tally(root)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, rule: RuleResult, dataset: Dataset, strict: bool, money: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=f"{dataset.id}.{rule.column}", name=rule.id)
    if rule.status == "fail" or (strict and rule.status == "warn"):
        failure = ET.SubElement(case, "failure", type=rule.keyword, message=_text(message_of(rule)))
        failure.text = _text(f"{rows_of(rule)}\n{money}".strip())
    elif rule.status == "warn":
        ET.SubElement(case, "system-out").text = _text(f"{rule.keyword}: {message_of(rule)}\n{rows_of(rule)}")
    elif rule.status != "pass":
        reason = f"{rule.status}: {rule.reason}" if rule.reason else rule.status
        ET.SubElement(case, "skipped", message=_text(reason))


def _total(suite: ET.Element, money: MoneyAtStake) -> None:
    """BilledCost of the rows that fail, each counted once, per issuer and currency."""
    properties = ET.SubElement(suite, "properties")
    for amount in money.total:
        issuer, currency = show_name(amount.invoice_issuer_name), show_name(amount.billing_currency)
        name = _text(f"money at stake: {issuer}, {currency}")
        ET.SubElement(properties, "property", name=name, value=amount.billed_cost)
    if money.left_out:
        ET.SubElement(properties, "property", name="money at stake: left out", value=str(money.left_out))


def _waivers(root: ET.Element, idle: Sequence[WaiverResult]) -> None:
    suite = ET.SubElement(root, "testsuite", name="waivers")
    for waiver in idle:
        case = ET.SubElement(suite, "testcase", classname="waivers", name=_text(waiver.rule))
        failure = ET.SubElement(case, "failure", type="waiver", message=idle_reason(waiver))
        failure.text = _text(f"{waiver.owner}: {waiver.reason}")
    _tally(suite)


def _tally(element: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("errors", "0")


def _text(text: str) -> str:
    return _NOT_XML.sub("", "\n".join(map(escape, text.split("\n"))))
