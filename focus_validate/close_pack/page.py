"""The pack as one HTML file: no script, no request to anywhere, readable on paper and on a telephone."""

from __future__ import annotations

import base64
import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from focus_validate import __version__
from focus_validate.close_pack import words
from focus_validate.close_pack.marts import Row, Value
from focus_validate.close_pack.pack import Headline, Pack
from focus_validate.close_pack.tables import Column, Table

_FOLDER = Path(__file__).parent
_LONGEST, _SHORT = 400, 28
_NUMBERS = ("money", "share", "count", "number", "figure")


def render_page(pack: Pack) -> str:
    """The page's text: the same for the same pack."""
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    return _template().render(
        pack=pack,
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=__version__,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clean=_clean, svg=Markup)
    environment.globals.update(
        columns=page_columns,
        cell=_cell,
        total=_total,
        headline=_headline,
        is_minus=_is_minus,
        is_number=_is_number,
        tone=_tone,
    )
    return environment.get_template("page.html")


def page_columns(table: Table) -> list[Column]:
    """The columns of a table that the page shows."""
    return [column for column in table.columns if column.in_page]


def _clean(text: str | None) -> str:
    """A text without control characters, cut."""
    return words.clean(text or "", _LONGEST)


def _cell(table: Table, row: Row, column: Column) -> str:
    return _clean(words.cell(row[column.name], column, table.currency_of(row)))


def _total(table: Table, column: Column, currency: str | None) -> str:
    if not column.total and not column.ratio:
        return ""
    return words.cell(table.total(column, currency), column, currency)


def _headline(headline: Headline, currency: str) -> str:
    if headline.value is None:
        return "not known"
    if headline.kind == "share":
        return words.percent(headline.value)
    return words.money(headline.value, currency)


def _is_minus(value: Value) -> bool:
    return isinstance(value, (int, Decimal)) and value < 0


def _is_number(column: Column) -> bool:
    return column.kind in _NUMBERS


def _tone(value: Value) -> str:
    """How a text is set: a status in its colour, a sentence with room for it."""
    if not isinstance(value, str):
        return ""
    return "long" if len(value) > _SHORT else words.TONES.get(value, "")
