"""What finance does around the bills: providers' invoices, revenue, exchange rates, other costs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal

from simulation.company import ACCOUNTS, CUSTOMERS, START, Company
from simulation.facts import Invoice, InvoiceLine, OtherCost, RevenueLine, month_of, next_month
from simulation.tables import COLUMNS, iso
from simulation.truth import on_demand

CENT = Decimal("0.01")
DECIMALS = {"USD": 2, "EUR": 2, "JPY": 0}


class Invoices:
    """Invoices of the providers, and what is wrong with some of them."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def receive(self, share: float) -> None:
        """A share of the invoices that are due come: one a month of an account, or one a half of it."""
        month = START
        while next_month(month) < self.company.now:
            for account in ACCOUNTS:
                known = [
                    invoice
                    for invoice in self.company.invoices.values()
                    if invoice.account == account and invoice.month == month and not invoice.adjusts
                ]
                if not known and self.chance.random() < share:
                    middle, end = month + timedelta(days=15), next_month(month)
                    for start, stop in self.chance.choice([[(month, end)], [(month, middle), (middle, end)]]):
                        self._issue(Invoice("", START, account, month, ()), start, stop)
            month = next_month(month)

    def adjust(self, open_month: datetime) -> None:
        """A provider bills the difference of what it restated of a month that is over."""
        company = self.company
        if not (original := self._of_an_earlier_month(open_month)):
            return
        facts = company.facts()
        due = sum(
            amount
            for (account, day), amount in on_demand(facts).items()
            if account == original.account and month_of(day) == original.month
        )
        paid = sum(
            line.amount
            for invoice in company.invoices.values()
            if (invoice.account, invoice.adjusted or invoice.month) == (original.account, original.month)
            and not invoice.is_voided
            for line in invoice.lines
            if line.category == "Usage"
        )
        if difference := (due - paid).quantize(CENT):
            self._adjust(original, open_month, difference)

    def refund(self, open_month: datetime) -> None:
        """A provider takes back a part of a month that is over, and says so on an invoice only."""
        if original := self._of_an_earlier_month(open_month):
            self._adjust(original, open_month, -self._cents(3000))

    def _of_an_earlier_month(self, open_month: datetime) -> Invoice | None:
        candidates = [
            invoice
            for invoice in self.company.invoices.values()
            if not invoice.adjusts and not invoice.is_voided and invoice.month < open_month
        ]
        return self.chance.choice(candidates) if candidates else None

    def _adjust(self, original: Invoice, month: datetime, amount: Decimal) -> None:
        line = InvoiceLine("", "Usage", amount, original.month, next_month(original.month))
        self._write(
            original._replace(month=month, lines=(line,), adjusts=original.id, adjusted=original.month)
        )

    def void(self) -> None:
        """An invoice is voided; a few were sent by mistake, most come again."""
        owed = [invoice for invoice in self.company.invoices.values() if not invoice.is_voided]
        if not owed:
            return
        company, invoice = self.company, self.chance.choice(owed)
        company.tick()
        company.invoices[invoice.id] = invoice._replace(is_voided=True)
        table = company.tables["provider_invoices.invoices"]
        place = next(place for place, row in enumerate(table) if row[0] == invoice.id)
        row = dict(zip(COLUMNS["provider_invoices.invoices"], table[place], strict=True))
        table[place] = tuple((row | {"status": "Voided", "updated_at": iso(company.now)}).values())
        company.note(f"{invoice.id} is voided")
        if self.chance.random() < 0.7:
            self._write(invoice, reissue_of=invoice.id)

    def send_twice(self) -> None:
        """The same invoice comes with another number: two lines fit the same charges."""
        owed = [
            invoice
            for invoice in self.company.invoices.values()
            if not invoice.is_voided and not invoice.adjusts
        ]
        if owed:
            self._write(self.chance.choice(owed))

    def _issue(self, invoice: Invoice, start: datetime, end: datetime) -> None:
        """What is due for a window, rounded to cents; a few invoices are wrong by cents or by more."""
        due = sum(
            (
                amount
                for (account, day), amount in on_demand(self.company.facts()).items()
                if account == invoice.account and start <= day < end
            ),
            Decimal(0),
        ).quantize(CENT)
        usage = due + self.chance.choice([Decimal(0)] * 8 + [CENT, Decimal(7)])
        lines = [InvoiceLine("", "Usage", usage, start, end)]
        if self.chance.random() < 0.3:
            lines.append(InvoiceLine("", "Tax", (usage * Decimal("0.19")).quantize(CENT), start, end))
        if self.chance.random() < 0.2:
            lines.append(InvoiceLine("", "Credit", -self._cents(2000), start, end))
        self._write(invoice._replace(lines=tuple(lines)))

    def _write(self, invoice: Invoice, reissue_of: str | None = None) -> None:
        company = self.company
        company.tick()
        number = f"inv_{len(company.invoices)}"
        lines = tuple(line._replace(id=f"{number}_{place}") for place, line in enumerate(invoice.lines))
        company.invoices[number] = invoice._replace(id=number, known_at=company.now, lines=lines)
        now = iso(company.now)
        company.row(
            "provider_invoices.invoices",
            *[number, invoice.account.issuer, invoice.account.id, invoice.account.currency, now, "Issued"],
            *[iso(invoice.month), iso(next_month(invoice.month)), invoice.adjusts or reissue_of, now, now],
            "Net 30",
        )
        for line in lines:
            company.row(
                "provider_invoices.invoice_lines",
                *[line.id, number, line.category, f"{line.amount:f}", iso(line.start), iso(line.end)],
                "0.19" if line.category == "Tax" else None,
            )
        told = ", ".join(f"{line.category} {line.amount} {line.start:%m-%d}" for line in lines)
        adjusts = f" adjusting {invoice.adjusts}" if invoice.adjusts else ""
        company.note(f"{number}{adjusts} of {invoice.account.id} for {invoice.month:%Y-%m}: {told}")

    def _cents(self, most: int) -> Decimal:
        return self.chance.randrange(1, most) * CENT


