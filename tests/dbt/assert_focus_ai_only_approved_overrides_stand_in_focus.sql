{{ config(
    enabled=focus_ai.any_cost_source() and focus_ai.input_enabled('attribution_overrides')
) }}

-- No row is attributed by a request that nobody else approved, or that was refused.
select cost_and_usage."x_ChargeId"
from {{ ref('focus_ai__cost_and_usage') }} as cost_and_usage
left join {{ ref('int_focus_ai__override_requests') }} as requests
    on
        cost_and_usage."x_AttributionRuleId" = requests.request_id
        and requests.decision = 'Approved'
        and lower(trim(requests.approved_by)) <> lower(trim(requests.requested_by))
where
    cost_and_usage."x_AttributionMethodId" = 'Override'
    and requests.request_id is null
