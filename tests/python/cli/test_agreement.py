"""One result, many outputs: each of them names the same rules with the same status, counts and money."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from spec.base_rows import base_rows

from focus_validate import Report, validate
from focus_validate.outputs import render
from focus_validate.spec.loader import load_catalogue

Findings = dict[str, tuple[str, int | None]]
"""Status and number of violations by rule, of the rules that are broken."""

DATASET = next(dataset for dataset in load_catalogue().datasets if dataset.id == "CostAndUsage")
CHARGE = base_rows()["CostAndUsage"]
BROKEN = [
    CHARGE,
    {**CHARGE, "ServiceCategory": "Computing", "BilledCost": "-12.5", "BillingCurrency": "EUR"},
    {**CHARGE, "ServiceCategory": "Computing", "PricingUnit": "kb", "InvoiceIssuerName": "A|<b>\x1b"},
    {**CHARGE, "BilledCost": "=1+1", "ChargeCategory": "usage"},
]
WAIVER = "  - {{rule: {}, reason: known, owner: jane@example.com, expires: {}}}\n"
SERVICE, UNIT, COST = "CAU-ServiceCategory-C-003-M", "CAU-PricingUnit-C-005-C", "CAU-BilledCost-C-001-M"
RULE = re.compile(r"\b(?:CAU|ATT)-\w+-[A-Z]-\d{3}-[A-Z]\b")


def checked(folder: Path, rows: list[dict[str, object]], waived: dict[str, str], **choices: object) -> Report:
    with (folder / "data.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    if waived:
        lines = (WAIVER.format(rule, expires) for rule, expires in waived.items())
        (folder / "waivers.yaml").write_text("waivers:\n" + "".join(lines))
        choices["waivers"] = str(folder / "waivers.yaml")
    return validate(folder / "data.csv", dataset="CostAndUsage", today=date(2026, 6, 1), **choices)  # type: ignore[arg-type]


CASES: dict[str, Callable[[Path], Report]] = {
    "broken": lambda folder: checked(folder, BROKEN, {}),
    "warnings count": lambda folder: checked(folder, BROKEN, {}, fail_on="warn"),
    "some waived": lambda folder: checked(folder, BROKEN, {SERVICE: "2026-06-01", COST: "2026-12-31"}),
    "waivers idle": lambda folder: checked(folder, BROKEN, {SERVICE: "2026-05-31", UNIT: "2026-12-31"}),
    "only an idle waiver": lambda folder: checked(folder, BROKEN, {UNIT: "2026-12-31"}, select=[UNIT]),
    "conformant": lambda folder: checked(folder, BROKEN, {}, select=["BillingAccountId"]),
    "no samples": lambda folder: checked(folder, BROKEN, {}, max_samples=0),
}


@pytest.fixture(params=CASES)
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Report:
    return CASES[request.param](tmp_path)


def of_json(report: Report) -> Findings:
    return {
        rule["id"]: (rule["status"], rule["violations"])
        for rule in json.loads(report.to_json())["rules"]
        if rule["kind"] == "leaf" and rule["status"] in ("fail", "warn", "waived")
    }


def of_junit(report: Report) -> Findings:
    found: Findings = {}
    for case in ET.fromstring(render("junit", report, DATASET)).iter("testcase"):
        name, told = case.attrib["name"], [*case]
        if case.attrib["classname"] == "waivers" or not told:
            continue
        if told[0].tag == "skipped":
            if told[0].attrib["message"].startswith("waived"):
                found[name] = ("waived", None)
            continue
        number = re.search(r"^([\d,]+) of [\d,]+$", told[0].text or "", re.MULTILINE)
        status = "warn" if told[0].tag == "system-out" else "fail"
        found[name] = (status, int(number[1].replace(",", "")) if number else None)
    return found


def of_sarif(report: Report) -> Findings:
    results = json.loads(render("sarif", report, DATASET))["runs"][0]["results"]
    levels = {"error": "fail", "warning": "warn"}
    return {
        each["ruleId"]: (
            "waived" if "suppressions" in each else levels[each["level"]],
            each["properties"]["violations"],
        )
        for each in results
    }


def of_markdown(report: Report) -> Findings:
    found: Findings = {}
    words, status = {"Failed": "fail", "Warnings": "warn", "Waived": "waived"}, ""
    for line in render("markdown", report, DATASET).splitlines():
        if line.startswith("###"):
            status = words.get(line[4:].partition(":")[0], "")
        elif line.startswith("| ") and status and RULE.match(line, 2):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
            found[cells[1]] = (status, int(cells[4].replace(",", "")) if cells[4] else None)
    return found


def of_csv(report: Report) -> Findings:
    lines = csv.DictReader(io.StringIO(render("csv", report, DATASET)))
    return {
        line["rule"]: (line["status"], int(line["violations"]) if line["violations"] else None)
        for line in lines
    }


def of_frame(report: Report) -> Findings:
    frame = report.to_df()
    broken = frame[(frame["kind"] == "leaf") & frame["status"].isin(["fail", "warn", "waived"])]
    return {row.id: (row.status, int(row.violations)) for row in broken.itertuples()}


def of_console(report: Report) -> Findings:
    """The rules by section; numbers stand there for persons."""
    sections = re.split(r"\n\n(?=[A-Z]{4})", render("console", report, DATASET))
    words = {"FAILED": "fail", "WARNINGS": "warn", "WAIVED": "waived"}
    named = {section.partition(":")[0]: RULE.findall(section) for section in sections}
    return {rule: (status, None) for word, status in words.items() for rule in named.get(word, ())}


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def cells_of_notebook(report: Report) -> list[list[str]]:
    parser = Cells()
    parser.feed(report._repr_html_())
    return parser.rows


def of_notebook(report: Report) -> Findings:
    rows = [row for row in cells_of_notebook(report) if row and RULE.fullmatch(row[0])]
    return {row[0]: (row[3], int(row[4])) for row in rows}


@pytest.mark.parametrize("read", [of_junit, of_sarif, of_markdown, of_csv, of_frame, of_notebook, of_console])
def test_every_output_names_the_same_findings(read: Callable[[Report], Findings], report: Report) -> None:
    truth, found = of_json(report), read(report)
    if read is of_notebook:
        truth = {rule: each for rule, each in truth.items() if each[0] != "waived"}
    if read is of_junit and report.options["fail_on"] == "warn":
        truth = {rule: ("fail", violations) for rule, (_, violations) in truth.items()}
    assert {rule: status for rule, (status, _) in found.items()} == {
        rule: status for rule, (status, _) in truth.items()
    }
    for rule, (status, violations) in found.items():
        if violations is not None and (read, status) != (of_junit, "waived"):
            assert violations == truth[rule][1], rule


def test_every_output_says_what_a_finding_without_rows_is_about(tmp_path: Path) -> None:
    """Which columns lack the prefix, which one is missing and what may be meant: rows do not show it."""
    rows = [
        {"ProviderName": "x", **{name: cell for name, cell in row.items() if name != "ServiceProviderName"}}
        for row in BROKEN
    ]
    report = checked(tmp_path, rows, {})
    for text in (
        " ".join(render("console", report, DATASET).split()),
        html.unescape(render("junit", report, DATASET)),
        render("sarif", report, DATASET),
        render("markdown", report, DATASET).replace("\\", ""),
        render("csv", report, DATASET),
        html.unescape(report._repr_html_()),
    ):
        assert "ProviderName (today ServiceProviderName)" in text
        assert "ProviderName may be meant" in text


def test_every_output_says_which_version_a_file_was_made_for(tmp_path: Path) -> None:
    known = [column.name for column in DATASET.columns if column.introduced not in ("1.3", "1.4")]
    old = {"ProviderName": "x", "PublisherName": "x", **{name: CHARGE[name] for name in known}}
    report = checked(tmp_path, [old], {})
    assert json.loads(report.to_json())["made_for"] == "1.2"
    for text in (
        render("console", report, DATASET),
        render("markdown", report, DATASET),
        report._repr_html_(),
    ):
        assert "The columns are those of FOCUS 1.2" in text.replace("\\", "")
    markdown = render("markdown", report, DATASET)
    assert "- gone: ProviderName, see ServiceProviderName" in markdown.replace("\\", "")
    run = json.loads(render("sarif", report, DATASET))["runs"][0]
    assert run["properties"]["madeFor"] == "1.2"
    assert checked(tmp_path, [CHARGE], {}).made_for is None


def test_every_output_tells_cells_of_one_row_apart(tmp_path: Path) -> None:
    report = checked(
        tmp_path, [{**CHARGE, "PricingUnit": "kb", "ConsumedUnit": "kb"}], {}, select=["UnitFormat"]
    )
    samples = next(rule.samples for rule in report.rules if rule.samples)
    assert [(sample.row, sample.column) for sample in samples] == [(1, "ConsumedUnit"), (1, "PricingUnit")]
    for text in (
        render("junit", report, DATASET),
        render("sarif", report, DATASET),
        render("markdown", report, DATASET),
        report._repr_html_(),
    ):
        assert "row 1 ConsumedUnit" in text
        assert "row 1 PricingUnit" in text


def test_every_output_gives_the_same_verdict(report: Report) -> None:
    summary = report.summary
    word = "CONFORMANT" if report.conformant else "NOT CONFORMANT"
    failed = f"{summary.fail:,} failed"
    for text in (
        render("console", report, DATASET),
        render("markdown", report, DATASET),
        report._repr_html_(),
    ):
        found = re.search(r"(not )?conformant", text, re.IGNORECASE)
        assert found is not None
        assert found[0].upper() == word
        assert failed in text
    root = ET.fromstring(render("junit", report, DATASET))
    strict = report.options["fail_on"] == "warn"
    broken = summary.fail + (summary.warn if strict else 0)
    assert int(root.attrib["failures"]) == broken + len(report.idle_waivers())
    assert (int(root.attrib["failures"]) > 0) == (report.exit_code("warn" if strict else "must") == 1)


def test_every_output_names_the_waivers_that_fail_the_run(report: Report) -> None:
    idle = {waiver.rule for waiver in report.idle_waivers()}
    root = ET.fromstring(render("junit", report, DATASET))
    suite = [case for case in root.iter("testcase") if case.attrib["classname"] == "waivers"]
    assert {case.attrib["name"] for case in suite} == idle
    [invocation] = json.loads(render("sarif", report, DATASET))["runs"][0]["invocations"]
    notes = invocation["toolConfigurationNotifications"]
    errors = [note["message"]["text"] for note in notes if note["level"] == "error"]
    assert {RULE.findall(text)[0] for text in errors} == idle
    markdown = render("markdown", report, DATASET).partition("### Waivers that cover nothing")[2]
    assert {RULE.findall(line)[0] for line in markdown.splitlines() if line.startswith("- CAU-")} == idle
    console = (
        render("console", report, DATASET).partition("WAIVERS THAT COVER NOTHING")[2].partition("\n\n")[0]
    )
    assert set(RULE.findall(console)) == idle


def test_every_output_has_the_same_money_at_stake(report: Report) -> None:
    money = report.money_at_stake
    total = [
        (amount.invoice_issuer_name, amount.billing_currency, amount.billed_cost)
        for amount in (money.total if money else ())
    ]
    if money is not None:
        assert len(total) > 1
    run = json.loads(render("sarif", report, DATASET))["runs"][0]
    of_sarif = [
        (each["invoice_issuer_name"], each["billing_currency"], each["billed_cost"])
        for each in run["properties"].get("moneyAtStake", ())
    ]
    assert of_sarif == total
    shown = [(str(issuer).replace("\x1b", r"\x1b"), str(currency), cost) for issuer, currency, cost in total]
    root = ET.fromstring(render("junit", report, DATASET))
    assert [(each.attrib["name"], each.attrib["value"]) for each in root.iter("property")] == [
        (f"money at stake: {issuer}, {currency}", cost) for issuer, currency, cost in shown
    ]
    rows = cells_of_notebook(report)
    for issuer, currency, cost in shown:
        assert any(row[:3] == [issuer, cost, currency] for row in rows)
        assert re.search(
            rf"{re.escape(issuer)} +{re.escape(cost)} +{currency}", render("console", report, DATASET)
        )
        assert f"| {cost} | {currency} |" in render("markdown", report, DATASET)
