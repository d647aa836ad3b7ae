"""Readers: from what a user names to a table that queries can read, or one clear error."""
