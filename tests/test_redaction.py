"""Whatever is logged or printed by Python, a known secret is not in it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import copy
import http.server
import io
import json
import logging
import pickle
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, quote_plus

import asyncssh
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wodesk.models.secret import Secret
from wodesk.redaction import MARK, SHORTEST, TALKATIVE, Redactor, install

CANARY = "tweety/7 Q'\"\\+é%41&"
PLAIN = "tweety7Qcanary"

secrets = st.text(min_size=SHORTEST, max_size=30)
mean_secrets = st.text("*:/@% \\'\"bn=e", min_size=SHORTEST, max_size=8)
surroundings = st.text(max_size=40) | st.text("*:/@% \\'\"\ncookie=abc", max_size=20)


@pytest.fixture
def redactor() -> Redactor:
    """One that knows both canaries."""
    return Redactor([Secret(CANARY), Secret(PLAIN)])


def logged(redactor: Redactor, level: int = logging.DEBUG) -> tuple[logging.Logger, io.StringIO]:
    """A logger whose handler has the filter, and what the handler writes to."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    handler.addFilter(redactor)
    logger = logging.Logger("test", level)
    logger.addHandler(handler)
    return logger, written


# What is found


@given(secrets | mean_secrets, surroundings, surroundings)
@example("***b", "", "b")
@example("n: *", "Authorization: x", "")
@example("aaaa", "aaa", "aaa")
def test_a_known_secret_is_never_in_what_comes_out(secret: str, before: str, after: str) -> None:
    scrubbed = Redactor([Secret(secret)]).scrub(before + secret + after)
    assert secret not in scrubbed


@given(st.lists(secrets | mean_secrets, min_size=1, max_size=4), st.data())
def test_of_several_secrets_none_is_in_what_comes_out(
    known: list[str], data: st.DataObject
) -> None:
    pieces = data.draw(st.lists(st.sampled_from(known) | surroundings, max_size=6))
    scrubbed = Redactor(map(Secret, known)).scrub("".join(pieces))
    assert not [secret for secret in known if secret in scrubbed]


@given(secrets | mean_secrets, surroundings, st.data())
def test_scrubbed_text_stays_as_it_is(secret: str, text: str, data: st.DataObject) -> None:
    redactor = Redactor([Secret(secret)])
    once = redactor.scrub(text + secret + text)
    assert redactor.scrub(once) == once


@given(secrets, st.binary(max_size=12), st.binary(max_size=12))
def test_base64_of_anything_around_a_secret_gives_nothing_away(
    secret: str, before: bytes, after: bytes
) -> None:
    redactor = Redactor([Secret(secret)])
    data = before + secret.encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        scrubbed = redactor.scrub(f"sent <{encode(data).decode()}>")
        assert scrubbed == f"sent <{MARK}>"


@given(secrets, st.text(":@/?%aé", max_size=5))
@example("00? ", "?")
def test_quoted_forms_give_nothing_away(secret: str, safe: str) -> None:
    redactor = Redactor([Secret(secret)])
    ascii_safe = "".join(c for c in safe if c.isascii() and c != "%")
    for quoted in (quote(secret, ascii_safe), quote_plus(secret, ascii_safe)):
        for form in (quoted, re.sub("%..", lambda found: found[0].lower(), quoted)):
            assert form not in redactor.scrub(f"GET /?x={form}&y=1")


@given(secrets)
def test_escaped_forms_give_nothing_away(secret: str) -> None:
    redactor = Redactor([Secret(secret)])
    for other in ("", "'", '"', "'\""):
        for text in (
            repr(secret + other),
            ascii(other + secret),
            repr((other + secret).encode()),
            repr(ValueError(repr(secret))),
            json.dumps(secret + other),
            json.dumps(secret, ensure_ascii=False),
        ):
            scrubbed = redactor.scrub(text)
            assert MARK in scrubbed
            assert redactor.scrub(scrubbed) == scrubbed
            with suppress(SyntaxError, ValueError):
                assert secret not in json.loads(scrubbed)


