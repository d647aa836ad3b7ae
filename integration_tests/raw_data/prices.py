"""What a unit costs: public prices (the package's seed), the company's contracts, one that is on no list."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .clock import at
from .money import units

LIST_PRICES = Path(__file__).resolve().parents[2] / "seeds" / "focus_ai_list_prices.csv"

GPT5 = "gpt-5-2025-08-07"
GPT5_MINI = "gpt-5-mini-2025-08-07"
GPT55 = "gpt-5.5-2026-04-23"
SONNET = "claude-sonnet-4-20250514"
HAIKU = "claude-haiku-4-5-20251001"

TOKENS = ("uncached_input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
WEB_SEARCH = "web_search"


@dataclass(frozen=True)
class ContractPrice:
    """A negotiated price per million tokens, valid in [start, end)."""

    price_id: str
    account: str
    model: str
    token_class: str
    tier: str
    currency: str
    price: str
    start: int
    end: int | None
    recorded_at: int


DISCOUNT_RISES_AT = at(2026, 9, 15)
_SIGNED, _SIGNED_AGAIN = at(2025, 12, 18, 10), at(2026, 9, 8, 14)
_YEAR_START, _EMEA_START = at(2026, 1, 1), at(2026, 3, 1)

# USD: gpt-5 at 10 % off, from 15 September 20 % off. EUR: a price list of its own.
_GPT5_USD = {
    "standard": {
        "uncached_input": ("1.125", "1.00"),
        "cache_read": ("0.1125", "0.10"),
        "output": ("9.00", "8.00"),
    },
    "batch": {
        "uncached_input": ("0.5625", "0.50"),
        "cache_read": ("0.05625", "0.05"),
        "output": ("4.50", "4.00"),
    },
}
_EUR = {
    GPT5: {"uncached_input": "1.10", "cache_read": "0.11", "output": "8.80"},
    GPT5_MINI: {"uncached_input": "0.22", "cache_read": "0.022", "output": "1.76"},
}
# The provider bills this model although it is on no list yet.
_UNPUBLISHED = {
    GPT55: {"uncached_input": "2.50", "cache_read": "0.25", "cache_write_5m": "3.125", "output": "15.00"},
}


def contract_prices(main: str, emea: str) -> list[ContractPrice]:
    """Contracts of the two OpenAI organisations; the first one's prices change on 15 September."""
    prices = []
    for tier, classes in _GPT5_USD.items():
        for token_class, (before, after) in classes.items():
            phases = (
                (before, _YEAR_START, DISCOUNT_RISES_AT, _SIGNED),
                (after, DISCOUNT_RISES_AT, None, _SIGNED_AGAIN),
            )
            for number, (price, start, end, recorded_at) in enumerate(phases, 1):
                price_id = f"cp_{main}_gpt5_{token_class}_{tier}_{number}"
                prices.append(
                    ContractPrice(
                        price_id, main, GPT5, token_class, tier, "USD", price, start, end, recorded_at
                    )
                )
    for model, classes in _EUR.items():
        for token_class, price in classes.items():
            for tier, tier_price in (("standard", price), ("batch", _half(price))):
                price_id = f"cp_{emea}_{model.rsplit('-', 3)[0]}_{token_class}_{tier}_1"
                prices.append(
                    ContractPrice(
                        price_id,
                        emea,
                        model,
                        token_class,
                        tier,
                        "EUR",
                        tier_price,
                        _EMEA_START,
                        None,
                        _SIGNED,
                    )
                )
    return prices


def _half(price: str) -> str:
    whole = units(price)
    return f"{whole // 2 // 10**12}.{whole // 2 % 10**12:012d}".rstrip("0")


@cache
def _list_prices() -> dict[tuple[str, str, str], int]:
    with LIST_PRICES.open(newline="", encoding="utf-8") as file:
        return {
            (
                row["model_id"] or row["source_relation"],
                row["token_class"],
                row["processing_tier"],
            ): _per_unit(row["unit_price"], row["pricing_unit_size"])
            for row in csv.DictReader(file)
            if not row["context_window"]  # no call of the demo is that long
        }


def _per_unit(price: str, size: str) -> int:
    """Units of 10^-12 for one token or request; exact, or an error."""
    whole, rest = divmod(units(price), int(size))
    if rest:
        raise ValueError(f"price {price} per {size} has more than 12 decimals a unit")
    return whole


def list_price(model: str, token_class: str, tier: str) -> int | None:
    """Public price of one token or request in units of 10^-12 USD; None if there is none."""
    return _list_prices().get((model, token_class, tier))


class PriceBook:
    """What one provider account really pays, contract first."""

    def __init__(self, contracts: list[ContractPrice]) -> None:
        self._contracts: dict[tuple[str, str, str, str], list[ContractPrice]] = {}
        for price in contracts:
            key = (price.account, price.model, price.token_class, price.tier)
            self._contracts.setdefault(key, []).append(price)

    def per_unit(self, account: str, model: str, token_class: str, tier: str, when: int) -> int:
        """Price of one token or request in units of 10^-12 of the account's currency."""
        for contract in self._contracts.get((account, model, token_class, tier), ()):
            if contract.start <= when and (contract.end is None or when < contract.end):
                return _per_unit(contract.price, "1000000")
        price = list_price(model, token_class, tier)
        if price is None:
            price = _per_unit(_UNPUBLISHED[model][token_class], "1000000")
        return price
