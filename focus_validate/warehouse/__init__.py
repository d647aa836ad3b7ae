"""The rules of a dataset as SQL for a table that stays in its warehouse."""