@pytest.mark.parametrize(
    "form",
    [
        CANARY,
        quote(CANARY),
        quote(CANARY, safe=""),
        quote_plus(CANARY),
        repr(CANARY),
        repr(CANARY.encode()),
        json.dumps(CANARY),
        str(httpx.URL("http://web1/data", params={"token": CANARY})),
        str(httpx.URL("http://web1/").copy_with(password=CANARY)),
        "Basic " + base64.b64encode(f"admin:{CANARY}".encode()).decode(),
        "Basic " + base64.b64encode(f"admin:{CANARY}".encode("latin-1")).decode(),
    ],
)
def test_a_secret_with_every_trap_is_found_in_each_form(redactor: Redactor, form: str) -> None:
    scrubbed = redactor.scrub(f"before {form} after")
    assert "tweety" not in scrubbed
    assert "dHdlZXR5" not in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")
    assert MARK in scrubbed


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Basic dGhpcyBpcyB4",
        "authorization:Bearer unknown.to.anybody",
        "Proxy-Authorization: Basic unknown",
        "X-Netdata-Auth: Bearer unknown",
        'Cookie: "a"; session=unknown',
        "Set-Cookie: session=unknown; Path=/",
        "{'Accept': '*/*', 'Authorization': 'Basic unknown', 'Host': 'web1'}",
        "[(b'Host', b'web1'), (b'X-Netdata-Auth', b'Bearer \\'unknown')]",
        '{"x-netdata-auth": "Bearer unk\\"nown"}',
        '\'{"cookie": "unknown"}\'',
        '{\\"Authorization\\": \\"Bearer unknown\\"}',
        "b'GET / HTTP/1.1\\r\\nAuthorization: Basic unknown\\r\\nHost: web1'",
        "Headers({'host': 'web1', 'x-netdata-auth': 'Bearer unknown'})",
        "https://admin:unknown@web1:22222/netdata/",
        "see ssh://unknown@web1 and https://a:unkn@own@web1/",
        "\n  00000000: 32 00 00 00 04 72 6f 6f 74 00 00 00 0e 73 73 68  2....root....unkn",
    ],
)
def test_what_carries_secrets_is_scrubbed_though_they_are_unknown(line: str) -> None:
    scrubbed = Redactor().scrub(f"first line\n{line}\nlast line")
    assert not re.search("unkn|own@|dGhpcyBpcyB4", scrubbed)
    assert MARK in scrubbed
    assert scrubbed.startswith("first line\n")
    assert scrubbed.endswith("\nlast line")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HTTP Request: GET http://127.0.0.1:19999/api/v3/info?x=a@b 'HTTP/1.1 200 OK'",
        "authorization failed for web1, no cookie sent",
        "tweety7 is half of it",
        "100 % of 3 * 4 ** 5, base64 YWJjZGVmZ2hpamtsbW5vcA==",
    ],
)
def test_other_text_is_left_alone(redactor: Redactor, text: str) -> None:
    assert redactor.scrub(text) == text


def test_a_pair_in_a_dict_leaves_the_rest_of_it_readable() -> None:
    text = "{'Authorization': 'Basic x', 'Host': 'web1'} https://a:b@web1:1/x?y"
    expected = "{'Authorization': '***', 'Host': 'web1'} https://***@web1:1/x?y"
    assert Redactor().scrub(text) == expected


def test_short_secrets_are_not_looked_for() -> None:
    assert Redactor([Secret("abc"), Secret("")]).scrub("abc") == "abc"


def test_a_secret_that_begins_with_another_goes_whole() -> None:
    redactor = Redactor([Secret("tweety"), Secret("tweety-and-more"), Secret("and-more")])
    assert redactor.scrub("<tweety-and-more>") == "<***>"


def test_text_in_which_there_is_always_one_more_is_dropped() -> None:
    redactor = Redactor([Secret("***b")])
    assert redactor.scrub("a ***bbb c") == "a *** c"
    assert redactor.scrub("a ***" + "b" * 50 + " c") == MARK


def test_a_forgotten_secret_is_looked_for_no_more(redactor: Redactor) -> None:
    redactor.learn(Secret(PLAIN))
    redactor.forget(Secret(PLAIN))
    assert redactor.scrub(PLAIN) == PLAIN
    assert redactor.scrub(CANARY) == MARK


def test_secrets_learnt_in_many_threads_are_all_known() -> None:
    redactor = Redactor()
    names = [f"canary-{number:03}" for number in range(64)]
    threads = [threading.Thread(target=redactor.learn, args=(Secret(name),)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "canary" not in redactor.scrub(" ".join(names))


def test_a_redactor_shows_and_hands_on_nothing(redactor: Redactor) -> None:
    assert "tweety" not in repr(redactor) + repr(vars(redactor))
    for use in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            use(redactor)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 100_000,
        "cookie" * 20_000,
        "cookie\"'" + " " * 100_000,
        "://" * 30_000,
        "%41" * 30_000,
        "authorization: '" + "\\a" * 50_000,
        "00000000: " + "00 " * 30_000,
    ],
)
def test_hostile_text_takes_no_longer_than_it_is_long(redactor: Redactor, text: str) -> None:
    began = time.thread_time()
    redactor.scrub(text)
    assert time.thread_time() - began < 5, "500 times of what it needs if it is looked at once"


# Log records


