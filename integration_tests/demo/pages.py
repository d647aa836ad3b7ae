"""How the figures of a run are printed: tables that fit 100 columns, colour only for what needs an eye."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from focus_validate.result import Report

from .figures import Figures, Margin
from .steps import DATASETS

_LEVELS = {"MUST": "MUST", "MUST NOT": "MUST", "SHOULD": "SHOULD", "SHOULD NOT": "SHOULD", "RECOMMENDED": "SHOULD"}
_NOBODY = ("(unattributed)", "(no customer)")


def money(amount: Decimal | None, places: int = 2) -> str:
    """`1,234.50`; `-` for what is not known or does not apply."""
    return "-" if amount is None else f"{amount:,.{places}f}"


def percent(part: Decimal | None, whole: Decimal | None) -> str:
    """`part` in percent of `whole`; `-` where that says nothing."""
    return "-" if part is None or not whole or whole < 0 else f"{100 * part / whole:,.1f} %"


def _table(title: str, columns: Iterable[tuple[str, str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for name, justify in columns:
        table.add_column(name, justify=justify, no_wrap=True)
    return table


def show_stages(console: Console, figures: Figures) -> None:
    """Rows and money of each stage by currency, and the equalities."""
    columns = [("stage", "left"), ("", "left"), ("rows", "right")]
    columns += [(name, "right") for name in ("provider-reported", "BilledCost", "EffectiveCost")]
    table = _table("\nRows and money by stage", columns)
    currency = None
    for stage in figures.stages():
        if currency not in (None, stage.currency):
            table.add_section()
        currency = stage.currency
        amounts = (stage.provider_reported_cost, stage.billed_cost, stage.effective_cost)
        table.add_row(stage.name, currency, f"{stage.rows:,}", *(money(amount) for amount in amounts))
    console.print(table)

    table = _table("Equalities, to the last decimal", [("", "left"), ("", "left"), ("", "right"), ("", "left"), ("", "right")])
    table.show_header = False
    for equality in figures.equalities():
        sign = Text("=", "green") if equality.holds else Text("≠", "bold red")
        table.add_row(
            equality.name, equality.currency, money(equality.left, 12), sign, money(equality.right, 12)
        )
    console.print(table)


def show_verdict(console: Console, reports: list[tuple[Path, Report]]) -> None:
    """The verdict on each file by rule level."""
    columns = [("file", "left"), ("rows", "right")]
    columns += [(name, "right") for name in ("MUST pass", "fail", "skip", "attest", "SHOULD pass", "warn", "skip", "attest")]
    table = _table("Verdict of focus-validate, rules by level", [*columns, ("", "left")])
    for path, report in reports:
        table.add_row(path.name, f"{report.rows:,}", *_counts(report), _verdict(report))
    console.print(table)
    for path, report in reports:
        for rule in (*report.failures(), *report.warnings()):
            console.print(f"  {path.name}: {rule.status} {rule.id}, {rule.violations:,} rows", soft_wrap=True)
    console.print(
        "  skip: needs a second dataset or metadata; attest: only the vendor can say. Why: reports/*.json\n", style="dim"
    )


def _counts(report: Report) -> list[str]:
    counts = {
        (level, status): 0
        for level, bad in (("MUST", "fail"), ("SHOULD", "warn"))
        for status in ("pass", bad, "skip", "attest")
    }
    for rule in report.rules:
        key = (_LEVELS.get(rule.keyword), rule.status)
        if rule.kind == "leaf" and key in counts:
            counts[key] += 1
    return [f"{count:,}" for count in counts.values()]


def _verdict(report: Report) -> Text:
    return Text("conformant", "green") if report.conformant else Text("NOT conformant", "bold red")


def show_margin(console: Console, figures: Figures) -> None:
    """Gross margin of each customer and month, the worst customer first, and what the months rest on."""
    months = figures.months()
    lines: dict[str, list[Margin]] = {}
    for margin in figures.margins():
        lines.setdefault(margin.customer_id, []).append(margin)
    columns = [(f"customer ({figures.currency})", "left")]
    for month in months:
        columns += [(f"margin {month.start:%b}", "right"), ("%", "right")]
    table = _table("Gross margin by customer and month", [*columns, ("revenue", "right"), ("AI cost", "right")])
    customers = [of for of in lines.values() if not of[0].is_internal and of[0].customer_id not in _NOBODY]
    for of in sorted(customers, key=lambda of: (_total(of, "gross_margin") or 0, of[0].name)):
        table.add_row(of[0].name, *_by_month(of, months), money(_total(of, "revenue")), money(_total(of, "cost")))
    table.add_section()
    for of in lines.values():
        if of[0].is_internal or of[0].customer_id in _NOBODY:
            cost = [_total(of, name) for name in ("cost", "other_cost")]
            table.add_row(of[0].name, *[""] * (2 * len(months)), "", money(sum(cost) if None not in cost else None))
    for name, cells in _coverage(months):
        table.add_row(Text(name, "dim"), *(Text(cell, "dim") for cell in cells), "", "")
    console.print(table)
    revenue, cost = figures.corrections()
    console.print(
        f"  Corrections of closed months stand apart: revenue {money(revenue)}, AI cost {money(cost)} {figures.currency}.\n",
        style="dim",
    )


def _by_month(of: list[Margin], months: list) -> list[Text | str]:
    by_start = {margin.start: margin for margin in of}
    cells: list[Text | str] = []
    for month in months:
        margin = by_start.get(month.start)
        if margin is None:
            cells += ["", ""]
            continue
        style = "red" if margin.gross_margin is not None and margin.gross_margin < 0 else ""
        cells += [
            Text(money(margin.gross_margin), style),
            Text(percent(margin.gross_margin, margin.revenue), style),
        ]
    return cells


def _total(of: list[Margin], name: str) -> Decimal | None:
    values = [getattr(margin, name) for margin in of]
    return None if None in values else sum(values, Decimal(0))


def _coverage(months: list) -> list[tuple[str, list[str]]]:
    def row(name: str, cell) -> tuple[str, list[str]]:
        return name, [text for month in months for text in (cell(month), "")]

    return [
        row("attributed", lambda month: percent(month.attributed_share, Decimal(1))),
        row("with a list price", lambda month: percent(month.priced_share, Decimal(1))),
        row("bills through", lambda month: f"{month.complete_through:%Y-%m-%d}"),
        row("month", lambda month: "closed" if month.is_closed else "open"),
    ]


def show_files(console: Console, output: Path) -> None:
    """Where everything is."""
    folder = Path("demo_output") if output.name == "demo_output" else output
    names = ", ".join(DATASETS)
    console.print("[bold]Files[/bold]")
    for path, what in (
        (folder, f"{{{names}}}.csv and .parquet: FOCUS 1.4"),
        (folder / "reports", "one verdict a file, every rule with its reason (JSON)"),
        (folder / "focus_ai.duckdb", "every table of the run; margins in main_focus_ai"),
    ):
        console.print(f"  {path!s:28} {what}", soft_wrap=True, markup=False)
    console.print()


def show_story(console: Console, lines: list[str]) -> None:
    """The last lines."""
    console.print(f"[bold]{lines[0]}[/bold]")
    for line in lines[1:]:
        console.print(f"  {line}")
