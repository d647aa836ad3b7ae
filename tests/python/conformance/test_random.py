"""Random deliveries against a second evaluator that loops over plain rows with fractions.

It shares no code with the package: another reading of the same rules, row by row.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conformance.deliveries import DATASETS, write
from focus_validate import validate_bundle
from focus_validate.conformance.catalogue import LINKS, RULES

MONTHS = [f"2026-{month:02}-01T00:00:00Z" for month in range(6, 11)]
SUBUNIT = {"USD": Fraction(1, 100), "JPY": Fraction(1), "KWD": Fraction(1, 1000)}
SEEDS = range(80)
Rows = list[dict[str, "str | None"]]


def amount(rng: Random, scale: int = 1) -> str:
    """Money around the tolerance, now and then in another notation."""
    cents = rng.choice([0, 1, 99, 100, 101, -100, rng.randint(-300, 3000)]) * scale
    plain = f"{Fraction(cents, 100).numerator / Fraction(cents, 100).denominator:.2f}"
    return rng.choice([plain, plain, plain, f"{cents}E-2", plain + "000000000000000000001"])


def random_delivery(rng: Random) -> dict[str, Rows]:
    issuers, invoices, details = ["AWS", "GCP"], ["I1", "I2", "I3", None], ["D1", "D2", "D3", None]
    currencies = rng.choice([["USD"], ["JPY"], ["USD", "KWD"]])

    def bounds() -> dict[str, str | None]:
        month = rng.choice([0, 1, 1, 1, 2])
        return {"BillingPeriodStart": MONTHS[month], "BillingPeriodEnd": MONTHS[month + 1]}

    costs: Rows = []
    for _ in range(rng.randint(1, 25)):
        start = rng.choice(MONTHS[:3])
        applied = [
            {"ContractId": rng.choice(["k1", "k2"]), "ContractCommitmentId": rng.choice(["c1", "c2"])}
            for _ in range(rng.randint(0, 2))
        ]
        costs.append(
            {
                "InvoiceIssuerName": rng.choice(issuers),
                "InvoiceId": rng.choice(invoices),
                "InvoiceDetailId": rng.choice(details),
                "BilledCost": rng.choice([amount(rng), amount(rng), amount(rng, 50), amount(rng)]),
                "BillingCurrency": rng.choice(currencies),
                "ChargeCategory": rng.choice(["Usage", "Usage", "Tax"]),
                "ChargeClass": rng.choice([None, None, "Correction"]),
                "ChargePeriodStart": start,
                "ChargePeriodEnd": start.replace("-01T", "-02T"),
                "ContractApplied": rng.choice([None, json.dumps({"Elements": applied})]),
                **bounds(),
            }
        )
        if rng.random() < 0.03:
            costs[-1]["BilledCost"] = rng.choice([None, "free"])
    lines: Rows = []
    for _ in range(rng.randint(1, 8)):
        source = rng.choice(costs)
        lines.append(
            {
                "InvoiceIssuerName": rng.choice([source["InvoiceIssuerName"], *issuers]),
                "InvoiceId": rng.choice([source["InvoiceId"] or "I1", source["InvoiceId"] or "I9", "I1"]),
                "InvoiceDetailId": rng.choice([source["InvoiceDetailId"] or "D1", "D2"]),
                "BilledCost": rng.choice([source["BilledCost"], amount(rng)]),
                "BillingCurrency": rng.choice(currencies),
                "ChargeCategory": rng.choice(["Usage", "Usage", "Tax"]),
                "InvoiceIssueStatus": rng.choice(["Issued", "Issued", "Issued", "Open", "Voided"]),
                "InvoiceDetailCreated": rng.choice(MONTHS),
                **bounds(),
            }
        )
    periods: Rows = [
        {
            "InvoiceIssuerName": rng.choice(issuers),
            "BillingPeriodStatus": rng.choice(["Open", "Closed", "Closed"]),
            "BillingPeriodLastUpdated": rng.choice(MONTHS),
            **bounds(),
        }
        for _ in range(rng.randint(1, 4))
    ]
    commitments: Rows = [
        {"ContractId": rng.choice(["k1", "k2"]), "ContractCommitmentId": rng.choice(["c1", "c2"])}
        for _ in range(rng.randint(1, 2))
    ]
    return {"costs": costs, "invoices": lines, "periods": periods, "commitments": commitments}


class Naive:
    """The rules across datasets, each by its sentence, over lists of rows."""

    def __init__(self, now: dict[str, Rows], before: dict[str, Rows]) -> None:
        self.costs, self.lines = now["costs"], now["invoices"]
        self.periods, self.commitments = now["periods"], now["commitments"]
        self.before = before

    def differs(self, costs: Rows, lines: Rows) -> bool | None:
        """Whether sums differ in some currency; None where an amount is none."""
        result: bool | None = False
        for currency in {row["BillingCurrency"] for row in [*costs, *lines]}:
            mine = [row["BilledCost"] for row in costs if row["BillingCurrency"] == currency]
            theirs = [row["BilledCost"] for row in lines if row["BillingCurrency"] == currency]
            if {None, "free"} & {*mine, *theirs}:
                return None
            gap = abs(sum(map(Fraction, mine), Fraction()) - sum(map(Fraction, theirs), Fraction()))  # type: ignore[arg-type]
            unit = SUBUNIT[currency or ""]
            if gap > 100 * unit and gap * gap > len(mine) * unit * unit / 4:
                result = True
        return result

    def is_covered(self, line: dict[str, str | None]) -> bool:
        same = [row for row in self.costs if row["InvoiceIssuerName"] == line["InvoiceIssuerName"]]
        return any(
            row["InvoiceId"] == line["InvoiceId"] or row["BillingPeriodStart"] == line["BillingPeriodStart"]
            for row in same
        )

    def compare(self, columns: tuple[str, ...], lines: Rows, costs: Rows) -> tuple[int, int, int]:
        checked = violations = hard = 0
        covered = [line for line in lines if self.is_covered(line)]
        for name in {tuple(line[column] for column in columns) for line in covered}:
            own = [line for line in covered if tuple(line[column] for column in columns) == name]
            charges = [row for row in costs if tuple(row[column] for column in columns) == name]
            differs = self.differs(charges, own)
            if differs is not None:
                checked += 1
                violations += differs
                hard += differs and any(line["ChargeCategory"] != "Tax" for line in own)
        return checked, violations, hard

    def verdicts(self) -> dict[str, tuple[int, int, int]]:
        key = ("InvoiceIssuerName", "InvoiceId")
        invoiced = {(line[key[0]], line[key[1]]) for line in self.lines}
        status = {
            name: {line["InvoiceIssueStatus"] for line in self.lines if (line[key[0]], line[key[1]]) == name}
            for name in invoiced
        }
        untaxed_costs = [row for row in self.costs if row["ChargeCategory"] != "Tax"]
        found = {
            "IND-BilledCost-C-010-C": self.compare(
                key,
                [
                    line
                    for line in self.lines
                    if "Open" not in status[line[key[0]], line[key[1]]] and line["ChargeCategory"] != "Tax"
                ],
                untaxed_costs,
            ),
            "IND-BilledCost-C-013-C": self.compare(
                (*key, "InvoiceDetailId"),
                [line for line in self.lines if line["InvoiceIssueStatus"] != "Open"],
                self.costs,
            ),
        }
        total = [0, 0, 0]
        for name in {(row[key[0]], row[key[1]]) for row in self.costs}:
            if status.get(name) != {"Issued"}:
                continue
            charges = [row for row in self.costs if (row[key[0]], row[key[1]]) == name]
            lines = [line for line in self.lines if (line[key[0]], line[key[1]]) == name]
            whole = self.differs(charges, lines)
            if whole is None:
                continue
            part = self.differs(
                [row for row in charges if row["ChargeCategory"] != "Tax"],
                [line for line in lines if line["ChargeCategory"] != "Tax"],
            )
            total = [total[0] + 1, total[1] + whole, total[2] + (whole and bool(part))]
        found["CAU-BilledCost-C-007-C"] = (total[0], total[1], total[2])
        found |= self.row_rules(invoiced)
        return found

    def row_rules(self, invoiced: set[Any]) -> dict[str, tuple[int, int, int]]:
        def tally(flags: list[tuple[bool, bool]]) -> tuple[int, int, int]:
            return len(flags), sum(broken for broken, _ in flags), sum(all(flag) for flag in flags)

        details = []
        for row in self.costs:
            if row["InvoiceDetailId"] is not None:
                names = ("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId")
                records = sum(all(line[n] == row[n] for n in names) for line in self.lines)
                broken = row["InvoiceId"] is not None and records != 1
                details.append((broken, (row["InvoiceIssuerName"], row["InvoiceId"]) in invoiced))
        bounds = {}
        for end in ("Start", "End"):
            column = f"BillingPeriod{end}"
            bounds[f"IND-{column}-C-005-M"] = tally(
                [
                    (
                        any(
                            row[column] != line[column]
                            for row in self.costs
                            if (row["InvoiceIssuerName"], row["InvoiceId"])
                            == (line["InvoiceIssuerName"], line["InvoiceId"])
                        ),
                        True,
                    )
                    for line in self.lines
                ]
            )
        created, reopened, again = [], [], []
        for line in self.lines:
            closings = [
                each["BillingPeriodLastUpdated"] or ""
                for each in self.periods
                if each["BillingPeriodStatus"] == "Closed"
                and each["InvoiceIssuerName"] == line["InvoiceIssuerName"]
                and each["BillingPeriodStart"] == line["BillingPeriodStart"]
            ]
            if closings:
                created.append(((line["InvoiceDetailCreated"] or "") > max(closings), True))
            earlier = {
                each["InvoiceIssueStatus"]
                for each in self.before["invoices"]
                if all(each[name] == line[name] for name in ("InvoiceIssuerName", "InvoiceId"))
            }
            if earlier:
                was_issued = "Issued" in earlier and "Open" not in earlier
                again.append((line["InvoiceIssueStatus"] == "Open" and was_issued, True))
        for period in self.periods:
            earlier = {
                each["BillingPeriodStatus"]
                for each in self.before["periods"]
                if all(each[name] == period[name] for name in ("InvoiceIssuerName", "BillingPeriodStart"))
            }
            if earlier:
                reopened.append((period["BillingPeriodStatus"] == "Open" and "Closed" in earlier, True))
        return {
            "CAU-InvoiceDetailId-C-007-M": tally(details),
            "IND-InvoiceDetailCreated-C-005-C": tally(created),
            "IND-InvoiceIssueStatus-C-006-C": tally(again),
            "BIP-BillingPeriodStatus-C-005-C": tally(reopened),
            **bounds,
        }

    def links(self) -> dict[str, tuple[int, int]]:
        def unknown(rows: Rows) -> tuple[int, int]:
            names = ("InvoiceIssuerName", "BillingPeriodStart", "BillingPeriodEnd")
            known = {tuple(each[name] for name in names) for each in self.periods}
            return len(rows), sum(tuple(row[name] for name in names) not in known for row in rows)

        pairs = {(each["ContractId"], each["ContractCommitmentId"]) for each in self.commitments}
        applied = [json.loads(row["ContractApplied"] or '{"Elements": []}')["Elements"] for row in self.costs]
        early = [
            row
            for row in self.costs
            if row["ChargeClass"] is None
            and (row["ChargePeriodEnd"] or "") <= (row["BillingPeriodStart"] or "")
        ]
        late = sum(
            any(
                each["BillingPeriodStatus"] == "Closed"
                and each["InvoiceIssuerName"] == row["InvoiceIssuerName"]
                and (each["BillingPeriodStart"] or "")
                <= (row["ChargePeriodStart"] or "")
                < (each["BillingPeriodEnd"] or "")
                for each in self.periods
            )
            for row in early
        )
        missing = [
            any((each["ContractId"], each["ContractCommitmentId"]) not in pairs for each in elements)
            for elements in applied
        ]
        return {
            "charges-in-known-billing-periods": unknown(self.costs),
            "invoice-lines-in-known-billing-periods": unknown(self.lines),
            "applied-commitments-exist": (sum(map(bool, applied)), sum(missing)),
            "corrections-of-closed-periods-marked": (len(early), late),
        }


def write_parquet(path: Path, kind: str, rows: Rows) -> None:
    full = [{**DATASETS[kind], **row} for row in rows]
    pq.write_table(
        pa.table({name: pa.array([row[name] for row in full], pa.string()) for name in full[0]}), path
    )


def test_the_random_deliveries_keep_and_break_every_rule_and_link() -> None:
    seen: dict[str, set[str]] = {cross.name: set() for cross in (*RULES, *LINKS)}
    for seed in SEEDS:
        rng = Random(seed)
        naive = Naive(random_delivery(rng), random_delivery(rng))
        for name, (checked, violations, hard) in naive.verdicts().items():
            seen[name].add("fail" if hard else "warn" if violations else "pass" if checked else "idle")
        for name, (checked, violations) in naive.links().items():
            seen[name].add("warn" if violations else "pass" if checked else "idle")
    wanted = {cross.name: {"pass", "fail"} for cross in RULES} | {
        each.name: {"pass", "warn"} for each in LINKS
    }
    for name in ("IND-BilledCost-C-013-C", "CAU-BilledCost-C-007-C", "CAU-InvoiceDetailId-C-007-M"):
        wanted[name] = {"pass", "warn", "fail"}
    assert {name: wanted[name] - statuses for name, statuses in seen.items() if wanted[name] - statuses} == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_is_that_of_the_second_evaluator(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    now, before = random_delivery(rng), random_delivery(rng)
    folder = tmp_path / "now"
    for kind, rows in now.items():
        rng.shuffle(rows)
        middle = rng.randint(0, len(rows))
        for number, part in enumerate((rows[:middle], rows[middle:])):
            if part and seed % 3:
                write(folder / f"{kind}-{number}.csv", kind, part)
            elif part:
                folder.mkdir(exist_ok=True)
                write_parquet(folder / f"{kind}-{number}.parquet", kind, part)
    for kind in ("invoices", "periods"):
        write(tmp_path / "before" / f"{kind}.csv", kind, before[kind])
    bundle = validate_bundle(folder, previous=tmp_path / "before")
    naive = Naive(now, before)
    expected = {}
    for name, (checked, violations, hard) in naive.verdicts().items():
        status = "fail" if hard else "warn" if violations else "pass"
        expected[name] = (status, violations, checked)
    found = {cross.name: bundle.report(cross.dataset).rule(cross.name) for cross in RULES}
    assert {name: (rule.status, rule.violations, rule.checked) for name, rule in found.items()} == expected
    links = {cross.name: bundle.link(cross.name) for cross in LINKS}
    assert {name: (link.checked, link.violations) for name, link in links.items()} == naive.links()
