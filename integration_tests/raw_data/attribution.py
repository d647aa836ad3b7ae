"""The company's own attribution tables: customers, the names others know them by, agents, and rules."""

from __future__ import annotations

from collections.abc import Iterator

from . import company as c
from . import decisions
from .clock import at, iso
from .company import ANTHROPIC, OPENAI, Company, Customer
from .rng import hex_id
from .tables import Row, Table

COST_OF_REVENUE, RESEARCH_COST, SALES_COST = "CostOfRevenue", "ResearchAndDevelopment", "SalesAndMarketing"
_SINCE = iso(at(2026, 1, 1))
_RECORDED = iso(at(2026, 1, 12, 9))
_NO_END = None

# Keys of one customer each: key -> (customer, product line, agent, cost center)
_DEDICATED = {
    "key_c01_prod": ("cust_001", "docs", "agent_contract", "CC-420"),
    "key_c01_batch": ("cust_001", "docs", "agent_invoice", "CC-420"),
    "key_c02_prod": ("cust_002", "assist", "agent_reply", "CC-410"),
    "key_c05_prod": ("cust_005", "docs", "agent_contract", "CC-420"),
    "key_c05_batch": ("cust_005", "docs", "agent_invoice", "CC-420"),
    "key_c10_prod": ("cust_010", "code", "agent_review", "CC-430"),
    "key_c11_prod": ("cust_011", "code", "agent_review", "CC-430"),
    "key_c13_prod": ("cust_013", "code", "agent_review", "CC-430"),
    "key_c13_batch": ("cust_013", "code", "agent_tests", "CC-430"),
    "key_c20_prod": ("cust_020", "assist", "agent_reply", "CC-410"),
    "key_c21_prod": ("cust_021", "docs", "agent_contract", "CC-420"),
    "key_c21_batch": ("cust_021", "docs", "agent_invoice", "CC-420"),
    "apikey_c01": ("cust_001", "docs", "agent_contract", "CC-420"),
    "apikey_c03_prod": ("cust_003", "docs", "agent_contract", "CC-420"),
    "apikey_c03_batch": ("cust_003", "docs", "agent_invoice", "CC-420"),
    "apikey_c04_chat": ("cust_004", "assist", "agent_reply", "CC-410"),
    "apikey_c04_notes": ("cust_004", "assist", "agent_summary", "CC-410"),
    "apikey_c06_prod": ("cust_006", "assist", "agent_reply", "CC-410"),
    "apikey_c06_batch": ("cust_006", "assist", "agent_summary", "CC-410"),
    "apikey_pool_1": ("cust_002", "assist", "agent_triage", "CC-410"),
    "apikey_pool_2": ("cust_010", "code", "agent_tests", "CC-430"),
}
# Keys that changed hands: key -> (moment, before, after, product line, agent, cost center)
_CHANGED = {
    "key_pool_07": (c.POOL_07_CHANGES_AT, *c.POOL_07_OWNERS, "assist", "agent_triage", "CC-410"),
    "key_pool_08": (c.POOL_08_CHANGES_AT, *c.POOL_08_OWNERS, "docs", "agent_invoice", "CC-420"),
}
# Customers of the gateway, by the end user their calls carry.
_GATEWAY_CUSTOMERS = (c.KESTREL, *(f"cust_{n:03d}" for n in (5, 8, 9, 12, 14, 15, 16, 17, 18, 19, 22)))
_CREDENTIAL_WITHOUT_RULE = "apikey_pool_2"


