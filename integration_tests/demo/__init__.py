"""The main job on DuckDB: raw bills in; FOCUS 1.4 files, a verdict and gross margin per customer out.

Run it with `make demo`, or in `integration_tests/`: `python -m demo --output FOLDER`.
"""
