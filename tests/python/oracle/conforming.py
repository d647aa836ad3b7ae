"""Rows that conform to every rule by construction, for each of the four datasets."""

from __future__ import annotations

import json
from decimal import Context, Decimal
from random import Random
from typing import Any

from . import reference

TextRow = dict[str, "str | None"]
EXACT = Context(prec=60)
CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF")
PERIODS = tuple(f"2026-{month:02}-01T00:00:00Z" for month in range(1, 13))


def product(a: str, b: str) -> str:
    return format(EXACT.multiply(Decimal(a), Decimal(b)), "f")


def amount(rng: Random, places: int = 2, top: int = 10_000) -> str:
    return format(Decimal(rng.randint(1, top * 10**places)).scaleb(-places), "f")


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class CostAndUsage:
    """Charges of a small estate: SKUs, commitments, resources and accounts that rows draw from."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.number = 0
        subcategories = sorted(reference.subcategory_parents().items())
        self.skus = [self.sku(number, *rng.choice(subcategories)) for number in range(6)]
        self.commitments = [self.commitment(number) for number in range(3)]

    def sku(self, number: int, subcategory: str, category: str) -> TextRow:
        rng = self.rng
        price = format(Decimal(rng.randint(1, 10**6)).scaleb(-rng.choice([0, 2, 6, 8])), "f")
        details = {
            "CoreCount": rng.randint(1, 64),
            "InstanceType": f"m{number}.large",
            "DiskSpace": rng.choice([1.5, 200, 1e-3]),
            "x_Tenancy": rng.choice(["Shared", None, True]),
        }
        return {
            "SkuId": f"sku-{number // 2}",
            "SkuPriceId": f"price-{number}",
            "SkuMeter": f"Meter {number // 2}",
            "ServiceName": f"Service {number}",
            "ServiceCategory": category,
            "ServiceSubcategory": subcategory,
            "PricingUnit": rng.choice(
                ["Hours", "1000 Tokens", "GB-Hours", "Requests", "GB/Hour", "Units/3 Months"]
            ),
            "SkuPriceDetails": rng.choice([None, dumped(details), "{}"]),
            "ListUnitPrice": price,
            "ContractedUnitPrice": product(price, "0.75"),
        }

    def commitment(self, number: int) -> TextRow:
        return {
            "CommitmentDiscountId": f"commitment-{number}",
            "CommitmentDiscountCategory": self.rng.choice(["Spend", "Usage"]),
            "CommitmentDiscountName": self.rng.choice([None, f"Commitment {number}"]),
            "CommitmentDiscountType": self.rng.choice(["Savings Plan", "Reserved"]),
            "CommitmentDiscountUnit": self.rng.choice(["Hours", "Core-Hours", "Units"]),
        }

    def rows(self, count: int) -> list[TextRow]:
        makers = (self.usage, self.usage, self.usage, self.covered, self.unused, self.purchase, self.tax)
        makers += (self.credit, self.adjustment, self.correction, self.reserved)  # type: ignore[assignment]
        rows: list[TextRow] = []
        while len(rows) < count:
            if self.rng.random() < 0.15 and count - len(rows) >= 2:
                rows.extend(self.allocated())
            else:
                rows.append(self.rng.choice(makers)())
        return rows

    def base(self) -> TextRow:
        rng = self.rng
        self.number += 1
        row: TextRow = dict.fromkeys(reference.columns_of("CostAndUsage"))
        month = rng.randrange(len(PERIODS) - 1)
        day = rng.randint(1, 27)
        account = rng.randint(1, 3)
        sub = rng.choice([None, "100", "000200"])
        region = rng.choice([None, "eu-west-1"])
        resource = rng.choice([None, f"arn:res/{rng.randint(1, 9)}"])
        price = format(Decimal(rng.randint(-(10**6), 10**6)).scaleb(-2), "f")
        row.update(
            BilledCost=price,
            EffectiveCost=price,
            ListCost=price,
            ContractedCost=price,
            PricingCurrencyEffectiveCost=price,
            BillingAccountId=f"account-{account}",
            BillingAccountName=f"Account {account}",
            BillingAccountType="Payer",
            BillingCurrency=rng.choice(CURRENCIES),
            PricingCurrency=rng.choice(("USD", "EUR", "XAU")),
            BillingPeriodStart=PERIODS[month],
            BillingPeriodEnd=PERIODS[month + 1],
            ChargePeriodStart=PERIODS[month].replace("-01T", f"-{day:02}T"),
            ChargePeriodEnd=PERIODS[month].replace("-01T", f"-{day + 1:02}T"),
            ChargeDescription=f"Charge {self.number}",
            ChargeFrequency="Usage-Based",
            HostProviderName=rng.choice([None, "Cloud"]),
            InvoiceId=f"INV-{month}",
            InvoiceDetailId=f"DET-{month}-{account}",
            InvoiceIssuerName="Issuer, Inc.",
            ServiceProviderName="Provider",
            AvailabilityZone=rng.choice([None, "eu-west-1a"]),
            RegionId=region,
            RegionName=region and "Ireland",
            ResourceId=resource,
            ResourceName=resource and rng.choice([None, "Übersicht «α»"]),
            ResourceType=resource and "Instance",
            SubAccountId=sub,
            SubAccountName=sub and 'Team "A"',
            SubAccountType=sub and "Project",
            Tags=rng.choice([None, "{}", '{"env":"prod","team":null}', '{"valueless":true,"n":1.5E3}']),
            ServiceName="Support",
            ServiceCategory="Other",
            ServiceSubcategory="Other (Other)",
        )
        return row

    def priced(self, category: str) -> TextRow:
        """A charge with a price: unit prices, quantity and the costs that follow from them."""
        row = self.base()
        sku = self.rng.choice(self.skus)
        quantity = format(Decimal(self.rng.randint(-100, 10**6)).scaleb(-self.rng.choice([0, 1, 4])), "f")
        row.update(sku)
        row.update(
            ChargeCategory=category,
            PricingCategory=self.rng.choice(["Standard", "Dynamic", "Committed", "Other"]),
            PricingQuantity=quantity,
            ListCost=product(sku["ListUnitPrice"] or "0", quantity),
            ContractedCost=product(sku["ContractedUnitPrice"] or "0", quantity),
            PricingCurrencyListUnitPrice=sku["ListUnitPrice"],
            PricingCurrencyContractedUnitPrice=sku["ContractedUnitPrice"],
        )
        return row

    def usage(self) -> TextRow:
        row = self.priced("Usage")
        row.update(ConsumedQuantity=row["PricingQuantity"], ConsumedUnit="Seconds")
        if self.rng.random() < 0.3:
            programs = [{"ProgramType": name} for name in self.rng.sample(["Reserved", "Flex", "Spot"], 2)]
            row["CommitmentProgramEligibilityDetails"] = dumped({"CommitmentPrograms": programs})
        if self.rng.random() < 0.3:
            row["ContractApplied"] = self.contract_applied("contract-commitment-1", 2)
        return row

    def contract_applied(self, commitment: str, count: int) -> str:
        cost = {"ContractCommitmentAppliedCost": 12.5}
        usage = {"ContractCommitmentAppliedQuantity": 3, "ContractCommitmentAppliedUnit": "GB-Hours"}
        elements = [
            {
                "ContractId": "contract-1",
                "ContractCommitmentId": commitment,
                **self.rng.choice([cost, usage]),
                "x_N": n,
            }
            for n in range(count)
        ]
        return dumped({"Elements": elements})

    def committed(self, row: TextRow) -> TextRow:
        row.update(self.rng.choice(self.commitments))
        row["CommitmentDiscountQuantity"] = amount(self.rng)
        return row

    def covered(self) -> TextRow:
        row = self.committed(self.usage())
        row["CommitmentDiscountStatus"] = "Used"
        kind = row["CommitmentDiscountType"]
        programs = [{"ProgramType": kind}, {"ProgramType": "Other", "x_Note": [1, 2]}]
        row["CommitmentProgramEligibilityDetails"] = self.rng.choice(
            [None, dumped({"CommitmentPrograms": programs})]
        )
        return row

    def unused(self) -> TextRow:
        row = self.committed(self.priced("Usage"))
        row["CommitmentDiscountStatus"] = "Unused"
        if row["ResourceId"]:
            row["ContractApplied"] = self.contract_applied(row["ResourceId"], 1)
        return row

    def purchase(self) -> TextRow:
        row = self.priced("Purchase")
        row["ChargeFrequency"] = self.rng.choice(["One-Time", "Recurring"])
        return self.committed(row) if self.rng.random() < 0.5 else row

    def tax(self) -> TextRow:
        return {**self.base(), "ChargeCategory": "Tax", "ChargeFrequency": "One-Time"}

    def credit(self) -> TextRow:
        return {**self.base(), "ChargeCategory": "Credit"}

    def adjustment(self) -> TextRow:
        return {**self.base(), "ChargeCategory": "Adjustment", "EffectiveCost": amount(self.rng)}

    def correction(self) -> TextRow:
        row = self.base() if self.rng.random() < 0.5 else self.usage()
        row.update(ChargeCategory="Usage", ChargeClass="Correction")
        return row

    def reserved(self) -> TextRow:
        row = self.usage()
        status = self.rng.choice(["Used", "Unused"])
        row.update(CapacityReservationId="reservation-1", CapacityReservationStatus=status)
        return row

    def allocated(self) -> list[TextRow]:
        """Two charges that share one origin charge in a fixed ratio."""
        origin = self.usage()
        name = f"pod-{self.number}"
        ratio = self.rng.choice([("0.25", "0.75"), ("1E-1", "9.0e-1"), ("0.333333", "0.666667")])
        rows = []
        for part, share in enumerate(ratio):
            usage = self.rng.choice(
                ["", ', "UsageUnit": "Seconds", "UsageQuantity": 7', ', "UsageUnit": null']
            )
            rows.append(
                {
                    **origin,
                    "ChargeDescription": f"{name} part {part}",
                    "ResourceId": f"cluster-{self.number}",
                    "ResourceType": "Cluster",
                    "AllocatedMethodId": "method-1",
                    "AllocatedResourceId": f"{name}-{part}",
                    "AllocatedResourceName": f"Pod {part}",
                    "AllocatedTags": dumped({"pod": name}),
                    "AllocatedMethodDetails": f'{{"Elements": [{{"AllocatedRatio": {share}{usage}}}]}}',
                }
            )
        return rows


def invoice_detail(rng: Random, count: int) -> list[TextRow]:
    rows: list[TextRow] = []
    for number in range(count):
        month = rng.randrange(len(PERIODS) - 1)
        billed = amount(rng)
        billing, payment = rng.choice(CURRENCIES), rng.choice(CURRENCIES)
        detail = f"DET-{number}"
        grain = {"ServiceName": "Service 1", "SkuId": "sku-1", "x_Team": rng.choice(["A", 3, None])}
        rows.append(
            {
                "BilledCost": billed,
                "BillingAccountId": "000123",
                "BillingCurrency": billing,
                "BillingPeriodEnd": PERIODS[month + 1],
                "BillingPeriodStart": PERIODS[month],
                "ChargeCategory": rng.choice(["Usage", "Purchase", "Tax", "Credit", "Adjustment"]),
                "InvoiceDetailCreated": PERIODS[month],
                "InvoiceDetailDescription": f"Line {number}",
                "InvoiceDetailGrain": rng.choice([None, "{}", dumped(grain)]),
                "InvoiceDetailId": detail,
                "InvoiceDetailLastUpdated": rng.choice([PERIODS[month], PERIODS[month + 1]]),
                "InvoiceId": f"INV-{month}",
                "InvoiceIssueDate": rng.choice([None, PERIODS[month + 1]]),
                "InvoiceIssueStatus": rng.choice(["Open", "Issued", "Voided"]),
                "InvoiceIssuerName": rng.choice(["Issuer, Inc.", "Émetteur"]),
                "PaymentCurrency": payment,
                "PaymentCurrencyBilledCost": billed if payment == billing else amount(rng),
                "PaymentCurrencyInvoiceDetailId": detail,
                "PaymentDueDate": rng.choice([None, PERIODS[month + 1]]),
                "PaymentTerms": "Net 30",
                "PurchaseOrderNumber": rng.choice([None, "4500001"]),
                "ReferenceInvoiceId": f"INV-{month}",
            }
        )
    return rows


APPLICABILITY: tuple[dict[str, Any], ...] = (
    {"IsGlobalScope": True},
    {"IsComplexScope": True, "Applicability": {"Cost": 1, "Usage": 0.5}, "Inclusions": []},
    {
        "InclusionOperator": "And",
        "Inclusions": [
            {
                "Dimension": "ServiceName",
                "Operator": "In",
                "Values": ["a", "b"],
                "Applicability": {"Cost": 0.0},
            },
            {"Dimension": "x_Team", "Operator": "Exists", "Values": ["*"]},
        ],
        "ExclusionOperator": "Or",
        "Exclusions": [{"Dimension": "RegionId", "Operator": "StartsWith", "Values": ["eu-"]}],
        "x_Note": {"a": [1, 2]},
    },
)
DURATIONS = (
    "1 Year",
    "36 Months",
    "12  Months",
    "4 Quarters",
    "365 Days",
    "52 Weeks",
    "8760 Hours",
    "3 Years",
)


def contract_commitment(rng: Random, count: int) -> list[TextRow]:
    rows: list[TextRow] = []
    for number in range(count):
        spend = rng.random() < 0.5
        benefit = rng.choice(["Discount", "Entitlement", "Availability", "Other"])
        model, share, interval = rng.choice(
            [
                ("No Upfront", rng.choice(["0", "0.0", "0E-3"]), "Monthly"),
                ("Partial Upfront", "0.5", "Quarterly"),
                ("All Upfront", rng.choice(["1", "1.00", "1E0"]), "One-Time"),
            ]
        )
        duration = rng.choice(DURATIONS)
        fulfilment = rng.choice(["Hourly", "Monthly", "Full Period", "Custom"])
        discount = amount(rng, 3, 1) if benefit == "Discount" else None
        month = rng.randrange(len(PERIODS) - 1)
        quantity = None if spend else amount(rng)
        rows.append(
            {
                "BillingCurrency": rng.choice(CURRENCIES),
                "ContractCommitmentApplicability": dumped(rng.choice(APPLICABILITY)),
                "ContractCommitmentBenefitCategory": benefit,
                "ContractCommitmentCategory": "Spend" if spend else "Usage",
                "ContractCommitmentCost": amount(rng) if spend else rng.choice([None, "0"]),
                "ContractCommitmentCreated": PERIODS[month],
                "ContractCommitmentDescription": f"Commitment {number}",
                "ContractCommitmentDiscountPercentage": discount,
                "ContractCommitmentDurationType": duration,
                "ContractCommitmentFulfillmentInterval": fulfilment,
                "ContractCommitmentId": f"contract-commitment-{number}",
                "ContractCommitmentLastUpdated": rng.choice([PERIODS[month], PERIODS[month + 1]]),
                "ContractCommitmentLifecycleStatus": rng.choice(["Proposed", "Active", "Superseded"]),
                "ContractCommitmentModel": "Discontinuous" if fulfilment == "Full Period" else "Continuous",
                "ContractCommitmentOfferCategory": rng.choice(["Negotiated", "Public"]),
                "ContractCommitmentPaymentInterval": interval,
                "ContractCommitmentPaymentModel": model,
                "ContractCommitmentPaymentUpfrontPercentage": share,
                "ContractCommitmentPeriodEnd": PERIODS[month + 1],
                "ContractCommitmentPeriodStart": PERIODS[month],
                "ContractCommitmentQuantity": quantity,
                "ContractCommitmentType": "Savings",
                "ContractCommitmentUnit": quantity and "Core-Hours",
                "ContractId": f"contract-{number // 3}",
                "ContractPeriodEnd": PERIODS[-1],
                "ContractPeriodStart": PERIODS[0],
                "InvoiceIssuerName": "Issuer, Inc.",
                "PricingCurrency": rng.choice(CURRENCIES),
                "PricingCurrencyContractCommitmentCost": amount(rng) if spend else None,
                "ServiceProviderName": "Provider",
            }
        )
    return rows


def billing_period(rng: Random, count: int) -> list[TextRow]:
    rows: list[TextRow] = []
    for number in range(count):
        month = rng.randrange(len(PERIODS) - 1)
        rows.append(
            {
                "BillingPeriodCreated": PERIODS[month],
                "BillingPeriodEnd": PERIODS[month + 1],
                "BillingPeriodLastUpdated": rng.choice([PERIODS[month], PERIODS[month + 1]]),
                "BillingPeriodStart": PERIODS[month],
                "BillingPeriodStatus": rng.choice(["Open", "Closed"]),
                "InvoiceIssuerName": f"Issuer {number}",
            }
        )
    return rows


def conforming(dataset: str, rng: Random, count: int) -> list[TextRow]:
    """``count`` rows of text (None = null) with every column of the dataset, breaking no rule at all."""
    if dataset == "CostAndUsage":
        return CostAndUsage(rng).rows(count)
    makers = {
        "InvoiceDetail": invoice_detail,
        "ContractCommitment": contract_commitment,
        "BillingPeriod": billing_period,
    }
    return makers[dataset](rng, count)
