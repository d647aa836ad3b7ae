"""The workbook: formulas that come to what is shown, sheets that tie, numbers that are numbers."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from . import warehouse
from .conftest import close_pack, write_pack
from .sheets import calculated, calculated_by_libreoffice, differences, formulas, libreoffice, texts, values


def test_every_formula_comes_to_what_is_shown(workbook: Path) -> None:
    found = calculated(workbook)
    assert len(found) > 100
    assert differences(values(workbook), found) == []


@pytest.mark.slow
def test_every_formula_comes_to_the_same_in_libreoffice(workbook: Path, tmp_path: Path) -> None:
    if libreoffice() is None:
        pytest.skip("LibreOffice is not installed")
    assert differences(values(workbook), calculated_by_libreoffice(workbook, tmp_path)) == []


def test_every_equality_holds(workbook: Path) -> None:
    shown = values(workbook)
    statuses = {value for (sheet, cell), value in shown.items() if sheet == "Ties" and cell[0] == "G"}
    assert statuses == {"Status", "Ties"}
    names = {str(value) for (sheet, cell), value in shown.items() if sheet == "Ties" and cell[0] == "A"}
    checks = {f"Check {row['check_name']}" for row in warehouse.MARTS["focus_ai__close_checklist"][1]}
    assert checks <= names


# A mart, the column that is falsified in its last row of September, and the equality that no longer holds.
BROKEN = {
    "Gross margin": ("focus_ai__margin_bridge", "gross_margin"),
    "Change of gross margin": ("focus_ai__margin_bridge", "gross_margin_change"),
    "Cost of nobody": ("focus_ai__unattributed_spend", "reporting_effective_cost"),
    "Invoices of the month": ("focus_ai__conservation_checks", "evidence_amount"),
}


@pytest.mark.parametrize("tie", BROKEN)
def test_an_amount_that_does_not_tie_is_told(tie: str, tmp_path: Path) -> None:
    mart, column = BROKEN[tie]
    rows = [dict(row) for row in warehouse.MARTS[mart][1]]
    rows[-1][column] = str(Decimal(str(rows[-1][column])) + Decimal("0.01"))
    done = close_pack(warehouse.build(tmp_path / "marts.duckdb", change={mart: rows}), tmp_path / "packs")
    assert done.returncode == 1
    assert f"does not tie: {tie}," in done.stderr
    path = tmp_path / "packs" / "close-pack-2026-09.xlsx"
    assert "Does not tie" in texts(path)
    assert "Do not sign" in path.with_suffix(".html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "check", ["LedgerTied", "InvoiceLinesTied", "ChargesMatched", "RulesSound", "UsageAttributed"]
)
def test_a_checklist_that_counts_otherwise_is_told(check: str, tmp_path: Path) -> None:
    mart = "focus_ai__close_checklist"
    rows = [
        row | ({"figure": "0.5"} if row["check_name"] == check else {}) for row in warehouse.MARTS[mart][1]
    ]
    done = close_pack(warehouse.build(tmp_path / "marts.duckdb", change={mart: rows}), tmp_path / "packs")
    assert (done.returncode, f"does not tie: Check {check}," in done.stderr) == (1, True)


def test_a_wrong_margin_in_the_mart_shows_as_soon_as_somebody_calculates(tmp_path: Path) -> None:
    """The margin is a formula over revenue and cost; the stored value is the mart's."""
    rows = [dict(row) for row in warehouse.MARTS[warehouse.REQUIRED][1]]
    rows[3]["gross_margin"] = "-1"
    database = warehouse.build(tmp_path / "marts.duckdb", change={warehouse.REQUIRED: rows})
    write_pack(database, tmp_path / "packs")
    path = tmp_path / "packs" / "close-pack-2026-09.xlsx"
    sheets = {sheet for (sheet, _), *_ in differences(values(path), calculated(path))}
    assert "Margin lines" in sheets


