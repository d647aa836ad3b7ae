"""The report for a person: the verdict, what failed and how to mend it, every column, what is left open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from focus_validate.hints import Hint, command, hints
from focus_validate.outputs.page import DIM, FAIL, HEAD, PASS, WARN, Page
from focus_validate.result import Amount, ColumnResult, Report, RuleResult, Sample, Status, Value
from focus_validate.spec.checks import GROUPED, is_presence, present_column, single
from focus_validate.spec.model import Check, Dataset, Rule
from focus_validate.text import count, idle_reason, nearest, show, show_cost, show_identity, show_name, some
from focus_validate.tolerance import chosen_tolerance

DETAILED = 40
"""So many failed rules are shown with their rows; the others get a line each."""
TOLERANCE = "products may differ by "

_VALUE_WIDTH = 44
_FILES = 5
_ABSENT = re.compile(r"(column \w+ is absent|none of the columns)")
_UNITS = {"each_column": "cell", "custom_columns": "column", "header_order": "header"}
_STATUS_STYLE = {"fail": FAIL, "warn": WARN, "pass": PASS, "waived": WARN}
_OPEN: dict[Status, str] = {
    "skip": "could not be checked here",
    "attest": "for the vendor to attest",
    "not_applicable": "not applicable",
}
_STATUS_WORD = {"not_applicable": "n/a"}


def render_console(report: Report, dataset: Dataset, *, width: int = 80, colour: bool = False) -> str:
    """The whole report as text for a terminal ``width`` cells wide."""
    page = Page(width, colour=colour)
    rules = {rule.id: rule for rule in dataset.rules}
    found = hints(report, dataset)
    _verdict(page, report)
    _inputs(page, report, dataset)
    _hints(page, found)
    _findings(page, "FAILED", FAIL, report.failures(), rules)
    _findings(page, "WARNINGS", WARN, report.warnings(), rules)
    _money(page, report)
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
        f"{summary.fail:,} failed",
        f"{summary.warn:,} warned",
        *([f"{summary.waived:,} waived"] if summary.waived else []),
        f"{summary.passed:,} passed",
        *([f"{left:,} left open"] if (left := summary.skip + summary.attest) else []),
        *([f"{count(idle, 'waiver')} expired or stale"] if (idle := len(report.idle_waivers())) else []),
        *([f"{count(odd, 'column')} with NaN or infinity"] if (odd := len(report.not_finite)) else []),
        *(limits := not_asked(report)),
    ]
    word = verdict_word(report.conformant, bool(limits))
    return f"{word} to FOCUS {report.focus_version}: {', '.join(counts)}"


def verdict_word(conformant: bool, limited: bool) -> str:
    """The verdict without its figures; ``limited``: it says nothing about what the user did not ask for."""
    if not conformant:
        return "NOT CONFORMANT"
    return "CONFORMANT AS FAR AS ASKED" if limited else "CONFORMANT"


def not_asked(report: Report) -> list[str]:
    """What the verdict says nothing about because of the user's choices, counted."""
    parts = (
        (len(report.not_asked_for), "mandatory column", "absent"),
        (len(report.deselected()), "column", "deselected"),
        (len(report.left_out()), "rule", "left out on purpose"),
    )
    return [f"{count(number, what)} {how}" for number, what, how in parts if number]


def chosen_rules(report: Report) -> str:
    """The options by which the user chose rules, as on the command line."""
    return " ".join(
        f"--{name} {report.options[name]}" for name in ("select", "ignore") if name in report.options
    )


def _verdict(page: Page, report: Report) -> None:
    word, _, rest = verdict(report).partition(" to ")
    style = WARN if not_asked(report) else "bold green"
    page.line((word, style if report.conformant else FAIL), f" to {rest}")
    if report.conformant and report.summary.warn and report.options.get("fail_on") == "warn":
        page.line("Warnings count here (--fail-on warn): the exit code is 1.")


