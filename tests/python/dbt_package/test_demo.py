"""The demo, run twice in a copy of the dbt projects: what it prints, what it writes, the same bytes."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from .dbt_server import run_dbt
from .project import REPOSITORY

pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
pytestmark = pytest.mark.slow

DATASETS = ("billing_period", "contract_commitment", "cost_and_usage", "invoice_detail")
PACKAGE = ("dbt_project.yml", "macros", "models", "seeds", "tests/dbt", "integration_tests")


class Demo:
    """One finished run."""

    def __init__(self, output: Path, printed: str, code: int) -> None:
        self.output = output
        self.printed = printed
        self.code = code

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.output / "focus_ai.duckdb"), read_only=True) as connection:
            connection.execute("set search_path = 'main_focus,main_focus_ai,main_focus_ai_intermediate'")
            return connection.execute(sql).fetchall()


def copy_of_repository(folder: Path) -> Path:
    """The dbt package and its integration tests, so that no other run shares dbt_packages."""
    for name in PACKAGE:
        source, target = REPOSITORY / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns(
                "dbt_packages", "target", "logs", "raw", "__pycache__", "package-lock.yml"
            )
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)
    return folder


def run_demo(repository: Path, output: Path) -> Demo:
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--output", str(output)],
        cwd=repository / "integration_tests",
        env=os.environ | {"COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return Demo(output, done.stdout, done.returncode)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def demo(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(repository, tmp_path_factory.mktemp("first"))


def raw_rows(demo: Demo, source: str, table: str) -> list[dict[str, str]]:
    with (demo.output / "raw" / source / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digests(demo: Demo) -> dict[str, str]:
    files = sorted((*demo.output.glob("*.csv"), *demo.output.glob("*.parquet")))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_it_succeeds_and_prints_no_trace_of_trouble(demo: Demo) -> None:
    assert demo.code == 0, demo.printed
    assert not re.search("traceback|error|warning", demo.printed, re.IGNORECASE), demo.printed


def test_it_fits_100_columns(demo: Demo) -> None:
    body = demo.printed[: demo.printed.index("Files")]
    assert [line for line in body.splitlines() if len(line.rstrip()) > 100 or "…" in line] == []


def test_it_exports_each_dataset_as_csv_and_parquet(demo: Demo) -> None:
    assert sorted(digests(demo)) == [f"{name}.{kind}" for name in DATASETS for kind in ("csv", "parquet")]


def test_promise_16_a_second_run_gives_the_same_bytes(demo: Demo, repository: Path, demo_data: Path) -> None:
    """Generated, loaded, built and exported once more; data tests write nothing and are left out."""
    from raw_data.load import load_duckdb  # importable once `demo_data` has been made

    project = repository / "integration_tests"
    load_duckdb(demo_data, project / "target" / "focus_ai.duckdb")
    again = Demo(project / "target", "", 0)
    export = json.dumps({"directory": str(again.output)})
    build = ["build", "--exclude-resource-type", "test", "unit_test"]
    for run in run_dbt(project, build, ["run-operation", "focus_ai_export", "--args", export]):
        run.succeeded()
    assert digests(again) == digests(demo)


def test_csv_is_plain(demo: Demo) -> None:
    """UTC timestamps with T and Z, no exponent, nulls empty and unquoted, FOCUS columns sorted."""
    text = (demo.output / "cost_and_usage.csv").read_text(encoding="utf-8")
    header, first = text.splitlines()[:2]
    focus = [name for name in header.split(",") if not name.startswith("x_")]
    assert len(focus) == 65
    assert focus == sorted(focus)
    assert re.search(r",\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,", first)
    assert ",," in first
    assert not re.search(r'(?m)(^|,)""(,|$)', text)
    assert not re.search(r"(?m)(^|,)-?\d+(\.\d+)?[eE][+-]?\d+(,|$)", text)


@pytest.mark.parametrize("dataset", DATASETS)
def test_csv_and_parquet_hold_the_same(demo: Demo, dataset: str) -> None:
    """Read back as text of the Parquet types, row by row."""
    with duckdb.connect() as connection:
        table = f"read_parquet('{demo.output / dataset}.parquet')"
        columns = connection.execute(f"describe select * from {table}").fetchall()
        texts = ", ".join(
            f"strftime(\"{name}\", '%Y-%m-%dT%H:%M:%SZ')"
            if kind == "TIMESTAMP"
            else f'cast("{name}" as varchar)'
            for name, kind, *_ in columns
        )
        parquet = connection.execute(f"select {texts} from {table}").fetchall()
        csv = connection.execute(
            f"from read_csv('{demo.output / dataset}.csv', all_varchar = true, header = true, nullstr = '')"
        ).fetchall()
    assert csv == parquet
    assert parquet


def test_every_file_is_conformant(demo: Demo) -> None:
    reports = {path.name: json.loads(path.read_text()) for path in (demo.output / "reports").glob("*.json")}
    assert len(reports) == 2 * len(DATASETS)
    failed = {
        name: [rule["id"] for rule in report["rules"] if rule["status"] == "fail"]
        for name, report in reports.items()
        if not report["summary"]["conformant"]
    }
    assert failed == {}
    assert all(report["supports"] for report in reports.values())


def test_every_printed_equality_holds(demo: Demo) -> None:
    lines = [line for line in demo.printed.splitlines() if re.search(r"\d\.\d{12}  [=≠]  ", line)]
    assert len(lines) >= 11
    for line in lines:
        left, right = re.findall(r"-?[\d,]+\.\d{12}", line)
        assert left == right, line


def test_promise_12_attributed_and_unattributed_cost_is_the_bill(demo: Demo) -> None:
    """By source, account, period and currency, against the raw bills: usage in the month that was billed."""
    key = "source_relation, billing_account_id, billing_period_start, billing_currency"
    split = demo.query(
        f"""
        select {key}, sum(case when customer_id is null then provider_reported_cost else 0 end)
            + sum(case when customer_id is not null then provider_reported_cost else 0 end)
        from int_focus_ai__costed
        where ledger_version = 'current' and provider_reported_cost is not null
        group by all order by all
        """
    )
    billed = demo.query(
        f"""
        select {key}, sum(provider_reported_cost)
        from main_focus_ai_staging.focus_ai__billed_cost
        where superseded_at is null
        group by all order by all
        """
    )
    assert split == billed
    assert len({row[0] for row in billed}) == 2


def test_promise_13_no_row_is_lost_or_doubled(demo: Demo) -> None:
    """Each step has the rows of the step before, split but none dropped; at the end every id is unique."""
    steps = [
        ("int_focus_ai__charges", "charge_id", "int_focus_ai__token_classes", "charge_id"),
        ("int_focus_ai__token_classes", "sku_charge_id", "int_focus_ai__priced", "sku_charge_id"),
        ("int_focus_ai__priced", "sku_charge_id", "int_focus_ai__allocated", "sku_charge_id"),
        ("int_focus_ai__allocated", "allocated_charge_id", "int_focus_ai__costed", "allocated_charge_id"),
    ]
    for before, key, after, same in steps:
        lost = f"select ledger_version, {key} from {before} except select ledger_version, {same} from {after}"
        made = f"select ledger_version, {same} from {after} except select ledger_version, {key} from {before}"
        assert demo.query(f"({lost}) union all ({made})") == [], (before, after)
    assert demo.query('select count(*) - count(distinct "x_ChargeId") from focus_ai__cost_and_usage') == [
        (0,)
    ]


def test_promise_14_what_is_unknown_is_null_with_a_reason(demo: Demo) -> None:
    assert (
        demo.query(
            """
        select * from focus_ai__customer_gross_margin_monthly
        where (gross_margin is null) <> (gross_margin_null_reason is not null)
            or (gross_margin_percent is null) <> (gross_margin_percent_null_reason is not null)
            or (cost_per_1000_requests is null) <> (cost_per_1000_requests_null_reason is not null)
        """
        )
        == []
    )
    assert (
        demo.query("select * from int_focus_ai__priced where list_unit_price = 0 and billed_cost <> 0") == []
    )


def test_promise_15_estimates_are_never_added_to_what_is_billed(demo: Demo) -> None:
    """No estimate among the FOCUS rows, each of which says where its cost comes from, nor in a margin."""
    assert demo.query('select distinct "x_CostBasis" from focus_ai__cost_and_usage order by 1') == [
        ("Invoiced",),
        ("ProviderReported",),
    ]
    assert (
        demo.query(
            """
        select * from focus_ai__customer_gross_margin_monthly
        where gross_margin <> revenue - ai_cost_of_revenue
        """
        )
        == []
    )


def test_promise_19_windows_are_half_open_and_in_utc(demo: Demo) -> None:
    """A period ends where the next one starts, at a full UTC hour, and never before it starts."""
    for period in ("BillingPeriod", "ChargePeriod"):
        assert (
            demo.query(
                f"""
            select * from focus_ai__cost_and_usage
            where "{period}End" <= "{period}Start"
                or date_trunc('hour', "{period}Start") <> "{period}Start"
                or date_trunc('hour', "{period}End") <> "{period}End"
            """
            )
            == []
        )
    assert (
        demo.query(
            """
        select * from int_focus_ai__accounting_periods as month
        inner join int_focus_ai__accounting_periods as next
            on month.accounting_period_start < next.accounting_period_start
        where month.accounting_period_end > next.accounting_period_start
        """
        )
        == []
    )


def test_margins_add_up_to_the_exported_file(demo: Demo) -> None:
    """Conservation from the margin lines to the file that leaves the house: in each currency, exactly."""
    exported = demo.query(
        f"""
        select "BillingCurrency", sum("EffectiveCost")
        from read_parquet('{demo.output / "cost_and_usage.parquet"}') group by 1 order by 1
        """
    )
    margins = demo.query(
        """
        select currency, sum(
            ai_cost_of_revenue + prior_period_ai_cost + unclassified_ai_cost + operating_ai_cost
            + prior_period_other_ai_cost + excluded_tax
        ) as cost
        from focus_ai__customer_gross_margin_detail group by 1 having cost <> 0 order by 1
        """
    )
    assert margins == exported
    assert all(isinstance(cost, Decimal) and cost > 0 for _, cost in exported)


def test_budgets_are_spent_by_the_exported_rows(demo: Demo) -> None:
    """Worked out from the exported CSV and finance's tables alone: each budget, in its currency."""
    dollars_by_month = {"USD": {}}
    for row in raw_rows(demo, "finance", "fx_rates"):
        if row["rate_type"] == "average":
            dollars_by_month.setdefault(row["from_currency"], {})[row["month"][:7]] = Decimal(row["rate"])
    latest = {row["budget_id"]: row for row in raw_rows(demo, "finance", "budgets")}
    with (demo.output / "cost_and_usage.csv").open(newline="", encoding="utf-8") as file:
        charges = [row for row in csv.DictReader(file) if row["ChargeCategory"] != "Tax"]
    columns = {"customer": "x_CustomerId", "agent": "x_AgentId", "cost_center": "x_CostCenter"}
    statuses = demo.query("select budget_id, spent, state, decision from focus_ai__budget_status")
    for budget_id, spent, _, _ in statuses:
        budget = latest[budget_id]
        expected = Decimal(0)
        for charge in charges:
            if budget["scope"] == "model":
                scope_id = json.loads(charge["SkuPriceDetails"] or "{}").get("x_ModelId")
            else:
                scope_id = charge[columns[budget["scope"]]]
            start, currency = charge["ChargePeriodStart"], charge["BillingCurrency"]
            if scope_id == budget["scope_id"] and budget["period_start"] <= start < budget["period_end"]:
                rates = dollars_by_month[currency], dollars_by_month[budget["currency"]]
                of_charge, of_budget = (rate.get(start[:7], Decimal(1)) for rate in rates)
                converted = 1 if currency == budget["currency"] else of_charge / of_budget
                expected += Decimal(charge["EffectiveCost"]) * converted
        assert spent == pytest.approx(expected, abs=Decimal("0.0001")), budget_id
    assert {state for _, _, state, _ in statuses} >= {"Exceeded", "Warning", "AtRisk", "OnTrack"}
    assert {decision for *_, decision in statuses} == {"allow", "warn", "deny"}


