"""Columns of the marts that the pack reads, with their types in DuckDB."""

MONEY = "decimal(38, 12)"

PERIODS = """
    accounting_period varchar, accounting_period_start timestamp, accounting_period_end timestamp,
    first_day date, last_day date, accounting_period_status varchar, closed_at timestamp, closed_by varchar,
    reviewed_by varchar, close_reason varchar, close_id varchar
"""
MARGIN = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, customer_segment varchar,
    is_internal boolean, product_line varchar, reporting_currency varchar, revenue {MONEY},
    ai_cost_of_revenue {MONEY}, gross_margin {MONEY}, prior_period_revenue {MONEY},
    prior_period_ai_cost {MONEY}, unclassified_ai_cost {MONEY}, operating_ai_cost {MONEY},
    prior_period_other_ai_cost {MONEY},
    excluded_tax {MONEY}, other_cost_of_revenue {MONEY}, gross_margin_after_other {MONEY},
    request_count bigint, revenue_per_1000_requests {MONEY},
    break_even_price_per_1000_requests {MONEY}, attributed_share {MONEY}, priced_share {MONEY},
    complete_through timestamp, is_month_closed boolean, ai_cost_null_reason varchar,
    gross_margin_null_reason varchar
"""
BRIDGE = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, product_line varchar,
    line_status varchar, previous_gross_margin {MONEY}, gross_margin {MONEY}, gross_margin_change {MONEY},
    request_volume_effect {MONEY}, price_effect {MONEY}, model_mix_effect {MONEY},
    new_customer_effect {MONEY}, null_reason varchar
"""
RISK = f"""
    accounting_period_start timestamp, customer_id varchar, customer_name varchar, risk_type varchar,
    revenue {MONEY}, ai_cost_of_revenue {MONEY}, gross_margin {MONEY}, revenue_share {MONEY},
    cost_share {MONEY}, revenue_per_1000_requests {MONEY}, break_even_price_per_1000_requests {MONEY}
"""
CHECKS = f"""
    accounting_period_start timestamp, accounting_period_status varchar, check_name varchar,
    check_status varchar, figure {MONEY}, figure_unit varchar, figure_limit {MONEY}, closed_by varchar,
    reviewed_by varchar, check_prepared_by varchar, check_reviewed_by varchar, check_note varchar,
    evidence_query varchar
"""
CONSERVATION = f"""
    check_name varchar, source_relation varchar, billing_account_id varchar, invoice_issuer_name varchar,
    billing_currency varchar, billing_period_start timestamp, evidence_amount {MONEY}, focus_amount {MONEY},
    difference {MONEY}, check_status varchar
"""
INVOICES = f"""
    accounting_period_start timestamp, invoice_issuer_name varchar, invoice_id varchar,
    invoice_line_id varchar, line_description varchar, charge_category varchar, invoice_status varchar,
    billing_currency varchar,
    line_amount {MONEY}, matched_billed_cost {MONEY}, rounding_cost {MONEY}, remaining_difference {MONEY},
    reconciliation_status varchar, difference_reason varchar
"""
UNMATCHED = f"""
    billing_period_start timestamp, match_status varchar, match_reason varchar, is_awaiting_invoice boolean,
    invoice_issuer_name varchar, billing_account_id varchar, billing_currency varchar,
    charge_category varchar, row_count bigint, billed_cost {MONEY}
"""
LEDGER = f"""
    accounting_period_start timestamp, vendor varchar, invoice_id varchar, currency varchar,
    ledger_entry_count bigint, ledger_amount {MONEY}, billed_cost {MONEY}, difference {MONEY},
    reconciliation_status varchar, difference_reason varchar
"""
USAGE_PRICE = f"""
    accounting_period_start timestamp, source_relation varchar, billing_currency varchar,
    difference_reason varchar, cell_count bigint, provider_reported_cost {MONEY}, expected_cost {MONEY},
    difference {MONEY}
"""
PREPAID = f"""
    accounting_period_start timestamp, source_relation varchar, grant_id varchar, billing_currency varchar,
    purchased_at timestamp, opening_cost {MONEY}, bought_cost {MONEY}, drawn_cost {MONEY},
    expired_cost {MONEY}, corrected_bought_cost {MONEY}, corrected_drawn_cost {MONEY},
    corrected_expired_cost {MONEY},
    closing_cost {MONEY}
"""
RULES = """
    finding_type varchar, rule_id varchar, other_rule_id varchar, match_type varchar, match_value varchar,
    window_start timestamp, window_end timestamp, remedy varchar
"""
UNATTRIBUTED = f"""
    accounting_period_start timestamp, source_relation varchar, billing_account_id varchar,
    sub_account_id varchar, credential_id varchar, unattributed_reason varchar, charge_category varchar,
    is_prior_period boolean, request_count bigint, currency varchar, reporting_effective_cost {MONEY},
    remedy varchar
"""
AUDIT = """
    sequence_number bigint, recorded_at varchar, action varchar, actor varchar, approved_by varchar,
    subject varchar, before varchar, after varchar, previous_hash varchar, entry_hash varchar
"""

