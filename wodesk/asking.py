"""Questions of a source put on the terminal; nobody is there to answer when it is none."""

from __future__ import annotations

import asyncio
import getpass
import sys
from typing import assert_never

from wodesk.models.plain_text import plain
from wodesk.models.question import (
    Answer,
    Credentials,
    Filled,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
    Verdict,
)

_VERDICTS = {"once": Verdict.ONCE, "save": Verdict.SAVE}


async def ask_on_terminal(subject: Subject) -> Answer:
    """Ask the person at the terminal; None without one, so that nothing unknown is accepted."""
    if not sys.stdin.isatty():
        return None
    return await asyncio.to_thread(_asked, subject)


def _asked(subject: Subject) -> Answer:
    try:
        match subject:
            case UnknownHostKey():
                return _verdict(
                    f"The {plain(subject.key_type)} host key of {plain(subject.host)} port "
                    f"{subject.port} is not known.\n{plain(subject.fingerprint)}"
                )
            case UnknownCertificate():
                return _verdict(
                    f"The certificate of {plain(subject.host)} port {subject.port} is not trusted: "
                    f"{plain(subject.reason)}\nSHA-256 {plain(subject.fingerprint)}"
                )
            case Credentials():
                return _filled(subject)
            case _:
                assert_never(subject)
    except EOFError:
        return None


def _verdict(text: str) -> Verdict:
    print(text, file=sys.stderr)
    print("Accept it? Type once, save or no: ", end="", file=sys.stderr, flush=True)
    return _VERDICTS.get(input().strip().lower(), Verdict.REFUSE)


def _filled(credentials: Credentials) -> Filled:
    print(plain(credentials.purpose), file=sys.stderr)
    if credentials.instructions:
        print(f"The server says: {plain(credentials.instructions)}", file=sys.stderr)
    return Filled(
        tuple(
            _shown(prompt.text) if prompt.echo else getpass.getpass(f"{plain(prompt.text)} ")
            for prompt in credentials.prompts
        )
    )


def _shown(text: str) -> str:
    print(f"{plain(text)} ", end="", file=sys.stderr, flush=True)
    return input()
