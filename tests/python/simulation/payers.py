"""Who pays for a charge whose bill names the key: by the rules, and by what two people agreed on (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from simulation.facts import Facts, Request
from simulation.truth import Truth


class Charge(NamedTuple):
    """Of a key in a project on a day."""

    place: str
    key: str
    day: datetime


def payer(books: Truth, charge: Charge) -> str | None:
    """The customer; None where no rule names one.

    A closed period goes by the rules and requests of its close. A reclass that came later moves what the
    period then holds; a request of before the close is then taken back by a reclass only.
    """
    known = books.as_posted(books.now.calendar.start_of_day(charge.day))
    reclasses = [
        request for request in books.now.requests if request.is_reclass and request not in known.requests
    ]
    taken_back = {request.withdraws for request in (*known.requests, *reclasses)}
    owner = _owner(known, charge)
    holder = _moved(charge, owner, known.requests, taken_back)
    return _moved(charge, holder, reclasses, taken_back)


def _owner(facts: Facts, charge: Charge) -> str | None:
    """By the newest rule for the key, else by that for the project, of those that are in force on the day."""
    for kind, value in (("credential", charge.key), ("sub_account", charge.place)):
        for rule in reversed(facts.rules):
            if (rule.kind, rule.value) == (kind, value) and rule.since <= charge.day:
                return rule.customer
    return None


def _moved(
    charge: Charge, holder: str | None, requests: Iterable[Request], taken_back: set[str | None]
) -> str | None:
    """By the request that was approved first, of those that are about the charge and stand."""
    for request in requests:
        if (
            not request.withdraws
            and request.id not in taken_back
            and request.key in (None, charge.key)
            and request.owner in (None, holder)
            and request.start <= charge.day < request.end
        ):
            return request.customer
    return holder
