"""The report in a notebook cell: verdict, failed and warned rules, first rows. Everything is escaped."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, Template

from focus_validate.result import Report
from focus_validate.text import escape, message_of, show, show_cost, show_identity, show_name, show_place

SHOWN = 50
"""So many rules are listed; the verdict counts all of them."""

_PAGE = """\
<div>
<p><b>{{ word }}</b> to FOCUS {{ report.focus_version }}: {{ counts }}</p>
{% if report.made_for %}<p>The columns are those of FOCUS {{ report.made_for }}.</p>{% endif %}
{% if rules %}
<table>
<thead><tr><th>rule</th><th>column</th><th>keyword</th><th>status</th><th>violations</th><th>message</th><th>first rows</th></tr></thead>
<tbody>
{% for rule in rules %}
<tr><td>{{ rule.id }}</td><td>{{ rule.column }}</td><td>{{ rule.keyword }}</td><td>{{ rule.status }}</td><td>{{ rule.violations }}</td><td>{{ rule | message | visible }}</td><td>{% for sample in rule.samples %}{{ sample | place }}: <code>{{ sample.value | value }}</code>{% if sample.identity %} ({{ sample | identity }}){% endif %}<br>{% endfor %}</td></tr>
{% endfor %}
</tbody>
</table>
{% if left > 0 %}<p>and {{ left }} more rules</p>{% endif %}
{% endif %}
{% if report.money_at_stake %}
<p>Money at stake, BilledCost of the rows that fail, each counted once:</p>
<table>
<thead><tr><th>invoice issuer</th><th>cost</th><th>currency</th><th>rows</th><th>of these without a cost</th></tr></thead>
<tbody>
{% for amount in report.money_at_stake.total %}
<tr><td>{{ amount.invoice_issuer_name | name }}</td><td>{{ amount.billed_cost | cost }}</td><td>{{ amount.billing_currency | name }}</td><td>{{ amount.rows }}</td><td>{{ amount.rows_without_cost }}</td></tr>
{% endfor %}
</tbody>
</table>
{% if report.money_at_stake.left_out %}<p>and {{ report.money_at_stake.left_out }} more</p>{% endif %}
{% endif %}
</div>
"""  # noqa: E501


def render_notebook(report: Report) -> str:
    """An HTML fragment without script or style sheet."""
    from focus_validate.outputs.console import verdict

    word, _, counts = verdict(report).partition(f" to FOCUS {report.focus_version}: ")
    rules = (*report.failures(), *report.warnings())
    return _template().render(
        report=report, word=word, counts=counts, rules=rules[:SHOWN], left=len(rules) - SHOWN
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(
        value=show,
        visible=escape,
        identity=show_identity,
        name=show_name,
        cost=show_cost,
        place=show_place,
        message=message_of,
    )
    return environment.from_string(_PAGE)
