"""An accounting period, and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """An accounting period of the company's calendar.

    ``begins`` and ``ends`` are its moments in UTC, ``first_day`` is a date of the company's time zone.
    """

    name: str
    first_day: date
    begins: datetime
    ends: datetime
    previous: Period | None = None

    @property
    def words(self) -> str:
        """``September 2026`` of ``2026-09``, in English whatever the locale; else the name."""
        return month_in_words(self.name)

    @property
    def previous_words(self) -> str:
        """The same of the period before."""
        return self.previous.words if self.previous else "the month before"


def month_in_words(name: str, letters: int | None = None) -> str:
    """``September 2026`` of ``2026-09``, ``Sep 2026`` with 3 letters; another name as it is."""
    if not _MONTH.fullmatch(name):
        return name
    return f"{MONTHS[int(name[5:]) - 1][:letters]} {name[:4]}"
