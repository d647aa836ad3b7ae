"""Who there is: customers, agents, provider accounts, keys, and the steady traffic of each key.

`Company(replica)` is one company with its own accounts, customers and keys; replicas multiply the data for
benchmarks and share nothing but the agents, so each is as consistent as the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import at
from .prices import GPT5, GPT5_MINI, GPT55, HAIKU, SONNET
from .rng import hex_id

OPENAI, ANTHROPIC = "openai", "anthropic"
KESTREL = "cust_007"
TRIAL = "cust_019"
EVALUATION, RESEARCH, SUPPORT = "cust_023", "cust_024", "cust_025"


@dataclass(frozen=True)
class Customer:
    """A buyer, or a team of the company itself; `margin` is what the price list aims at, in percent."""

    customer_id: str
    name: str
    segment: str
    currency: str
    product_line: str
    margin: int
    calls_a_day: int = 0  # through the gateway
    is_internal: bool = False


# id, name, segment, currency, product line, aimed margin, gateway calls on a working day
_CUSTOMERS = (
    ("cust_001", "Alder & Birch Insurance", "enterprise", "USD", "docs", 74, 0),
    ("cust_002", "Bluewater Retail", "enterprise", "USD", "assist", 71, 0),
    ("cust_003", "Corvid Analytics", "enterprise", "USD", "docs", 78, 0),
    ("cust_004", "Dovetail Health", "enterprise", "USD", "assist", 66, 0),
    ("cust_005", "Elmstead Bank", "enterprise", "USD", "docs", 72, 26),
    ("cust_006", "Fernhill Media", "mid-market", "USD", "assist", 69, 0),
    (KESTREL, "Kestrel Logistics", "mid-market", "USD", "docs", 88, 122),
    ("cust_008", "Larkspur Hotels", "mid-market", "USD", "assist", 76, 48),
    ("cust_009", "Marlow Legal", "mid-market", "USD", "docs", 73, 41),
    ("cust_010", "Northgate Energy", "enterprise", "USD", "code", 68, 0),
    ("cust_011", "Osprey Software", "mid-market", "USD", "code", 64, 0),
    ("cust_012", "Pinecrest Foods", "mid-market", "USD", "assist", 75, 46),
    ("cust_013", "Quarry Games", "mid-market", "USD", "code", 70, 0),
    ("cust_014", "Redwood Schools", "small", "USD", "assist", 77, 39),
    ("cust_015", "Sandpiper Travel", "small", "USD", "assist", 79, 37),
    ("cust_016", "Thistle & Co", "small", "USD", "docs", 67, 33),
    ("cust_017", "Umbra Design", "small", "USD", "code", 62, 30),
    ("cust_018", "Verity Audit", "small", "USD", "docs", 65, 28),
    (TRIAL, "Wren Studio", "trial", "USD", "assist", 0, 22),
    ("cust_020", "Aachener Maschinenbau", "enterprise", "EUR", "assist", 73, 0),
    ("cust_021", "Bruckner Verlag", "mid-market", "EUR", "docs", 70, 0),
    ("cust_022", "Yamato Shoji", "mid-market", "JPY", "code", 72, 33),
)
_TEAMS = (
    (EVALUATION, "Evaluation (internal)", "assist", 12),
    (RESEARCH, "Research (internal)", "assist", 0),
    (SUPPORT, "Support and demos (internal)", "assist", 14),
)
# id, name, product line, workflow, cost center
AGENTS = (
    ("agent_triage", "Ticket triage", "assist", "wf_inbox", "CC-410"),
    ("agent_reply", "Reply writer", "assist", "wf_inbox", "CC-410"),
    ("agent_summary", "Conversation summary", "assist", "wf_wrapup", "CC-410"),
    ("agent_contract", "Contract reader", "docs", "wf_contracts", "CC-420"),
    ("agent_invoice", "Invoice reader", "docs", "wf_payables", "CC-420"),
    ("agent_review", "Code reviewer", "code", "wf_pull_request", "CC-430"),
    ("agent_tests", "Test writer", "code", "wf_pull_request", "CC-430"),
    ("agent_eval", "Evaluation harness", None, "wf_nightly_eval", "CC-910"),
)


@dataclass(frozen=True)
class Stream:
    """Steady traffic of one key with one model. Token figures are per request; OpenAI's cache writes are `write_5m`."""

    provider: str
    account: str
    sub_account: str | None
    key: str | None
    model: str
    tier: str
    requests: int  # a working day, all principals together
    uncached: int
    read: int
    write_5m: int
    write_1h: int
    output: int
    principals: tuple[str | None, ...] = (None,)
    owner: str | None = None  # the customer it works for; None: nobody can be charged
    weekend: int = 400  # per mille of a working day
    start: int = 0
    end: int = 1 << 62
    web_searches: int = 0  # per mille of requests
    hours: tuple[int, int] = (7, 18)  # for accounts pulled by the hour
    free: bool = False  # free tier: usage without money
    separated: bool = True  # the bill has a line per token class


