"""The accounting calendar (MONEY.md R11): what the macros write, against Python's own time zones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from .calendars import Calendar
from .conftest import Query
from .dbt_server import Run, run_dbt

pytestmark = pytest.mark.slow

FISCAL = [
    ("FY26-P01", date(2025, 12, 29)),
    ("FY26-P02", date(2026, 1, 26)),
    ("FY26-P03", date(2026, 2, 23)),
    ("2026-04", date(2026, 3, 30)),
]
FISCAL_END = date(2026, 4, 27)
CALENDARS = {
    "months in UTC": Calendar("UTC"),
    "months west of UTC": Calendar("America/New_York"),
    "months east of UTC": Calendar("Europe/Berlin"),
    "months where UTC's noon is another day": Calendar("Pacific/Auckland"),
    "months half an hour off": Calendar("Asia/Kolkata"),
    "a fiscal table": Calendar("UTC", FISCAL, FISCAL_END),
    "a fiscal table in a time zone": Calendar("Australia/Sydney", FISCAL, FISCAL_END),
}

SCALARS = """
select
    {{ focus_ai.accounting_period_start('moment') }},
    {{ focus_ai.accounting_period_end('moment') }},
    {{ focus_ai.accounting_period_name('moment') }},
    {{ focus_ai.accounting_period_of_day('moment') }},
    {{ focus_ai.bills_until(focus_ai.accounting_period_end('moment')) }},
    {{ focus_ai.accounting_date('moment') }},
    {{ focus_ai.accounting_period_named_by(focus_ai.accounting_period_start('moment')) }},
    {{ focus_ai.accounting_period_named_by("cast(" ~ focus_ai.accounting_date(
        focus_ai.accounting_period_start('moment')) ~ " as timestamp)") }},
    {{ focus_ai.accounting_period_of_date(focus_ai.accounting_date('moment')) }}
"""


def compiled(macros: Path, jinja: str, calendars: Iterable[object]) -> list[Run]:
    """What dbt prints when it compiles a text under each calendar."""
    call = ["--quiet", "compile", "--output", "json", "--inline", jinja, "--vars"]
    return run_dbt(
        macros, *([*call, json.dumps({"focus_ai_accounting_calendar": each})] for each in calendars)
    )


@pytest.fixture(scope="module")
def sql(macros: Path) -> dict[str, tuple[str, str]]:
    """The macros of a moment, and the periods of the calendar, by the name of the calendar."""
    texts = [
        [
            json.loads(run.succeeded().output)["compiled"]
            for run in compiled(macros, jinja, (each.variable for each in CALENDARS.values()))
        ]
        for jinja in (SCALARS, "{{ focus_ai.accounting_calendar_periods() }}")
    ]
    return dict(zip(CALENDARS, zip(*texts, strict=True), strict=True))


def moments(calendar: Calendar) -> list[datetime]:
    """Moments at the borders of periods, around them and anywhere."""
    chance = random.Random(11)
    borders = [start for start in calendar.starts if 2024 < start.year < 2028]
    near = [border + timedelta(seconds=seconds) for border in borders for seconds in (-1, 0, 1)]
    around = [border + timedelta(minutes=chance.randrange(-2000, 2000)) for border in borders]
    anywhere = [datetime(2024, 2, 1) + timedelta(seconds=chance.randrange(10**8)) for _ in range(200)]
    return near + around + anywhere


@pytest.mark.parametrize("name", CALENDARS)
def test_every_moment_is_in_the_period_of_the_companys_own_clock(
    name: str, sql: dict[str, tuple[str, str]], query: Query
) -> None:
    calendar = CALENDARS[name]
    tried = moments(calendar)
    values = ", ".join(f"({place}, timestamp '{moment}')" for place, moment in enumerate(tried))
    rows = query(f"{sql[name][0]} from (values {values}) as tried (place, moment) order by place")
    for moment, row in zip(tried, rows, strict=True):
        local = moment.replace(tzinfo=timezone.utc).astimezone(calendar.zone)
        start = calendar.start(moment)
        expected = (
            start,
            calendar.end(moment),
            calendar.name(moment),
            calendar.start_of_day(moment),
            calendar.bills_until(moment),
            local.date(),
            start,
            start,
            start,
        )
        assert row == expected, moment


@pytest.mark.parametrize("name", CALENDARS)
def test_the_calendar_is_a_century_without_gaps(
    name: str, sql: dict[str, tuple[str, str]], query: Query
) -> None:
    rows = query(f"select * from ({sql[name][1]}) order by period_number")
    assert [number for *_, number in rows] == list(range(1, len(rows) + 1))
    assert all(end == following for (_, _, end, _), (_, following, _, _) in pairwise(rows))
    calendar = CALENDARS[name]
    known = {start: period for period, start, _, _ in rows}
    assert [known[start] for start in calendar.starts] == calendar.names


NAMELESS = "needs for each period a start and a name of its own"
WRONG = {
    "no mapping": ("UTC", "must be a mapping of time_zone, periods and end"),
    "an unknown key": ({"zone": "UTC"}, "must be a mapping of time_zone, periods and end"),
    "an unknown zone": ({"time_zone": "Mars/Olympus"}, "has the time_zone 'Mars/Olympus'"),
    "a table without an end": (
        {"periods": [{"name": "P1", "start": "2026-01-01"}]},
        "needs periods and end together",
    ),
    "a name twice": (
        {"periods": [{"name": "P1", "start": f"2026-0{month}-01"} for month in (1, 2)], "end": "2026-03-01"},
        NAMELESS,
    ),
    "a name for a file": (
        {"periods": [{"name": "../P1", "start": "2026-01-01"}], "end": "2026-03-01"},
        NAMELESS,
    ),
    "a name that reads as a number": (
        {"periods": [{"name": "202601", "start": "2026-01-01"}], "end": "2026-03-01"},
        NAMELESS,
    ),
    "no date": (
        {"periods": [{"name": "P1", "start": "1 January"}], "end": "2026-03-01"},
        "has the day '1 January'",
    ),
    "out of order": (
        {"periods": [{"name": "P1", "start": "2026-01-01"}], "end": "2026-01-01"},
        "is not in order: P1 starts on 2026-01-01, not before 2026-01-01",
    ),
}


def test_a_wrong_calendar_stops_the_run_with_the_reason(macros: Path) -> None:
    runs = compiled(macros, SCALARS, (calendar for calendar, _ in WRONG.values()))
    for name, run, (_, message) in zip(WRONG, runs, WRONG.values(), strict=True):
        assert f"focus_ai: var focus_ai_accounting_calendar {message}" in run.failed(), name
