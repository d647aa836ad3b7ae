"""The report on several datasets for a person: each dataset's own, then what was decided across them."""

from __future__ import annotations

from focus_validate.conformance.catalogue import RULES
from focus_validate.conformance.result import Bundle
from focus_validate.outputs.console import not_asked, render_console, verdict_word
from focus_validate.outputs.console import verdict as verdict_of_report
from focus_validate.outputs.page import DIM, FAIL, HEAD, PASS, WARN, Page, Part
from focus_validate.result import Sample
from focus_validate.spec.model import Catalogue
from focus_validate.text import count, show

_STYLE = {"fail": FAIL, "warn": WARN, "pass": PASS, "waived": WARN}
_VALUE_WIDTH = 200


def render_bundle(bundle: Bundle, catalogue: Catalogue, *, width: int = 80, colour: bool = False) -> str:
    """The whole bundle as text for a terminal ``width`` cells wide."""
    datasets = {dataset.id: dataset for dataset in catalogue.datasets}
    parts = []
    for report in bundle.reports:
        page = Page(width, colour=colour)
        title = f"-- {datasets[report.dataset].name} "
        page.line((title.ljust(page.width, "-"), HEAD))
        page.blank()
        parts.append(
            page.text() + render_console(report, datasets[report.dataset], width=width, colour=colour)
        )
    page = Page(width, colour=colour)
    page.line(("-- Across datasets ".ljust(page.width, "-"), HEAD))
    _rules(page, bundle)
    _links(page, bundle)
    page.head("VERDICT")
    for report in bundle.reports:
        page.line(f"{datasets[report.dataset].name}: {verdict_of_report(report)}", indent=2, hang=4)
    page.blank()
    page.line((verdict(bundle), "bold green" if bundle.conformant else FAIL))
    return "\n".join([*parts, page.text()])


def verdict(bundle: Bundle) -> str:
    """The verdict in one line."""
    absent = sum(bool(report.not_asked_for) for report in bundle.reports)
    broken = sum(not report.conformant for report in bundle.reports)
    warned = sum(link.status == "warn" for link in bundle.links)
    counts = [count(len(bundle.reports), "dataset"), *([f"{broken} not conformant"] if broken else [])]
    if warned:
        counts.append(f"{count(warned, 'link')} broken")
    if idle := len(bundle.idle_waivers()):
        counts.append(f"{count(idle, 'waiver')} expired or stale")
    if absent:
        counts.append(f"{absent} without mandatory columns")
    limited = any(map(not_asked, bundle.reports))
    return f"{verdict_word(bundle.conformant, limited)} to FOCUS {bundle.focus_version}: {', '.join(counts)}"


def _rules(page: Page, bundle: Bundle) -> None:
    page.head("RULES")
    reports = {report.dataset: report for report in bundle.reports}
    for cross in RULES:
        if cross.dataset in reports:
            rule = reports[cross.dataset].rule(cross.name)
            _entry(page, rule.id, rule.status, rule.violations or 0, rule.checked or 0, rule.reason)
            if rule.status in ("fail", "warn"):
                _broken(page, rule.message, rule.samples)


def _links(page: Page, bundle: Bundle) -> None:
    page.head("LINKS that no rule demands")
    for link in bundle.links:
        _entry(page, link.name, link.status, link.violations, link.checked, link.reason)
        if link.status == "warn":
            _broken(page, link.message, link.samples)


def _entry(page: Page, name: str, status: str, violations: int, checked: int, reason: str | None) -> None:
    extent = reason or (f"{violations:,} of {checked:,}" if violations else f"{checked:,} checked")
    parts: list[Part] = [(f"{status:6}", _STYLE.get(status, DIM)), (name, HEAD), f"  {extent}"]
    page.line(*parts, indent=2, hang=8)


def _broken(page: Page, message: str, samples: tuple[Sample, ...]) -> None:
    page.line(message, indent=8)
    for sample in samples:
        place = f"{sample.file} row {sample.row:,}" if sample.file else f"row {sample.row:,}"
        page.line((f"{place}: ", DIM), show(sample.value, _VALUE_WIDTH), indent=10, hang=12)
