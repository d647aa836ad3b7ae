"""Each rule across datasets on facts made by hand: what passes, what fails, what warns, what stays out."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from focus_validate.conformance.cross import CrossCheck, Outcome
from focus_validate.conformance.facts import (
    ChargeKey,
    Charges,
    Commitments,
    Facts,
    Line,
    Lines,
    Period,
    PeriodKey,
    Periods,
    Rows,
    Total,
)

MAY, JUNE, JULY = "2026-05-01T00:00:00", "2026-06-01T00:00:00", "2026-07-01T00:00:00"
NO_AMOUNT = "no number"


def charge(amount: str, detail: str | None = "D1", rows: int = 1, first: int = 1, **key: object) -> tuple:
    facts = {
        "issuer": "AWS",
        "invoice": "I1",
        "currency": "USD",
        "is_tax": False,
        "start": MAY,
        "end": JUNE,
        **key,
    }
    value = None if amount == NO_AMOUNT else Decimal(amount)
    return ChargeKey(detail=detail, **facts), Total(rows, value, first)  # type: ignore[arg-type]


def line(amount: str, detail: str | None = "D1", row: int = 1, **cells: object) -> Line:
    facts = {
        "issuer": "AWS",
        "invoice": "I1",
        "currency": "USD",
        "category": "Usage",
        "status": "Issued",
        "start": MAY,
        "end": JUNE,
        "created": MAY,
        **cells,
    }
    value = None if amount == NO_AMOUNT else Decimal(amount)
    return Line(row=row, detail=detail, amount=value, **facts)  # type: ignore[arg-type]


def period(status: str | None = "Closed", row: int = 1, **cells: object) -> Period:
    facts = {"issuer": "AWS", "start": MAY, "end": JUNE, "updated": JUNE, **cells}
    return Period(row=row, status=status, **facts)  # type: ignore[arg-type]


def check(
    charges: list[tuple] = (),  # type: ignore[assignment]
    lines: list[Line] = (),  # type: ignore[assignment]
    periods: list[Period] = (),  # type: ignore[assignment]
    **facts: object,
) -> CrossCheck:
    applied, early = facts.pop("applied", {}), facts.pop("early", {})
    return CrossCheck(
        Facts(
            charges=Charges(dict(charges), applied, early),  # type: ignore[arg-type]
            lines=Lines(tuple(lines)),
            periods=Periods(tuple(periods)),
            **facts,  # type: ignore[arg-type]
        ),
        {"USD": 2, "JPY": 0},
    )


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """Checked, violations, those that fail."""
    return outcome.checked, outcome.violations, outcome.hard


class TestSumsOfInvoices:
    """IND-BilledCost-C-010-C."""

    @pytest.mark.parametrize(("invoiced", "broken"), [("11", 0), ("9", 0), ("11.01", 1), ("8.99", 1)])
    def test_the_edge_of_the_tolerance(self, invoiced: str, broken: int) -> None:
        found = check([charge("4"), charge("6", "D2")], [line(invoiced)]).sums_of_invoices()
        assert counts(found) == (1, broken, broken)

    def test_the_sample_names_the_group_and_both_sums(self) -> None:
        found = check([charge("10.50")], [line("5", row=7), line("2.25", "D2", row=4)]).sums_of_invoices()
        [(row, value)] = found.samples
        assert row == 4
        assert json.loads(value) == {
            "InvoiceIssuerName": "AWS",
            "InvoiceId": "I1",
            "BillingCurrency": "USD",
            "CostAndUsage": "10.5",
            "InvoiceDetail": "7.25",
            "Tolerance": "1",
        }

    def test_tax_is_left_out_on_both_sides(self) -> None:
        found = check(
            [charge("10"), charge("500", is_tax=True)],
            [line("10"), line("900", "D2", category="Tax")],
        ).sums_of_invoices()
        assert counts(found) == (1, 0, 0)

    def test_an_invoice_with_an_open_row_stays_out(self) -> None:
        found = check([charge("10")], [line("50"), line("1", "D2", status="Open")]).sums_of_invoices()
        assert counts(found) == (0, 0, 0)

    @pytest.mark.parametrize("status", ["Issued", "Voided", None])
    def test_every_other_status_is_compared(self, status: str | None) -> None:
        assert counts(check([charge("10")], [line("50", status=status)]).sums_of_invoices()) == (1, 1, 1)

    def test_an_invoice_of_a_period_without_charges_stays_out(self) -> None:
        elsewhere = charge("10", invoice="I2", start=JUNE)
        assert counts(check([elsewhere], [line("50")]).sums_of_invoices()) == (0, 0, 0)

    def test_an_invoice_that_lacks_all_charges_of_a_period_that_is_there_fails(self) -> None:
        assert counts(check([charge("10", invoice="I2")], [line("50")]).sums_of_invoices()) == (1, 1, 1)

    def test_the_same_id_of_another_issuer_is_another_invoice(self) -> None:
        found = check([charge("10"), charge("50", issuer="GCP")], [line("10")]).sums_of_invoices()
        assert counts(found) == (1, 0, 0)

    def test_amounts_in_two_currencies_do_not_add_up(self) -> None:
        found = check([charge("10"), charge("5", currency="JPY")], [line("15")]).sums_of_invoices()
        assert counts(found) == (1, 1, 1)

    def test_an_amount_that_is_no_number_leaves_the_group_undecided(self) -> None:
        assert counts(check([charge(NO_AMOUNT)], [line("50")]).sums_of_invoices()) == (0, 0, 0)
        assert counts(check([charge("10")], [line(NO_AMOUNT)]).sums_of_invoices()) == (0, 0, 0)

    def test_charges_without_an_invoice_belong_to_none(self) -> None:
        found = check([charge("10"), charge("90", invoice=None)], [line("10")]).sums_of_invoices()
        assert counts(found) == (1, 0, 0)

    def test_rows_count_for_the_tolerance(self) -> None:
        assert counts(check([charge("15", rows=10**6)], [line("10")]).sums_of_invoices()) == (1, 0, 0)
        assert counts(check([charge("15", rows=10**5)], [line("10")]).sums_of_invoices()) == (1, 1, 1)


class TestSumsOfDetails:
    """IND-BilledCost-C-013-C."""

    def test_details_are_compared_one_by_one(self) -> None:
        charges = [charge("10"), charge("20", "D2")]
        assert counts(check(charges, [line("10"), line("20", "D2")]).sums_of_details()) == (2, 0, 0)
        assert counts(check(charges, [line("20"), line("10", "D2")]).sums_of_details()) == (2, 2, 2)

    def test_an_open_line_stays_out_and_the_others_do_not(self) -> None:
        found = check([charge("10")], [line("50", status="Open"), line("50", "D2")]).sums_of_details()
        assert counts(found) == (1, 1, 1)

    def test_a_line_of_tax_only_warns(self) -> None:
        found = check([charge("10")], [line("10"), line("50", "D2", category="Tax")]).sums_of_details()
        assert counts(found) == (2, 1, 0)

    def test_charges_of_tax_count_for_their_line(self) -> None:
        found = check([charge("5", is_tax=True)], [line("5", category="Tax")]).sums_of_details()
        assert counts(found) == (1, 0, 0)

    def test_lines_with_the_same_id_are_added_up(self) -> None:
        assert counts(check([charge("10")], [line("4"), line("6")]).sums_of_details()) == (1, 0, 0)

    def test_a_line_without_an_id_stays_out(self) -> None:
        assert counts(check([charge("10")], [line("50", None)]).sums_of_details()) == (0, 0, 0)


class TestSumsOfCharges:
    """CAU-BilledCost-C-007-C."""

    def test_charges_add_up_to_the_issued_invoice(self) -> None:
        assert counts(check([charge("10", first=3)], [line("11")]).sums_of_charges()) == (1, 0, 0)
        found = check([charge("10", first=3)], [line("11.01")]).sums_of_charges()
        assert counts(found) == (1, 1, 1)
        assert found.samples[0][0] == 3

    @pytest.mark.parametrize("status", ["Open", "Voided", None])
    def test_an_invoice_that_is_not_issued_in_whole_stays_out(self, status: str | None) -> None:
        found = check([charge("10")], [line("50"), line("1", "D2", status=status)]).sums_of_charges()
        assert counts(found) == (0, 0, 0)

    def test_a_difference_of_the_tax_alone_warns(self) -> None:
        lines = [line("10"), line("2", "D2", category="Tax")]
        assert counts(check([charge("10")], lines).sums_of_charges()) == (1, 1, 0)
        assert counts(check([charge("12.50")], lines).sums_of_charges()) == (1, 0, 0)
        assert counts(check([charge("20")], lines).sums_of_charges()) == (1, 1, 1)

    def test_an_invoice_that_invoice_detail_lacks_stays_out(self) -> None:
        assert counts(check([charge("10", invoice="I2")], [line("50")]).sums_of_charges()) == (0, 0, 0)


class TestRecords:
    """CAU-InvoiceDetailId-C-007-M and the bounds of the billing period."""

    def test_a_detail_is_one_record(self) -> None:
        found = check([charge("1", rows=3), charge("1", "D9", rows=2, first=8)], [line("1")]).details_exist()
        assert counts(found) == (5, 2, 2)
        assert found.samples == [(8, "D9")]

    def test_two_records_are_not_one(self) -> None:
        assert counts(check([charge("1", rows=3)], [line("1"), line("1")]).details_exist()) == (3, 3, 3)

    def test_an_invoice_that_is_not_there_only_warns(self) -> None:
        found = check([charge("1", rows=3, invoice="I2")], [line("1")]).details_exist()
        assert counts(found) == (3, 3, 0)

    def test_a_record_of_another_invoice_is_none(self) -> None:
        lines = [line("1", "D9"), line("1", "D1", invoice="I2")]
        assert counts(check([charge("1")], lines).details_exist()) == (1, 1, 1)

    def test_a_charge_without_detail_or_invoice_passes(self) -> None:
        found = check([charge("1", None), charge("1", "D9", invoice=None)], [line("1")]).details_exist()
        assert counts(found) == (1, 0, 0)

    def test_the_bounds_are_those_of_every_charge(self) -> None:
        same = check([charge("1")], [line("1")])
        assert counts(same.same_start()) == counts(same.same_end()) == (1, 0, 0)
        other = check([charge("1"), charge("1", start=JUNE, end=JULY)], [line("1", row=5)])
        assert other.same_start().samples == [(5, f"{MAY}Z")]
        assert counts(other.same_end()) == (1, 1, 1)

    def test_bounds_without_charges_or_without_a_moment_pass(self) -> None:
        elsewhere = check([charge("1", invoice="I2", start=JUNE)], [line("1")])
        assert counts(elsewhere.same_start()) == (1, 0, 0)
        assert counts(check([charge("1", start="")], [line("1")]).same_start()) == (1, 0, 0)
        assert counts(check([charge("1")], [line("1", start="")]).same_start()) == (1, 0, 0)
        assert counts(check([charge("1")], [line("1", start=None)]).same_start()) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("created", "periods", "expected"),
        [
            (JUNE, [period()], (1, 0, 0)),
            ("2026-06-01T00:00:01", [period()], (1, 1, 1)),
            (JULY, [period("Open")], (0, 0, 0)),
            (JULY, [period(issuer="GCP")], (0, 0, 0)),
            (JULY, [period(start=JUNE)], (0, 0, 0)),
            (JULY, [period(updated="")], (0, 0, 0)),
            ("", [period()], (1, 0, 0)),
            (None, [period()], (0, 0, 0)),
            (JULY, [period(), period(updated=JULY)], (1, 0, 0)),
        ],
    )
    def test_details_come_into_being_before_the_last_update_of_a_closed_period(
        self, created: str | None, periods: list[Period], expected: tuple[int, int, int]
    ) -> None:
        found = check([], [line("1", created=created)], periods).created_before_closing()
        assert counts(found) == expected


class TestEarlierDelivery:
    """BIP-BillingPeriodStatus-C-005-C, IND-InvoiceIssueStatus-C-006-C."""

    @pytest.mark.parametrize(
        ("now", "before", "expected"),
        [
            (period("Open"), period("Closed"), (1, 1, 1)),
            (period("Closed"), period("Closed"), (1, 0, 0)),
            (period("Open"), period("Open"), (1, 0, 0)),
            (period("Open"), period("Closed", issuer="GCP"), (0, 0, 0)),
            (period("Open"), period("Closed", start=JUNE), (0, 0, 0)),
            (period(None), period("Closed"), (0, 0, 0)),
        ],
    )
    def test_a_closed_period_stays_closed(
        self, now: Period, before: Period, expected: tuple[int, int, int]
    ) -> None:
        found = check(periods=[now], earlier_periods=Periods((before,))).period_reopened()
        assert counts(found) == expected

    @pytest.mark.parametrize(
        ("now", "before", "expected"),
        [
            (line("1", status="Open"), [line("1")], (1, 1, 1)),
            (line("1", "D9", status="Open"), [line("1")], (1, 1, 1)),
            (line("1"), [line("1")], (1, 0, 0)),
            (line("1", status="Voided"), [line("1")], (1, 0, 0)),
            (line("1", status="Open"), [line("1", status="Open")], (1, 0, 0)),
            (line("1", status="Open"), [line("1"), line("1", "D2", status="Open")], (1, 0, 0)),
            (line("1", status="Open"), [line("1", invoice="I2")], (0, 0, 0)),
        ],
    )
    def test_an_issued_invoice_stays_issued(
        self, now: Line, before: list[Line], expected: tuple[int, int, int]
    ) -> None:
        found = check(lines=[now], earlier_lines=Lines(tuple(before))).invoice_reopened()
        assert counts(found) == expected


class TestLinks:
    def test_charges_and_lines_lie_in_a_known_period(self) -> None:
        found = check(
            [
                charge("1", rows=4),
                charge("1", "D2", rows=2, start=JUNE, end=JULY),
                charge("1", "D3", end=JULY),
            ],
            [line("1"), line("1", issuer="GCP"), line("1", start=None)],
            [period()],
        )
        assert counts(found.charges_in_known_periods()) == (7, 3, 3)
        assert counts(found.lines_in_known_periods()) == (2, 1, 1)

    def test_applied_commitments_exist_under_their_contract(self) -> None:
        applied = {
            frozenset({("c", "cc")}): Rows(5, 1),
            frozenset({("c", "cc"), ("other", "cc")}): Rows(2, 9),
            frozenset(): Rows(3, 4),
        }
        commitments = Commitments(frozenset({("c", "cc")}))
        found = check(applied=applied, commitments=commitments).commitments_exist()
        assert counts(found) == (7, 2, 2)
        assert found.samples == [(9, '["other", "cc"]')]

    @pytest.mark.parametrize(
        ("periods", "violations"),
        [
            ([period()], 2),
            ([period("Open")], 0),
            ([period(issuer="GCP")], 0),
            ([period(start=JUNE, end=JULY)], 0),
        ],
    )
    def test_charges_of_a_closed_period_that_come_later_are_marked(
        self, periods: list[Period], violations: int
    ) -> None:
        early = {PeriodKey("AWS", "2026-05-17T00:00:00"): Rows(2, 1)}
        found = check(periods=periods, early=early).corrections_marked()
        assert (found.checked, found.violations) == (2, violations)
