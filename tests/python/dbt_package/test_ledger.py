"""The ledger over time: as news comes and periods close, closed periods keep every row (R4, R13 to R15)."""

from __future__ import annotations

import itertools
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .known_data import SECOND_NEWS, SOURCES, know
from .project import Project

pytestmark = pytest.mark.slow

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1) for month in (8, 9, 10, 11))

ROW = """
    "x_ChargeId", "ChargeCategory", "ChargeClass", "ChargePeriodStart", "BillingPeriodStart", "BilledCost",
    "EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity", "PricingQuantity", "ListUnitPrice",
    "ContractedUnitPrice", "CommitmentDiscountId", "CommitmentDiscountQuantity", "SkuPriceId",
    "AllocatedMethodDetails", "x_CustomerId", "x_ProductLine", "x_CostClass", "x_AttributionRuleId",
    "x_LeftoverReason", "x_RequestCount", "x_CorrectedBillingPeriodStart", "x_CorrectionReason"
"""
CORRECTED, REASON, QUANTITY = -2, -1, 9  # places in ROW
AMOUNTS, EFFECTIVE, CUSTOMER, REQUESTS = (5, 6, 7, 8), 6, 17, -3

Rows = list[tuple[Any, ...]]


class State(NamedTuple):
    """The ledger at a moment: rows by accounting period, and which periods are closed."""

    moment: str
    rows: dict[datetime, Rows]
    closed: set[datetime]


def state(project: Project, moment: str) -> State:
    periods = project.query(
        """select accounting_period_start from main_focus_ai_intermediate.int_focus_ai__accounting_periods
        where closed_at is not null"""
    )
    rows: dict[datetime, Rows] = {}
    for period, *row in project.query(
        f'select "x_AccountingPeriodStart", {ROW} from main_focus.focus_ai__cost_and_usage order by all'
    ):
        rows.setdefault(period, []).append(tuple(row))
    return State(moment, rows, {period for (period,) in periods})


def bill_and_ledger(project: Project) -> tuple[Rows, Rows]:
    """What the providers report now, and what usage costs in the ledger, prepaid usage at face value."""
    bill = project.query(
        """select source_relation, billing_currency, sum(provider_reported_cost)
        from main_focus_ai_staging.focus_ai__billed_cost where superseded_at is null
        group by all order by all"""
    )
    ledger = project.query(
        """select "x_SourceRelation", "BillingCurrency", sum(case
            when "CommitmentDiscountStatus" = 'Used' then "CommitmentDiscountQuantity"
            else "EffectiveCost" end)
        from main_focus.focus_ai__cost_and_usage
        where "ChargeCategory" = 'Usage' and coalesce("CommitmentDiscountStatus", 'Used') = 'Used'
        group by all order by all"""
    )
    return bill, ledger


def build(project: Project) -> None:
    project.dbt(
        *["build", "--resource-type", "model", "--resource-type", "seed"],
        *["--select", "+focus_ai__cost_and_usage"],
        sources=SOURCES,
    ).succeeded()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> list[State]:
    project = Project(tmp_path_factory.mktemp("ledger") / "project")
    moments = [
        "2026-09-05T00:00:00Z",  # August closed on the 4th
        "2026-10-07T00:00:00Z",  # 12 August restated on 9 September; September closed on 6 October
        SECOND_NEWS,  # 22 September restated on 8 October, 12 August again
        "2026-12-31T00:00:00Z",  # nothing more
    ]
    states = []
    for moment in moments:
        know(project, demo_data, moment)
        build(project)
        bill, ledger = bill_and_ledger(project)
        assert bill == ledger, moment
        states.append(state(project, moment))
    return states


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory, demo_data: Path, history: list[State]) -> State:
    """The last state, and since: October was closed, then the reclass that it holds was withdrawn."""
    project = Project(tmp_path_factory.mktemp("withdrawn") / "project")
    know(project, demo_data, history[-1].moment)
    project.insert(
        "finance.close_log",
        company_id="any",
        accounting_period_start="2026-10-01",
        action="close",
        closed_at="2026-11-06T00:00:00Z",
        closed_by="kim",
        reviewed_by="lee",
    )
    project.insert(
        "attribution.override_requests",
        request_id="withdrawal",
        withdraws_request_id="ov_2026_002",
        is_reclass="true",
        requested_by="kim",
        requested_at="2026-11-09T00:00:00Z",
        approved_by="lee",
        approved_at="2026-11-10T00:00:00Z",
        recorded_at="2026-11-10T00:00:00Z",
    )
    build(project)
    return state(project, "withdrawn")


def corrections(rows: Rows) -> Rows:
    return [row for row in rows if row[2] == "Correction"]


def test_periods_close_one_after_the_other(history: list[State]) -> None:
    assert [sorted(state.closed) for state in history] == [[AUGUST], *[[AUGUST, SEPTEMBER]] * 3]


def test_closed_periods_never_change(history: list[State]) -> None:
    for before, after in itertools.pairwise(history):
        for period in before.closed:
            assert after.rows[period] == before.rows[period], (after.moment, period)


def test_news_are_posted_in_the_month_that_is_open_when_they_come(history: list[State]) -> None:
    *_, last = history
    assert corrections(last.rows[AUGUST]) == []
    assert {row[CORRECTED] for row in corrections(last.rows[SEPTEMBER])} == {AUGUST}
    assert {row[CORRECTED] for row in corrections(last.rows[OCTOBER])} == {AUGUST, SEPTEMBER}
    for period in (SEPTEMBER, OCTOBER):
        assert sum(row[QUANTITY] or Decimal(0) for row in corrections(last.rows[period])) != 0


def test_running_again_changes_nothing(history: list[State]) -> None:
    assert history[-1].rows == history[-2].rows


def test_a_reclass_gives_a_closed_months_cost_to_another_and_sums_to_nothing(history: list[State]) -> None:
    """Approved on 13 October for a week of September; a request that is no reclass posts nothing (R14)."""
    _, closed, *_, last = history
    assert not [row for rows in closed.rows.values() for row in rows if row[REASON] == "Reclass"]
    posted = {period: [row for row in rows if row[REASON] == "Reclass"] for period, rows in last.rows.items()}
    assert [period for period, rows in posted.items() if rows] == [OCTOBER]
    rows = posted[OCTOBER]
    assert {row[CORRECTED] for row in rows} == {SEPTEMBER}
    assert {row[CUSTOMER] for row in rows} == {None, "cust_024"}
    for amount in (*AMOUNTS, QUANTITY, REQUESTS):
        assert sum(row[amount] or 0 for row in rows) == 0
    assert sum(row[EFFECTIVE] for row in rows if row[CUSTOMER] == "cust_024") > 0


def test_a_reclass_is_withdrawn_by_a_reclass_and_its_rows_in_a_closed_month_stay(
    history: list[State], withdrawn: State
) -> None:
    assert withdrawn.rows[OCTOBER] == history[-1].rows[OCTOBER]
    posted = {
        period: [row for row in rows if row[REASON] == "Reclass"] for period, rows in withdrawn.rows.items()
    }
    assert [period for period, rows in posted.items() if rows] == [OCTOBER, NOVEMBER]
    moved = {
        period: sum(row[EFFECTIVE] for row in rows if row[CUSTOMER] == "cust_024")
        for period, rows in posted.items()
    }
    assert moved[NOVEMBER] == -moved[OCTOBER] != 0
    for amount in (*AMOUNTS, QUANTITY, REQUESTS):
        assert sum(row[amount] or 0 for row in posted[NOVEMBER]) == 0
    assert {row[CORRECTED] for row in posted[NOVEMBER]} == {SEPTEMBER}
