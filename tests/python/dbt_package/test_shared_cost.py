"""Shared cost: the models' own SQL on random pools and charges, against the rule's words in fractions.

What R18 asks for: a chain of splits is one ratio against the provider's charge, ratios add up to exactly 1,
the charge's amounts are kept to the last decimal, and no share is off its exact value by a unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from hashlib import md5
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .conftest import Render
from .project import REPOSITORY

pytestmark = pytest.mark.slow

STEPS = ("int_focus_ai__shared_cost_ratios", "int_focus_ai__shared", "int_focus_ai__allocated")
MONEY, POOL_RATIO, RATIO = Fraction(1, 10**12), Fraction(1, 10**9), Fraction(1, 10**12)
CUT = "select '--8<--'"
IN_POOL = {"sku_price_id": "sku", "accounting_period_start": "2026-01-01"}

KEY = {"ledger_version": "varchar", "sku_charge_id": "varchar"}
TABLES = {
    "int_focus_ai__priced": dict.fromkeys(
        ("source_relation", "billing_currency", "sku_price_id", "consumed_unit"), "varchar"
    )
    | dict.fromkeys(("accounting_period_start", "known_at", "loaded_at"), "timestamp")
    | dict.fromkeys(("consumed_quantity", "pricing_quantity"), "decimal(38,6)")
    | dict.fromkeys(
        (
            *("provider_reported_cost", "billed_cost", "effective_cost", "commitment_discount_quantity"),
            "list_unit_price",
        ),
        "decimal(38,12)",
    )
    | {"pricing_unit_size": "decimal(38,0)", "is_consumption": "boolean"},
    "int_focus_ai__overridden": dict.fromkeys(
        (
            *("origin_consumer_id", "consumer_id", "customer_id", "product_line", "agent_id", "workflow_id"),
            *("cost_center", "cost_class", "credential_id", "principal_id", "attribution_method_id"),
            *("attribution_rule_id", "attribution_confidence", "leftover_reason"),
        ),
        "varchar",
    )
    | {"is_boundary_bucket": "boolean", "is_observed": "boolean"}
    | {"weight": "decimal(38,0)", "loaded_at": "timestamp"},
    "int_focus_ai__shared_cost_legs": dict.fromkeys(
        (
            *("origin_consumer_id", "pool_id", "rule_id", "sku_price_id", "billing_currency", "method"),
            *("receivers", "receiver_product_line", "receiver_customer_ids", "receiver_source_relation"),
            "target_cost_class",
        ),
        "varchar",
    )
    | {"accounting_period_start": "timestamp", "known_at": "timestamp"},
    "int_focus_ai__request_counts": {"consumer_id": "varchar", "request_count": "decimal(38,0)"},
}

Weights = dict[str, int]  # customer: tokens, below 0 after a refund


class Leg(NamedTuple):
    """A consumer's part of a charge; `weight` None is a charge of one consumer whose usage is unknown."""

    weight: int | None
    is_shared: bool
    requests: int | None


class Charge(NamedTuple):
    """A charge of the provider with the parts of its consumers."""

    cost: Decimal
    tokens: int
    legs: tuple[Leg, ...]


class Share(NamedTuple):
    """A row of int_focus_ai__allocated."""

    leg: str
    customer: str | None
    cost: Decimal
    tokens: Decimal
    ratio: Decimal
    requests: Decimal | None
    method: str | None


money = st.decimals(min_value=-(10**6), max_value=10**6, places=12)
legs = st.builds(
    Leg,
    weight=st.one_of(st.integers(0, 5), st.integers(1, 10**9)),
    is_shared=st.booleans(),
    requests=st.one_of(st.none(), st.integers(0, 1000)),
)
split_charges = st.builds(
    Charge, money, st.integers(-(10**9), 10**9), st.lists(legs, min_size=2, max_size=4).map(tuple)
).filter(lambda charge: any(leg.weight for leg in charge.legs))
whole_charges = st.builds(
    Charge,
    money,
    st.integers(-(10**9), 10**9),
    legs.map(lambda leg: (leg._replace(weight=None),)),
)
pools = st.dictionaries(
    st.sampled_from("abcdefg"), st.one_of(st.integers(-3, 3), st.integers(0, 10**12)), max_size=6
)


