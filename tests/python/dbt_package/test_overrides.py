"""Overrides that meet on a charge: the model on random requests against deciding one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .conftest import Render
from .project import REPOSITORY

pytestmark = pytest.mark.slow

MODEL = "int_focus_ai__override_matches"
TABLES = {
    "int_focus_ai__attributed": "ledger_version varchar, sku_charge_id varchar, consumer_id varchar,"
    " credential_id varchar, agent_id varchar, customer_id varchar",
    "int_focus_ai__priced": "ledger_version varchar, sku_charge_id varchar, source_relation varchar,"
    " sub_account_id varchar, model_id varchar, accounting_period_start timestamp,"
    " charge_period_start timestamp, known_at timestamp",
    "int_focus_ai__ledger_versions": "ledger_version varchar, source_relation varchar,"
    " accounting_period_start timestamp, as_of timestamp",
    "int_focus_ai__override_requests": "request_id varchar, decision varchar, is_reclass boolean,"
    " approval_order integer, decided_at timestamp, charge_period_from timestamp, charge_period_to timestamp,"
    " match_source_relation varchar, match_credential_id varchar, match_sub_account_id varchar,"
    " match_agent_id varchar, match_customer_id varchar, match_model_id varchar, customer_id varchar,"
    " agent_id varchar, withdraws_request_id varchar, withdrawal_id varchar, withdrawn_at timestamp,"
    " reclass_withdrawal_id varchar, reclass_withdrawn_at timestamp",
}


class Part(NamedTuple):
    """A consumer's part of a charge."""

    credential: str | None
    customer: str | None
    model: str
    day: int


class Request(NamedTuple):
    """What an approved request selects; None is any."""

    credential: str | None
    customer: str | None
    model: str | None
    days: tuple[int, int]
    is_withdrawn: bool = False

    def selects(self, part: Part) -> bool:
        wanted = (self.credential, part.credential), (self.customer, part.customer), (self.model, part.model)
        return all(want in (None, has) for want, has in wanted) and self.days[0] <= part.day < self.days[1]


def maybe(values: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values))


parts = st.builds(Part, maybe("kl"), maybe("cd"), st.sampled_from("mn"), st.integers(1, 4))
requests = st.builds(
    Request,
    *(maybe("kl"), maybe("cd"), maybe("mn")),
    st.tuples(st.integers(1, 3), st.integers(2, 5)),
    is_withdrawn=st.booleans(),
)

Decide = Callable[[list[Part], list[Request]], set[tuple[int, int, bool]]]


@pytest.fixture(scope="module")
def decide(render: Render) -> Decide:
    """(part, request, does it stand) as the model says."""
    path = next((REPOSITORY / "models").rglob(f"{MODEL}.sql"))
    text = re.sub(r"\{\{ config\(.*?\) \}\}", "", path.read_text(), count=1, flags=re.DOTALL)
    compiled = render(re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text))

    def run(of_parts: list[Part], of_requests: list[Request]) -> set[tuple[int, int, bool]]:
        with duckdb.connect() as connection:
            for table, columns in TABLES.items():
                connection.execute(f"create table {table} ({columns})")
            connection.execute(
                "insert into int_focus_ai__ledger_versions values ('current', 'a', '2026-01-01', null)"
            )
            for place, part in enumerate(of_parts):
                connection.execute(
                    "insert into int_focus_ai__attributed values ('current', ?, 'x', ?, null, ?)",
                    [str(place), part.credential, part.customer],
                )
                connection.execute(
                    "insert into int_focus_ai__priced values"
                    " ('current', ?, 'a', 'p', ?, '2026-01-01', ?, null)",
                    [str(place), part.model, f"2026-01-{part.day:02d}"],
                )
            for place, request in enumerate(of_requests):
                connection.execute(
                    "insert into int_focus_ai__override_requests (request_id, decision, is_reclass,"
                    " approval_order, decided_at, withdrawal_id, withdrawn_at, charge_period_from,"
                    " charge_period_to, match_credential_id, match_customer_id, match_model_id)"
                    " values (?, 'Approved', false, ?, '2026-01-09', ?, ?, ?, ?, ?, ?, ?)",
                    [
                        *(str(place), place),
                        *(("w", "2026-01-10") if request.is_withdrawn else (None, None)),
                        f"2026-01-{request.days[0]:02d}",
                        f"2026-01-{request.days[1]:02d}",
                        *(request.credential, request.customer, request.model),
                    ],
                )
            rows = connection.execute(
                "select sku_charge_id::integer, request_id::integer, conflicting_request_id is null"
                f" from ({compiled}) where stage_name = 'attribution'"
            ).fetchall()
        return set(rows)

    return run


def one_after_the_other(of_parts: list[Part], of_requests: list[Request]) -> set[tuple[int, int, bool]]:
    """On each part the earliest approved stands of those that select it and were not withdrawn."""
    found = set()
    for place, part in enumerate(of_parts):
        selecting = [
            number
            for number, request in enumerate(of_requests)
            if request.selects(part) and not request.is_withdrawn
        ]
        found |= {(place, number, number == selecting[0]) for number in selecting}
    return found


@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    of_parts=st.lists(parts, min_size=1, max_size=8),
    of_requests=st.lists(requests, min_size=1, max_size=8),
)
def test_of_two_on_a_charge_the_one_approved_first_stands(
    decide: Decide, of_parts: list[Part], of_requests: list[Request]
) -> None:
    assert decide(of_parts, of_requests) == one_after_the_other(of_parts, of_requests)


def test_what_stands_on_a_charge_does_not_hang_on_other_charges(decide: Decide) -> None:
    """A charge on which two requests meet comes later: what they did to the charges before it stays."""
    before = [Part("k", None, "m", 1), Part(None, "c", "m", 1)]
    of_requests = [Request("k", None, None, (1, 5)), Request(None, "c", None, (1, 5))]
    after = decide([*before, Part("k", "c", "m", 2)], of_requests)
    assert decide(before, of_requests) == {(0, 0, True), (1, 1, True)} <= after