def _inputs(page: Page, report: Report, dataset: Dataset) -> None:
    page.blank()
    for source in report.inputs[:_FILES]:
        page.line((source.path, HEAD), f"  {count(source.rows, 'row')}", hang=2)
    if len(report.inputs) > _FILES:
        rest = count(len(report.inputs) - _FILES, "further file")
        page.line(f"and {rest}, {count(report.rows, 'row')} in all", hang=2)
    present = sum(column.present for column in report.columns)
    known = {column.name for column in dataset.columns}
    further = sum(name not in known for name in report.header)
    columns = f"{present} of its {len(report.columns)} columns present"
    table = f"table {name} " if (name := report.options.get("table")) else ""
    page.line(f"{table}read as {dataset.name}: {columns}, {count(further, 'further column')}", hang=2)
    tolerance = chosen_tolerance(report.options)
    if tolerance is not None:
        page.line((TOLERANCE, DIM), tolerance.formula, hang=2)
    if report.supports:
        flags = f"{count(len(report.supports), 'flag')}, {some(report.supports, 3)}"
        page.line(("declared: ", DIM), flags, hang=2)


def _hints(page: Page, found: Sequence[Hint]) -> None:
    if found:
        page.head("NOTES")
    for hint in found:
        page.line(hint.text, indent=2)
        for label, text in hint.details:
            page.line((f"{label}: ", DIM), text, indent=4, hang=6)


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
        page.line(f"{count(len(rest), 'further rule')}, with rows in the JSON report:", indent=2)
        page.table(
            [(found.id, found.keyword, _extent(found, rules.get(found.id))) for found in rest], indent=4
        )


def _absent(page: Page, findings: Sequence[RuleResult], rules: dict[str, Rule]) -> None:
    if not findings:
        return
    page.blank()
    page.line(("Missing columns", HEAD), indent=2)
    names = [present_column(rules[found.id].check or {}) for found in findings]
    width = max(map(len, names))
    for name, found in zip(names, findings, strict=True):
        hint = (found.reason or "").partition("; ")[2]
        page.line(f"{name:{width}}  ", (found.id, DIM), f"  {found.keyword}", indent=4)
        if hint:
            page.line(hint, indent=6 + width)


def _check(rules: dict[str, Rule], found: RuleResult) -> Check | None:
    return rules[found.id].check if found.id in rules else None


def _column_findings(page: Page, findings: Sequence[RuleResult], style: str, rules: dict[str, Rule]) -> None:
    shown: tuple[Sample, ...] = ()
    for found in findings:
        rule = rules.get(found.id)
        page.line((found.id, style), f"  {found.keyword}  {_extent(found, rule)}", indent=4, hang=6)
        page.line(found.message, indent=6)
        if found.reason:
            page.line(found.reason, indent=6)
        if found.samples and found.samples == shown:
            page.line(("same rows as above", DIM), indent=6)
        else:
            _samples(page, found, rule)
        shown = found.samples


def _samples(page: Page, found: RuleResult, rule: Rule | None) -> None:
    """The rows, those with the same value together."""
    alike: dict[tuple[str, ...], list[Sample]] = {}
    for sample in found.samples:
        alike.setdefault(
            (sample.file or "", sample.column or "", show(sample.value, _VALUE_WIDTH)), []
        ).append(sample)
    rows = []
    for (file, column, value), samples in alike.items():
        meant = _near_value(rule, samples[0].value)
        place = (
            f"{'row' if len(samples) == 1 else 'rows'} {', '.join(f'{sample.row:,}' for sample in samples)}"
        )
        hint = f"  (meant: {meant})" if meant else ""
        rows.append((f"{_tail(file)} {place}".strip(), column, value + hint))
    kept = [number for number in range(3) if any(row[number] for row in rows)]
    page.table([tuple(row[number] for number in kept) for row in rows], indent=8)
    named = next((sample for sample in found.samples if sample.identity), None)
    if named is not None:
        page.line((f"row {named.row:,} is {show_identity(named)}", DIM), indent=8, hang=10)
    more = (found.violations or 0) - len(found.samples)
    if rows and more > 0:
        page.line((f"and {more:,} more", DIM), indent=8)


def _tail(path: str, limit: int = 40) -> str:
    """The end of a path, which tells the files of one folder apart."""
    return path if len(path) <= limit else f"...{path[3 - limit :]}"


