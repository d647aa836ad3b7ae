"""Random revenue under a fiscal calendar in a time zone, against a model of the rules in plain Python.

Lines of any sign and period, identifiers that begin, end, overlap and are recorded again, months that the log
has closed: every month's piece has its amount, its customer, the period in which it is posted and its rate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest

from .by_hand_books import GPT5
from .by_hand_raw import Raw
from .calendars import Calendar
from .project import Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

SEED, LINES = 20260105, 120
TABLE = [
    *(("P11", date(2025, 10, 6)), ("P12", date(2025, 11, 3)), ("P13", date(2025, 12, 8))),
    *(("P01", date(2026, 1, 5)), ("P02", date(2026, 2, 2)), ("P03", date(2026, 3, 9))),
]
CALENDAR = Calendar("Europe/Berlin", TABLE, date(2026, 4, 6))
FIRST, LAST = datetime(2025, 10, 1, 12), datetime(2026, 4, 20, 12)
FAR = datetime(9999, 1, 1)
SECOND = timedelta(seconds=1)
# The clocks go back on 26 October, so these moments have an hour that comes twice; and forward on 29 March.
CLOCKS = [datetime(2025, 10, 26, 0, 30), datetime(2025, 10, 26, 0, 59, 59), datetime(2026, 3, 29, 0, 59, 59)]
RATES = {"USD": Decimal(1), "EUR": Decimal("1.083333333333"), "JPY": Decimal("0.006666666667")}
UNIT = Fraction(1, 10**12)
PIECES = """select revenue_line_id, service_month, accounting_period_start, customer_id, amount,
        reporting_amount
    from main_focus_ai_intermediate.int_focus_ai__revenue_by_month"""


class Line(NamedTuple):
    payer: str
    currency: str
    amount: Decimal
    start: datetime
    end: datetime
    booked: datetime


class Identifier(NamedTuple):
    payer: str
    customer: str
    start: datetime
    end: datetime
    recorded: datetime


class Company:
    """Its revenue lines, identifiers of payers, closes and the months that have rates."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        payers = [f"cus_{number}" for number in range(8)]
        found = [self._identifier(rng.choice(payers)) for _ in range(20)]
        again = [each._replace(recorded=self._moment(each.recorded)) for each in rng.sample(found, 8)]
        again = [each._replace(customer=self._customer(), end=self._end(each.start)) for each in again]
        keyed = {(each.payer, each.start, each.recorded): each for each in found + again}
        self.identifiers = list(keyed.values())
        self.lines = {f"line-{number}": self._line([*payers, "nobody"]) for number in range(LINES)}
        self.periods = [start for start, end in pairwise(CALENDAR.starts) if end > FIRST and start <= LAST]
        self.closes = {start: CALENDAR.end(start) + timedelta(days=4, hours=5) for start in self.periods[:3]}

    def _moment(self, first: datetime = FIRST, last: datetime = LAST) -> datetime:
        seconds = max(int((last - first).total_seconds()), 1)
        moment = first + self._rng.randrange(seconds) * SECOND
        start = CALENDAR.start(moment)
        return self._rng.choice([moment, moment, start, start - SECOND, *CLOCKS[:1]])

    def _customer(self) -> str:
        return f"customer-{self._rng.randrange(4)}"

    def _end(self, start: datetime) -> datetime:
        return self._rng.choice([FAR, FAR, self._moment(start)])

    def _identifier(self, payer: str) -> Identifier:
        start = self._moment()
        recorded = self._rng.choice([FIRST, self._moment()])
        return Identifier(payer, self._customer(), start, self._end(start), recorded)

    def _line(self, payers: list[str]) -> Line:
        rng = self._rng
        start = rng.choice([self._moment(), self._moment(), *CLOCKS])
        lasting = rng.choice([0, -3 * 86400, 90 * 86400, 365 * 86400, rng.randrange(1, 9**8)]) * SECOND
        minor_units = rng.choice([1, -1, 7, -5000, 999999, rng.randrange(-(10**6), 10**7)])
        currency = rng.choice([*RATES, "CHF"])
        amount = Decimal(minor_units) / (1 if currency == "JPY" else 100)
        booked = rng.choice([start, self._moment()])
        return Line(rng.choice(payers), currency, amount, start, start + lasting, booked)

    # -- the rules ---------------------------------------------------------------------------------------

    def pieces(self, line: Line) -> Iterator[tuple[datetime, datetime, datetime, Fraction]]:
        """(period, from, until, exact amount); a line without a length is for one second."""
        end = max(line.end, line.start + SECOND)
        period = CALENDAR.start(line.start)
        while period < end:
            start, until = max(period, line.start), min(CALENDAR.end(period), end)
            part = Fraction((until - start) // SECOND, (end - line.start) // SECOND)
            yield period, start, until, Fraction(line.amount) * part
            period = CALENDAR.end(period)

    def posted(self, period: datetime, booked: datetime) -> datetime:
        """Where it belongs, or in the first later period that was open when it was booked."""
        if booked <= self.closes.get(period, FAR):
            return period
        return next(each for each in self.periods if each > period and booked <= self.closes.get(each, FAR))

    def customer(self, payer: str, start: datetime, until: datetime, moments: list[datetime]) -> str | None:
        """As known at the first moment at which anybody was named: in force at the start, else the first."""
        for known_at in moments:
            known = [each for each in self.identifiers if each.payer == payer and each.recorded <= known_at]
            last = {each.start: each for each in sorted(known, key=lambda each: each.recorded)}
            named = [
                (max(each.start, start), FAR - each.start, each.customer)
                for each in last.values()
                if max(each.start, start) < min(each.end, until)
            ]
            if named:
                return min(named)[2]
        return None

    # -- the raw tables ------------------------------------------------------------------------------------

    def load(self, raw: Raw) -> None:
        for day in (FIRST, LAST):
            raw.openai_cost("org", f"{day:%Y-%m-%d}", f"{GPT5}, input", "1.25", tokens=1000000)
        for each in self.identifiers:
            end = None if each.end == FAR else each.end
            validity = {"effective_from": each.start, "effective_to": end, "recorded_at": each.recorded}
            raw.payer(each.payer, each.customer, **validity)
        for name, line in self.lines.items():
            minor_units = line.amount * (1 if line.currency == "JPY" else 100)
            dates = {"created": line.booked, "status_transitions_finalized_at": line.booked}
            raw.stripe_invoice(name, line.payer, currency=line.currency.lower(), **dates)
            raw.add(
                "stripe.invoice_line_item",
                **{"id": name, "invoice_id": name, "amount": int(minor_units), "metadata": "{}"},
                **{"currency": line.currency.lower(), "period_start": line.start, "period_end": line.end},
            )
        for period, closed_at in self.closes.items():
            raw.add(
                "finance.close_log",
                **{"company_id": "company", "accounting_period_start": CALENDAR.first_day(period)},
                **{"action": "close", "closed_at": closed_at, "closed_by": "ana", "reviewed_by": "ben"},
            )
        for period in self.periods:
            for currency in ("EUR", "JPY"):
                raw.add(
                    "finance.fx_rates",
                    **{"month": CALENDAR.first_day(period), "from_currency": currency, "to_currency": "USD"},
                    **{"rate": RATES[currency], "rate_type": "average", "recorded_at": FIRST},
                )


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(random.Random(SEED))


@pytest.fixture(scope="module")
def pieces(
    company: Company, tmp_path_factory: pytest.TempPathFactory, raw_headers: dict[str, list[str]]
) -> dict[tuple[str, datetime], tuple[datetime, str | None, Decimal, Decimal | None]]:
    project = Project(tmp_path_factory.mktemp("revenue") / "project")
    raw = Raw(raw_headers)
    company.load(raw)
    raw.load(project)
    project.dbt(
        *("build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious"),
        *("--select", "+focus_ai__customer_gross_margin_daily", "+assert_focus_ai_margin_adds_up_to_revenue"),
        sources=["openai", "stripe", "attribution", "finance"],
        focus_ai_accounting_calendar=CALENDAR.variable,
    ).succeeded()
    return {(line, month): tuple(rest) for line, month, *rest in project.query(PIECES)}


def test_every_piece_is_what_the_rules_say(
    company: Company, pieces: dict[tuple[str, datetime], tuple]
) -> None:
    named = 0
    for name, line in company.lines.items():
        total = Decimal(0)
        for period, start, until, share in company.pieces(line):
            posted_in, customer, amount, reporting_amount = pieces.pop((name, period))
            posted = company.posted(period, line.booked)
            moments = [company.closes.get(each, FAR) for each in (period, posted)]
            expected = company.customer(line.payer, start, until, moments)
            assert (posted_in, customer) == (posted, expected), (name, period)
            assert abs(Fraction(amount) - share) < UNIT, (name, period)
            is_rated = line.currency == "USD" or posted in company.periods
            rate = RATES.get(line.currency) if is_rated else None
            assert (reporting_amount is None) == (rate is None), (name, period)
            if rate is not None:
                assert abs(Fraction(reporting_amount) - Fraction(amount) * Fraction(rate)) <= UNIT / 2
            total += amount
            named += customer is not None
        assert total == line.amount, name
    assert pieces == {}
    assert named > 100  # else the identifiers were not put to the test
