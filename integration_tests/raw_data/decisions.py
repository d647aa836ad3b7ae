"""What people decided about the demo's cost: what customers share, what goes elsewhere than the rules say."""

from __future__ import annotations

from collections.abc import Iterator

from . import company as c
from .clock import at, iso
from .company import ANTHROPIC
from .tables import Row, Table

_RECORDED = iso(at(2026, 1, 12, 9))
_OCTOBER, _NOVEMBER = at(2026, 10, 1), at(2026, 11, 1)
_FIRST_KEY, _LEGACY_KEY = "apikey_legacy", "key_legacy_a"


def tables() -> Iterator[Table]:
    """The optional tables of the attribution source."""
    yield Table(
        "attribution",
        "shared_cost_rules",
        "rule_id priority match_leftover_reason match_customer_id match_agent_id match_cost_center "
        "match_cost_class match_source_relation method receivers receiver_product_line receiver_customer_ids "
        "receiver_source_relation target_cost_class effective_from effective_to recorded_at",
        _shared_cost_rules(),
    )
    yield Table(
        "attribution",
        "override_requests",
        "request_id match_source_relation match_credential_id match_sub_account_id match_agent_id "
        "match_customer_id match_model_id charge_period_from charge_period_to customer_id product_line "
        "agent_id workflow_id cost_center cost_class is_reclass reason requested_by requested_at approved_by "
        "approved_at rejected_by rejected_at rejection_reason withdraws_request_id recorded_at",
        _override_requests(),
    )


def _shared_cost_rules() -> Iterator[Row]:
    """Evaluation, research and demos stay with the teams that ran them: no rule names them."""

    def rule(
        rule_id: str,
        method: str,
        reason: str,
        agent: str | None = None,
        source: str | None = None,
        line: str | None = None,
        start: int = at(2026, 1, 1),
    ) -> Row:
        receivers = "product_line" if line else "all_customers"
        return (
            *(rule_id, "10", reason, None, agent, None, None, source, method, receivers, line, None, source),
            *(None, iso(start), None, _RECORDED),
        )

    # Credits that expired were bought for those who use the provider.
    yield rule("sc_unused_credits", "list_cost", "UnusedCommitment", source=ANTHROPIC)
    # Calls of a product's own agents that name no end user are background work for all of its users.
    yield rule("sc_agent_tests", "requests", "NoCustomer", agent="agent_tests", line="code", start=_OCTOBER)
    yield rule("sc_agent_review", "tokens", "NoCustomer", agent="agent_review", start=_OCTOBER)


def _override_requests() -> Iterator[Row]:
    def request(
        request_id: str,
        key: str,
        window: tuple[int, int],
        reason: str,
        customer: str,
        *,
        center: str | None = "CC-900",
        cost_class: str | None = "ResearchAndDevelopment",
        asked: tuple[str, int],
        approved: tuple[str | None, int | None] = (None, None),
        rejected: tuple[str | None, int | None, str | None] = (None, None, None),
        is_reclass: bool = False,
    ) -> Row:
        asked_by, asked_at = asked
        approver, approved_at = approved
        rejecter, rejected_at, rejection = rejected
        return (
            *(request_id, None, key, None, None, None, None, iso(window[0]), iso(window[1])),
            *(customer, None, None, None, center, cost_class, "true" if is_reclass else "false", reason),
            *(asked_by, iso(asked_at), approver, approved_at and iso(approved_at)),
            *(rejecter, rejected_at and iso(rejected_at), rejection, None),
            iso(approved_at or rejected_at or asked_at),
        )

    def withdrawal(
        request_id: str, of: str, reason: str, asked: tuple[str, int], approved: tuple[str, int]
    ) -> Row:
        people = asked[0], iso(asked[1]), approved[0], iso(approved[1])
        nothing_of_its_own = (None,) * 14
        return (
            *(request_id, *nothing_of_its_own, "false", reason, *people),
            *(None, None, None, of, iso(approved[1])),
        )

    mara, tom, ines = "user-mara", "user-tom", "user-ines"
    october = (_OCTOBER, _NOVEMBER)
    yield request(
        *("ov_2026_001", _FIRST_KEY, october, "The first key runs the retrieval experiments", c.RESEARCH),
        asked=(mara, at(2026, 10, 12, 9)),
        approved=(tom, at(2026, 10, 12, 15)),
    )
    yield request(
        *("ov_2026_002", _FIRST_KEY, (at(2026, 9, 14), at(2026, 9, 21)), "The same, the week of the launch"),
        c.RESEARCH,
        asked=(mara, at(2026, 10, 12, 9, 5)),
        approved=(ines, at(2026, 10, 13, 10)),
        is_reclass=True,
    )
    # September is closed and this is no reclass: only its October part moves.
    yield request(
        *(
            "ov_2026_003",
            _LEGACY_KEY,
            (at(2026, 9, 28), at(2026, 10, 8)),
            "Load test of the fair",
            c.SUPPORT,
        ),
        center="CC-510",
        cost_class="SalesAndMarketing",
        asked=(mara, at(2026, 10, 14, 8)),
        approved=(tom, at(2026, 10, 14, 11)),
    )
    yield request(
        *(
            "ov_2026_004",
            _FIRST_KEY,
            (at(2026, 10, 10), at(2026, 10, 20)),
            "Evaluation ran",
            c.EVALUATION,
        ),
        center="CC-910",
        asked=(ines, at(2026, 10, 15, 9)),
        approved=(tom, at(2026, 10, 15, 16)),
    )
    yield request(
        *("ov_2026_005", _LEGACY_KEY, (at(2026, 10, 8), _NOVEMBER), "Old crawler", c.RESEARCH),
        asked=(mara, at(2026, 10, 15, 10)),
        approved=(mara, at(2026, 10, 15, 10, 1)),
    )
    yield request(
        *("ov_2026_006", "key_eval", october, "Evaluation for Kestrel Logistics only", c.KESTREL),
        center=None,
        cost_class="CostOfRevenue",
        asked=(mara, at(2026, 10, 16, 9)),
        rejected=(ines, at(2026, 10, 16, 17), "Evaluation serves every customer"),
    )
    yield request(
        *("ov_2026_007", "key_gw_docs", october, "Trial accounts of the fair", c.SUPPORT),
        center="CC-510",
        cost_class="SalesAndMarketing",
        asked=(mara, at(2026, 10, 19, 9)),
    )
    yield request(
        *("ov_2026_008", "key_research_1", october, "Experiments for Kestrel Logistics", c.KESTREL),
        center=None,
        cost_class="CostOfRevenue",
        asked=(mara, at(2026, 10, 16, 11)),
        approved=(tom, at(2026, 10, 16, 15)),
    )
    yield withdrawal(
        *("ov_2026_009", "ov_2026_008", "The experiments were our own after all"),
        asked=(mara, at(2026, 10, 17, 9)),
        approved=(ines, at(2026, 10, 17, 11)),
    )
