"""Date/time values: the strict form of FOCUS and the instants they name."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

STRICT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def instant_of(value: object) -> int | None:
    """Microseconds since 1970 in UTC; None for null and for text that is no date/time of FOCUS."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    elif isinstance(value, str):
        match = STRICT.fullmatch(value)
        if not match:
            return None
        try:
            year, month, day, hour, minute, second = (int(part) for part in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
        except ValueError:
            return None
    else:
        return None
    return (moment - EPOCH) // timedelta(microseconds=1)


def breaks_iso(text: str) -> bool:
    return instant_of(text) is None


def breaks_utc(text: str) -> bool:
    return not text.endswith("Z")


def breaks_parts(text: str) -> bool:
    return re.match(r"[0-9-]+T[0-9]", text) is None


def breaks_digits(text: str) -> bool:
    pattern = r".*[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([Zz]|[+-].*)?"
    return re.fullmatch(pattern, text, re.DOTALL) is None
