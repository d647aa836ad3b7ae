"""The report for a person: the verdict, what failed and how to mend it, every column, what is left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from focus_validate.hints import Hint, hints, quote
from focus_validate.outputs.page import DIM, FAIL, HEAD, PASS, WARN, Page
from focus_validate.result import ColumnResult, Report, RuleResult, Sample, Status, Value, WaiverState
from focus_validate.spec.checks import GROUPED, is_presence, present_column, single
from focus_validate.spec.model import Check, Dataset, Rule
from focus_validate.text import count, cut, nearest, show

DETAILED = 30
"""So many failed rules are shown with their rows; the others get a line each."""

_VALUE_WIDTH = 44
_REASONS = 8
_STATUS_STYLE = {"fail": FAIL, "warn": WARN, "pass": PASS, "waived": WARN}
_OPEN: dict[Status, str] = {
    "skip": "could not be checked here",
    "attest": "for the vendor to attest",
    "not_applicable": "not applicable",
}
_IDLE: dict[WaiverState, str] = {
    "expired": "expired on {}: mend the finding or renew the waiver",
    "stale": "stale: the rule is not broken, remove the waiver",
    "active": "",
}
_STATUS_WORD = {"not_applicable": "n/a"}


def render_console(report: Report, dataset: Dataset, *, width: int = 80, colour: bool = False) -> str:
    """The whole report as text for a terminal ``width`` cells wide."""
    page = Page(width, colour=colour)
    rules = {rule.id: rule for rule in dataset.rules}
    found = hints(report, dataset)
    _verdict(page, report)
    _inputs(page, report, dataset)
    _hints(page, report, found)
    _findings(page, "FAILED", FAIL, report.failures(), rules)
    _findings(page, "WARNINGS", WARN, report.warnings(), rules)
    _waived(page, report)
    _columns(page, report)
    _undecided(page, report)
    _next_steps(page, report, found)
    page.blank()
    _verdict(page, report)
    return page.text()


def verdict(report: Report) -> str:
    """The verdict in one line without the input's name."""
    summary = report.summary
    counts = [
        f"{count(summary.fail, 'rule')} failed",
        f"{summary.warn:,} warned",
        *([f"{summary.waived:,} waived"] if summary.waived else []),
        f"{summary.passed:,} passed",
        *([f"{left:,} left open"] if (left := summary.skip + summary.attest) else []),
        *([f"{count(idle, 'waiver')} expired or stale"] if (idle := len(report.idle_waivers())) else []),
    ]
    word = "CONFORMANT" if report.conformant else "NOT CONFORMANT"
    return f"{word} to FOCUS {report.focus_version}: {', '.join(counts)}"


def _verdict(page: Page, report: Report) -> None:
    word, _, rest = verdict(report).partition(" to ")
    page.line((word, "bold green" if report.conformant else FAIL), f" to {rest}")
    if report.conformant and report.summary.warn and report.options.get("fail_on") == "warn":
        page.line("Warnings count here (--fail-on warn): the exit code is 1.")


def _inputs(page: Page, report: Report, dataset: Dataset) -> None:
    page.blank()
    for source in report.inputs:
        page.line((source.path, HEAD), f"  {count(source.rows, 'row')}", hang=2)
    present = sum(column.present for column in report.columns)
    known = {column.name for column in dataset.columns}
    further = sum(name not in known for name in report.header)
    columns = f"{present} of its {len(report.columns)} columns present"
    page.line(f"read as {dataset.name}: {columns}, {count(further, 'further column')}", hang=2)
    if report.supports:
        page.line(("declared: ", DIM), ", ".join(report.supports), hang=2)


def _hints(page: Page, report: Report, found: Sequence[Hint]) -> None:
    if found:
        page.head("NOTES")
    for hint in found:
        page.line(hint.text, indent=2)
        for label, text in hint.details:
            page.line((f"{label}: ", DIM), text, indent=4, hang=6)
        if hint.arguments:
            page.command(_command(report, hint.arguments), indent=4)


def _command(report: Report, arguments: str) -> str:
    files = " ".join(quote(source.path) for source in report.inputs[:3])
    return f"focus-validate check {files} {arguments}"


def _findings(
    page: Page, title: str, style: str, findings: Sequence[RuleResult], rules: dict[str, Rule]
) -> None:
    if not findings:
        return
    page.head(f"{title}: {count(len(findings), 'rule')}", style)
    absent = [found for found in findings if is_presence(_check(rules, found))]
    _absent(page, absent, rules)
    broken = [found for found in findings if found not in absent]
    for column, group in groupby(broken[:DETAILED], key=lambda found: found.column):
        page.blank()
        page.line((column, HEAD), indent=2)
        _column_findings(page, list(group), style, rules)
    rest = broken[DETAILED:]
    if rest:
        page.blank()
        page.line(f"{count(len(rest), 'further rule')}, rows in the JSON report:", indent=2)
        page.table(
            [(found.id, found.keyword, _extent(found, rules.get(found.id))) for found in rest], indent=4
        )


def _absent(page: Page, findings: Sequence[RuleResult], rules: dict[str, Rule]) -> None:
    if findings:
        page.blank()
        page.line(("Missing columns", HEAD), indent=2)
        names = [present_column(rules[found.id].check or {}) for found in findings]
        rows = zip(names, findings, strict=True)
        page.table([(name, (found.id, DIM), found.keyword) for name, found in rows], indent=4)


def _check(rules: dict[str, Rule], found: RuleResult) -> Check | None:
    return rules[found.id].check if found.id in rules else None


