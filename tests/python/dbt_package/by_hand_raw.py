"""Raw rows by hand: what an API or a table of the company would have landed, a line a row.

Days are texts (`2026-02-10`); a bucket is loaded at six the next morning unless the row says otherwise.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from .project import Project

COST_GROUPS = "project_id,line_item,api_key_id"
USAGE_GROUPS = "project_id,user_id,api_key_id,model,batch,service_tier"
REPORT_GROUPS = "workspace_id,description"
MESSAGE_GROUPS = "api_key_id,workspace_id,model,service_tier,context_window,inference_geo"
ALWAYS = "2026-01-01T00:00:00Z"


def midnight(day: str, after: int = 0) -> str:
    """Start of a day, or of one after it, in UTC."""
    moment = datetime.fromisoformat(day) + timedelta(days=after)
    return moment.strftime("%Y-%m-%dT00:00:00Z")


def epoch(day: str, hours: int = 0) -> int:
    """Seconds since 1970 at an hour of a day."""
    return int(datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp()) + hours * 3600


class Raw:
    """Raw tables in the making; a column that a row does not name is null."""

    def __init__(self, headers: dict[str, list[str]]) -> None:
        self._headers = headers
        self._rows: dict[str, list[list[str | None]]] = {name: [] for name in headers}

    def add(self, table: str, **values: object) -> None:
        source, name = table.split(".")
        columns = self._headers[f'{source}."{name}"']
        if unknown := set(values) - set(columns):
            raise KeyError(f"{table} has no {unknown}")
        row = [None if values.get(column) is None else str(values[column]) for column in columns]
        self._rows[f'{source}."{name}"'].append(row)

    def distinct(self, table: str, *columns: str) -> list[tuple[str | None, ...]]:
        """What stands in some columns of a table so far, each combination once."""
        source, name = table.split(".")
        key = f'{source}."{name}"'
        places = [self._headers[key].index(column) for column in columns]
        return sorted({tuple(row[place] for place in places) for row in self._rows[key]})

    def load(self, project: Project) -> None:
        for name, rows in self._rows.items():
            project.raw_table(name, self._headers[name], rows)

    # -- providers -----------------------------------------------------------------------------------

    def openai_cost(self, account: str, day: str, line_item: str, amount: str, **values: object) -> None:
        """A cell of OpenAI's bill; `tokens` is its quantity."""
        if "tokens" in values:
            values |= {"quantity": values.pop("tokens"), "quantity_unit": "tokens"}
        self.add(
            "openai.costs",
            **{"organization_id": account, "start_time": epoch(day), "end_time": epoch(day, 24)},
            **{"amount_value": amount, "line_item": line_item},
            **{"amount_currency": "usd", "group_by": COST_GROUPS, "project_id": "proj"}
            | {"loaded_at": midnight(day, 1).replace("T00", "T06")}
            | values,
        )

    def openai_usage(self, account: str, day: str, model: str, **values: object) -> None:
        """A record of OpenAI's completions usage; `hour` for one of an hour's bucket."""
        hour = values.pop("hour", None)
        start, end = (
            (epoch(day), epoch(day, 24)) if hour is None else (epoch(day, hour), epoch(day, hour + 1))
        )
        self.add(
            "openai.completions_usage",
            **{"organization_id": account, "start_time": start, "end_time": end, "model": model},
            **{"input_tokens": 0, "output_tokens": 0, "num_model_requests": 1, "project_id": "proj"}
            | {"batch": "false", "service_tier": "default", "group_by": USAGE_GROUPS}
            | {"loaded_at": midnight(day, 1).replace("T00", "T06")}
            | values,
        )

    def anthropic_cost(self, account: str, day: str, description: str, cents: str, **values: object) -> None:
        """A row of Anthropic's cost report, in cents."""
        self.add(
            "anthropic.cost_report",
            **{"organization_id": account, "starting_at": midnight(day), "ending_at": midnight(day, 1)},
            **{"description": description, "amount": cents, "currency": "USD"},
            **{"cost_type": "tokens", "context_window": "0-200k", "inference_geo": "not_available"}
            | {"service_tier": "standard", "group_by": REPORT_GROUPS}
            | {"loaded_at": midnight(day, 1).replace("T00", "T06")}
            | values,
        )

    def anthropic_usage(self, account: str, day: str, model: str, **values: object) -> None:
        """A record of Anthropic's messages usage; `hour` for one of an hour's bucket."""
        hour = values.pop("hour", None)
        start, end = midnight(day), midnight(day, 1)
        if hour is not None:
            start, end = (start.replace("T00", f"T{number:02}") for number in (hour, hour + 1))
        counts = dict.fromkeys(("uncached_input_tokens", "cache_read_input_tokens", "output_tokens"), 0)
        self.add(
            "anthropic.messages_usage",
            **{"organization_id": account, "starting_at": start, "ending_at": end, "model": model},
            **counts
            | {"context_window": "0-200k", "service_tier": "standard", "inference_geo": "not_available"}
            | {"group_by": MESSAGE_GROUPS, "loaded_at": midnight(day, 1).replace("T00", "T06")}
            | values,
        )

    def call(self, request: str, at: str, model: str, prompt: int, completion: int, **values: object) -> None:
        """A call through the gateway; `cached` tokens as OpenAI's answers tell them."""
        usage = {"prompt_tokens_details": {"cached_tokens": values.pop("cached", 0)}}
        metadata = {"additional_usage_values": usage, "usage_object": {"service_tier": "default"}}
        self.add(
            "litellm.LiteLLM_SpendLogs",
            **{"request_id": request, "startTime": at, "endTime": at, "loaded_at": at, "model": model},
            **{"prompt_tokens": prompt, "completion_tokens": completion, "metadata": json.dumps(metadata)},
            **{"api_key": "vk", "spend": "0", "custom_llm_provider": "openai", "status": "success"},
            **{"cache_hit": "False", "request_tags": "[]"} | values,
        )

    def deployment(self, deployment: str, key: str) -> None:
        """A deployment of the gateway and the provider's key behind it."""
        self.add(
            "litellm.LiteLLM_ProxyModelTable",
            **{"model_id": deployment, "model_name": deployment},
            model_info=json.dumps({"provider_credential_id": key}),
        )

    # -- the company -----------------------------------------------------------------------------------

    def customer(self, customer: str, *keys: str, billing: str | None = None) -> None:
        """A customer, the provider's keys that are its own, its id in the billing system."""
        self.add(
            "attribution.customers",
            **{"customer_id": customer, "customer_name": customer, "is_internal": "false"},
            recorded_at=ALWAYS,
        )
        for key in keys:
            self.rule(f"{customer} {key}", customer, match_value=key)
        if billing:
            self.payer(billing, customer)

    def payer(self, billing: str, customer: str, **values: object) -> None:
        """Whose an id of the billing system is; always, unless the values say otherwise."""
        self.add(
            "attribution.customer_identifiers",
            **{"customer_id": customer, "identifier_type": "billing_system", "identifier": billing},
            **{"effective_from": ALWAYS, "recorded_at": ALWAYS} | values,
        )

    def rule(self, rule: str, customer: str, **values: object) -> None:
        self.add(
            "attribution.attribution_rules",
            **{"rule_id": rule, "customer_id": customer},
            **{
                "cost_class": "CostOfRevenue",
                "priority": 10,
                "match_type": "credential",
                "effective_from": ALWAYS,
                "recorded_at": ALWAYS,
            }
            | values,
        )

    def contract_price(
        self, price: str, account: str, model: str, token_class: str, **values: object
    ) -> None:
        self.add(
            "finance.contract_prices",
            **{"price_id": price, "source_relation": "openai", "billing_account_id": account},
            **{"model_id": model, "token_class": token_class, "processing_tier": "standard"},
            **{"currency": "USD", "effective_from": ALWAYS, "recorded_at": ALWAYS} | values,
        )

    def grant(self, grant: str, account: str, bought: str, face: str, paid: str, **values: object) -> None:
        self.add(
            "finance.prepaid_grants",
            **{"grant_id": grant, "billing_account_id": account, "purchased_at": midnight(bought)},
            **{"face_amount": face, "paid_amount": paid},
            **{"source_relation": "openai", "currency": "USD", "recorded_at": midnight(bought)} | values,
        )

    def rate(self, month: str, currency: str, rate: str, recorded: str, **values: object) -> None:
        self.add(
            "finance.fx_rates",
            **{"month": f"{month}-01", "from_currency": currency, "rate": rate},
            **{"recorded_at": midnight(recorded), "to_currency": "USD", "rate_type": "average"} | values,
        )

    # -- invoices, to us and from us -------------------------------------------------------------------

    def provider_invoice(
        self, invoice: str, account: str, month: str, *lines: tuple[str, ...], **values: object
    ) -> None:
        """An invoice for a month, of OpenAI by default; a line is (type, amount[, tax rate[, from, to]])."""
        start = f"{month}-01"
        end = (datetime.fromisoformat(start) + timedelta(days=32)).strftime("%Y-%m-01")
        created = midnight(end, 1)
        self.add(
            "provider_invoices.invoices",
            **{"invoice_id": invoice, "billing_account_id": account},
            **{"billing_period_start": midnight(start), "billing_period_end": midnight(end)},
            **{"invoice_issuer_name": "OpenAI", "currency": "USD", "status": "Issued"}
            | {"payment_terms": "Net 30", "created_at": created}
            | {"issue_date": created, "due_date": created, "updated_at": created}
            | values,
        )
        for number, (line_type, amount, *more) in enumerate(lines, 1):
            rate, service_start, service_end = (*more, *(None,) * (3 - len(more)))
            self.add(
                "provider_invoices.invoice_lines",
                **{"invoice_line_id": f"{invoice}-{number}", "invoice_id": invoice, "line_type": line_type},
                **{"description": f"{line_type} {invoice}", "amount": amount, "tax_rate": rate},
                service_start=midnight(service_start) if service_start else None,
                service_end=midnight(service_end) if service_end else None,
            )

    def stripe_invoice(self, invoice: str, payer: str, *lines: tuple[object, ...], **values: object) -> None:
        """A Stripe invoice of 1 February; a line is (amount[, from, to]), by default of February."""
        currency = values.pop("currency", "usd")
        self.add(
            "stripe.invoice",
            **{"id": invoice, "customer_id": payer, "currency": currency, "livemode": "true"},
            **{"status": "paid", "created": "2026-02-01 08:00:00"}
            | {"status_transitions_finalized_at": "2026-02-01 09:00:00"}
            | values,
        )
        for number, (amount, *period) in enumerate(lines, 1):
            start, end = period or ("2026-02-01", "2026-03-01")
            self.add(
                "stripe.invoice_line_item",
                **{
                    "id": f"{invoice}.{number}",
                    "invoice_id": invoice,
                    "amount": amount,
                    "currency": currency,
                },
                **{"invoice_item_id": f"{invoice}.item{number}", "metadata": "{}"},
                **{"period_start": f"{start} 00:00:00", "period_end": f"{end} 00:00:00"},
            )

    def credit_note(
        self, note: str, invoice: str, created: str, amount: int, line: str | None, **values: object
    ) -> None:
        """A credit note: of an invoice line, of a line that names none (''), of an amount alone (None)."""
        self.add(
            "stripe.credit_note",
            **{"id": note, "invoice_id": invoice, "created": f"{created} 00:00:00"},
            **{"amount": amount, "status": "issued"} | values,
        )
        if line is not None:
            self.add(
                "stripe.credit_note_line_item",
                **{"id": f"{note}.1", "credit_note_id": note, "invoice_line_item_id": line or None},
                **{"amount": amount, "discount_amount": 0},
            )