def test_revenue_is_what_stripe_holds(demo: Demo) -> None:
    """Added up from the raw tables, another way: kept invoices, less discounts and credit notes."""

    def raw(name: str) -> list[dict[str, str]]:
        return raw_rows(demo, "stripe", name)

    kept = {
        invoice["id"]: invoice["currency"].upper()
        for invoice in raw("invoice")
        if invoice["status"] in ("open", "paid") and invoice["livemode"] == "true"
    }
    notes = {note["id"]: note["invoice_id"] for note in raw("credit_note") if note["status"] != "void"}
    pieces = [(line["invoice_id"], int(line["amount"])) for line in raw("invoice_line_item")]
    pieces += [(discount["invoice_id"], -int(discount["amount"])) for discount in raw("discount")]
    pieces += [
        (notes.get(line["credit_note_id"], ""), -int(line["amount"])) for line in raw("credit_note_line_item")
    ]
    expected: Counter[str] = Counter()
    for invoice, amount in pieces:
        if invoice in kept:
            expected[kept[invoice]] += amount
    months = dict(demo.query("select currency, sum(amount) from int_focus_ai__revenue_by_month group by 1"))
    assert months == {
        currency: Decimal(amount) / (1 if currency == "JPY" else 100) for currency, amount in expected.items()
    }


