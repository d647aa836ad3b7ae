{{ config(enabled=focus_ai.input_enabled('attribution_rules')) }}

{{ focus_ai.union_input('attribution_rules', {
    'rule_id': 'text',
    'priority': 'count',
    'match_type': 'text',
    'match_value': 'text',
    'source_relation': 'text',
    'customer_id': 'text',
    'product_line': 'text',
    'agent_id': 'text',
    'workflow_id': 'text',
    'cost_center': 'text',
    'cost_class': 'text',
    'effective_from': 'timestamp',
    'effective_to': 'timestamp',
    'recorded_at': 'timestamp',
}) }}
