"""The pack as an Excel workbook: a sheet per table, totals and equalities as live formulas.

Numbers are numbers, texts are texts (never formulas, whatever they begin with). Excel keeps 15 digits; the
exact amounts are in the marts. Every formula carries the value that the marts hold, for viewers that do not
calculate.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from focus_validate.close_pack.marts import Row, Value
from focus_validate.close_pack.pack import Pack
from focus_validate.close_pack.tables import Column, Figure, Kind, Table, Tie
from focus_validate.close_pack.words import DOES_NOT_TIE, TIES, TONES, clean, places
from focus_validate.errors import InputError

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADER_ROW = 3
"""Rows above: title, note, blank."""
UNKNOWN = "n/a"
MOST_ROWS = 1_000_000
_LONGEST = 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WIDEST, _LINE = 60, 13.5
_NUMBERS = ("money", "share", "count", "number")
_WIDTHS: dict[Kind, int] = {"money": 17, "share": 11, "count": 12, "number": 12, "date": 13, "flag": 9}
_INK, _FAINT, _PALE = "#1B2A34", "#5C6B78", "#EEF2F5"
_COLOURS = {"bad": "#B3261E", "warn": "#8A5A00", "good": "#1E6B3C"}


def render_workbook(pack: Pack) -> bytes:
    """The workbook's bytes: the same for the same pack.

    Raises:
        InputError: XlsxWriter is not installed, or a table is longer than a sheet.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise InputError("the workbook needs the extra `pack`: pip install 'focus-validate[pack]'") from None
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        _Writer(workbook, pack).write()
    return buffer.getvalue()


