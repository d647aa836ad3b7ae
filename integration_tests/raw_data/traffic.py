"""Three months of work: the gateway's calls, and what the providers counted, gateway or not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from . import company as c
from .clock import DAY, DAYS, HOUR, at, is_weekend
from .company import ANTHROPIC, OPENAI, Company, Customer
from .prices import GPT5, GPT5_MINI, GPT55, HAIKU, SONNET
from .rng import Rng, hex_id
from .streams import Stream, streams

# The contract reader moves Kestrel from the small model to a large one, and forgets the cache.
KESTREL_SWITCHES_AT = at(2026, 9, 11)

_WORKING_HOURS = [
    (h, w)
    for h, w in enumerate((1, 1, 1, 1, 1, 2, 4, 7, 11, 13, 13, 12, 9, 12, 13, 12, 10, 7, 5, 4, 3, 2, 2, 1))
]
_AGENTS_OF = {
    "assist": (("agent_triage", 5), ("agent_reply", 4), ("agent_summary", 2)),
    "docs": (("agent_contract", 3), ("agent_invoice", 4)),
    "code": (("agent_review", 4), ("agent_tests", 2)),
}
_LINE_OF = {agent[0]: agent[2] for agent in c.AGENTS}
_WORKFLOW_OF = {agent[0]: agent[3] for agent in c.AGENTS}


class Counts(NamedTuple):
    """Disjoint tokens; OpenAI's cache writes stand in `write_5m`."""

    uncached: int = 0
    read: int = 0
    write_5m: int = 0
    write_1h: int = 0
    output: int = 0
    requests: int = 0
    web_searches: int = 0

    def plus(self, other: Counts) -> Counts:
        """Sum, class by class."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class Cell(NamedTuple):
    """What a provider counts apart, inside a bucket."""

    sub_account: str | None
    key: str | None
    principal: str | None
    model: str
    tier: str
    free: bool = False
    separated: bool = True


class Call(NamedTuple):
    """One call through the gateway."""

    request_id: str
    start: int  # milliseconds
    end: int
    provider: str
    model: str
    product_line: str
    counts: Counts
    customer: str
    end_user: str | None
    team: str
    agent: str
    workflow: str
    session: str
    tags: tuple[str, ...]
    status: str = "success"
    cache_hit: bool = False


# (provider, account, bucket start, bucket seconds) -> cell -> counts
Buckets = dict[tuple[str, str, int, int], dict[Cell, Counts]]


@dataclass
class Traffic:
    """Everything that happened, as the providers know it in the end."""

    calls: list[Call]
    buckets: Buckets
    # (customer, month start) -> usage is summed by whoever knows the prices
    worked_for: dict[tuple[str, int], dict[tuple[str, Cell, int], Counts]]


def traffic(company: Company) -> Traffic:
    """The three months of one replica."""
    calls = gateway_calls(company)
    buckets: Buckets = defaultdict(lambda: defaultdict(Counts))
    worked_for: dict = defaultdict(lambda: defaultdict(Counts))

    def count(
        provider: str, account: str, start: int, cell: Cell, counts: Counts, customer: str | None
    ) -> None:
        width = HOUR if account == company.emea else DAY
        bucket = buckets[provider, account, start // width * width, width]
        bucket[cell] = bucket[cell].plus(counts)
        if customer:
            mine = worked_for[customer, start // DAY * DAY]
            mine[account, cell, start] = mine[account, cell, start].plus(counts)

    for call in calls:
        if call.status == "success" and not call.cache_hit:
            account = company.main if call.provider == OPENAI else company.claude
            workspace = company.id("proj_gateway" if call.provider == OPENAI else "wrkspc_gateway")
            pod = None if call.provider == OPENAI else f"svac_gw_{'abc'[int(call.request_id[-2:], 16) % 3]}"
            cell = Cell(
                workspace, company.credential(call.provider, call.product_line), pod, call.model, "standard"
            )
            count(call.provider, account, call.start // 1000, cell, call.counts, call.customer)
    for number, stream in enumerate(streams(company)):
        for start, cell, counts in _direct(company, stream, number):
            count(stream.provider, stream.account, start, cell, counts, _owner(company, stream, start))
    return Traffic(calls, buckets, worked_for)


def _owner(company: Company, stream: Stream, when: int) -> str | None:
    """The customer a stream works for at a moment; the pool keys change hands."""
    for marker, changes_at, owners in (
        ("pool_07", c.POOL_07_CHANGES_AT, c.POOL_07_OWNERS),
        ("pool_08", c.POOL_08_CHANGES_AT, c.POOL_08_OWNERS),
    ):
        if stream.owner == company.id(marker):
            return company.id(owners[when >= changes_at])
    return stream.owner


def _direct(company: Company, stream: Stream, number: int):
    """(start, cell, counts) of a stream, bucket by bucket and principal by principal."""
    share = len(stream.principals) * len(stream.hours)
    cells = [
        Cell(
            stream.sub_account,
            stream.key,
            principal,
            stream.model,
            stream.tier,
            stream.free,
            stream.separated,
        )
        for principal in stream.principals
    ]
    for day in DAYS:
        requests = stream.requests * (stream.weekend if is_weekend(day) else 1000) // 1000
        if day < stream.start or requests == 0:
            continue
        rng = Rng("stream", company.replica, number, day)
        for hour in stream.hours:
            for cell in cells:
                n = rng.vary(max(requests // share, 1), 18)
                tokens = (rng.vary(size * n, 9) for size in stream.sizes)
                yield day + hour * HOUR, cell, Counts(*tokens, n, n * stream.web_searches // 1000)


def gateway_calls(company: Company) -> list[Call]:
    """All calls through the gateway, in order of start."""
    calls: list[Call] = []
    for day in DAYS:
        for customer in company.customers:
            if customer.calls_a_day:
                calls.extend(_calls_of_a_day(company, customer, day))
    calls.sort(key=lambda call: (call.start, call.request_id))
    return calls


def _calls_of_a_day(company: Company, customer: Customer, day: int):
    rng = Rng("calls", company.replica, customer.customer_id, day)
    base = customer.customer_id.removesuffix(company.suffix)
    n = rng.vary(customer.calls_a_day, 15)
    if is_weekend(day):
        n = n * (700 if base == c.KESTREL else 350) // 1000
    for number in range(n):
        hour = rng.weighted(_WORKING_HOURS)
        start = (day + hour * HOUR) * 1000 + rng.below(HOUR * 1000)
        agent = _agent(customer, base, rng)
        provider, model, sizes = _profile(base, agent, start // 1000, rng)
        counts = Counts(*(rng.vary(size, 30) for size in sizes), 1, 0)
        request_id = hex_id("call", company.replica, customer.customer_id, day, number, length=32)
        fate = rng.below(1000)
        failed, hit = fate < 15, 15 <= fate < 32
        end = start + (120 if hit else 900 + counts.output * 14 + rng.below(1500))
        end_user, tags = _known_as(company, base, agent, day, rng)
        yield Call(
            f"chatcmpl-{request_id}" + (f"_cache_hit{start // 1000}.{start % 1000}" if hit else ""),
            start,
            end,
            provider,
            model,
            _LINE_OF[agent] or customer.product_line,
            Counts() if failed else counts,
            customer.customer_id,
            end_user,
            "team_support" if base == c.SUPPORT else "team_eval" if base == c.EVALUATION else "team_product",
            agent,
            _WORKFLOW_OF[agent],
            hex_id("session", company.replica, customer.customer_id, day, number // 4, length=24),
            tags,
            "failure" if failed else "success",
            hit,
        )


def _agent(customer: Customer, base: str, rng: Rng) -> str:
    if base == c.KESTREL:
        return "agent_contract"
    if base == c.EVALUATION:
        return "agent_eval"
    if base == "cust_005":  # its documents go past the gateway, its people chat through it
        return rng.weighted(_AGENTS_OF["assist"])
    return rng.weighted(_AGENTS_OF[customer.product_line])


def _profile(base: str, agent: str, when: int, rng: Rng) -> tuple[str, str, tuple[int, int, int, int, int]]:
    """(provider, model, (uncached, read, write 5m, write 1h, output)) of a call."""
    if base == c.KESTREL:
        if when < KESTREL_SWITCHES_AT:
            return OPENAI, GPT5_MINI, (118_000, 21_000, 0, 0, 1_500)
        return ANTHROPIC, SONNET, (142_000, 0, 0, 0, 1_700)
    if agent == "agent_triage":
        return OPENAI, GPT5_MINI, (13_000, 27_000, 0, 0, 1_400)
    if agent == "agent_reply":
        if rng.chance(600):
            return OPENAI, GPT5, (26_000, 70_000, 0, 0, 2_900)
        return ANTHROPIC, HAIKU, (16_000, 74_000, 5_000, 0, 3_000)
    if agent == "agent_summary":
        return ANTHROPIC, HAIKU, (44_000, 52_000, 9_000, 0, 4_200)
    if agent == "agent_contract":
        return ANTHROPIC, SONNET, (9_000, 61_000, 2_500, 6_500, 2_100)
    if agent == "agent_invoice":
        if rng.chance(500):
            return OPENAI, GPT5_MINI, (24_000, 16_000, 0, 0, 2_100)
        return ANTHROPIC, HAIKU, (22_000, 18_000, 2_500, 0, 2_000)
    if agent == "agent_review":
        if when >= c.GPT55_RELEASED_AT and rng.chance(250):
            return OPENAI, GPT55, (26_000, 48_000, 9_000, 0, 4_600)
        return OPENAI, GPT5, (30_000, 56_000, 0, 0, 5_000)
    if agent == "agent_tests":
        return ANTHROPIC, SONNET, (16_000, 41_000, 6_000, 0, 5_500)
    return OPENAI, rng.pick((GPT5, GPT5_MINI)), (5_000, 1_500, 0, 0, 900)


def _known_as(
    company: Company, base: str, agent: str, day: int, rng: Rng
) -> tuple[str | None, tuple[str, ...]]:
    """(end user, request tags) as the application sends them; sometimes only one of the two, rarely none."""
    slug = company.id("eu_" + base.removeprefix("cust_"))
    if base == c.EVALUATION:
        return None, ("env:eval",)
    if base == c.SUPPORT:
        return slug, ("env:demo",)
    if base == "cust_012" and day < at(2026, 9, 1):
        slug = company.id("pinecrest-foods")  # renamed on 1 September
    if rng.chance(8):
        return None, ("env:prod",)
    tags = ("env:prod", f"tenant:{company.id(base.removeprefix('cust_'))}")
    if base == "cust_015" and rng.chance(300):
        return None, tags
    return slug, tags