@dataclass
class Company:
    """Everything that has an id in one replica."""

    replica: int = 0
    suffix: str = field(init=False)

    def __post_init__(self) -> None:
        self.suffix = f"_r{self.replica}" if self.replica else ""
        self.main = "org-8fGmQ2Lx7KpWz1Rt" + self.suffix
        self.emea = "org-Vd3NyB6hTc9JeS4u" + self.suffix
        self.claude = "5b0f4a52-1d3c-4e8a-9c57-2f6e0d9a7b14" + self.suffix
        self.customers = [
            Customer(self.id(c), n, segment, currency, line, margin, calls)
            for c, n, segment, currency, line, margin, calls in _CUSTOMERS
        ] + [Customer(self.id(c), n, "internal", "USD", line, 0, calls, True) for c, n, line, calls in _TEAMS]
        # id -> (name, account); id -> (name, project, owner kind)
        self.projects = {
            self.id(i): (name, self.emea if i.startswith("proj_emea") else self.main)
            for i, name in _PROJECTS.items()
        }
        self.openai_keys = {
            self.id(i): (name, self.id(project), owner) for i, (name, project, owner) in _OPENAI_KEYS.items()
        }
        self.workspaces = {self.id(i): name for i, name in _WORKSPACES.items()}
        self.claude_keys = {
            self.id(i): (name, workspace and self.id(workspace))
            for i, (name, workspace) in _CLAUDE_KEYS.items()
        }

    def id(self, name: str) -> str:
        """The id of this replica for a name."""
        return name + self.suffix

    def gateway_key(self, customer_id: str) -> str:
        """Hash of the gateway's own key that a customer's calls carry."""
        return hex_id("gateway key", customer_id, length=64)

    def deployment(self, provider: str, product_line: str, model: str) -> str:
        """The gateway's deployment of a model, one a product line."""
        return hex_id("deployment", provider, product_line, model, self.suffix, length=32)

    def credential(self, provider: str, product_line: str) -> str:
        """The provider's key that a product line's deployments use."""
        return self.id(f"key_gw_{product_line}" if provider == OPENAI else f"apikey_gw_{product_line}")


