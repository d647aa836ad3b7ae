"""What must hold of every table: order, split, carrier and repetition of rows; garbage never crashes."""

from __future__ import annotations

import csv
import gzip
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from focus_validate.engine import evaluate
from focus_validate.options import Options
from focus_validate.result import Report
from focus_validate.spec.loader import load_catalogue

from .support import write_csv

COLUMNS = {
    "AllocatedTags": ["{}", '{"a": 1}', "x", '{"a": 1, "a": 2}'],
    "BilledCost": ["1.5", "0", "-3", "1E5", "1e5", "abc", "0.10", "9" * 50],
    "BillingCurrency": ["USD", "JPY", "usd", "XAU"],
    "BillingPeriodStart": ["2026-01-01T00:00:00Z", "2026-01-01"],
    "ChargeCategory": ["Usage", "Tax", "Purchase", "usage", "Credit"],
    "ChargeClass": ["Correction", "correction"],
    "CommitmentDiscountStatus": ["Used", "Unused", "Active"],
    "EffectiveCost": ["1.5", "1.50", "0", "x"],
    "ListCost": ["3", "3.0", "3.01", "2.995", "1E400"],
    "ListUnitPrice": ["1.5", "0", "-1", "0.5"],
    "PricingQuantity": ["2", "6", "6.01", ""],
    "PricingUnit": ["Hours", "hours", "GB-Hours", "1000 Tokens", "Widgets"],
    "ServiceCategory": ["Compute", "Storage", "Other", "Nope"],
    "ServiceName": ["one", "two", ""],
    "ServiceSubcategory": ["Virtual Machines", "Other (Storage)", "Nope"],
    "SkuId": ["s1", "s2"],
    "SkuPriceDetails": ['{"CoreCount": 1}', '{"corecount": "x"}', "[]"],
    "SkuPriceId": ["p1", "p2"],
    "Tags": ['{"a": 1}', '{"b": {"c": 1}}', "n/a"],
    "x_Note": ["", "n/a", "note"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from([None, *values]) for name, values in COLUMNS.items()}).map(
    lambda row: {name: row[name] for name in COLUMNS}
)
ROWS = st.lists(ROW, min_size=1, max_size=12)
Row = dict[str, str | None]
FLAGS = frozenset({"VIRTUAL_CURRENCY_SUPPORTED", "TAGGING_SUPPORTED"})


def checked(source: Path | Sequence[str], **options: object) -> Report:
    chosen = Options(dataset="CostAndUsage", supports=FLAGS, max_samples=1000, threads=2, **options)  # type: ignore[arg-type]
    return evaluate(source, chosen)


def verdicts(report: Report, physical: bool = True) -> dict[str, tuple[str, int | None, int | None]]:
    """Status and counts by rule; without ``physical`` those that a carrier's types decide are left out."""
    return {
        rule.id: (rule.status, rule.violations, rule.checked)
        for rule in report.rules
        if physical or (rule.kind == "leaf" and not rule.id.startswith("ATT-DeliveryHandling"))
    }


def fresh() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows: list[Row], random: object) -> None:
    with fresh() as folder:
        straight = verdicts(checked(write_csv(Path(folder) / "a.csv", rows)))
        shuffled = list(rows)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert verdicts(checked(write_csv(Path(folder) / "b.csv", shuffled))) == straight


@FEW
@given(st.lists(ROW, min_size=2, max_size=12), st.integers(1, 11))
def test_split_into_files_does_not_matter(rows: list[Row], cut: int) -> None:
    cut = min(cut, len(rows) - 1)
    with fresh() as folder:
        whole = checked(write_csv(Path(folder) / "whole.csv", rows))
        parts = [
            str(write_csv(Path(folder) / f"{name}.csv", part))
            for name, part in (("a", rows[:cut]), ("b", rows[cut:]))
        ]
        split = checked(parts)
        assert verdicts(split) == verdicts(whole)
        for one, other in zip(whole.rules, split.rules, strict=True):
            place = [each.row + (cut if each.file == parts[1] else 0) for each in other.samples]
            assert place == [each.row for each in one.samples]


