"""The company's own finance tables: negotiated prices, exchange rates, prepaid grants, log of closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .billing import DailyBill
from .clock import at, date, iso
from .company import ANTHROPIC, Company
from .money import units
from .prices import ContractPrice
from .tables import Table

CLOSED_AT = {at(2026, 8, 1): at(2026, 9, 4, 18), at(2026, 9, 1): at(2026, 10, 6, 18)}

# (average, closing) of a month; how many dollars one unit is worth.
_TO_USD = {
    "EUR": {
        at(2026, 8, 1): ("1.164830", "1.168500"),
        at(2026, 9, 1): ("1.172140", "1.170900"),
        at(2026, 10, 1): ("1.158720", "1.155300"),
    },
    "JPY": {
        at(2026, 8, 1): ("0.006752", "0.006791"),
        at(2026, 9, 1): ("0.006720", "0.006688"),
        at(2026, 10, 1): ("0.006574", "0.006549"),
    },
}


class Grant(NamedTuple):
    """Prepaid credit of the Anthropic account: face value and what was paid for it; expires at `expires`."""

    grant_id: str
    purchased: int
    expires: int
    face: str
    paid: str
    invoice_id: str | None


def grants(company: Company) -> list[Grant]:
    """The first has a bonus and expires with a rest, the second runs out during a day, one is a gift."""
    return [
        Grant(company.id(grant_id), purchased, expires, face, paid, invoice and company.id(invoice))
        for grant_id, purchased, expires, face, paid, invoice in (
            ("grant_2026_08_bonus", at(2026, 8, 1), at(2026, 8, 23), "5000.00", "4200.00", "ANT-2026-0801"),
            ("grant_2026_08_b", at(2026, 8, 23), at(2027, 8, 23), "4700.00", "4700.00", "ANT-2026-0823"),
            ("grant_2026_09", at(2026, 9, 19), at(2027, 9, 19), "6000.00", "5700.00", "ANT-2026-0919"),
            ("grant_2026_10_gift", at(2026, 10, 5), at(2026, 11, 5), "500.00", "0.00", None),
            ("grant_2026_10", at(2026, 10, 12), at(2027, 10, 12), "8000.00", "8000.00", "ANT-2026-1012"),
        )
    ]


def on_demand(bills: Iterable[DailyBill], credit: list[Grant]) -> dict[int, int]:
    """What the grants do not cover, by day, in 10^-12 USD: grants that expire first are drawn first."""
    left = {grant: units(grant.face) for grant in sorted(credit, key=lambda g: (g.expires, g.purchased))}
    uncovered = {}
    for bill in sorted((b for b in bills if b.provider == ANTHROPIC), key=lambda b: b.day):
        cost = sum(line.amount for line in bill.lines)
        for grant in left:
            if grant.purchased <= bill.day < grant.expires:
                drawn = min(cost, left[grant])
                left[grant] -= drawn
                cost -= drawn
        if cost:
            uncovered[bill.day] = cost
    return uncovered


def tables(company: Company, contracts: list[ContractPrice]) -> Iterator[Table]:
    """The tables of the finance source."""
    yield Table(
        "finance",
        "contract_prices",
        "price_id source_relation billing_account_id model_id token_class processing_tier "
        "currency pricing_unit unit_price effective_from effective_to recorded_at",
        (
            (
                price.price_id,
                "openai",
                price.account,
                price.model,
                price.token_class,
                price.tier,
                price.currency,
                "1000000 Tokens",
                price.price,
                iso(price.start),
                iso(price.end) if price.end is not None else None,
                iso(price.recorded_at),
            )
            for price in contracts
        ),
    )
    yield Table(
        "finance",
        "prepaid_grants",
        "grant_id source_relation billing_account_id purchased_at expires_at face_amount "
        "currency paid_amount invoice_id invoice_line_id recorded_at",
        (
            (
                grant.grant_id,
                "anthropic",
                company.claude,
                iso(grant.purchased),
                iso(grant.expires),
                grant.face,
                "USD",
                grant.paid,
                grant.invoice_id,
                grant.invoice_id and f"{grant.invoice_id}-1",
                iso(grant.purchased + 3_600),
            )
            for grant in grants(company)
        ),
    )
    if company.replica == 0:
        yield _fx_rates()
        yield _close_log()


def _fx_rates() -> Table:
    return Table(
        "finance",
        "fx_rates",
        "month from_currency to_currency rate_type rate recorded_at",
        (
            (date(month), currency, "USD", rate_type, rate, iso(_first_working_days_after(month)))
            for currency, rates in _TO_USD.items()
            for month, pair in rates.items()
            for rate_type, rate in zip(("average", "closing"), pair, strict=True)
        ),
    )


def _first_working_days_after(month: int) -> int:
    return month + 32 * 86_400 + 9 * 3_600


def _close_log() -> Table:
    return Table(
        "finance",
        "close_log",
        "company_id accounting_period_start invoice_issuer_name billing_period_start action "
        "closed_at closed_by reviewed_by reason",
        (
            (
                "company-1",
                iso(month),
                issuer,
                iso(month),
                "close",
                iso(closed_at),
                "user-ines",
                "user-tom",
                None,
            )
            for month, closed_at in CLOSED_AT.items()
            for issuer in ("Anthropic", "OpenAI")
        ),
    )