CLASSES = f"""
    accounting_period_start timestamp, cost_class varchar, cost_center varchar, ai_cost {MONEY},
    prior_period_ai_cost {MONEY}, tax {MONEY}
"""
CHARGEBACK = f"""
    accounting_period_start timestamp, cost_center varchar, is_chargeable boolean, unassigned_reason varchar,
    charge_count bigint, reporting_effective_cost {MONEY}, reporting_prior_period_effective_cost {MONEY}
"""
RESTATED = f"""
    accounting_period_start timestamp, accounting_period_status varchar, reported_revenue {MONEY},
    revenue_restatement {MONEY}, reported_ai_cost_of_revenue {MONEY}, ai_cost_of_revenue_restatement {MONEY},
    reported_gross_margin {MONEY}, restated_gross_margin {MONEY}
"""
FLASH = f"""
    accounting_period_start timestamp, measure varchar, source_relation varchar, billing_account_id varchar,
    currency varchar, flash_amount {MONEY}, late_amount {MONEY}, restated_amount {MONEY},
    withdrawn_amount {MONEY}, final_amount {MONEY}
"""
ACCRUALS = f"""
    accounting_period_start timestamp, accrual_entry_id varchar, entry_type varchar, posting_date timestamp,
    accrual_basis varchar, invoice_issuer_name varchar, cost_center varchar, cost_class varchar,
    billing_currency varchar, amount {MONEY}, null_reason varchar
"""
JOURNAL = """
    accounting_period_start timestamp, journal_type varchar, entity_id varchar, account_id varchar,
    cost_center varchar, currency varchar, debit_subunits decimal(38, 0), credit_subunits decimal(38, 0),
    subunits_per_unit bigint
"""
WITHDRAWN = f"""
    accounting_period_start timestamp, evidence varchar, source_relation varchar,
    corrected_accounting_period_start timestamp, billing_currency varchar, lost_charge_count bigint,
    lost_effective_cost {MONEY}, closed_effective_cost {MONEY}, lost_share decimal(38, 6), is_unusual boolean
"""
COMMITMENTS = f"""
    accounting_period_start timestamp, commitment_id varchar, source_relation varchar, currency varchar,
    period_end timestamp, minimum_amount {MONEY}, spent_to_date {MONEY}, forecast_amount {MONEY},
    shortfall_amount {MONEY}, commitment_status varchar
"""
BUDGETS = f"""
    budget_id varchar, scope varchar, scope_id varchar, period_start timestamp, period_end timestamp,
    currency varchar, amount {MONEY}, spent {MONEY}, estimated_unbilled_cost {MONEY}, forecast_cost {MONEY},
    state varchar, decision varchar
"""
SUBLEDGER = f"""
    accounting_period_start timestamp, billing_customer_id varchar, invoice_id varchar, currency varchar,
    subledger_amount {MONEY}, revenue_amount {MONEY}, difference {MONEY}, reconciliation_status varchar,
    difference_reason varchar
"""
DUPLICATES = f"""
    accounting_period_start timestamp, finding_type varchar, invoice_issuer_name varchar, invoice_id varchar,
    duplicate_of_invoice_id varchar, currency varchar, amount {MONEY}
"""
DIFFERENCES = f"""
    accounting_period_start timestamp, reconciliation varchar, difference_class varchar, currency varchar,
    amount {MONEY}
"""
CLOSES = """
    accounting_period_start timestamp, close_id varchar, version_number bigint, action varchar,
    closed_at timestamp, closed_by varchar, reviewed_by varchar, reason varchar, exceptions varchar,
    package_version varchar, charges_row_count bigint, charges_content_sha256 varchar
"""
OVERRIDES = f"""
    request_id varchar, status varchar, status_reason varchar, customer_id varchar, product_line varchar,
    cost_center varchar, cost_class varchar, reason varchar, requested_by varchar, approved_by varchar,
    charge_period_from timestamp, charge_period_to timestamp, billing_currency varchar,
    withdraws_request_id varchar, withdrawal_id varchar,
    moved_effective_cost {MONEY}, reclassified_effective_cost {MONEY}
"""
DRIFT = f"""
    accounting_period_start timestamp, attribution_drift_id varchar, cause varchar, rule_id varchar,
    billing_currency varchar, from_customer_id varchar, to_customer_id varchar, from_cost_class varchar,
    to_cost_class varchar, from_leftover_reason varchar, to_leftover_reason varchar, charge_count bigint,
    effective_cost {MONEY}, revenue {MONEY}
"""