@FEW
@given(ROWS)
def test_carriers_of_text_agree(rows: list[Row]) -> None:
    with fresh() as folder:
        path = write_csv(Path(folder) / "a.csv", rows)
        plain = verdicts(checked(path))
        packed = Path(folder) / "b.csv.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        assert verdicts(checked(packed)) == plain
        windows = Path(folder) / "c.csv"
        windows.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert verdicts(checked(windows)) == plain
        tabs = Path(folder) / "d.tsv"
        with tabs.open("w", newline="", encoding="utf-8") as stream:
            stream.write("\t".join(COLUMNS) + "\n")
            for row in rows:
                cells = ("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row.values())
                stream.write("\t".join(cells) + "\n")
        assert verdicts(checked(tabs)) == plain


@FEW
@given(ROWS)
def test_csv_and_parquet_of_text_agree_but_for_types(rows: list[Row]) -> None:
    """Text in Parquet breaks TypeDecimal; all other rules see the same text."""
    catalogue = load_catalogue()
    dataset = next(each for each in catalogue.datasets if each.id == "CostAndUsage")
    typed = {rule.id for rule in dataset.rules if "decimal" in str(rule.check) or rule.children}
    with fresh() as folder:
        as_csv = verdicts(checked(write_csv(Path(folder) / "a.csv", rows)))
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS}
        pq.write_table(pa.table(columns), Path(folder) / "a.parquet")
        as_parquet = verdicts(checked(Path(folder) / "a.parquet"))
    differing = {rule for rule in as_csv if as_csv[rule] != as_parquet[rule]}
    assert differing <= typed


@FEW
@given(ROWS)
def test_every_row_twice_doubles_the_counts_of_rows(rows: list[Row]) -> None:
    with fresh() as folder:
        once = checked(write_csv(Path(folder) / "a.csv", rows))
        twice = checked(write_csv(Path(folder) / "b.csv", rows + rows))
    for one, two in zip(once.rules, twice.rules, strict=True):
        if one.kind == "composite" or one.id == "ATT-DeliveryHandling-A-002-M":
            continue
        assert one.status == two.status
        assert (two.violations, two.checked) in (
            (2 * (one.violations or 0), 2 * (one.checked or 0)),  # rows
            (one.violations, one.checked),  # groups, header, presence
        ), one.id


@FEW
@given(ROWS, ROW)
def test_a_further_row_never_clears_a_failure_of_rows(rows: list[Row], more: Row) -> None:
    with fresh() as folder:
        before = checked(write_csv(Path(folder) / "a.csv", rows))
        after = checked(write_csv(Path(folder) / "b.csv", [*rows, more]))
    for one, two in zip(before.rules, after.rules, strict=True):
        if one.kind == "leaf" and one.violations:
            assert (two.violations or 0) >= one.violations


GARBAGE = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text("0123456789.-+eE ", max_size=40),
    st.text('{}[]":,\\ab01 null', max_size=40),
    st.text("2026-:TZ01 ", min_size=18, max_size=22),
    st.sampled_from(
        ["{" * 2000, '{"a":' * 3000, "9" * 4000, "1E" + "9" * 50, "\x1b[31m", "=1+1", "\u202e", "🚀" * 50]
    ),
)


DATASETS = ["CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod"]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.parametrize("dataset", DATASETS)
def test_garbage_in_any_cell_never_crashes(dataset: str, data: st.DataObject) -> None:
    judge_garbage(dataset, data)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.parametrize("dataset", DATASETS)
def test_much_garbage_never_crashes(dataset: str, data: st.DataObject) -> None:
    judge_garbage(dataset, data)


def judge_garbage(dataset: str, data: st.DataObject) -> None:
    known = next(each for each in load_catalogue().datasets if each.id == dataset)
    names = [column.name for column in known.columns]
    rows = [[data.draw(GARBAGE) for _ in range(4)] for _ in range(3)]
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=4, max_size=4, unique=True))
    with fresh() as folder:
        path = Path(folder) / "g.csv"
        with path.open("w", newline="", encoding="utf-8", errors="replace") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(chosen)
            writer.writerows([(cell or "").replace("\0", "") for cell in row] for row in rows)
        report = evaluate(path, Options(dataset=dataset, supports=FLAGS))
    assert report.rows == 3
    assert {rule.status for rule in report.rules} <= {
        "pass",
        "fail",
        "warn",
        "skip",
        "not_applicable",
        "attest",
    }
