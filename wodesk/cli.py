"""The commands of wodesk.  Only what a command needs is imported for it."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from wodesk import __version__
from wodesk.models.errors import SourceError
from wodesk.models.plain_text import plain
from wodesk.models.server import THIS_COMPUTER, Server
from wodesk.redaction import Redactor, install
from wodesk.settings import Known, Servers, find
from wodesk.text_files import BrokenSettings

if TYPE_CHECKING:
    from wodesk.instance import Begun

_LONGEST = 1000
"""Characters of a sentence."""
_COMMANDS = {
    "check": "Try the way to a server hop by hop, and say where it ends.",
    "metrics": "Print CPU, memory, disk and network of a server, once.",
    "alerts": "Print what is raised on a server or on all, or the journal of what alerts did.",
    "export": "Write the samples of a metric as CSV or JSON.",
    "screenshot": "Draw the window into a file, without a display.",
    "serve": "Offer the dashboard API beside a Netdata agent.",
}
_UNPRINTED = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""Why what is printed goes nowhere."""
_ADDRESS_HELP = "a saved server's name, [USER@]HOST (by SSH), https://HOST[:PORT][/PREFIX], local:"


def main(words: Sequence[str], begun: Begun | None = None) -> int:
    """Run a command; the exit code is 0, 1 for a failure with a sentence, or 2 for usage.

    `begun` is the window where it is on screen already.
    """
    command, rest = _taken_apart(words)
    chosen = _parser(command).parse_args(rest)
    logging.basicConfig(
        level=logging.INFO if chosen.verbose else logging.CRITICAL,
        format="%(asctime)s %(name)s: %(message)s",
    )
    redactor = Redactor()
    try:
        with install(redactor):
            code = _told(chosen, redactor, begun)
            # A reader that has gone is noticed here rather than at the end of the process.
            print(end="", flush=True)
            return code
    except SourceError as error:
        print(plain(f"wodesk: {error.message} {error.advice}".rstrip(), _LONGEST), file=sys.stderr)
    except BrokenSettings as error:
        print(f"wodesk: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except OSError as exc:
        # Python would try once more to print the rest, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if exc.errno != errno.EPIPE:
            reason = f"what was asked for cannot be printed: {exc.strerror}."
            print(f"wodesk: {reason}", file=sys.stderr)
    return 1


def _told(chosen: argparse.Namespace, redactor: Redactor, begun: Begun | None) -> int:
    """Run the command; a bug in it is printed while secrets are still taken out."""
    try:
        return _run(chosen, redactor, begun)
    except (SourceError, BrokenSettings):
        raise
    except Exception as exc:
        if isinstance(exc, OSError) and exc.errno in _UNPRINTED and exc.filename is None:
            raise
        sys.excepthook(*sys.exc_info())
        return 1


def _run(chosen: argparse.Namespace, redactor: Redactor, begun: Begun | None) -> int:
    known, broken = _known()
    given = [chosen.address] if isinstance(chosen.address, str) else chosen.address or []
    # Names must be looked up, and no command shall quietly take another server.
    if broken is not None and (chosen.command != "window" or not all(map(_is_spelled_out, given))):
        raise broken
    servers = tuple(find(known, address) for address in given)
    match chosen.command:
        case "check" | "metrics" | "export":
            return _of_one(chosen, _one(servers, known), redactor)
        case "alerts":
            return _alerts(chosen, servers, known, redactor)
        case "screenshot":
            return _screenshot(chosen, servers, known, redactor)
        case "serve":
            from wodesk.gateway import serve  # noqa: PLC0415

            return serve.run(chosen, servers[0] if servers else None)
        case _:
            asked = Asked(servers, known, broken, is_hidden=chosen.tray)
            return _window(asked, redactor, begun)


def _of_one(chosen: argparse.Namespace, server: Server, redactor: Redactor) -> int:
    """Run a command that is about one server."""
    match chosen.command:
        case "metrics":
            return _metrics(chosen, server, redactor)
        case "export":
            return _export(chosen, server, redactor)
        case _:
            from wodesk.commands import check_server  # noqa: PLC0415

            return check_server(server, redactor.learn)


def _known() -> tuple[Known, BrokenSettings | None]:
    """The servers in the file, or why there are none."""
    try:
        return Servers.of_user().load(), None
    except BrokenSettings as exc:
        return (), exc


def _is_spelled_out(address: str) -> bool:
    """Whether it is an address by itself, rather than perhaps the name of a saved server."""
    return ":" in address or "@" in address


class Asked(NamedTuple):
    """What the window is asked for: these servers, else those in the file if that is not broken."""

    servers: Known
    known: Known
    broken: BrokenSettings | None
    is_hidden: bool

    @property
    def shown(self) -> Known:
        """The servers to show."""
        return self.servers or self.known


def _window(asked: Asked, redactor: Redactor, begun: Begun | None) -> int:
    """The window, which says itself what is wrong with the file; without one nothing else does."""
    from wodesk.display import NoDisplay, import_plainly  # noqa: PLC0415

    # Before the rest is loaded.
    import_plainly()
    from wodesk.instance import Busy  # noqa: PLC0415
    from wodesk.program import run  # noqa: PLC0415

    try:
        return run(
            asked.shown,
            saved=Servers.of_user(),
            in_file=asked.known,
            on_secret=redactor.learn,
            given=asked.servers,
            begun=begun,
            is_hidden=asked.is_hidden,
        )
    except Busy as busy:
        print(f"wodesk: {busy}", file=sys.stderr)
        return 1
    except NoDisplay:
        if asked.broken is not None:
            raise asked.broken from None
        print("wodesk: no display, so here is a table; `wodesk screenshot` draws.", file=sys.stderr)
    from wodesk.commands import show_table  # noqa: PLC0415

    return show_table(asked.shown[0] if asked.shown else THIS_COMPUTER, redactor.learn)


def _metrics(chosen: argparse.Namespace, server: Server, redactor: Redactor) -> int:
    from wodesk.commands import print_metrics  # noqa: PLC0415
    from wodesk.models.system import TimeRange  # noqa: PLC0415

    as_json = chosen.format == "json"
    return print_metrics(server, TimeRange(chosen.range), redactor.learn, as_json=as_json)


def _alerts(
    chosen: argparse.Namespace, servers: Sequence[Server], known: Known, redactor: Redactor
) -> int:
    from wodesk.folders import alert_journal  # noqa: PLC0415
    from wodesk.listing_alerts import list_history, list_raised  # noqa: PLC0415

    if chosen.history:
        wanted = servers[0] if servers else None
        return list_history(alert_journal(), wanted, known, chosen.format)
    asked = servers or known or (THIS_COMPUTER,)
    return list_raised(asked, chosen.format, redactor.learn)


def _export(chosen: argparse.Namespace, server: Server, redactor: Redactor) -> int:
    from wodesk.export import Format  # noqa: PLC0415
    from wodesk.export_options import stretch_of  # noqa: PLC0415
    from wodesk.exporting import Wanted, export_series  # noqa: PLC0415

    stretch = stretch_of(chosen)
    wanted = Wanted(stretch, Format(chosen.format), chosen.output, chosen.zone)
    return export_series(server, wanted, redactor.learn)


def _screenshot(
    chosen: argparse.Namespace, servers: Known, known: Known, redactor: Redactor
) -> int:
    # Qt reads the scale when the application is made, and the screen off screen has none.
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    from wodesk.screenshot import Shot, take  # noqa: PLC0415

    return take(
        Shot(
            servers=servers or known,
            given=servers,
            file=chosen.output,
            size=chosen.size,
            span=chosen.range,
            dark=None if chosen.theme is None else chosen.theme == "dark",
            wait=chosen.wait,
            page=chosen.page,
            contexts=tuple(chosen.context),
        ),
        redactor.learn,
    )


def _one(servers: Sequence[Server], known: Sequence[Server]) -> Server:
    """The server that is meant: the one given, else the first saved, else this computer."""
    return next(iter((*servers, *known)), THIS_COMPUTER)


def _taken_apart(words: Sequence[str]) -> tuple[str, list[str]]:
    """The command, which is empty for the window, and the other words.

    argparse would take an address for one word with the command, and not after an option.
    """
    command = next((word for word in words if not word.startswith("-")), "")
    rest = list(words)
    if command not in _COMMANDS:
        return "", rest
    rest.remove(command)
    from wodesk.export_options import times_joined  # noqa: PLC0415

    return command, times_joined(rest)


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser of a command; without one it is the window's."""
    parser = argparse.ArgumentParser(
        prog=f"wodesk {command}".rstrip(),
        description=_COMMANDS.get(command, "A desktop monitor for the servers you look after."),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--verbose", action="store_true", help="print the log to stderr")
    parser.add_argument("--version", action="version", version=f"wodesk {__version__}")
    parser.set_defaults(command=command or "window")
    if not command:
        listed = (f"  {name:10}  {what}" for name, what in _COMMANDS.items())
        parser.epilog = "\n".join(("commands, each with a --help of its own:", *listed))
        parser.add_argument("--tray", action="store_true", help="begin hidden in the tray")
        parser.add_argument("address", nargs="*", help=_ADDRESS_HELP)
        return parser
    if command == "serve":
        from wodesk.gateway import serve  # noqa: PLC0415

        serve.add_arguments(parser)
        return parser
    several = command == "screenshot"
    parser.add_argument("address", nargs="*" if several else "?", help=_ADDRESS_HELP)
    _add_options(parser, command)
    return parser


def _add_options(parser: argparse.ArgumentParser, command: str) -> None:
    if command == "metrics":
        parser.add_argument("--range", choices=("5m", "1h", "24h"), default="5m", help="until now")
        parser.add_argument("--format", choices=("table", "json"), default="table")
    if command == "alerts":
        parser.add_argument("--history", action="store_true", help="what they did until now")
        parser.add_argument("--format", choices=("table", "json", "csv"), default="table")
    if command == "export":
        from wodesk import export_options  # noqa: PLC0415

        export_options.add_to(parser)
    if command == "screenshot":
        from wodesk import screenshot_options  # noqa: PLC0415

        screenshot_options.add_to(parser)
