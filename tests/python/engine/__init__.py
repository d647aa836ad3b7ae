"""Tests of the engine: readers, predicates, judges, verdicts."""
