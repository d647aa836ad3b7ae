"""Exact arithmetic, ids and JSON text: what the macros write, against Python's decimals and JSON."""

from __future__ import annotations

import hashlib
import json
import random
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from .conftest import Query, Render

pytestmark = pytest.mark.slow


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_divide_and_multiply_round_half_away_from_zero(render: Render, query: Query) -> None:
    random_ = random.Random(7)
    pairs = [
        (Decimal("0.0000005"), Decimal(1)),
        (Decimal("-0.0000005"), Decimal(1)),
        (Decimal(1), Decimal(3)),
    ]
    pairs += [
        (
            Decimal(random_.randrange(-(10**14), 10**14)).scaleb(-8),
            Decimal(random_.randrange(1, 10**12)).scaleb(-6),
        )
        for _ in range(300)
    ]
    sql = render("{{ focus_ai.divide('a', 'b') }} as q, {{ focus_ai.multiply('a', 'b') }} as p")
    values = ", ".join(f"({i}, {a:f}, {b:f})" for i, (a, b) in enumerate(pairs))
    rows = query(
        f"""select {sql} from (
            select i, cast(a as decimal(38, 12)) as a, cast(b as decimal(38, 12)) as b
            from (values {values}) as v (i, a, b)) order by i"""
    )
    with localcontext() as context:
        context.prec = 60
        assert [row[0] for row in rows] == [rounded(a / b, 6) for a, b in pairs]
        assert [row[1] for row in rows] == [rounded(a * b, 12) for a, b in pairs]


def test_division_by_zero_is_unknown(render: Render, query: Query) -> None:
    sql = render(
        "select {{ focus_ai.divide('1.5', '0.0') }},"
        " {{ focus_ai.divide('1.5', 'cast(null as decimal(38,12))') }}"
    )
    assert query(sql) == [(None, None)]


def test_ids_tell_null_empty_and_shifted_fields_apart(render: Render, query: Query) -> None:
    keys = [
        "'ab', 'c'",
        "'a', 'bc'",
        "'abc', ''",
        "'abc', cast(null as text)",
        "'abc', '␀'",
        "cast(null as text), 'abc'",
    ]
    sql = render("{{ focus_ai.hash_id(['a', 'b']) }}")
    rows = query(f"select {sql} from (values {', '.join(f'({key})' for key in keys)}) as v (a, b)")
    assert len({row[0] for row in rows}) == len(keys)


def test_id_does_not_change_between_versions(render: Render, query: Query) -> None:
    sql = render(
        """select {{ focus_ai.hash_id([
            "'openai'", focus_ai.utc_text("timestamp '2026-01-31 23:59:59'"), focus_ai.decimal_text('1.5'),
            focus_ai.count_text('7'), 'cast(null as text)'
        ]) }}"""
    )
    canonical = "6:openai" + "20:2026-01-31T23:59:59Z" + "14:1.500000000000" + "1:7" + "␀"
    assert query(sql) == [(hashlib.md5(canonical.encode(), usedforsecurity=False).hexdigest(),)]


def test_json_object_keeps_key_order_and_escapes(render: Render, query: Query) -> None:
    nasty = 'quote " backslash \\ newline \n control \x01 é 😀'
    sql = render(
        """{{ focus_ai.json_object([
            ('B', focus_ai.json_string('t')), ('A', focus_ai.count_text('3')),
            ('Gone', focus_ai.json_string('cast(null as text)'))
        ]) }}"""
    )
    (text,) = query(f"select {sql} from (values ('{nasty}')) as v (t)")[0]
    assert json.loads(text) == {"B": nasty, "A": 3}
    assert list(json.loads(text)) == ["B", "A"]
