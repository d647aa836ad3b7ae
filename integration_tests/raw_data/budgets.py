"""What finance plans and adds: budgets, and cost of revenue that no AI provider bills."""

from __future__ import annotations

from collections.abc import Iterator

from .clock import at, iso, month_start
from .company import KESTREL, TRIAL
from .prices import GPT55, SONNET
from .tables import Row, Table

_PLANNED = at(2026, 7, 24, 10)
_QUARTER_PLANNED = at(2026, 9, 22, 10)
_MONTHS = [month_start(2026, month) for month in (8, 9, 10, 11)]
_QUARTER = (at(2026, 10, 1), at(2027, 1, 1))

# October to December: scope, id, currency, amount, warns at, denies at
_QUARTER_BUDGETS = (
    ("customer", KESTREL, "USD", "1200.00", "0.8", "1"),  # exceeded since its agent changed models
    ("customer", "cust_020", "EUR", "2400.00", "0.8", "1"),  # billed in euro
    ("customer", TRIAL, "USD", "60.00", "0.8", "1"),
    ("agent", "agent_review", "USD", "3000.00", "0.8", "1.2"),  # a warning after a month
    ("cost_center", "CC-910", "USD", "2500.00", "0.9", "1"),  # fine
    (
        "cost_center",
        "CC-420",
        "EUR",
        "16000.00",
        "0.9",
        None,
    ),  # dollars against euro; never denied; ends over it
    ("model", GPT55, "USD", "4000.00", None, None),  # for people only
    ("model", SONNET, "USD", "9000.00", "0.9", "1"),
)


def tables() -> Iterator[Table]:
    """Budgets, one of them revised, and other costs."""
    yield Table(
        "finance",
        "budgets",
        "budget_id scope scope_id period_start period_end currency amount "
        "warn_at_ratio deny_at_ratio recorded_at",
        _budgets(),
    )
    yield Table(
        "finance",
        "other_costs",
        "other_cost_id accounting_period_start customer_id product_line cost_type currency "
        "amount recorded_at",
        _other_costs(),
    )


def _budgets() -> Iterator[Row]:
    start, end = _QUARTER
    for scope, scope_id, currency, amount, warn, deny in _QUARTER_BUDGETS:
        yield (
            f"{scope_id}-2026-Q4",
            scope,
            scope_id,
            iso(start),
            iso(end),
            currency,
            amount,
            warn,
            deny,
            iso(_QUARTER_PLANNED),
        )
    for month, following in zip(_MONTHS, [*_MONTHS[1:], at(2026, 12, 1)], strict=True):
        yield _kestrel(month, following, "300.00", _PLANNED)
    # Raised for September after it was exceeded; the last record holds.
    yield _kestrel(_MONTHS[1], _MONTHS[2], "600.00", at(2026, 9, 18, 15))


def _kestrel(start: int, end: int, amount: str, recorded_at: int) -> Row:
    name = f"{KESTREL}-{iso(start)[:7]}"
    return (
        name,
        "customer",
        KESTREL,
        iso(start),
        iso(end),
        "USD",
        amount,
        "0.75",
        "1.5",
        iso(recorded_at),
    )


def _other_costs() -> Iterator[Row]:
    """Hosting by product line each month, a support case; August's hosting in euro came after the close."""
    for month in _MONTHS[:3]:
        recorded = iso(month + 33 * 86_400)
        for line, amount in (("assist", "420.00"), ("docs", "510.00"), ("code", "260.00")):
            yield (
                f"hosting-{line}-{iso(month)[:7]}",
                iso(month),
                None,
                line,
                "hosting",
                "USD",
                amount,
                recorded,
            )
    yield (
        "support-kestrel",
        iso(_MONTHS[2]),
        KESTREL,
        "docs",
        "support",
        "USD",
        "150.00",
        iso(at(2026, 10, 21)),
    )
    yield (
        "hosting-emea-2026-08",
        iso(_MONTHS[0]),
        None,
        "docs",
        "hosting",
        "EUR",
        "95.00",
        iso(at(2026, 9, 25)),
    )