_PROJECTS = {
    "proj_gateway": "gateway-production",
    "proj_c01": "alder-birch",
    "proj_c02": "bluewater",
    "proj_c05": "elmstead",
    "proj_c10": "northgate",
    "proj_c11": "osprey",
    "proj_c13": "quarry",
    "proj_pool": "shared-pool",
    "proj_research": "research",
    "proj_eval": "evaluation",
    "proj_sandbox": "sandbox-data-sharing",
    "proj_support": "support-demos",
    "proj_default": "Default project",
    "proj_emea_c20": "aachener",
    "proj_emea_c21": "bruckner",
    "proj_emea_batch": "bruckner-archive",
}
_OPENAI_KEYS = {
    "key_gw_assist": ("gateway assist", "proj_gateway", "service_account"),
    "key_gw_docs": ("gateway docs", "proj_gateway", "service_account"),
    "key_gw_code": ("gateway code", "proj_gateway", "service_account"),
    "key_c01_prod": ("alder prod", "proj_c01", "service_account"),
    "key_c01_batch": ("alder nightly batch", "proj_c01", "service_account"),
    "key_c02_prod": ("bluewater prod", "proj_c02", "service_account"),
    "key_c05_prod": ("elmstead prod", "proj_c05", "service_account"),
    "key_c05_batch": ("elmstead batch", "proj_c05", "service_account"),
    "key_c10_prod": ("northgate prod", "proj_c10", "service_account"),
    "key_c11_prod": ("osprey prod", "proj_c11", "service_account"),
    "key_c13_prod": ("quarry prod", "proj_c13", "service_account"),
    "key_c13_batch": ("quarry batch", "proj_c13", "service_account"),
    "key_pool_07": ("pool 07", "proj_pool", "service_account"),
    "key_pool_08": ("pool 08", "proj_pool", "service_account"),
    "key_research_1": ("research notebooks", "proj_research", "user"),
    "key_research_2": ("research jobs", "proj_research", "service_account"),
    "key_eval": ("nightly evaluation", "proj_eval", "service_account"),
    "key_sandbox": ("sandbox", "proj_sandbox", "user"),
    "key_support": ("support and demos", "proj_support", "service_account"),
    "key_legacy_a": ("legacy do not use", "proj_default", "user"),
    "key_legacy_b": ("old crawler", "proj_default", "user"),
    "key_c20_prod": ("aachener prod", "proj_emea_c20", "service_account"),
    "key_c21_prod": ("bruckner prod", "proj_emea_c21", "service_account"),
    "key_c21_batch": ("bruckner archive", "proj_emea_batch", "service_account"),
}
_WORKSPACES = {
    "wrkspc_gateway": "Gateway",
    "wrkspc_c01": "Alder & Birch",
    "wrkspc_c03": "Corvid",
    "wrkspc_c04": "Dovetail",
    "wrkspc_c06": "Fernhill",
    "wrkspc_pool": "Shared pool",
    "wrkspc_research": "Research",
    "wrkspc_eval": "Evaluation",
}
_CLAUDE_KEYS = {
    "apikey_gw_assist": ("gateway assist", "wrkspc_gateway"),
    "apikey_gw_docs": ("gateway docs", "wrkspc_gateway"),
    "apikey_gw_code": ("gateway code", "wrkspc_gateway"),
    "apikey_c01": ("alder", "wrkspc_c01"),
    "apikey_c03_prod": ("corvid prod", "wrkspc_c03"),
    "apikey_c03_batch": ("corvid batch", "wrkspc_c03"),
    "apikey_c04_chat": ("dovetail chat", "wrkspc_c04"),
    "apikey_c04_notes": ("dovetail notes", "wrkspc_c04"),
    "apikey_c06_prod": ("fernhill prod", "wrkspc_c06"),
    "apikey_c06_batch": ("fernhill batch", "wrkspc_c06"),
    "apikey_pool_1": ("pool 1", "wrkspc_pool"),
    "apikey_pool_2": ("pool 2", "wrkspc_pool"),
    "apikey_research_1": ("research notebooks", "wrkspc_research"),
    "apikey_research_2": ("research jobs", "wrkspc_research"),
    "apikey_eval": ("nightly evaluation", "wrkspc_eval"),
    "apikey_legacy": ("first key", None),
}

# The keys that change hands: one at midnight, one at noon, in the middle of a daily bucket.
POOL_07_CHANGES_AT = at(2026, 8, 17)
POOL_08_CHANGES_AT = at(2026, 9, 16, 12)
POOL_07_OWNERS = ("cust_008", "cust_012")
POOL_08_OWNERS = ("cust_009", "cust_018")
GPT55_RELEASED_AT = at(2026, 9, 8)

_RESEARCHERS = ("user-4kTzRae1", "user-9mQwLbo2", "user-2hVxCid3")
_SCIENTISTS = ("user_01ResearchAna", "user_01ResearchBo", "user_01ResearchCy", "user_01ResearchDi")


def _pods(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"svac_{name}_{letter}" for letter in "abcd"[:count])


def streams(company: Company) -> list[Stream]:
    """The traffic that goes to the providers directly, past the gateway."""
    return [*_openai_streams(company), *_emea_streams(company), *_claude_streams(company)]


