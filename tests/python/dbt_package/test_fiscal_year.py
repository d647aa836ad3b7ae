"""The demo under a fiscal calendar in a time zone: every data test holds, every row is in its period."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from .calendars import DAY, Calendar
from .project import SOURCES, Project

pytest.importorskip("dbt.adapters.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

ZONE = "Europe/Berlin"
TABLE = [
    ("FY26-P07", date(2026, 6, 29)),
    ("FY26-P08", date(2026, 7, 27)),
    ("FY26-P09", date(2026, 8, 24)),
    ("FY26-P10", date(2026, 9, 28)),
    ("FY26-P11", date(2026, 10, 26)),
]
END = date(2026, 11, 23)
VARIABLE = {
    "time_zone": ZONE,
    "periods": [{"name": name, "start": str(day)} for name, day in TABLE],
    "end": str(END),
}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(ZONE, TABLE, END)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Project:
    """The demo's raw tables, built with all data tests."""
    from raw_data.load import load_duckdb  # importable once `demo_data` has been made

    project = Project(tmp_path_factory.mktemp("fiscal") / "project")
    load_duckdb(demo_data, project.folder / "raw.duckdb")
    project.dbt(
        *("--quiet", "build", "--exclude-resource-type", "unit_test"),
        sources=SOURCES,
        focus_ai_accounting_calendar=VARIABLE,
    ).succeeded()
    return project


def test_periods_go_by_their_names_and_follow_each_other(company: Project, calendar: Calendar) -> None:
    rows = company.query(
        "select accounting_period, accounting_period_start, accounting_period_end, first_day"
        " from main_focus_ai.focus_ai__accounting_periods order by 2"
    )
    assert [name for name, *_ in rows] == ["FY26-P08", "FY26-P09", "FY26-P10", "FY26-P11"]
    assert all(end == start for (_, _, end, _), (_, start, _, _) in itertools.pairwise(rows))
    assert [(name, day) for name, _, _, day in rows] == TABLE[1:]
    assert [start for _, start, _, _ in rows] == [calendar.start(start) for _, start, _, _ in rows]


def test_usage_is_in_the_period_of_its_days_noon(company: Project, calendar: Calendar) -> None:
    rows = company.query(
        """
        select distinct "ChargePeriodStart", "x_AccountingPeriodStart"
        from main_focus.focus_ai__cost_and_usage
        where
            "ChargeCategory" = 'Usage'
            and "x_CorrectedBillingPeriodStart" is null
            and coalesce("CommitmentDiscountStatus", '') <> 'Unused'
        """
    )
    assert len(rows) > 80
    assert [row for row in rows if row[1] != calendar.start_of_day(row[0])] == []


def test_revenue_is_in_the_periods_that_it_is_earned_in(company: Project, calendar: Calendar) -> None:
    rows = company.query(
        """
        select distinct service_month, earned_from, earned_until
        from main_focus_ai_intermediate.int_focus_ai__revenue_by_month
        """
    )
    assert len(rows) > 20
    for service_month, earned_from, earned_until in rows:
        assert calendar.start(earned_from) == service_month
        assert service_month <= earned_from < earned_until <= calendar.end(service_month)


def test_the_days_of_a_period_are_the_companys(company: Project, calendar: Calendar) -> None:
    """Revenue of a period that begins at 22:00 UTC stands on no day before its first."""
    rows = company.query(
        """
        select accounting_period_start, min(day_start), max(day_start)
        from main_focus_ai.focus_ai__customer_gross_margin_daily
        where revenue <> 0
        group by all
        """
    )
    periods = zip(calendar.starts, itertools.pairwise(calendar.days), strict=False)
    days = {start: (day, after - DAY) for start, (day, after) in periods}
    assert [row for row in rows if (row[1].date(), row[2].date()) != days[row[0]]] == []


def test_bills_tie_whatever_the_companys_calendar_is(company: Project) -> None:
    """The issuers' billing periods stay calendar months in UTC."""
    rows = company.query(
        """
        select distinct check_name, check_status, billing_period_start
        from main_focus_ai.focus_ai__conservation_checks
        """
    )
    assert {status for _, status, _ in rows} <= {"Exact", "Tied", "NotInvoiced"}
    assert {start for *_, start in rows} == {datetime(2026, month, 1) for month in (8, 9, 10)}


def test_what_is_posted_is_conformant(company: Project) -> None:
    from focus_validate import validate

    report = validate(company.folder / "raw.duckdb", table="main_focus.focus_ai__cost_and_usage")
    assert report.conformant


def test_a_period_is_closed_by_its_name(company: Project) -> None:
    reason = {"check": "RevenueTied", "reason": "The subledger keeps calendar months", "approved_by": "lee"}
    arguments = {"accounting_period": "FY26-P10", "closed_by": "kim", "reviewed_by": "lee", "dry_run": True}
    arguments["exceptions"] = [reason]
    call = ["run-operation", "focus_ai_close", "--args"]
    variables = {"sources": SOURCES, "focus_ai_accounting_calendar": VARIABLE}
    run = company.dbt(*call, json.dumps(arguments), **variables).succeeded()
    assert "Close of FY26-P10, prepared by kim" in run.output
    assert "FY26-P10.1" in run.output
    output = company.dbt(
        *call, json.dumps(arguments | {"accounting_period": "2026-10"}), **variables
    ).failed()
    assert "accounting_period must be one from FY26-P08 to FY26-P11" in output
