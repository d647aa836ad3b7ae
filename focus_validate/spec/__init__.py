"""The rule catalogue of FOCUS 1.4: facts of columns, rules, vocabularies and JSON schemas."""
