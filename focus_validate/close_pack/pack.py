"""A close pack: the sections of a month, the figures at its head, the equalities between its sheets."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from focus_validate.close_pack import books, charts, close, margin, reconciliation, spend, ties
from focus_validate.close_pack.charts import Chart
from focus_validate.close_pack.marts import Marts, MissingError, as_text
from focus_validate.close_pack.messages import messages
from focus_validate.close_pack.period import Period
from focus_validate.close_pack.source import Source, open_source
from focus_validate.close_pack.tables import Condition, Figure, Kind, Table, Tie, ratio

_PRECISION = 60

Maker = Callable[[Source], Table]
_NEEDED: tuple[Maker, ...] = (margin.margin_by_customer, margin.margin_lines, margin.trend)
"""Tables without which there is no pack."""


@dataclass(frozen=True)
class Headline:
    """A figure at the head of the pack; ``figure`` is where the workbook takes it from."""

    label: str
    value: Decimal | None
    kind: Kind
    above: Figure
    below: Figure | None = None
    note: str = ""


@dataclass
class Section:
    """A part of the pack under one heading: what it answers, its tables, its charts."""

    id: str
    title: str
    note: str
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)


@dataclass
class Pack:
    """Everything that the workbook and the page show; nothing in it depends on the moment of the run."""

    period: Period
    currency: str
    status: str
    prepared_by: str | None
    reviewed_by: str | None
    is_hidden: bool
    sections: list[Section] = field(default_factory=list)
    headlines: list[Headline] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    audit_head: tuple[int, str] | None = None

    @property
    def title(self) -> str:
        """What the pack is."""
        return f"Close pack {self.period.words}"

    @property
    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [table for section in self.sections for table in section.tables]

    @property
    def broken_ties(self) -> list[Tie]:
        """Equalities that do not hold."""
        return [tie for tie in self.ties if tie.holds is False]


def build_pack(database: str, period: str, *, schema: str | None, hide: bool, key: bytes) -> Pack:
    """The pack of an accounting period.

    Args:
        database: DuckDB file with the marts, or a folder of them as Parquet files.
        period: name of the accounting period, such as the month ``2026-09``.
        schema: schema of the marts; needed when the database holds several sets of them.
        hide: replace customers by stable ids.
        key: key of these ids.

    Raises:
        InputError: the database cannot be used, or holds nothing of the period.
    """
    with Marts(database, schema) as marts, decimal.localcontext() as context:
        context.prec = _PRECISION
        source = open_source(marts, period, hide=hide, key=key)
        return _Builder(source).pack()


class _Builder:
    """Builds the sections in order; what is not there is left out and said."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tables: dict[str, Table] = {}
        self.left_out: list[str] = []

    def pack(self) -> Pack:
        sections = self._sections()
        checks = self.tables.get("Checklist")
        first = checks.rows[0] if checks and checks.rows else {}
        return Pack(
            period=self.source.period,
            currency=self.source.currency,
            status=str(first.get("accounting_period_status") or self._status()),
            prepared_by=as_text(first.get("closed_by")),
            reviewed_by=as_text(first.get("reviewed_by")),
            is_hidden=self.source.names.hide,
            sections=[section for section in sections if section.tables],
            headlines=_headlines(self.tables, self.source.period),
            messages=messages(self.tables, self.source.period, self.source.currency),
            ties=ties.all_ties(self.tables, self.source),
            left_out=self.left_out,
            audit_head=close.audit_head(self.source) if "Audit log" in self.tables else None,
        )

    def _sections(self) -> list[Section]:
        return [
            self._section("checklist", "Before signing", "", [close.checklist]),
            self._section(
                "margin",
                "Margin by customer",
                "Which customers earn money, and which cost money.",
                [margin.margin_by_customer, margin.margin_lines, margin.at_risk],
                charts.margin_by_customer,
            ),
            self._bridge(),
            self._section("trend", "Trend", "", [margin.trend], charts.trend),
            self._section(
                "unattributed",
                "Unattributed spend",
                "",
                [spend.unattributed, spend.rule_findings],
                charts.unattributed,
            ),
            self._section(
                "cost",
                "Cost by class, cost center and budget",
                "",
                [spend.cost_by_class, spend.chargeback, spend.budgets],
                charts.cost_by_class,
            ),
            self._section(
                "reconciliation",
                "Reconciliation",
                "Does it tie to the invoices and the ledger?",
                [
                    reconciliation.conservation,
                    reconciliation.invoices,
                    reconciliation.unmatched,
                    reconciliation.duplicates,
                    reconciliation.ledger,
                    reconciliation.subledger,
                    reconciliation.usage_price,
                    reconciliation.differences,
                ],
            ),
            self._section(
                "journal",
                "Journal and balance sheet",
                "What is booked, and what stands on the balance sheet.",
                [books.journal, books.accruals, books.prepaid, books.commitments],
            ),
            self._section(
                "restated",
                "What changed after the fact",
                "",
                [books.restated, books.withdrawn, books.flash],
            ),
            self._section(
                "audit",
                "Closes and changes",
                "",
                [close.closes, close.overrides, close.drift, close.audit_entries],
            ),
        ]

    def _section(
        self,
        id_: str,
        title: str,
        note: str,
        makers: list[Maker],
        draw: Callable[[Table], list[Chart]] | None = None,
    ) -> Section:
        """The tables that can be made, under a picture of the first."""
        tables = [self._table(maker) for maker in makers]
        pictures = draw(tables[0]) if draw and tables[0] else []
        return Section(id_, title, note, [table for table in tables if table], pictures)

    def _bridge(self) -> Section:
        """The bridge is drawn from three tables, two of them made of others."""
        section = Section("bridge", "Why margin moved", "")
        lines = self._table(margin.bridge)
        if lines is None:
            return section
        customers = self.tables["Margin by customer"]
        parts = self._kept(margin.bridge_parts(self.source, lines))
        movers = self._kept(margin.movers(self.source, customers, lines))
        section.tables = [parts, movers, lines]
        section.charts = [*charts.bridge(parts, customers), *charts.movers(movers)]
        return section

    def _table(self, maker: Maker) -> Table | None:
        try:
            return self._kept(maker(self.source))
        except MissingError as error:
            if maker in _NEEDED:
                raise
            self.left_out.append(str(error))
            return None

    def _kept(self, table: Table) -> Table:
        self.tables[table.sheet] = table
        return table

    def _status(self) -> str:
        return "Closed" if self.tables["Trend"].rows[-1]["is_month_closed"] else "Open"


