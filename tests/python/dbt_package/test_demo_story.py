"""The demo's last lines come from the figures: other figures, another story."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

INTEGRATION_TESTS = Path(__file__).parents[3] / "integration_tests"
AUGUST, SEPTEMBER = datetime(2026, 8, 1), datetime(2026, 9, 1)


@pytest.fixture(scope="module")
def story() -> Iterable[ModuleType]:
    sys.path.insert(0, str(INTEGRATION_TESTS))
    try:
        from demo import story

        yield story
    finally:
        sys.path.remove(str(INTEGRATION_TESTS))


class Figures:
    """Figures of a run that never was; tuples in the order of the real ones' fields."""

    currency = "USD"

    def __init__(
        self, story: ModuleType, margins: list[tuple], tokens: list[tuple] = (), requests: Any = None
    ) -> None:
        self._story, self._margins, self._tokens, self._requests = story, margins, tokens, requests or {}

    def margins(self) -> list[Any]:
        return [
            self._story.Margin(name.lower(), name, internal, start, *_known(revenue, cost), Decimal(0))
            for name, internal, start, revenue, cost in self._margins
        ]

    def tokens(self, customer_id: str) -> list[Any]:
        return [
            self._story.Tokens(start, model, inputs, read, Decimal(cost), start.replace(day=day))
            for start, model, inputs, read, cost, day in self._tokens
        ]

    def requests(self) -> dict[tuple[str, datetime], int]:
        return self._requests


def _known(revenue: int | None, cost: int) -> tuple[Decimal | None, Decimal, Decimal | None]:
    if revenue is None:
        return None, Decimal(cost), None
    return Decimal(revenue), Decimal(cost), Decimal(revenue - cost)


LOSER = [("Heron", False, AUGUST, 100, 20), ("Heron", False, SEPTEMBER, 100, 150)]
OTHERS = [
    ("Wren", False, SEPTEMBER, 0, 900),
    ("Lab", True, SEPTEMBER, 0, 5000),
    ("Finch", False, SEPTEMBER, 90, 30),
]


def test_the_largest_loss_of_a_paying_customer_is_told(story: ModuleType) -> None:
    """Neither the free trial nor the internal team, whatever they cost."""
    requests = {("heron", AUGUST): 1000, ("heron", SEPTEMBER): 2000, ("finch", SEPTEMBER): 3000}
    tokens = [
        (AUGUST, "small", 100, 80, 20, 1),
        (SEPTEMBER, "small", 10, 8, 30, 1),
        (SEPTEMBER, "large", 90, 2, 120, 7),
    ]
    assert story.tell(Figures(story, LOSER + OTHERS, tokens, requests)) == [
        "Heron loses money: USD 50.00 in September.",
        "September: revenue 100.00, AI cost 150.00."
        " The price did not change: August brought 100.00 and cost 20.00.",
        "Cost per 1,000 requests: 75.00 in September, 20.00 in August;"
        " the median of other customers is 10.00.",
        "Model: large makes 80 % of the cost in September, first used on 07 September;"
        " in August it was small (100 %).",
        "Cache: 10 % of the input tokens were read from the cache in September, 80 % in August.",
        "At August's cost per request September would have left 60.00 instead of -50.00.",
        "Break-even price: USD 75.00 per 1,000 requests; it pays 50.00: the price must rise by 50 %.",
    ]


def test_what_is_unknown_is_left_out(story: ModuleType) -> None:
    """No request was counted and no token seen: the break-even price is one a month."""
    assert story.tell(Figures(story, LOSER)) == [
        "Heron loses money: USD 50.00 in September.",
        "September: revenue 100.00, AI cost 150.00."
        " The price did not change: August brought 100.00 and cost 20.00.",
        "Break-even: USD 150.00 a month; it pays 100.00.",
    ]


def test_a_loss_in_the_only_month(story: ModuleType) -> None:
    tokens = [(SEPTEMBER, "large", 100, 0, 150, 1)]
    assert story.tell(Figures(story, LOSER[1:], tokens, {("heron", SEPTEMBER): 2000}))[1:] == [
        "September: revenue 100.00, AI cost 150.00.",
        "Cost per 1,000 requests: 75.00 in September.",
        "Model: large makes 100 % of the cost in September.",
        "Cache: 0 % of the input tokens were read from the cache in September.",
        "Break-even price: USD 75.00 per 1,000 requests; it pays 50.00: the price must rise by 50 %.",
    ]


def test_nobody_loses(story: ModuleType) -> None:
    margins = [LOSER[0], *OTHERS]
    assert story.tell(Figures(story, margins)) == [
        "No paying customer loses money. The thinnest margin is Finch's in September: 66.7 % of USD 90.00."
    ]


def test_nobody_pays_or_no_margin_is_known(story: ModuleType) -> None:
    assert story.tell(Figures(story, OTHERS[:2])) == ["No customer pays anything yet."]
    assert story.tell(Figures(story, [("Heron", False, AUGUST, None, 20)])) == [
        "No customer pays anything yet."
    ]
