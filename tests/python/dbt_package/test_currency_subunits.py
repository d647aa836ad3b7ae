"""Currency subunits: the package's seed says what the validator's ISO 4217 table says."""

from __future__ import annotations

import csv
from decimal import Decimal

from .project import REPOSITORY

SEED = REPOSITORY / "seeds/focus_ai_currency_subunits.csv"
TABLE = REPOSITORY / "focus_validate/spec/1.4/iso4217.txt"


def test_seed_holds_every_national_currency_with_its_smallest_unit() -> None:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    national = {line[0]: int(line[1]) for line in lines if len(line) == 2}
    with SEED.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["currency"]: int(row["decimals"]) for row in rows} == national
    assert all(Decimal(row["subunit"]) == Decimal(1).scaleb(-int(row["decimals"])) for row in rows)