def tables(company: Company) -> Iterator[Table]:
    """The tables of the attribution source."""
    yield Table(
        "attribution",
        "customers",
        "customer_id customer_name segment is_internal currency recorded_at",
        (
            (x.customer_id, x.name, x.segment, "true" if x.is_internal else "false", x.currency, _RECORDED)
            for x in company.customers
        ),
    )
    yield Table(
        "attribution",
        "customer_identifiers",
        "customer_id identifier_type identifier effective_from effective_to recorded_at",
        _identifiers(company),
    )
    if company.replica == 0:
        yield Table(
            "attribution",
            "agents",
            "agent_id agent_name product_line workflow_id cost_center recorded_at",
            ((*agent, _RECORDED) for agent in c.AGENTS),
        )
    yield Table(
        "attribution",
        "attribution_rules",
        "rule_id priority match_type match_value source_relation customer_id product_line "
        "agent_id workflow_id cost_center cost_class effective_from effective_to recorded_at",
        _rules(company),
    )
    if company.replica == 0:
        yield from decisions.tables()


def billing_customer(customer: Customer) -> str:
    """The customer's id in the billing system."""
    return "cus_" + hex_id("stripe customer", customer.customer_id, length=14)


def _identifiers(company: Company) -> Iterator[Row]:
    def known(
        customer: str, kind: str, identifier: str, start: str = _SINCE, end: str | None = _NO_END
    ) -> Row:
        return (company.id(customer), kind, identifier, start, end, _RECORDED)

    for customer in company.customers:
        if not customer.is_internal:
            yield (
                customer.customer_id,
                "billing_system",
                billing_customer(customer),
                _SINCE,
                None,
                _RECORDED,
            )
    renamed_at = iso(at(2026, 9, 1))
    for name in (*_GATEWAY_CUSTOMERS, c.SUPPORT):
        slug = company.id("eu_" + name.removeprefix("cust_"))
        yield known(name, "end_user", slug, renamed_at if name == "cust_012" else _SINCE)
    yield known("cust_012", "end_user", company.id("pinecrest-foods"), _SINCE, renamed_at)
    for name in _GATEWAY_CUSTOMERS:
        yield known(name, "tenant", company.id(name.removeprefix("cust_")))
    for key, (name, *_) in _DEDICATED.items():
        yield known(name, "credential", company.id(key))
    yield known(c.SUPPORT, "credential", company.id("key_support"))


