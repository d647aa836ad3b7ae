"""What each provider charges for a day: its usage times the price, one line as the provider's bill has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .clock import DAY
from .company import ANTHROPIC, OPENAI, Company
from .loads import Load
from .prices import WEB_SEARCH, PriceBook
from .rng import Rng
from .traffic import Cell, Counts

CLASSES = ("uncached_input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
# Charges of tools that are no model's tokens: name -> (price of one in 10^-12, unit).
FILE_SEARCH = ("assistants api | file search", 2_500_000_000, None)
VECTOR_STORAGE = ("assistants api | vector storage", 4_166_667, "gibibyte_hours")  # a thousandth of an hour


class Line(NamedTuple):
    """One line of a day's bill. `token_class` None: the bill does not separate the classes."""

    sub_account: str | None
    key: str | None  # Anthropic's bill knows no keys
    model: str | None
    tier: str
    token_class: str | None
    amount: int  # 10^-12 of the account's currency
    quantity: int | None
    item: str | None = None  # the provider's own words, for tools
    unit: str | None = None


class DailyBill(NamedTuple):
    """What one pull of a day's cost bucket saw."""

    provider: str
    account: str
    day: int
    loaded_at: int
    number: int
    lines: tuple[Line, ...]


def bills(company: Company, pulls: Iterable[Load], book: PriceBook) -> list[DailyBill]:
    """Every pull of every daily cost bucket; usage pulled by the hour is billed by the day all the same."""
    versions: dict[tuple[str, str, int], list[Load]] = defaultdict(list)
    for load in pulls:
        versions[load.provider, load.account, load.start // DAY * DAY].append(load)
    result = []
    for (provider, account, day), day_loads in sorted(versions.items()):
        for number in sorted({load.number for load in day_loads}):
            seen = [
                load
                for load in day_loads
                if load.number == number or (load.number < number and not _pulled_again(load, day_loads))
            ]
            loaded_at = max(load.loaded_at for load in seen if load.number == number)
            lines = tuple(_lines(company, provider, account, day, seen, book))
            result.append(DailyBill(provider, account, day, loaded_at, number, lines))
    return result


def as_of(all_bills: Iterable[DailyBill], when: int) -> list[DailyBill]:
    """The last pull of each bucket that was known at a moment."""
    latest: dict[tuple[str, str, int], DailyBill] = {}
    for bill in all_bills:
        if bill.loaded_at <= when:
            latest[bill.provider, bill.account, bill.day] = bill
    return list(latest.values())


def _pulled_again(load: Load, day_loads: list[Load]) -> bool:
    return any(other.start == load.start and other.number > load.number for other in day_loads)


def _lines(company: Company, provider: str, account: str, day: int, seen: list[Load], book: PriceBook):
    totals: dict[Cell, Counts] = defaultdict(Counts)
    for load in seen:
        for cell, counts in load.cells.items():
            key = cell.key if provider == OPENAI else None
            billed = cell._replace(principal=None, key=key)
            totals[billed] = totals[billed].plus(counts)
    searches: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for cell, counts in sorted(totals.items(), key=lambda item: [str(part) for part in item[0]]):
        searches[cell.sub_account, cell.key] += counts.web_searches
        priced = [
            (token_class, tokens, 0 if cell.free else cost(book, account, cell, token_class, tokens, day))
            for token_class, tokens in zip(CLASSES, counts, strict=False)
            if tokens
        ]
        where = (cell.sub_account, cell.key, cell.model, cell.tier)
        if cell.separated:
            for token_class, tokens, amount in priced:
                yield Line(*where, token_class, amount, tokens)
        elif priced:
            yield Line(*where, None, sum(amount for _, _, amount in priced), None)
    for (sub_account, key), n in searches.items():
        if n:
            price = book.per_unit(account, provider, WEB_SEARCH, "standard", day)
            yield Line(sub_account, key, None, "standard", WEB_SEARCH, n * price, n)
    if account == company.main and totals:
        yield from _tools(company, day)


def _tools(company: Company, day: int):
    rng = Rng("tools", company.replica, day)
    where = (company.id("proj_support"), company.id("key_support"), None, "standard", "other")
    for (item, price, unit), quantity in (
        (FILE_SEARCH, rng.between(4, 40)),
        (VECTOR_STORAGE, rng.between(6, 40)),
    ):
        yield Line(*where, quantity * price, quantity, item, unit)


def cost(book: PriceBook, account: str, cell: Cell, token_class: str, tokens: int, when: int) -> int:
    """Exact cost of tokens in 10^-12 of the account's currency."""
    return tokens * book.per_unit(account, cell.model, token_class, cell.tier, when)


def worked_cost(book: PriceBook, worked: dict[tuple[str, Cell, int], Counts]) -> int:
    """Exact cost of what was done for a customer, in its account's currency."""
    total = 0
    for (account, cell, when), counts in worked.items():
        if cell.free:
            continue
        day = when // DAY * DAY
        total += sum(
            cost(book, account, cell, token_class, tokens, day)
            for token_class, tokens in zip(CLASSES, counts, strict=False)
            if tokens
        )
        if counts.web_searches:
            provider = ANTHROPIC if cell.model.startswith("claude") else OPENAI
            total += counts.web_searches * book.per_unit(account, provider, WEB_SEARCH, "standard", day)
    return total