def _headlines(tables: dict[str, Table], period: Period) -> list[Headline]:
    """The figures at the head: all customers together."""
    customers, months = tables["Margin by customer"], tables["Trend"]
    now: tuple[Condition, ...] = (("month", "=", period.first_day),)

    def total(label: str, column: str, note: str = "") -> Headline:
        figure = Figure(customers, column)
        return Headline(label, figure.value(), "money", figure, note=note)

    def of_month(label: str, column: str, kind: Kind, note: str = "") -> Headline:
        figure = Figure(months, column, now)
        return Headline(label, figure.value(), kind, figure, note=note)

    gross_margin, revenue = Figure(customers, "gross_margin"), Figure(customers, "revenue")
    share = ratio(gross_margin.value(), revenue.value())
    return [
        total("Revenue", "revenue"),
        total("AI cost of revenue", "ai_cost_of_revenue"),
        total("Gross margin", "gross_margin"),
        Headline("Gross margin, % of revenue", share, "share", gross_margin, revenue),
        total("Change against the month before", "change"),
        of_month("Usage cost attributed", "attributed_share", "share", "of all usage cost of the month"),
        of_month(
            "Revenue of closed months, corrected",
            "prior_period_revenue",
            "money",
            "booked after their close; in no margin",
        ),
        of_month(
            "AI cost of closed months, corrected",
            "prior_period_ai_cost",
            "money",
            "posted after their close; in no margin",
        ),
    ]
