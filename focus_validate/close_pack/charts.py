"""Charts as SVG text, drawn by Vega-Lite without a browser: bars only, values written beside them.

Every chart stands beside the table of its figures, so that the picture is never the only way to them. Each is
drawn twice, for a page and for a telephone; the page's style sheet shows one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from focus_validate.close_pack.marts import Row
from focus_validate.close_pack.period import month_in_words
from focus_validate.close_pack.tables import Table
from focus_validate.close_pack.words import clean, money, number, percent, places
from focus_validate.errors import InputError

WIDE, NARROW = 920, 330
GOOD, BAD, CALM, INK, FAINT = "#1f6f8b", "#b3261e", "#5c6b78", "#1b2a34", "#d5dbe0"
_BARS = 12
_STEP = 26
_DIGIT = 8
_LONGEST = 100


@dataclass(frozen=True)
class Chart:
    """A picture in two widths, and what it says in words for those who do not see it."""

    title: str
    words: str
    note: str
    wide: str
    narrow: str


@dataclass(frozen=True)
class _Bar:
    """A bar from ``start`` to ``end``, its label before it and its value as text beside it."""

    label: str
    start: Decimal
    end: Decimal
    text: str
    colour: str


def margin_by_customer(table: Table) -> list[Chart]:
    """Gross margin of each customer, losses first."""
    known = [row for row in table.rows if row["gross_margin"] is not None]
    shown, rest = _largest(known, "gross_margin")
    bars = [_plain(row, "customer", "gross_margin", table.currency) for row in shown]
    if rest:
        others: Row = {
            "customer": f"{len(rest)} others",
            "gross_margin": sum(_amount(r, "gross_margin") for r in rest),
        }
        bars.append(_plain(others, "customer", "gross_margin", table.currency))
    return _chart("Gross margin by customer", bars, table.currency)


def bridge(parts: Table, customers: Table) -> list[Chart]:
    """From the gross margin of the month before to this month's, driver by driver."""
    before, now = (
        customers.total(customers.column(name), None) for name in ("previous_gross_margin", "gross_margin")
    )
    if not isinstance(before, Decimal) or not isinstance(now, Decimal):
        return []
    stand = before
    bars = [_Bar("Month before", Decimal(0), before, _number(before, parts.currency), CALM)]
    for row in parts.rows:
        if row["amount"] is None:
            return []
        step = _amount(row, "amount")
        colour = GOOD if step > 0 else BAD
        bars.append(_Bar(str(row["part"]), stand, stand + step, _signed(step, parts.currency), colour))
        stand += step
    bars.append(_Bar("This month", Decimal(0), now, _number(now, parts.currency), CALM))
    return _chart("From last month's gross margin to this month's", bars, parts.currency, zoom=True)


def movers(table: Table) -> list[Chart]:
    """The largest changes of gross margin."""
    bars = [_plain(row, "customer", "change", table.currency, signed=True) for row in table.rows]
    return _chart("Change of gross margin by customer", bars, table.currency)


def trend(table: Table) -> list[Chart]:
    """Gross margin by month, with its share of revenue."""
    bars = []
    for row in table.rows:
        if row["gross_margin"] is None:
            continue
        bar = _plain(row, "month", "gross_margin", table.currency)
        share = row["gross_margin_share"]
        text = f"{bar.text}  ({percent(share)})" if isinstance(share, Decimal) else bar.text
        label = month_in_words(str(row["accounting_period"]), 3)
        bars.append(_Bar(label, bar.start, bar.end, text, bar.colour))
    return _chart("Gross margin by month", bars, table.currency)


def unattributed(table: Table) -> list[Chart]:
    """What nobody can be charged for, by reason."""
    return _by_group(table, "reason", "reporting_effective_cost", "Unattributed cost by reason")


def cost_by_class(table: Table) -> list[Chart]:
    """What the cost was for."""
    return _by_group(table, "class", "ai_cost", "AI cost by class")


def _by_group(table: Table, group: str, amount: str, title: str) -> list[Chart]:
    """The sums of groups, the largest first; none when a part is unknown."""
    if any(row[amount] is None for row in table.rows):
        return []
    sums: dict[str, Decimal] = {}
    for row in table.rows:
        sums[str(row[group])] = sums.get(str(row[group]), Decimal(0)) + _amount(row, amount)
    rows: list[Row] = [{group: name, amount: total} for name, total in sums.items() if total]
    rows.sort(key=lambda row: (-abs(_amount(row, amount)), str(row[group])))
    bars = [_plain(row, group, amount, table.currency, colour=CALM) for row in rows]
    return _chart(title, bars, table.currency)