class _Writer:
    def __init__(self, workbook: Workbook, pack: Pack) -> None:
        self.workbook = workbook
        self.pack = pack
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        start = pack.period.first_day
        workbook.set_properties(
            {"title": pack.title, "created": datetime(start.year, start.month, 1, tzinfo=timezone.utc)}
        )
        workbook.set_calc_mode("auto")

    def write(self) -> None:
        self._summary(self.workbook.add_worksheet("Summary"))
        self._ties(self.workbook.add_worksheet("Ties"))
        for table in self.pack.tables:
            self._table(self.workbook.add_worksheet(table.sheet), table)

    # Cells

    def format(self, **properties: Any) -> Format:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(
                {"font_name": "Arial", "font_size": 10, **properties}
            )
        return self._formats[key]

    def put(
        self, sheet: Worksheet, row: int, column: int, value: Value, kind: Kind = "text", **properties: Any
    ) -> None:
        """Write a value as what it is."""
        if value is None:
            sheet.write_blank(row, column, None, self.format(**properties))
        elif isinstance(value, bool):
            self.text(sheet, row, column, "yes" if value else "no", **properties)
        elif isinstance(value, (date, datetime)):
            moment = datetime(value.year, value.month, value.day)
            sheet.write_datetime(
                row, column, moment, self.format(num_format="yyyy-mm-dd", **_left(properties))
            )
        elif isinstance(value, (int, Decimal)):
            number_format = properties.pop("num_format", None) or _number_format(kind, self.pack.currency)
            sheet.write_number(row, column, float(value), self.format(num_format=number_format, **properties))
        else:
            self.text(sheet, row, column, value, **properties)

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **properties: Any) -> None:
        """A text that stays one, also when somebody edits the cell."""
        text = clean(text, _LONGEST)
        if text.lstrip().startswith(_FORMULA):
            properties["quote_prefix"] = True
        sheet.write_string(row, column, text, self.format(**(properties | _tone(text))))

    def formula(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        formula: str,
        value: Value,
        kind: Kind,
        **properties: Any,
    ) -> None:
        """A formula with the value that it has; a figure that is not known shows as such."""
        number_format = properties.pop("num_format", None) or _number_format(kind, self.pack.currency)
        shown: float | str = value if isinstance(value, str) else UNKNOWN
        if isinstance(value, (int, Decimal)):
            shown = float(value)
        sheet.write_formula(
            row, column, f"={formula}", self.format(num_format=number_format, **properties), shown
        )

    # Sheets

    def _head(self, sheet: Worksheet, title: str, note: str) -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{_footer(self.pack.title)}&R&P / &N")
        self.text(sheet, 0, 0, title, bold=True, font_size=14, font_color=_INK)
        self.text(sheet, 1, 0, note, font_color=_FAINT)

    def _table(self, sheet: Worksheet, table: Table) -> None:
        if len(table.rows) > MOST_ROWS:
            raise InputError(f"{table.title} has {len(table.rows):,} rows: more than a sheet holds")
        note = table.note if table.rows else f"{table.note} {table.empty}"
        self._head(sheet, f"{table.title}, {self.pack.period.words}", note)
        columns = sheet_columns(table)
        widths = {column.name: _width(column, table) for column in columns}
        for place, column in enumerate(columns):
            side: dict[str, Any] = (
                {"align": "right"} if column.kind in _NUMBERS else {"indent": min(place, 1)}
            )
            heading = self.format(
                bold=True, text_wrap=True, valign="bottom", bg_color=_PALE, bottom=1, **side
            )
            sheet.write_string(HEADER_ROW, place, _heading(column, table), heading)
            sheet.set_column(place, place, widths[column.name])
        for number, row in enumerate(table.rows, HEADER_ROW + 1):
            money = _number_format("money", table.currency_of(row))
            sheet.set_row(number, _LINE * _lines(columns, widths, row))
            for place, column in enumerate(columns):
                self._cell(sheet, table, number, place, column, row, money)
        self._totals(sheet, table, columns)
        sheet.set_row(HEADER_ROW, 3 * _LINE)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.repeat_rows(HEADER_ROW)
        if table.rows:
            sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(table.rows), len(columns) - 1)

    def _cell(
        self, sheet: Worksheet, table: Table, line: int, place: int, column: Column, row: Row, money: str
    ) -> None:
        """A cell of a table: by formula where all that the formula takes is known."""
        value = row[column.name]
        form: dict[str, Any] = {"num_format": money} if column.kind == "money" else {"valign": "top"}
        if place and column.kind not in _WIDTHS:
            form |= {"indent": 1, "text_wrap": True}
        parts = [row[part.name] for part in _named(column.excel, table)]
        if parts and None not in (value, *parts):
            self.formula(sheet, line, place, _in_row(column.excel, table, line), value, column.kind, **form)
        else:
            self.put(sheet, line, place, value, column.kind, **form)

    def _totals(self, sheet: Worksheet, table: Table, columns: list[Column]) -> None:
        if not any(column.total for column in columns):
            return
        line = HEADER_ROW + 1 + max(1, len(table.rows))
        for currency in table.currencies():
            words = f"Total {currency}" if table.currency_column else "Total"
            style = {"bold": True, "top": 1, "bg_color": _PALE}
            self.text(sheet, line, 0, words, **style)
            for place, column in enumerate(columns):
                if column.total or column.ratio:
                    self._total(sheet, table, line, place, column, currency, style)
                elif place:
                    sheet.write_blank(line, place, None, self.format(**style))
            line += 1

    def _total(
        self,
        sheet: Worksheet,
        table: Table,
        line: int,
        place: int,
        column: Column,
        currency: str | None,
        style: dict[str, Any],
    ) -> None:
        value = table.total(column, currency)
        if column.ratio:
            formula, value = _in_row(column.excel, table, line), value if value is not None else ""
        else:
            where = ((table.currency_column, "=", currency),) if table.currency_column else ()
            formula = excel(Figure(table, column.name, where), here=True)  # type: ignore[arg-type]
        form = {"num_format": _with_code(currency)} if column.kind == "money" else {}
        self.formula(sheet, line, place, formula, value, column.kind, **style, **form)

    def _summary(self, sheet: Worksheet) -> None:
        pack = self.pack
        self._head(sheet, pack.title, f"All amounts in {pack.currency} unless a sheet says otherwise.")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 60)
        line = HEADER_ROW
        for label, value in _facts(pack):
            self.text(sheet, line, 0, label)
            self.put(sheet, line, 1, value)
            line += 1
        line += 1
        for headline in pack.headlines:
            self.text(sheet, line, 0, headline.label, bold=True)
            formula = excel(headline.above)
            if headline.below:
                share = f'IF({excel(headline.below)}>0,{formula}/{excel(headline.below)},"{UNKNOWN}")'
                formula = f'IFERROR({share},"{UNKNOWN}")'
            self.formula(
                sheet,
                line,
                1,
                formula,
                headline.value,
                headline.kind,
                bold=True,
                **_code(headline.kind, pack),
            )
            self.text(sheet, line, 2, headline.note, font_color=_FAINT, indent=1)
            line += 1
        self.text(sheet, line, 0, "Equalities between sheets that do not hold", bold=True)
        held = f"COUNTIF('Ties'!G{HEADER_ROW + 2}:G{HEADER_ROW + 2 + len(pack.ties)},\"{DOES_NOT_TIE}\")"
        self.formula(sheet, line, 1, held, len(pack.broken_ties), "count", bold=True)
        line = self._list(sheet, line + 2, "What to know", pack.messages)
        self._list(sheet, line + 1, "Left out", pack.left_out)
        sheet.freeze_panes(HEADER_ROW, 0)

    def _list(self, sheet: Worksheet, line: int, title: str, texts: list[str]) -> int:
        if not texts:
            return line
        self.text(sheet, line, 0, title, bold=True)
        for text in texts:
            line += 1
            self.text(sheet, line, 0, text)
        return line + 1

    def _ties(self, sheet: Worksheet) -> None:
        self._head(
            sheet,
            f"Ties, {self.pack.period.words}",
            "Figures that stand on two sheets must be the same. All of these are formulas over the sheets.",
        )
        headings = ("Figure", "Here", "Amount", "There", "Amount", "Difference", "Status")
        for place, (heading, width) in enumerate(zip(headings, (30, 34, 19, 34, 19, 15, 14), strict=True)):
            sheet.write_string(HEADER_ROW, place, heading, self.format(bold=True, bg_color=_PALE, bottom=1))
            sheet.set_column(place, place, width)
        for row, tie in enumerate(self.pack.ties, HEADER_ROW + 1):
            self._tie(sheet, row, tie)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.repeat_rows(HEADER_ROW)

    def _tie(self, sheet: Worksheet, row: int, tie: Tie) -> None:
        left, right = tie.left_value(), tie.right_value()
        money = {"num_format": _with_code(tie.currency)} if tie.kind == "money" and tie.currency else {}
        difference = None if left is None or right is None else left - right
        status = {True: TIES, False: DOES_NOT_TIE, None: UNKNOWN}[tie.holds]
        here = "+".join(_signed(*part) for part in tie.left) + (f"+{tie.offset}" if tie.offset else "")
        there = "+".join(_signed(*part) for part in tie.right)
        line = row + 1
        self.text(sheet, row, 0, tie.name, bold=True)
        self.text(sheet, row, 1, tie.left_text, indent=1)
        self.formula(sheet, row, 2, here, left, tie.kind, **money)
        self.text(sheet, row, 3, tie.right_text, indent=1)
        self.formula(sheet, row, 4, there, right, tie.kind, **money)
        numbers = f"AND(ISNUMBER(C{line}),ISNUMBER(E{line}))"
        self.formula(
            sheet,
            row,
            5,
            f'IF({numbers},ROUND(C{line}-E{line},4),"{UNKNOWN}")',
            difference,
            tie.kind,
            **money,
        )
        test = f'IF(F{line}=0,"{TIES}","{DOES_NOT_TIE}")'
        self.formula(
            sheet, row, 6, f'IF({numbers},{test},"{UNKNOWN}")', status, "text", indent=1, **_tone(status)
        )


