"""Fixtures that several folders use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no deadline", deadline=None)  # a busy machine is no failure
settings.load_profile("no deadline")

INTEGRATION_TESTS = Path(__file__).parents[2] / "integration_tests"
# The files that take longest go first: none is left to run alone at the end.
LONGEST = (
    "test_demo.py",
    "test_close.py",
    "test_style.py",
    "test_months.py",
    "test_source_combinations.py",
    "test_ledger.py",
    "test_installation.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; the tests of a file stay in order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))


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