def _openai_streams(company: Company) -> list[Stream]:
    def stream(project, key, model, requests, sizes, owner=None, tier="standard", **options) -> Stream:
        return Stream(
            OPENAI,
            company.main,
            project and company.id(project),
            key and company.id(key),
            model,
            tier,
            requests,
            *sizes,
            owner=owner and company.id(owner),
            **options,
        )

    # sizes: uncached, cache read, cache write, -, output
    return [
        stream(
            "proj_c01", "key_c01_prod", GPT5, 2100, (4200, 9800, 0, 0, 900), "cust_001", web_searches=40
        ),
        stream("proj_c01", "key_c01_batch", GPT5_MINI, 5200, (9000, 3000, 0, 0, 700), "cust_001", "batch"),
        stream(
            "proj_c02", "key_c02_prod", GPT5, 1500, (2600, 7400, 0, 0, 650), "cust_002", weekend=900, web_searches=30
        ),
        stream("proj_c02", "key_c02_prod", GPT5_MINI, 9400, (1800, 5200, 0, 0, 350), "cust_002", weekend=900),
        stream("proj_c05", "key_c05_prod", GPT5, 1900, (5200, 11800, 0, 0, 1100), "cust_005"),
        stream(
            "proj_c05",
            "key_c05_prod",
            GPT55,
            420,
            (5600, 9000, 2400, 0, 1200),
            "cust_005",
            start=GPT55_RELEASED_AT,
        ),
        stream("proj_c05", "key_c05_prod", GPT5_MINI, 1700, (2800, 4200, 0, 0, 500), "cust_005"),
        stream("proj_c05", "key_c05_batch", GPT5, 2600, (8200, 2400, 0, 0, 800), "cust_005", "batch"),
        stream("proj_c10", "key_c10_prod", GPT5, 1150, (9000, 15000, 0, 0, 2100), "cust_010"),
        stream("proj_c10", "key_c10_prod", GPT5_MINI, 2400, (4000, 6000, 0, 0, 800), "cust_010"),
        stream(
            "proj_c10", "key_c10_prod", GPT55, 110, (6000, 9000, 2000, 0, 1900), "cust_010", start=GPT55_RELEASED_AT
        ),
        stream("proj_c11", "key_c11_prod", GPT5, 640, (8000, 14000, 0, 0, 1900), "cust_011"),
        stream(
            "proj_c11", "key_c11_prod", GPT55, 180, (7000, 9000, 3000, 0, 2000), "cust_011", start=GPT55_RELEASED_AT
        ),
        stream("proj_c11", "key_c11_prod", GPT5_MINI, 1500, (3600, 5400, 0, 0, 700), "cust_011"),
        stream("proj_c13", "key_c13_prod", GPT5, 480, (6500, 12500, 0, 0, 1700), "cust_013", weekend=1300),
        stream("proj_c13", "key_c13_prod", GPT5_MINI, 2900, (2500, 4500, 0, 0, 600), "cust_013", weekend=1300),
        stream("proj_c13", "key_c13_batch", GPT5_MINI, 3300, (5000, 1000, 0, 0, 500), "cust_013", "batch"),
        stream("proj_pool", "key_pool_07", GPT5_MINI, 2100, (3000, 6000, 0, 0, 500), "pool_07"),
        stream("proj_pool", "key_pool_08", GPT5, 260, (5200, 9800, 0, 0, 900), "pool_08"),
        stream("proj_pool", "key_pool_08", GPT5_MINI, 900, (2400, 3600, 0, 0, 450), "pool_08"),
        stream(
            "proj_research", "key_research_1", GPT5, 210, (14000, 6000, 0, 0, 2600), RESEARCH, principals=_RESEARCHERS
        ),
        stream(
            "proj_research",
            "key_research_1",
            GPT55,
            160,
            (15000, 5000, 3000, 0, 3000),
            RESEARCH,
            principals=_RESEARCHERS,
            start=GPT55_RELEASED_AT,
        ),
        stream("proj_research", "key_research_2", GPT5_MINI, 1300, (6000, 2000, 0, 0, 900), RESEARCH, weekend=250),
        stream("proj_eval", "key_eval", GPT5, 420, (5000, 2500, 0, 0, 1200), EVALUATION, "batch", weekend=1000),
        stream("proj_eval", "key_eval", GPT5_MINI, 1800, (4000, 2000, 0, 0, 900), EVALUATION, "batch", weekend=1000),
        stream("proj_sandbox", "key_sandbox", GPT5_MINI, 260, (1500, 500, 0, 0, 400), RESEARCH, free=True),
        stream("proj_support", "key_support", GPT5_MINI, 700, (2200, 2800, 0, 0, 400), SUPPORT, web_searches=25),
        # Nobody's: the playground has no key, and two keys that no one claims.
        stream("proj_default", None, GPT5_MINI, 190, (2600, 600, 0, 0, 600), principals=_RESEARCHERS),
        stream("proj_default", "key_legacy_a", GPT5_MINI, 1600, (3500, 500, 0, 0, 500)),
        stream("proj_default", "key_legacy_b", GPT5, 45, (6000, 1000, 0, 0, 900), weekend=1000),
        # A nightly re-index that calls the provider with the gateway's key: the gateway never sees it.
        stream("proj_gateway", "key_gw_docs", GPT5_MINI, 900, (8000, 0, 0, 0, 150), weekend=1000),
    ]


