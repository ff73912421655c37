"""Checkouts that nobody has started yet."""

from pathlib import Path

import pytest

from tests.bootstrap.checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that nobody has started yet, on a machine with neither uv nor apt."""
    return Checkout(tmp_path)


@pytest.fixture
def with_uv(checkout: Checkout) -> Checkout:
    """The same with uv, or what takes its place."""
    checkout.add_program("uv")
    return checkout
