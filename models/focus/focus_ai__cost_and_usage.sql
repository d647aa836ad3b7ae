{{ config(enabled=focus_ai.any_cost_source()) }}

{#- (column, type, expression on a posted row): the columns of FOCUS 1.4 in alphabetical order, then ours. -#}
{%- set columns = [
    ('AllocatedMethodDetails', 'text', 'allocated_method_details'),
    ('AllocatedMethodId', 'text', 'allocated_method_id'),
    ('AllocatedResourceId', 'text', 'allocated_resource_id'),
    ('AllocatedResourceName', 'text', 'case when allocated_resource_id is not null then '
        ~ 'coalesce(customer_name, allocated_resource_id) end'),
    ('AllocatedTags', 'text', 'allocated_tags'),
    ('AvailabilityZone', 'text', 'null'),
    ('BilledCost', 'money', 'billed_cost'),
    ('BillingAccountId', 'text', 'billing_account_id'),
    ('BillingAccountName', 'text', focus_ai.billing_account_name('billing_account_id')),
    ('BillingAccountType', 'text', "'Organization'"),
    ('BillingCurrency', 'text', 'billing_currency'),
    ('BillingPeriodEnd', 'timestamp', 'billing_period_end'),
    ('BillingPeriodStart', 'timestamp', 'billing_period_start'),
    ('CapacityReservationId', 'text', 'null'),
    ('CapacityReservationStatus', 'text', 'null'),
    ('ChargeCategory', 'text', 'charge_category'),
    ('ChargeClass', 'text', 'charge_class'),
    ('ChargeDescription', 'text', 'charge_description'),
    ('ChargeFrequency', 'text', 'charge_frequency'),
    ('ChargePeriodEnd', 'timestamp', 'charge_period_end'),
    ('ChargePeriodStart', 'timestamp', 'charge_period_start'),
    ('CommitmentDiscountCategory', 'text', 'commitment_discount_category'),
    ('CommitmentDiscountId', 'text', 'commitment_discount_id'),
    ('CommitmentDiscountName', 'text', 'commitment_discount_name'),
    ('CommitmentDiscountQuantity', 'money', 'commitment_discount_quantity'),
    ('CommitmentDiscountStatus', 'text', 'commitment_discount_status'),
    ('CommitmentDiscountType', 'text', 'commitment_discount_type'),
    ('CommitmentDiscountUnit', 'text', 'commitment_discount_unit'),
    ('CommitmentProgramEligibilityDetails', 'text', 'commitment_program_eligibility_details'),
    ('ConsumedQuantity', 'quantity', 'consumed_quantity'),
    ('ConsumedUnit', 'text', 'consumed_unit'),
    ('ContractApplied', 'text', 'contract_applied'),
    ('ContractedCost', 'money', 'contracted_cost'),
    ('ContractedUnitPrice', 'price', 'contracted_unit_price'),
    ('EffectiveCost', 'money', 'effective_cost'),
    ('HostProviderName', 'text', 'host_provider_name'),
    ('InvoiceDetailId', 'text', 'invoice_detail_id'),
    ('InvoiceId', 'text', 'invoice_id'),
    ('InvoiceIssuerName', 'text', 'invoice_issuer_name'),
    ('ListCost', 'money', 'list_cost'),
    ('ListUnitPrice', 'price', 'list_unit_price'),
    ('PricingCategory', 'text', 'pricing_category'),
    ('PricingCurrency', 'text', 'billing_currency'),
    ('PricingCurrencyContractedUnitPrice', 'price', 'contracted_unit_price'),
    ('PricingCurrencyEffectiveCost', 'money', 'effective_cost'),
    ('PricingCurrencyListUnitPrice', 'price', 'list_unit_price'),
    ('PricingQuantity', 'quantity', 'pricing_quantity'),
    ('PricingUnit', 'text', 'pricing_unit'),
    ('RegionId', 'text', 'null'),
    ('RegionName', 'text', 'null'),
    ('ResourceId', 'text', 'resource_id'),
    ('ResourceName', 'text', 'resource_name'),
    ('ResourceType', 'text', 'resource_type'),
    ('ServiceCategory', 'text', "'AI and Machine Learning'"),
    ('ServiceName', 'text', 'service_name'),
    ('ServiceProviderName', 'text', 'service_provider_name'),
    ('ServiceSubcategory', 'text', "'Generative AI'"),
    ('SkuId', 'text', 'sku_id'),
    ('SkuMeter', 'text', 'sku_meter'),
    ('SkuPriceDetails', 'text', 'sku_price_details'),
    ('SkuPriceId', 'text', 'sku_price_id'),
    ('SubAccountId', 'text', 'sub_account_id'),
    ('SubAccountName', 'text', 'coalesce(sub_account_name, sub_account_id)'),
    ('SubAccountType', 'text', 'sub_account_type'),
    ('Tags', 'text', 'null'),
    ('x_AccountingPeriodStart', 'timestamp', 'accounting_period_start'),
    ('x_AdjustmentReason', 'text', 'null'),
    ('x_AgentId', 'text', 'agent_id'),
    ('x_AttributionConfidence', 'text', 'attribution_confidence'),
    ('x_AttributionMethodId', 'text', 'attribution_method_id'),
    ('x_AttributionRuleId', 'text', 'attribution_rule_id'),
    ('x_ChargeId', 'text', 'posted_charge_id'),
    ('x_ContractedPriceBasis', 'text', 'contracted_price_basis'),
    ('x_CorrectedBillingPeriodStart', 'timestamp', 'corrected_billing_period_start'),
    ('x_CorrectedInvoiceId', 'text', 'coalesce(corrected_invoice_id, reversed_invoice_id)'),
    ('x_CorrectionReason', 'text', 'correction_reason'),
    ('x_CostBasis', 'text', 'cost_basis'),
    ('x_CostCenter', 'text', 'cost_center'),
    ('x_CostClass', 'text', 'cost_class'),
    ('x_CredentialId', 'text', 'credential_id'),
    ('x_CustomerId', 'text', 'customer_id'),
    ('x_IsBoundaryBucket', 'boolean', 'is_boundary_bucket'),
    ('x_LeftoverReason', 'text', 'leftover_reason'),
    ('x_ListPriceBasis', 'text', 'list_price_basis'),
    ('x_PrincipalId', 'text', 'principal_id'),
    ('x_ProductLine', 'text', 'product_line'),
    ('x_QuantityBasis', 'text', 'quantity_basis'),
    ('x_RequestCount', 'count', 'request_count'),
    ('x_SourceRelation', 'text', 'source_relation'),
    ('x_SourceSystemName', 'text', 'source_system_name'),
    ('x_WorkflowId', 'text', 'workflow_id'),
] %}
{#- A rounding row has neither SKU nor consumer, and all its costs are the amount billed (R7, R8). -#}
{%- set on_rounding_row = {
    'ContractedCost': 'billed_cost',
    'ListCost': 'billed_cost',
    'x_AdjustmentReason': 'adjustment_reason',
    'x_ChargeId': 'charge_key',
    'x_CorrectedInvoiceId': 'corrected_invoice_id',
    'x_CostClass': "'Unclassified'",
    'x_IsBoundaryBucket': 'false',
    'x_LeftoverReason': "'InvoiceLevelCharge'",
} %}
{%- set not_on_rounding_row = [
    'AllocatedMethodDetails', 'AllocatedMethodId', 'AllocatedResourceId', 'AllocatedResourceName', 'AllocatedTags',
    'CommitmentProgramEligibilityDetails', 'ConsumedQuantity', 'ConsumedUnit', 'ContractApplied', 'ContractedUnitPrice',
    'ListUnitPrice', 'PricingCurrencyContractedUnitPrice', 'PricingCurrencyListUnitPrice', 'PricingQuantity',
    'PricingUnit', 'SkuId', 'SkuMeter', 'SkuPriceDetails', 'SkuPriceId', 'x_AgentId', 'x_AttributionConfidence',
    'x_AttributionMethodId', 'x_AttributionRuleId', 'x_ContractedPriceBasis', 'x_CostCenter', 'x_CustomerId',
    'x_ListPriceBasis', 'x_PrincipalId', 'x_ProductLine', 'x_QuantityBasis', 'x_RequestCount', 'x_WorkflowId',
] %}

with

posted as (

    select * from {{ ref('int_focus_ai__published') }}

),

invoice_matches as (

    select
        invoice_match_key,
        invoice_id,
        invoice_detail_id,
        cost_basis
    from {{ ref('int_focus_ai__invoice_matches') }}
    where is_current

),

invoice_rounding as (

    select
        *,
        service_provider_name || ' ' || endpoint as source_system_name
    from {{ ref('int_focus_ai__invoice_rounding') }}

),

-- The invoice of what a correction corrects: the facts of its row as they were when it was first posted.
corrected as (

    select
        posted_charge_id,
        invoice_issuer_name,
        billing_account_id,
        billing_currency,
        charge_category,
        {{ focus_ai.typed_null('text') }} as charge_class,
        sub_account_id,
        model_id,
        sku_meter,
        commitment_discount_status,
        origin_invoice_id,
        origin_invoice_line_id,
        charge_period_start,
        original_billing_period_start as billing_period_start,
        {{ focus_ai.typed_null('timestamp') }} as corrected_billing_period_start
    from posted
    where posting_kind <> 'Original'

),

corrected_invoices as (

    select
        corrected.posted_charge_id,
        invoice_matches.invoice_id
    from corrected
    inner join invoice_matches
        on {{ focus_ai.invoice_match_key('corrected') }} = invoice_matches.invoice_match_key

),

-- Invoice ids are bound when read, so that a closed row does not change when its invoice arrives (R10).
invoiced as (

    select
        posted.*,
        invoice_matches.invoice_id,
        invoice_matches.invoice_detail_id,
        coalesce(invoice_matches.cost_basis, 'ProviderReported') as cost_basis,
        corrected_invoices.invoice_id as reversed_invoice_id
    from posted
    left join invoice_matches
        on {{ focus_ai.invoice_match_key('posted') }} = invoice_matches.invoice_match_key
    left join corrected_invoices
        on posted.posted_charge_id = corrected_invoices.posted_charge_id

),

described as (

    select
        *,
        service_provider_name || ' ' || endpoint as source_system_name,
        case when quantity_basis is not null then {{ focus_ai.sku_price_details() }} end
            as sku_price_details,
        -- Prepaid credits are open to all usage of the APIs.
        case
            when charge_category = 'Usage' or commitment_discount_type is not null
                then '{"CommitmentPrograms":[' || {{ focus_ai.json_object([
                    ('ProgramType', focus_ai.json_string("coalesce(commitment_discount_type, 'Prepaid Credits')")),
                ]) }} || ']}'
        end as commitment_program_eligibility_details,
        -- A grant is its own contract (focus_ai__contract_commitment).
        case
            when commitment_discount_status is not null
                then '{"Elements":[' || {{ focus_ai.json_object([
                    ('ContractCommitmentAppliedCost', focus_ai.decimal_text('effective_cost')),
                    ('ContractCommitmentId', focus_ai.json_string('commitment_discount_id')),
                    ('ContractId', focus_ai.json_string('commitment_discount_id')),
                ]) }} || ']}'
        end as contract_applied,
        -- A row without a rule is the leftover of its charge (R18).
        case
            when allocated_method_id is not null and attribution_rule_id is not null
                then coalesce(customer_id, cost_center, product_line, agent_id, workflow_id, cost_class)
        end as allocated_resource_id,
        case
            when allocated_method_id is not null
                then '{"Elements":[' || {{ focus_ai.json_object([
                    ('AllocatedRatio', focus_ai.decimal_text('allocated_ratio')),
                    ('UsageQuantity', focus_ai.count_text('allocated_usage_quantity')),
                    ('UsageUnit', focus_ai.json_string('allocated_usage_unit')),
                ]) }} || ']}'
        end as allocated_method_details,
        case
            when
                allocated_method_id is not null
                and coalesce(agent_id, cost_center, customer_id, product_line, workflow_id) is not null
                then {{ focus_ai.json_object([
                    ('focus_ai:AgentId', focus_ai.json_string('agent_id')),
                    ('focus_ai:CostCenter', focus_ai.json_string('cost_center')),
                    ('focus_ai:CustomerId', focus_ai.json_string('customer_id')),
                    ('focus_ai:ProductLine', focus_ai.json_string('product_line')),
                    ('focus_ai:WorkflowId', focus_ai.json_string('workflow_id')),
                ]) }}
        end as allocated_tags
    from invoiced

),

final as (

    select
        {{ focus_ai.cast_columns(columns) }}
    from described

    union all

    select
        {{ focus_ai.cast_columns(columns, on_rounding_row, not_on_rounding_row) }}
    from invoice_rounding

)

select * from final