def _emea_streams(company: Company) -> list[Stream]:
    def stream(project, key, model, requests, sizes, owner, tier="standard", **options) -> Stream:
        return Stream(
            OPENAI,
            company.emea,
            company.id(project),
            company.id(key),
            model,
            tier,
            requests,
            *sizes,
            owner=company.id(owner),
            weekend=0,
            **options,
        )

    return [
        stream(
            "proj_emea_c20", "key_c20_prod", GPT5, 1450, (3800, 9200, 0, 0, 850), "cust_020", hours=(3, 22)
        ),
        stream(
            "proj_emea_c20", "key_c20_prod", GPT5_MINI, 5200, (1900, 4100, 0, 0, 380), "cust_020", hours=(3, 22)
        ),
        stream("proj_emea_c21", "key_c21_prod", GPT5, 520, (7500, 9500, 0, 0, 1300), "cust_021", hours=(6, 20)),
        stream("proj_emea_c21", "key_c21_prod", GPT5_MINI, 1700, (3000, 4000, 0, 0, 500), "cust_021", hours=(6, 20)),
        stream(
            "proj_emea_batch",
            "key_c21_batch",
            GPT5_MINI,
            2600,
            (6000, 1000, 0, 0, 450),
            "cust_021",
            "batch",
            hours=(0, 9),
            separated=False,
        ),
    ]


def _claude_streams(company: Company) -> list[Stream]:
    def stream(workspace, key, model, requests, sizes, owner=None, tier="standard", **options) -> Stream:
        return Stream(
            ANTHROPIC,
            company.claude,
            workspace and company.id(workspace),
            key and company.id(key),
            model,
            tier,
            requests,
            *sizes,
            owner=owner and company.id(owner),
            **options,
        )

    # sizes: uncached, cache read, cache write 5m, cache write 1h, output
    return [
        stream(
            "wrkspc_c01", "apikey_c01", SONNET, 900, (1800, 10200, 900, 0, 850), "cust_001", principals=_pods("c01", 4)
        ),
        stream(
            "wrkspc_c03",
            "apikey_c03_prod",
            SONNET,
            1450,
            (2100, 12400, 700, 0, 1000),
            "cust_003",
            principals=_pods("c03", 4),
            web_searches=60,
        ),
        stream(
            "wrkspc_c03",
            "apikey_c03_batch",
            SONNET,
            1100,
            (6200, 0, 0, 0, 900),
            "cust_003",
            "batch",
            principals=_pods("c03", 4),
        ),
        stream(
            "wrkspc_c04",
            "apikey_c04_chat",
            HAIKU,
            6800,
            (900, 6100, 400, 0, 420),
            "cust_004",
            principals=_pods("c04", 4),
            weekend=800,
        ),
        stream(
            "wrkspc_c04",
            "apikey_c04_notes",
            SONNET,
            520,
            (3600, 9400, 0, 800, 1200),
            "cust_004",
            principals=_pods("c04", 4),
            weekend=800,
        ),
        stream(
            "wrkspc_c06",
            "apikey_c06_prod",
            HAIKU,
            3900,
            (1500, 4500, 0, 0, 500),
            "cust_006",
            principals=_pods("c06", 4),
        ),
        stream(
            "wrkspc_c06",
            "apikey_c06_batch",
            HAIKU,
            4400,
            (3800, 0, 0, 0, 600),
            "cust_006",
            "batch",
            principals=_pods("c06", 4),
        ),
        stream(
            "wrkspc_pool",
            "apikey_pool_1",
            HAIKU,
            1200,
            (1200, 2800, 0, 0, 400),
            "cust_002",
            principals=_pods("pool", 4),
        ),
        stream(
            "wrkspc_pool",
            "apikey_pool_2",
            HAIKU,
            800,
            (1600, 2400, 0, 0, 450),
            "cust_010",
            principals=_pods("pool", 4),
        ),
        stream(
            "wrkspc_research",
            "apikey_research_1",
            SONNET,
            170,
            (9000, 5000, 0, 0, 2400),
            RESEARCH,
            principals=_SCIENTISTS,
            weekend=150,
        ),
        stream(
            "wrkspc_research",
            "apikey_research_2",
            HAIKU,
            900,
            (4000, 1000, 0, 0, 800),
            RESEARCH,
            principals=_SCIENTISTS,
            weekend=150,
        ),
        stream(
            "wrkspc_eval",
            "apikey_eval",
            HAIKU,
            1900,
            (3500, 0, 0, 0, 900),
            EVALUATION,
            "batch",
            principals=_pods("eval", 3),
            weekend=1000,
        ),
        # Nobody's: the Workbench has no key, and the first key ever made.
        stream(None, None, SONNET, 60, (3200, 0, 0, 0, 900), principals=_SCIENTISTS[:3], weekend=100),
        stream(None, "apikey_legacy", HAIKU, 350, (2600, 0, 0, 0, 500), weekend=1000),
    ]
