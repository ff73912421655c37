"""What tests of logins stand on: a keyring, and the secrets that are kept in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.access.test_secrets import Memory, memory, secrets_in
from wodesk.access.secrets import Secrets


@pytest.fixture
def keyring() -> Memory:
    """An empty one."""
    return memory()


@pytest.fixture
async def secrets(keyring: Memory) -> AsyncIterator[Secrets]:
    """Those that it has and gets."""
    async with secrets_in(keyring) as secrets:
        yield secrets
