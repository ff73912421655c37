"""Questions of a source put on the terminal; nobody is there to answer when it is none."""

from __future__ import annotations

import sys
from typing import assert_never

from wodesk.models.plain_text import plain
from wodesk.models.question import (
    Answer,
    Credentials,
    Filled,
    Prompt,
    Subject,
    UnknownCertificate,
    UnknownHostKey,
    Verdict,
)
from wodesk.models.secret import Secret
from wodesk.prompting import typed_line

_VERDICTS = {"once": Verdict.ONCE, "save": Verdict.SAVE}
_LONGEST = 500
_YES = frozenset({"y", "yes"})


async def ask_on_terminal(subject: Subject) -> Answer:
    """Ask the person at the terminal; None without one, so that nothing unknown is accepted."""
    if not sys.stdin.isatty():
        return None
    try:
        match subject:
            case UnknownHostKey():
                return await _verdict(
                    f"The {plain(subject.key_type)} host key of {plain(subject.host)} port "
                    f"{subject.port} is not known.\n{plain(subject.fingerprint)}"
                )
            case UnknownCertificate():
                return await _verdict(
                    f"The certificate of {plain(subject.host)} port {subject.port} is not trusted: "
                    f"{plain(subject.reason)}\nIt is for {plain(subject.subject)}, valid until "
                    f"{plain(subject.valid_until)}.\nSHA-256 {plain(subject.fingerprint)}\n"
                    f"{plain(subject.advice, _LONGEST)}".rstrip()
                )
            case Credentials():
                return await _filled(subject)
            case _:
                assert_never(subject)
    except EOFError:
        return None


async def _verdict(text: str) -> Verdict:
    say(text)
    answer = await typed_line("Accept it? Type once, save or no:", echo=True)
    return _VERDICTS.get(answer.strip().lower(), Verdict.REFUSE)


async def _filled(credentials: Credentials) -> Filled:
    say(plain(credentials.purpose))
    if credentials.instructions:
        say(f"The server says: {plain(credentials.instructions)}")
    answers = tuple([Secret(await _typed(prompt)) for prompt in credentials.prompts])
    keyring, keep = credentials.keyring, False
    if keyring is not None and keyring.may_keep and any(one.reveal() for one in answers):
        if keyring.warning:
            say(plain(keyring.warning))
        question = "Keep it in the keyring of this computer? Type yes or no:"
        keep = (await typed_line(question, echo=True)).strip().lower() in _YES
    return Filled(answers, keep)


async def _typed(prompt: Prompt) -> str:
    likely = plain(prompt.likely) if prompt.echo else ""
    question = plain(prompt.text).rstrip().removesuffix(":") + (f" [{likely}]" if likely else "")
    colon = "" if question.endswith("?") else ":"
    typed = await typed_line(question + colon, echo=prompt.echo)
    return typed or (prompt.likely if prompt.echo else "")


def say(text: str) -> None:
    """Print to the person at the terminal, beside what a command prints for programs."""
    print(text, file=sys.stderr, flush=True)