def _column_findings(page: Page, findings: Sequence[RuleResult], style: str, rules: dict[str, Rule]) -> None:
    shown: tuple[Sample, ...] = ()
    for found in findings:
        rule = rules.get(found.id)
        page.line((found.id, style), f"  {found.keyword}  {_extent(found, rule)}", indent=4, hang=6)
        page.line(found.message, indent=6)
        if found.samples and found.samples == shown:
            page.line(("same rows as above", DIM), indent=6)
        else:
            _samples(page, found, rule)
        shown = found.samples


def _samples(page: Page, found: RuleResult, rule: Rule | None) -> None:
    several = any(sample.file for sample in found.samples)
    rows = []
    for sample in found.samples:
        meant = _near_value(rule, sample.value)
        place = f"{cut(sample.file, 40)} " if sample.file else ("" if not several else " ")
        rows.append(
            (
                f"{place}row {sample.row:,}",
                sample.column or "",
                show(sample.value, _VALUE_WIDTH) + (f"  (meant: {meant})" if meant else ""),
            )
        )
    kept = [number for number in range(3) if any(row[number] for row in rows)]
    page.table([tuple(row[number] for number in kept) for row in rows], right=frozenset({0}), indent=8)
    more = (found.violations or 0) - len(found.samples)
    if rows and more > 0:
        page.line((f"and {more:,} more", DIM), indent=8)


def _near_value(rule: Rule | None, value: Value) -> str | None:
    """The allowed value that a wrong one most likely means: ``usage`` means ``Usage``."""
    if not (rule and rule.check and "one_of" in rule.check and isinstance(value, str) and value):
        return None
    return nearest(value, [str(allowed) for allowed in rule.check["one_of"]["values"]])


def _extent(found: RuleResult, rule: Rule | None) -> str:
    if found.violations is None or found.checked is None:
        return ""
    if rule and rule.check and single(rule.check)[0] in GROUPED:
        return f"{found.violations:,} of {count(found.checked, 'value')}"
    return f"{found.violations:,} of {count(found.checked, 'row')}"


def _waived(page: Page, report: Report) -> None:
    waived = report.with_status("waived")
    if waived:
        page.head(f"WAIVED: {count(len(waived), 'rule')}", WARN)
        for found in waived:
            page.line((found.id, WARN), f"  {found.reason or ''}", indent=2, hang=6)
    idle = report.idle_waivers()
    if idle:
        page.head(f"WAIVERS THAT COVER NOTHING: {len(idle):,}", FAIL)
        for waiver in idle:
            page.line(
                (waiver.rule, FAIL), f"  {_IDLE[waiver.state].format(waiver.expires)}", indent=2, hang=6
            )
            page.line(f"{waiver.owner}: {waiver.reason}", indent=6)


def _columns(page: Page, report: Report) -> None:
    page.head("COLUMNS")
    by_column: dict[str, list[RuleResult]] = {}
    for rule in report.rules:
        if rule.kind == "leaf":
            by_column.setdefault(rule.column, []).append(rule)
    present = [column for column in report.columns if column.present]
    rows: list[tuple[str | tuple[str, str], ...]] = [
        tuple((title, DIM) for title in ("column", "status", "null rows", "fail", "warn", "pass"))
    ]
    for column in present:
        tally = [
            sum(r.status == status for r in by_column.get(column.name, ()))
            for status in ("fail", "warn", "pass")
        ]
        rows.append(
            (
                column.name,
                (_STATUS_WORD.get(column.status, column.status), _STATUS_STYLE.get(column.status, DIM)),
                _nulls(column, report.rows),
                *(f"{number:,}" if number else "-" for number in tally),
            )
        )
    page.table(rows, right=frozenset({2, 3, 4, 5}))
    _absent_columns(page, [column for column in report.columns if not column.present])


def _nulls(column: ColumnResult, rows: int) -> str:
    if not column.nulls:
        return "-"
    return "all" if column.nulls == rows else f"{column.nulls:,}"


def _absent_columns(page: Page, absent: Iterable[ColumnResult]) -> None:
    required = [column.name for column in absent if column.status == "fail"]
    optional = [column.name for column in absent if column.status != "fail"]
    for label, names in (("absent, required: ", required), ("absent, not asked for: ", optional)):
        if names:
            page.line((label, DIM), ", ".join(names), indent=2, hang=4)


def _undecided(page: Page, report: Report) -> None:
    left = {title: report.with_status(status) for status, title in _OPEN.items()}
    if not any(left.values()):
        return
    page.head("LEFT OPEN")
    for title, rules in left.items():
        if rules:
            page.line(f"{title}: {count(len(rules), 'rule')}", indent=2)
            _reasons(page, rules)


def _reasons(page: Page, rules: Sequence[RuleResult]) -> None:
    tally: dict[str, int] = {}
    for rule in rules:
        tally[rule.reason or "no reason given"] = tally.get(rule.reason or "no reason given", 0) + 1
    ranked = sorted(tally.items(), key=lambda entry: -entry[1])
    width = max(len(f"{number:,}") for number in tally.values())
    for reason, number in ranked[:_REASONS]:
        page.line((f"{number:>{width},}  ", DIM), reason, indent=4, hang=6 + width)
    rest = ranked[_REASONS:]
    if rest:
        number = sum(number for _, number in rest)
        page.line((f"{number:>{width},}  for {count(len(rest), 'other reason')}", DIM), indent=4)


def _next_steps(page: Page, report: Report, found: Sequence[Hint]) -> None:
    page.head("NEXT")
    first = next(iter((*report.failures(), *report.warnings())), None)
    if first:
        page.command(f"focus-validate explain {first.id}")
        page.line("what the rule demands and how it is decided", indent=6)
    for arguments in (hint.arguments for hint in found if hint.arguments):
        page.command(_command(report, arguments))
    page.command(_command(report, "--format json --output report.json"))
    page.line("every rule with its status, reason and rows", indent=6)
