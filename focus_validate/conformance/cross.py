"""The rules that need a second dataset or an earlier delivery, each as a function of the facts.

Amounts are compared per invoice issuer, invoice (and detail) and currency. A group in which an amount is null
or no number is not decided here: the rules on BilledCost report it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from focus_validate.conformance.facts import (
    TAX,
    ChargeKey,
    Charges,
    Facts,
    InvoiceKey,
    Line,
    Lines,
    Period,
    PeriodKey,
    Periods,
    Text,
    Total,
)
from focus_validate.conformance.variance import Gap, gaps
from focus_validate.engine.judges.numbers import plain

OPEN, ISSUED, CLOSED = "Open", "Issued", "Closed"
UNREADABLE = ""

SumsByGroup = dict["tuple[str, ...]", "dict[Text, Total]"]


@dataclass(slots=True)
class Outcome:
    """What a rule found: ``violations`` of ``checked`` rows or groups, of which ``hard`` do more than warn.

    ``samples`` are rows of the rule's dataset, each with what to show of it.
    """

    checked: int = 0
    violations: int = 0
    hard: int = 0
    samples: list[tuple[int, str]] = field(default_factory=list)

    def count(self, rows: int, broken: bool, row: int, value: str, *, hard: bool = True) -> None:
        """Add rows (or a group), broken or not; ``row`` is the first of them."""
        self.checked += rows
        if broken:
            self.violations += rows
            self.hard += rows if hard else 0
            self.samples.append((row, value))


class CrossCheck:
    """The facts of one bundle with the indexes that the rules share; ``minor_units`` by currency code.

    A method is called only when the datasets that it reads are there.
    """

    def __init__(self, facts: Facts, minor_units: Mapping[str, int]) -> None:
        self._facts = facts
        self._minor_units = minor_units

    # Sums of BilledCost

    def sums_of_invoices(self) -> Outcome:
        """IND-BilledCost-C-010-C: invoices without an open row, rows that are no tax."""
        unfinished = {key for key, line in self._keyed_lines if line.status == OPEN}
        lines = [
            (key, line) for key, line in self._keyed_lines if key not in unfinished and line.category != TAX
        ]
        costs = _grouped((key[:2], key, total) for key, total in self._charges if not key.is_tax)
        return self._compare(lines, costs, lambda key, line: tuple(key))

    def sums_of_details(self) -> Outcome:
        """IND-BilledCost-C-013-C: rows of invoices that are not open; a detail of tax alone warns."""
        lines = [
            (key, line) for key, line in self._keyed_lines if line.status != OPEN and line.detail is not None
        ]
        costs = _grouped((key[:3], key, total) for key, total in self._charges)
        return self._compare(lines, costs, lambda key, line: (*key, str(line.detail)))

    def sums_of_charges(self) -> Outcome:
        """CAU-BilledCost-C-007-C: invoices that are issued; a difference of the tax alone warns."""
        outcome = Outcome()
        status = self._status_of_invoices(self._lines)
        everything = self._lines_by_invoice(lambda line: True)
        untaxed = self._lines_by_invoice(lambda line: line.category != TAX)
        costs = _grouped((key[:2], key, total) for key, total in self._charges)
        without_tax = _grouped((key[:2], key, total) for key, total in self._charges if not key.is_tax)
        for invoice, sums in costs.items():
            if status.get(InvoiceKey(*invoice)) != {ISSUED}:
                continue
            whole = gaps(sums, everything.get(invoice, {}), self._minor_units)
            if whole is None:
                continue
            part = gaps(without_tax.get(invoice, {}), untaxed.get(invoice, {}), self._minor_units) or ()
            broken = [gap for gap in whole if not gap.is_within]
            outcome.count(
                1,
                bool(broken),
                min(total.first for total in sums.values()),
                _show(invoice, broken),
                hard=not all(gap.is_within for gap in part),
            )
        return outcome

    # Records that other datasets have

    def details_exist(self) -> Outcome:
        """CAU-InvoiceDetailId-C-007-M: one record of Invoice Detail, which may lack the whole invoice."""
        outcome = Outcome()
        times = Counter((invoice, line.detail) for invoice, line in self._keyed_lines)
        invoices = {invoice for invoice, _ in self._keyed_lines}
        for key, total in self._charges:
            if key.detail is None:
                continue
            own = _invoice(key)
            broken = own is not None and times[own, key.detail] != 1
            outcome.count(total.rows, broken, total.first, key.detail, hard=own in invoices)
        return outcome

    def same_start(self) -> Outcome:
        """IND-BillingPeriodStart-C-005-M: as on every charge of the invoice."""
        return self._same_bound(lambda line: line.start, lambda key: key.start)

    def same_end(self) -> Outcome:
        """IND-BillingPeriodEnd-C-005-M: as on every charge of the invoice."""
        return self._same_bound(lambda line: line.end, lambda key: key.end)

    def created_before_closing(self) -> Outcome:
        """IND-InvoiceDetailCreated-C-005-C: no later than the last update of its closed billing period."""
        outcome = Outcome()
        closing: dict[PeriodKey, str] = {}
        for period_key, period in _keyed_periods(self._periods):
            if period.status == CLOSED and period.updated:
                closing[period_key] = max(closing.get(period_key, ""), period.updated)
        for line in self._lines.rows:
            key = _period(line)
            if key in closing and line.created is not None:
                late = line.created != UNREADABLE and line.created > closing[key]
                outcome.count(1, late, line.row, _moment(line.created))
        return outcome

    # An earlier delivery

    def period_reopened(self) -> Outcome:
        """BIP-BillingPeriodStatus-C-005-C: open now, closed before."""
        earlier = self._facts.earlier_periods
        assert earlier is not None
        before = {key for key, period in _keyed_periods(earlier) if period.status == CLOSED}
        known = {key for key, _ in _keyed_periods(earlier)}
        outcome = Outcome()
        for key, period in _keyed_periods(self._periods):
            if key in known and period.status is not None:
                outcome.count(1, period.status == OPEN and key in before, period.row, period.status)
        return outcome

    def invoice_reopened(self) -> Outcome:
        """IND-InvoiceIssueStatus-C-006-C: open now, issued before."""
        earlier = self._facts.earlier_lines
        assert earlier is not None
        before = self._status_of_invoices(earlier)
        outcome = Outcome()
        for key, line in self._keyed_lines:
            if key in before and line.status is not None:
                reopened = line.status == OPEN and ISSUED in before[key] and OPEN not in before[key]
                outcome.count(1, reopened, line.row, line.status)
        return outcome

    # Links that no rule asks for

    def charges_in_known_periods(self) -> Outcome:
        """Charges whose billing period stands in Billing Period."""
        outcome = Outcome()
        for key, total in self._charges:
            self._count_known(outcome, total.rows, total.first, key)
        return outcome

    def lines_in_known_periods(self) -> Outcome:
        """Invoice lines whose billing period stands in Billing Period."""
        outcome = Outcome()
        for line in self._lines.rows:
            self._count_known(outcome, 1, line.row, line)
        return outcome

    def commitments_exist(self) -> Outcome:
        """Commitments applied to charges that stand in Contract Commitment under the same contract."""
        commitments = self._facts.commitments
        assert commitments is not None
        outcome = Outcome()
        for pairs, rows in self._cost.applied.items():
            missing = sorted(pairs - commitments.pairs)
            value = json.dumps(missing[0] if missing else [], ensure_ascii=False)
            outcome.count(rows.number if pairs else 0, bool(missing), rows.first, value)
        return outcome

    def corrections_marked(self) -> Outcome:
        """Charges of a closed billing period that come in a later one: are they corrections?"""
        outcome = Outcome()
        spans = [
            (key, period)
            for key, period in _keyed_periods(self._periods)
            if period.status == CLOSED and period.end
        ]
        for early, rows in self._cost.early.items():
            closed = any(
                key.issuer == early.issuer and key.start <= early.start < (period.end or "")
                for key, period in spans
            )
            outcome.count(rows.number, closed, rows.first, _moment(early.start))
        return outcome

    # Indexes

    @property
    def _cost(self) -> Charges:
        assert self._facts.charges is not None
        return self._facts.charges

    @property
    def _charges(self) -> Iterable[tuple[ChargeKey, Total]]:
        return self._cost.totals.items()

    @property
    def _lines(self) -> Lines:
        assert self._facts.lines is not None
        return self._facts.lines

    @property
    def _periods(self) -> Periods:
        assert self._facts.periods is not None
        return self._facts.periods

    @cached_property
    def _keyed_lines(self) -> list[tuple[InvoiceKey, Line]]:
        return [(key, line) for line in self._lines.rows if (key := _invoice(line))]

    @cached_property
    def _charged(self) -> tuple[set[InvoiceKey], set[PeriodKey]]:
        """The invoices and the billing periods of which Cost and Usage has charges."""
        keys = [key for key, _ in self._charges]
        invoices = {invoice for key in keys if (invoice := _invoice(key))}
        return invoices, {period for key in keys if (period := _period(key))}

    @cached_property
    def _known_periods(self) -> dict[PeriodKey, set[Text]]:
        found: dict[PeriodKey, set[Text]] = {}
        for key, period in _keyed_periods(self._periods):
            found.setdefault(key, set()).add(period.end)
        return found

    def _status_of_invoices(self, lines: Lines) -> dict[InvoiceKey, set[Text]]:
        found: dict[InvoiceKey, set[Text]] = {}
        for line in lines.rows:
            if key := _invoice(line):
                found.setdefault(key, set()).add(line.status)
        return found

    def _lines_by_invoice(self, wanted: Callable[[Line], bool]) -> SumsByGroup:
        return _summed((tuple(key), line) for key, line in self._keyed_lines if wanted(line))

    def _compare(
        self,
        lines: list[tuple[InvoiceKey, Line]],
        costs: SumsByGroup,
        group: Callable[[InvoiceKey, Line], tuple[str, ...]],
    ) -> Outcome:
        """Sums of invoice lines per group against those of charges; a group of tax alone only warns."""
        outcome = Outcome()
        invoices, periods = self._charged
        covered = [(key, line) for key, line in lines if key in invoices or _period(line) in periods]
        taxed = {group(key, line) for key, line in covered if line.category == TAX}
        untaxed = {group(key, line) for key, line in covered if line.category != TAX}
        for name, sums in _summed((group(key, line), line) for key, line in covered).items():
            compared = gaps(costs.get(name, {}), sums, self._minor_units)
            if compared is None:
                continue
            broken = [gap for gap in compared if not gap.is_within]
            first = min(total.first for total in sums.values())
            outcome.count(1, bool(broken), first, _show(name, broken), hard=name not in taxed - untaxed)
        return outcome

    def _same_bound(self, own: Callable[[Line], Text], other: Callable[[ChargeKey], Text]) -> Outcome:
        outcome = Outcome()
        charged: dict[InvoiceKey, set[str]] = {}
        for key, _ in self._charges:
            if (invoice := _invoice(key)) and (bound := other(key)):
                charged.setdefault(invoice, set()).add(bound)
        for line in self._lines.rows:
            bound = own(line)
            if bound is None:
                continue
            invoice = _invoice(line)
            others = charged.get(invoice, set()) - {bound} if invoice and bound else set()
            outcome.count(1, bool(others), line.row, _moment(bound))
        return outcome

    def _count_known(self, outcome: Outcome, rows: int, first: int, entry: ChargeKey | Line) -> None:
        key = _period(entry)
        if key:
            ends = self._known_periods.get(key, set())
            known = entry.end in ends or (bool(ends) and not entry.end)
            outcome.count(rows, not known, first, f"{_moment(key.start)} to {_moment(entry.end or '')}")


def _invoice(entry: ChargeKey | Line) -> InvoiceKey | None:
    if entry.issuer is None or entry.invoice is None:
        return None
    return InvoiceKey(entry.issuer, entry.invoice)


def _period(entry: ChargeKey | Line | Period) -> PeriodKey | None:
    return PeriodKey(entry.issuer, entry.start) if entry.issuer is not None and entry.start else None


def _keyed_periods(periods: Periods) -> Iterator[tuple[PeriodKey, Period]]:
    return ((key, period) for period in periods.rows if (key := _period(period)))


def _grouped(charges: Iterable[tuple[tuple[Text, ...], ChargeKey, Total]]) -> SumsByGroup:
    """Sums of charges per group and currency; charges that lack a part of the group's name stay out."""
    found: SumsByGroup = {}
    for name, key, total in charges:
        if None not in name:
            sums = found.setdefault(tuple(map(str, name)), {})
            sums[key.currency] = sums[key.currency] + total if key.currency in sums else total
    return found


def _summed(lines: Iterable[tuple[tuple[str, ...], Line]]) -> SumsByGroup:
    """Sums of invoice lines per group and currency."""
    found: SumsByGroup = {}
    for name, line in lines:
        sums, total = found.setdefault(name, {}), Total(1, line.amount, line.row)
        sums[line.currency] = sums[line.currency] + total if line.currency in sums else total
    return found


def _show(name: tuple[str, ...], broken: list[Gap]) -> str:
    """A group whose sums differ, as JSON: its name, both sums and the tolerance."""
    if not broken:
        return ""
    names = ("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId")
    gap = broken[0]
    return json.dumps(
        {
            **dict(zip(names, name, strict=False)),
            "BillingCurrency": gap.currency,
            "CostAndUsage": plain(gap.cost),
            "InvoiceDetail": plain(gap.invoiced),
            "Tolerance": plain(gap.tolerance),
        },
        ensure_ascii=False,
    )


def _moment(text: str) -> str:
    return f"{text}Z" if text else "no moment"