class Customers:
    """What customers are billed and credited, as Stripe has it."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def bill(self) -> None:
        """A customer is billed: for a month, a part of one, or several; in advance, or late."""
        company, chance = self.company, self.chance
        company.tick()
        number = f"in_{len(company.tables['stripe.invoice'])}"
        customer = f"billing_system_{chance.choice(CUSTOMERS)}"
        currency = chance.choice(["USD", "USD", "USD", "EUR", "JPY"])
        now = iso(company.now)
        company.row(
            "stripe.invoice",
            *[number, customer, currency.lower(), "paid", now, now, now, None, "true", "false"],
        )
        for place in range(chance.choice([1, 1, 2])):
            start = month_of(company.now - timedelta(days=chance.choice([0, 0, 20, 45])))
            start = max(start, company.calendar.start_of_day(START)) + timedelta(
                seconds=chance.choice([0, 0, chance.randrange(10**6)])
            )
            end = start + timedelta(seconds=chance.choice([1, 20 * 86400, 31 * 86400, 92 * 86401]))
            minor = chance.randrange(-5000, 100_000)
            line = RevenueLine(
                f"{number}_{place}", number, customer, "invoice_line", currency,
                _amount(minor, currency), start, end,
            )  # fmt: skip
            company.revenue[line.id] = line
            company.row(
                "stripe.invoice_line_item",
                *[line.id, number, str(minor), currency.lower(), iso(start), iso(end), json.dumps({})],
            )
            company.note(f"{customer} is billed {line.amount} {currency}, {start} to {end}")

    def credit(self) -> None:
        """A credit note over a part of a line."""
        company = self.company
        if not (lines := self._standing_lines()):
            return
        company.tick()
        line = self.chance.choice(lines)
        number = f"cn_{len(company.tables['stripe.credit_note'])}"
        minor = self.chance.randrange(1, 3000)
        company.row("stripe.credit_note", number, line.invoice, iso(company.now), "issued", None)
        company.row("stripe.credit_note_line_item", f"{number}_0", number, str(minor), line.id)
        credit = line._replace(
            id=f"{number}_0:{line.id}", kind="credit_note", amount=-_amount(minor, line.currency)
        )
        company.revenue[credit.id] = credit
        company.note(f"{number} takes {-credit.amount} {line.currency} off {line.id}")

    def void(self) -> None:
        """An invoice is given up, with what was credited on it."""
        company = self.company
        if not (lines := self._standing_lines()):
            return
        company.tick()
        invoice = self.chance.choice(lines).invoice
        self._change("stripe.invoice", invoice, status="void", status_transitions_voided_at=iso(company.now))
        for line in [line for line in company.revenue.values() if line.invoice == invoice]:
            cancelled = line._replace(id=f"{line.id}:cancelled", kind="void", amount=-line.amount)
            company.revenue[cancelled.id] = cancelled
        company.note(f"{invoice} is void")

    def post_again(self) -> None:
        """A line is posted again: with another amount, for another time, or not at all."""
        company = self.company
        credited = {line.id.split(":")[1] for line in company.revenue.values() if line.kind == "credit_note"}
        lines = [line for line in self._standing_lines() if line.id not in credited]
        if not lines:
            return
        company.tick()
        line = self.chance.choice(lines)
        table, change = "stripe.invoice_line_item", self.chance.choice(["amount", "time", "gone"])
        if change == "gone":
            del company.revenue[line.id]
            company.tables[table] = [row for row in company.tables[table] if row[0] != line.id]
        elif change == "amount":
            minor = self.chance.randrange(0, 50_000)
            company.revenue[line.id] = line._replace(amount=_amount(minor, line.currency))
            self._change(table, line.id, amount=str(minor))
        else:
            end = line.end + timedelta(days=self.chance.choice([5, 40]))
            company.revenue[line.id] = line._replace(end=end)
            self._change(table, line.id, period_end=iso(end))
        company.note(f"{line.id} is posted again: {change}, {company.revenue.get(line.id)}")

    def _standing_lines(self) -> list[RevenueLine]:
        lines = self.company.revenue
        return [
            line
            for line in lines.values()
            if line.kind == "invoice_line" and f"{line.id}:cancelled" not in lines
        ]

    def _change(self, table: str, row_id: str, **values: str) -> None:
        rows = self.company.tables[table]
        place = next(place for place, row in enumerate(rows) if row[0] == row_id)
        row = dict(zip(COLUMNS[table], rows[place], strict=True))
        rows[place] = tuple((row | values).values())


class Treasury:
    """Exchange rates and other costs."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def publish_rates(self) -> None:
        """The rates of periods that have begun and have none, mostly."""
        period = self.company.calendar.start_of_day(START)
        while period < self.company.now:
            for currency in ("EUR", "JPY"):
                if (period, currency) not in self.company.rates and self.chance.random() < 0.8:
                    self._rate(period, currency)
            period = self.company.calendar.end(period)

    def restate_rate(self) -> None:
        """A rate is published again, maybe of a period that is closed."""
        if self.company.rates:
            self._rate(*self.chance.choice(list(self.company.rates)))

    def book_other_cost(self) -> None:
        """Other cost of revenue of this period or an earlier one, or some of it taken back."""
        company = self.company
        company.tick()
        day = max(company.now - timedelta(days=self.chance.choice([0, 0, 30, 60])), START)
        entry = OtherCost(
            company.calendar.start_of_day(day),
            self.chance.choice(["USD", "USD", "EUR"]),
            Decimal(self.chance.randrange(-3000, 10_000)) * CENT,
        )
        company.other_costs.append(entry)
        company.row(
            "finance.other_costs",
            f"{company.calendar.first_day(entry.period)}T00:00:00Z",
            *["hosting", entry.currency, f"{entry.amount:f}", iso(company.now), None],
            self.chance.choice([*CUSTOMERS, None]),
        )
        name = company.calendar.name(entry.period)
        company.note(f"other cost of {name}: {entry.amount} {entry.currency}")

    def _rate(self, period: datetime, currency: str) -> None:
        company = self.company
        company.tick()
        rate = Decimal(self.chance.randrange(1, 2 * 10**6)).scaleb(-6 if currency == "EUR" else -8)
        company.rates[period, currency] = rate
        first_day = str(company.calendar.first_day(period))
        company.row("finance.fx_rates", first_day, currency, "USD", "average", f"{rate:f}", iso(company.now))
        company.note(f"{currency} of {company.calendar.name(period)} at {rate}")


def _amount(minor_units: int, currency: str) -> Decimal:
    return Decimal(minor_units).scaleb(-DECIMALS[currency])
