"""A month is closed, news come, the next is closed, one is reopened: what is kept and what is refused."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from focus_validate.audit.reader import read_log
from focus_validate.audit.verify import verify

from .dbt_server import Run, run_dbt
from .known_data import SECOND_NEWS, know
from .project import Project

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

ALL_SOURCES = ["anthropic", "attribution", "finance", "stripe"]
AUGUST, SEPTEMBER = datetime(2026, 8, 1), datetime(2026, 9, 1)
MODELS = [
    *["focus_ai.ledger", "focus_ai__billing_period", "int_focus_ai__recordable_changes"],
    "+focus_ai__attribution_drift",
    *[
        "+focus_ai__close_checklist",
        "+focus_ai__customer_gross_margin_monthly",
        "int_focus_ai__evidence_state",
    ],
]
BUILD = [
    "build",
    "--resource-type",
    "model",
    "--resource-type",
    "seed",
    "--select",
    *MODELS,
]
# Revenue and a rate of August that are other than they were, and do not say since when.
UNDATED_CHANGES = (
    """update stripe.invoice_line_item set amount = amount::bigint + 100 where invoice_id in (
    select id from stripe.invoice where created < '2026-08-02' and status = 'paid' and currency = 'usd')""",
    "update finance.fx_rates set rate = rate::decimal(38, 12) * 2 where month like '2026-08%'",
)
# Every data test of what was built: a user's `dbt build` stops at the first that fails.
TESTS = [
    *["test", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious", "--select"],
    *MODELS,
]
PERIOD_OF = {
    "main_focus.focus_ai__cost_and_usage": '"x_AccountingPeriodStart"',
    "main_focus_ai_intermediate.int_focus_ai__revenue_by_month": "accounting_period_start",
    "main_focus_ai_intermediate.int_focus_ai__reporting_rates": "accounting_period_start",
    "main_focus_ai.focus_ai__customer_gross_margin_monthly": "accounting_period_start",
}
MARGIN = "main_focus_ai.focus_ai__customer_gross_margin_monthly"
MARGIN_OF_AUGUST = f"{MARGIN} 2026-08"
SAME_TOTALS = "focus_ai_correction_styles_have_the_same_totals"
TOTALS = ", ".join(
    f'sum("{metric}")'
    for metric in (
        *("BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity", "PricingQuantity"),
        *("CommitmentDiscountQuantity", "x_RequestCount"),
    )
)
LEDGER = "main_focus_ai_ledger.focus_ai__"
TABLES = (
    "closes",
    "closed_charges",
    "closed_revenue",
    "closed_fx_rates",
    "closed_margin",
    "closed_checklist",
)


def operation(name: str, **arguments: Any) -> list[str]:
    return ["run-operation", name, "--args", json.dumps(arguments)]


def exceptions(output: str) -> list[dict[str, str]]:
    """An approved exception for each check that a refusal lists."""
    refused = output.split("These checks failed:")[1].split("The column evidence_query")[0]
    names = re.findall(r"^\s+(\w+)\s+(?:Failed|Unknown)", refused, re.MULTILINE)
    return [{"check": name, "reason": "a few days of a month", "approved_by": "cfo"} for name in names]


class Story:
    """What happened, step by step; every step asserts nothing itself but that dbt went as it should."""

    def __init__(self, project: Project, demo_data: Path) -> None:
        self.project = project
        self.demo_data = demo_data
        self.runs: dict[str, Run] = {}
        self.closed: dict[str, dict[str, Any]] = {}
        self.ledger: dict[str, dict[str, int]] = {}
        self.lost: list[tuple[Any, ...]] = []

    def dbt(self, **commands: list[str]) -> None:
        """Run commands in one process; their names are looked up in `runs`."""
        runs = self.project.dbt_each([(command, ALL_SOURCES) for command in commands.values()])
        self.runs.update(zip(commands, runs, strict=True))

    def know(self, until: str, *changes: str) -> None:
        know(self.project, self.demo_data, until, ALL_SOURCES, close_log=False)
        self.write(*changes)

    def write(self, *statements: str) -> None:
        with duckdb.connect(str(self.project.folder / "raw.duckdb")) as connection:
            for statement in statements:
                connection.execute(statement)

    def look(self, moment: str, *periods: datetime) -> None:
        """Keep what the models and the ledger hold now."""
        self.closed[moment] = {
            f"{table} {period:%Y-%m}": self.project.query(
                f"select * from {table} where {column} = timestamp '{period}' order by all"
            )
            for table, column in PERIOD_OF.items()
            for period in periods
        }
        self.ledger[moment] = {
            table: self.project.query(f"select count(*) from {LEDGER}{table}")[0][0] for table in TABLES
        }


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Story:
    story = Story(Project(tmp_path_factory.mktemp("close") / "project"), demo_data)
    people = {"closed_by": "kim", "reviewed_by": "lee"}
    august = {"accounting_period": "2026-08", "closed_at": "2026-09-05T00:00:00Z", **people}
    september = {"accounting_period": "2026-09", "closed_at": "2026-10-07T00:00:00Z", **people}

    story.know("2026-09-05T00:00:00Z")
    story.dbt(build_1=BUILD, refused=operation("focus_ai_close", **august))
    august["exceptions"] = exceptions(story.runs["refused"].output)
    invented = [*august["exceptions"], {"check": "Invented", "reason": "r", "approved_by": "cfo"}]
    story.dbt(
        dry_run=operation("focus_ai_close", **august, dry_run=True),
        not_needed=operation("focus_ai_close", **{**august, "exceptions": invented}),
        one_person=operation("focus_ai_close", **{**august, "reviewed_by": "Kim "}),
        too_early=operation("focus_ai_close", **{**august, "closed_at": "2026-09-02T00:00:00Z"}),
        not_first=operation("focus_ai_close", **september),
    )
    story.look("before", AUGUST)
    story.dbt(
        close_august=operation("focus_ai_close", **august),
        stale=operation("focus_ai_close", **september),
    )

    story.know("2026-10-07T00:00:00Z", *UNDATED_CHANGES)  # 12 August was restated on 9 September
    story.dbt(
        build_2=BUILD,
        close_again=operation("focus_ai_close", **august),
        close_otherwise=operation("focus_ai_close", **{**august, "reviewed_by": "pat"}),
        refused_september=operation("focus_ai_close", **september),
    )
    story.look("news", AUGUST, SEPTEMBER)
    september["exceptions"] = exceptions(story.runs["refused_september"].output)
    story.dbt(close_september=operation("focus_ai_close", **september))

    # 12 August was restated once more, and the evidence of September is lost.
    story.know(
        SECOND_NEWS, *UNDATED_CHANGES, "delete from anthropic.cost_report where starting_at like '2026-09%'"
    )
    story.dbt(build_3=[*BUILD, "--full-refresh"])
    story.look("evidence lost", AUGUST, SEPTEMBER)
    story.lost = story.project.query(
        """select evidence, source_relation, corrected_accounting_period_start, lost_share, check_status
        from main_focus_ai.focus_ai__withdrawn_evidence
        inner join main_focus_ai.focus_ai__close_checklist using (accounting_period_start)
        where check_name = 'EvidenceKept' and lost_share > 0.9"""
    )

    story.know(SECOND_NEWS, *UNDATED_CHANGES)
    reopening = {"requested_by": "kim", "approved_by": "cfo", "reason": "booked twice"}
    story.dbt(
        reopen_august=operation("focus_ai_reopen", accounting_period="2026-08", **reopening),
        reopen_alone=operation(
            "focus_ai_reopen", accounting_period="2026-09", **{**reopening, "approved_by": "kim"}
        ),
        reopen=operation("focus_ai_reopen", accounting_period="2026-09", **reopening),
        reopen_again=operation("focus_ai_reopen", accounting_period="2026-09", **reopening),
        build_4=BUILD,
        close_anew=operation("focus_ai_close", **{**september, "closed_at": SECOND_NEWS}),
        tests=TESTS,
    )
    story.look("reopened", AUGUST, SEPTEMBER)
    return story


def changed(story: Story, before: str, after: str) -> list[str]:
    """Tables with other rows at a second moment, of the periods known at the first; booleans apart."""
    return [
        name
        for name, rows in story.closed[before].items()
        if [tuple(v for v in row if not isinstance(v, bool)) for row in rows]
        != [tuple(v for v in row if not isinstance(v, bool)) for row in story.closed[after][name]]
    ]


def test_models_are_built_and_their_tests_pass(story: Story) -> None:
    for name in ("build_1", "build_2", "build_3", "build_4", "tests"):
        story.runs[name].succeeded()


def test_a_failed_check_refuses_the_close_and_is_named(story: Story) -> None:
    output = story.runs["refused"].failed()
    assert "focus_ai_close: 2026-08 is not closed; nothing was written." in output
    assert "BillsComplete" in output
    assert "Traceback" not in output


def test_a_dry_run_shows_the_close(story: Story) -> None:
    output = story.runs["dry_run"].succeeded().output
    assert re.search(r"2026-08\.1 +rows", output)
    assert "Dry run: nothing was written." in output


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("not_needed", "the exception for Invented is not needed"),
        ("one_person", "closed_by and reviewed_by are both 'kim'"),
        ("too_early", "would be closed as of 2026-09-02T00:00:00Z, but holds what came until"),
        ("not_first", "2026-09 cannot be closed before 2026-08, the first open month"),
        ("stale", "the last build is out of date. Run dbt build and read the checklist again."),
        ("close_otherwise", "reviewed_by: closed with 'lee', now 'pat'"),
        (
            "reopen_august",
            "2026-08 cannot be reopened while 2026-09 is closed; only the last closed month can",
        ),
        ("reopen_alone", "requested_by and approved_by are both 'kim'"),
    ],
)
def test_refusals_say_why(story: Story, run: str, message: str) -> None:
    assert message in story.runs[run].failed()


def test_dry_runs_and_refusals_write_nothing(story: Story) -> None:
    assert set(story.ledger["before"].values()) == {0}


def test_the_same_close_again_does_nothing(story: Story) -> None:
    output = story.runs["close_again"].succeeded().output
    assert "2026-08 is closed as 2026-08.1 already; nothing to do." in output
    assert story.ledger["news"]["closes"] == 1


def test_promise_17_closed_rows_never_change(story: Story) -> None:
    """Cost, revenue and exchange rates; whatever came, changed or vanished after the close.

    The margin of a month whose bill was not complete becomes known with the close, and stays.
    """
    for moment in ("news", "evidence lost", "reopened"):
        assert changed(story, "before", moment) == [MARGIN_OF_AUGUST], moment
        assert story.closed[moment][MARGIN_OF_AUGUST] == story.closed["news"][MARGIN_OF_AUGUST]
    assert changed(story, "news", "evidence lost") == [f"{MARGIN} 2026-09"]


def test_lost_evidence_of_a_closed_month_fails_the_next_close(story: Story) -> None:
    assert story.lost == [("Bill", "anthropic", SEPTEMBER, 1, "Failed")]


def test_a_close_makes_the_margin_of_an_incomplete_bill_final(story: Story) -> None:
    """August is closed with an exception for BillsComplete: what is frozen is the row as closed."""
    described = story.project.query(f"describe {MARGIN}")
    columns = [name for name, *_ in described]

    def rows(moment: str) -> list[dict[str, Any]]:
        return [dict(zip(columns, row, strict=True)) for row in story.closed[moment][MARGIN_OF_AUGUST]]

    assert {row["gross_margin_null_reason"] for row in rows("before")} == {"BillIncomplete"}
    assert {row["gross_margin_null_reason"] for row in rows("news")} == {None}
    assert all(
        row["gross_margin"] == row["revenue"] - row["ai_cost_of_revenue"]
        and row["gross_margin_percent_null_reason"] == (None if row["revenue"] > 0 else "NoRevenue")
        for row in rows("news")
    )


def test_news_are_corrections_in_the_month_that_is_open(story: Story) -> None:
    corrected = story.project.query(
        """select distinct "x_AccountingPeriodStart", "x_CorrectedBillingPeriodStart"
        from main_focus.focus_ai__cost_and_usage where "ChargeClass" = 'Correction'"""
    )
    late_revenue = story.project.query(
        """select distinct accounting_period_start
        from main_focus_ai_intermediate.int_focus_ai__revenue_by_month
        where is_prior_period and service_month = timestamp '2026-08-01' and revenue_type = 'invoice_line'"""
    )
    assert corrected == [(SEPTEMBER, AUGUST)]
    assert late_revenue == [(SEPTEMBER,)]


def test_a_full_refresh_keeps_the_ledger(story: Story) -> None:
    assert story.ledger["evidence lost"]["closes"] == 2
    assert story.ledger["evidence lost"]["closed_charges"] > story.ledger["news"]["closed_charges"]


def test_a_reopened_month_is_as_known_now_and_closed_as_its_next_version(story: Story) -> None:
    assert "2026-09 is open again; 2026-09.1 stays in the ledger." in story.runs["reopen"].succeeded().output
    assert "2026-09 is reopened already; nothing to do." in story.runs["reopen_again"].succeeded().output
    assert changed(story, "news", "reopened") != []
    closes = story.project.query(f"select close_id, action from {LEDGER}closes order by 1, 2")
    assert closes == [
        *[("2026-08.1", "close"), ("2026-09.1", "close"), ("2026-09.1", "reopen"), ("2026-09.2", "close")]
    ]


def test_billing_periods_follow_the_closes(story: Story) -> None:
    periods = story.project.query(
        """select distinct "BillingPeriodStart", "BillingPeriodStatus"
        from main_focus.focus_ai__billing_period order by 1"""
    )
    assert [status for _, status in periods[:2]] == [
        "Closed",
        "Open",
    ]  # built before September's second close


def test_the_sum_over_all_months_is_the_bill(story: Story) -> None:
    bill = story.project.query(
        """select billing_currency, sum(provider_reported_cost)
        from main_focus_ai_staging.focus_ai__billed_cost
        where superseded_at is null group by all order by all"""
    )
    ledger = story.project.query(
        """select "BillingCurrency", sum(case when "CommitmentDiscountStatus" = 'Used'
            then "CommitmentDiscountQuantity" else "EffectiveCost" end)
        from main_focus.focus_ai__cost_and_usage
        where "ChargeCategory" = 'Usage' and coalesce("CommitmentDiscountStatus", 'Used') = 'Used'
        group by all order by all"""
    )
    assert bill == ledger


def test_every_step_is_in_the_audit_log(story: Story) -> None:
    assert verify(read_log(story.project.folder / "raw.duckdb")).intact
    entries = story.project.query(
        f"""select action, subject, actor, approved_by from {LEDGER}audit_log
        where action in ('close', 'reopen') order by sequence_number"""
    )
    assert entries == [
        ("close", "2026-08", "kim", "lee"),
        ("close", "2026-09", "kim", "lee"),
        ("reopen", "2026-09", "kim", "cfo"),
        ("close", "2026-09", "kim", "lee"),
    ]


def test_corrections_can_stand_in_focus_as_differences(story: Story) -> None:
    """Fewer rows, the same totals by month and corrected month; an unknown style stops the run."""
    totals = f"""select "x_AccountingPeriodStart", "x_CorrectedBillingPeriodStart", {TOTALS}
        from main_focus.focus_ai__cost_and_usage group by all order by all"""
    corrections = (
        """select count(*) from main_focus.focus_ai__cost_and_usage where "ChargeClass" = 'Correction'"""
    )
    select = ["--select", "int_focus_ai__published", "focus_ai__cost_and_usage", SAME_TOTALS]
    build = ["build", "--exclude-resource-type", "unit_test", *select, "--indirect-selection", "cautious"]
    as_posted, rows = story.project.query(totals), story.project.query(corrections)

    def styled(style: str, command: list[str]) -> list[str]:
        variables = {"focus_ai_sources": ALL_SOURCES, "focus_ai_correction_style": style}
        return [*command, "--vars", json.dumps(variables)]

    built, unknown = run_dbt(story.project.folder, styled("delta", build), styled("net", ["parse"]))
    assert f"PASS {SAME_TOTALS}" in built.succeeded().output
    assert story.project.query(totals) == as_posted
    assert story.project.query(corrections) < rows
    assert "var focus_ai_correction_style must be ledger or delta; it is: net" in unknown.failed()


def test_a_failure_halfway_writes_nothing_and_tampering_is_found(story: Story) -> None:
    """A reopening writes the audit log last, and cannot here. The last test of the file."""
    story.write(
        f"alter table {LEDGER}audit_log rename to kept",
        f"create view {LEDGER}audit_log as select * from main_focus_ai_ledger.kept",
        f"""update {LEDGER}closed_margin set revenue = revenue + 0.000000000001 where margin_id =
        (select min(margin_id) from {LEDGER}closed_margin where revenue is not null)""",
    )
    reopening = {"accounting_period": "2026-09", "requested_by": "a", "approved_by": "b", "reason": "c"}
    story.dbt(
        halfway=operation("focus_ai_reopen", **reopening),
        tampered=["test", "--select", "assert_focus_ai_closed_rows_are_as_closed"],
    )
    story.runs["halfway"].failed()
    assert story.project.query(f"select count(*) from {LEDGER}closes") == [(4,)]
    assert re.search(r"Got \d results?, configured to fail", story.runs["tampered"].failed())
