{#- Arguments of focus_ai_close and focus_ai_reopen, checked. -#}

{#- The accounting period of that name, one of _built_periods. -#}
{% macro _period_argument(operation, accounting_period, periods) %}
    {%- set named = periods | selectattr('period', 'equalto', accounting_period | string) | list -%}
    {%- if not named -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": accounting_period must be one from " ~ periods[0].period ~ " to " ~ periods[-1].period
            ~ " (column accounting_period of focus_ai__accounting_periods); it is: " ~ accounting_period
        ) }}
    {%- endif -%}
    {{ return(named[0]) }}
{% endmacro %}


{#- A moment in UTC as `YYYY-MM-DDTHH:MM:SSZ`, default now; not in the future. YAML may have made a timestamp of it. -#}
{% macro _moment_argument(operation, name, moment) %}
    {%- set now = focus_ai.now_text() -%}
    {%- if moment is none -%}{{ return(now) }}{%- endif -%}
    {%- set parts = modules.re.fullmatch(
        '([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(Z|[+]00:00)?', moment | string
    ) -%}
    {%- if not parts -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": " ~ name ~ " must be a moment in UTC such as 2026-11-04T18:00:00Z; it is: " ~ moment
        ) }}
    {%- endif -%}
    {%- set text = parts.group(1) ~ 'T' ~ parts.group(2) ~ 'Z' -%}
    {%- if text > now -%}
        {{ exceptions.raise_compiler_error(operation ~ ": " ~ name ~ " " ~ text ~ " lies in the future; now is " ~ now) }}
    {%- endif -%}
    {{ return(text) }}
{% endmacro %}


{% macro _text_argument(operation, name, value) %}
    {%- set text = (value if value is not none else '') | string | trim -%}
    {%- if not text -%}
        {{ exceptions.raise_compiler_error(operation ~ ": " ~ name ~ " is missing") }}
    {%- endif -%}
    {{ return(text) }}
{% endmacro %}


{#- Separation of duties: nobody approves what they did. -#}
{% macro _check_two_people(operation, first_name, first, second_name, second) %}
    {%- if first | lower == second | lower -%}
        {{ exceptions.raise_compiler_error(
            operation ~ ": " ~ first_name ~ " and " ~ second_name ~ " are both '" ~ first ~ "'; they must be two people"
        ) }}
    {%- endif -%}
{% endmacro %}


{#- Approved exceptions as {check name: {check, reason, approved_by}}. -#}
{% macro _exception_arguments(operation, exceptions_given, closed_by) %}
    {%- set named = {} -%}
    {%- for exception in exceptions_given -%}
        {%- if exception is not mapping or exception.keys() | sort | list != ['approved_by', 'check', 'reason'] -%}
            {{ exceptions.raise_compiler_error(
                operation ~ ": an exception must give check, reason and approved_by; it is: " ~ exception
            ) }}
        {%- endif -%}
        {%- set check = focus_ai._text_argument(operation, 'check of an exception', exception.check) -%}
        {%- set label = "of the exception for " ~ check -%}
        {%- set approved_by = focus_ai._text_argument(operation, 'approved_by ' ~ label, exception.approved_by) -%}
        {%- do focus_ai._check_two_people(operation, 'closed_by', closed_by, 'approved_by ' ~ label, approved_by) -%}
        {%- if check in named -%}
            {{ exceptions.raise_compiler_error(operation ~ ": two exceptions name the check " ~ check) }}
        {%- endif -%}
        {%- do named.update({check: {
            'check': check,
            'reason': focus_ai._text_argument(operation, 'reason ' ~ label, exception.reason),
            'approved_by': approved_by,
        }}) -%}
    {%- endfor -%}
    {{ return(named) }}
{% endmacro %}
