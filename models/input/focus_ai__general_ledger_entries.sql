{{ config(enabled=focus_ai.input_enabled('general_ledger_entries', ['general_ledger'])) }}

{% set columns = {
    'entry_id': focus_ai.type_text(),
    'posting_date': 'date',
    'account': focus_ai.type_text(),
    'cost_center': focus_ai.type_text(),
    'vendor': focus_ai.type_text(),
    'currency': focus_ai.type_text(),
    'amount': focus_ai.type_money(),
    'reference': focus_ai.type_text(),
    'posted_at': focus_ai.type_timestamp(),
} %}

with unioned as (

    {{ focus_ai.union_input('general_ledger_entries', {
        'general_ledger': 'stg_focus_ai__general_ledger_entries',
    }, columns) }}

)

select
    {{ columns.keys() | join(',\n    ') }}
from unioned
