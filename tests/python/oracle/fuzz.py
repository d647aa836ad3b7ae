"""Seeded test data: conforming rows with mutated cells and headers, as CSV text or as typed Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from . import corpus, oddities, reference
from .conforming import EXACT, TextRow, conforming
from .evaluator import USUAL
from .numeric import NUMBER

CURRENCY_COLUMNS = ("BillingCurrency", "PricingCurrency", "PaymentCurrency")
NUMBERS = (*corpus.NUMBERS, *oddities.NUMBERS)
DATES = (*corpus.DATES, *oddities.DATES)
TEXTS = (*corpus.TEXTS, *oddities.TEXTS)
BAD_JSON = (*corpus.BAD_JSON, *oddities.JSON)
TOLERANCES = ("0,0", "0.5,0", "0,1e-9", "1,1e-6", "100,0", "0.499,1e-15", "0,0.25", "12345,0.999", "0,1E-40")
UNIT_COLUMNS = ("PricingUnit", "ConsumedUnit", "CommitmentDiscountUnit", "ContractCommitmentUnit")
DRIVERS = {
    "CostAndUsage": (
        *(
            "ChargeCategory",
            "ChargeClass",
            "SkuPriceId",
            "SkuId",
            "CommitmentDiscountId",
            "CommitmentDiscountStatus",
        ),
        *("CommitmentDiscountQuantity", "ResourceId", "RegionId", "SubAccountId", "CapacityReservationId"),
        *(
            "CapacityReservationStatus",
            "PricingQuantity",
            "ConsumedQuantity",
            "ListUnitPrice",
            "ChargeFrequency",
        ),
        *("ContractedUnitPrice", "ServiceCategory", "ServiceSubcategory", "ListCost", "ContractedCost"),
        *("CommitmentDiscountType", "AllocatedResourceId", "BilledCost", "EffectiveCost"),
    ),
    "InvoiceDetail": ("PaymentCurrency", "BillingCurrency", "BilledCost", "PaymentCurrencyBilledCost"),
    "ContractCommitment": (
        *(
            "ContractCommitmentCategory",
            "ContractCommitmentBenefitCategory",
            "ContractCommitmentPaymentModel",
        ),
        *(
            "ContractCommitmentQuantity",
            "ContractCommitmentDurationType",
            "ContractCommitmentPaymentInterval",
        ),
        *("ContractCommitmentModel", "ContractCommitmentFulfillmentInterval"),
        "ContractCommitmentPaymentUpfrontPercentage",
    ),
    "BillingPeriod": ("BillingPeriodCreated", "BillingPeriodLastUpdated"),
}
"""Columns on which conditions of other rules hang, or whose values are compared: mutated more often."""


@dataclass(frozen=True)
class Case:
    """One dataset to validate, with the options of the run. ``seed`` makes it again."""

    seed: int
    dataset: str
    header: tuple[str, ...]
    rows: tuple[TextRow, ...]
    supports: frozenset[str]
    selected: bool
    null_text: str | None
    tolerance: str = USUAL


@cache
def official_flags(dataset: str) -> frozenset[str]:
    """Flags that rules of a dataset name."""
    return frozenset().union(*(rule.flags for rule in reference.read_rules(dataset).values()))


def flags_of(dataset: str) -> list[str]:
    """Flags that rules of a dataset name, the unofficial ones included."""
    unofficial = {
        "CostAndUsage": {"COMMITMENT_PROGRAM"},
        "ContractCommitment": {"PARTIAL_UPFRONT"},
        "InvoiceDetail": {
            "PAYMENT_CURRENCY_DIFFERENCES",
            "PAYMENT_CURRENCY_AGGREGATION",
            "PURCHASE_ORDER_NUMBER",
        },
        "BillingPeriod": set(),
    }[dataset]
    return sorted(official_flags(dataset) | unofficial)


def make_case(seed: int, dataset: str, size: int = 40) -> Case:
    """The case of a seed: the same on every machine and Python."""
    rng = Random(f"{dataset}:{seed}")
    rows = conforming(dataset, rng, rng.randint(1, size))
    header = sorted(reference.columns_of(dataset))
    mutate_cells(dataset, rows, rng)
    if rng.random() < 0.5:
        header = mutate_header(header, rows, rng)
    flags = flags_of(dataset)
    declared = rng.choice([[], flags, rng.sample(flags, rng.randint(0, len(flags)))])
    null_text = rng.choice([None, None, None, None, "NULL", "Usage", "N/A", "0", "", "-"])
    cells = tuple({name: row.get(name) for name in header} for row in rows)
    selected = rng.random() < 0.1
    tolerance = USUAL if rng.random() < 0.6 else rng.choice(TOLERANCES)
    return Case(seed, dataset, tuple(header), cells, frozenset(declared), selected, null_text, tolerance)


def sweep(dataset: str, step: int = 1) -> Case:
    """Every value of the corpus once in every column that it fits, one change per conforming row.

    ``step`` takes only every so many-th of these changes.
    """
    rng = Random(f"{dataset}:sweep")
    columns = reference.columns_of(dataset)
    changes = [(name, value) for name in sorted(columns) for value in candidates(columns[name])][::step]
    rows = conforming(dataset, rng, len(changes))
    rng.shuffle(changes)
    for row, (name, value) in zip(rows, changes, strict=True):
        row[name] = value
    return whole(dataset, rows)


def candidates(column: reference.Column) -> list[str | None]:
    """What to put into a column: nulls in rows of every kind, the corpus of its kind, allowed values."""
    values: list[str | None] = [None] * 20
    if column.data_type == "Decimal":
        return [*values, *NUMBERS]
    if column.data_type == "Date/Time":
        return [*values, *DATES]
    if column.data_type == "JSON":
        return [*values, *corpus.JSON_CASES[column.name], *BAD_JSON]
    values += TEXTS if column.allowed else TEXTS[len(column.name) % 3 :: 3]
    if column.name in CURRENCY_COLUMNS:
        values += corpus.CURRENCIES
    if column.name in UNIT_COLUMNS:
        values += corpus.UNITS
    if column.name == "ContractCommitmentDurationType":
        values += corpus.DURATIONS
    return values + list(column.allowed) * 4


def whole(dataset: str, rows: list[TextRow], header: Sequence[str] = ()) -> Case:
    """A case with all flags of the dataset declared; every column unless a header is given."""
    header = tuple(header or sorted(reference.columns_of(dataset)))
    cells = tuple({name: row.get(name) for name in header} for row in rows)
    return Case(0, dataset, header, cells, frozenset(flags_of(dataset)), False, None)


def mutate_cells(dataset: str, rows: list[TextRow], rng: Random) -> None:
    columns = reference.columns_of(dataset)
    names = sorted(columns)
    total = len(rows) * len(names)
    count = rng.choice([0, 1, 3, total // 100 + 1, total // 20 + 1])
    for _ in range(count):
        row = rng.choice(rows)
        name = rng.choice(DRIVERS[dataset] if rng.random() < 0.5 else names)
        row[name] = mutated(columns[name], row, rows, rng)
    if rng.random() < 0.15:
        rows.insert(rng.randrange(len(rows) + 1), dict(rng.choice(rows)))


def mutated(column: reference.Column, row: TextRow, rows: list[TextRow], rng: Random) -> str | None:
    choice = rng.random()
    if choice < 0.15:
        return None
    if choice < 0.20:
        return ""
    if choice < 0.30:
        return rng.choice(rows)[column.name]
    if choice < 0.36:
        return row[rng.choice(sorted(row))]
    if choice < 0.45:
        return rng.choice(TEXTS)
    fitting = by_kind(column)(row, rng)
    return scrambled(fitting, rng) if choice < 0.60 else fitting


def scrambled(text: str | None, rng: Random) -> str:
    """The text with one character left out, doubled, added or replaced."""
    text = text or ""
    at = rng.randint(0, len(text))
    char = rng.choice(corpus.CHARACTERS)
    before, after = text[:at], text[at:]
    return rng.choice(
        [before + after[1:], before + after[:1] + after, before + char + after, before + char + after[1:]]
    )


Mutator = Callable[[TextRow, Random], "str | None"]


def by_kind(column: reference.Column) -> Mutator:
    """The mutator that fits a column's kind of value."""
    if column.data_type == "Decimal":
        return lambda row, rng: number(row[column.name], rng)
    if column.data_type == "Date/Time":
        return lambda row, rng: rng.choice(DATES)
    if column.data_type == "JSON":
        own = corpus.JSON_CASES[column.name]
        return lambda row, rng: rng.choice(own if rng.random() < 0.6 else BAD_JSON)
    if column.name in CURRENCY_COLUMNS:
        return lambda row, rng: rng.choice(corpus.CURRENCIES)
    if column.name in UNIT_COLUMNS:
        return lambda row, rng: rng.choice(corpus.UNITS)
    if column.name == "ContractCommitmentDurationType":
        return lambda row, rng: rng.choice(corpus.DURATIONS)
    if column.allowed:
        return lambda row, rng: spelled(rng.choice(column.allowed), rng)
    return lambda row, rng: rng.choice(TEXTS)