def test_amounts_are_numbers_with_the_format_of_their_currency(workbook: Path) -> None:
    invoices = openpyxl.load_workbook(workbook)["Invoices"]
    headings = {cell.value: cell.column for cell in invoices[4]}
    column, currency = headings["Line"], headings["Currency"]
    by_currency = {
        invoices.cell(row, currency).value: invoices.cell(row, headings["BilledCost"]) for row in range(5, 9)
    }
    assert column
    assert {
        code: (type(cell.value), cell.number_format.split(";")[0]) for code, cell in by_currency.items()
    } == {
        "USD": (int, "#,##0.00"),
        "JPY": (int, "#,##0"),
    }
    totals = [row[0].value for row in invoices.iter_rows(min_row=9) if row[0].value]
    assert totals == ["Total JPY", "Total USD"]


def test_a_currency_is_data_in_a_formula(tmp_path: Path) -> None:
    """A quote in it does not end the text that the formula compares with."""
    mart = "focus_ai__general_ledger_reconciliation"
    rows = [row | {"currency": 'U"D'} for row in warehouse.MARTS[mart][1]]
    write_pack(warehouse.build(tmp_path / "marts.duckdb", change={mart: rows}), tmp_path / "packs")
    path = tmp_path / "packs" / "close-pack-2026-09.xlsx"
    assert 'Total U"D' in texts(path)
    assert differences(values(path), calculated(path)) == []


def test_headings_stay_in_sight_and_are_filters(workbook: Path) -> None:
    for sheet in openpyxl.load_workbook(workbook).worksheets[2:]:
        assert sheet.freeze_panes == "B5", sheet.title
        assert sheet.auto_filter.ref.startswith("A4:"), sheet.title
        assert sheet.page_setup.orientation == "landscape"


def test_an_unknown_part_leaves_the_total_unknown(tmp_path: Path) -> None:
    """A month whose bills are incomplete has no margin; the total of the rest would be another."""
    rows = [dict(row) for row in warehouse.MARTS[warehouse.REQUIRED][1]]
    for row in rows:
        if row["accounting_period_start"] == warehouse.SEPTEMBER:
            row |= {
                "gross_margin": None,
                "gross_margin_null_reason": "BillIncomplete",
                "is_month_closed": False,
            }
    rows[3]["revenue"] = None
    database = warehouse.build(tmp_path / "marts.duckdb", change={warehouse.REQUIRED: rows})
    done = close_pack(database, tmp_path / "packs")
    assert done.returncode == 0, done.stderr
    path = tmp_path / "packs" / "close-pack-2026-09.xlsx"
    shown = values(path)
    summary = {
        value: shown.get((sheet, f"B{cell[1:]}"))
        for (sheet, cell), value in shown.items()
        if sheet == "Summary"
    }
    assert summary["Gross margin"] == "n/a"
    assert summary["Revenue"] == "n/a"
    assert summary["AI cost of revenue"] == pytest.approx(1123.549031500002)
    assert differences(shown, calculated(path)) == []
    assert "is not known: the bills do not cover the month yet" in path.with_suffix(".html").read_text(
        "utf-8"
    )


HOSTILE = ["=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "=1\x1b]0;x", "＝1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_a_formula(name: str, workbook: Path, tmp_path: Path) -> None:
    change = warehouse.renamed({"cust_1": f"{name} MARK"})
    write_pack(warehouse.build(tmp_path / "marts.duckdb", change=change), tmp_path / "packs")
    path = tmp_path / "packs" / "close-pack-2026-09.xlsx"
    assert len(formulas(path)) == len(formulas(workbook))
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s" and "MARK" in cell.value
    ]
    assert cells
    assert all(cell.quotePrefix or cell.value[0] not in "=+-@＝" for cell in cells)


def test_the_file_holds_no_macro_link_or_time_of_the_run(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as file:
        names = file.namelist()
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2026-09-01T00:00:00Z" in file.read("docProps/core.xml").decode()
    assert [name for name in names if "vba" in name or "external" in name.lower()] == []