def test_message_arguments_exception_stack_and_extras_are_scrubbed(redactor: Redactor) -> None:
    logger, written = logged(redactor)
    handler = logger.handlers[0]
    handler.setFormatter(logging.Formatter("%(message)s %(server)s %(raw)s %(pair)s %(number)s"))
    extras = {"server": f"a {PLAIN}", "raw": PLAIN.encode(), "pair": {"p": PLAIN}, "number": 7}
    try:
        raise ValueError(PLAIN) from KeyError(CANARY)
    except ValueError as exc:
        exc.add_note(f"note {PLAIN}")
        logger.exception("%s %r %%", PLAIN, {"password": CANARY}, stack_info=True, extra=extras)
    text = written.getvalue()
    assert "tweety" not in text
    assert f"*** {{'password': '{MARK}'}} % a *** *** {{'p': '***'}} 7" in text
    assert "ValueError: ***" in text
    assert "KeyError: " in text
    assert "note ***" in text
    assert "Stack (most recent call last)" in text


def test_a_secret_spread_over_message_and_arguments_is_found(redactor: Redactor) -> None:
    logger, written = logged(redactor)
    logger.info("tweety%dQ%s", 7, "canary")
    assert written.getvalue() == "test INFO ***\n"


def test_handlers_after_the_first_see_the_scrubbed_record(redactor: Redactor) -> None:
    logger, _ = logged(redactor)
    later = io.StringIO()
    logger.addHandler(logging.StreamHandler(later))
    try:
        raise ValueError(PLAIN)
    except ValueError:
        logger.exception("failed")
    assert "tweety" not in later.getvalue()
    assert "ValueError: ***" in later.getvalue()


def test_no_handler_gets_the_exception_itself(redactor: Redactor) -> None:
    records: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    logger, _ = logged(redactor)
    logger.addHandler(Keeping())
    try:
        raise ValueError(PLAIN)
    except ValueError:
        logger.exception("failed with %s", PLAIN)
    assert records[0].exc_info is None
    assert "tweety" not in repr(vars(records[0]))


def test_arguments_that_do_not_fit_are_told_without_them(
    redactor: Redactor, capsys: pytest.CaptureFixture[str]
) -> None:
    logger, written = logged(redactor)
    logger.info("%d for " + PLAIN, CANARY)
    assert written.getvalue() == "test INFO %d for *** (its arguments do not fit)\n"
    assert capsys.readouterr().err == ""


def test_a_record_that_cannot_be_scrubbed_is_emptied(redactor: Redactor) -> None:
    class Sour:
        def __str__(self) -> str:
            raise RuntimeError(PLAIN)

    logger, written = logged(redactor)
    logger.info(Sour(), extra={"more": Sour()})
    assert written.getvalue() == "test INFO a log record could not be scrubbed (RuntimeError)\n"


# Installed


@pytest.fixture
def root_log() -> Iterator[io.StringIO]:
    """What a handler of the root logger writes, everything from DEBUG up."""
    root, written = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def test_it_can_be_installed_and_taken_out_again(redactor: Redactor, root_log: io.StringIO) -> None:
    def state() -> list[object]:
        hooks = [sys.excepthook, threading.excepthook, sys.unraisablehook]
        levels = [logging.getLogger(name).level for name in TALKATIVE]
        handlers = [*logging.getLogger().handlers, logging.lastResort]
        return [hooks, levels, [list(h.filters) for h in handlers if h is not None]]

    before = state()
    with install(redactor):
        assert all(one != other for one, other in zip(state(), before, strict=True))
        assert state()[1] == [logging.WARNING] * len(TALKATIVE)
        logging.getLogger("any.other").debug("with %s", PLAIN)
        logging.getLogger("httpx").info("not even this")
    assert state() == before
    logging.getLogger("any.other").debug("after")
    assert root_log.getvalue() == "any.other with ***\nany.other after\n"


def test_hooks_and_levels_that_others_have_set_stay(redactor: Redactor) -> None:
    httpcore, before = logging.getLogger("httpcore"), sys.excepthook
    httpcore.setLevel(logging.ERROR)
    try:
        installed = install(redactor)
        assert httpcore.level == logging.ERROR
        sys.excepthook = hook = lambda *_: None
        installed.close()
        assert sys.excepthook is hook
        assert httpcore.level == logging.ERROR
    finally:
        sys.excepthook = before
        httpcore.setLevel(logging.NOTSET)