def sheet_columns(table: Table) -> list[Column]:
    """The columns of a table's sheet."""
    return [column for column in table.columns if column.in_sheet]


def excel(figure: Figure, *, here: bool = False) -> str:
    """A figure as a formula over its sheet; ``here`` stands on that sheet itself.

    A sum of which a part is missing is not a sum: where a cell is blank the formula says ``n/a``.
    """
    table = figure.table
    ranges = [(_range(table, name, here), operator, value) for name, operator, value in figure.where]
    criteria = ",".join(f"{cells},{_criterion(operator, value)}" for cells, operator, value in ranges)
    if figure.column is None:
        return (
            f"COUNTIFS({criteria})" if criteria else f"COUNTA({_range(table, table.columns[0].name, here)})"
        )
    cells = _range(table, figure.column, here)
    total = f"SUMIFS({cells},{criteria})" if criteria else f"SUM({cells})"
    if figure.value() is not None:
        return total
    tests = [f"({of}{operator}{_literal(value)})" for of, operator, value in ranges]
    blank = "*".join([*tests, f'({cells}="")', "1"])
    return f'IF(SUMPRODUCT({blank})>0,"{UNKNOWN}",{total})'


def _signed(sign: int, figure: Figure) -> str:
    return excel(figure) if sign > 0 else f"-{excel(figure)}"


