"""A close pack: the sections of a month, the figures at its head, the equalities between its sheets."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from focus_validate.close_pack import charts, evidence, further, margin, ties
from focus_validate.close_pack.marts import Marts, MissingError
from focus_validate.close_pack.messages import messages
from focus_validate.close_pack.source import Source, open_source
from focus_validate.close_pack.tables import Condition, Figure, Kind, Period, Section, Table, Tie

_PRECISION = 60


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
        sections = [
            self.close(),
            self.margin(),
            self.bridge(),
            self.trend(),
            self.unattributed(),
            self.cost(),
            self.reconciliation(),
            self.journal(),
            self.restated(),
            self.audit(),
        ]
        checks = self.tables.get("Checklist")
        first = checks.rows[0] if checks and checks.rows else {}
        pack = Pack(
            period=self.source.period,
            currency=self.source.currency,
            status=str(first.get("accounting_period_status") or self._status()),
            prepared_by=_text(first.get("closed_by")),
            reviewed_by=_text(first.get("reviewed_by")),
            is_hidden=self.source.names.hide,
            sections=[section for section in sections if section.tables],
            left_out=self.left_out,
            headlines=_headlines(self.tables, self.source.period),
            ties=ties.all_ties(self.tables, self.source),
            audit_head=self._head(),
        )
        pack.messages = messages(pack, self.tables)
        return pack

    def close(self) -> Section:
        return self._section("checklist", "Before signing", "", [evidence.checklist])

    def margin(self) -> Section:
        section = self._section(
            "margin",
            "Margin by customer",
            "Which customers earn money, and which cost money.",
            [margin.margin_by_customer, margin.margin_lines, margin.at_risk],
        )
        section.charts = charts.margin_by_customer(self.tables["Margin by customer"])
        return section

    def bridge(self) -> Section:
        section = Section("bridge", "Why margin moved", "")
        lines = self._table(margin.bridge)
        if lines is None:
            return section
        parts = self._kept(margin.bridge_parts(self.source, lines))
        movers = self._kept(margin.movers(self.source, self.tables["Margin by customer"], lines))
        section.tables = [parts, movers, lines]
        section.charts = [*charts.bridge(parts, self.tables["Margin by customer"]), *charts.movers(movers)]
        return section

    def trend(self) -> Section:
        section = self._section("trend", "Trend", "", [margin.trend])
        section.charts = charts.trend(self.tables["Trend"])
        return section

    def unattributed(self) -> Section:
        section = self._section(
            "unattributed", "Unattributed spend", "", [evidence.unattributed, evidence.rule_findings]
        )
        if "Unattributed" in self.tables:
            section.charts = charts.unattributed(self.tables["Unattributed"])
        return section

    def reconciliation(self) -> Section:
        return self._section(
            "reconciliation",
            "Reconciliation",
            "Does it tie to the invoices and the ledger?",
            [
                evidence.conservation,
                evidence.invoices,
                evidence.unmatched,
                further.duplicates,
                evidence.ledger,
                further.subledger,
                evidence.usage_price,
                further.differences,
            ],
        )

    def journal(self) -> Section:
        return self._section(
            "journal",
            "Journal and balance sheet",
            "What is booked, and what stands on the balance sheet.",
            [further.journal, further.accruals, evidence.prepaid, further.commitments],
        )

    def restated(self) -> Section:
        return self._section(
            "restated",
            "What changed after the fact",
            "",
            [further.restated, further.withdrawn, further.flash],
        )

    def cost(self) -> Section:
        section = self._section(
            "cost",
            "Cost by class, cost center and budget",
            "",
            [further.cost_by_class, further.chargeback, further.budgets],
        )
        if "Cost by class" in self.tables:
            section.charts = charts.cost_by_class(self.tables["Cost by class"])
        return section

    def audit(self) -> Section:
        return self._section(
            "audit",
            "Closes and changes",
            "",
            [further.closes, further.overrides, further.drift, evidence.audit_entries],
        )

    def _section(self, id_: str, title: str, note: str, makers: list[Callable[[Source], Table]]) -> Section:
        tables = [self._table(maker) for maker in makers]
        return Section(id_, title, note, [table for table in tables if table is not None])

    def _table(self, maker: Callable[[Source], Table]) -> Table | None:
        try:
            return self._kept(maker(self.source))
        except MissingError as error:
            self.left_out.append(str(error))
            return None

    def _kept(self, table: Table) -> Table:
        self.tables[table.sheet] = table
        return table

    def _status(self) -> str:
        return "Closed" if self.tables["Trend"].rows[-1]["is_month_closed"] else "Open"

    def _head(self) -> tuple[int, str] | None:
        return evidence.audit_head(self.source) if "Audit log" in self.tables else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


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
    above, below = gross_margin.value(), revenue.value()
    share = above / below if above is not None and below else None
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
