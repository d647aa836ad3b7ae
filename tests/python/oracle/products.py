"""ColumnByColumnEqualsColumnValue: a product of two columns against a third, with the stated tolerance."""

from __future__ import annotations

from .numeric import decimals_written, floats_match, number_of, product_matches
from .table import Row, Table, text_of

MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def product_passes(a: str, b: str, result: str, row: Row, table: Table) -> bool:
    left, right, wanted = number_of(row[a]), number_of(row[b]), number_of(row[result])
    if left is None or right is None or wanted is None:
        return True
    if "floating" in {table.physical(name) for name in (a, b, result)}:
        return floats_match(left, right, wanted, table.tolerance)
    return product_matches(left, right, wanted, decimals_of(row, result, table), table.tolerance)


def decimals_of(row: Row, result: str, table: Table) -> int:
    if table.physical(result) == "decimal":
        return table.scales[result]
    currency = row.get("BillingCurrency")
    minor = 2 if currency is None else MINOR_UNITS.get(text_of(currency), 2)
    value = row[result]
    return max(decimals_written(value) if isinstance(value, str) else 0, minor)