def _near_value(rule: Rule | None, value: Value) -> str | None:
    """The allowed value that a wrong one most likely means: ``usage`` means ``Usage``."""
    if not (rule and rule.check and "one_of" in rule.check and isinstance(value, str) and value):
        return None
    return nearest(value, [str(allowed) for allowed in rule.check["one_of"]["values"]])


def _extent(found: RuleResult, rule: Rule | None) -> str:
    if found.violations is None or found.checked is None or _unit(rule) == "header":
        return ""
    return f"{found.violations:,} of {count(found.checked, _unit(rule))}"


def _unit(rule: Rule | None) -> str:
    """What a rule counts: rows, values that stand for groups of rows, cells of several columns, columns."""
    if rule is None or rule.check is None:
        return "row"
    kind, argument = single(rule.check)
    if kind in GROUPED:
        return "value"
    if kind != "special":
        return "row"
    return {"each_column": "cell", "custom_columns": "column", "header_order": "header"}.get(
        argument["name"], "row"
    )


def _money(page: Page, report: Report) -> None:
    """The cost of the rows that break a MUST rule; each row counts once."""
    money = report.money_at_stake
    if money is None:
        return
    page.head("MONEY AT STAKE: BilledCost of the rows that fail, each counted once")
    rows = [tuple((title, DIM) for title in ("invoice issuer", "cost", "currency", "rows"))]
    page.table([*rows, *map(_amount, money.total)], right=frozenset({1, 3}))
    without = sum(amount.rows_without_cost for amount in money.total)
    if without:
        page.line(f"{count(without, 'of these rows has', 'of these rows have')} no cost to add", indent=2)
    if money.left_out:
        page.line(f"and {count(money.left_out, 'further issuer and currency', 'more of these')}", indent=2)


def _amount(amount: Amount) -> tuple[str, ...]:
    issuer, currency = amount.invoice_issuer_name, amount.billing_currency
    return (show_name(issuer), show_cost(amount.billed_cost), show_name(currency), f"{amount.rows:,}")


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
            page.line((waiver.rule, FAIL), f"  {idle_reason(waiver)}", indent=2, hang=6)
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


def _absent_columns(page: Page, absent: Sequence[ColumnResult]) -> None:
    for label, statuses in (("required", ("fail",)), ("recommended", ("warn",)), ("not asked for", ())):
        taken = statuses or tuple({column.status for column in absent} - {"fail", "warn"})
        names = [column.name for column in absent if column.status in taken]
        if names:
            page.line((f"absent, {label}: ", DIM), ", ".join(names), indent=2, hang=4)


def _undecided(page: Page, report: Report) -> None:
    left = {title: report.with_status(status) for status, title in _OPEN.items()}
    if not any(left.values()):
        return
    page.head("LEFT OPEN")
    for title, rules in left.items():
        reasons = Counter(_reason(rule) for rule in rules)
        width = len(f"{max(reasons.values(), default=0):,}")
        if rules:
            page.line(f"{title}: {count(len(rules), 'rule')}", indent=2)
        for reason, number in reasons.most_common():
            page.line((f"{number:>{width},}  ", DIM), reason, indent=4, hang=6 + width)


def _reason(rule: RuleResult) -> str:
    """Why a rule was left open, without what differs from rule to rule: the columns table has that."""
    if rule.status == "not_applicable":
        return "a flag is not declared with --supports (`focus-validate flags`)"
    if rule.reason and _ABSENT.match(rule.reason):
        return "a column that the rule is about is absent"
    return rule.reason or "no reason given"


def _next_steps(page: Page, report: Report, found: Sequence[Hint]) -> None:
    page.head("NEXT")
    first = next(iter((*report.failures(), *report.warnings())), None)
    if first:
        page.command(f"focus-validate explain {first.id}")
        page.line("what the rule demands and how it is decided", indent=6)
    if any(hint.null_text is not None or hint.flags for hint in found):
        page.command(command(report, found))
        page.line("the same check as the notes propose it", indent=6)
    page.command(f"{command(report)} --output report.json")
    page.line("every rule with its status, reason and rows", indent=6)
