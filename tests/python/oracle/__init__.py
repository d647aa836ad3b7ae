"""An independent evaluator of the FOCUS 1.4 rules, against which the engine is compared.

It reads the reference folder, shares no code with ``focus_validate`` and goes row by row.
"""
