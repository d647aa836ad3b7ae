"""A small company whose months go by: providers bill it, restate what they billed, and it changes its mind.

Everything is drawn from one random generator. The raw tables hold what the company knows at the moment, each
row with the time at which it became known, as the loaders of the package write them.
"""

from __future__ import annotations

import calendar
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from dbt_package.calendars import Calendar

from simulation.facts import (
    Account,
    Budget,
    Call,
    Cell,
    Close,
    Facts,
    Grant,
    Invoice,
    LedgerEntry,
    OtherCost,
    Request,
    RevenueLine,
    Rule,
    Usage,
)
from simulation.tables import COLUMNS, Row, epoch, iso

START = datetime(2026, 1, 1)
DAYS = (3, 12, 20, 27)
"""Days of a month with traffic; the last day of the month has some too."""

TOKEN_CLASSES = ("uncached_input", "cache_read", "output")
MODELS = {"openai": "gpt-5-2025-08-07", "anthropic": "claude-haiku-4-5-20251001"}
SERVED_KEYS = ("key_a", "key_b")
"""Keys that the gateway works with; others work past it too."""

KEYS = ("key_a", "key_b", "key_c", "key_new")
CUSTOMERS = ("cust_1", "cust_2", "cust_3")
PROJECTS = ("proj_1", "proj_2")
CLASSES = ("input", "cached input", "output")
ANTHROPIC_CLASSES = {
    "Input Tokens": "uncached_input_tokens",
    "Output Tokens": "output_tokens",
}


ACCOUNTS = (
    Account("openai", "org-main", "USD", True, "OpenAI"),
    Account("openai", "org-emea", "EUR", False, "OpenAI"),
    Account("anthropic", "anthropic-org", "USD", False, "Anthropic"),
)


WEEKS_4_4_5 = [
    (f"FY26-P{place:02}", date(2025, 12, 29) + timedelta(weeks=weeks))
    for place, weeks in enumerate((0, 4, 8, 13, 17, 21, 26), start=1)
]
"""Half a year and a month; calendar months follow."""

END_OF_WEEKS = date(2025, 12, 29) + timedelta(weeks=30)
CALENDARS = {
    "months in UTC": Calendar("UTC"),
    "months in New York": Calendar("America/New_York"),
    "4-4-5 weeks in UTC": Calendar("UTC", WEEKS_4_4_5, END_OF_WEEKS),
    "4-4-5 weeks in Auckland": Calendar("Pacific/Auckland", WEEKS_4_4_5, END_OF_WEEKS),
}


