"""Cases that random cells seldom hit: headers, groups, other physical types."""

from __future__ import annotations

from random import Random

from . import corpus, reference
from .conforming import TextRow, conforming
from .evaluator import Verdict, evaluate
from .fuzz import Case, whole


def cases(dataset: str) -> list[Case]:
    """Missing columns, custom columns, another order, repeated rows and keys."""
    names = sorted(reference.columns_of(dataset))
    rows = conforming(dataset, Random(dataset), 40)
    middle = len(names) // 2
    custom = [*names, *corpus.CUSTOM_NAMES]
    return [
        whole(dataset, rows),
        whole(dataset, rows, names[:middle]),
        whole(dataset, rows, names[middle:]),
        whole(dataset, rows, names[::-1]),
        whole(dataset, with_custom_cells(rows), custom),
        whole(dataset, [{**row, "x_Team": "Blue"} for row in rows], [*names, "x_Team"]),
        whole(dataset, [*rows, rows[0], rows[3 % len(rows)], rows[0]]),
        whole(dataset, colliding(dataset, rows)),
    ]


def with_custom_cells(rows: list[TextRow]) -> list[TextRow]:
    values = ("", "N/A", "text", None)
    return [
        {**row, **{name: values[(number + at) % 4] for at, name in enumerate(corpus.CUSTOM_NAMES)}}
        for number, row in enumerate(rows)
    ]


def colliding(dataset: str, rows: list[TextRow]) -> list[TextRow]:
    """Rows that share an id which should be theirs alone, or point to nowhere."""
    changed = [dict(row) for row in rows]
    if dataset == "InvoiceDetail":
        for row in changed[1:6]:
            row.update(
                {name: changed[0][name] for name in ("InvoiceIssuerName", "InvoiceId", "InvoiceDetailId")}
            )
        changed[7].update(ReferenceInvoiceId="nowhere", PaymentCurrencyInvoiceDetailId="nowhere")
    if dataset == "ContractCommitment":
        for number, row in enumerate(changed[:9]):
            row.update(ContractCommitmentId=f"shared-{number % 2}", ContractId=f"contract-{number % 3}")
    if dataset == "CostAndUsage":
        for number, row in enumerate(changed[:30]):
            row.update(
                SkuPriceId=f"price-{number % 4}", SkuId=f"sku-{number % 3}", ServiceName=f"S{number % 4}"
            )
        changed[31].update(Tags='{"team": "a"}', AllocatedTags='{"team": "a"}')
    return changed


def numbers_for_text(dataset: str) -> dict[str, Verdict]:
    """The verdicts on a table whose String columns hold integers."""
    names = sorted(reference.columns_of(dataset))
    texts = [name for name in names if reference.columns_of(dataset)[name].data_type == "String"]
    rows = [dict.fromkeys(names) | dict.fromkeys(texts, number) for number in range(3)]
    types = dict.fromkeys(names, "string") | dict.fromkeys(texts, "integer")
    return evaluate(names, rows, dataset, whole(dataset, []).supports, types=types)