def test_the_journal_credits_each_invoice_to_the_cent(demo: Demo) -> None:
    """Payables by invoice against the lines that the providers sent, voided ones left out."""

    def raw(name: str) -> list[dict[str, str]]:
        path = demo.output / "raw" / "provider_invoices" / f"{name}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    issued = {invoice["invoice_id"] for invoice in raw("invoices") if invoice["status"] == "Issued"}
    invoiced: Counter[str] = Counter()
    for line in raw("invoice_lines"):
        if line["invoice_id"] in issued:
            invoiced[line["invoice_id"]] += int(Decimal(line["amount"]) * 100)
    booked = demo.query(
        """
        select reference, sum(credit_subunits - debit_subunits)
        from focus_ai__journal_entries
        where account_id in ('2010', '2020') and journal_type = 'Invoice'
        group by reference
        """
    )
    assert {reference: int(amount) for reference, amount in booked} == invoiced


def test_the_prepaid_account_is_the_roll_forward_to_the_cent(demo: Demo) -> None:
    months = demo.query(
        """
        with closing as (
            select accounting_period_start, sum(closing_cost) as closing_cost
            from focus_ai__prepaid_roll_forward group by 1
        )
        select closing_cost, (
            select sum(debit_subunits - credit_subunits)
            from focus_ai__journal_entries
            where account_id = '1410'
            and focus_ai__journal_entries.accounting_period_start <= closing.accounting_period_start
        )
        from closing
        """
    )
    assert len(months) == 4
    for closing_cost, balance in months:
        assert abs(closing_cost * 100 - balance) <= Decimal("0.5")