def spelled(value: str, rng: Random) -> str:
    """Mostly the value itself, else a near miss of it."""
    return rng.choice([value, value, value, value, value.lower(), value + " ", value.replace(" ", "\u00a0")])


def number(value: str | None, rng: Random) -> str:
    """A number from the corpus, or the value itself moved by about as much as a tolerance allows."""
    if value is None or not NUMBER.fullmatch(value) or len(value) > 60 or "E" in value or rng.random() < 0.5:
        return rng.choice(NUMBERS)
    exact = Decimal(value)
    nudge = Decimal(rng.choice(["0.005", "0.0050001", "0.00499", "-0.005", "0.5", "1E-12", "-1", "5E-9"]))
    relative = EXACT.multiply(exact, Decimal(rng.choice(["1E-9", "1.0001E-9", "-9.99E-10", "1E-3", "-2"])))
    return rng.choice(
        [
            format(EXACT.add(exact, nudge), "f"),
            format(EXACT.add(exact, relative), "f"),
            value + ("0" if "." in value else ".0"),
            rewritten(exact, rng),
        ]
    )


def rewritten(value: Decimal, rng: Random) -> str:
    """The same number with an exponent."""
    shift = rng.randint(-5, 5)
    return f"{value.scaleb(shift, EXACT):f}E{-shift}"


