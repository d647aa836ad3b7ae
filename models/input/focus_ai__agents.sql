{{ config(enabled=focus_ai.input_enabled('agents')) }}

{{ focus_ai.union_input('agents', {
    'agent_id': 'text',
    'agent_name': 'text',
    'product_line': 'text',
    'workflow_id': 'text',
    'cost_center': 'text',
    'recorded_at': 'timestamp',
}) }}
