"""The exports for people, on stand-ins of their marts: what stands in the files, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from .dbt_server import Run, run_dbt
from .project import macros_alone

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

JOURNAL = """\
select
    t.*,
    period::timestamp as accounting_period_start,
    last_day(period::date) as posting_date,
    case when period = '2026-09-01' then 'Open' else 'Closed' end as accounting_period_status,
    'Invoice' as journal_type,
    100 as subunits_per_unit
from (values
    ('j1', 1, '2026-08-01', 'US', 'USD', '5110', 'CC-1', 700, 0, 'OpenAI', 'A-1', 'x'),
    ('j1', 2, '2026-08-01', 'US', 'USD', '6960', null, 0, 0, 'OpenAI', 'A-1', 'x'),
    ('j1', 3, '2026-08-01', 'US', 'USD', '2010', null, 0, 700, 'OpenAI', 'A-1', 'x'),
    ('j0', 1, '2026-08-01', 'DE', 'EUR', '5110', '=1+1', 5, 0, '@O', '-2+3', '+cmd, "q"'),
    ('j0', 2, '2026-08-01', 'DE', 'EUR', '2020', ' =a', 0, 5, '@O', '-2+3', chr(9) || 't'),
    ('j2', 1, '2026-09-01', 'US', 'USD', '5110', 'CC-1', 3, 0, 'OpenAI', 'A-2', 'y'),
    ('j2', 2, '2026-09-01', 'US', 'USD', '2010', null, 0, 3, 'OpenAI', 'A-2', 'y'),
    ('j3', 1, '2026-10-01', 'US', 'USD', '(unmapped)', null, 3, 0, 'X', 'A-3', 'X A-3'),
    ('j3', 2, '2026-10-01', 'US', 'USD', '(unmapped)', null, 0, 3, 'X', 'A-3', 'X A-3'),
    ('j4', 1, '2026-11-01', 'US', 'USD', '5110', null, 3, 0, 'X', 'A-4', 'z'),
    ('j4', 2, '2026-11-01', 'US', 'USD', '2010', null, 0, 2, 'X', 'A-4', 'z'),
    ('j5', 1, '2026-11-01', 'US', 'USD', '2010', null, 0, 1, 'X', 'A-5', 'z')
) as t (
    journal_id, line_number, period, entity_id, currency, account_id, cost_center, debit_subunits,
    credit_subunits, vendor, reference, description
)
"""
CHARGEBACK = """\
select
    t.*,
    timestamp '2026-08-01' as accounting_period_start,
    'Open' as accounting_period_status,
    null::varchar as unassigned_reason,
    'docs' as product_line,
    'OpenAI' as service_provider_name,
    'CostOfRevenue' as cost_class,
    'Usage' as charge_category,
    'USD' as currency,
    0::decimal(38, 12) as prior_period_effective_cost,
    'USD' as reporting_currency,
    effective_cost as reporting_effective_cost,
    0::decimal(38, 12) as reporting_prior_period_effective_cost,
    7 as request_count
from (values
    ('=HYPERLINK("http://x")', true, -1.5::decimal(38, 12)),
    ('CC-1', true, 2.25::decimal(38, 12)),
    ('(none)', false, 4::decimal(38, 12))
) as t (cost_center, is_chargeable, effective_cost)
"""
PERIODS = """
select
    strftime(month, '%Y-%m') as accounting_period,
    month as accounting_period_start,
    month + interval 1 month as accounting_period_end,
    'Open' as status,
    null::timestamp as closed_at,
    null::varchar as closed_by,
    null::varchar as reviewed_by,
    null::varchar as close_reason,
    null::varchar as close_id