@pytest.fixture(scope="module")
def allocate(render: Render) -> Callable[[Weights, list[Charge]], dict[int, list[Share]]]:
    """The three models, on tables of the names that they read."""
    texts = [_standalone(name) for name in STEPS]
    compiled = dict(zip(STEPS, render(f"\n{CUT}\n".join(texts)).split(CUT), strict=True))

    def run(pool: Weights, charges: list[Charge]) -> dict[int, list[Share]]:
        with duckdb.connect() as connection:
            _load(connection, pool, charges)
            for name, sql in compiled.items():
                connection.execute(f"create table {name} as {sql}")
            rows = connection.execute(
                """select allocated.sku_charge_id, shared.origin_consumer_id, shared.customer_id,
                    effective_cost, consumed_quantity, allocated_ratio, allocated.request_count,
                    allocated_method_id
                from int_focus_ai__allocated as allocated
                inner join int_focus_ai__shared as shared using (ledger_version, sku_charge_id, consumer_id)
                where allocated.sku_charge_id not like 'usage%'"""
            ).fetchall()
        shares: dict[int, list[Share]] = {place: [] for place in range(len(charges))}
        for charge, *values in rows:
            shares[int(charge)].append(Share(*values))
        return shares

    return run


def _standalone(model: str) -> str:
    path = next((REPOSITORY / "models").rglob(f"{model}.sql"))
    text = re.sub(r"\{\{ config\(.*?\) \}\}", "", path.read_text(), count=1, flags=re.DOTALL)
    return re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text)


def _load(connection: duckdb.DuckDBPyConnection, pool: Weights, charges: list[Charge]) -> None:
    """Each customer has a charge of its own, whose tokens weigh; and there are the charges to share."""
    for table, columns in TABLES.items():
        declared = ", ".join(f"{name} {type_}" for name, type_ in (KEY | columns).items())
        connection.execute(f"create table {table} ({declared})")

    def insert(table: str, charge: str, **values: object) -> None:
        row = {"ledger_version": "current", "sku_charge_id": charge} | values
        places = ", ".join("?" * len(row))
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({places})",
            [str(value) if isinstance(value, Decimal) else value for value in row.values()],
        )

    def price(charge: str, tokens: int, cost: Decimal) -> None:
        insert(
            *("int_focus_ai__priced", charge),
            **dict.fromkeys(("provider_reported_cost", "billed_cost", "effective_cost"), cost),
            **dict.fromkeys(("consumed_quantity", "pricing_quantity"), tokens),
            **{"is_consumption": True, "source_relation": "a", "billing_currency": "USD"},
            **{"consumed_unit": "Tokens", "list_unit_price": 1, "pricing_unit_size": 1, **IN_POOL},
        )

    def consume(charge: str, consumer: str, customer: str | None, weight: int | None) -> None:
        insert(
            *("int_focus_ai__overridden", charge),
            **{"origin_consumer_id": consumer, "consumer_id": consumer, "customer_id": customer},
            **{"weight": weight, "attribution_rule_id": "r", "cost_class": "CostOfRevenue"},
            **{"is_boundary_bucket": False, "is_observed": False},
        )

    for customer, tokens in pool.items():
        price(f"usage {customer}", tokens, Decimal(0))
        consume(f"usage {customer}", f"own {customer}", customer, None)
    for place, charge in enumerate(charges):
        price(str(place), charge.tokens, charge.cost)
        for number, leg in enumerate(charge.legs):
            consume(str(place), str(number), None, leg.weight)
            if leg.is_shared and leg.weight != 0:
                insert(
                    *("int_focus_ai__shared_cost_legs", str(place)),
                    **{"origin_consumer_id": str(number), "pool_id": "pool", "rule_id": "rule", **IN_POOL},
                    **{"method": "tokens", "receivers": "all_customers"},
                )
            if leg.requests:
                insert(
                    *("int_focus_ai__request_counts", str(place)),
                    **{"consumer_id": str(number), "request_count": leg.requests},
                )


def pool_ratios(pool: Weights) -> dict[str, Fraction] | None:
    """Each customer's exact share of the pool; None where nothing can be shared."""
    if not pool or min(pool.values()) < 0 or sum(pool.values()) == 0:
        return None
    return {customer: Fraction(tokens, sum(pool.values())) for customer, tokens in pool.items()}


def quotas(charge: Charge) -> dict[str, Fraction]:
    """Each leg's exact share of the charge."""
    weights = [1 if leg.weight is None else leg.weight for leg in charge.legs]
    return {str(number): Fraction(weight, sum(weights)) for number, weight in enumerate(weights)}


