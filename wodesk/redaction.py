"""Keeps secrets out of logs and tracebacks: the last line of defence, not the first."""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Never

from wodesk.crash_hooks import CrashHooks, described
from wodesk.models.secret import Secret

MARK = "***"
"""What stands where a secret was; shorter than any secret that is looked for."""
SHORTEST = 4
"""Characters; looking for fewer would make gaps in everything."""
TALKATIVE = ("httpx", "httpcore", "asyncssh", "keyring")
"""Loggers that tell of addresses, headers and packets below WARNING."""

_ROUNDS = 8
_HEADER = re.compile(
    r"""
    (?:\b|(?<=\\[nrt]))                         # the n of an escaped line end is no part of it
    ((?:proxy-)?authorization|x-netdata-auth|(?:set-)?cookie)\b
    (?:
        (\\*["']\s*[:=,]\s*b?\\*)               # a pair in the repr of a dict, a list or JSON
        (?:(")(?:[^"\\\n]|\\.)*"?|(')(?:[^'\\\n]|\\.)*'?)
    |
        (\\*["']?\s*[:=][^\S\n]*)[^\n]+         # a header as it is on the wire, to its end
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_USER_OF_URL = re.compile(r"(?<=://)[^\s/?#]*@")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_PACKET_LINE = re.compile(r"^ *[0-9a-f]{8}:(?: [0-9a-f]{2}){1,16}(?: .*)?$", re.MULTILINE)
"""asyncssh's dump of a packet, which spreads a password over lines."""


class Redactor(logging.Filter):
    """Puts `***` for secrets in text: as a filter in log records, as `scrub` in any.

    A secret that it learnt is found as it is, as repr and JSON escape it, with any of its
    characters percent-encoded, and inside base64 of whatever holds it (as in a Basic login).
    Of others it finds those in the headers that carry them and in front of the host of a URL.  A
    text that holds no more than part of a secret is not changed; secrets of fewer than four
    characters are not looked for.

    The secrets are held by reference: what was dropped elsewhere may still be in an exception.
    `forget` drops one that opens nothing any more.  All methods are for any thread.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._needles: tuple[_Needle, ...] = ()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Look for this one from now on; once is enough."""
        if len(secret.reveal()) < SHORTEST:
            return
        with self._lock:
            if all(needle.secret != secret for needle in self._needles):
                # The longest first: one may begin with another, whose mark would hide it.
                found = [*self._needles, _Needle(secret)]
                self._needles = tuple(sorted(found, key=lambda needle: -needle.length))

    def forget(self, secret: Secret) -> None:
        """Look for this one no more, whoever else has learnt it."""
        with self._lock:
            self._needles = tuple(n for n in self._needles if n.secret != secret)

    def scrub(self, text: str) -> str:
        """The text without secrets; the same text if there are none."""
        needles = self._needles
        for _ in range(_ROUNDS):
            before = text
            for needle in needles:
                text = needle.scrub(text)
            # A mark is shorter than what it stands for: at the same length nothing was found.
            found = len(text) != len(before)
            text = _without_patterns(text)
            if not found and text == before:
                return text
            # What moved together around a mark may be a secret again.
        return MARK

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub the record for good, for the handlers after this one too; never drops it."""
        try:
            self._scrub_record(record)
        except Exception as exc:
            _empty(record, f"a log record could not be scrubbed ({type(exc).__name__})")
        return True

    def __reduce__(self) -> Never:
        raise TypeError("a redactor cannot be pickled or copied: it holds secrets")

    def _scrub_record(self, record: logging.LogRecord) -> None:
        # A secret can be spread over the message and its arguments, so these become one.
        try:
            message = record.getMessage()
        except Exception:
            # Told here, since logging would print the arguments as they are.
            message = f"{record.msg} (its arguments do not fit)"
        record.msg, record.args = message, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = described(*record.exc_info)
        # Other handlers would format it once more from the exception itself.
        record.exc_info = None
        for name, value in vars(record).items():
            if not isinstance(value, int | float | None) and name != "args":
                setattr(record, name, self._scrubbed_value(value))

    def _scrubbed_value(self, value: object) -> object:
        if isinstance(value, bytes | bytearray | memoryview):
            return MARK
        text = str(value)
        scrubbed = self.scrub(text)
        return value if scrubbed == text else scrubbed


class _Needle:
    """One secret in all the forms that it takes in a text."""

    __slots__ = ("_encoded", "_forms", "_quoted", "length", "secret")

    def __init__(self, secret: Secret) -> None:
        content = secret.reveal()
        self.secret = secret
        self.length = len(content)
        self._forms = tuple(sorted(_forms(content), key=len, reverse=True))
        self._quoted = re.compile("".join(map(_character, content)))
        self._encoded = tuple(sorted(set(_base64_cores(content))))

    def scrub(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, MARK)
        if "%" in text or "+" in text:
            text = self._quoted.sub(MARK, text)
        if any(core in text for core in self._encoded):
            text = _BASE64_RUN.sub(self._without_base64, text)
        return text

    def _without_base64(self, run: re.Match[str]) -> str:
        found = run.group()
        return MARK if any(core in found for core in self._encoded) else found


def install(redactor: Redactor) -> ExitStack:
    """Scrub what the root logger's handlers write and the tracebacks that Python prints.

    Takes the handlers that there are now (and the one that logging uses without any), makes the
    loggers of `TALKATIVE` libraries no more than WARNING, and replaces the hooks for exceptions
    that nobody caught by ones that print them scrubbed to stderr, with no values of variables.
    What it returns undoes all of it: by `close`, or at the end of a `with`.
    """
    undo = ExitStack()
    for handler in (*logging.getLogger().handlers, logging.lastResort):
        if handler is not None and redactor not in handler.filters:
            handler.addFilter(redactor)
            undo.callback(handler.removeFilter, redactor)
    for name in TALKATIVE:
        _quieten(logging.getLogger(name), undo)
    CrashHooks(redactor.scrub).install(undo)
    return undo


def _without_patterns(text: str) -> str:
    text = _HEADER.sub(_without_value, text)
    text = _USER_OF_URL.sub(f"{MARK}@", text)
    return _PACKET_LINE.sub(MARK, text)


def _without_value(header: re.Match[str]) -> str:
    name, pair, double, single, plain = header.groups(default="")
    quotes = double + single
    # In quotes again, so that the next round does not take what follows for a part of it.
    return f"{name}{pair}{plain}{quotes}{MARK}{quotes}"


def _forms(content: str) -> set[str]:
    """The secret as it is and as Python and JSON write it inside quotes."""
    data = _bytes(content)
    forms = {
        content,
        json.dumps(content)[1:-1],
        json.dumps(content, ensure_ascii=False)[1:-1],
        repr(data)[2:-1],
        repr(b'"' + data)[3:-1],
    }
    # Twice, as the repr of an exception has that of its message in it.
    for _ in range(2):
        forms |= {form for inner in forms for form in _in_quotes(inner)}
    return forms


def _in_quotes(text: str) -> Iterator[str]:
    for escaped in (repr, ascii):
        yield escaped(text)[1:-1]
        # Whether a quote is escaped depends on what else is in the string.
        yield escaped('"' + text)[2:-1]


def _character(character: str) -> str:
    """A pattern for a character that may be percent-encoded, or not."""
    encoded = "".join(f"%{byte:02X}" for byte in _bytes(character))
    either = re.sub("[A-F]", lambda digit: f"[{digit[0]}{digit[0].lower()}]", encoded)
    return f"(?:{re.escape(character)}|{either}{r'|[+]' if character == ' ' else ''})"


def _base64_cores(content: str) -> Iterator[str]:
    """What base64 of any text with the secret in it holds for certain.

    Three bytes make four characters, so there are three ways for the secret to begin; the
    characters at its ends, which depend on its neighbours too, are left out.
    """
    encodings = [_bytes(content)]
    if not content.isascii() and all(ord(character) < 256 for character in content):  # noqa: PLR2004
        encodings.append(content.encode("latin-1"))
    for data in encodings:
        for offset in range(3):
            text = base64.b64encode(bytes(offset) + data).decode("ascii")
            core = text[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]
            yield core
            yield core.translate({ord("+"): "-", ord("/"): "_"})


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _empty(record: logging.LogRecord, message: str) -> None:
    record.msg, record.args = message, ()
    record.exc_info = record.exc_text = record.stack_info = None


def _quieten(logger: logging.Logger, undo: ExitStack) -> None:
    before = logger.level
    if before < logging.WARNING:
        logger.setLevel(logging.WARNING)
        undo.callback(logger.setLevel, before)
