"""Calls that the company's gateway saw: of keys that it serves, for customers and for nobody known."""

from __future__ import annotations

import json
from datetime import timedelta

from simulation.company import CUSTOMERS, MODELS, SERVED_KEYS, TOKEN_CLASSES, Company
from simulation.facts import Call
from simulation.tables import iso


class Gateway:
    """A log of calls, which comes when it comes: for any day that was billed."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.chance = company.chance

    def log(self) -> None:
        """Some calls of a key on a day, which may belong to a closed month; some reached no provider."""
        company, chance = self.company, self.chance
        if not company.usage:
            return
        company.tick()
        account, day = chance.choice(list(company.usage))
        company.news[account.source, day] = company.now
        key, loaded_at = chance.choice(SERVED_KEYS), iso(company.now)
        for _ in range(chance.randrange(1, 5)):
            customer = chance.choice([*CUSTOMERS, None])
            tokens = {name: chance.randrange(400_000) for name in TOKEN_CLASSES}
            is_cache_hit = chance.random() < 0.1
            moment = day + timedelta(seconds=chance.randrange(86_400))
            company.row(
                "litellm.LiteLLM_SpendLogs",
                *[f"call_{len(company.tables['litellm.LiteLLM_SpendLogs'])}", f"vk_{key}", "0.25"],
                *[str(tokens["uncached_input"] + tokens["cache_read"]), str(tokens["output"])],
                *[iso(moment), iso(moment), MODELS[account.source], f"{account.source}_{key}"],
                *[account.source, None, _metadata(tokens["cache_read"]), str(is_cache_hit)],
                *["[]", None, f"end_user_{customer}" if customer else None, None, "success", None, loaded_at],
            )
            if not is_cache_hit:
                company.calls.append(Call(account.source, key, day, customer, tokens))
        company.note(f"the gateway tells calls of {key} at {account.source} on {day:%Y-%m-%d}")


def _metadata(cached: int) -> str:
    return json.dumps({"additional_usage_values": {"cache_read_input_tokens": cached}})
