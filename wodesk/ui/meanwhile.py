"""A flag that is up while something is done, however that ends."""

from __future__ import annotations


class Meanwhile:
    """True within its `with`, and False outside of it."""

    def __init__(self) -> None:
        self._is_on = False

    def __bool__(self) -> bool:
        return self._is_on

    def __enter__(self) -> None:
        self._is_on = True

    def __exit__(self, *exc: object) -> None:
        self._is_on = False