def test_every_entity_and_currency_balances_in_every_month(demo: Demo) -> None:
    books = demo.query(
        """
        select entity_id, currency, accounting_period_start, sum(debit_subunits), sum(credit_subunits)
        from focus_ai__journal_entries group by all
        """
    )
    assert len({(entity, currency) for entity, currency, *_ in books}) == 2
    assert all(debit == credit > 0 for *_, debit, credit in books)


def test_accruals_are_reversed_and_nothing_accrued_is_lost(demo: Demo) -> None:
    """October waits for OpenAI's invoices: what is accrued is what the FOCUS rows bill without one."""
    left = demo.query(
        "select billing_currency, sum(amount) from focus_ai__accruals group by 1 having sum(amount) <> 0"
    )
    assert left == []
    accrued = demo.query(
        """
        select billing_currency, sum(amount) from focus_ai__accruals
        where entry_type = 'Accrual' and accounting_period_start = '2026-10-01' group by 1 order by 1
        """
    )
    assert accrued == demo.query(
        """
        select "BillingCurrency", sum("BilledCost") from focus_ai__cost_and_usage
        where "InvoiceId" is null and "BilledCost" <> 0 group by 1 order by 1
        """
    )
    assert len(accrued) == 2


def test_the_story_is_that_of_the_data(demo: Demo) -> None:
    """The last lines name the paying customer with the largest losses, and its break-even price."""
    ((name, loss),) = demo.query(
        """
        with by_month as (
            select
                customer_id, customer_name, accounting_period_start,
                sum(revenue) as revenue, sum(gross_margin) as gross_margin
            from focus_ai__customer_gross_margin_monthly
            where not coalesce(is_internal, false)
            group by all
        )
        select customer_name, sum(-gross_margin) filter (gross_margin < 0) as loss
        from by_month
        group by customer_id, customer_name
        having sum(revenue) > 0
        order by loss desc nulls last
        limit 1
        """
    )
    story = demo.printed[demo.printed.index(f"{name} loses money") :]
    assert f"{loss:,.2f}" in story.splitlines()[0]
    ((break_even,),) = demo.query(
        f"""
        select break_even_price_per_1000_requests
        from focus_ai__customer_gross_margin_monthly
        where customer_name = '{name}' and gross_margin < 0
        order by accounting_period_start desc
        limit 1
        """
    )
    assert f"{break_even:,.2f} per 1,000 requests" in story.splitlines()[-1]


