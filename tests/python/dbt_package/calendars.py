"""An accounting calendar (MONEY.md R11) by Python's own time zones; moments are naive, in UTC."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Calendar:
    """First days, names and starts of all periods of ten years, in order.

    table, end   a fiscal table: names and first days of its periods, and the first day after the last of them
    variable     the value of the var focus_ai_accounting_calendar
    """

    def __init__(self, time_zone: str, table: Sequence[tuple[str, date]] = (), end: date = date.max) -> None:
        self.zone = ZoneInfo(time_zone)
        first = table[0][1] if table else date.max
        months = [date(year, month, 1) for year in range(2020, 2031) for month in range(1, 13)]
        named = {day: f"{day:%Y-%m}" for day in months if day < first or day >= end}
        self.variable: dict[str, object] = {"time_zone": time_zone}
        if table:
            named |= {day: name for name, day in table} | {end: f"{end:%Y-%m}"}
            self.variable["periods"] = [{"name": name, "start": str(day)} for name, day in table]
            self.variable["end"] = str(end)
        self.days = sorted(named)
        self.names = [named[day] for day in self.days]
        self.starts = [self._midnight(day) for day in self.days]

    def start(self, moment: datetime) -> datetime:
        """Of the period that holds a moment."""
        return self.starts[self._place(moment)]

    def end(self, moment: datetime) -> datetime:
        """The start of the period after it."""
        return self.starts[self._place(moment) + 1]

    def name(self, moment: datetime) -> str:
        """Of the period that holds a moment."""
        return self.names[self._place(moment)]

    def first_day(self, moment: datetime) -> date:
        """Of the period that holds a moment, by the company's own clock."""
        return self.days[self._place(moment)]

    def start_of_day(self, moment: datetime) -> datetime:
        """Of the period that a UTC day belongs to: that of its noon."""
        return self.start(datetime.combine(moment.date(), time(12)))

    def start_of_date(self, day: date) -> datetime:
        """Of the period that holds a day of the company's own calendar."""
        return self.start(self._midnight(day))

    def bills_until(self, moment: datetime) -> datetime:
        """The first UTC day that belongs to a later period."""
        day = datetime.combine(self.end(moment).date() - DAY, time())
        while self.start_of_day(day) < self.end(moment):
            day += DAY
        return day

    def _place(self, moment: datetime) -> int:
        return bisect_right(self.starts, moment) - 1

    def _midnight(self, day: date) -> datetime:
        local = datetime.combine(day, time(), self.zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None)
