"""The traffic that goes to the providers directly, past the gateway: keys, and what they do all day."""

from __future__ import annotations

from dataclasses import dataclass

from .company import ANTHROPIC, GPT55_RELEASED_AT, OPENAI, Company
from .prices import GPT5, GPT5_MINI, GPT55, HAIKU, SONNET

# calls         a working day, all users together;  rest  per mille of that on Saturdays and Sundays
# fresh .. out  tokens of one call: uncached, cache read, cache write 5 min and 1 h (OpenAI: 5m), output
# owner         the customer it works for, `pool_..` for a key that changes hands, - for nobody
# users         who calls: <group>:<how many>
# more          web=<searches per 1,000 calls>  hours=<from>-<to>  free (no money)  one_line (no classes)
_TRAFFIC = """
key               model     tier     calls rest fresh  read   5m  1h  out owner    users   more

key_c01_prod      gpt5      standard  2100  400  4200  9800    0   0  900 cust_001 -       web=40
key_c01_batch     gpt5_mini batch     5200  400  9000  3000    0   0  700 cust_001 -
key_c02_prod      gpt5      standard  1500  900  2600  7400    0   0  650 cust_002 -       web=30
key_c02_prod      gpt5_mini standard  9400  900  1800  5200    0   0  350 cust_002 -
key_c05_prod      gpt5      standard  1900  400  5200 11800    0   0 1100 cust_005 -
key_c05_prod      gpt55     standard   420  400  5600  9000 2400   0 1200 cust_005 -
key_c05_prod      gpt5_mini standard  1700  400  2800  4200    0   0  500 cust_005 -
key_c05_batch     gpt5      batch     2600  400  8200  2400    0   0  800 cust_005 -
key_c10_prod      gpt5      standard  1150  400  9000 15000    0   0 2100 cust_010 -
key_c10_prod      gpt5_mini standard  2400  400  4000  6000    0   0  800 cust_010 -
key_c10_prod      gpt55     standard   110  400  6000  9000 2000   0 1900 cust_010 -
key_c11_prod      gpt5      standard   640  400  8000 14000    0   0 1900 cust_011 -
key_c11_prod      gpt55     standard   180  400  7000  9000 3000   0 2000 cust_011 -
key_c11_prod      gpt5_mini standard  1500  400  3600  5400    0   0  700 cust_011 -
key_c13_prod      gpt5      standard   480 1300  6500 12500    0   0 1700 cust_013 -
key_c13_prod      gpt5_mini standard  2900 1300  2500  4500    0   0  600 cust_013 -
key_c13_batch     gpt5_mini batch     3300  400  5000  1000    0   0  500 cust_013 -
key_pool_07       gpt5_mini standard  2100  400  3000  6000    0   0  500 pool_07  -
key_pool_08       gpt5      standard   260  400  5200  9800    0   0  900 pool_08  -
key_pool_08       gpt5_mini standard   900  400  2400  3600    0   0  450 pool_08  -
key_research_1    gpt5      standard   210  400 14000  6000    0   0 2600 cust_024 staff:3
key_research_1    gpt55     standard   160  400 15000  5000 3000   0 3000 cust_024 staff:3
key_research_2    gpt5_mini standard  1300  250  6000  2000    0   0  900 cust_024 -
key_eval          gpt5      batch      420 1000  5000  2500    0   0 1200 cust_023 -
key_eval          gpt5_mini batch     1800 1000  4000  2000    0   0  900 cust_023 -
key_sandbox       gpt5_mini standard   260  400  1500   500    0   0  400 cust_024 -       free
key_support       gpt5_mini standard   700  400  2200  2800    0   0  400 cust_025 -       web=25

# nobody's: the playground has no key, two keys that no one claims
-                 gpt5_mini standard   190  400  2600   600    0   0  600 -        staff:3
key_legacy_a      gpt5_mini standard  1600  400  3500   500    0   0  500 -        -
key_legacy_b      gpt5      standard    45 1000  6000  1000    0   0  900 -        -
# a nightly re-index that uses the gateway's key behind the gateway's back
key_gw_docs       gpt5_mini standard   900 1000  8000     0    0   0  150 -        -

# the EUR organisation, pulled by the hour, closed on weekends
key_c20_prod      gpt5      standard  1450    0  3800  9200    0   0  850 cust_020 -       hours=3-22
key_c20_prod      gpt5_mini standard  5200    0  1900  4100    0   0  380 cust_020 -       hours=3-22
key_c21_prod      gpt5      standard   520    0  7500  9500    0   0 1300 cust_021 -       hours=4-22
key_c21_prod      gpt5_mini standard  1700    0  3000  4000    0   0  500 cust_021 -       hours=4-22
key_c21_batch     gpt5_mini batch     2600    0  6000  1000    0   0  450 cust_021 -       hours=0-9 one_line

apikey_c01        sonnet    standard   900  400  1800 10200  900   0  850 cust_001 c01:4
apikey_c03_prod   sonnet    standard  1450  400  2100 12400  700   0 1000 cust_003 c03:4   web=60
apikey_c03_batch  sonnet    batch     1100  400  6200     0    0   0  900 cust_003 c03:4
apikey_c04_chat   haiku     standard  6800  800   900  6100  400   0  420 cust_004 c04:4
apikey_c04_notes  sonnet    standard   520  800  3600  9400    0 800 1200 cust_004 c04:4
apikey_c06_prod   haiku     standard  3900  400  1500  4500    0   0  500 cust_006 c06:4
apikey_c06_batch  haiku     batch     4400  400  3800     0    0   0  600 cust_006 c06:4
apikey_pool_1     haiku     standard  1200  400  1200  2800    0   0  400 cust_002 pool:4
apikey_pool_2     haiku     standard   800  400  1600  2400    0   0  450 cust_010 pool:4
apikey_research_1 sonnet    standard   170  150  9000  5000    0   0 2400 cust_024 lab:4
apikey_research_2 haiku     standard   900  150  4000  1000    0   0  800 cust_024 lab:4
apikey_eval       haiku     batch     1900 1000  3500     0    0   0  900 cust_023 eval:3
# nobody's: the Workbench has no key, and the first key ever made is in the default workspace
-                 sonnet    standard    60  100  3200     0    0   0  900 -        lab:3
apikey_legacy     haiku     standard   350 1000  2600     0    0   0  500 -        -"""
_MODELS = {"gpt5": GPT5, "gpt5_mini": GPT5_MINI, "gpt55": GPT55, "sonnet": SONNET, "haiku": HAIKU}
_PEOPLE = {
    "staff": ("user-4kTzRae1", "user-9mQwLbo2", "user-2hVxCid3"),
    "lab": ("user_01ResearchAna", "user_01ResearchBo", "user_01ResearchCy", "user_01ResearchDi"),
}


