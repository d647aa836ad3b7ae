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

# What a broken cell holds, by column: every kind of check meets some.
BROKEN: dict[str, str] = {
    "BilledCost": "null",
    "BillingCurrency": "'usd'",
    "ChargeCategory": "'usage'",
    "ConsumedQuantity": "null",
    "ContractedCost": "ContractedCost + 1",
    "InvoiceIssuerName": "null",
    "ListUnitPrice": "-1",
    "PricingUnit": "null",
    "ServiceCategory": "'Computing'",
    "SkuPriceDetails": "'{broken'",
    "SubAccountId": "null",
    "Tags": "'[1]'",
}


def source_sql(rows: int, broken_percent: int) -> str:
    """The SELECT that makes ``rows`` rows; ``broken_percent`` of the cells of BROKEN's columns are broken."""
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
        select {select} from costed
    """
    if not broken_percent:
        return base
    replacements = ",\n".join(
        f"case when (row_number() over () * {7 + 6 * n}) % 100 < {broken_percent}"
        f' then {value} else "{name}" end as "{name}"'
        for n, (name, value) in enumerate(BROKEN.items())
    )
    return f"select * replace ({replacements}) from ({base})"


def write(path: Path, rows: int, broken_percent: int = 0) -> None:
    """Write ``rows`` rows to ``path`` (.parquet or .csv)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = true")
    sql = source_sql(rows, broken_percent)
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
    """Command line: ``python benchmarks/make_data.py FILE --rows N [--broken PERCENT]``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--broken", type=int, default=0, help="percent of the broken columns' cells")
    arguments = parser.parse_args()
    write(arguments.path, arguments.rows, arguments.broken)


if __name__ == "__main__":
    main()
