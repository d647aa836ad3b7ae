"""The three months of the data, in Unix seconds UTC, and when each bucket was pulled."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

HOUR = 3_600
DAY = 86_400
MONTHS = ((2026, 8), (2026, 9), (2026, 10))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Unix seconds of a moment in UTC."""
    return int(datetime(year, month, day, hour, minute, tzinfo=timezone.utc).timestamp())


def iso(seconds: int) -> str:
    """`2026-08-01T00:00:00Z`."""
    return (datetime(1970, 1, 1) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_milliseconds(milliseconds: int) -> str:
    """`2026-08-01 00:00:00.123`, as Postgres writes a timestamp without zone."""
    moment = datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{milliseconds % 1000:03d}"


def date(seconds: int) -> str:
    """`2026-08-01`."""
    return iso(seconds)[:10]


def month_start(year: int, month: int) -> int:
    """First second of a month; month 13 is January of the next year."""
    return at(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


START = month_start(2026, 8)
END = month_start(2026, 11)
DAYS = range(START, END, DAY)
PULLED_AFTER = DAY + 6 * HOUR + 900


def is_weekend(day: int) -> bool:
    """Saturday or Sunday (1970-01-01 was a Thursday)."""
    return (day // DAY + 3) % 7 >= 5


def months() -> list[tuple[int, int]]:
    """(first second, end) of each month."""
    return [(month_start(y, m), month_start(y, m + 1)) for y, m in MONTHS]


def month_of(seconds: int) -> int:
    """First second of the month that holds a moment of the three months."""
    return next(start for start, end in reversed(months()) if start <= seconds)
