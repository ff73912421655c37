"""What lasts as long as its context; loads nothing, as measured processes have it too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Lasting(ABC):
    """Something that lasts as long as its context."""

    def start(self) -> Self:
        """Begin, if it has not begun by itself; it can be used when this returns."""
        return self

    @abstractmethod
    def close(self) -> None:
        """End it, and leave nothing."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
