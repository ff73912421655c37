"""What keeps `wodesk serve` from doing its work, as sentences for the person at the terminal."""

from __future__ import annotations


class CannotServe(Exception):
    """The text is one sentence that names the file, the option or the port; never a secret."""


class BrokenFile(CannotServe):
    """A file of the gateway cannot be read or understood; it was left as it is."""
