"""Fixtures that several folders use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

INTEGRATION_TESTS = Path(__file__).parents[2] / "integration_tests"


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo raw data at scale 1: a folder of <source>/<table>.csv."""
    sys.path.insert(0, str(INTEGRATION_TESTS))
    try:
        from raw_data.__main__ import write
    finally:
        sys.path.remove(str(INTEGRATION_TESTS))
    folder = tmp_path_factory.mktemp("raw")
    write(folder)
    return folder