def _rules(company: Company) -> Iterator[Row]:
    def rule(
        rule_id: str,
        priority: int,
        match: tuple[str, str],
        source: str | None = None,
        customer: str | None = None,
        line: str | None = None,
        agent: str | None = None,
        workflow: str | None = None,
        center: str | None = None,
        cost_class: str = COST_OF_REVENUE,
        start: str = _SINCE,
        end: str | None = None,
        recorded: str = _RECORDED,
    ) -> Row:
        return (
            company.id(rule_id),
            str(priority),
            *match,
            source,
            customer and company.id(customer),
            line,
            agent,
            workflow,
            center,
            cost_class,
            start,
            end,
            recorded,
        )

    def source_of(key: str) -> str:
        return ANTHROPIC if key.startswith("apikey") else OPENAI

    workflows = {agent[0]: agent[3] for agent in c.AGENTS}
    # The end user of a gateway call says whose it is; the agent's own row says what for.
    for name in _GATEWAY_CUSTOMERS:
        slug = "eu_" + name.removeprefix("cust_")
        yield rule(f"ar_end_user_{name[-3:]}", 10, ("end_user", company.id(slug)), None, name)
    for key, (name, line, agent, center) in _DEDICATED.items():
        if key == _CREDENTIAL_WITHOUT_RULE:
            continue  # the crosswalk alone knows it, and not what for
        match = ("credential", company.id(key))
        yield rule(f"ar_{key}", 20, match, source_of(key), name, line, agent, workflows[agent], center)
    for key, (moment, before, after, line, agent, center) in _CHANGED.items():
        match, workflow = ("credential", company.id(key)), workflows[agent]
        changed, told = iso(moment), iso(moment - 3 * 86_400)
        yield rule(f"ar_{key}_1", 20, match, OPENAI, before, line, agent, workflow, center, end=changed)
        yield rule(
            f"ar_{key}_2",
            20,
            match,
            OPENAI,
            after,
            line,
            agent,
            workflow,
            center,
            start=changed,
            recorded=told,
        )
    # Claimed after the close of August, back to its first day: August stays as closed, the drift shows it.
    yield rule(
        "ar_key_legacy_b",
        20,
        ("credential", company.id("key_legacy_b")),
        OPENAI,
        "cust_016",
        "docs",
        "agent_invoice",
        "wf_payables",
        "CC-420",
        recorded=iso(at(2026, 9, 21, 11)),
    )
    internal = (
        (
            "ar_key_eval",
            20,
            ("credential", "key_eval"),
            OPENAI,
            c.EVALUATION,
            "agent_eval",
            RESEARCH_COST,
            "CC-910",
        ),
        (
            "ar_apikey_eval",
            20,
            ("credential", "apikey_eval"),
            ANTHROPIC,
            c.EVALUATION,
            "agent_eval",
            RESEARCH_COST,
            "CC-910",
        ),
        ("ar_key_support", 20, ("credential", "key_support"), OPENAI, c.SUPPORT, None, SALES_COST, "CC-510"),
        (
            "ar_proj_research",
            30,
            ("sub_account", "proj_research"),
            OPENAI,
            c.RESEARCH,
            None,
            RESEARCH_COST,
            "CC-900",
        ),
        (
            "ar_proj_sandbox",
            30,
            ("sub_account", "proj_sandbox"),
            OPENAI,
            c.RESEARCH,
            None,
            RESEARCH_COST,
            "CC-900",
        ),
        (
            "ar_wrkspc_research",
            30,
            ("sub_account", "wrkspc_research"),
            ANTHROPIC,
            c.RESEARCH,
            None,
            RESEARCH_COST,
            "CC-900",
        ),
        (
            "ar_wrkspc_eval",
            30,
            ("sub_account", "wrkspc_eval"),
            ANTHROPIC,
            c.EVALUATION,
            "agent_eval",
            RESEARCH_COST,
            "CC-910",
        ),
        ("ar_team_support", 15, ("team", "team_support"), None, c.SUPPORT, None, SALES_COST, "CC-510"),
        (
            "ar_team_eval",
            15,
            ("team", "team_eval"),
            None,
            c.EVALUATION,
            "agent_eval",
            RESEARCH_COST,
            "CC-910",
        ),
        ("ar_tag_eval", 12, ("tag", "env:eval"), None, c.EVALUATION, "agent_eval", RESEARCH_COST, "CC-910"),
        ("ar_tag_demo", 12, ("tag", "env:demo"), None, c.SUPPORT, None, SALES_COST, "CC-510"),
    )
    shared = ("team_support", "team_eval", "env:eval", "env:demo")
    for rule_id, priority, (kind, value), source, name, agent, cost_class, center in internal:
        match = (kind, value if value in shared else company.id(value))
        if value in shared and company.replica:
            continue  # the same in every replica; the first one's stands
        yield rule(rule_id, priority, match, source, name, None, agent, None, center, cost_class)
    # The whole project or workspace of a customer, for keys made later.
    for account, name, line, center in (
        ("proj_c01", "cust_001", "docs", "CC-420"),
        ("proj_c05", "cust_005", "docs", "CC-420"),
        ("proj_emea_c20", "cust_020", "assist", "CC-410"),
        ("wrkspc_c03", "cust_003", "docs", "CC-420"),
        ("wrkspc_c04", "cust_004", "assist", "CC-410"),
    ):
        source = ANTHROPIC if account.startswith("wrkspc") else OPENAI
        yield rule(
            f"ar_{account}", 30, ("sub_account", company.id(account)), source, name, line, center=center
        )
    # What an agent does is known even where nobody knows for whom.
    if company.replica == 0:
        for agent, _name, line, workflow, center in c.AGENTS:
            cost_class = RESEARCH_COST if agent == "agent_eval" else COST_OF_REVENUE
            yield rule(
                f"ar_{agent}", 40, ("agent", agent), None, None, line, agent, workflow, center, cost_class
            )
