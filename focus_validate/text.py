"""Text that is safe to show: values cut and escaped, lists of words, near misses.

What stands in a cell is never trusted: control characters, terminal escapes, bidirectional overrides and
invisible characters are written as escapes wherever a value reaches a person.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from focus_validate.result import (
    LONGEST_VALUE,
    Amount,
    Report,
    RuleResult,
    Sample,
    Value,
    WaiverResult,
)


def escape(text: str) -> str:
    """``text`` with every character that does not print (or moves the cursor) as a backslash escape."""
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def cut(text: str, limit: int) -> str:
    """The first ``limit`` characters of ``text`` and how long it is when something was left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({_length(text)})"


def _length(text: str) -> str:
    whole = len(text) <= LONGEST_VALUE
    return f"{len(text):,} characters" if whole else f"more than {LONGEST_VALUE:,} characters"


def first_line(message: object) -> str:
    """What an error of a library says first: the rest is advice to its own users, or a trace."""
    lines = str(message).strip().splitlines()
    return lines[0] if lines else "unknown"


def show(value: Value, limit: int = 60) -> str:
    """A cell as a person reads it: text quoted, escaped and cut to ``limit``; the rest as in JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    head = value[:limit]
    while len(repr(head)) > limit + 2:
        head = head[:-1]
    return repr(head) if head == value else f"{head!r}... ({_length(value)})"


def show_name(name: str | None, limit: int = 40) -> str:
    """A name as it stands, escaped and cut; ``(none)`` for null."""
    return "(none)" if name is None else cut(escape(name), limit)


def show_cost(cost: str) -> str:
    """An amount with the thousands parted: 1,204.5. E notation stays."""
    if "E" in cost:
        return cost
    whole, point, fraction = cost.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}"


def show_identity(sample: Sample, limit: int = 60) -> str:
    """What names a row: ``InvoiceId 'INV-1', ResourceId 'vm-7'``; empty when nothing does."""
    return ", ".join(f"{column} {show(cell, limit)}" for column, cell in sample.identity.items())


def show_place(sample: Sample) -> str:
    """Where a value stands: ``export.csv row 1,204 PricingUnit``; the column if the rule is about several."""
    return " ".join(escape(part) for part in (sample.file, f"row {sample.row:,}", sample.column) if part)


def message_of(rule: RuleResult) -> str:
    """What is wrong and, where that is known without a look at rows, what it is here or why it is waived."""
    if not rule.reason or rule.status not in ("fail", "warn", "waived"):
        return rule.message
    reason = (
        f"{rule.reason[0].upper()}{rule.reason[1:]}" if rule.status == "waived" else f"Here: {rule.reason}"
    )
    return f"{rule.message} {reason}"


def rows_of(rule: RuleResult) -> str:
    """How many rows break a rule and its samples, a line each, for outputs of plain text."""
    lines = (
        []
        if rule.violations is None or rule.checked is None
        else [f"{rule.violations:,} of {rule.checked:,}"]
    )
    for sample in rule.samples:
        named = f" ({show_identity(sample)})" if sample.identity else ""
        lines.append(f"{show_place(sample)}: {show(sample.value)}{named}")
    return "\n".join(lines)


def amounts_of(report: Report, rule: RuleResult) -> tuple[Amount, ...]:
    """What the rows cost that break a rule; empty where nothing is known of it."""
    money = report.money_at_stake
    return next((each.amounts for each in money.rules if each.rule == rule.id), ()) if money else ()


def show_amounts(amounts: Sequence[Amount], limit: int = 5) -> str:
    """``BilledCost at stake: Acme 1,204.5 USD (1,200 rows)``; empty without amounts."""
    shown = [
        f"{show_name(amount.invoice_issuer_name)} {show_cost(amount.billed_cost)}"
        f" {show_name(amount.billing_currency)} ({count(amount.rows, 'row')})"
        for amount in amounts
    ]
    return f"BilledCost at stake: {some(shown, limit)}" if shown else ""


def idle_reason(waiver: WaiverResult) -> str:
    """Why a waiver that covers nothing fails the run, and what to do."""
    if waiver.state == "expired":
        return f"expired on {waiver.expires}: mend the finding or renew the waiver"
    return "stale: the rule is not broken, remove the waiver"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``1,204 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def join_words(words: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def some(words: Sequence[str], limit: int = 4) -> str:
    """``a, b, c, d and 7 more``."""
    if len(words) <= limit:
        return join_words(words)
    return f"{', '.join(words[:limit])} and {len(words) - limit:,} more"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` most likely means, whatever its case and separators, if there is one."""
    spellings = {plain(candidate): candidate for candidate in known}
    if plain(word) in spellings:
        return spellings[plain(word)]
    found = difflib.get_close_matches(plain(word[:100]), spellings, n=1, cutoff=0.75)
    return spellings[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean X?)`` or nothing, to be appended to an error."""
    guess = nearest(word, known)
    return f" (did you mean {guess}?)" if guess else ""


def plain(word: str) -> str:
    """``word`` without case and separators: what two spellings of one name have in common."""
    return re.sub(r"[\s_.-]", "", word).casefold()
