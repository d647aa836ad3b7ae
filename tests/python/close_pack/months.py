"""The months of the rows."""

AUGUST, SEPTEMBER, OCTOBER = "2026-08-01", "2026-09-01", "2026-10-01"
