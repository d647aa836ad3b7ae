"""The audit log of the dbt package: is its hash chain unbroken, and if not, where."""
