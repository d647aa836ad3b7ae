"""Write the demo raw data, and load it into a DuckDB file if asked to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import source_tables
from .tables import Writer


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m raw_data", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="companies of the demo's size (default 1)")
    parser.add_argument(
        "--out", type=Path, default=Path("raw"), help="folder of <source>/<table>.csv (default raw)"
    )
    parser.add_argument(
        "--load", type=Path, metavar="DUCKDB", help="load the tables into this DuckDB file too"
    )
    parser.add_argument("--quiet", action="store_true", help="print no row counts")
    options = parser.parse_args()
    if options.scale < 1:
        parser.error("--scale must be 1 or more")
    write(options.out, options.scale, quiet=options.quiet)
    if options.load:
        from .load import load_duckdb

        load_duckdb(options.out, options.load)
    return 0


def write(folder: Path, scale: int = 1, *, quiet: bool = True) -> dict[tuple[str, str], int]:
    """Write all tables under `folder`, over those of an earlier run; rows by (source, table)."""
    with Writer(folder) as writer:
        for replica in range(scale):
            for table in source_tables(replica):
                writer.write(table)
    if not quiet:
        for (source, table), count in writer.counts.items():
            print(f"{source + '.' + table:45}{count:>12,}")
    return writer.counts


if __name__ == "__main__":
    sys.exit(main())
