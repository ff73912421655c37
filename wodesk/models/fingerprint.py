"""SHA-256 fingerprints of certificates in the spellings of openssl and ours."""

from __future__ import annotations


def bare(text: str) -> str:
    """A fingerprint in any spelling as lower-case hex digits."""
    return text.strip().lower().removeprefix("sha256:").replace(":", "").replace(" ", "")


def readable(text: str) -> str:
    """A fingerprint in any spelling as `openssl x509 -fingerprint` prints it."""
    digits = bare(text)
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)).upper()
