"""Check billing data against FOCUS 1.4, column by column."""

__version__ = "0.1.0"