# Attribution against what really happened: the generator knows who each token was for.

CustomerMonth = tuple[str, str]
# Recorded in September for a key that nobody claims: the company says so, whoever used it.
CLAIMED = "cust_016"


@pytest.fixture(scope="module")
def consumed(demo_data: Path) -> dict[CustomerMonth, int]:
    """Tokens by customer and month, as the generator made them."""
    from raw_data.company import Company  # importable once `demo_data` has been made
    from raw_data.traffic import traffic

    tokens: Counter[CustomerMonth] = Counter()
    for (customer, day), cells in traffic(Company()).worked_for.items():
        month = datetime.fromtimestamp(day, timezone.utc).strftime("%Y-%m")
        for counts in cells.values():
            tokens[customer, month] += sum(
                (counts.uncached, counts.read, counts.write_5m, counts.write_1h, counts.output)
            )
    return tokens


@pytest.fixture(scope="module")
def attributed(demo: Demo) -> dict[CustomerMonth, int]:
    """Tokens by customer and month in focus_ai__cost_and_usage."""
    rows = demo.query(
        """select "x_CustomerId", strftime("ChargePeriodStart", '%Y-%m'), sum("ConsumedQuantity")
        from focus_ai__cost_and_usage
        where "ConsumedUnit" = 'Tokens' and "x_CustomerId" is not null
        and "x_AttributionMethodId" not in ('SharedCost', 'Override')  -- decided, not consumed
        group by all"""
    )
    return {(customer, month): int(tokens) for customer, month, tokens in rows}


def test_customers_with_keys_of_their_own_have_every_token(
    consumed: dict[CustomerMonth, int], attributed: dict[CustomerMonth, int]
) -> None:
    own_keys = [
        "cust_001",
        "cust_002",
        "cust_003",
        "cust_004",
        "cust_006",
        "cust_010",
        "cust_011",
        "cust_013",
    ]
    own_keys += ["cust_020", "cust_021", "cust_024"]
    wrong = {
        key: (tokens, attributed.get(key))
        for key, tokens in consumed.items()
        if key[0] in own_keys and attributed.get(key) != tokens
    }
    assert wrong == {}


def test_customers_of_the_gateway_have_nearly_every_token(
    consumed: dict[CustomerMonth, int], attributed: dict[CustomerMonth, int]
) -> None:
    """Fewer than 1 call in 50 names nobody; a few tokens stray where principals share a bucket."""
    wrong = {
        key: (tokens, attributed.get(key, 0))
        for key, tokens in consumed.items()
        if key[0] != CLAIMED and not tokens * 0.98 <= attributed.get(key, 0) <= tokens + 100
    }
    assert wrong == {}


def test_nobody_else_is_charged(
    consumed: dict[CustomerMonth, int], attributed: dict[CustomerMonth, int]
) -> None:
    assert set(attributed) == set(consumed)


def test_a_failing_step_says_which_and_where_its_log_is(repository: Path, tmp_path: Path) -> None:
    broken = copy_of_repository(tmp_path / "broken")
    macro = broken / "macros" / "money" / "arithmetic.sql"
    macro.write_text(macro.read_text() + "\n{% macro no_end() %}\n")
    failed = run_demo(broken, tmp_path / "output")
    assert failed.code == 1
    last = failed.printed.rstrip().splitlines()[-1]
    assert last.startswith("demo: dbt build failed")
    assert Path(last.rsplit(" ", 1)[-1]).is_file()
    assert "without finding a close tag for macro" in failed.printed
    assert not list((tmp_path / "output").glob("*.csv"))


@pytest.mark.parametrize("month", ["2026-08", "2026-09", "2026-10"])
def test_the_close_pack_of_each_month_ties(demo: Demo, month: str, tmp_path: Path) -> None:
    """No section is missing, and every figure that stands in two places is the same in both."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "focus_validate", "close-pack", str(demo.output / "focus_ai.duckdb")),
            *("--period", month, "--output-dir", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "left out" not in done.stderr
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".xlsx"]