@dataclass
class Company:
    """What happened so far; ``now`` only moves forward, a minute with each event.

    ``news``: when something last came that is about a source's day.
    """

    seed: int
    now: datetime = START + timedelta(days=4)
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    bill: dict[tuple[Account, datetime], list[Cell]] = field(default_factory=dict)
    usage: dict[tuple[Account, datetime], list[Usage]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    last_load: datetime = START
    grants: list[Grant] = field(default_factory=list)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    revenue: dict[str, RevenueLine] = field(default_factory=dict)
    rates: dict[tuple[datetime, str], Decimal] = field(default_factory=dict)
    other_costs: list[OtherCost] = field(default_factory=list)
    closes: dict[datetime, Close] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    budgets: dict[str, Budget] = field(default_factory=dict)
    news: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        name = self.chance.choice(list(CALENDARS))
        self.calendar = CALENDARS[name]
        self.note(f"accounting periods: {name}")
        self._add_masters()

    # -- what is asked of it ----------------------------------------------------------------------------

    def facts(self) -> Facts:
        """All that it knows now; later events leave it as it is."""
        return Facts(
            calendar=self.calendar,
            bill=dict(self.bill),
            last_load=self.last_load,
            grants=tuple(self.grants),
            invoices=dict(self.invoices),
            revenue=dict(self.revenue),
            rates=dict(self.rates),
            other_costs=tuple(self.other_costs),
            closes=dict(self.closes),
            rules=tuple(self.rules),
            requests=tuple(self.requests),
        )

    def bill_by_day(self) -> dict[tuple[str, str, str, datetime], Decimal]:
        """What each provider charges for each day, as of now: the sum over the lines of the newest load."""
        sums: dict[tuple[str, str, str, datetime], Decimal] = defaultdict(Decimal)
        for (account, day), cells in self.bill.items():
            for cell in cells:
                sums[account.source, account.id, account.currency, day] += cell.amount
        return {key: amount for key, amount in sums.items() if amount}

    def tokens_by_day(self) -> dict[tuple[str, str, datetime], int]:
        """The tokens that OpenAI's bill counts, less credited ones, for each day on which it counts all."""
        return {
            (account.source, account.id, day): sum(
                -cell.tokens if cell.amount < 0 else cell.tokens for cell in cells
            )
            for (account, day), cells in self.bill.items()
            if account.source == "openai" and all(cell.tokens for cell in cells)
        }

    def days_passed(self) -> list[datetime]:
        """The days with traffic that are over."""
        days, month = [], START
        while month < self.now:
            length = calendar.monthrange(month.year, month.month)[1]
            days += [month.replace(day=day) for day in (*DAYS, length)]
            month = (month + timedelta(days=31)).replace(day=1)
        return [day for day in days if day + timedelta(days=1) < self.now]

    # -- what happens -----------------------------------------------------------------------------------

    def wait(self, days: int) -> None:
        """Time goes by."""
        self.now += timedelta(days=days)
        self.note(f"{days} days later")

    def pull_what_is_due(self, share_late: float) -> None:
        """Load each day that is over and not loaded yet; a share of them stays for another time."""
        for account in ACCOUNTS:
            for day in self.days_passed():
                if (account, day) not in self.bill and self.chance.random() >= share_late:
                    self._load(account, day, self._new_cells(account))

    def restate(self) -> None:
        """A provider restates a day: other amounts, lines that go and come, sometimes nothing at all."""
        if not self.bill:
            return
        account, day = self.chance.choice(list(self.bill))
        cells = self.bill[account, day]
        kept = [cell for cell in cells if self.chance.random() < 0.8]
        changed = [
            cell._replace(amount=self._amount(), tokens=self.chance.randrange(10**6))
            if self.chance.random() < 0.5
            else cell
            for cell in kept
        ]
        added = self._new_cells(account)[: self.chance.randrange(3)]
        self._load(account, day, [] if self.chance.random() < 0.15 else _distinct([*changed, *added]))

    def restate_usage(self) -> None:
        """Usage of a day is counted again, the bill stays."""
        if self.bill:
            account, day = self.chance.choice(list(self.bill))
            self.tick()
            self._load_usage(account, day, self.bill[account, day])
            self.note(f"usage of {account.id} {day:%Y-%m-%d} is counted again")

    def remap(self) -> None:
        """A key belongs to another customer, from some day on, maybe of a closed month."""
        self.tick()
        key, customer = self.chance.choice(KEYS), self.chance.choice(CUSTOMERS)
        since = self.chance.choice([START, self.now - timedelta(days=40), self.now])
        self._rule(key, customer, since)
        self.note(f"{key} belongs to {customer} from {since:%Y-%m-%d}")

    def change_price(self) -> None:
        """A contract price, known from now on, in force from some day on."""
        self.tick()
        since = self.chance.choice([START, self.now - timedelta(days=20), self.now + timedelta(days=5)])
        account = self.chance.choice(ACCOUNTS[:2])
        price = Decimal(self.chance.randrange(1, 5_000_000)).scaleb(-6)
        token_class = self.chance.choice(["uncached_input", "cache_read", "output"])
        number = len(self.tables["finance.contract_prices"])
        self.row(
            "finance.contract_prices",
            *[
                f"price_{number}",
                account.source,
                account.id,
                "gpt-5-2025-08-07",
                token_class,
                account.currency,
            ],
            *["1000000 Tokens", f"{price:f}", iso(since), None, iso(self.now), "buyer@example.com"],
        )
        self.note(f"{token_class} costs {price} {account.currency} from {since:%Y-%m-%d}")

    def buy_credit(self) -> None:
        """Prepaid credit, some of it at a discount, some short-lived."""
        account = self.chance.choice([ACCOUNTS[1], ACCOUNTS[2], ACCOUNTS[2]])
        self.tick()
        face = Decimal(self.chance.randrange(50, 400))
        paid = self.chance.choice([face, face * Decimal("0.84"), Decimal(0)])
        expires = self.now + timedelta(days=self.chance.choice([20, 365]))
        grant = Grant(f"grant_{len(self.grants)}", account, self.now, expires, face, paid)
        self.grants.append(grant)
        self.row(
            "finance.prepaid_grants",
            *[grant.id, account.source, account.id, iso(self.now), iso(expires), f"{face:f}"],
            *[account.currency, f"{paid:f}", None, None, iso(self.now)],
        )
        self.note(f"credit of {face} for {paid} at {account.id}, until {expires:%Y-%m-%d}")

    def override(self) -> None:
        """Somebody asks to charge a key's or a customer's charges to another one; mostly it is approved."""
        self.tick()
        number = len(self.tables["attribution.override_requests"])
        first = self.chance.choice([START, self.now - timedelta(days=30)])
        is_key = self.chance.random() < 0.7
        approver = self.chance.choice(["bo", "bo", "bo", "ann", None])
        is_reclass = self.chance.random() < 0.5
        asked = iso(self.now)
        self.tick()
        request = Request(
            f"request_{number}",
            self.chance.choice(KEYS) if is_key else None,
            None if is_key else self.chance.choice(CUSTOMERS),
            first,
            first + timedelta(days=25),
            self.chance.choice(CUSTOMERS),
            is_reclass,
        )
        self.row(
            "attribution.override_requests",
            *[request.id, request.key, request.owner, iso(request.start), iso(request.end), request.customer],
            *["true" if is_reclass else "false", "it was theirs", "ann", asked],
            *[approver, iso(self.now) if approver else None, iso(self.now), None],
        )
        if approver == "bo":
            self.requests.append(request)
        self.note(f"{request}, approved by {approver}")

    def withdraw(self) -> None:
        """An override is taken back: for what is to come, or as a reclass of closed months too."""
        requests = self.tables["attribution.override_requests"]
        if not requests:
            return
        self.tick()
        number, withdrawn = len(requests), self.chance.choice(requests)[0]
        is_reclass = self.chance.random() < 0.5
        asked = iso(self.now)
        self.tick()
        self.row(
            "attribution.override_requests",
            *[f"request_{number}", None, None, None, None, None, "true" if is_reclass else "false"],
            *["it was not", "ann", asked, "bo", iso(self.now), iso(self.now), withdrawn],
        )
        self.requests.append(
            Request(f"request_{number}", None, None, START, START, "", is_reclass, withdraws=withdrawn)
        )
        self.note(f"request_{number}{' (reclass)' if is_reclass else ''} withdraws {withdrawn}")

    def share(self) -> None:
        """What nobody used, or what one customer used, is spread over the customers from some day on."""
        self.tick()
        number = len(self.tables["attribution.shared_cost_rules"])
        method = self.chance.choice(["even", "tokens", "list_cost", "requests", "revenue"])
        is_leftover = self.chance.random() < 0.7
        since = self.chance.choice([START, self.now - timedelta(days=20), self.now])
        named = self.chance.random() < 0.5
        self.row(
            "attribution.shared_cost_rules",
            *[f"shared_{number}", "NoAttributionRule" if is_leftover else None],
            *[None if is_leftover else self.chance.choice(CUSTOMERS), method],
            *["customers" if named else "all_customers", "cust_1,cust_2" if named else None],
            *[iso(since), None, iso(self.now)],
        )
        self.note(f"shared_{number} spreads by {method} from {since:%Y-%m-%d}")

    def log_close(self, period: datetime, action: str = "close") -> None:
        """The close log says that a period is closed, or open again: for the company, or for each issuer."""
        self.tick()
        first_day = f"{self.calendar.first_day(period)}T00:00:00Z"
        billing_period = first_day if self.calendar is CALENDARS["months in UTC"] else None
        for issuer in self._issuers_of(first_day) or self.chance.choice([[None], ["OpenAI", "Anthropic"]]):
            self.row(
                "finance.close_log",
                *["company-1", first_day, issuer, billing_period, action, iso(self.now), "ann", "bo", None],
            )
        self.note(f"{action} {self.calendar.name(period)}")

    # -- how --------------------------------------------------------------------------------------------

    def tick(self) -> None:
        self.now += timedelta(minutes=1)

    def tell(self, what: str) -> str:
        """Note that something happens a minute later; the moment of it."""
        self.tick()
        self.note(what)
        return iso(self.now)

    def note(self, what: str) -> None:
        self.story.append(f"{iso(self.now)} {what}")

    def row(self, table: str, *values: str | None) -> None:
        assert len(values) == len(COLUMNS[table]), table
        self.tables[table].append(values)

    def _issuers_of(self, first_day: str) -> list[str | None]:
        return list({row[2] for row in self.tables["finance.close_log"] if row[1] == first_day})

    def _add_masters(self) -> None:
        early = iso(START - timedelta(days=30))
        for place in PROJECTS:
            for account in ACCOUNTS[:2]:
                self.row("openai.projects", f"{place}", place, account.id)
            self.row("anthropic.workspaces", place, place, ACCOUNTS[2].id)
        for key in KEYS:
            self.row("openai.project_api_keys", key, key, PROJECTS[0])
            self.row("anthropic.api_keys", key, key, PROJECTS[0])
        for customer in CUSTOMERS:
            self.row("attribution.customers", customer, customer, None, "false", "USD", early)
        for key, customer in zip(KEYS, CUSTOMERS, strict=False):
            self._rule(key, customer, START - timedelta(days=20), early)
        self._rule("proj_2", CUSTOMERS[2], START - timedelta(days=20), early, "sub_account")
        for customer in CUSTOMERS:
            for kind in ("billing_system", "end_user"):
                identifier = f"{kind}_{customer}"
                self.row(
                    "attribution.customer_identifiers",
                    *[customer, kind, identifier, early, None, early],
                )
        for category, account in ((None, "5000"), ("Purchase", "1400"), ("Tax", "5090")):
            self.row(
                "finance.journal_accounts",
                *[f"map_{account}", "entity-1", category, account, "2000", "2100", early, early],
            )
        for number, source in enumerate(("openai", "anthropic")):
            for key in SERVED_KEYS:
                self.row(
                    "litellm.LiteLLM_ProxyModelTable",
                    *[f"{source}_{key}", f"model-{number}", json.dumps({"provider_credential_id": key})],
                )

    def _rule(
        self,
        value: str,
        customer: str,
        since: datetime,
        recorded_at: str | None = None,
        kind: str = "credential",
    ) -> None:
        number = len(self.rules)
        self.rules.append(Rule(kind, value, customer, since))
        self.row(
            "attribution.attribution_rules",
            *[f"rule_{number}", str(1000 - number), kind, value, None, customer, None, None, None, None],
            *["CostOfRevenue", iso(since), None, recorded_at or iso(self.now)],
        )

    def _amount(self) -> Decimal:
        """Mostly a fraction of money with many digits; sometimes nothing, sometimes a credit."""
        amount = Decimal(self.chance.randrange(10**11)).scaleb(-self.chance.choice([9, 10, 12]))
        kind = self.chance.random()
        return Decimal(0) if kind < 0.05 else -amount if kind < 0.1 else amount

    def _new_cells(self, account: Account) -> list[Cell]:
        cells = []
        for _ in range(self.chance.randrange(1, 6)):
            place = self.chance.choice(PROJECTS)
            key = self.chance.choice(KEYS) if account.by_key else None
            items = CLASSES if account.source == "openai" else list(ANTHROPIC_CLASSES)
            tokens = self.chance.choice([0, self.chance.randrange(1, 10**6), self.chance.randrange(1, 10**6)])
            cells.append(Cell(place, key, self.chance.choice(items), self._amount(), tokens))
        return _distinct(cells)

    def _load(self, account: Account, day: datetime, cells: list[Cell]) -> None:
        self.tick()
        self.last_load = self.now
        loaded_at, end = iso(self.now), day + timedelta(days=1)
        if account.source == "openai":
            group_by = "project_id,line_item" + (",api_key_id" if account.by_key else "")
            bucket = [epoch(day), epoch(end)]
            for cell in cells:
                self.row(
                    "openai.costs",
                    *[account.id, *bucket, f"{cell.amount:f}", account.currency.lower()],
                    *[f"gpt-5-2025-08-07, {cell.item}", cell.place, cell.key, str(cell.tokens), "tokens"],
                    *[group_by, loaded_at],
                )
            self.row(
                "openai.bucket_loads", account.id, "costs", group_by, *bucket, str(len(cells)), loaded_at
            )
        else:
            group_by, bucket = "workspace_id,description", [iso(day), iso(end)]
            for cell in cells:
                self.row(
                    "anthropic.cost_report",
                    *[account.id, *bucket, f"{cell.amount * 100:f}", "USD", "tokens"],
                    *[f"Claude Haiku 4.5 Usage - {cell.item}", "claude-haiku-4-5-20251001", "0-200k"],
                    *[
                        "not_available",
                        "standard",
                        ANTHROPIC_CLASSES[cell.item],
                        cell.place,
                        group_by,
                        loaded_at,
                    ],
                )
            self.row(
                "anthropic.bucket_loads",
                account.id,
                "cost_report",
                group_by,
                *bucket,
                str(len(cells)),
                loaded_at,
            )
        self.bill[account, day] = cells
        self._load_usage(account, day, cells)
        total = sum((cell.amount for cell in cells), Decimal(0))
        self.note(f"{account.id} bills {len(cells)} lines, {total} for {day:%Y-%m-%d}")

    def _load_usage(self, account: Account, day: datetime, cells: list[Cell]) -> None:
        """What the provider metered: mostly the places that it billed, not always, and split over keys."""
        self.news[account.source, day] = self.now
        loaded_at, end = iso(self.now), day + timedelta(days=1)
        places = {cell.place for cell in cells if self.chance.random() < 0.9}
        records = [(place, key) for place in sorted(places) for key in KEYS if self.chance.random() < 0.5]
        self.usage[account, day] = []
        for place, key in records:
            tokens = [str(self.chance.randrange(10**6)) for _ in range(3)]
            counted = dict(zip(TOKEN_CLASSES, map(int, tokens), strict=True))
            self.usage[account, day].append(Usage(place, key, counted))
            if account.source == "openai":
                self.row(
                    "openai.completions_usage",
                    *[account.id, epoch(day), epoch(end), str(int(tokens[0]) + int(tokens[1])), tokens[1]],
                    *[tokens[2], str(self.chance.randrange(1, 50)), place, key, "gpt-5-2025-08-07", "false"],
                    *["default", "project_id,api_key_id,model,batch,service_tier", loaded_at],
                )
            else:
                self.row(
                    "anthropic.messages_usage",
                    *[
                        account.id,
                        iso(day),
                        iso(end),
                        tokens[0],
                        "0",
                        "0",
                        tokens[1],
                        tokens[2],
                        "0",
                        key,
                        place,
                    ],
                    *["claude-haiku-4-5-20251001", "0-200k", "standard", "not_available"],
                    *["api_key_id,workspace_id,model,service_tier,context_window,inference_geo", loaded_at],
                )
        if account.source == "openai":
            self.row(
                "openai.bucket_loads",
                *[account.id, "completions_usage", "project_id,api_key_id,model,batch,service_tier"],
                *[epoch(day), epoch(end), str(len(records)), loaded_at],
            )
        else:
            self.row(
                "anthropic.bucket_loads",
                *[account.id, "messages_usage"],
                "api_key_id,workspace_id,model,service_tier,context_window,inference_geo",
                *[iso(day), iso(end), str(len(records)), loaded_at],
            )


def _distinct(cells: list[Cell]) -> list[Cell]:
    """One line for each place, key and item: providers group by them."""
    return list({cell[:3]: cell for cell in cells}.values())
