"""Largest remainder: the macro against whole-number arithmetic in Python."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from .conftest import Query, Render

UNIT = {"money": Decimal("0.000000000001"), "tokens": Decimal(1)}

Receiver = tuple[str, int | None, bool]  # natural key, weight, takes everything that cannot be weighed


def largest_remainder(
    amount: Decimal | None, unit: Decimal, receivers: list[Receiver]
) -> dict[str, Decimal | None]:
    """Shares by the rule's own words (MONEY.md R1), one receiver after the other."""
    if amount is None:
        return {key: None for key, _, _ in receivers}
    weights = {key: weight or 0 for key, weight, _ in receivers}
    if min(weights.values()) < 0 or sum(weights.values()) == 0:
        taker = min((not takes_all, key) for key, _, takes_all in receivers)[1]
        weights = {key: int(key == taker) for key in weights}
    units = int(abs(amount) / unit)
    exact = {key: Fraction(units * weight, sum(weights.values())) for key, weight in weights.items()}
    shares = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (-(exact[key] - shares[key]), key))
    for key in by_remainder[: units - sum(shares.values())]:
        shares[key] += 1
    return {key: share * unit * (-1 if amount < 0 else 1) for key, share in shares.items()}


def random_cases(seed: int) -> dict[int, tuple[Decimal | None, Decimal | None, list[Receiver]]]:
    random_ = random.Random(seed)
    cases = {}
    for case in range(400):
        weights = [
            random_.choice([0, 1, 1, 3, 7, random_.randrange(10**12), None])
            for _ in range(random_.randint(1, 7))
        ]
        if case % 20 == 0:
            weights[0] = -5
        leftover = random_.randrange(-2, len(weights))
        receivers = [(f"key-{i}", weight, i == leftover) for i, weight in enumerate(weights)]
        money = Decimal(random_.randrange(-(10**19), 10**19)).scaleb(-12)
        tokens = Decimal(random_.randrange(-50, 10**12))
        cases[case] = (random_.choice([money, money, Decimal("0.01"), Decimal(0), None]), tokens, receivers)
    return cases


@pytest.fixture(scope="module")
def distribute_sql(render: Render) -> str:
    return render(
        """{{ focus_ai.distribute(
            'receivers', columns=['case_id', 'key'], partition_by=['case_id'], order_by=['key'],
            weight='weight', amounts=[('money', 12), ('tokens', 0)], takes_all='takes_all'
        ) }}"""
    )


def literal(value: object) -> str:
    return "null" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_are_those_of_largest_remainder(distribute_sql: str, query: Query, seed: int) -> None:
    cases = random_cases(seed)
    values = ",\n".join(
        f"({case}, {literal(key)}, {literal(weight)}, {literal(takes_all).lower()},"
        f" {literal(money)}, {literal(tokens)})"
        for case, (money, tokens, receivers) in cases.items()
        for key, weight, takes_all in random.Random(seed).sample(receivers, len(receivers))
    )
    rows = query(
        f"""
        with receivers as (
            select case_id, key, cast(weight as hugeint) as weight, takes_all,
                   cast(money as decimal(38, 12)) as money, cast(tokens as decimal(38, 0)) as tokens
            from (values {values}) as v (case_id, key, weight, takes_all, money, tokens)
        )
        select case_id, key, money_share, tokens_share from ({distribute_sql})
        """
    )
    expected = {
        (case, key): (
            largest_remainder(money, UNIT["money"], receivers)[key],
            largest_remainder(tokens, UNIT["tokens"], receivers)[key],
        )
        for case, (money, tokens, receivers) in cases.items()
        for key, _, _ in receivers
    }
    assert {(case, key): (money, tokens) for case, key, money, tokens in rows} == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weights", "reason"),
    [([1, 2], None), ([0, 0], "ZeroWeight"), ([5, -1], "NegativeWeight"), ([None, 0], "ZeroWeight")],
)
def test_reason_says_why_one_row_takes_all(
    distribute_sql: str, query: Query, weights: list[int | None], reason: str | None
) -> None:
    values = ", ".join(
        f"(1, 'key-{i}', {literal(w)}, {str(i == 1).lower()}, 1.5, 10)" for i, w in enumerate(weights)
    )
    rows = query(
        f"""
        with receivers as (
            select case_id, key, cast(weight as hugeint) as weight, takes_all,
                   cast(money as decimal(38, 12)) as money, cast(tokens as decimal(38, 0)) as tokens
            from (values {values}) as v (case_id, key, weight, takes_all, money, tokens)
        )
        select key, money_share, distribution_reason from ({distribute_sql}) order by key
        """
    )
    assert {row[2] for row in rows} == {reason}
    if reason:
        assert [row[1] for row in rows] == [Decimal(0), Decimal("1.5")]
