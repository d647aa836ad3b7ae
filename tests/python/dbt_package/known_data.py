"""Raw tables as a company has them at a moment: a few days of the demo, and what it knew of them by then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from .project import Project

SOURCES = ["openai", "anthropic", "litellm", "attribution", "finance"]
DAYS = ["2026-08-12", "2026-08-14", "2026-08-31", "2026-09-13", "2026-09-16", "2026-09-22", "2026-10-05"]
# Column by which each table knows when the company knew a row, and the column that places it on a day.
KNOWN_AT = {
    "openai": "loaded_at",
    "anthropic": "loaded_at",
    "litellm": "loaded_at",
    "attribution": "recorded_at",
    "finance": "recorded_at",
}
DAY = {
    "costs": "strftime(to_timestamp(start_time::bigint) at time zone 'UTC', '%Y-%m-%d')",
    "completions_usage": "strftime(to_timestamp(start_time::bigint) at time zone 'UTC', '%Y-%m-%d')",
    "bucket_loads": None,  # by source, below
    "cost_report": "starting_at[:10]",
    "messages_usage": "starting_at[:10]",
    "LiteLLM_SpendLogs": '"startTime"[:10]',
}
# When a day that was restated before is restated again.
SECOND_NEWS = "2026-10-20T06:00:00Z"


def know(
    project: Project, demo_data: Path, until: str, sources: Sequence[str] = SOURCES, close_log: bool = True
) -> None:
    """Raw tables as the company has them at a moment: a few days of the demo, and what was known by then."""
    with duckdb.connect(str(project.folder / "raw.duckdb")) as connection:
        for path in sorted(demo_data.glob("*/*.csv")):
            source, table = path.parent.name, path.stem
            if source not in sources:
                continue
            header = [
                row[0]
                for row in connection.execute(
                    f"describe select * from read_csv('{path}', all_varchar=true)"
                ).fetchall()
            ]
            known_at = "closed_at" if table == "close_log" else KNOWN_AT.get(source)
            conditions = [f"{known_at} <= '{until}'"] if known_at in header else []
            day = DAY.get(table)
            if table == "bucket_loads":
                day = DAY["costs"] if "start_time" in header else "starting_at[:10]"
            if table == "close_log" and not close_log:
                conditions.append("false")
            if day:
                conditions.append(f"{day} in ({', '.join(repr(d) for d in DAYS)})")
            connection.execute(f"create schema if not exists {source}")
            connection.execute(
                f"""create or replace table {source}."{table}" as
                select * from read_csv('{path}', all_varchar=true)
                where {" and ".join(conditions) or "true"}"""
            )
        if until >= SECOND_NEWS:
            _restate_again(connection)


def _restate_again(connection: duckdb.DuckDBPyConnection) -> None:
    """12 August of Anthropic comes a third time, after September was closed: other amounts, fewer lines."""
    connection.execute(
        f"""insert into anthropic.cost_report
        select * replace (cast(amount as decimal(38, 10)) * 1.5 as amount, '{SECOND_NEWS}' as loaded_at)
        from anthropic.cost_report
        where starting_at like '2026-08-12%' and description not like '%Batch%'
        qualify loaded_at = max(loaded_at) over ()"""
    )
    connection.execute(
        f"""insert into anthropic.bucket_loads
        select * replace ('{SECOND_NEWS}' as loaded_at)
        from anthropic.bucket_loads
        where starting_at like '2026-08-12%' and endpoint = 'cost_report'
        qualify loaded_at = max(loaded_at) over ()"""
    )
