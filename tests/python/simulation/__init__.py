"""Months of a small company through the whole package, by chance: whatever happens, the books hold.

A seed is a history: an accounting calendar (months or 4-4-5 weeks, in UTC or elsewhere), bills, restatements
and late days of three accounts in two currencies, prepaid credit, provider invoices (halves of months, tax,
credits, adjusting, voided, sent twice, wrong by cents or more), what a general ledger books of them, right
and wrong, calls that a gateway saw of keys that are used past it too, budgets, revenue (credit notes, void,
posted again), exchange rates that are published again, other costs, rules, prices, overrides, withdrawals,
reclasses, shared cost, closes by log and by operation, reopenings, closes and reopenings that are refused,
and corrections as reversal and re-entry or as differences.

``company``, ``finance``, ``gateway``, ``ledger``, ``subledger``, ``budgets``   what happens; what the company
knows is ``facts``
``truth``       what the books must say, by the money rules, in decimals, with nothing of the package
``checks``, ``mart_checks``, ``books``   the package's books against the truth after each step, and against
those before
``tampering``   at the end, one wrong cell for each check: it must see it
``warehouse``   dbt, and the queries that it compiled

Longer runs, each environment variable alone or together:

``FOCUS_AI_SIMULATION_SEEDS=17,42,100-120``   these histories
``FOCUS_AI_SIMULATION_STEPS=20``   of that length; a step is one to two weeks
``FOCUS_AI_SIMULATION_TESTS=1``   with all models after each step, and all data tests after the last

A failure names its seed, what held no longer, and what had happened until then.
"""