def _criterion(operator: str, value: Value) -> str:
    """A criterion of SUMIFS and COUNTIFS; the texts are our own words, or a currency."""
    literal = _literal(value)
    return f'"<>{literal[1:]}' if operator == "<>" else literal


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    return '"{}"'.format(str(value).replace('"', '""'))


def _range(table: Table, name: str, here: bool) -> str:
    letters = _letters(table, name)
    first, last = HEADER_ROW + 2, HEADER_ROW + 1 + max(1, len(table.rows))
    cells = f"${letters}${first}:${letters}${last}"
    return cells if here else f"'{table.sheet}'!{cells}"


def _letters(table: Table, name: str) -> str:
    from xlsxwriter.utility import xl_col_to_name

    place = [column.name for column in sheet_columns(table)].index(name)
    return str(xl_col_to_name(place))


def _in_row(formula: str, table: Table, row: int) -> str:
    """A column's formula with the cells of one row in place of the names."""
    return formula.format_map(
        {column.name: f"{_letters(table, column.name)}{row + 1}" for column in _named(formula, table)}
    )


def _named(formula: str, table: Table) -> Iterator[Column]:
    return (column for column in sheet_columns(table) if f"{{{column.name}}}" in formula)


def _number_format(kind: Kind, currency: str | None) -> str:
    if kind == "share":
        return "0.0%"
    if kind == "count":
        return "#,##0"
    if kind != "money":
        return "#,##0.######"
    digits = places(currency)
    amount = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return f"{amount};[Red]-{amount}"


def _with_code(currency: str | None) -> str:
    """Amounts with their currency before them: totals and figures that stand alone."""
    amount = _number_format("money", currency).split(";")[0]
    if not re.fullmatch("[A-Z]{3}", currency or ""):
        return f"{amount};[Red]-{amount}"
    return f"[${currency}] {amount};[Red]-[${currency}] {amount}"


def _code(kind: Kind, pack: Pack) -> dict[str, str]:
    return {"num_format": _with_code(pack.currency)} if kind == "money" else {}


def _heading(column: Column, table: Table) -> str:
    return f"{column.title}, {table.currency}" if column.kind == "money" and table.currency else column.title


def _width(column: Column, table: Table) -> int:
    if column.kind in _WIDTHS:
        return _WIDTHS[column.kind]
    longest = max((len(str(row[column.name] or "")) for row in table.rows), default=0)
    return max(12, min(_WIDEST, longest + 3), min(24, len(column.title) + 2))


def _lines(columns: list[Column], widths: dict[str, int], row: Row) -> int:
    """Lines that the longest text of a row takes: spreadsheets do not all find out themselves."""
    texts = [column.name for column in columns if column.kind not in _WIDTHS]
    taken = (-(-min(len(str(row[name] or "")), _LONGEST) // (widths[name] - 3)) for name in texts)
    return max(1, *taken, 1)


def _tone(text: str) -> dict[str, Any]:
    """The colour of a status; nothing for other texts."""
    return {"font_color": _COLOURS[TONES[text]], "bold": True} if text in TONES else {}


def _left(properties: dict[str, Any]) -> dict[str, Any]:
    return {"align": "left", **{name: value for name, value in properties.items() if name != "num_format"}}


def _footer(text: str) -> str:
    return text.replace("&", "&&")


def _facts(pack: Pack) -> list[tuple[str, Value]]:
    facts: list[tuple[str, Value]] = [
        ("Accounting month", pack.period.words),
        ("Status", pack.status),
        ("Prepared by", pack.prepared_by),
        ("Reviewed by", pack.reviewed_by),
        ("Customers", "replaced by stable ids" if pack.is_hidden else "by name"),
    ]
    if pack.audit_head:
        facts += [("Audit log, entries", pack.audit_head[0]), ("Audit log, head", pack.audit_head[1])]
    return facts
