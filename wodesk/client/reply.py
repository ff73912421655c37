"""What a server has answered to a request."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Reply(Struct, frozen=True):
    """An answer, of whatever status; the body is decompressed and within the limits.

    `elapsed` is in seconds; `clock_offset` is the peer's clock less ours, 0 where they agree as
    well as a Date header can tell.  `signed` has the schemes of the logins and tokens that the
    request carried: "basic", "bearer".
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float
    clock_offset: float
    signed: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        # Headers and body may hold what nobody is to see.
        return f"Reply({self.status}, {len(self.body)} bytes in {self.elapsed:.3f} s)"

    @property
    def challenge(self) -> str:
        """What kind of login is asked for, in lower case; empty if the answer does not say."""
        return self.headers.get("www-authenticate", "").strip().lower()
