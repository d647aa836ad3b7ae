"""Whether a payment interval is no longer than the nominal duration of a commitment."""

from __future__ import annotations

import re

_DURATION = re.compile(r"([1-9][0-9]*)[ \t\n\f\r]+(Minute|Hour|Day|Week|Month|Quarter|Year)s?")
_MONTHS = {"Month": 1, "Quarter": 3, "Year": 12}
_MINUTES = {"Minute": 1, "Hour": 60, "Day": 24 * 60, "Week": 7 * 24 * 60}
_INTERVALS = {"Monthly": (1, 28), "Quarterly": (3, 89), "Semi-Annual": (6, 181), "Annual": (12, 365)}
"""Months of each interval, and the days of the shortest such span."""


def within_duration(interval: str, duration: str) -> bool:
    """Whether ``interval`` fits into ``duration``, say ``3 Years``; True if either is not of that form."""
    match = _DURATION.fullmatch(duration)
    if match is None or interval not in _INTERVALS:
        return True
    months, days = _INTERVALS[interval]
    number, unit = match.groups()
    count = int(number) if len(number) < 10 else 10**9
    if unit in _MONTHS:
        return months <= count * _MONTHS[unit]
    return days * 24 * 60 <= count * _MINUTES[unit]
