"""The package's generic data tests: each passes on what holds and fails on what does not."""

from __future__ import annotations

import json

import pytest

from .dbt_server import run_dbt
from .project import REPOSITORY, macros_alone

pytestmark = pytest.mark.slow

CHARGES = """
select * from (values
    ('openai', 'org-1', 'OpenAI', 'USD', date '2026-01-01', cast(0.1 as decimal(38, 12)), 3),
    ('openai', 'org-1', 'OpenAI', 'USD', date '2026-01-01', cast(0.2 as decimal(38, 12)), 4),
    ('openai', 'org-2', 'OpenAI', null, date '2026-01-01', cast(0.2 as decimal(38, 12)), 4)
) as t (
    source_relation, billing_account_id, invoice_issuer_name, billing_currency, billing_period_start,
    cost, quantity
)
"""
FOCUS = """
select * from (values
    ('openai', 'org-1', 'OpenAI', 'USD', date '2026-01-01', cast(0.3 as decimal(38, 12)), 7),
    ('openai', 'org-2', 'OpenAI', null, date '2026-01-01', cast(0.2 as decimal(38, 12)), 5)
) as t (
    "x_SourceRelation", "BillingAccountId", "InvoiceIssuerName", "BillingCurrency", "BillingPeriodStart",
    "BilledCost", quantity
)
"""
GRANTS = """
select * from (values
    ('openai', 'org-1', 'USD', 'a', timestamp '2026-03-01', timestamp '2026-04-01'),
    ('openai', 'org-1', 'USD', 'b', timestamp '2026-02-01', timestamp '2026-05-01'),
    ('openai', 'org-1', 'USD', 'c', timestamp '2026-01-01', timestamp '2026-06-01'),
    ('openai', 'org-2', 'USD', 'd', timestamp '2026-01-01', timestamp '2026-06-01')
) as t (source_relation, billing_account_id, billing_currency, grant_id, available_from, available_until)
"""
TOTALS = """
select * from (values
    ('org-1', cast(0.3 as decimal(38, 12))),
    ('org-2', null)
) as t (billing_account_id, cost)
"""
TOTAL_COST = {"compare_model": "ref('totals')", "metrics": ["cost"], "key": ["billing_account_id"]}
FOCUS_COST = {
    "compare_model": "ref('focus')",
    "metrics": ["cost"],
    "compare_metrics": ['"BilledCost"'],
    "compare_key": "focus",
}
CASES = {
    "conserves_same_sums": ("charges", "focus_ai_conserves", FOCUS_COST, True),
    "conserves_one_metric_differs": (
        "charges",
        "focus_ai_conserves",
        FOCUS_COST | {"metrics": ["cost", "quantity"], "compare_metrics": ['"BilledCost"', "quantity"]},
        False,
    ),
    "conserves_grand_total": (
        "charges",
        "focus_ai_conserves",
        FOCUS_COST | {"key": [], "compare_key": []},
        True,
    ),
    "conserves_group_in_one_model_only": (
        "charges",
        "focus_ai_conserves",
        FOCUS_COST | {"row_condition": "billing_account_id = 'org-1'"},
        False,
    ),
    "conserves_same_rows_of_both": (
        "charges",
        "focus_ai_conserves",
        FOCUS_COST
        | {
            "row_condition": "billing_account_id = 'org-1'",
            "compare_row_condition": "\"BillingAccountId\" = 'org-1'",
        },
        True,
    ),
    "unique_key_holds": (
        "charges",
        "focus_ai_unique_key",
        {"columns": ["source_relation", "billing_account_id", "cost"]},
        True,
    ),
    "unique_key_repeats": (
        "charges",
        "focus_ai_unique_key",
        {"columns": ["source_relation", "billing_account_id"]},
        False,
    ),
    "unique_key_of_nulls_repeats": (
        "charges",
        "focus_ai_unique_key",
        {"columns": ["case when billing_account_id = 'org-1' then null else 1 end"]},
        False,
    ),
    "adds_up_and_an_unknown_total_says_nothing": ("charges", "focus_ai_adds_up_to", TOTAL_COST, True),
    "adds_up_differs": (
        "charges",
        "focus_ai_adds_up_to",
        TOTAL_COST | {"metrics": ["quantity"], "compare_metrics": ["cost"]},
        False,
    ),
    "adds_up_unknown_part_of_a_known_total": (
        "charges",
        "focus_ai_adds_up_to",
        TOTAL_COST | {"metrics": ["case when quantity = 4 then cost end"], "compare_metrics": ["cost"]},
        False,
    ),
    "adds_up_group_without_a_total": (
        "charges",
        "focus_ai_adds_up_to",
        TOTAL_COST | {"compare_model": "ref('grants')", "compare_metrics": ["0"]},
        False,
    ),
    "layers_suffice": ("grants", "focus_ai_layers_suffice", {"layers": 3}, True),
    "layers_do_not_suffice": ("grants", "focus_ai_layers_suffice", {"layers": 2}, False),
}


@pytest.fixture(scope="module")
def statuses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Status of each case after one `dbt build`."""
    pytest.importorskip("dbt.include.duckdb", reason="needs dbt-duckdb")
    project = macros_alone(tmp_path_factory.mktemp("generic_tests"))
    (project / "tests").mkdir()
    (project / "tests/generic").symlink_to(REPOSITORY / "tests/dbt/generic")
    models = project / "models"
    for name, sql in {"charges": CHARGES, "focus": FOCUS, "grants": GRANTS, "totals": TOTALS}.items():
        (models / f"{name}.sql").write_text(sql)
    by_model: dict[str, list[object]] = {}
    for name, (model, test, arguments, _) in CASES.items():
        by_model.setdefault(model, []).append({test: {"name": name, "arguments": arguments}})
    described = {"models": [{"name": model, "data_tests": tests} for model, tests in by_model.items()]}
    (models / "models.yml").write_text(json.dumps(described))
    run_dbt(project, ["--quiet", "build"])
    results = json.loads((project / "target/run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2]: result["status"] for result in results}


@pytest.mark.parametrize("name", CASES)
def test_generic_test_tells_what_holds(statuses: dict[str, str], name: str) -> None:
    assert statuses[name] == ("pass" if CASES[name][-1] else "fail")