@dataclass(frozen=True)
class Stream:
    """Steady traffic of one key with one model; the columns of the table above, with ids of one replica."""

    provider: str
    account: str
    sub_account: str | None
    key: str | None
    model: str
    tier: str
    requests: int
    weekend: int
    sizes: tuple[int, int, int, int, int]
    owner: str | None
    principals: tuple[str | None, ...]
    web_searches: int
    hours: range
    free: bool
    separated: bool

    @property
    def start(self) -> int:
        """From when on it runs."""
        return GPT55_RELEASED_AT if self.model == GPT55 else 0


def streams(company: Company) -> list[Stream]:
    """The table, for one replica."""
    lines = [line.split("#")[0].split() for line in _TRAFFIC.strip().splitlines()[1:]]
    return [_stream(company, fields) for fields in lines if fields]


def _stream(company: Company, fields: list[str]) -> Stream:
    def named(name: str) -> str | None:
        return None if name == "-" else company.id(name)

    key, model, tier, requests, weekend, *sizes, owner, users = fields[:12]
    rest = dict(option.partition("=")[::2] for option in fields[12:])
    claude = _MODELS[model] in (SONNET, HAIKU)
    if claude:
        account = company.claude
        sub_account = company.claude_keys[company.id(key)][1] if key != "-" else None
    else:
        sub_account = company.openai_keys[company.id(key)][1] if key != "-" else company.id("proj_default")
        account = company.projects[sub_account][1]
    first, _, last = rest.get("hours", "0-1").partition("-")
    return Stream(
        ANTHROPIC if claude else OPENAI,
        account,
        sub_account,
        named(key),
        _MODELS[model],
        tier,
        int(requests),
        int(weekend),
        tuple(map(int, sizes)),
        named(owner),
        _principals(users),
        int(rest.get("web", "0")),
        range(int(first), int(last)),
        "free" in rest,
        "one_line" not in rest,
    )


def _principals(users: str) -> tuple[str | None, ...]:
    if users == "-":
        return (None,)
    group, _, count = users.partition(":")
    return _PEOPLE.get(group, tuple(f"svac_{group}_{letter}" for letter in "abcd"))[: int(count)]
