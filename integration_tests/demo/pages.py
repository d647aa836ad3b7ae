"""How the figures of a run are printed: tables that fit 100 columns, colour only for what needs an eye."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from focus_validate.result import Report

from .figures import NOBODY, Figures, Margin, Month

Reports = list[tuple[Path, Report]]
_STATUSES = ("pass", "fail", "warn", "skip", "attest")
_LEVELS = {"MUST": ("MUST", "MUST NOT"), "SHOULD": ("SHOULD", "SHOULD NOT", "RECOMMENDED")}


def money(amount: Decimal | None, places: int = 2) -> str:
    """`1,234.50`; `-` for what is not known or does not apply."""
    return "-" if amount is None else f"{amount:,.{places}f}"


def percent(part: Decimal | None, whole: Decimal | None) -> str:
    """`part` in percent of `whole`, one decimal; `-` where that says nothing."""
    return "-" if part is None or not whole or whole < 0 else f"{100 * part / whole:,.1f}"


def _table(title: str, columns: Iterable[tuple[str, str]]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for name, justify in columns:
        table.add_column(name, justify=justify, no_wrap=True)
    return table


def _note(console: Console, text: str) -> None:
    console.print(Padding(text, (0, 0, 1, 1)), style="dim")


def show_stages(console: Console, figures: Figures) -> None:
    """Rows and money of each stage by currency, and the equalities."""
    amounts = [(name, "right") for name in ("provider-reported", "BilledCost", "EffectiveCost")]
    table = _table(
        "\nRows and money by stage", [("stage", "left"), ("", "left"), ("rows", "right"), *amounts]
    )
    for currency, stages in groupby(figures.stages(), key=lambda stage: stage.currency):
        for stage in stages:
            costs = (stage.provider_reported_cost, stage.billed_cost, stage.effective_cost)
            table.add_row(stage.name, currency, f"{stage.rows:,}", *map(money, costs))
        table.add_section()
    console.print(table)

    title = "Equalities, exact to the last decimal"
    table = _table(title, [("", "left"), ("", "left"), ("", "right"), ("", "left"), ("", "right")])
    table.show_header = False
    for equality in figures.equalities():
        sign = Text("=", "green") if equality.holds else Text("≠", "bold red")
        table.add_row(
            equality.name, equality.currency, money(equality.left, 12), sign, money(equality.right, 12)
        )
    console.print(table)


def show_verdict(console: Console, reports: Reports) -> None:
    """The verdict on each file by rule level; the files of a dataset share a line where they agree."""
    columns = [("dataset", "left"), ("files", "left"), ("rows", "right"), ("rules", "left")]
    columns += [(name, "right") for name in _STATUSES]
    table = _table("Verdict of focus-validate, by rule level", [*columns, ("", "left")])
    for files, report in _alike(reports):
        for level in _LEVELS:
            head = (files[0].stem, ", ".join(path.suffix[1:] for path in files), f"{report.rows:,}")
            verdict = Text("conformant", "green") if report.conformant else Text("NOT conformant", "bold red")
            table.add_row(
                *(head if level == "MUST" else [""] * 3),
                level,
                *(f"{count:,}" for count in _counts(report, level)),
                verdict if level == "MUST" else "",
            )
    console.print(table)
    for files, report in _alike(reports):
        for rule in (*report.failures(), *report.warnings()):
            text = f"{rule.status} {rule.id}, {rule.violations:,} of {rule.checked:,}: {rule.message}"
            console.print(Padding(f"{files[0].stem}: {text}", (0, 0, 0, 1)), markup=False)
    _note(
        console,
        "skip: needs a second dataset or metadata; attest: only the vendor can say. Details: reports/*.json",
    )


def _alike(reports: Reports) -> list[tuple[list[Path], Report]]:
    """Files of one dataset with the same verdict on every rule."""
    grouped: dict[object, tuple[list[Path], Report]] = {}
    for path, report in reports:
        verdicts = tuple((rule.id, rule.status, rule.violations) for rule in report.rules)
        grouped.setdefault((report.dataset, report.rows, verdicts), ([], report))[0].append(path)
    return list(grouped.values())


def _counts(report: Report, level: str) -> list[int]:
    found = [rule.status for rule in report.rules if rule.kind == "leaf" and rule.keyword in _LEVELS[level]]
    return [found.count(status) for status in _STATUSES]


def show_margin(console: Console, figures: Figures) -> None:
    """Gross margin of each customer and month, the largest loss first, and what the months rest on."""
    months = figures.months()
    columns = [(f"customer, {figures.currency}", "left")]
    for month in months:
        columns += [(f"{month.start:%b %Y}", "right"), ("%", "right")]
    table = _table(
        "Gross margin by customer and month", [*columns, ("revenue", "right"), ("AI cost", "right")]
    )
    lines = [list(of) for _, of in groupby(figures.margins(), key=lambda margin: margin.customer_id)]
    customers = [of for of in lines if not of[0].is_internal and of[0].customer_id not in NOBODY]
    for of in sorted(customers, key=_largest_loss_first):
        table.add_row(
            of[0].name, *_by_month(of, months), money(_total(of, "revenue"), 0), money(_total(of, "cost"), 0)
        )
    table.add_section()
    for of in lines:
        if of not in customers:
            name = of[0].name.replace("(internal)", "").strip() + (", internal" if of[0].is_internal else "")
            cost = [_total(of, "cost"), _total(of, "other_cost")]
            blank = [""] * (2 * len(months) + 1)
            table.add_row(name, *blank, money(None if None in cost else sum(cost), 0))
    table.add_section()
    for name, cell in _COVERAGE.items():
        table.add_row(
            Text(name, "dim"), *(Text(text, "dim") for month in months for text in (cell(month), ""))
        )
    console.print(table)
    reasons = ", ".join(f"{reason} {money(amount, 0)}" for reason, amount in figures.unattributed())
    console.print(
        Padding(f"(unattributed), with corrections of closed months, is {reasons}.", (0, 0, 0, 1)),
        style="dim",
    )
    revenue, cost = figures.corrections()
    amounts = f"revenue {money(revenue)}, AI cost {money(cost)} {figures.currency}"
    _note(console, f"Corrections of closed months stand apart, in no margin above: {amounts}.")


_COVERAGE: dict[str, Callable[[Month], str]] = {
    "cost attributed, %": lambda month: percent(month.attributed_share, Decimal(1)),
    "cost with a list price, %": lambda month: percent(month.priced_share, Decimal(1)),
    "bills complete through": lambda month: f"{month.complete_through - timedelta(days=1):%d %b}",
    "month": lambda month: "closed" if month.is_closed else "open",
}


def _largest_loss_first(of: list[Margin]) -> tuple[Decimal, Decimal, str]:
    known = [margin.gross_margin for margin in of if margin.gross_margin is not None]
    return sum((m for m in known if m < 0), Decimal(0)), sum(known, Decimal(0)), of[0].name


def _by_month(of: list[Margin], months: list[Month]) -> list[Text]:
    by_start = {margin.start: margin for margin in of}
    cells = []
    for month in months:
        margin = by_start.get(month.start)
        style = "red" if margin and margin.gross_margin is not None and margin.gross_margin < 0 else ""
        for text in (
            (money(margin.gross_margin), percent(margin.gross_margin, margin.revenue)) if margin else ("", "")
        ):
            cells.append(Text(text, style))
    return cells


def _total(of: list[Margin], name: str) -> Decimal | None:
    values = [getattr(margin, name) for margin in of]
    return None if None in values else sum(values, Decimal(0))


def show_files(console: Console, output: Path, exports: list[Path]) -> None:
    """Where everything is."""
    folder = Path("demo_output") if output.name == "demo_output" else output
    datasets = ", ".join(dict.fromkeys(path.stem for path in exports))
    files = [
        (folder, f"FOCUS 1.4 as .csv and .parquet: {datasets}"),
        (folder / "reports", "a verdict on each file, every rule with its reason (JSON)"),
        (folder / "focus_ai.duckdb", "every table of the run; the marts are in schema main_focus_ai"),
    ]
    table = Table.grid(padding=(0, 2, 0, 1))
    for path, what in files:
        table.add_row(Text(f"{path}/" if path.suffix == "" else str(path)), what)
    console.print("[bold]Files[/bold]")
    console.print(table)
    console.print()


def show_story(console: Console, lines: list[str]) -> None:
    """The last lines."""
    console.print(f"[bold]{lines[0]}[/bold]")
    for line in lines[1:]:
        console.print(Padding(line, (0, 0, 0, 1)))
