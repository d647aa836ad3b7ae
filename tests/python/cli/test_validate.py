"""``validate`` with everything that it takes, and with arguments that are wrong."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from cli.conftest import PERIOD, PERIOD_COLUMNS
from focus_validate import InputError, Report, validate
from focus_validate.api import dataset_of
from focus_validate.outputs import FORMATS, render
from focus_validate.outputs.schema import report_schema
from focus_validate.spec.loader import load_catalogue

TEXT = f"{PERIOD_COLUMNS}\n{PERIOD}\n{PERIOD.replace('Closed', 'closed')}\n"
RULE = "BIP-BillingPeriodStatus-C-003-M"


def as_path(folder: Path) -> Any:
    path = folder / "data.csv"
    path.write_text(TEXT)
    return path


def as_text(folder: Path) -> Any:
    return str(as_path(folder))


def as_paths(folder: Path) -> Any:
    header, first, second = TEXT.splitlines()
    for number, row in enumerate((first, second)):
        (folder / f"part-{number}.csv").write_text(f"{header}\n{row}\n")
    return [folder / "part-0.csv", folder / "part-1.csv"]


def as_pandas(folder: Path) -> Any:
    pandas = pytest.importorskip("pandas")
    return pandas.read_csv(io.StringIO(TEXT), dtype=str)


def as_polars(folder: Path) -> Any:
    polars = pytest.importorskip("polars")
    return polars.read_csv(io.StringIO(TEXT), infer_schema=False)


def as_arrow(folder: Path) -> Any:
    arrow = pytest.importorskip("pyarrow.csv")
    return arrow.read_csv(io.BytesIO(TEXT.encode()))


def as_parquet(folder: Path) -> Any:
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(as_arrow(folder), folder / "data.parquet")
    return folder / "data.parquet"


def as_relation(folder: Path) -> Any:
    import duckdb

    pytest.importorskip("pyarrow")
    return duckdb.read_csv(as_text(folder), all_varchar=True)


SOURCES = [
    as_path,
    as_text,
    as_paths,
    as_pandas,
    as_polars,
    as_arrow,
    as_parquet,
    as_relation,
]


@pytest.mark.parametrize("source", SOURCES)
def test_every_kind_of_source_gives_the_same_verdict(source: Callable[[Path], Any], tmp_path: Path) -> None:
    report = validate(source(tmp_path))
    assert isinstance(report, Report)
    assert report.dataset == "BillingPeriod"
    assert [rule.id for rule in report.failures()][:1] == [RULE]
    assert report.rule(RULE).violations == 1
    assert report.rule(RULE).samples[0].value == "closed"
    assert report.rows == 2
    assert list(report.header) == PERIOD_COLUMNS.split(",")


def test_a_row_of_several_files_is_counted_inside_its_file(tmp_path: Path) -> None:
    [sample] = validate(as_paths(tmp_path)).rule(RULE).samples
    assert (sample.row, sample.file) == (1, str(tmp_path / "part-1.csv"))


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, float | None]] = []
    validate(as_path(tmp_path), progress=lambda stage, share: told.append((stage, share)))
    assert told
    assert all(share is None or 0 <= share <= 1 for _, share in told)


def test_flags_can_be_one_text(tmp_path: Path) -> None:
    report = validate(as_path(tmp_path), supports="INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED")
    assert report.supports == ("INVOICE_ISSUER_PAYABLE_INVOICES_SUPPORTED",)


def test_policies_work_from_python(tmp_path: Path) -> None:
    path = as_path(tmp_path)
    assert validate(path, ignore=["BillingPeriodStatus", "ATT-FocusColumnHandling-A-011-M"]).conformant
    before = tmp_path / "before.json"
    before.write_text(validate(path).to_json())
    assert validate(path, baseline=str(before)).conformant
    waivers = tmp_path / "w.yaml"
    waivers.write_text(f"waivers: [{{rule: {RULE}, reason: r, owner: o, expires: 2026-06-15}}]")
    waived = validate(path, waivers=str(waivers), today=date(2026, 6, 15))
    assert waived.rule(RULE).status == "waived"
    assert waived.summary.waived == 1


def test_a_policy_that_decides_nothing_changes_nothing_but_what_it_tells(tmp_path: Path) -> None:
    path = as_path(tmp_path)
    waivers = tmp_path / "w.yaml"
    waivers.write_text("waivers: []")
    plain, policed = validate(path), validate(path, waivers=str(waivers))
    assert policed.options == {**plain.options, "waivers": str(waivers)}
    assert policed.rules == plain.rules
    assert policed.columns == plain.columns
    assert policed.summary == plain.summary


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"dataset": "nonsense"}, "unknown dataset"),
        ({"supports": ["nonsense"]}, "unknown flag"),
        ({"memory_limit": "much"}, "is no size"),
        ({"ignore": ["nonsense"]}, "no rule or column"),
        ({"waivers": "nonsense"}, "waivers file"),
        ({"baseline": "nonsense"}, "baseline"),
        ({"max_samples": -1}, "max_samples"),
        ({"threads": 0}, "threads"),
        ({"fail_on": "nonsense"}, "fail_on"),
    ],
)
def test_wrong_arguments_are_refused(tmp_path: Path, arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        validate(as_path(tmp_path), **arguments)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("source", [None, 3, [], {}, object(), ["a.csv", 3]])
def test_what_is_no_source_is_refused(source: Any) -> None:
    with pytest.raises(InputError):
        validate(source)


@pytest.mark.parametrize("name", FORMATS)
def test_a_real_report_can_be_written_in_every_format(tmp_path: Path, name: str) -> None:
    report = validate(as_path(tmp_path))
    dataset = dataset_of(load_catalogue(), report.dataset)
    assert RULE in render(name, report, dataset)


def test_a_real_report_fits_the_published_schema(tmp_path: Path) -> None:
    report = validate(as_path(tmp_path))
    jsonschema_rs.validator_for(report_schema()).validate(json.loads(report.to_json()))
    assert msgspec.json.decode(report.to_json(), type=Report) == report
