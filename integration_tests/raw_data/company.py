"""Who there is: customers, agents, provider accounts and keys.

`Company(replica)` is one company with its own accounts, customers and keys; replicas multiply the data for
benchmarks and share nothing but the agents, so each is as consistent as the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import at
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
POOL_08_OWNERS = ("cust_009", "cust_005")
GPT55_RELEASED_AT = at(2026, 9, 8)
