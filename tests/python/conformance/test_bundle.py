"""Several datasets checked together, from files to verdict."""

from __future__ import annotations

import json
import os
import re
import runpy
from collections.abc import Iterable
from pathlib import Path

import jsonschema_rs
import pytest

from conformance.deliveries import END, Change, charges, deliver, stored, write
from focus_validate import Bundle, InputError, UsageError, validate, validate_bundle
from focus_validate.conformance.catalogue import LINKS, RULES
from focus_validate.outputs.schema import bundle_schema
from focus_validate.spec.checks import columns_read
from focus_validate.spec.loader import load_catalogue

DOCS = Path(__file__).parents[3] / "docs"
SAMPLES = Path(os.environ.get("FOCUS_REFERENCE", Path(__file__).parents[4] / "shared")) / "samples"
CATALOGUE = load_catalogue()
FITTING: dict[str, Iterable[Change]] = {
    "costs": charges("0.1", "0.2"),
    "invoices": [{"BilledCost": "0.3"}],
}


def statuses(bundle: Bundle) -> dict[str, tuple[str, int | None]]:
    """Status and violations of every rule across datasets whose dataset is in the bundle."""
    reports = {report.dataset: report for report in bundle.reports}
    found = [reports[cross.dataset].rule(cross.name) for cross in RULES if cross.dataset in reports]
    return {rule.id: (rule.status, rule.violations) for rule in found}


def broken(bundle: Bundle) -> dict[str, tuple[str, int | None]]:
    """The rules and links across datasets that do not hold."""
    rules = {name: found for name, found in statuses(bundle).items() if found[0] in ("fail", "warn")}
    return rules | {
        link.name: (link.status, link.violations) for link in bundle.links if link.status == "warn"
    }


def test_a_delivery_that_fits_together_conforms(tmp_path: Path) -> None:
    before = deliver(tmp_path / "before", **FITTING)
    bundle = validate_bundle(deliver(tmp_path / "now", **FITTING), previous=before)
    assert bundle.conformant
    assert [report.dataset for report in bundle.reports] == [
        *("CostAndUsage", "InvoiceDetail", "ContractCommitment", "BillingPeriod")
    ]
    assert set(statuses(bundle).values()) == {("pass", 0)}
    assert {link.status for link in bundle.links} == {"pass"}
    assert [Path(file.path).name for file in bundle.previous] == ["invoices.csv", "periods.csv"]
    assert all(
        report.rule(cross.name).checked
        for report in bundle.reports
        for cross in RULES
        if cross.dataset == report.dataset
    )


