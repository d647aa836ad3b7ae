"""Conformance of several datasets that belong together."""
