"""The engine: reads a table, evaluates the rules of a dataset on it, reports what it found."""

from focus_validate.engine.evaluate import evaluate

__all__ = ["evaluate"]
