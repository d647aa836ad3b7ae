"""The demo data of the session, read once a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reader import Data


@pytest.fixture(scope="session")
def data(demo_data: Path) -> Data:
    return Data(demo_data)