def mutate_header(header: list[str], rows: list[TextRow], rng: Random) -> list[str]:
    """Columns left out, added, renamed or put in another order."""
    header = list(header)
    change = rng.choice(["drop", "drop", "many", "commitment", "custom", "custom", "near", "order"])
    if change == "drop":
        gone = rng.sample(header, min(rng.randint(1, 4), len(header) - 1))
        return [name for name in header if name not in gone]
    if change == "many":
        return sorted(rng.sample(header, rng.randint(2, len(header))))
    if change == "commitment":
        gone = [rng.choice(["CommitmentDiscountId", "CommitmentDiscountStatus"]), "CommitmentDiscountStatus"]
        gone = rng.choice([gone, ["CommitmentDiscountId", "CommitmentDiscountStatus"]])
        return [name for name in header if name not in gone]
    if change == "custom":
        return [*header, *added_columns(rows, rng)]
    if change == "near":
        old = rng.choice(header)
        new = rng.choice([old.lower(), "_".join(old), f"{old} ", old.upper()])
        for row in rows:
            row[new] = row.get(old)
        return [new if name == old else name for name in header]
    rng.shuffle(header)
    return header


def added_columns(rows: list[TextRow], rng: Random) -> list[str]:
    names = rng.sample(corpus.CUSTOM_NAMES, rng.randint(1, 3))
    for name in names:
        for row in rows:
            row[name] = rng.choice([None, "value", "1", rng.choice(TEXTS)])
    return names