FAULTS: dict[str, tuple[dict[str, Iterable[Change]], dict[str, tuple[str, int]]]] = {
    "a charge is missing": (
        {"costs": charges("0.1"), "invoices": [{"BilledCost": "1.11"}]},
        {
            "IND-BilledCost-C-010-C": ("fail", 1),
            "IND-BilledCost-C-013-C": ("fail", 1),
            "CAU-BilledCost-C-007-C": ("fail", 1),
        },
    ),
    "the difference is the tolerance": (
        {"costs": charges("0.1", "0.2"), "invoices": [{"BilledCost": "1.3"}]},
        {},
    ),
    "the difference is the tolerance of a currency without a smaller unit": (
        {
            "costs": charges("100", BillingCurrency="JPY"),
            "invoices": [{"BilledCost": "200", "BillingCurrency": "JPY"}],
        },
        {},
    ),
    "the invoice is in another currency": (
        {"costs": charges("50"), "invoices": [{"BilledCost": "50", "BillingCurrency": "GBP"}]},
        {
            "IND-BilledCost-C-010-C": ("fail", 1),
            "IND-BilledCost-C-013-C": ("fail", 1),
            "CAU-BilledCost-C-007-C": ("fail", 1),
        },
    ),
    "tax that Cost and Usage does not hold": (
        {
            "costs": charges("50"),
            "invoices": [
                {"BilledCost": "50"},
                {
                    "BilledCost": "9.5",
                    "ChargeCategory": "Tax",
                    "InvoiceDetailId": "DET-2",
                    "PaymentCurrencyInvoiceDetailId": "DET-2",
                },
            ],
        },
        {"IND-BilledCost-C-013-C": ("warn", 1), "CAU-BilledCost-C-007-C": ("warn", 1)},
    ),
    "a detail that is not there": (
        {"costs": charges("0", "0", InvoiceDetailId="DET-9"), "invoices": [{"BilledCost": "0"}]},
        {"CAU-InvoiceDetailId-C-007-M": ("fail", 2)},
    ),
    "another billing period": (
        {
            "costs": charges("1"),
            "invoices": [
                {
                    "BilledCost": "1",
                    "BillingPeriodStart": END,
                    "BillingPeriodEnd": "2026-10-01T00:00:00Z",
                    "InvoiceDetailCreated": "2026-10-01T00:00:00Z",
                    "InvoiceDetailLastUpdated": "2026-10-01T00:00:00Z",
                }
            ],
        },
        {
            "IND-BillingPeriodStart-C-005-M": ("fail", 1),
            "IND-BillingPeriodEnd-C-005-M": ("fail", 1),
            "invoice-lines-in-known-billing-periods": ("warn", 1),
        },
    ),
    "a line after its period was closed": (
        {
            "costs": charges("1"),
            "invoices": [
                {
                    "BilledCost": "1",
                    "InvoiceDetailCreated": "2026-09-03T00:00:01Z",
                    "InvoiceDetailLastUpdated": "2026-09-03T00:00:01Z",
                }
            ],
        },
        {"IND-InvoiceDetailCreated-C-005-C": ("fail", 1)},
    ),
    "reopened": (
        {
            **FITTING,
            "invoices": [{"BilledCost": "0.3", "InvoiceIssueStatus": "Open"}],
            "periods": [{"BillingPeriodStatus": "Open"}],
        },
        {
            "IND-InvoiceIssueStatus-C-006-C": ("fail", 1),
            "BIP-BillingPeriodStatus-C-005-C": ("fail", 1),
        },
    ),
    "no such period": (
        {**FITTING, "periods": [{"InvoiceIssuerName": "Another, Inc."}]},
        {
            "charges-in-known-billing-periods": ("warn", 2),
            "invoice-lines-in-known-billing-periods": ("warn", 1),
        },
    ),
    "no such commitment": (
        {**FITTING, "commitments": [{"ContractCommitmentId": "cc-2"}]},
        {"applied-commitments-exist": ("warn", 2)},
    ),
    "a late charge that is no correction": (
        {
            **FITTING,
            "costs": [
                *charges("0.1"),
                {
                    "BilledCost": "0.2",
                    "ChargePeriodStart": "2026-07-03T00:00:00Z",
                    "ChargePeriodEnd": "2026-07-04T00:00:00Z",
                },
            ],
            "periods": [
                {},
                {
                    "BillingPeriodStart": "2026-07-01T00:00:00Z",
                    "BillingPeriodEnd": "2026-08-01T00:00:00Z",
                },
            ],
        },
        {"corrections-of-closed-periods-marked": ("warn", 1)},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_its_rules_and_no_other(tmp_path: Path, name: str) -> None:
    rows, expected = FAULTS[name]
    before = deliver(tmp_path / "before", **FITTING)
    bundle = validate_bundle(deliver(tmp_path / "now", **rows), previous=before)
    assert broken(bundle) == expected
    assert bundle.conformant == all(status != "fail" for status, _ in expected.values())
    assert bundle.exit_code() == (0 if bundle.conformant else 1)
    assert bundle.exit_code("warn") == (1 if expected else 0)


def test_an_open_invoice_may_differ(tmp_path: Path) -> None:
    lines = [{"BilledCost": "1", "InvoiceIssueStatus": "Open"}]
    bundle = validate_bundle(deliver(tmp_path, costs=charges("50"), invoices=lines))
    assert broken(bundle) == {}


def test_a_group_and_a_column_follow_the_rule_that_failed(tmp_path: Path) -> None:
    bundle = validate_bundle(deliver(tmp_path, costs=charges("50"), invoices=[{"BilledCost": "90"}]))
    report = bundle.report("InvoiceDetail")
    assert report.rule("IND-BilledCost-C-009-C").status == "fail"
    assert report.column("BilledCost").status == "fail"
    assert report.summary.fail == len(report.failures()) == 2
    assert not report.conformant


def test_samples_are_rows_of_the_file_that_holds_them(tmp_path: Path) -> None:
    write(tmp_path / "costs-1.csv", "costs", charges("1", "1"))
    write(tmp_path / "costs-2.csv", "costs", charges("1", "1", InvoiceDetailId="DET-9"))
    write(tmp_path / "invoices.csv", "invoices", [{"BilledCost": "4"}])
    rule = validate_bundle(tmp_path).report("CostAndUsage").rule("CAU-InvoiceDetailId-C-007-M")
    assert rule.violations == 2
    [sample] = rule.samples
    assert (Path(sample.file or "").name, sample.row, sample.value) == ("costs-2.csv", 1, "DET-9")


def test_max_samples_bounds_the_samples_not_the_count(tmp_path: Path) -> None:
    lines = [{"InvoiceId": f"INV-{n}", "InvoiceDetailId": f"D-{n}", "BilledCost": "9"} for n in range(4)]
    write(tmp_path / "costs.csv", "costs", charges("9"))
    write(tmp_path / "invoices.csv", "invoices", lines)
    rule = validate_bundle(tmp_path, max_samples=2).report("InvoiceDetail").rule("IND-BilledCost-C-013-C")
    assert (rule.violations, [sample.row for sample in rule.samples]) == (4, [1, 2])


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    write(tmp_path / "costs.csv", "costs", without=["InvoiceDetailId"])
    write(tmp_path / "invoices.csv", "invoices")
    bundle = validate_bundle(tmp_path)
    reasons = {
        cross.name: bundle.report(cross.dataset).rule(cross.name).reason
        for cross in RULES
        if cross.dataset != "BillingPeriod"
    }
    assert reasons["CAU-InvoiceDetailId-C-007-M"] == "column InvoiceDetailId is absent in Cost and Usage"
    assert reasons["IND-BilledCost-C-013-C"] == "column InvoiceDetailId is absent in Cost and Usage"
    assert reasons["IND-InvoiceDetailCreated-C-005-C"] == "needs the Billing Period dataset"
    assert reasons["IND-InvoiceIssueStatus-C-006-C"] == "needs an earlier Invoice Detail (--previous)"
    assert bundle.link("applied-commitments-exist").reason == "needs the Contract Commitment dataset"
    assert bundle.link("applied-commitments-exist").status == "skip"


def test_a_report_in_a_bundle_is_that_of_the_dataset_alone_but_for_the_rules_across(tmp_path: Path) -> None:
    folder = deliver(tmp_path, **FITTING)
    crossing = {cross.name for cross in RULES}
    for report in validate_bundle(folder).reports:
        alone = validate(report.inputs[0].path)
        assert [rule for rule in alone.rules if rule.kind == "leaf" and rule.id not in crossing] == [
            rule for rule in report.rules if rule.kind == "leaf" and rule.id not in crossing
        ]


def test_waivers_and_ignore_reach_the_rules_across(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "now", costs=charges("50"), invoices=[{"BilledCost": "90"}])
    waivers = tmp_path / "waivers.yaml"
    rules = ["IND-BilledCost-C-010-C", "IND-BilledCost-C-013-C", "ATT-NullHandling-A-002-C"]
    waivers.write_text(
        "waivers:\n"
        + "".join(
            f"  - {{rule: {rule}, reason: known, owner: jane, expires: 2999-01-01}}\n" for rule in rules
        )
    )
    bundle = validate_bundle(folder, waivers=str(waivers), ignore=["CAU-BilledCost-C-007-C"])
    assert bundle.conformant
    assert bundle.report("InvoiceDetail").rule("IND-BilledCost-C-010-C").status == "waived"
    assert bundle.report("CostAndUsage").rule("CAU-BilledCost-C-007-C").status == "skip"
    assert [waiver.rule for waiver in bundle.idle_waivers()] == ["ATT-NullHandling-A-002-C"]
    assert bundle.exit_code() == 1


def test_a_waiver_that_one_dataset_needs_is_not_stale_because_another_does_not(tmp_path: Path) -> None:
    folder = deliver(tmp_path / "now", **{**FITTING, "costs": [{"BilledCost": "0.3", "SkuMeter": ""}]})
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {rule: ATT-NullHandling-A-002-C, reason: known, owner: j, expires: 2999-01-01}\n"
    )
    bundle = validate_bundle(folder, waivers=str(waivers))
    assert {state.state for report in bundle.reports for state in report.waivers} == {"active", "stale"}
    assert (bundle.idle_waivers(), bundle.exit_code()) == ((), 0)


@pytest.mark.parametrize(
    ("previous", "message"),
    [("costs", "an earlier Invoice Detail or Billing Period is needed"), ("nowhere", "does not exist")],
)
def test_an_earlier_delivery_without_what_is_compared_is_an_error(
    tmp_path: Path, previous: str, message: str
) -> None:
    folder = deliver(tmp_path, **FITTING)
    with pytest.raises(InputError, match=message):
        validate_bundle(folder, previous=folder / f"{previous}.csv")


def test_standard_input_is_no_bundle() -> None:
    with pytest.raises(UsageError, match="standard input is one dataset"):
        validate_bundle(["-", "costs.csv"])


def test_a_file_that_is_no_focus_dataset_is_named(tmp_path: Path) -> None:
    folder = deliver(tmp_path, **FITTING)
    (folder / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"notes\.csv: no column of the header is a FOCUS column"):
        validate_bundle(folder)


def test_the_json_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    folder = deliver(tmp_path, **FITTING)
    first, second = (validate_bundle(folder).to_json() for _ in range(2))
    assert first == second
    jsonschema_rs.validator_for(bundle_schema()).validate(json.loads(first))
    assert [report["dataset"] for report in json.loads(first)["reports"]][:2] == [
        "CostAndUsage",
        "InvoiceDetail",
    ]


def test_rules_and_links_are_those_of_the_catalogue_and_read_columns_that_exist() -> None:
    bundled = {
        rule.id: (dataset.id, rule)
        for dataset in CATALOGUE.datasets
        for rule in dataset.rules
        if rule.decision == "bundle" and not rule.is_composite
    }
    assert {cross.name: cross.dataset for cross in RULES} == {
        name: dataset for name, (dataset, _) in bundled.items()
    }
    columns = {dataset.id: {each.name for each in dataset.columns} for dataset in CATALOGUE.datasets}
    for cross in (*RULES, *LINKS):
        assert cross.dataset in cross.needs
        for dataset, names in (*cross.needs.items(), *cross.earlier.items()):
            assert set(names) <= columns[dataset], cross.name
    for cross in RULES:
        _, rule = bundled[cross.name]
        assert rule.when is None or columns_read(rule.when) <= set(cross.needs[cross.dataset]) | {
            "ChargeCategory"
        }


def test_the_documentation_lists_every_rule_and_link() -> None:
    page = (DOCS / "cli.md").read_text("utf-8").split("\n## check-bundle\n")[1].split("\n## ")[0]
    assert [cross.name for cross in (*RULES, *LINKS) if cross.name not in page] == []


def test_the_example_of_the_library_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.*?)```", (DOCS / "library.md").read_text("utf-8"), re.DOTALL)[1]
    assert "validate_bundle" in code
    deliver(tmp_path / "delivery", **FITTING)
    deliver(tmp_path / "last-month", **FITTING)
    stored(tmp_path / "delivery", tmp_path / "warehouse.duckdb")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "example.py").write_text(code)
    runpy.run_path("example.py")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no reference folder with samples (FOCUS_REFERENCE)")
class TestSamples:
    """Exports of a converter: charges, invoice lines and periods of one provider."""

    def test_the_exports_fit_together(self) -> None:
        bundle = validate_bundle(sorted(SAMPLES.glob("aws_1_4_*.csv")))
        decided = {name: found for name, found in statuses(bundle).items() if found[0] != "skip"}
        assert decided == {cross.name: ("pass", 0) for cross in RULES if not cross.earlier}
        assert bundle.report("InvoiceDetail").rule("IND-BilledCost-C-013-C").checked == 5
        assert bundle.report("CostAndUsage").rule("CAU-InvoiceDetailId-C-007-M").checked == 100

    def test_a_changed_amount_is_found(self, tmp_path: Path) -> None:
        invoices = (SAMPLES / "aws_1_4_invoice_detail.csv").read_text("utf-8")
        assert "756.270725" in invoices
        (tmp_path / "invoices.csv").write_text(invoices.replace("756.270725", "757.280725"))
        paths = [SAMPLES / "aws_1_4_cost_and_usage.csv", tmp_path / "invoices.csv"]
        assert set(broken(validate_bundle(paths))) == {
            "IND-BilledCost-C-010-C",
            "IND-BilledCost-C-013-C",
            "CAU-BilledCost-C-007-C",
        }

    def test_commitments_applied_in_the_older_export_exist(self) -> None:
        bundle = validate_bundle(sorted(SAMPLES.glob("aws_1_3_*.csv")))
        link = bundle.link("applied-commitments-exist")
        assert (link.status, link.checked > 0) == ("pass", True)
