"""What only a person can answer on the way to a server; every value is frozen."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from wodesk.models.secret import KeyringStatus, Lock, Secret


class Prompt(Struct, frozen=True):
    """One line to fill in; `echo` says whether what is typed may be seen.

    `likely` is what stands there already, for a person to agree to.
    """

    text: str
    echo: bool = False
    likely: str = ""


class UnknownHostKey(Struct, frozen=True):
    """A host whose key is in no known_hosts file.

    `fingerprint` is `SHA256:` and base64, as `ssh-keygen -l` prints it.
    """

    host: str
    port: int
    key_type: str
    fingerprint: str


class UnknownCertificate(Struct, frozen=True):
    """A certificate that no authority of this computer vouches for.

    `fingerprint` is the SHA-256 of the DER form, as `openssl x509 -fingerprint` prints it;
    `reason` is why it is not trusted, and `advice` how to find out whether it is the right one.
    """

    host: str
    port: int
    fingerprint: str
    subject: str
    valid_until: str
    reason: str
    advice: str = ""


class Credentials(Struct, frozen=True):
    """A password, a passphrase or one-time codes; `purpose` is a sentence of ours.

    `prompts` and `instructions` may be the server's own words.  `keyring` is how the keyring does
    to which the answer may be offered, or None for what may not: a code that works once.
    `opens` is what the answer opens, where that is one and the same for every server.
    """

    purpose: str
    prompts: tuple[Prompt, ...]
    instructions: str = ""
    keyring: KeyringStatus | None = None
    opens: Lock | None = None


Subject = UnknownHostKey | UnknownCertificate | Credentials


class Question(Struct, frozen=True):
    """One question about one server; `id` is its own in this run of the program."""

    id: int
    server: str
    subject: Subject


class Verdict(Enum):
    """What a person says to an unknown key or certificate."""

    REFUSE = "refuse"
    ONCE = "once"
    SAVE = "save"


class Filled(Struct, frozen=True):
    """What a person typed, one answer for each prompt, and whether the keyring is to keep it."""

    answers: tuple[Secret, ...]
    keep: bool = False


Answer = Verdict | Filled | None
"""None is a question that nobody answered: dismissed, timed out, or asked of no one."""
