"""The demo raw data, read from the files alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
Row = dict[str, str]
PriceBook = dict[tuple[str, str, str, str], list[tuple[str, str, Decimal]]]


class Data:
    """Tables read from the CSV files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self._tables:
            source, table = name.split(".")
            with (self._folder / source / f"{table}.csv").open(newline="", encoding="utf-8") as file:
                self._tables[name] = list(csv.DictReader(file))
        return self._tables[name]

    def as_of(self, name: str, when: str, start: str, account: str = "organization_id") -> list[Row]:
        """Rows of the last load of each bucket known at a moment; bucket_loads knows of empty loads."""
        source, endpoint = name.split(".")
        latest: dict[tuple[str, str], str] = {}
        for load in self[f"{source}.bucket_loads"]:
            if load["endpoint"] == endpoint and load["loaded_at"] <= when:
                bucket = (load[account], load[start])
                latest[bucket] = max(latest.get(bucket, ""), load["loaded_at"])
        return [row for row in self[name] if latest.get((row[account], row[start])) == row["loaded_at"]]

    def invoice_lines(self) -> Iterator[tuple[Row, Row]]:
        """(header, line) of every provider invoice."""
        headers = {row["invoice_id"]: row for row in self["provider_invoices.invoices"]}
        for line in self["provider_invoices.invoice_lines"]:
            yield headers[line["invoice_id"]], line


def iso(seconds: str | int) -> str:
    """`2026-08-01T00:00:00Z` of Unix seconds."""
    return datetime.fromtimestamp(int(seconds), tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def prices(data: Data) -> PriceBook:
    """(account or '', model, class, tier) -> (from, to, price of a million tokens)."""
    found = defaultdict(list)
    with (REPOSITORY / "seeds" / "focus_ai_list_prices.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["pricing_unit"] == "1000000 Tokens" and not row["context_window"]:
                key = ("", row["model_id"], row["token_class"], row["processing_tier"])
                found[key].append(("", "9", Decimal(row["unit_price"])))
    for row in data["finance.contract_prices"]:
        key = (row["billing_account_id"], row["model_id"], row["token_class"], row["processing_tier"])
        found[key].append((row["effective_from"], row["effective_to"] or "9", Decimal(row["unit_price"])))
    return found


def price(
    book: PriceBook, account: str, model: str, token_class: str, tier: str, when: str
) -> Decimal | None:
    """Contract price of a million tokens at a moment, else the list price."""
    for who in (account, ""):
        for start, end, value in book.get((who, model, token_class, tier), ()):
            if start <= when < end:
                return value
    return None
