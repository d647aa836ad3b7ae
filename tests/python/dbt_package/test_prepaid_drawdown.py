"""Prepaid draw-down: the set-based model against a charge-by-charge simulation."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from .conftest import Render
from .project import REPOSITORY

pytestmark = pytest.mark.slow

MODEL = REPOSITORY / "models/intermediate/prepaid/int_focus_ai__prepaid_drawdown.sql"
LAYERS = 6  # default of the var focus_ai_prepaid_layers
START = datetime(2026, 1, 1)

TABLES = """
create table int_focus_ai__prepaid_grants (
    source_relation text, grant_id text, billing_account_id text, billing_currency text,
    available_from timestamp, available_until timestamp,
    face_amount decimal(38, 12), paid_amount decimal(38, 12),
    purchase_accounting_period_start timestamp, recorded_at timestamp
);
create table focus_ai__billed_cost (
    source_relation text, charge_key text, charge_period_start timestamp, billing_account_id text,
    billing_currency text, provider_reported_cost decimal(38, 12), charge_category text, loaded_at timestamp,
    superseded_at timestamp
);
create table int_focus_ai__accounting_periods (accounting_period_start timestamp, closed_at timestamp);
"""


@dataclass(frozen=True)
class Grant:
    key: str
    first_day: int
    end_day: int
    face: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Charge:
    key: str
    day: int
    amount: Decimal


def in_order_of_expiry(grants: list[Grant]) -> list[Grant]:
    return sorted(grants, key=lambda grant: (grant.end_day, grant.first_day, grant.key))


def simulate(grants: list[Grant], charges: list[Charge]) -> dict[tuple[str, str], Decimal]:
    """What each charge draws from each grant, by the rule's own words (MONEY.md R6)."""
    left = {grant.key: grant.face for grant in grants}
    draws = {}
    for charge in sorted(charges, key=lambda charge: (charge.day, charge.key)):
        rest = charge.amount
        for grant in in_order_of_expiry(grants):
            draw = min(rest, left[grant.key])
            if grant.first_day <= charge.day < grant.end_day and draw > 0:
                draws[charge.key, grant.key] = draw
                left[grant.key] -= draw
                rest -= draw
    return draws


def layers_needed(grants: list[Grant]) -> int:
    ordered = in_order_of_expiry(grants)
    return 1 + sum(later.first_day < earlier.first_day for earlier, later in itertools.pairwise(ordered))


def random_account(random_: random.Random) -> tuple[list[Grant], list[Charge]]:
    """Grants that nest, overlap and expire within the charges' days; amounts of up to 12 decimals."""
    grants = []
    for number in range(random_.randint(1, 9)):
        first_day = random_.randint(0, 40)
        face = Decimal(random_.choice([1, 5, 10, 50, 100])) + Decimal(random_.randint(0, 99)) / 100
        paid = (face * random_.choice([Decimal(1), Decimal("0.9"), Decimal(0)])).quantize(Decimal("0.01"))
        validity = random_.choice([1, 2, 5, 10, 20, 40, 400])
        grants.append(Grant(f"grant-{number}", first_day, first_day + validity, face, paid))
    charges = [
        Charge(f"charge-{number:02}", random_.randint(0, 60), Decimal(random_.randint(1, 10**12)) / 10**11)
        for number in range(random_.randint(1, 60))
    ]
    return grants, charges


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def drawn(
    connection: duckdb.DuckDBPyConnection, model: str, grants: list[Grant], charges: list[Charge]
) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    connection.execute("delete from int_focus_ai__prepaid_grants; delete from focus_ai__billed_cost")
    connection.executemany(
        """insert into int_focus_ai__prepaid_grants
        values ('openai', $1, 'account', 'USD', $2, $3, $4, $5, date_trunc('month', $2::timestamp), $2)""",
        [[g.key, day(g.first_day), day(g.end_day), g.face, g.paid] for g in grants],
    )
    connection.executemany(
        """insert into focus_ai__billed_cost
        values ('openai', $1, $2, 'account', 'USD', $3, 'Usage', $2 + interval 1 day, null)""",
        [[c.key, day(c.day), c.amount] for c in charges],
    )
    rows = connection.execute(
        f"select charge_key, grant_id, draw_face_amount, draw_effective_cost from ({model})"
    ).fetchall()
    return {(charge, grant): (face, cost) for charge, grant, face, cost in rows}


@pytest.fixture(scope="module")
def model(render: Render) -> str:
    text = MODEL.read_text(encoding="utf-8")
    text = re.sub(r"\{\{ config\(.*?\) \}\}", "", text, count=1)
    return render(re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text))


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


@pytest.mark.parametrize("seed", range(3))
def test_draws_are_those_of_the_simulation(
    model: str, connection: duckdb.DuckDBPyConnection, seed: int
) -> None:
    random_ = random.Random(seed)
    for _ in range(15):
        grants, charges = random_account(random_)
        if layers_needed(grants) > LAYERS:
            continue
        rows = drawn(connection, model, grants, charges)
        assert {key: face for key, (face, _) in rows.items()} == simulate(grants, charges)
        for grant in grants:
            faces = sum(face for (_, key), (face, _) in rows.items() if key == grant.key)
            costs = [cost for (_, key), (_, cost) in rows.items() if key == grant.key]
            assert all(cost >= 0 for cost in costs)
            assert sum(costs) <= grant.paid
            if faces == grant.face:
                assert sum(costs) == grant.paid


def test_a_long_row_of_recharges_needs_one_layer(model: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Automatic recharge: a grant a day, each valid for a year; charges run ahead of it and fall behind."""
    random_ = random.Random(7)
    grants = [
        Grant(f"grant-{n:03}", n, n + 365, Decimal(random_.randint(500, 1500)) / 100, Decimal(10))
        for n in range(300)
    ]
    charges = [
        Charge(f"charge-{n:04}", n // 3, Decimal(random_.randint(1, 7 * 10**12)) / 10**12) for n in range(900)
    ]
    assert layers_needed(grants) == 1
    rows = drawn(connection, model, grants, charges)
    assert {key: face for key, (face, _) in rows.items()} == simulate(grants, charges)
