"""Markdown: the verdict and the findings, for a pull request, a wiki or a job summary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from focus_validate.hints import Hint, not_finite, older_version
from focus_validate.outputs.console import TOLERANCE, chosen_rules, verdict
from focus_validate.result import Report, RuleResult, Sample
from focus_validate.spec.model import Dataset
from focus_validate.text import (
    count,
    escape,
    idle_reason,
    message_of,
    show,
    show_cost,
    show_identity,
    show_name,
    show_place,
)
from focus_validate.tolerance import chosen_tolerance

_SPECIAL = re.compile(r"[\\`*_\[\]#|~:@$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_REFERENCE = re.compile(r"[@#]|www(?=[.])", re.IGNORECASE)
"""Where hosts look for people to notify, issues and addresses, in the finished text: escapes do not help."""


def render_markdown(report: Report, dataset: Dataset) -> str:
    """The report as GitHub-flavoured Markdown; nothing from the data is read as markup."""
    word, _, rest = verdict(report).partition(" to ")
    lines = [
        f"## {word.capitalize()} to {rest}",
        "",
        f"{md(dataset.name)}, checked by focus-validate {md(report.tool.version)}:",
        "",
        *(
            f"- {md(source.path)}: {count(source.rows, 'row')}"
            + (f", SHA-256 `{source.sha256}`" if source.sha256 else "")
            for source in report.inputs
        ),
        *(
            [f"- {TOLERANCE}{md(tolerance.formula)}"]
            if (tolerance := chosen_tolerance(report.options))
            else []
        ),
    ]
    lines += _hint(older_version(report, dataset)) + _hint(not_finite(report))
    for title, rules in (
        ("Failed", report.failures()),
        ("Warnings", report.warnings()),
        ("Waived", report.with_status("waived")),
    ):
        lines += _findings(title, rules)
    lines += _idle_waivers(report)
    lines += _not_asked_for(report)
    lines += _left_out(report)
    lines += _money(report)
    lines += _open(report)
    return "\n".join(lines) + "\n"


def md(text: str) -> str:
    """``text`` with everything that Markdown or HTML would read escaped, on one line."""
    escaped = _SPECIAL.sub(r"\\\g<0>", escape(text)).translate(_ENTITIES)
    return _REFERENCE.sub(r"\g<0><!-- -->", escaped)


def _hint(hint: Hint | None) -> list[str]:
    if hint is None:
        return []
    return ["", md(hint.text), "", *(f"- {md(label)}: {md(text)}" for label, text in hint.details)]


def _findings(title: str, rules: Sequence[RuleResult]) -> list[str]:
    if not rules:
        return []
    return [
        "",
        f"### {title}: {count(len(rules), 'rule')}",
        "",
        "| rule | column | keyword | violations | what is wrong | first rows |",
        "| --- | --- | --- | ---: | --- | --- |",
        *(_line(rule) for rule in rules),
    ]


def _line(rule: RuleResult) -> str:
    rows = "<br>".join(map(_sample, rule.samples))
    violations = "" if rule.violations is None else f"{rule.violations:,}"
    cells = (md(rule.id), md(rule.column), rule.keyword, violations, md(message_of(rule)), rows)
    return f"| {' | '.join(cells)} |"


def _sample(sample: Sample) -> str:
    named = f" ({md(show_identity(sample))})" if sample.identity else ""
    return f"{md(show_place(sample))}: <code>{md(show(sample.value))}</code>{named}"


def _idle_waivers(report: Report) -> list[str]:
    idle = report.idle_waivers()
    if not idle:
        return []
    return [
        "",
        f"### Waivers that cover nothing: {len(idle):,}",
        "",
        *(
            f"- {md(waiver.rule)}: {idle_reason(waiver)} ({md(waiver.owner)}: {md(waiver.reason)})"
            for waiver in idle
        ),
    ]


def _not_asked_for(report: Report) -> list[str]:
    if not report.not_asked_for:
        return []
    title = f"### Absent and not asked for: {count(len(report.not_asked_for), 'mandatory column')}"
    names = ", ".join(map(md, report.not_asked_for))
    return ["", title, "", f"{names}: their flags are not declared, so the verdict says nothing about them."]


def _left_out(report: Report) -> list[str]:
    lines = []
    if columns := report.deselected():
        lines += ["", f"### Deselected: {count(len(columns), 'column')}", ""]
        lines.append(
            f"{', '.join(map(md, columns))}: they are absent, and columns are said to be left out on purpose."
        )
    if rules := report.left_out():
        title = f"### Left out on purpose: {count(len(rules), 'rule')}"
        lines += ["", title, "", md(chosen_rules(report))]
    return lines


def _money(report: Report) -> list[str]:
    money = report.money_at_stake
    if money is None:
        return []
    lines = [
        "",
        "### Money at stake",
        "",
        "BilledCost of the rows that fail, each counted once:",
        "",
        "| invoice issuer | cost | currency | rows | of these without a cost |",
        "| --- | ---: | --- | ---: | ---: |",
    ]
    for amount in money.total:
        issuer, currency = md(show_name(amount.invoice_issuer_name)), md(show_name(amount.billing_currency))
        lines.append(
            f"| {issuer} | {show_cost(amount.billed_cost)} | {currency} | {amount.rows:,}"
            f" | {amount.rows_without_cost:,} |"
        )
    return [*lines, "", f"And {money.left_out:,} more."] if money.left_out else lines


def _open(report: Report) -> list[str]:
    summary = report.summary
    left = [
        f"- {count(summary.skip, 'rule')} could not be checked here",
        f"- {count(summary.attest, 'rule')} for the vendor to attest",
        f"- {count(summary.not_applicable, 'rule')} not applicable",
    ]
    return ["", "### Left open", "", *left]