def test_importing_it_changes_nothing() -> None:
    code = """
import logging, sys, threading
before = sys.excepthook, threading.excepthook, sys.unraisablehook
import wodesk.redaction
assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook)
assert not logging.lastResort.filters and not logging.getLogger().handlers
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def fail(value: str) -> None:
    """Raise with a secret in the message and in a variable."""
    local = value
    raise ValueError(f"bad {local}")


def test_uncaught_exceptions_are_printed_scrubbed(
    redactor: Redactor, capsys: pytest.CaptureFixture[str]
) -> None:
    class Leaky:
        def __repr__(self) -> str:
            return f"<Leaky {CANARY}>"

        def __del__(self) -> None:
            fail(PLAIN)

    with install(redactor):
        try:
            fail(PLAIN)
        except ValueError as exc:
            sys.excepthook(type(exc), exc, exc.__traceback__)
        thread = threading.Thread(target=fail, args=(PLAIN,), name=f"of {PLAIN}")
        thread.start()
        thread.join()
        quiet = threading.Thread(target=sys.exit)
        quiet.start()
        quiet.join()
        Leaky()
    printed = capsys.readouterr().err
    assert "tweety" not in printed
    assert printed.count("ValueError: bad ***") == 3
    assert printed.count("Exception in thread") == 1
    assert "Exception in thread of ***:" in printed
    assert "Exception ignored" in printed
    assert "in fail" in printed


def test_a_process_that_dies_of_it_prints_no_secret() -> None:
    code = """
import sys
from wodesk.models.secret import Secret
from wodesk.redaction import Redactor, install
secret = sys.stdin.readline().strip()
install(Redactor([Secret(secret)]))
raise RuntimeError("cannot log in with " + secret)
"""
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code],
        check=False,
        input=PLAIN,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "RuntimeError: cannot log in with ***"
    assert PLAIN not in ended.stdout + ended.stderr


def test_what_is_logged_without_any_handler_is_scrubbed_too() -> None:
    code = """
import logging, sys
from wodesk.models.secret import Secret
from wodesk.redaction import Redactor, install
secret = sys.stdin.readline().strip()
install(Redactor([Secret(secret)]))
logging.getLogger("any").warning("with %s", secret)
"""
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, check=True, input=PLAIN, capture_output=True, text=True)
    assert ended.stderr == "with ***\n"


def test_a_hook_that_fails_tells_no_more_than_what_failed(
    redactor: Redactor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> str:
        raise RuntimeError(PLAIN)

    monkeypatch.setattr(redactor, "scrub", broken)
    with install(redactor):
        sys.excepthook(ValueError, ValueError(PLAIN), None)
    assert capsys.readouterr().err == "An exception could not be described (RuntimeError).\n"


@pytest.mark.parametrize("stream", [None, "closed"])
def test_a_hook_without_anywhere_to_print_to_is_silent(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch, stream: str | None
) -> None:
    closed = io.StringIO()
    closed.close()
    with install(redactor), monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", closed if stream else None)
        sys.excepthook(ValueError, ValueError(PLAIN), None)


# The libraries that talk, made to talk


class Web(http.server.BaseHTTPRequestHandler):
    """Answers everything, with a cookie."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("Set-Cookie", "session=unknown")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def talkative(redactor: Redactor, root_log: io.StringIO) -> Iterator[io.StringIO]:
    """The root log with the redactor installed and the libraries at DEBUG in spite of it."""
    with install(redactor):
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield root_log
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)


async def test_httpx_and_httpcore_at_debug_tell_no_secret(talkative: io.StringIO) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Web) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://admin:{PLAIN}@127.0.0.1:{server.server_port}/x"
        headers = {"X-Netdata-Auth": f"Bearer {PLAIN}"}
        async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
            answer = await client.get(url, params={"token": CANARY})
            log = logging.getLogger("wodesk.test")
            log.debug("%r %r", answer.request.headers, dict(answer.request.headers))
            try:
                answer.raise_for_status()
            except httpx.HTTPStatusError:
                log.exception("refused")
        server.shutdown()
        thread.join()
    text = talkative.getvalue()
    assert "httpx HTTP Request: GET http" in text
    assert "httpcore.http11 send_request_headers" in text
    assert "HTTPStatusError" in text
    assert not re.search("tweety|unknown", text)
    assert base64.b64encode(f"admin:{PLAIN}".encode()).decode() not in text


async def test_asyncssh_at_its_loudest_tells_no_secret(
    talkative: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Guard(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return password == PLAIN

    monkeypatch.setattr(asyncssh.logging.SSHLogger, "_debug_level", 3)
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Guard, server_host_keys=[key])
    async with server, asyncio.timeout(20):
        port = server.get_port()
        async with asyncssh.connect(
            "127.0.0.1",
            port,
            username="root",
            password=PLAIN,
            known_hosts=None,
            client_keys=None,
            agent_path=None,
            config=None,
        ):
            logging.getLogger("wodesk.test").debug("logged in with %s", PLAIN)
    text = talkative.getvalue()
    assert "asyncssh" in text
    assert "Auth for user root succeeded" in text
    assert "logged in with ***" in text
    assert "tweety" not in text
    # The dump has 16 bytes to a line, in hex and as they are, so the end of it may be alone.
    assert "canary" not in text
    assert binascii.hexlify(b"canary", " ").decode() not in text