def _largest(rows: list[Row], name: str) -> tuple[list[Row], list[Row]]:
    """Losses and the largest amounts in their order, and the rows for which a chart has no room."""
    if len(rows) <= _BARS + 1:
        return rows, []
    losses = [row for row in rows if _amount(row, name) < 0][: _BARS // 2]
    others = sorted(
        (row for row in rows if row not in losses),
        key=lambda row: (-_amount(row, name), str(row["customer"])),
    )
    chosen = [*losses, *others[: _BARS - len(losses)]]
    return [row for row in rows if row in chosen], [row for row in rows if row not in chosen]


def _plain(
    row: Row, label: str, name: str, currency: str | None, *, signed: bool = False, colour: str | None = None
) -> _Bar:
    amount = _amount(row, name)
    text = _signed(amount, currency) if signed else _number(amount, currency)
    return _Bar(str(row[label]), Decimal(0), amount, text, colour or (GOOD if amount >= 0 else BAD))


def _amount(row: Row, name: str) -> Decimal:
    value = row[name]
    assert isinstance(value, Decimal)
    return value


def _number(amount: Decimal, currency: str | None) -> str:
    return number(amount, places(currency) if abs(amount) < 100 else 0)


def _signed(amount: Decimal, currency: str | None) -> str:
    return f"{'+' if amount > 0 else ''}{_number(amount, currency)}"


def _chart(title: str, bars: list[_Bar], currency: str | None, *, zoom: bool = False) -> list[Chart]:
    """The chart in both widths; none without bars."""
    if not bars:
        return []
    words = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    axis = _Axis.around(bars, zoom=zoom)
    wide, narrow = (_draw(_specification(bars, axis, width)) for width in (WIDE, NARROW))
    note = f" The bars begin at {money(axis.low, currency or '')}." if axis.is_cut else ""
    return [Chart(title, f"{title}, {currency}: {words}.{note}", note.strip(), wide, narrow)]


@dataclass(frozen=True)
class _Axis:
    """What of the axis is shown."""

    low: Decimal
    high: Decimal
    is_cut: bool

    @classmethod
    def around(cls, bars: list[_Bar], *, zoom: bool) -> _Axis:
        """From zero, or (``zoom``) from near the ends of the bars when their steps would vanish otherwise."""
        ends = [bar.end for bar in bars]
        low, high = min(Decimal(0), *ends), max(Decimal(0), *ends)
        span = max(ends) - min(ends)
        is_cut = zoom and min(ends) > span > 0
        if is_cut:
            low = min(ends) - span / 2
        return cls(low, high, is_cut)


def _specification(bars: list[_Bar], axis: _Axis, width: int) -> dict[str, Any]:
    labels, font = (210, 12) if width == WIDE else (130, 11)
    label = {"field": "label", "type": "nominal", "sort": None, "title": None}
    plot = width - labels - 15
    x = {"type": "quantitative", "title": None, "axis": None, "scale": _scale(axis, bars, plot)}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": plot,
        "height": {"step": _STEP},
        "data": {"values": [_datum(bar, axis) for bar in bars]},
        "encoding": {
            "y": label
            | {"axis": _LABELS | {"labelLimit": 0.8 * labels, "minExtent": labels, "labelFontSize": font}}
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.68}},
                "encoding": {
                    "x": x | {"field": "start"},
                    "x2": {"field": "end"},
                    "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "fill": INK},
                "encoding": {"x": x | {"field": "right"}, "text": {"field": "text", "type": "nominal"}},
            },
        ],
        "config": _CONFIG,
    }


def _datum(bar: _Bar, axis: _Axis) -> dict[str, Any]:
    start = max(bar.start, axis.low)
    return {
        "label": clean(bar.label, _LONGEST),
        "start": float(start),
        "end": float(bar.end),
        "right": float(max(start, bar.end)),
        "text": bar.text,
        "colour": bar.colour,
    }


def _scale(axis: _Axis, bars: list[_Bar], plot: int) -> dict[str, Any]:
    """From the axis to the pixels of the plot, with room for the texts beside the bars."""
    room = min(2 * plot // 3, 10 + _DIGIT * max(len(bar.text) for bar in bars))
    high = axis.low + (axis.high - axis.low) * plot / (plot - room)
    return {"domain": [float(axis.low), float(high)], "nice": False, "zero": False}


_LABELS = {"domainColor": FAINT, "ticks": False, "labelColor": INK, "labelPadding": 8}
_CONFIG = {
    "aria": False,
    "background": None,
    "font": "system-ui, Segoe UI, Helvetica, Arial, sans-serif",
    "view": {"stroke": None},
}


def _draw(specification: dict[str, Any]) -> str:
    try:
        import vl_convert
    except ImportError:
        raise InputError("charts need the extra `pack`: pip install 'focus-validate[pack]'") from None
    return str(vl_convert.vegalite_to_svg(specification, allowed_base_urls=[]))
