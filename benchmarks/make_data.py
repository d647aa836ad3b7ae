"""Write a conforming FOCUS 1.4 Cost and Usage file of any size, or one with a share of broken cells.

The rows look like a cloud and AI bill: 65 columns, several services and accounts, usage, purchases, tax and
credits. Parquet is typed (decimals, timestamps) with several row groups; CSV holds the same values as text.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

# One SQL expression per column over ``i`` (row number from 0) and the helper columns of HELPERS.
HELPERS = """
    i,
    i % 50 = 49 as is_tax,
    i % 50 = 48 as is_credit,
    (i * 7919) % 1000 as r,
    timestamp '2026-10-01' + interval (i % 744) hour as t0,
    (((i * 104729) % 9000) + 1000)::decimal(38, 6) / 1000 as quantity,
"""

COLUMNS: dict[str, str] = {
    "AllocatedMethodDetails": "null::varchar",
    "AllocatedMethodId": "null::varchar",
    "AllocatedResourceId": "null::varchar",
    "AllocatedResourceName": "null::varchar",
    "AllocatedTags": "null::varchar",
    "AvailabilityZone": "case when r % 3 = 0 then 'eu-west-1' || chr(97 + (r % 3)::int) end",
    "BilledCost": "cost",
    "BillingAccountId": "'1000000000' || lpad((r % 20)::varchar, 2, '0')",
    "BillingAccountName": "'Account ' || (r % 20)",
    "BillingAccountType": "'Payer'",
    "BillingCurrency": "'USD'",
    "BillingPeriodEnd": "timestamp '2026-11-01'",
    "BillingPeriodStart": "timestamp '2026-10-01'",
    "CapacityReservationId": "null::varchar",
    "CapacityReservationStatus": "null::varchar",
    "ChargeCategory": "case when is_tax then 'Tax' when is_credit then 'Credit' else 'Usage' end",
    "ChargeClass": "null::varchar",
    "ChargeDescription": "'Charge for meter ' || (r % 120) || ', region eu-west-1'",
    "ChargeFrequency": "'Usage-Based'",
    "ChargePeriodEnd": "t0 + interval 1 hour",
    "ChargePeriodStart": "t0",
    "CommitmentDiscountCategory": "null::varchar",
    "CommitmentDiscountId": "null::varchar",
    "CommitmentDiscountName": "null::varchar",
    "CommitmentDiscountQuantity": "null::decimal(38, 6)",
    "CommitmentDiscountStatus": "null::varchar",
    "CommitmentDiscountType": "null::varchar",
    "CommitmentDiscountUnit": "null::varchar",
    "CommitmentProgramEligibilityDetails": "null::varchar",
    "ConsumedQuantity": "case when is_usage then quantity::decimal(38, 6) end",
    "ConsumedUnit": "case when is_usage then 'Hours' end",
    "ContractApplied": "null::varchar",
    "ContractedCost": "cost",
    "ContractedUnitPrice": "case when is_usage then price end",
    "EffectiveCost": "cost",
    "HostProviderName": "'Example Cloud'",
    "InvoiceDetailId": "'detail-' || (r % 40)",
    "InvoiceId": "'INV-2026-10-' || (r % 4)",
    "InvoiceIssuerName": "'Example Cloud Inc.'",
    "ListCost": "cost",
    "ListUnitPrice": "case when is_usage then price end",
    "PricingCategory": "case when is_usage then 'Standard' end",
    "PricingCurrency": "'USD'",
    "PricingCurrencyContractedUnitPrice": "case when is_usage then price end",
    "PricingCurrencyEffectiveCost": "cost",
    "PricingCurrencyListUnitPrice": "case when is_usage then price end",
    "PricingQuantity": "case when is_usage then quantity::decimal(38, 6) end",
    "PricingUnit": "case when is_usage then 'Hours' end",
    "RegionId": "'eu-west-1'",
    "RegionName": "'Europe (Ireland)'",
    "ResourceId": "'arn:example:resource/' || md5((i // 24)::varchar)",
    "ResourceName": "'resource-' || (i // 24)",
    "ResourceType": "'Instance'",
    "ServiceCategory": "case when r % 2 = 0 then 'Compute' else 'AI and Machine Learning' end",
    "ServiceName": "case when r % 2 = 0 then 'Example Compute' else 'Example AI' end",
    "ServiceProviderName": "'Example Cloud'",
    "ServiceSubcategory": "case when r % 2 = 0 then 'Virtual Machines' else 'Generative AI' end",
    "SkuId": "case when is_usage then 'sku-' || (r % 120) end",
    "SkuMeter": "case when is_usage then 'Meter ' || (r % 120) end",
    "SkuPriceDetails": (
        """case when is_usage then '{"InstanceType":"m' || (r % 120) || '","CoreCount":4}' end"""
    ),
    "SkuPriceId": "case when is_usage then 'sku-' || (r % 120) || '-standard' end",
    "SubAccountId": "'2000000000' || lpad((r % 60)::varchar, 2, '0')",
    "SubAccountName": "'Project ' || (r % 60)",
    "SubAccountType": "'Project'",
    "Tags": (
        """'{"team":"t' || (r % 30) || '","env":"' || case r % 2 when 0 then 'prod' else 'test' end || '"}'"""
    ),
}

# What broken cells of a column hold, one after the other. Columns not named here hold TEXT or take a null.
TEXT = ("''", "'n/a'", "' '", "null")
BROKEN: dict[str, tuple[str, ...]] = {
    "AvailabilityZone": ("''",),
    "BilledCost": ("null", "BilledCost + 1"),
    "BillingCurrency": ("'usd'", "'XXXX'", "null"),
    "BillingPeriodEnd": ("null", "BillingPeriodEnd + interval 1 day"),
    "BillingPeriodStart": ("null", "BillingPeriodEnd"),
    "CapacityReservationStatus": ("'used'",),
    "ChargeCategory": ("'usage'", "null"),
    "ChargeClass": ("'correction'",),
    "ChargeFrequency": ("'usage-based'", "null"),
    "ChargePeriodEnd": ("null", "ChargePeriodStart - interval 1 hour"),
    "ChargePeriodStart": ("null", "ChargePeriodStart - interval 1 year"),
    "CommitmentDiscountCategory": ("'spend'",),
    "CommitmentDiscountQuantity": ("-1",),
    "CommitmentDiscountStatus": ("'used'",),
    "CommitmentDiscountUnit": ("'hours per month'",),
    "CommitmentProgramEligibilityDetails": ("'{'", "'[1]'"),
    "ConsumedQuantity": ("null", "-1"),
    "ConsumedUnit": ("null", "'hours'", "'GB per month'"),
    "ContractApplied": ("'{\"Elements\":[]}'", "'{'"),
    "ContractedCost": ("null", "ContractedCost + 1"),
    "ContractedUnitPrice": ("null", "-1"),
    "EffectiveCost": ("null",),
    "ListCost": ("null", "ListCost - 1"),
    "ListUnitPrice": ("null", "-1"),
    "PricingCategory": ("null", "'standard'"),
    "PricingCurrency": ("'usd'", "null"),
    "PricingCurrencyContractedUnitPrice": ("null", "-1"),
    "PricingCurrencyEffectiveCost": ("null",),
    "PricingCurrencyListUnitPrice": ("null", "-1"),
    "PricingQuantity": ("null", "PricingQuantity + 7"),
    "PricingUnit": ("null", "'hours'", "'Hours per day'"),
    "ServiceCategory": ("'Computing'", "null"),
    "ServiceSubcategory": ("'Databases'", "null"),
    "SkuPriceDetails": ("'{broken'", """'{"coreCount":4}'""", "null"),
    "Tags": ("'[1]'", """'{"a":1,"a":2}'""", """'{"a":{"b":1}}'"""),
    **dict.fromkeys(("AllocatedMethodDetails", "AllocatedTags"), ("'{'", "''")),
    **dict.fromkeys(
        (
            "AllocatedMethodId",
            "AllocatedResourceId",
            "AllocatedResourceName",
            "CapacityReservationId",
            "CommitmentDiscountId",
            "CommitmentDiscountName",
            "CommitmentDiscountType",
        ),
        ("''", "'n/a'"),
    ),
}

NAMES_IN_1_2 = {"HostProviderName": "PublisherName", "ServiceProviderName": "ProviderName"}
"""Columns under the names that FOCUS 1.2 has for what they hold, for tools that check 1.2."""


def source_sql(rows: int, broken_percent: int) -> str:
    """The SELECT that makes ``rows`` rows; ``broken_percent`` of the cells of every column are broken."""
    select = ",\n".join(f'{expression} as "{name}"' for name, expression in COLUMNS.items())
    base = f"""
        with helpers as (select {HELPERS} from range({rows}) as t(i)),
        priced as (
            select *, not is_tax and not is_credit as is_usage,
                (1 + r % 120)::decimal(38, 6) / 100 as unit_price
            from helpers
        ),
        costed as (
            select *, unit_price::decimal(38, 6) as price,
                case when is_tax then 0.19 when is_credit then -0.5
                    else quantity::decimal(18, 6) * unit_price::decimal(18, 6) end::decimal(38, 12) as cost
            from priced
        )
        select i, {select} from costed
    """
    replacements = ",\n".join(
        f'{_broken_cell(name, number, broken_percent)} as "{name}"' for number, name in enumerate(COLUMNS)
    )
    return f"select * exclude (i) {f'replace ({replacements})' if broken_percent else ''} from ({base})"


def _broken_cell(name: str, number: int, percent: int) -> str:
    """The cell of a column, or what stands there instead in ``percent`` of the rows, drawn per column."""
    draw = f"hash(i, {number}) % 10000"
    values = BROKEN.get(name, TEXT)
    choices = " ".join(f"when {choice} then {value}" for choice, value in enumerate(values))
    return (
        f'case when {draw} < {percent * 100} then case {draw} % {len(values)} {choices} end else "{name}" end'
    )


def write(path: Path, rows: int, broken_percent: int = 0, names_in_1_2: bool = False) -> None:
    """Write ``rows`` rows to ``path`` (.parquet or .csv)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = true")
    renamed = ", ".join(f"{name} as {old}" for name, old in NAMES_IN_1_2.items())
    sql = (
        f"select * {f'rename ({renamed})' if names_in_1_2 else ''} from ({source_sql(rows, broken_percent)})"
    )
    if path.suffix == ".parquet":
        connection.execute(f"copy ({sql}) to '{path}' (format parquet, row_group_size 50000)")
        return
    times = ", ".join(
        f'strftime("{name}", \'%Y-%m-%dT%H:%M:%SZ\') as "{name}"'
        for name, expression in COLUMNS.items()
        if expression.startswith(("timestamp", "t0"))
    )
    connection.execute(f"copy (select * replace ({times}) from ({sql})) to '{path}' (format csv, header)")


def main() -> None:
    """Command line: ``python benchmarks/make_data.py FILE --rows N [--broken PERCENT] [--names-in-1-2]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--broken", type=int, default=0, help="percent of the cells of every column")
    parser.add_argument("--names-in-1-2", action="store_true", help="column names of FOCUS 1.2")
    arguments = parser.parse_args()
    write(arguments.path, arguments.rows, arguments.broken, arguments.names_in_1_2)


if __name__ == "__main__":
    main()
