{{ config(enabled=focus_ai.input_enabled('shared_cost_rules')) }}

{{ focus_ai.union_input('shared_cost_rules', {
    'rule_id': 'text',
    'priority': 'count',
    'match_leftover_reason': 'text',
    'match_customer_id': 'text',
    'match_agent_id': 'text',
    'match_cost_center': 'text',
    'match_cost_class': 'text',
    'match_source_relation': 'text',
    'method': 'text',
    'receivers': 'text',
    'receiver_product_line': 'text',
    'receiver_customer_ids': 'text',
    'receiver_source_relation': 'text',
    'target_cost_class': 'text',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
}) }}