from generate_series(timestamp '2026-08-01', timestamp '2027-01-01', interval 1 month) as months (month)
"""

TABLES = {
    "focus_ai__journal_entries": JOURNAL,
    "focus_ai__chargeback_monthly": CHARGEBACK,
    "int_focus_ai__accounting_periods": PERIODS,
}
REFUSED = {
    "open": ({"accounting_period": "2026-09"}, "2026-09 is not closed, its figures can still change"),
    "unmapped": ({"accounting_period": "2026-10"}, "2 lines of 2026-10 have no account; add assignments"),
    "unbalanced": ({"accounting_period": "2026-11"}, "2 documents of 2026-11 do not balance"),
    "empty": ({"accounting_period": "2027-01"}, "no journal for 2027-01"),
    "injected": ({"accounting_period": "2026-08", "entity": "FR' or '1'='1"}, "no journal for 2026-08"),
    "not a month": (
        {"accounting_period": "../2026-08"},
        "accounting_period must be one from 2026-08 to 2027-01",
    ),
}
WRITTEN = {
    "closed": ("focus_ai_export_journal", {"accounting_period": "2026-08"}),
    "draft": ("focus_ai_export_journal", {"accounting_period": "2026-09", "draft": True}),
    "chargeback": ("focus_ai_export_chargeback", {"accounting_period": "2026-08"}),
}


class Reporter:
    """A project with the package's macros, and the two marts as made above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "out"
        self.output.mkdir(parents=True)
        macros_alone(folder, "data.duckdb")
        for name, table in TABLES.items():
            (folder / "models" / f"{name}.sql").write_text("select 1 as one")
            with duckdb.connect(str(folder / "data.duckdb")) as connection:
                connection.execute(f"create table {name} as {table}")

    def run(self, calls: dict[str, tuple[str, dict[str, object]]]) -> dict[str, Run]:
        """Operations by a name of the test's own, one after the other."""
        commands = [
            ["run-operation", operation, "--args", json.dumps({"directory": str(self.output)} | arguments)]
            for operation, arguments in calls.values()
        ]
        return dict(zip(calls, run_dbt(self.folder, *commands), strict=True))

    def lines(self, name: str) -> list[str]:
        return (self.output / name).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def reporter(tmp_path_factory: pytest.TempPathFactory) -> Reporter:
    return Reporter(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def refused(reporter: Reporter) -> dict[str, Run]:
    calls = {name: ("focus_ai_export_journal", arguments) for name, (arguments, _) in REFUSED.items()}
    calls["nobody"] = ("focus_ai_export_chargeback", {"accounting_period": "2026-08", "cost_center": "CC-9"})
    runs = reporter.run(calls)
    assert list(reporter.output.iterdir()) == []
    return runs


@pytest.fixture(scope="module")
def written(reporter: Reporter, refused: dict[str, Run]) -> Reporter:
    folder = reporter.output / "one_entity"
    folder.mkdir()
    arguments = {"accounting_period": "2026-08", "entity": "US", "directory": str(folder)}
    for run in reporter.run(WRITTEN | {"one entity": ("focus_ai_export_journal", arguments)}).values():
        run.succeeded()
    return reporter


def test_journal_of_a_closed_month(written: Reporter) -> None:
    """Documents by date, zero lines left out, formulas made text, numbers as they are."""
    assert written.lines("journal_2026-08.csv") == [
        "line_number,journal_id,journal_type,accounting_period_start,posting_date,entity_id,currency,account_id,"
        "cost_center,debit_subunits,credit_subunits,subunits_per_unit,vendor,reference,description",
        '1,j0,Invoice,2026-08-01,2026-08-31,DE,EUR,5110,\'=1+1,5,0,100,\'@O,\'-2+3,"\'+cmd, ""q"""',
        "2,j0,Invoice,2026-08-01,2026-08-31,DE,EUR,2020,' =a,0,5,100,'@O,'-2+3,'\tt",
        "1,j1,Invoice,2026-08-01,2026-08-31,US,USD,5110,CC-1,700,0,100,OpenAI,A-1,x",
        "3,j1,Invoice,2026-08-01,2026-08-31,US,USD,2010,,0,700,100,OpenAI,A-1,x",
    ]


def test_a_draft_of_an_open_month_has_another_name(written: Reporter) -> None:
    assert len(written.lines("journal_2026-09_draft.csv")) == 3
    assert not (written.output / "journal_2026-09.csv").exists()


def test_one_entity(written: Reporter) -> None:
    rows = written.lines("one_entity/journal_2026-08.csv")[1:]
    assert [row.split(",")[5] for row in rows] == ["US", "US"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(refused: dict[str, Run], name: str) -> None:
    output = refused[name].failed()
    assert REFUSED[name][1] in output
    assert "Traceback" not in output


def test_chargeback(written: Reporter) -> None:
    """Chargeable rows first; a negative number stays a number."""
    rows = written.lines("chargeback_2026-08.csv")
    assert rows[1].startswith('2026-08-01,Open,"\'=HYPERLINK(""http://x"")",true,')
    assert ",-1.500000000000," in rows[1]
    assert [row.split(",")[2] for row in rows[2:]] == ["CC-1", "(none)"]


def test_chargeback_of_nobody(refused: dict[str, Run]) -> None:
    assert "nothing was charged in 2026-08 to CC-9" in refused["nobody"].failed()