def is_largest_remainder(shares: list[tuple[Decimal, Fraction]], amount: Fraction, unit: Fraction) -> bool:
    """Are the shares the amount's largest-remainder split by the exact ratios, however ties go?"""
    taken, remainders = {True: [Fraction(-1)], False: [Fraction(2)]}, []
    for share, ratio in shares:
        exact = abs(amount) * ratio / unit
        extra = abs(Fraction(share)) / unit - int(exact)
        remainders.append(extra)
        taken[extra == 1].append(exact - int(exact))
    signed = all(Fraction(share) * amount >= 0 for share, _ in shares)
    total = sum(Fraction(share) for share, _ in shares)
    in_order = min(taken[True][1:], default=Fraction(2)) >= max(taken[False][1:], default=Fraction(-1))
    return signed and total == amount and set(remainders) <= {0, 1} and in_order


# An example takes a third of a second: a failure is shown as it was found.
@settings(
    max_examples=50,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pool=pools, charges=st.lists(st.one_of(split_charges, whole_charges), min_size=1, max_size=4))
def test_a_chain_of_splits_is_one_exact_distribution(
    allocate: Callable[[Weights, list[Charge]], dict[int, list[Share]]],
    pool: Weights,
    charges: list[Charge],
) -> None:
    exact_pool = pool_ratios(pool)
    found = allocate(pool, charges)
    for place, charge in enumerate(charges):
        shares, of_leg = found[place], quotas(charge)
        ratio_of = _ratios_used(pool, exact_pool, charge, shares)
        parts = [(share, of_leg[share.leg] * ratio_of[share.leg, share.customer]) for share in shares]
        assert sum(ratio for _, ratio in parts) == 1
        assert is_largest_remainder([(s.ratio, ratio) for s, ratio in parts], Fraction(1), RATIO)
        assert is_largest_remainder([(s.cost, ratio) for s, ratio in parts], Fraction(charge.cost), MONEY)
        assert is_largest_remainder(
            [(s.tokens, ratio) for s, ratio in parts], Fraction(charge.tokens), Fraction(1)
        )
        for share, ratio in parts:  # R18
            assert abs(Fraction(share.cost) - ratio * Fraction(charge.cost)) < MONEY
        for number, leg in enumerate(charge.legs):
            rows = [share for share in shares if share.leg == str(number)]
            assert sum(share.requests or 0 for share in rows) == (leg.requests or 0)
            assert (len(rows) > 1 or rows[0].customer is not None) <= (leg.is_shared and leg.weight != 0)


def _ratios_used(
    pool: Weights, exact_pool: dict[str, Fraction] | None, charge: Charge, shares: list[Share]
) -> dict[Any, Fraction]:
    """The pool's ratio of each row, 1 on what is not shared; 9 decimals beside other parts of a charge."""
    used: dict[Any, Fraction] = {}
    for number, leg in enumerate(charge.legs):
        if not leg.is_shared or leg.weight == 0 or exact_pool is None:
            used[str(number), None] = Fraction(1)
            continue
        if len(charge.legs) == 1:
            used |= {(str(number), name): ratio for name, ratio in exact_pool.items()}
            continue
        floors = {name: int(ratio / POOL_RATIO) for name, ratio in exact_pool.items()}
        received = {share.customer for share in shares if share.leg == str(number)}
        extras = sorted(
            exact_pool, key=lambda name: (-(exact_pool[name] / POOL_RATIO - floors[name]), _receiver(name))
        )
        for name in extras[: 10**9 - sum(floors.values())]:
            floors[name] += 1
        assert received == {name for name, units in floors.items() if units}
        used |= {(str(number), name): units * POOL_RATIO for name, units in floors.items()}
    return used


def _receiver(customer: str) -> str:
    """Ties go by the receiver's id: the hash of customer, product line and cost center (null is U+2400)."""
    return md5(f"{len(customer)}:{customer}␀␀".encode()).hexdigest()


@pytest.mark.parametrize(
    ("pool", "method"),
    [
        ({"a": 1, "b": 2}, "SharedByTokens"),
        ({"a": 0, "b": 0}, "WholeCharge"),
        ({"a": 5, "b": -1}, "WholeCharge"),
        ({}, "WholeCharge"),
    ],
)
def test_what_nothing_weighs_stays_where_it_was(
    allocate: Callable[[Weights, list[Charge]], dict[int, list[Share]]], pool: Weights, method: str
) -> None:
    (shares,) = allocate(pool, [Charge(Decimal("-1.5"), 3, (Leg(None, True, 4),))]).values()
    assert {share.method for share in shares} == {method}
    assert sum(share.cost for share in shares) == Decimal("-1.5")
    if method == "WholeCharge":
        assert [(share.leg, share.customer, share.requests) for share in shares] == [("0", None, 4)]
